"""Words are few and labels are many: what a word is by itself (number, packaging, unit, none of them) is worked out once."""

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from ingest.quantites.nomenclature import (
    Conditionnement,
    Unite,
    conditionnements_par_forme,
    prefixes_colles,
    read_abrege,
    read_unite_fautive,
    unites_par_forme,
)
from ingest.quantites.texte import cut, split_mots

# Words that make a packaging of the number after them: « x12 », « les 50 », « par 12 ».
MULTIPLICATEURS = frozenset({"x", "par", "les", "/", "le", "la", "au"})


class Piece(NamedTuple):
    """One piece of a label, and what its spelling may mean wherever it stands; `est_inerte`: it begins nothing of packaging."""

    texte: str
    nombre: Decimal | None = None
    colle: bool = False
    contenant: Conditionnement | None = None
    unite: Unite | None = None
    est_inerte: bool = True


def read_pieces(texte: str) -> list[Piece]:
    """The pieces of a folded text, in order."""
    pieces: list[Piece] = []
    for mot in split_mots(texte):
        pieces += _read_mot(mot)
    return pieces


@lru_cache(maxsize=65_536)
def _read_mot(mot: str) -> tuple[Piece, ...]:
    return tuple(_weigh(jeton.texte, jeton.nombre, colle=jeton.colle) for jeton in cut(mot, prefixes_colles()))


def _weigh(texte: str, nombre: Decimal | None, *, colle: bool) -> Piece:
    contenant = conditionnements_par_forme().get(texte) or (read_abrege(texte) if nombre is None else None)
    est_lettre = len(texte) == 1 and texte.isalpha()
    est_inerte = nombre is None and contenant is None and not est_lettre and texte not in MULTIPLICATEURS
    unite = unites_par_forme().get(texte) or (read_unite_fautive(texte) if nombre is None else None)
    return Piece(texte, nombre, colle, contenant, unite, est_inerte)
