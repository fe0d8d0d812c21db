"""A supplier's name is compared without its legal form, accents, signs nor order of words: « PAPETERIE MARTIN SARL » is « Martin Papèterie »."""

import re
from functools import lru_cache

from ingest.quantites.texte import fold

_FORMES = frozenset(
    ["sarl", "sas", "sasu", "sa", "snc", "eurl", "ei", "eirl", "earl", "gaec", "gie", "scop", "sca", "scs", "scea", "sci", "selarl", "selas", "gmbh", "spa", "ltd", "bv", "nv", "association", "ass", "asso", "ets", "etablissements", "etablissement", "ste", "societe", "cie", "compagnie", "et", "fils", "freres", "groupe", "holding", "france", "de", "des", "du", "la", "le", "les", "l", "d"]
)
_SIGNES = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=65_536)
def normalise_nom(nom: str) -> str:
    """Significant words of a name, folded, sorted, joined by a space; the whole folded name when nothing else is left."""
    folded = fold(nom).replace(".", "").replace("'", " ")
    mots = _SIGNES.sub(" ", folded).split()
    utiles = sorted({mot for mot in mots if mot not in _FORMES})
    return " ".join(utiles) or " ".join(mots)
