"""Bringing labels together: time and memory by number of distinct labels, and for a few labels more.

    python -m tests.mesures.articles [--tailles 10000 30000 100000] [--ajout 2000] [--dossier DOSSIER]

Issue 4: 100 000 distinct labels in under 2 minutes and 2 GB on two cores; 2 000 labels added to 100 000 in under 5 seconds;
exponent below 2 from 10 000 to 300 000. The catalogue is the same at every size, so that large sizes are also the densest.
"""

import argparse
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from analytics.articles import rapprocher
from ingest.familles import classer
from ingest.quantites import ajouter_contenu
from sample_data.generer import generer_lignes
from tests.mesures.banc import Cout, compter, dans_un_processus, exposant, presenter

NB_ARTICLES = 7_000
_VOCABULAIRES = ("v1", "v2", "v3")
_CLES = ("libelle", "unite", "code_cpv", "compte", "fournisseur", "fournisseur_siret", "reference", "prix_unitaire_ht")


def ecrire_libelles(chemin: Path, nombre: int) -> int:
    """Write `nombre` distinct labels with what their first line says, as they leave the import, in no order; return how many."""
    tables: list[pl.DataFrame] = []
    vus = 0
    for rang, vocabulaire in enumerate(_VOCABULAIRES * 4):
        if vus >= nombre:
            break
        lignes, _ = generer_lignes(rang, vocabulaire, max(nombre, 50_000), nb_articles=NB_ARTICLES)
        tables.append(lignes.group_by("libelle").agg(pl.col(_CLES[1:]).first(), pl.len().alias("nb_lignes"), pl.col("montant_ht").sum()))
        vus = pl.concat(tables).select(pl.col("libelle").n_unique()).item()
    distinctes = pl.concat(tables).unique("libelle").sort(pl.col("libelle").hash(1)).head(nombre)
    ajouter_contenu(classer(distinctes)).with_columns(
        pl.concat_str("fournisseur", pl.col("fournisseur_siret").fill_null("")).alias("fournisseur_id"),
        pl.col("montant_ht").cast(pl.Float64),
    ).write_parquet(chemin)
    return min(nombre, vus)


def rapprocher_tout(chemin: Path, nombre: int) -> dict[str, int]:
    """The whole comparison of the first `nombre` labels."""
    resultat = rapprocher(pl.read_parquet(chemin).head(nombre))
    return {"articles": resultat.articles.height, "questions": len(resultat.questions)}


def ajouter(chemin: Path, nombre: int, ajout: int) -> Cout:
    """Compare `nombre` labels, then time the same plus `ajout`, with the memory of the first."""
    table = pl.read_parquet(chemin).head(nombre + ajout)
    memoire = rapprocher(table.head(nombre)).memoire
    cout = compter(lambda: rapprocher(table, (), memoire).articles.height)
    return Cout(cout.duree_s, cout.processeur_s, cout.memoire_mio, {"articles": cout.resultat})


def main() -> None:
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--tailles", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    analyseur.add_argument("--ajout", type=int, default=2_000)
    analyseur.add_argument("--dossier", type=Path, help="où garder les libellés d'une fois sur l'autre : ils sont longs à inventer")
    choix = analyseur.parse_args()
    with tempfile.TemporaryDirectory() as provisoire:
        dossier = choix.dossier or Path(provisoire)
        dossier.mkdir(parents=True, exist_ok=True)
        besoin = max(choix.tailles) + choix.ajout
        chemin = dossier / f"libelles-{besoin}.parquet"
        if not chemin.exists():
            dans_un_processus(partial(ecrire_libelles, chemin, besoin))
        rangees: list[tuple[Any, ...]] = []
        couts = {}
        for taille in sorted(choix.tailles):
            cout = couts[taille] = dans_un_processus(partial(rapprocher_tout, chemin, taille))
            rangees.append((f"{taille} libellés", cout.duree_s, cout.processeur_s, cout.memoire_mio, str(cout.resultat)))
        base = max(t for t in choix.tailles if t <= 100_000)
        plus: Cout = dans_un_processus(partial(ajouter, chemin, base, choix.ajout)).resultat
        rangees.append((f"{choix.ajout} de plus sur {base}", plus.duree_s, plus.processeur_s, plus.memoire_mio, str(plus.resultat)))
    notes = []
    if len(couts) > 1:
        durees = [cout.processeur_s for cout in couts.values()]
        notes.append(f"Exposant (temps de processeur) de {min(couts)} à {max(couts)} libellés : {exposant(list(couts), durees):.2f}.")
    presenter("Rapprochement des libellés", ("tâche", "durée (s)", "processeur (s)", "mémoire (Mio)", "résultat"), rangees, notes)


if __name__ == "__main__":
    main()
