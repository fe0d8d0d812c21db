"""A correction is data: it says which text stands in which cells, is replayed at every reading, and can be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Correction:
    """Read `remplacement` where the file says something else.

    Two forms. A rule on values: `lu` is given and `ligne` is None, every cell of the field `champ` that says `lu` is read as
    `remplacement` (« toutes les unités “BTE” sont des boîtes »). An edit of one cell: `ligne` (and `origine`) are given, `entete` names
    the column as the person sees it. `remplacement` "" empties the cell. An edit of a cell is stronger than a rule on values.
    """

    remplacement: str
    champ: str | None = None
    lu: str | None = None
    entete: str | None = None
    ligne: int | None = None
    origine: str = ""

    def __post_init__(self) -> None:
        if self.ligne is None and (self.champ is None or self.lu is None):
            raise ValueError("a rule on values needs champ and lu")
        if self.ligne is not None and self.entete is None:
            raise ValueError("an edit of a cell needs entete")


def appliquer_cellules(bloc: pl.DataFrame, origine: str, corrections: Sequence[Correction]) -> pl.DataFrame:
    """Put the edited cells of this table in a frame of raw text (columns named by header, and `ligne`)."""
    par_entete: dict[str, dict[int, str]] = {}
    for correction in corrections:
        if correction.ligne is not None and correction.entete in bloc.columns and correction.origine == origine:
            par_entete.setdefault(str(correction.entete), {})[correction.ligne] = correction.remplacement
    if not par_entete:
        return bloc
    return bloc.with_columns(
        pl.col("ligne").replace_strict(editees, default=pl.col(entete), return_dtype=pl.String).alias(entete)
        for entete, editees in par_entete.items()
    )


def regles_de_valeurs(corrections: Sequence[Correction]) -> dict[str, dict[str, str]]:
    """Give, field by field, which text is to be read instead of which: `{"unite": {"BTE": "boîte"}}`."""
    regles: dict[str, dict[str, str]] = {}
    for correction in corrections:
        if correction.ligne is None:
            regles.setdefault(str(correction.champ), {})[str(correction.lu)] = correction.remplacement
    return regles
