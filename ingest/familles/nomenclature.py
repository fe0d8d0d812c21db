"""The nomenclature is data: 126 familles homogènes of purchases are delivered; a club edits them, and the one in force is an argument."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ingest.tables import read_table
from ingest.vocabulaire import FAMILLE_A_CLASSER


@dataclass(frozen=True)
class Famille:
    """A famille homogène (art. R2121-6 CCP): the unit in which needs are counted.

    `cpv` are prefixes without trailing zeros (CPV 2008), `comptes` accounts of the M57 that are only hints,
    `unite_reference` what people read, `unite_choisie` the code of the unit when the club chose it ("" otherwise).
    """

    code: str
    libelle: str
    cpv: tuple[str, ...]
    comptes: tuple[str, ...]
    unite_reference: str
    mots_cles: tuple[str, ...]
    nature: str
    groupement: str
    remarque: str
    unite_choisie: str = ""


@dataclass(frozen=True)
class Nomenclature:
    """The familles in force, in the order of their codes.

    `remplacees`: (code of a famille that is no longer, the one that takes its lines or « à classer »), in the order of codes.
    """

    familles: tuple[Famille, ...]
    remplacees: tuple[tuple[str, str], ...] = ()

    @cached_property
    def par_code(self) -> Mapping[str, Famille]:
        """The familles in force by their code."""
        return {famille.code: famille for famille in self.familles}

    @cached_property
    def version(self) -> str:
        """Fingerprint of what it holds: equal for two nomenclatures that give the same familles to the same lines."""
        return hashlib.sha256(repr((self.familles, self.remplacees)).encode()).hexdigest()[:16]

    def resolve(self, code: str | None) -> str:
        """The famille in force that holds today what this one held; « à classer » for one that nothing took over, or nobody knows."""
        if code in self.par_code:
            return str(code)
        return dict(self.remplacees).get(code or "", FAMILLE_A_CLASSER)


@lru_cache(maxsize=1)
def livree() -> Nomenclature:
    """The nomenclature as delivered."""
    return Nomenclature(familles())


@lru_cache(maxsize=1)
def familles() -> tuple[Famille, ...]:
    """The familles delivered, in the order of their codes in the file."""
    return tuple(_famille(ligne) for ligne in read_table("ingest.familles", "familles.csv"))


def _famille(ligne: dict[str, str]) -> Famille:
    noyau, _, reste = ligne["remarque"].partition(". ")
    avis = reste.partition("Groupement : ")[2]
    return Famille(
        code=ligne["code"],
        libelle=ligne["libelle"],
        cpv=tuple(ligne["cpv_prefixes"].split("|")),
        comptes=tuple(ligne["comptes_m57"].split("|")),
        unite_reference=ligne["unite_reference"],
        mots_cles=tuple(ligne["mots_cles"].split("|")),
        nature=ligne["nature"],
        groupement=avis.partition(".")[0].strip() or noyau,
        remarque=ligne["remarque"],
    )
