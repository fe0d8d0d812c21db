"""Compare the demonstration's lines with the truth of the sample data: familles, packaging, articles.

    mercuriale demo --sans-serveur --donnees DOSSIER && python -m tests.mesures.verite DOSSIER

The engine was tuned while looking at these labels: for unseen data see `python -m analytics.evaluation`.
"""

import sqlite3
import sys
from importlib import resources
from pathlib import Path

import polars as pl

from analytics import entrepot

# the truth counts in base units; the observatoire may speak a larger one
EN_UNITE_DE_BASE = {"t": 1000.0, "mille": 1000.0, "MWh": 1000.0}


def read_verite() -> pl.DataFrame:
    """One row per line of every sample file: what it really is."""
    dossier = resources.files("sample_data") / "verite" / "lignes"
    tables = [pl.read_csv(fichier.read_bytes(), separator=";", infer_schema=False) for fichier in dossier.iterdir()]
    return pl.concat(tables).with_columns(pl.col("origine").fill_null(""))


def read_lues(donnees: Path) -> pl.DataFrame:
    """The retained lines of the demonstration, with the name of the file each comes from."""
    with sqlite3.connect(donnees / "club.sqlite") as club:
        fichiers = dict(club.execute("select id, nom_fichier from depots").fetchall())
    with entrepot.lecture(donnees / "observatoire.duckdb") as curseur:
        lignes: pl.DataFrame = curseur.sql("select * from lignes").pl()
    return lignes.with_columns(
        pl.col("depot").replace_strict(fichiers).alias("fichier"), pl.col("ligne").cast(pl.String), pl.col("origine").fill_null("")
    )


def count_paires(table: pl.DataFrame, *colonnes: str) -> int:
    """How many pairs of lines agree on these columns."""
    tailles = table.group_by(colonnes).len()["len"].cast(pl.Int64)
    return int((tailles * (tailles - 1) // 2).sum())


def main(donnees: Path) -> None:
    """Print each share with its n."""
    cle = ["membre", "fichier", "origine", "ligne"]
    verite, lues = read_verite(), read_lues(donnees)
    jointes = verite.join(lues, on=cle, how="inner", suffix="_lu")
    print(f"lignes retenues : {lues.height}, retrouvées dans la vérité : {jointes.height}")
    achats = jointes.filter(pl.col("article").is_not_null())
    print(f"famille juste : {(achats['famille'] == achats['famille_lu']).mean():.4f} (n = {achats.height})")
    avec = achats.filter(pl.col("quantite_reference").is_not_null())
    facteur = pl.col("unite_reference_lu").replace_strict(EN_UNITE_DE_BASE, default=1.0, return_dtype=pl.Float64)
    resolues = avec.filter(pl.col("quantite_reference_lu").is_not_null()).with_columns(
        (pl.col("quantite_reference_lu").cast(pl.Float64) * facteur / pl.col("quantite_reference").cast(pl.Float64) - 1)
        .abs()
        .alias("ecart")
    )
    print(f"quantité résolue : {resolues.height / avec.height:.4f} (n = {avec.height})")
    print(f"quantité juste à 0,5 % près parmi les résolues : {(resolues['ecart'] <= 0.005).mean():.4f} (n = {resolues.height})")
    ensemble = achats.filter(pl.col("article_id").is_not_null())
    communes = count_paires(ensemble, "article", "article_id")
    print(f"articles, paires : précision {communes / count_paires(ensemble, 'article_id'):.4f}", end=", ")
    print(f"rappel {communes / count_paires(ensemble, 'article'):.4f} (n = {ensemble.height} lignes)")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
