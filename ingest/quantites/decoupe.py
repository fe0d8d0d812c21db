"""What was read in one text of packaging: relations, measures, mentions, and what is left."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from ingest.quantites.nomenclature import Unite


class Relation(NamedTuple):
    """`contenant` (code, or None when unnamed) holds `nombre` × `element` (packaging code, count unit code, or None when unnamed)."""

    contenant: str | None
    nombre: Decimal
    element: str | None
    position: int
    profondeur: int = 0  # in « 12 x 4 x 25 g », the rank of the factor: the innermost is applied first


class Mesure(NamedTuple):
    """A measure, of its container when one is named just before it."""

    contenant: str | None
    valeur: Decimal
    unite: Unite
    position: int


@dataclass(frozen=True, slots=True)
class Decoupe:
    """All that was read in one text; `restes` are the pieces that say nothing of packaging, in order."""

    relations: tuple[Relation, ...] = ()
    mesures: tuple[Mesure, ...] = ()
    mentions: tuple[tuple[str, int], ...] = ()
    restes: tuple[str, ...] = ()
    caracteres: tuple[str, ...] = ()
    vendu_au: Unite | None = None  # « le kg », « la tonne »: the label says the unit of sale
    produits: tuple[tuple[Relation, Relation], ...] = ()  # « 10x20 »: a packaging or a size, only the rest can tell
    muet: str | None = None  # a packaging named at the end or set apart (« … - BOITE »), of which nothing says what it holds
    moignon_possible: bool = False  # the last word may be the beginning of a packaging word, should the label be cut there
    fin: str = ""  # how the text ends: "nombre" of a packaging, "moignon" of a word after one, "" otherwise
    suites: tuple[Relation, ...] = ()  # « plaque 18 pensées »: a number that may be the content, if the unit cell or the price says so
    surfaces: tuple[Mesure, ...] = ()  # « 2x50 m »: the area and the length, should it be a roll

    @property
    def est_nue(self) -> bool:
        """True when neither a number of things nor a measure was found."""
        return not (self.relations or self.mesures)

    @property
    def est_vide(self) -> bool:
        """True when nothing of packaging was found."""
        return not (self.relations or self.mesures or self.mentions)
