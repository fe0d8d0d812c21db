"""Bring the retained lines of the dépôts to read into the database, and count what became of every other one."""

import json
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path

import duckdb
import polars as pl

from analytics.construction import tables
from analytics.construction.reprise import Plan, empreinte_de
from ingest.publication import DepotPublie
from ingest.schema import SCHEMA_LIGNES
from ingest.vocabulaire import Statut

DEPOTS: dict[str, pl.DataType | type[pl.DataType]] = {
    "depot": pl.String, "membre": pl.String, "empreinte": pl.String, "sort": pl.String, "nb_lignes": pl.Int64, "nb_retenues": pl.Int64,
    "montant_ht": pl.Decimal(24, 2), "debut": pl.Date, "fin": pl.Date, "comptes": pl.String,
}  # fmt: skip
"""`reprise.depots`: what each dépôt is and holds; `debut` and `fin` are those of its retained lines, `comptes` a JSON object by statut."""


def lire(connexion: duckdb.DuckDBPyConnection, plan: Plan, atelier: Path) -> None:
    """Read the dépôts of `plan`: add their retained lines to the base (to `reprise` when one stands already) and fill `reprise.depots`."""
    fichiers = [depot.chemin for depot in sorted(plan.a_lire, key=lambda d: (d.membre, d.rang, d.depot))]
    if not fichiers:
        fichiers = [atelier / "vide.parquet"]
        pl.DataFrame(schema=SCHEMA_LIGNES).write_parquet(fichiers[0])
    chemins = ", ".join("'" + str(fichier).replace("'", "''") + "'" for fichier in fichiers)
    connexion.execute(f"CREATE TEMPORARY VIEW fichiers_lus AS SELECT * FROM read_parquet([{chemins}])")  # noqa: S608 — our own paths
    tables.creer(connexion, "changements", plan.changements, temporaire=True)
    connexion.execute(_sql("lignes_lues"))
    connexion.execute(_sql("010_combinaisons"))
    texte = _sql("012_lignes_recues")
    connexion.execute(texte if plan.entier else texte.replace("socle.lignes_recues", "reprise.lignes_recues", 1))
    lues = connexion.sql(_sql("comptes")).pl()
    tables.remplacer(connexion, "reprise.depots", _depots(lues, plan), [depot.depot for depot in plan.a_lire], plan.entier)


def _depots(lues: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    par_depot: dict[str, dict[str, int]] = {depot.depot: {} for depot in plan.a_lire}
    retenues: dict[str, tuple[object, ...]] = {}
    for depot, statut, nombre, montant, debut, fin in lues.iter_rows():
        par_depot[depot][statut] = nombre
        if statut == Statut.RETENUE:
            retenues[depot] = (nombre, montant, debut, fin)
    return pl.DataFrame(
        [
            (
                d.depot,
                d.membre,
                empreinte_de(d),
                plan.sorts[d.depot],
                sum(par_depot[d.depot].values()),
                *retenues.get(d.depot, (0, 0, None, None)),
                json.dumps(par_depot[d.depot], sort_keys=True),
            )
            for d in plan.a_lire
        ],
        schema=DEPOTS,
        orient="row",
    )


def comptes(connexion: duckdb.DuckDBPyConnection, depots: Sequence[DepotPublie]) -> dict[str, dict[str, int]]:
    """By dépôt, the number of lines of each statut."""
    lus = dict(connexion.execute("SELECT depot, comptes FROM reprise.depots").fetchall())
    return {depot.depot: json.loads(lus[depot.depot]) for depot in depots}


def ecrire_couverture(connexion: duckdb.DuckDBPyConnection) -> None:
    """Create `couverture`: the months that the dépôts of each membre cover, from the first to the last line of each dépôt.

    A month without a purchase inside a dépôt is covered (a small commune does not buy every month); a year nobody sent is not.
    """
    bornes = connexion.execute("SELECT membre, debut, fin FROM reprise.depots WHERE debut IS NOT NULL").fetchall()
    mois = sorted({(membre, m) for membre, debut, fin in bornes for m in _months(debut, fin)})
    tables.creer(connexion, "couverture", pl.DataFrame(mois, schema={"membre": pl.String, "mois": pl.Date}, orient="row"))


def _months(debut: date, fin: date) -> list[date]:
    return [date(rang // 12, rang % 12 + 1, 1) for rang in range(debut.year * 12 + debut.month - 1, fin.year * 12 + fin.month)]


def _sql(fichier: str) -> str:
    return files(__package__).joinpath(f"{fichier}.sql").read_text(encoding="utf-8")
