"""A label is read folded (no case, no accent) and cut in numbers, words and signs, so that « 6x1,5L » and « 6 X 1.5 l » are one thing."""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

_SIGNES = str.maketrans(
    {
        "×": "x",
        "µ": "um",
        "μ": "um",
        "²": "2",
        "³": "3",
        "’": "'",
        "œ": "oe",
        "Œ": "oe",
        "æ": "ae",
        "½": "1/2",
        "\u00a0": " ",
        "\u202f": " ",
    }
)
_ACCENTS = re.compile("[\u0300-\u036f]")  # the accents of French; others are rarer, and looked for one by one
_MICRON = re.compile("[µμ]m?")
_MILLIERS = re.compile(
    r"(?<![\w.,/])(\d{1,3}) (?=000(?!\d))|(?<=\bde )(\d{1,3}) (?=\d{3} ?f)|(?<![\w.,/])(\d{1,3}) (?=\d{3} ?p(?:ages?)?\b)"
)
_SANS_ZERO = re.compile(r"(?<![^\s(x*])\.(?=\d+ ?(?:kg|mg|g|[cmd]?l)\b)")
_MILLE_PAGES = re.compile(r"\b(\d{1,2})(?:[.,](\d))? ?k (?=p(?:ages?)?\b)")
_POINT_MILLIERS = re.compile(r"(?<![\w.,])(\d{1,3})\.(?=000\b)")
_NOMBRES_VOISINS = re.compile(r"\d \d")
_ETOILE = re.compile(r"(?<=\d)\s?\*\s?(?=\d)")
_FOIS = re.compile(r"(?<=\d)\s?x\s?(?=\d)")
_UNITE_FOIS = re.compile(r"(?<=\d)([a-z]{1,2})x(?=\d)")
_FOIS_DEVANT = re.compile(r"(?<![a-z0-9])x\s?(?=\d)")
_JETON = re.compile(r"\d+(?:[.,]\d+)?|[a-z]+(?:'(?=[a-z]))?[a-z0-9]*(?:(?<=\d)[.,]\d+)?|[^\s\w]")
_COLLE = re.compile(r"\b[a-z]+(?=\d)")


class Jeton(NamedTuple):
    """One piece of a label: `texte` folded, `nombre` when it is one, `colle` when no space precedes it."""

    texte: str
    nombre: Decimal | None
    colle: bool


@lru_cache(maxsize=65_536)
def fold(texte: str) -> str:
    """Lower case, without accents nor typographic variants, single spaces; digits and signs are kept."""
    if texte.isascii():  # nothing below changes plain letters
        return " ".join(texte.casefold().split())
    decompose = unicodedata.normalize("NFKD", _MICRON.sub("um", texte).translate(_SIGNES).casefold())
    sans_accent = _ACCENTS.sub("", decompose)
    if not sans_accent.isascii():
        sans_accent = "".join(signe for signe in sans_accent if not unicodedata.combining(signe)).translate(_SIGNES)
    return " ".join(sans_accent.split())


def split_mots(texte: str) -> list[str]:
    """The words of a folded text, cut at spaces once numbers are whole: « 1 000 » is one word, « 6x 1,5 » is « 6 », « x », « 1,5 »."""
    if _NOMBRES_VOISINS.search(texte):
        texte = _MILLIERS.sub(lambda trouve: trouve.group(trouve.lastindex or 0), texte)
    if "*" in texte:
        texte = _ETOILE.sub("x", texte)
    if "." in texte:
        texte = _SANS_ZERO.sub("0.", texte)
    if "k p" in texte:
        texte = _MILLE_PAGES.sub(lambda trouve: f"{trouve[1]}{trouve[2] or 0}00 ", texte)
    if ".000" in texte:
        texte = _POINT_MILLIERS.sub(r"\1", texte)
    return (_FOIS.sub(" x ", texte) if "x " in texte else texte).split(" ")


def cut(mot: str, prefixes: frozenset[str]) -> list[Jeton]:
    """Cut a word of `split_mots` into pieces; `prefixes` are the packaging words that, stuck to a number (« bte100 »), are separated."""
    if "x" in mot:
        mot = _FOIS_DEVANT.sub("x ", _UNITE_FOIS.sub(r"\1 x ", _FOIS.sub(" x ", mot)))
    mot = _COLLE.sub(lambda trouve: f"{trouve[0]} " if trouve[0] in prefixes else trouve[0], mot)
    jetons = []
    for trouve in _JETON.finditer(mot):
        texte, debut = trouve.group(), trouve.start()
        nombre = Decimal(texte.replace(",", ".")) if texte[0].isdecimal() else None
        jetons.append(Jeton(texte, nombre, debut > 0 and mot[debut - 1] != " "))
    return jetons
