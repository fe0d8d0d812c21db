"""One column of a table, through the blocks of a file: each text is read, folded and hashed the first time it is met."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from ingest.codage import REPETITION, Codage, Codeur, coder, se_repete
from ingest.ecriture import TexteCode
from ingest.empreintes import VIDE, Entiers, hacher_textes
from ingest.schema import Champ, TypeChamp
from ingest.typage import lire_distincts, typer
from ingest.valeurs import Style


@dataclass(frozen=True)
class Lue:
    """What a block of a column says: typed values, and defects (None when there are none)."""

    valeurs: pl.Series
    defauts: pl.Series | None


def hacher(colonnes: Mapping[str, "Colonne"]) -> dict[str, Entiers]:
    """A stable hash of the folded text of each line of the block just read, by field (`ingest.empreintes`); new texts all at once."""
    nouveaux = {nom: colonne.a_hacher for nom, colonne in colonnes.items()}
    hashes = hacher_textes(pl.concat([textes.alias("texte") for textes in nouveaux.values()])) if nouveaux else np.empty(0, dtype=np.uint64)
    lignes, debut = {}, 0
    for nom, textes in nouveaux.items():
        lignes[nom] = colonnes[nom].hacher(hashes[debut : debut + textes.len()])
        debut += textes.len()
    return lignes


class Colonne:
    """Reads the blocks of one column for one field, and remembers what its texts mean as long as they come back."""

    def __init__(self, champ: Champ, premier: pl.Series, style: Style, substitutions: Mapping[str, str] | None) -> None:
        self._champ, self._style, self._substitutions = champ, style, substitutions
        self._repete = se_repete(premier)
        self._connus: list[int] = []
        self._codeur = Codeur()
        self._valeurs: pl.Series | None = None
        self._defauts: pl.Series | None = None
        self._hashes = np.empty(0, dtype=np.uint64)
        self._codage: Codage | None = None

    def lire(self, textes: pl.Series) -> Lue:
        """Type a block."""
        if self._champ.type is TypeChamp.NOMBRE and not self._repete and not self._substitutions:
            self._codage = None
            lu = typer(textes, self._champ, style=self._style)
            return Lue(lu.valeurs, lu.defauts)
        if not self._repete:
            # Texts that never come back are not remembered: a file of ten million lines would fill the memory.
            self._valeurs = self._defauts = None
            self._hashes = np.empty(0, dtype=np.uint64)
        codage = self._codage = self._codeur.coder(textes) if self._repete else coder(textes)
        self._apprendre(codage)
        self._juger(codage)
        assert self._valeurs is not None
        assert self._defauts is not None
        defauts = None if self._defauts.null_count() == self._defauts.len() else codage.etendre(self._defauts)
        return Lue(codage.etendre(self._valeurs).alias(self._champ.nom), defauts)

    @property
    def codage(self) -> Codage | None:
        """Which text each line of the block just read has; None for numbers that do not come back."""
        return self._codage

    @property
    def texte(self) -> TexteCode | None:
        """The values of the block just read as their distinct texts, when they are texts."""
        if self._codage is None or self._valeurs is None or self._valeurs.dtype != pl.String:
            return None
        return TexteCode(self._valeurs, self._codage.codes)

    @property
    def a_hacher(self) -> pl.Series:
        """The texts read and not hashed yet."""
        assert self._valeurs is not None
        return self._valeurs.slice(len(self._hashes))

    def hacher(self, nouveaux: Entiers) -> Entiers:
        """The hash of the text of each line of the block just read, once given those of `a_hacher`."""
        assert self._codage is not None
        if len(nouveaux):
            self._hashes = np.concatenate([self._hashes, nouveaux])
        codes = self._codage.codes
        if not codes.null_count():
            pleines: Entiers = self._hashes[codes.to_numpy()]
            return pleines
        lignes: Entiers = np.append(self._hashes, VIDE)[codes.fill_null(len(self._hashes)).to_numpy()]
        return lignes

    def _juger(self, codage: Codage) -> None:
        """Numbers of invoices come back on the next lines and never after: the second block tells them from what is worth remembering."""
        if not self._repete or len(self._connus) == 2:
            return
        self._connus.append(codage.distincts.len())
        if len(self._connus) == 2 and self._connus[1] > (1 + REPETITION) * self._connus[0]:
            self._repete = False

    def _apprendre(self, codage: Codage) -> None:
        """Read the texts met for the first time."""
        connus = 0 if self._valeurs is None else self._valeurs.len()
        if self._valeurs is not None and self._defauts is not None and connus == codage.distincts.len():
            return
        lus = lire_distincts(codage.distincts.slice(connus), self._champ, self._style, self._substitutions)
        if self._valeurs is None or self._defauts is None:
            self._valeurs, self._defauts = lus["valeur"], lus["defaut"]
        else:
            self._valeurs, self._defauts = pl.concat([self._valeurs, lus["valeur"]]), pl.concat([self._defauts, lus["defaut"]])
