"""Lay tables made in Python down in the database of a build."""

from collections.abc import Sequence

import duckdb
import polars as pl


def creer(connexion: duckdb.DuckDBPyConnection, nom: str, table: pl.DataFrame, *, temporaire: bool = False) -> None:
    """Create this table, in the place of the one that has its name."""
    connexion.register("a_copier", table.to_arrow())
    connexion.execute(f"CREATE OR REPLACE {'TEMPORARY ' if temporaire else ''}TABLE {nom} AS SELECT * FROM a_copier")  # noqa: S608 — names are ours
    connexion.unregister("a_copier")


def remplacer(connexion: duckdb.DuckDBPyConnection, nom: str, table: pl.DataFrame, depots: Sequence[str], neuve: bool) -> None:
    """Create this table when it is `neuve`, else put these rows in the place of those of the same dépôts."""
    if neuve:
        creer(connexion, nom, table)
        return
    connexion.register("a_copier", table.to_arrow())
    connexion.execute(f"DELETE FROM {nom} WHERE list_contains($depots, depot)", {"depots": list(depots)})  # noqa: S608 — names are ours
    connexion.execute(f"INSERT INTO {nom} SELECT * FROM a_copier")  # noqa: S608
    connexion.unregister("a_copier")
