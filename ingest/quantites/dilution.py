"""A concentrate says its dose: « dose 0,5 % », « dilution 20 ml/l », « 40 ml pour 8 l »; only then is it compared ready for use."""

import re
from decimal import Decimal
from functools import lru_cache

from ingest.quantites.texte import fold

_POURCENT = re.compile(r"\b(?:dos\w*|dil\w*|conc\w*)\W{0,3}(?:a |de |:)?\s*(\d+(?:[.,]\d+)?) ?%")
_PAR_LITRE = re.compile(r"\b(?:dos\w*|dil\w*)\W{0,3}(?:a |de |:)?\s*(\d+(?:[.,]\d+)?) ?ml ?(?:/|par|pour) ?(\d+(?:[.,]\d+)?)? ?l\b")


@lru_cache(maxsize=65_536)
def read_dose(libelle: str) -> Decimal | None:
    """Dose in per cent of volume when the label says it (0 < dose < 100), else None."""
    texte = fold(libelle)
    pourcent = _POURCENT.search(texte)
    if pourcent:
        dose = _number(pourcent.group(1))
    else:
        par_litre = _PAR_LITRE.search(texte)
        if par_litre is None:
            return None
        litres = _number(par_litre.group(2)) if par_litre.group(2) else Decimal(1)
        if not litres:
            return None
        dose = _number(par_litre.group(1)) / (litres * 10)
    return dose if 0 < dose < 100 else None


def _number(texte: str) -> Decimal:
    return Decimal(texte.replace(",", "."))
