"""Building the observatoire beside one bare DuckDB query of the same distributions, and after one small dépôt more.

    python -m tests.mesures.observatoire [--tailles 100000 1000000] [--libelles 5000] [--tours 3] [--dossier DOSSIER]

Issue 5: a build at most 1.3 times the bare query; 5 000 lines added to 10 000 000 visible in 10 % of the time of a full build;
growth exponents from 100 000 to 10 000 000 lines. Two bare queries: one reads the dépôts, a label standing for an article; the other reads
lines already placed, in a table that holds nothing else, and is what the steps from placed lines to distributions are compared with.
"""

import argparse
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

from analytics import construction, entrepot
from analytics.decisions import Decision, Sujet
from analytics.socle import attacher
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


PLACEES = """
    CREATE TABLE nue.placees AS
    SELECT article_id, membre, fournisseur_id, date, nature, quantite_reference, montant_ht, motif_hors_prix
    FROM lignes
"""
NUE_PLACEE = """
    CREATE TABLE distributions AS
    WITH annuels AS (
        SELECT article_id, year(date) AS annee, membre, fournisseur_id, sum(quantite_reference) AS quantite, sum(montant_ht) AS montant,
            count(CASE WHEN nature = 'achat' THEN 1 END) AS nb_lignes
        FROM placees
        WHERE motif_hors_prix IS NULL
        GROUP BY article_id, annee, membre, fournisseur_id
    ),
    periodes AS (
        SELECT article_id, annee AS periode, membre, fournisseur_id, quantite, montant, nb_lignes FROM annuels
        UNION ALL SELECT article_id, NULL, membre, fournisseur_id, quantite, montant, nb_lignes FROM annuels
    ),
    fournisseurs AS (
        SELECT article_id, periode, count(DISTINCT fournisseur_id) AS nb_fournisseurs FROM periodes GROUP BY article_id, periode
    ),
    prix AS (
        SELECT article_id, periode, membre, sum(quantite) AS quantite, sum(montant) AS montant, sum(nb_lignes) AS nb_lignes,
            sum(montant) / sum(quantite) AS prix
        FROM periodes
        GROUP BY article_id, periode, membre
        HAVING sum(quantite) > 0 AND sum(montant) > 0
    )
    SELECT p.article_id, p.periode, count(*) AS nb_membres, sum(p.nb_lignes) AS nb_lignes, f.nb_fournisseurs,
        sum(p.quantite) AS quantite_reference, sum(p.montant) AS montant_ht, min(p.prix) AS minimum,
        quantile_cont(p.prix, [0.1, 0.25, 0.5, 0.75, 0.9]) AS quantiles, max(p.prix) AS maximum,
        sum(p.montant) / sum(p.quantite) AS moyenne_ponderee
    FROM prix AS p INNER JOIN fournisseurs AS f ON p.article_id = f.article_id AND p.periode IS NOT DISTINCT FROM f.periode
    GROUP BY p.article_id, p.periode, f.nb_fournisseurs
"""
DES_LIGNES_AUX_PRIX = ("Rapprochement des lignes", "Lignes qui font un prix", "Prix de chaque membre", "Répartition des prix")
"""The steps of a build between the lines placed and the distributions."""


def calculer_nue(monde: Monde, chemin: Path) -> int:
    """The bare query on dépôts: no article, no outlier, no check; a label stands for an article."""
    chemin.unlink(missing_ok=True)
    with duckdb.connect(str(chemin)) as connexion:
        connexion.execute("SET enable_progress_bar = false")
        connexion.execute(NUE, {"fichiers": [str(depot.chemin) for depot in monde.depots]})
        return int(connexion.execute("SELECT count(*) FROM distributions").fetchall()[0][0])


def placer(monde: Monde, observatoire: Path, chemin: Path) -> None:
    """Not counted: the lines placed by a build, alone in a table."""
    chemin.unlink(missing_ok=True)
    construction.build(monde.sources(), observatoire, reprendre=False)
    with duckdb.connect(":memory:") as connexion:
        connexion.execute("SET enable_progress_bar = false")
        attacher(connexion, observatoire)
        connexion.execute(f"ATTACH '{chemin}' AS nue")
        connexion.execute("USE observatoire")
        connexion.execute(PLACEES)
        connexion.execute("CHECKPOINT nue")


def calculer_nue_placee(chemin: Path) -> int:
    """The bare query on lines already placed, its table first brought in memory by a count."""
    with duckdb.connect(str(chemin)) as connexion:
        connexion.execute("SET enable_progress_bar = false")
        connexion.execute("DROP TABLE IF EXISTS distributions")
        connexion.execute(NUE_PLACEE)
        return int(connexion.execute("SELECT count(*) FROM distributions").fetchall()[0][0])


def construire(monde: Monde, chemin: Path) -> dict[str, Any]:
    """A first build, in a process that knows nothing: its steps with their seconds, of the clock and of the processor."""
    chemin.unlink(missing_ok=True)
    etapes: list[tuple[str, float, float]] = []
    bilan = construction.build(monde.sources(), chemin, lambda quoi, _faites, _total: etapes.append((quoi, *_instants())))
    suivantes = [*etapes[1:], ("", *_instants())]
    durees = {quoi: (w - v, q - p) for (quoi, v, p), (_, w, q) in zip(etapes, suivantes, strict=True)}
    return {"lignes": bilan.nb_lignes, "articles": bilan.nb_articles, "etapes": durees}


def ajouter(monde: Monde, chemin: Path) -> dict[str, tuple[float, float]]:
    """Seconds, of the clock and of the processor: a full build, the one that follows one more dépôt, the one after one decision more."""
    chemin.unlink(missing_ok=True)
    instants = [_instants()]
    construction.build(monde.sources(), chemin)
    instants.append(_instants())
    bilan = construction.build(monde.sources(avec_nouveau=True), chemin)
    instants.append(_instants())
    assert bilan.nb_depots == len(monde.depots) + 1
    with entrepot.lecture(chemin) as curseur:
        ((cle,),) = curseur.sql("SELECT min(empreinte) FROM lignes WHERE motif_hors_prix IS NULL").fetchall()
    decision = Decision(Sujet.PRIX_EXCLURE, cle, "animatrice", datetime(2026, 1, 5, tzinfo=UTC))
    instants.append(_instants())
    construction.build(replace(monde.sources(avec_nouveau=True), decisions=[decision]), chemin)
    instants.append(_instants())
    durees = [(w - v, q - p) for (v, p), (w, q) in pairwise(instants)]
    return {"construction": durees[0], f"dépôt de {AJOUT} lignes de plus": durees[1], "prix d'une ligne écarté": durees[3]}


def _instants() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def mesurer_taille(dossier: Path, nb_lignes: int, nb_libelles: int, tours: int) -> tuple[Serie, Serie]:
    monde: Monde = dans_un_processus(partial(ecrire_monde, dossier / f"{nb_lignes}-{nb_libelles}", nb_lignes, nb_libelles, AJOUT)).resultat
    placees = dossier / "placees.duckdb"
    dans_un_processus(partial(placer, monde, dossier / "placement.duckdb", placees))
    series = mesurer(
        {
            "requête nue sur les dépôts": partial(calculer_nue, monde, dossier / "nue.duckdb"),
            "requête nue sur les lignes placées": partial(calculer_nue_placee, placees),
            "construction": partial(construire, monde, dossier / "observatoire.duckdb"),
        },
        tours,
    )
    nue, placee, construction = series.values()
    resultat = construction.resultat
    etapes = resultat["etapes"]
    prix = [sum(etapes[quoi][k] for quoi in DES_LIGNES_AUX_PRIX) for k in (0, 1)]
    rangees: list[tuple[object, ...]] = [
        (nom, s.duree_s, s.duree_s / nue.duree_s, s.processeur_s, s.processeur_s / nue.processeur_s, s.memoire_mio)
        for nom, s in series.items()
    ]
    rangees.append(("des lignes placées aux répartitions", prix[0], prix[0] / placee.duree_s, prix[1], prix[1] / placee.processeur_s, ""))
    rangees += [(f"— {quoi}", duree, duree / nue.duree_s, cpu, cpu / nue.processeur_s, "") for quoi, (duree, cpu) in etapes.items()]
    presenter(
        f"Observatoire de {resultat['lignes']} lignes, {nb_libelles} libellés, {resultat['articles']} articles",
        ("tâche", "durée (s)", "rapport", "processeur (s)", "rapport", "mémoire (Mio)"),
        rangees,
        [
            "Rapports à la requête nue sur les dépôts, sauf « des lignes placées aux répartitions », à celle sur les lignes placées.",
            f"Lignes de répartition des requêtes nues : {nue.resultat} et {placee.resultat}.",
        ],
    )
    suite = dans_un_processus(partial(ajouter, monde, dossier / "suite.duckdb")).resultat
    entiere = suite["construction"]
    presenter(
        f"Reprise de {resultat['lignes']} lignes",
        ("tâche", "durée (s)", "part d'une construction", "processeur (s)", "part"),
        [(nom, w, f"{w / entiere[0]:.1%}", p, f"{p / entiere[1]:.1%}") for nom, (w, p) in suite.items()],
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
