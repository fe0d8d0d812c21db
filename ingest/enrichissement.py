"""What a label means (famille, packaging) is worked out once per distinct label of the table, then given to its lines."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.codage import VIDE, Codage
from ingest.ecriture import TexteCode
from ingest.lecteurs import CLES_CONTENU, CLES_FAMILLE, CLES_FOURNISSEUR, Lecteurs
from ingest.vocabulaire import FAMILLE_A_CLASSER

Codages = Mapping[str, Codage]
Numeros = npt.NDArray[np.uint32]
_Entier = TypeVar("_Entier", np.int64, np.uint64)
_CASES_MAX: Final = 1 << 22


class Enrichissement:
    """Remembers, from one block of a table to the next, what was already worked out."""

    def __init__(self, lecteurs: Lecteurs) -> None:
        self._familles = _Memoire(CLES_FAMILLE, lecteurs.familles)
        self._familles_fournisseur = _Memoire(CLES_FOURNISSEUR, lecteurs.familles_fournisseur)
        self._contenus = _Memoire(CLES_CONTENU, lecteurs.contenus)
        self._codes_familles: dict[str, int] = {}

    def ajouter(self, lignes: pl.DataFrame, codages: Codages) -> tuple[pl.DataFrame, dict[str, TexteCode]]:
        """Add the numbers of `famille*` and `contenu_*` to typed lines, give apart their texts and `attributs`; rows keep their order.

        `codages` gives, for the fields that have a column, which text each line has (`ingest.colonnes`).
        """
        codes = {nom: codages[nom].entiers for nom in (*CLES_FOURNISSEUR, "unite") if nom in codages}
        if not all(codages[nom].durable for nom in codes):
            # Texts have another number in each block: nothing can be remembered under it.
            for memoire in (self._familles, self._familles_fournisseur, self._contenus):
                memoire.oublier()
        familles, places = self._classer(lignes, codes)
        codes["famille"] = self._numeroter_familles(familles["famille"])[places]
        nommees = lignes.with_columns(familles["famille"].gather(places))
        contenus, autres = self._contenus.calculer(nommees, codes)
        nombres, textes = [], {}
        for table, lus in ((familles, places), (contenus, autres)):
            codes_lus = pl.Series(lus)
            for colonne in table.iter_columns():
                if colonne.dtype == pl.String:
                    textes[colonne.name] = TexteCode(colonne, codes_lus)
                else:
                    nombres.append(colonne.gather(codes_lus))
        return lignes.with_columns(nombres), textes

    def _classer(self, lignes: pl.DataFrame, codes: Mapping[str, Numeros]) -> tuple[pl.DataFrame, Numeros]:
        """The supplier is asked only when label, account and CPV do not say: labels are few, labels × suppliers are many."""
        familles, places = self._familles.calculer(lignes, codes)
        muettes = (familles["famille"] == FAMILLE_A_CLASSER).to_numpy()[places] & lignes["fournisseur"].is_not_null().to_numpy()
        rangs = np.flatnonzero(muettes)
        if not len(rangs):
            return familles, places
        secondes, autres = self._familles_fournisseur.calculer(lignes[rangs], {nom: lus[rangs] for nom, lus in codes.items()})
        places = places.copy()
        places[rangs] = autres + np.uint32(familles.height)
        return pl.concat([familles, secondes]), places

    def _numeroter_familles(self, familles: pl.Series) -> Numeros:
        for famille in familles.unique().to_list():
            self._codes_familles.setdefault(famille, len(self._codes_familles))
        return familles.replace_strict(self._codes_familles, return_dtype=pl.UInt32).to_numpy()


class _Memoire:
    """A function of a few columns of text, computed once for each combination of their values."""

    def __init__(self, cles: Sequence[str], fonction: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
        self._cles = list(cles)
        self._fonction = fonction
        self.oublier()

    def oublier(self) -> None:
        """Forget the combinations met so far."""
        self._paires = [_Paires() for _ in self._cles]
        self._resultats: pl.DataFrame | None = None

    def calculer(self, lignes: pl.DataFrame, codes: Mapping[str, Numeros]) -> tuple[pl.DataFrame, Numeros]:
        """Give the results so far, and for each line the place of its own; `codes` numbers the texts of the key columns that are there."""
        places, premiers = self._numeroter(lignes.height, codes)
        if len(premiers):
            calcules = self._fonction(lignes.select(self._cles)[premiers])
            self._resultats = calcules if self._resultats is None else pl.concat([self._resultats, calcules])
        assert self._resultats is not None
        return self._resultats, places

    def _numeroter(self, hauteur: int, codes: Mapping[str, Numeros]) -> tuple[Numeros, npt.NDArray[np.int64]]:
        """Number the combinations in the order in which they were met; give that of each line, and the first line of each new one."""
        presentes = [(paires, codes[nom]) for paires, nom in zip(self._paires, self._cles, strict=True) if nom in codes]
        numero, nouveaux = np.zeros(hauteur, dtype=np.uint32), np.empty(0, dtype=np.int64)
        for paires, lus in presentes or [(self._paires[0], numero)]:
            numero, nouveaux = paires.numeroter(numero, lus)
        return numero, nouveaux


class _Paires:
    """Numbers pairs of numbers, from 0, in the order in which they are met."""

    def __init__(self) -> None:
        self._nombre = 0
        self._table: Numeros = np.full((1, 1), VIDE, dtype=np.uint32)
        self._rares: _PairesRares | None = None

    def numeroter(self, gauche: Numeros, droite: Numeros) -> tuple[Numeros, npt.NDArray[np.int64]]:
        """Give the number of each pair, and the place of the first occurrence of those never met before, in the order of their numbers.

        `droite` may hold `VIDE`.
        """
        suivants = droite + np.uint32(1)  # VIDE becomes 0
        if self._rares is None and not self._etendre(int(gauche.max(initial=0)) + 1, int(suivants.max(initial=0)) + 1):
            self._rares = _PairesRares(self._table)
        if self._rares is not None:
            return self._rares.numeroter(gauche, suivants)
        plate = self._table.reshape(-1)
        places = gauche.astype(np.int64) * self._table.shape[1] + suivants
        inconnues = np.flatnonzero(plate[places] == VIDE)
        if not len(inconnues):
            return plate[places], inconnues
        nouvelles, premieres = _premieres(places[inconnues])
        plate[nouvelles] = np.arange(self._nombre, self._nombre + len(nouvelles), dtype=np.uint32)
        self._nombre += len(nouvelles)
        return plate[places], inconnues[premieres]

    def _etendre(self, hauteur: int, largeur: int) -> bool:
        """Make the table hold that many numbers on each side; say no when it would be too large."""
        avant = self._table.shape
        if hauteur <= avant[0] and largeur <= avant[1]:
            return True
        forme = tuple(max(nu, 1 << (voulu - 1).bit_length()) for nu, voulu in zip(avant, (hauteur, largeur), strict=True))
        if forme[0] * forme[1] > _CASES_MAX:
            return False
        table = np.full(forme, VIDE, dtype=np.uint32)
        table[: avant[0], : avant[1]] = self._table
        self._table = table
        return True


class _PairesRares:
    """Numbers pairs too spread for a table: those that are known are kept sorted."""

    def __init__(self, table: Numeros) -> None:
        gauche, droite = np.nonzero(table != VIDE)
        # By rows, then by columns: the pairs come sorted.
        self._paires = gauche.astype(np.uint64) << np.uint64(32) | droite.astype(np.uint64)
        self._numeros = table[gauche, droite]

    def numeroter(self, gauche: Numeros, droite: Numeros) -> tuple[Numeros, npt.NDArray[np.int64]]:
        """Do what `_Paires.numeroter` does; `droite` holds no `VIDE`."""
        paires = gauche.astype(np.uint64) << np.uint64(32) | droite
        places = np.searchsorted(self._paires, paires)
        connues = np.zeros(len(paires), dtype=np.bool_)
        dedans = places < len(self._paires)
        connues[dedans] = self._paires[places[dedans]] == paires[dedans]
        inconnues = np.flatnonzero(~connues)
        if not len(inconnues):
            return self._numeros[places], inconnues
        nouvelles, premieres = _premieres(paires[inconnues])
        numeros = np.arange(len(self._paires), len(self._paires) + len(nouvelles), dtype=np.uint32)
        toutes = np.concatenate([self._paires, nouvelles])
        ordre = np.argsort(toutes)
        self._paires, self._numeros = toutes[ordre], np.concatenate([self._numeros, numeros])[ordre]
        return self._numeros[np.searchsorted(self._paires, paires)], inconnues[premieres]


def _premieres(valeurs: npt.NDArray[_Entier]) -> tuple[npt.NDArray[_Entier], npt.NDArray[np.int64]]:
    """The distinct values in the order in which they are met, and where each is first."""
    distinctes, premieres = np.unique(valeurs, return_index=True)
    ordre = np.argsort(premieres)
    return distinctes[ordre], premieres[ordre]
