"""Qualities are words: organic, recycled, remanufactured… each is looked for only in labels that have a word which may say it."""

import re
from functools import lru_cache
from typing import NamedTuple


class Qualite(NamedTuple):
    """A value of a feature: `motif` says it in a text; no text without a word in which `indice` is found can say it."""

    nom: str
    valeur: str
    indice: re.Pattern[str]
    motif: re.Pattern[str]


QUALITES = tuple(
    Qualite(nom, valeur, re.compile(indice), re.compile(motif))
    for nom, valeur, indice, motif in (
        # « issues de l'agri… » is cut short, or abbreviated: only « raisonnée » makes it another agriculture
        ("bio", "oui", r"agri|bio|(?<![a-z])ab(?![a-z])",
         r"\b(?:(?:issue?s? )?(?:de )?l'agri\w*\.?(?: b\w*)?(?! ?rais)|agri\w*\.? bio\w*|bios?|biologiques?|biol|ab)(?!\w)"),
        ("contact", "alimentaire", r"alim|cuisine",
         r"\b(?:(?:contact|usage) )?(?:alimentaires?|alimentation|alim|agroalimentaires?|cuisines?)\b"),
        ("recycle", "oui", r"recy|rcy", r"\b(?:100 ?% )?(?:recycle[es]?s?|recy|recyc|rcy|recycl)\b"),
        ("etat", "remanufacture", r"reman|recond", r"\b(?:remanufacture[es]?s?|reconditionne[es]?s?|remanuf|recond|reman)\b"),
        ("etat", "compatible", r"comp", r"\b(?:compatibles?|compat|comp)\b(?: pour\b)?"),
        ("label", "ecolabel", r"eco", r"\b(?:eco ?-?labels?(?: europeen)?|ecologiques?|ecolabellise[es]?)\b"),
        ("label", "label rouge", r"label|(?<![a-z])lr(?![a-z])", r"\blabel rouge\b|\blr\b"),
        ("label", "msc", r"msc", r"\bmsc\b"),
        ("label", "aop", r"aop", r"\baop\b"),
        ("concentre", "oui", r"conc", r"\b(?:concentre[es]?s?|conc)\b"),
        ("presentation", "bobine", r"bob|devid|(?<![a-z])dc(?![a-z])", r"\b(?:bobines?|bobi?|devidage|dc)\b"),
        ("presentation", "plie", r"pli|enchev|feuille", r"\b(?:plie[es]*|pliage|enchevetre[es]*|feuille a feuille)(?: en)?\b"),
        ("desinfectant", "oui", r"desinf|desf|bacteri|viruc", r"\b(?:desinf\w*|desf|bactericide|virucide)\b"),
        ("jumbo", "mini", r"jumbo", r"\bmini ?jumbo\b"),
        ("jumbo", "maxi", r"jumbo", r"\b(?:maxi ?)?jumbo\b"),
        ("poudre", "non", r"poud", r"\bnon (?:poudre[es]?s?|poud)\b"),
        ("fenetre", "non", r"fen|fnt|s/?f|plein", r"\b(?:(?:sans|ss|s/) ?(?:fenetres?|fene?t?|fnt)|s/?f|pleines?)\b"),
        ("fenetre", "oui", r"fen|fnt|s/?f|plein", r"\b(?:(?:avec|av|a|a/) ?)?(?:fenetres?|fene?t?|fnt|fenestree?s?)\b(?: \d+ ?x ?\d+)?"),
    )
)  # fmt: skip


@lru_cache(maxsize=1024)
def qualites_de(famille: str) -> tuple[tuple[int, Qualite], ...]:
    """The qualities that mean something in this famille, each with the bit of its `indice`."""
    return tuple((1 << rang, qualite) for rang, qualite in enumerate(QUALITES) if _has_meaning(qualite, famille))


def _has_meaning(qualite: Qualite, famille: str) -> bool:
    if qualite.nom in {"desinfectant", "contact"}:
        return famille == "EN01"
    if qualite.nom == "fenetre":
        return famille == "AD03"
    return qualite.valeur != "label rouge" or famille.startswith("RE")
