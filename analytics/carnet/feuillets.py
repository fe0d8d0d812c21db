"""What one membre pays and buys, held by article: its own figures, given only to who may read them."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import polars as pl

LIGNES_GARDEES = 1_000_000
"""Lines of purchase held for all membres together, about 200 bytes each; the feuillet read longest ago goes first."""

Place = tuple[int, int]
"""Where the rows of an article begin in a table sorted by article, and how many they are."""


@dataclass(frozen=True)
class Feuillet:
    """The prices and the lines of one membre, in the columns of `prix_membre.sql` and `lignes_membre.sql`."""

    prix: pl.DataFrame
    lignes: pl.DataFrame
    places_prix: dict[str, Place]
    places_lignes: dict[str, Place]

    def prix_de(self, article: str) -> list[dict[str, Any]]:
        """Its prices of this article, in the order of periods."""
        return rangees(self.prix, self.places_prix.get(article))

    def lignes_de(self, article: str) -> list[dict[str, Any]]:
        """Its lines of this article, latest first."""
        return rangees(self.lignes, self.places_lignes.get(article))

    def nb_lignes_de(self, article: str) -> int:
        """How many they are."""
        _, nombre = self.places_lignes.get(article, (0, 0))
        return nombre


class Feuillets:
    """The feuillets of one version of the observatoire, each read when it is first asked for. Safe to use from several threads."""

    def __init__(self, lire: Callable[[str], Feuillet]) -> None:
        self._lire = lire
        self._verrou = Lock()
        self._lecture = Lock()
        self._gardes: OrderedDict[str, Feuillet] = OrderedDict()

    def connus(self, membres: frozenset[str]) -> bool:
        """Whether all of these can be given without reading anything."""
        with self._verrou:
            return membres <= self._gardes.keys()

    def de(self, membre: str) -> Feuillet:
        """The feuillet of this membre, empty when it bought nothing."""
        with self._verrou:
            if (connu := self._gardes.get(membre)) is not None:
                self._gardes.move_to_end(membre)
                return connu
        with self._lecture:  # twenty readers who arrive together read it once
            with self._verrou:
                if (connu := self._gardes.get(membre)) is not None:
                    return connu
            lu = self._lire(membre)
            with self._verrou:
                self._gardes[membre] = lu
                self._borner()
        return lu

    def _borner(self) -> None:
        total = sum(feuillet.lignes.height for feuillet in self._gardes.values())
        while total > LIGNES_GARDEES and len(self._gardes) > 1:
            _, ancien = self._gardes.popitem(last=False)
            total -= ancien.lignes.height


def ranger(prix: pl.DataFrame, lignes: pl.DataFrame) -> Feuillet:
    """The feuillet of these rows, sorted by article."""
    return Feuillet(prix, lignes, places(prix), places(lignes))


def places(triee: pl.DataFrame) -> dict[str, Place]:
    """The place of each `article_id` in a table sorted by it."""
    suites = triee["article_id"].rle().struct.unnest() if triee.height else None
    if suites is None:
        return {}
    longueurs = suites["len"].to_list()
    trouvees, debut = {}, 0
    for article, longueur in zip(suites["value"].to_list(), longueurs, strict=True):
        trouvees[article] = (debut, longueur)
        debut += longueur
    return trouvees


def rangees(table: pl.DataFrame, place: Place | None) -> list[dict[str, Any]]:
    """The rows of this place as dictionaries."""
    if place is None:
        return []
    return table.slice(*place).rows(named=True)
