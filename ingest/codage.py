"""A column of text is its few distinct texts and, for each line, which one: what is worked out on a text is worked out once."""

from dataclasses import dataclass
from typing import Final

import polars as pl

ESSAI: Final = 4096
"""Lines looked at to know whether a column repeats itself."""
REPETITION: Final = 0.5
"""Share of distinct texts in the trial above which coding costs more than it saves."""


@dataclass(frozen=True)
class Codage:
    """`distincts` holds each text once, without null; `codes` gives its place for each line, null where the cell is empty."""

    distincts: pl.Series
    codes: pl.Series

    def etendre(self, valeurs: pl.Series) -> pl.Series:
        """Give to each line the value worked out for its text."""
        return valeurs.gather(self.codes)

    def avec(self, distincts: pl.Series) -> "Codage":
        """The same lines, with other texts in the same places."""
        return Codage(distincts, self.codes)


def coder(colonne: pl.Series) -> Codage:
    """Cut a column of text in distinct texts and codes."""
    # Categories of its own: the shared ones would keep the texts of every file in memory, and their codes would not be dense.
    categories = pl.Categories.random()
    codee = colonne.cast(pl.Categorical(categories))
    # The categories are forgotten with the last column that bears them: read them while `codee` lives.
    return Codage(categories.to_series().alias(colonne.name), codee.to_physical())


def se_repete(colonne: pl.Series) -> bool:
    """Say whether coding a column is worth it, from its first lines."""
    essai = colonne.head(ESSAI)
    return essai.n_unique() <= REPETITION * max(essai.len(), 1)
