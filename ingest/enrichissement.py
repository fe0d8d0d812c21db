"""What a label means (famille, packaging) is worked out once per distinct label of the file, then given to its lines."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.codage import Codeur
from ingest.familles import classer
from ingest.quantites import ajouter_contenu
from ingest.vocabulaire import FAMILLE_A_CLASSER

CLES_FAMILLE: Final = ("libelle", "code_cpv", "compte")
CLES_FOURNISSEUR: Final = (*CLES_FAMILLE, "fournisseur")
CLES_CONTENU: Final = ("libelle", "unite", "famille")

_FAMILLE: Final = ("famille", "famille_confiance", "famille_motif")
_VIDE: Final = 2**32 - 1


class Enrichissement:
    """Remembers, from one block of a table to the next, what was already worked out."""

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
        rangs = ((classees["famille"] == FAMILLE_A_CLASSER) & lignes["fournisseur"].is_not_null()).arg_true()
        if rangs.is_empty():
            return classees
        secondes = self._familles_fournisseur.joindre(lignes[rangs])
        return classees.with_columns(classees[nom].scatter(rangs, secondes[nom]) for nom in _FAMILLE)


class _Memoire:
    """A function of a few columns of text, computed once for each combination of their values."""

    def __init__(self, cles: Sequence[str], calculer: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
        self._cles = list(cles)
        self._calculer = calculer
        self._codeurs = {nom: Codeur() for nom in cles}
        self._paires = [_Paires() for _ in cles[1:]]
        self._resultats: pl.DataFrame | None = None

    def joindre(self, lignes: pl.DataFrame) -> pl.DataFrame:
        """Add the computed columns to lines."""
        place, premiers = self._numeroter(lignes)
        if len(premiers):
            calcules = self._calculer(lignes[premiers].select(self._cles)).drop(self._cles)
            self._resultats = calcules if self._resultats is None else pl.concat([self._resultats, calcules])
        assert self._resultats is not None
        return lignes.with_columns(self._resultats[nom].gather(place) for nom in self._resultats.columns)

    def _numeroter(self, lignes: pl.DataFrame) -> tuple[pl.Series, npt.NDArray[np.int64]]:
        """Number the combinations in the order in which they were met; give that of each line, and the first line of each new one."""
        premiere, *suite = (self._codes(lignes[nom]) for nom in self._cles)
        numero, nouveaux = premiere, np.empty(0, dtype=np.int64)
        for paires, codes in zip(self._paires, suite, strict=True):
            numero, nouveaux = paires.numeroter(numero, codes)
        return pl.Series(numero, dtype=pl.UInt32), nouveaux

    def _codes(self, colonne: pl.Series) -> npt.NDArray[np.uint64]:
        codes = self._codeurs[colonne.name].coder(colonne).codes
        return codes.fill_null(_VIDE).to_numpy().astype(np.uint64)


class _Paires:
    """Numbers pairs of numbers, from 0, in the order in which they are met."""

    def __init__(self) -> None:
        self._cles = np.empty(0, dtype=np.uint64)
        self._numeros = np.empty(0, dtype=np.uint64)

    def numeroter(
        self, gauche: npt.NDArray[np.uint64], droite: npt.NDArray[np.uint64]
    ) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
        """Give the number of each pair, and the place of the first occurrence of those never met before, in the order of their numbers."""
        paires = (gauche << np.uint64(32)) | droite
        uniques, premiers = np.unique(paires, return_index=True)
        inconnus = ~np.isin(uniques, self._cles, assume_unique=True)
        nouvelles = np.sort(premiers[inconnus])
        if len(nouvelles):
            cles = np.concatenate([self._cles, paires[nouvelles]])
            numeros = np.concatenate([self._numeros, np.arange(len(self._cles), len(cles), dtype=np.uint64)])
            ordre = np.argsort(cles)
            self._cles, self._numeros = cles[ordre], numeros[ordre]
        return self._numeros[np.searchsorted(self._cles, paires)], nouvelles
