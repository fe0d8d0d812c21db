"""What an observatoire is made of, and what a build says of itself: plain data, so that the same sources give the same observatoire."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from analytics.decisions import Decision
from ingest.publication import DepotPublie

Avancement = Callable[[str, int, int], None]
"""Called with what is being done (in French), the steps done, and how many there are."""
MembreBrut = tuple[str, str, str, str | None, int | None]


@dataclass(frozen=True)
class Membre:
    """One legal person of the club."""

    siren: str
    nom: str
    nature: str
    code_insee: str | None = None
    population: int | None = None


@dataclass(frozen=True)
class Sources:
    """All that an observatoire is made of: the same sources give the same observatoire.

    `date_reference` is the day at which the observatoire looks at the past (end of the covered months, age of prices).
    """

    depots: Sequence[DepotPublie]
    membres: Sequence[Membre]
    date_reference: date
    decisions: Sequence[Decision] = field(default=())


@dataclass(frozen=True)
class Bilan:
    """What a build read and wrote: `comptes` gives, for each dépôt, the number of lines of each statut."""

    version: str
    nb_depots: int
    nb_lignes: int
    nb_articles: int
    nb_membres: int
    comptes: dict[str, dict[str, int]]
    inchange: bool = False


@dataclass(frozen=True)
class Entrees:
    """What a build is given, as plain data."""

    depots: Sequence[DepotPublie]
    membres: Sequence[MembreBrut]
    decisions: Sequence[Decision]
    date_reference: date
    construit_le: datetime
    precedent: Path | None
