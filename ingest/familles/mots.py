"""A label is compared by its words, without plural marks nor linking words."""

from functools import lru_cache

from ingest.quantites.texte import fold

_COUPURES = str.maketrans("'/-().", "      ")
_LIAISONS = frozenset({"de", "d", "du", "des", "a", "au", "aux", "la", "le", "les", "l", "en", "et", "pour", "avec", "sur"})


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
