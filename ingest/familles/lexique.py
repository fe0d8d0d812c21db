"""Words that point to the familles of one nomenclature, with their weight: the lexicon of the trade first, its key words beside it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice, takewhile

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from ingest.familles.mots import stems
from ingest.familles.nomenclature import Nomenclature, livree
from ingest.quantites.nomenclature import conditionnements_par_forme
from ingest.tables import read_table
from ingest.vocabulaire import FAMILLE_A_CLASSER

# A key word of the nomenclature is written for people to read: less sure than the lexicon, and shared between the familles that claim it.
_POIDS_NOMENCLATURE = 1.2
# One that a club wrote itself is a choice: it weighs as much as the sure words of the lexicon.
_POIDS_CLUB = 3.0
_POIDS_ABREVIATION = 0.6
_POIDS_FAUTE = 0.8
_ABREVIATIONS_MAX = 12
_ENTIERS = frozenset({"port"})  # carriage, not the beginning of « porteur »
_MEMOIRE = 65_536

Poids = tuple[tuple[str, float], ...]
"""Familles pointed to, with weights, in the order of codes."""


class Lexique:
    """What words say in one nomenclature; what was worked out of a word is kept."""

    def __init__(self, nomenclature: Nomenclature) -> None:
        self.formes: Mapping[str, Poids] = _formes(nomenclature)
        """Stemmed word or expression (without linking words) → familles with weights."""
        self.suites: Mapping[str, frozenset[str]] = _suites(self.formes)
        """First word of the expressions of several words → their second words."""
        self.vocabulaire = frozenset(mot for forme in self.formes for mot in forme.split())
        """Every single word that occurs."""
        # Words of at least five letters, of which an unknown word may be an abbreviation or a slip.
        self._simples = tuple(sorted(mot for mot in self.vocabulaire if len(mot) >= 5 and mot.isalpha()))
        self.complete = lru_cache(maxsize=_MEMOIRE)(self._complete)

    def _complete(self, mot: str) -> Poids:
        """Words of the lexicon that an unknown word may stand for, with a factor: its beginning, or one slip of the keyboard."""
        if len(mot) < 3 or not mot.isalpha() or mot in self.vocabulaire or mot in _ENTIERS or mot in conditionnements_par_forme():
            return ((mot, 1.0),)
        premier = bisect_left(self._simples, mot)
        longs = list(takewhile(lambda long: long.startswith(mot), islice(self._simples, premier, premier + _ABREVIATIONS_MAX)))
        if longs:
            return tuple((long, _POIDS_ABREVIATION) for long in longs)
        if len(mot) >= 6:
            proches = process.extract(mot, self._simples, scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=3)
            if proches:
                return tuple((str(proche[0]), _POIDS_FAUTE) for proche in proches)
        return ((mot, 1.0),)


def _formes(nomenclature: Nomenclature) -> dict[str, Poids]:
    poids: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for ligne in read_table("ingest.familles", "mots.csv"):
        famille = nomenclature.resolve(ligne["famille"])
        for mot in ligne["mots"].split("|") if famille != FAMILLE_A_CLASSER else ():
            forme = " ".join(stems(mot))
            poids[forme][famille] = max(poids[forme][famille], float(ligne["poids"]), key=abs)
    livrees, du_club = _mots_cles(nomenclature)
    for forme, codes in livrees.items():
        for code in codes:
            poids[forme].setdefault(code, _POIDS_NOMENCLATURE / len(codes))
    for forme, codes in du_club.items():
        for code in codes:
            poids[forme][code] = max(poids[forme][code], _POIDS_CLUB)
    return {forme: tuple(sorted(codes.items())) for forme, codes in poids.items() if forme}


def _mots_cles(nomenclature: Nomenclature) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Stemmed key words → codes of the familles that claim them: those delivered (with them or what they took over), then the club's."""
    origines: dict[str, set[str]] = defaultdict(set)
    for famille in livree().familles:
        origines[nomenclature.resolve(famille.code)].update(famille.mots_cles)
    livrees: dict[str, set[str]] = defaultdict(set)
    du_club: dict[str, set[str]] = defaultdict(set)
    for famille in nomenclature.familles:
        for mot in famille.mots_cles:
            (livrees if mot in origines[famille.code] else du_club)[" ".join(stems(mot))].add(famille.code)
    return livrees, du_club


def _suites(formes: Mapping[str, Poids]) -> dict[str, frozenset[str]]:
    suites: dict[str, set[str]] = defaultdict(set)
    for premier, second, *_ in (forme.split(" ") for forme in formes if " " in forme):
        suites[premier].add(second)
    return {premier: frozenset(seconds) for premier, seconds in suites.items()}


@lru_cache(maxsize=4)
def lexique(nomenclature: Nomenclature) -> Lexique:
    """The lexicon of this nomenclature, made once."""
    return Lexique(nomenclature)


@lru_cache(maxsize=1)
def vocabulaire() -> frozenset[str]:
    """Every single word that occurs in the lexicon of the nomenclature as delivered."""
    return lexique(livree()).vocabulaire
