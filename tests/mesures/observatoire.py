"""Building the observatoire beside one bare DuckDB query of the same distributions, and after one small dépôt more.

    python -m tests.mesures.observatoire [--tailles 100000 1000000] [--libelles 5000] [--tours 3] [--dossier DOSSIER]

Issue 5: a build at most 1.3 times the bare query; 5 000 lines added to 10 000 000 visible in 10 % of the time of a full build;
growth exponents from 100 000 to 10 000 000 lines.
"""

import argparse
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from analytics import entrepot
from tests.mesures.banc import Serie, dans_un_processus, exposant, mesurer, presenter
from tests.mesures.depots import Monde, ecrire_monde

AJOUT = 5_000
NUE = """
    CREATE TABLE distributions AS
    WITH prix AS (
        SELECT libelle, year(date) AS annee, membre, sum(montant_ht) / sum(quantite * contenu_quantite) AS prix, sum(montant_ht) AS montant,
            count(*) AS nb_lignes
        FROM read_parquet($fichiers)
        WHERE statut = 'retenue' AND contenu_quantite IS NOT NULL
        GROUP BY libelle, annee, membre
    )
    SELECT libelle, annee, count(*) AS nb_membres, sum(nb_lignes) AS nb_lignes, min(prix) AS minimum,
        quantile_cont(prix, [0.1, 0.25, 0.5, 0.75, 0.9]) AS quantiles, max(prix) AS maximum, sum(montant) AS montant_ht
    FROM prix
    GROUP BY libelle, annee
"""


def calculer_nue(monde: Monde, chemin: Path) -> int:
    """The bare query: no article, no outlier, no check; a label stands for an article."""
    chemin.unlink(missing_ok=True)
    with duckdb.connect(str(chemin)) as connexion:
        connexion.execute("SET enable_progress_bar = false")
        connexion.execute(NUE, {"fichiers": [str(depot.chemin) for depot in monde.depots]})
        return int(connexion.execute("SELECT count(*) FROM distributions").fetchall()[0][0])


def construire(monde: Monde, chemin: Path) -> dict[str, Any]:
    """A first build, in a process that knows nothing: its steps with their seconds."""
    chemin.unlink(missing_ok=True)
    etapes: list[tuple[str, float]] = []
    bilan = entrepot.build(monde.sources(), chemin, lambda quoi, _faites, _total: etapes.append((quoi, time.perf_counter())))
    fin = time.perf_counter()
    durees = {quoi: suivant - debut for (quoi, debut), (_, suivant) in zip(etapes, [*etapes[1:], ("", fin)], strict=True)}
    return {"lignes": bilan.nb_lignes, "articles": bilan.nb_articles, "etapes": durees}


def ajouter(monde: Monde, chemin: Path) -> dict[str, float]:
    """Seconds of the same process for a full build, then for the build that follows one more dépôt."""
    chemin.unlink(missing_ok=True)
    debut = time.perf_counter()
    entrepot.build(monde.sources(), chemin)
    milieu = time.perf_counter()
    bilan = entrepot.build(monde.sources(avec_nouveau=True), chemin)
    fin = time.perf_counter()
    assert bilan.nb_depots == len(monde.depots) + 1
    return {"complete": milieu - debut, "ajout": fin - milieu}


def mesurer_taille(dossier: Path, nb_lignes: int, nb_libelles: int, tours: int) -> tuple[Serie, Serie]:
    monde: Monde = dans_un_processus(partial(ecrire_monde, dossier / f"{nb_lignes}-{nb_libelles}", nb_lignes, nb_libelles, AJOUT)).resultat
    series = mesurer(
        {
            "requête nue": partial(calculer_nue, monde, dossier / "nue.duckdb"),
            "construction": partial(construire, monde, dossier / "observatoire.duckdb"),
        },
        tours,
    )
    nue, construction = series["requête nue"], series["construction"]
    suite = dans_un_processus(partial(ajouter, monde, dossier / "suite.duckdb")).resultat
    rangees: list[tuple[object, ...]] = [
        (nom, s.duree_s, s.duree_s / nue.duree_s, s.processeur_s, s.processeur_s / nue.processeur_s, s.memoire_mio)
        for nom, s in series.items()
    ]
    rangees.append(
        (f"dépôt de {AJOUT} lignes de plus", suite["ajout"], f"{suite['ajout'] / suite['complete']:.0%} d'une construction", "", "", "")
    )
    rangees += [(f"— {quoi}", duree, duree / nue.duree_s, "", "", "") for quoi, duree in construction.resultat["etapes"].items()]
    resultat = construction.resultat
    presenter(
        f"Observatoire de {resultat['lignes']} lignes, {nb_libelles} libellés, {resultat['articles']} articles",
        ("tâche", "durée (s)", "rapport", "processeur (s)", "rapport", "mémoire (Mio)"),
        rangees,
        [f"Lignes de répartition de la requête nue : {nue.resultat}."],
    )
    return nue, construction


def main() -> None:
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--tailles", type=int, nargs="+", default=[100_000, 1_000_000])
    analyseur.add_argument("--libelles", type=int, default=5_000)
    analyseur.add_argument("--tours", type=int, default=3)
    analyseur.add_argument("--dossier", type=Path, help="où garder les dépôts d'essai d'une fois sur l'autre")
    choix = analyseur.parse_args()
    with tempfile.TemporaryDirectory() as provisoire:
        dossier = choix.dossier or Path(provisoire)
        series = [mesurer_taille(dossier, taille, choix.libelles, choix.tours) for taille in sorted(choix.tailles)]
    if len(series) > 1:
        nue, construction = (exposant(sorted(choix.tailles), [paire[k].processeur_s for paire in series]) for k in (0, 1))
        print(f"\nExposant (temps de processeur) : requête nue {nue:.2f}, construction {construction:.2f}.")


if __name__ == "__main__":
    main()
