"""Words that point to a famille, with their weight: the lexicon of the trade first, the key words of the nomenclature beside it."""

from bisect import bisect_left
from collections import defaultdict
from functools import lru_cache
from itertools import islice, takewhile

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from ingest.familles.nomenclature import familles
from ingest.quantites.nomenclature import conditionnements_par_forme
from ingest.quantites.texte import fold
from ingest.tables import read_table

# A key word of the nomenclature is written for people to read: less sure than the lexicon, and shared between the familles that claim it.
_POIDS_NOMENCLATURE = 1.2
_POIDS_ABREVIATION = 0.6
_POIDS_FAUTE = 0.8
_ABREVIATIONS_MAX = 12
_COUPURES = str.maketrans("'/-().", "      ")
_LIAISONS = frozenset({"de", "d", "du", "des", "a", "au", "aux", "la", "le", "les", "l", "en", "et", "pour", "avec", "sur"})


@lru_cache(maxsize=1)
def mots_par_forme() -> dict[str, tuple[tuple[str, float], ...]]:
    """Stemmed word or expression (without linking words) → familles with weights."""
    poids: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for ligne in read_table("ingest.familles", "mots.csv"):
        for mot in ligne["mots"].split("|"):
            forme = " ".join(stems(mot))
            poids[forme][ligne["famille"]] = max(poids[forme][ligne["famille"]], float(ligne["poids"]), key=abs)
    cles: dict[str, set[str]] = defaultdict(set)
    for famille in familles():
        for mot in famille.mots_cles:
            cles[" ".join(stems(mot))].add(famille.code)
    for forme, codes in cles.items():
        for code in codes:
            poids[forme].setdefault(code, _POIDS_NOMENCLATURE / len(codes))
    return {forme: tuple(sorted(codes.items())) for forme, codes in poids.items() if forme}


@lru_cache(maxsize=1)
def suites_par_debut() -> dict[str, frozenset[str]]:
    """First word of the expressions of several words → their second words."""
    suites: dict[str, set[str]] = defaultdict(set)
    for premier, second, *_ in (forme.split(" ") for forme in mots_par_forme() if " " in forme):
        suites[premier].add(second)
    return {premier: frozenset(seconds) for premier, seconds in suites.items()}


def stems(texte: str) -> tuple[str, ...]:
    """Folded words without plural marks nor linking words: « chaussures de sécurité » gives « chaussure securite »."""
    return tuple([mot for ecrit in fold(texte).split(" ") for mot in _cut(ecrit)])


@lru_cache(maxsize=65_536)
def _cut(ecrit: str) -> tuple[str, ...]:
    """The words of what stands between two spaces."""
    mots = ecrit.translate(_COUPURES).split()
    return tuple(_stem(mot.strip(",;:+")) for mot in mots if mot.strip(",;:+") and mot not in _LIAISONS)


def _stem(mot: str) -> str:
    return mot[:-1] if len(mot) > 3 and mot[-1] in "sx" and mot[-2] not in "su" and mot.isalpha() else mot


@lru_cache(maxsize=1)
def _mots_simples() -> tuple[str, ...]:
    """Words of the lexicon of at least five letters, of which an unknown word may be an abbreviation or a slip."""
    return tuple(sorted({mot for forme in mots_par_forme() for mot in forme.split() if len(mot) >= 5 and mot.isalpha()}))


@lru_cache(maxsize=1)
def vocabulaire() -> frozenset[str]:
    """Every single word that occurs in the lexicon."""
    return frozenset(mot for forme in mots_par_forme() for mot in forme.split())


@lru_cache(maxsize=65_536)
def complete(mot: str) -> tuple[tuple[str, float], ...]:
    """Words of the lexicon that an unknown word may stand for, with a factor: its beginning, or one slip of the keyboard."""
    if len(mot) < 3 or not mot.isalpha() or mot in vocabulaire() or mot in conditionnements_par_forme():
        return ((mot, 1.0),)
    simples = _mots_simples()
    premier = bisect_left(simples, mot)
    longs = list(takewhile(lambda long: long.startswith(mot), islice(simples, premier, premier + _ABREVIATIONS_MAX)))
    if longs:
        return tuple((long, _POIDS_ABREVIATION) for long in longs)
    if len(mot) >= 6:
        proches = process.extract(mot, _mots_simples(), scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=3)
        if proches:
            return tuple((str(proche[0]), _POIDS_FAUTE) for proche in proches)
    return ((mot, 1.0),)
