"""A column of text is its few distinct texts and, for each line, which one: what is worked out on a text is worked out once."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

REPETITION: Final = 0.5
"""Share of distinct texts in the first block of a column above which remembering texts costs more than it saves."""

VIDE: Final = 2**32 - 1
"""Code of an empty cell, once codes are plain integers."""


@dataclass(frozen=True)
class Codage:
    """`distincts` holds each text once, without null; `codes` gives its place for each line, null where the cell is empty.

    `durable` when a text has the same place in all the blocks of its column.
    """

    distincts: pl.Series
    codes: pl.Series
    durable: bool = False

    @property
    def entiers(self) -> npt.NDArray[np.uint32]:
        """The codes as plain integers, `VIDE` for an empty cell."""
        return (self.codes.fill_null(VIDE) if self.codes.null_count() else self.codes).to_numpy()

    def etendre(self, valeurs: pl.Series) -> pl.Series:
        """Give to each line the value worked out for its text."""
        return valeurs.gather(self.codes)


class Codeur:
    """Codes the blocks of one column: a text keeps its place from one block to the next."""

    def __init__(self) -> None:
        # Categories of its own: the shared ones would keep the texts of every file in memory, and their codes would not be dense.
        self._categories = pl.Categories.random()
        self._dernier: pl.Series | None = None
        self._distincts = pl.Series(dtype=pl.String)

    def coder(self, colonne: pl.Series) -> Codage:
        """Cut a block in distinct texts (all those known so far) and codes."""
        genre = pl.Categorical(self._categories)
        # The categories are forgotten with the last column that bears them: `_dernier` keeps them until the next block.
        self._dernier = colonne.cast(genre)
        codes = self._dernier.to_physical()
        connus, dernier = self._distincts.len(), codes.max()
        if isinstance(dernier, int) and dernier >= connus:
            places = pl.int_range(connus, dernier + 1, dtype=pl.UInt32, eager=True)
            self._distincts = pl.concat([self._distincts, places.cat.to(genre).cast(pl.String)]).rechunk()
        return Codage(self._distincts.alias(colonne.name), codes, durable=True)


def coder(colonne: pl.Series) -> Codage:
    """Cut one column in distinct texts and codes, remembering nothing."""
    return replace(Codeur().coder(colonne), durable=False)


def se_repete(colonne: pl.Series) -> bool:
    """Say whether the texts of a column come back, from its first block: a thousand lines are not enough, labels come back slowly."""
    return colonne.n_unique() <= REPETITION * max(colonne.len(), 1)
