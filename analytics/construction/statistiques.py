"""What a statistics library computes from the tables already built, kept beside them so that no page waits for it."""

from importlib.resources import files

import duckdb
import polars as pl

from analytics.construction.reprise import Plan
from analytics.indices import suite
from analytics.volume import effets


def ecrire(connexion: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Create `indices` (famille × quarter) and `effets_volume` (famille), or compute again those of the familles touched."""
    touchees = None if plan.entier else [famille for (famille,) in connexion.execute("SELECT famille FROM familles_touchees").fetchall()]
    indices = suite.calculer(connexion.sql(_sql("indices/releves.sql")).pl(), touchees)
    _placer(connexion, plan, "indices", indices, f"OR famille = '{suite.TOUTES}'")
    observations = connexion.sql(_sql("volume/observations.sql")).pl()
    if touchees is not None:
        observations = observations.filter(pl.col("famille").is_in(touchees))
    _placer(connexion, plan, "effets_volume", effets.calculer(observations))


def _sql(fichier: str) -> str:
    return files("analytics").joinpath(fichier).read_text(encoding="utf-8")


def _placer(connexion: duckdb.DuckDBPyConnection, plan: Plan, nom: str, table: pl.DataFrame, aussi: str = "") -> None:
    connexion.register("a_copier", table.to_arrow())
    if plan.entier:
        connexion.execute(f"CREATE TABLE {nom} AS SELECT * FROM a_copier")  # noqa: S608 — names are ours
    else:
        connexion.execute(f"DELETE FROM {nom} WHERE famille IN (SELECT famille FROM familles_touchees) {aussi}")  # noqa: S608
        connexion.execute(f"INSERT INTO {nom} SELECT * FROM a_copier")  # noqa: S608
    connexion.unregister("a_copier")
