"""Features that forbid a match, read from the label: two lines with different values of one of them are never one article."""

import json
import re
from functools import lru_cache

from ingest.quantites.texte import fold

_MOTIFS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("format", re.compile(r"(?<![a-z0-9])(a[0-6]|c[456]|dl)(?![a-z0-9])")),
    ("grammage", re.compile(r"(?<![\d,.])(\d{2,3}) ?(?:g/m2|grs?|g)(?![a-z0-9])")),
    ("taille", re.compile(r"(?<![a-z0-9])(?:t|taille) ?(xs|s|m|l|xl|xxl|xxxl|[1-9]|[1-6]\d)(?![a-z0-9.,])")),
)


@lru_cache(maxsize=65_536)
def extract_attributs(libelle: str, famille: str | None) -> str:
    """JSON object, keys sorted, of the features read (« {} » when none)."""
    texte = fold(libelle)
    lus = {nom: trouve.group(1) for nom, motif in _MOTIFS if (trouve := motif.search(texte))}
    return json.dumps(lus, ensure_ascii=False, sort_keys=True)
