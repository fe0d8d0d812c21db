"""Words that point to a famille, with their weight: those of the nomenclature, shared between the familles that claim them."""

from collections import defaultdict
from functools import lru_cache

from ingest.familles.nomenclature import familles
from ingest.quantites.texte import fold


@lru_cache(maxsize=1)
def mots_par_forme() -> dict[str, tuple[tuple[str, float], ...]]:
    """Folded word or expression → familles with weights; a word claimed by several familles is worth less to each."""
    codes: dict[str, set[str]] = defaultdict(set)
    for famille in familles():
        for mot in famille.mots_cles:
            codes[fold(mot)].add(famille.code)
    return {forme: tuple((code, 1 / len(liste)) for code in sorted(liste)) for forme, liste in codes.items()}
