"""What a label means (famille, packaging) is worked out once per distinct label of the file, then joined to its lines."""

from collections.abc import Callable, Sequence
from typing import Final

import polars as pl

from ingest.familles import classer
from ingest.quantites import ajouter_contenu
from ingest.vocabulaire import FAMILLE_A_CLASSER

CLES_FAMILLE: Final = ("libelle", "code_cpv", "compte")
CLES_FOURNISSEUR: Final = (*CLES_FAMILLE, "fournisseur")
CLES_CONTENU: Final = ("libelle", "unite", "famille")

_FAMILLE: Final = ("famille", "famille_confiance", "famille_motif")


class Enrichissement:
    """Remembers, from one block of the file to the next, what was already worked out."""

    def __init__(self) -> None:
        self._familles = _Memoire(CLES_FAMILLE, classer)
        self._familles_fournisseur = _Memoire(CLES_FOURNISSEUR, classer)
        self._contenus = _Memoire(CLES_CONTENU, ajouter_contenu)

    def ajouter(self, lignes: pl.DataFrame) -> pl.DataFrame:
        """Add `famille*`, `contenu_*` and `attributs` to typed lines; rows keep their order."""
        return self._contenus.joindre(self._classer(lignes))

    def _classer(self, lignes: pl.DataFrame) -> pl.DataFrame:
        """The supplier is asked only when label, account and CPV do not say: labels are few, labels × suppliers are many."""
        classees = self._familles.joindre(lignes)
        muettes = pl.col("famille") == FAMILLE_A_CLASSER
        reste = classees.with_row_index("_rang").filter(muettes & pl.col("fournisseur").is_not_null())
        if reste.is_empty():
            return classees
        secondes = self._familles_fournisseur.joindre(reste.drop(_FAMILLE)).select(
            "_rang", *(pl.col(nom).alias(f"_{nom}") for nom in _FAMILLE)
        )
        return (
            classees.with_row_index("_rang")
            .join(secondes, on="_rang", how="left", maintain_order="left")
            .with_columns(pl.coalesce(f"_{nom}", nom).alias(nom) for nom in _FAMILLE)
            .drop("_rang", *(f"_{nom}" for nom in _FAMILLE))
        )


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
