"""An article is called by the clearest of its labels, without its packaging."""

import re
from collections.abc import Iterable
from functools import lru_cache

from ingest.quantites.grammaire import decouper
from ingest.quantites.nomenclature import conditionnements_par_forme


def name(libelles: Iterable[tuple[str, int]]) -> str:
    """Among (label, number of lines): one in lower case and without packaging rather than not, then the most frequent, then the first."""
    candidats = sorted({(strip_conditionnement(libelle), n) for libelle, n in libelles})
    poids: dict[str, int] = {}
    for libelle, n in candidats:
        poids[libelle] = poids.get(libelle, 0) + n
    return min(poids, key=lambda libelle: (libelle.isupper(), len(libelle) < _TROP_COURT, -poids[libelle], libelle))


@lru_cache(maxsize=262_144)
def strip_conditionnement(libelle: str) -> str:
    """« papier A4 80 g, carton de 5 ramettes » → « papier A4 80 g »; the label as it is when nothing would be left."""
    texte = _fin().sub("", libelle).strip(" -–,/(")
    texte = _debut().sub("", texte).strip(" -–,/(")
    return texte if len(texte) >= _TROP_COURT and decouper(texte).restes else libelle.strip()


_TROP_COURT = 4


@lru_cache(maxsize=1)
def _alternatives() -> str:
    formes = {forme for forme in conditionnements_par_forme() if len(forme) >= 3 and forme.isalpha()} | {
        "boîte",
        "étui",
        "boîtes",
        "ct",
        "bt",
    }
    return "|".join(
        sorted(
            formes - {"tour", "fil", "cour", "plat", "col", "car", "can", "pal", "sac", "sacs", "tube", "filet", "pot"},
            key=len,
            reverse=True,
        )
    )


_UNITE = r"(?:feuilles?|f|l|litres?|cl|ml|kg|g|m|unites?|paires?|[a-zà-ÿœ]+s)"


@lru_cache(maxsize=1)
def _fin() -> re.Pattern[str]:
    mots = rf"(?:{_alternatives()})\b\.?\s*(?:de\s+)?/?\d.*"
    produit = r"\d+\s?x\s?\d+(?:[.,]\d+)?\s?(?:l|cl|ml|kg|g|f)\b.*"
    return re.compile(rf"\s*[-–,/(]?\s*\b(?:{mots}|{produit}|[BRCPSLE]/\d+.*)$", re.IGNORECASE)


@lru_cache(maxsize=1)
def _debut() -> re.Pattern[str]:
    suite = rf"(?:\s+de\s+\d[\d ]*\s?{_UNITE}|\s+\d+\s?{_UNITE})?"
    return re.compile(rf"^(?:{_alternatives()})\b\.?\s*(?:de\s+)?\d[\d ]*(?:x\s?\d+)?\s?{_UNITE}?{suite}\s+", re.IGNORECASE)
