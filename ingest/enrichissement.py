"""What a label means (famille, packaging) is worked out once per distinct label of the file, then joined to its lines."""

from collections.abc import Callable, Sequence
from typing import Final

import polars as pl

from ingest.familles import classer
from ingest.quantites import ajouter_contenu

CLES_FAMILLE: Final = ("libelle", "code_cpv", "compte", "fournisseur")
CLES_CONTENU: Final = ("libelle", "unite", "famille")


class Enrichissement:
    """Remembers, from one block of the file to the next, what was already worked out."""

    def __init__(self) -> None:
        self._familles = _Memoire(CLES_FAMILLE, classer)
        self._contenus = _Memoire(CLES_CONTENU, ajouter_contenu)

    def ajouter(self, lignes: pl.DataFrame) -> pl.DataFrame:
        """Add `famille*`, `contenu_*` and `attributs` to typed lines; rows keep their order."""
        return self._contenus.joindre(self._familles.joindre(lignes))


class _Memoire:
    """A function of a few columns, computed once for each combination of their values."""

    def __init__(self, cles: Sequence[str], calculer: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
        self._cles = list(cles)
        self._calculer = calculer
        self._connus: pl.DataFrame | None = None

    def joindre(self, lignes: pl.DataFrame) -> pl.DataFrame:
        """Add the computed columns."""
        distincts = lignes.select(self._cles).unique(maintain_order=True)
        if self._connus is None:
            self._connus = self._calculer(distincts)
        else:
            nouveaux = distincts.join(self._connus, on=self._cles, how="anti", nulls_equal=True)
            if nouveaux.height:
                self._connus = pl.concat([self._connus, self._calculer(nouveaux)])
        return lignes.join(self._connus, on=self._cles, how="left", nulls_equal=True, maintain_order="left")
