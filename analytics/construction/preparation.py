"""Bring the retained lines of the published dépôts into the database, and count what became of every other one."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from ingest.publication import DepotPublie, statuer
from ingest.vocabulaire import Statut

COLONNES: dict[str, pl.DataType | type[pl.DataType]] = {
    "depot": pl.String,
    "origine": pl.String,
    "ligne": pl.Int64,
    "nature": pl.String,
    "membre": pl.String,
    "date": pl.Date,
    "fournisseur": pl.String,
    "fournisseur_siret": pl.String,
    "libelle": pl.String,
    "reference": pl.String,
    "gtin": pl.String,
    "quantite": pl.Decimal(18, 4),
    "unite": pl.String,
    "prix_unitaire_ht": pl.Decimal(18, 6),
    "montant_ht": pl.Decimal(18, 2),
    "montant_ttc": pl.Decimal(18, 2),
    "taux_tva": pl.Decimal(5, 2),
    "compte": pl.String,
    "code_cpv": pl.String,
    "famille": pl.String,
    "famille_confiance": pl.Float64,
    "famille_motif": pl.String,
    "contenu_quantite": pl.Decimal(18, 6),
    "contenu_unite": pl.String,
    "contenu_derivation": pl.String,
    "contenu_approx": pl.Boolean,
    "contenu_confiance": pl.Float64,
    "contenu_motif": pl.String,
    "attributs": pl.String,
    "empreinte": pl.String,
}


def publier_lignes(connexion: duckdb.DuckDBPyConnection, depots: Sequence[DepotPublie], atelier: Path) -> dict[str, dict[str, int]]:
    """Create the temporary view `lignes_lues` (retained lines) and return, by dépôt, the number of lines of each statut."""
    retenues = atelier / "lignes.parquet"
    comptes: dict[str, dict[str, int]] = {depot.depot: {} for depot in depots}
    if depots:
        lignes = statuer(depots)
        par_statut = lignes.group_by("depot", "statut").len().collect(engine="streaming")
        for depot, statut, nombre in par_statut.iter_rows():
            comptes[depot][statut] = nombre
        lignes.filter(pl.col("statut") == Statut.RETENUE).select(*COLONNES).sink_parquet(retenues, compression="lz4")
    else:
        pl.DataFrame(schema=COLONNES).write_parquet(retenues)
    chemin = str(retenues).replace("'", "''")
    connexion.execute(f"CREATE TEMPORARY VIEW lignes_lues AS SELECT * FROM read_parquet('{chemin}')")  # noqa: S608 — our own path
    return comptes


def ecrire_couverture(connexion: duckdb.DuckDBPyConnection) -> None:
    """Create `couverture`: the months that the dépôts of each membre cover, from the first to the last line of each dépôt.

    A month without a purchase inside a dépôt is covered (a small commune does not buy every month); a year nobody sent is not.
    """
    bornes = connexion.execute(
        "SELECT membre, depot, min(date), max(date) FROM lignes WHERE date IS NOT NULL GROUP BY membre, depot"
    ).fetchall()
    mois = sorted({(membre, m) for membre, _, debut, fin in bornes for m in _months(debut, fin)})
    couverture = pl.DataFrame(mois, schema={"membre": pl.String, "mois": pl.Date}, orient="row")
    connexion.register("couverture_calculee", couverture.to_arrow())
    connexion.execute("CREATE OR REPLACE TABLE couverture AS SELECT membre, mois FROM couverture_calculee ORDER BY membre, mois")
    connexion.unregister("couverture_calculee")


def _months(debut: date, fin: date) -> list[date]:
    return [date(rang // 12, rang % 12 + 1, 1) for rang in range(debut.year * 12 + debut.month - 1, fin.year * 12 + fin.month)]
