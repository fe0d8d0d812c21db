"""The nomenclature is a data file: 126 familles homogènes of purchases, delivered and editable, read once."""

from dataclasses import dataclass
from functools import lru_cache

from ingest.tables import read_table


@dataclass(frozen=True)
class Famille:
    """A famille homogène (art. R2121-6 CCP): the unit in which needs are counted.

    `cpv` are prefixes without trailing zeros (CPV 2008), `comptes` accounts of the M57 that are only hints,
    `unite_reference` what people read.
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
