"""A label is read folded (no case, no accent) and cut in numbers, words and signs, so that « 6x1,5L » and « 6 X 1.5 l » are one thing."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

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
_MICRON = re.compile("[µμ]m?")
_MILLIERS = re.compile(
    r"(?<![\w.,/])(\d{1,3}) (?=000(?!\d))|(?<=\bde )(\d{1,3}) (?=\d{3} ?f)|(?<![\w.,/])(\d{1,3}) (?=\d{3} ?p(?:ages?)?\b)"
)
_POINT_MILLIERS = re.compile(r"(?<![\w.,])(\d{1,3})\.(?=000\b)")
_FOIS = re.compile(r"(?<=\d)\s?x\s?(?=\d)")
_UNITE_FOIS = re.compile(r"(?<=\d)([a-z]{1,2})x(?=\d)")
_FOIS_DEVANT = re.compile(r"(?<![a-z0-9])x\s?(?=\d)")
_JETON = re.compile(r"\d+(?:[.,]\d+)?|[a-z]+(?:'(?=[a-z]))?[a-z0-9]*(?:(?<=\d)[.,]\d+)?|[^\s\w]")
_NOMBRE = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class Jeton:
    """One piece of a label: `texte` folded, `nombre` when it is one, `colle` when no space precedes it."""

    texte: str
    nombre: Decimal | None
    colle: bool


@lru_cache(maxsize=65_536)
def fold(texte: str) -> str:
    """Lower case, without accents nor typographic variants, single spaces; digits and signs are kept."""
    decompose = unicodedata.normalize("NFKD", _MICRON.sub("um", texte).translate(_SIGNES).casefold())
    sans_accent = "".join(signe for signe in decompose if not unicodedata.combining(signe))
    return " ".join(sans_accent.translate(_SIGNES).split())


def cut(texte: str, prefixes: re.Pattern[str]) -> tuple[Jeton, ...]:
    """Cut a folded text into pieces; `prefixes` matches packaging words stuck to a number (« bte100 »), which are separated from it."""
    texte = _POINT_MILLIERS.sub(r"\1", _MILLIERS.sub(lambda trouve: trouve.group(trouve.lastindex or 0), texte))
    texte = _UNITE_FOIS.sub(r"\1 x ", _FOIS.sub(" x ", texte))
    texte = prefixes.sub(r"\1 ", _FOIS_DEVANT.sub("x ", texte))
    jetons = []
    for trouve in _JETON.finditer(texte):
        mot = trouve.group()
        nombre = Decimal(mot.replace(",", ".")) if _NOMBRE.fullmatch(mot) else None
        colle = trouve.start() > 0 and texte[trouve.start() - 1] != " "
        jetons.append(Jeton(mot, nombre, colle))
    return tuple(jetons)
