"""What a label means (famille, packaging) is worked out once per distinct label of the file, then given to its lines."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import polars as pl

from ingest.codage import Codage, coder
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

    def ajouter(self, lignes: pl.DataFrame, codages: Mapping[str, Codage]) -> pl.DataFrame:
        """Add `famille*`, `contenu_*` and `attributs` to typed lines; rows keep their order."""
        classees = self._classer(lignes, codages)
        return self._contenus.joindre(classees, {**codages, "famille": coder(classees["famille"])})

    def _classer(self, lignes: pl.DataFrame, codages: Mapping[str, Codage]) -> pl.DataFrame:
        """The supplier is asked only when label, account and CPV do not say: labels are few, labels × suppliers are many."""
        classees = self._familles.joindre(lignes, codages)
        rangs = ((classees["famille"] == FAMILLE_A_CLASSER) & lignes["fournisseur"].is_not_null()).arg_true()
        if rangs.is_empty():
            return classees
        du_reste = {nom: Codage(codage.distincts, codage.codes.gather(rangs)) for nom, codage in codages.items()}
        secondes = self._familles_fournisseur.joindre(lignes[rangs], du_reste)
        return classees.with_columns(classees[nom].scatter(rangs, secondes[nom]) for nom in _FAMILLE)


class _Memoire:
    """A function of a few columns of text, computed once for each combination of their values."""

    def __init__(self, cles: Sequence[str], calculer: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
        self._cles = list(cles)
        self._calculer = calculer
        self._connus: pl.DataFrame | None = None

    def joindre(self, lignes: pl.DataFrame, codages: Mapping[str, Codage]) -> pl.DataFrame:
        """Add the computed columns to lines; `codages` gives the distinct texts of the columns that have any."""
        combinaison = _numeroter(lignes, [codages.get(nom) for nom in self._cles])
        premiers = combinaison.arg_unique()
        resultats = self._chercher(lignes[premiers].select(self._cles))
        places = pl.DataFrame({"n": combinaison.gather(premiers), "place": pl.int_range(len(premiers), dtype=pl.UInt32, eager=True)})
        place = combinaison.alias("n").to_frame().join(places, on="n", how="left", maintain_order="left")["place"]
        return lignes.with_columns(resultats[nom].gather(place) for nom in resultats.columns)

    def _chercher(self, distincts: pl.DataFrame) -> pl.DataFrame:
        """The computed columns of each combination, remembered or worked out now."""
        if self._connus is None:
            self._connus = self._calculer(distincts).unique(self._cles, maintain_order=True)
        else:
            nouveaux = distincts.join(self._connus, on=self._cles, how="anti", nulls_equal=True).unique(maintain_order=True)
            if nouveaux.height:
                self._connus = pl.concat([self._connus, self._calculer(nouveaux)])
        return distincts.join(self._connus, on=self._cles, how="left", nulls_equal=True, maintain_order="left").drop(self._cles)


def _numeroter(lignes: pl.DataFrame, codages: Sequence[Codage | None]) -> pl.Series:
    """One number for each combination of texts; an empty cell is one of the values of its column."""
    numero = pl.Series("n", [0], dtype=pl.UInt64).new_from_index(0, lignes.height)
    for codage in codages:
        if codage is not None:
            taille = codage.distincts.len() + 1
            numero = numero * taille + codage.codes.fill_null(taille - 1).cast(pl.UInt64)
    return numero.alias("n")
