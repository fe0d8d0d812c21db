"""The original cells of a line are kept as JSON when somebody may have to look at them, personal numbers out."""

from collections.abc import Sequence

import polars as pl

from ingest.typage import masquer_colonne


def encoder_brut(bloc: pl.DataFrame, entetes: Sequence[str]) -> pl.Series:
    """One JSON object per line: header → original cell, null when it is empty."""
    if not entetes:
        return pl.Series("brut", ["{}"], dtype=pl.String).new_from_index(0, bloc.height)
    masque = bloc.select(masquer_colonne(bloc[entete]) for entete in entetes)
    return masque.select(pl.struct(entetes).struct.json_encode().alias("brut")).to_series()
