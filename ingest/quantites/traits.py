"""Numbers that are features of the thing (a size, a power, a strength), in the order in which they are taken out of a label."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from ingest.quantites.indices import Indice
from ingest.quantites.nomenclature import unite_reference

Valeur = Callable[[re.Match[str]], str]
_N = r"(\d+(?:[.,]\d+)?)"
PAPIERS = frozenset({"AD01", "AD02", "AD03", "AD06", "SC01"})
_SANS_DIMENSIONS = frozenset({"EN02", "EN03", "EN08", "SC04", "RE01", "RE02", "RE03", "RE04", "RE05", "RE06", "RE08", "EN01"})
_BASES_INCONNUES = frozenset({"unite", "kg", "l"})


class Trait(NamedTuple):
    """`motif` says the value `valeur` of the feature `nom`; it can only be found where all of `indices` were found."""

    nom: str
    motif: re.Pattern[str]
    valeur: Valeur
    indices: int


def bases_de(famille: str) -> frozenset[str]:
    """The base units in which things of this famille are bought: a measure in one of them is a content, not a feature."""
    reference = unite_reference(famille)
    return frozenset(reference.unites_base) if reference else _BASES_INCONNUES


@lru_cache(maxsize=1024)
def traits_codes(famille: str) -> tuple[Trait, ...]:
    """Codes, sizes and thicknesses: they hold several numbers, and are read first."""
    traits = [
        _trait("section", rf"\b(\d) ?g ?{_N}(?: ?mm2)?\b", lambda m: f"{m[1]}g{number(m[2])}", Indice.GRAMME),
        _trait("filetage", r"\bm ?(\d{1,2}) ?x ?(\d{1,3})\b", lambda m: f"m{m[1]}x{m[2]}", Indice.METRE | Indice.FOIS),
        _trait("teinte", r"\bral ?(\d{4})\b", _first, Indice.RAL),
        _trait("npk", r"\b(\d{1,2})[-.](\d{1,2})[-.](\d{1,2})\b", lambda m: f"{m[1]}-{m[2]}-{m[3]}", Indice.TRIO),
    ]
    if famille not in _SANS_DIMENSIONS:  # twice: « 21x29,7 … 5x5 », a size and a ruling
        motif = rf"\b{_N} ?x ?{_N}(?: ?x ?{_N})? ?(mm|cm|m)?\b(?! ?(?:l|cl|ml|kg|g|f|m)\b)"
        traits += [_trait("dimensions", motif, _dimensions, Indice.FOIS)] * 2
    traits += [
        _trait("epaisseur", r"\b(\d+)/100\b(?! ?kg)", lambda m: str(int(m[1]) * 10), Indice.CENTIEME),
        _trait("plage", rf"\(?\b{_N} ?[/-] ?{_N}(?: ?kg| ?mm| ?cm)?\b\)?", lambda m: f"{number(m[1])}-{number(m[2])}", Indice.BARRE),
        _trait("epaisseur", r"\b(\d+) ?(?:microns?|mic|um|micra|µ)\b", _first, Indice.MICRON),
    ]
    if famille == "EN03":
        traits.append(_trait("epaisseur", r"\b(\d{2,3}) ?u\b", _first))
    if famille in {"VO04", "EP01"}:
        traits.append(_trait("classe", r"\b(?:classe|cl)\.? ?(\d)\b", _first))
    return tuple(traits)


@lru_cache(maxsize=1024)
def traits_mesures(famille: str) -> tuple[Trait, ...]:
    """Measures, then what belongs to a trade; a measure that is not a content is a feature: seau de 12 l, colle de 20 g, sac de 110 l."""
    return (*_measures(famille), *_techniques(famille), *_tailles(famille))


def _measures(famille: str) -> list[Trait]:
    traits, bases = [], bases_de(famille)
    if famille in PAPIERS:
        traits.append(_trait("grammage", r"\b(\d{2,3}) ?(?:g/m2|grs?|grammes?|g)\b", _first, Indice.GRAMME))
    elif "kg" not in bases:
        traits.append(_trait("poids", rf"\b{_N} ?(kg|grs?|g)\b", lambda m: f"{number(m[1], 1000 if m[2] == 'kg' else 1)}g", Indice.MASSE))
    if "l" not in bases:
        traits.append(_trait("capacite", rf"\b{_N} ?(litres?|lt?|cl|ml)\b(?! ?/)", lambda m: f"{litres(m)}l", Indice.LITRE))
    pots, unite = ("pot|godet|", "cm") if famille.startswith("EV") else ("", "mm")
    motif = rf"\b(?:dos|fond|{pots}d|diam|diametre)\.? ?(?:v|de)? ?{_N} ?(mm|cm|m)?\b(?! ?(?:l|litres?|kg|g)\b)"
    traits.append(_trait("longueur", motif, lambda m: f"{number(m[1], _MILLIMETRES[m[2] or unite])}mm", Indice.DIAMETRE))
    traits.append(_trait("longueur", rf"\b{_N} ?(mm|cm)\b", lambda m: f"{number(m[1], _MILLIMETRES[m[2]])}mm", Indice.CENTIMETRE))
    if "m" not in bases:
        traits.append(_trait("longueur", rf"\b{_N} ?m\b", lambda m: f"{number(m[1], 1000)}mm", Indice.METRE))
    return traits


_MILLIMETRES = {"mm": 1, "cm": 10, "m": 1000}


def _techniques(famille: str) -> list[Trait]:
    traits = []
    if famille == "BA03":
        traits.append(_trait("culot", r"\b(e27|e14|gu10|b22|g4|t8|t5|r7s)\b", _first))
    traits += [
        _trait("puissance", rf"\b{_N} ?w(?:atts?)?\b", lambda m: f"{number(m[1])}w", Indice.WATT),
        _trait("temperature", r"\b(\d{4}) ?k\b", lambda m: f"{m[1]}k", Indice.KELVIN),
        _trait("tension", r"\b(\d{1,3}) ?(?:v|volts?)\b", lambda m: f"{m[1]}v", Indice.VOLT),
        _trait("affaiblissement", r"\b(\d+) ?db\b", lambda m: f"{m[1]}db", Indice.DECIBEL),
        _trait("pourcentage", rf"(?<!\d){_N} ?%(?: ?(?:mg|de matiere grasse|de chlore actif|c\.a\.?))?", _pourcentage, Indice.POURCENT),
        _trait("degre", r"\b(\d{1,2}) ?(?:°|degres?\b)", _first, Indice.DEGRE),
        _trait("plis", r"\b(\d) ?plis?\b", _first, Indice.PLI),
    ]
    if famille.startswith("BA"):
        motif = r"\b([1-4]) ?p ?\+ ?[nt]\b|\b([1-4])p\b|\b(ph) ?\+ ?n\b"
        traits.append(_trait("poles", motif, lambda m: "1" if m[3] else m[1] or m[2], sans_chiffre=True))
        traits.append(_trait("intensite", r"\b(\d{1,3}) ?(?:a|amp|amperes?)\b", lambda m: f"{m[1]}a"))
        if famille == "BA02":
            traits.append(_trait("courbe", r"\b(?:courbe )?([bcd])\b(?! ?/)", _first, sans_chiffre=True))
        traits.append(_trait("longueur totale", rf"\b(?:l|lg|long|longueur)\.? ?{_N}\b(?! ?(?:l|kg))", lambda m: number(m[1])))
    if famille.startswith("NU"):
        traits.append(_trait("ecran", rf"\b{_N} ?(?:pouces?|\"|p\b)", lambda m: number(m[1])))
        traits.append(_trait("memoire", r"\b(\d+) ?(?:go|gb)\b", lambda m: f"{m[1]}go"))
        traits.append(_trait("memoire", r"\b(?:ssd ?)?(\d{3,4})(?: ?(?:go|gb))?\b", lambda m: f"{m[1]}go"))
    if famille in {"SC01", "AD02", "AD06"}:
        traits.append(_trait("pages", r"\b(\d+) ?p(?:ages?|gs?)?\b", _first, Indice.PAGE))
    if famille == "EN02":
        traits.append(_trait("pliage", r"\b(?:pliage|plies?|enchevetres?)?(?: en)? ?\b([zvw])\b", _first, sans_chiffre=True))
    if famille in PAPIERS:
        traits.append(_trait("format", r"\b(a[0-6]|c[456]|dl)\b", _first, Indice.FORMAT, sans_chiffre=True))
    return traits


def _tailles(famille: str) -> list[Trait]:
    traits = []
    if famille == "RE05":
        traits.append(_trait("type", r"\b(?:t|type) ?(\d{2,3})\b", _first))
    if famille[:2] in {"SC", "EN", "EP"} and famille != "EN01":
        motif = r"\bt(?:aille|ailles|le)?\.? ?(xs|s|m|l|xl|xxl|xxxl|[2-6]xl|\d{1,2})\b"
        traits.append(_trait("taille", motif, _first, Indice.TAILLE, sans_chiffre=True))
    if famille in {"EN08", "EP01", "EP02"}:
        traits.append(_trait(TAILLE_NUE, r"\b(xs|s|m|xl|xxl|xxxl|[2-6]xl)\b", _first, sans_chiffre=True))
    if famille == "ER01":
        traits.append(_trait("segment", r"\b(?:segment )?(c[1-5])\b", _first))
    return traits


# A size of which nothing says that it is one: read only when no other was.
TAILLE_NUE = "taille nue"


def _trait(nom: str, motif: str, valeur: Valeur, indices: int = 0, *, sans_chiffre: bool = False) -> Trait:
    return Trait(nom, re.compile(motif), valeur, int(indices) | (0 if sans_chiffre else int(Indice.CHIFFRE)))


def _first(trouve: re.Match[str]) -> str:
    return str(trouve[1])


def _pourcentage(trouve: re.Match[str]) -> str:
    return "" if trouve[1] == "100" else number(trouve[1])


def _dimensions(trouve: re.Match[str]) -> str:
    """« 0.6x0.6 » for 600x600 mm, 60x60 cm and 0,6 x 0,6 m: one size."""
    nombres = [Decimal(n.replace(",", ".")) for n in trouve.group(1, 2, 3) if n]
    plus_grand = max(nombres)
    if plus_grand == 0:
        return ""
    echelle = Decimal(10) ** plus_grand.adjusted()
    return "x".join(f"{(n / echelle).normalize():f}" for n in nombres)


@lru_cache(maxsize=16_384)
def number(texte: str, facteur: int = 1) -> str:
    """Canonical spelling of a number: « 1,50 » is « 1.5 »."""
    return f"{(Decimal(texte.replace(',', '.')) * facteur).normalize():f}"


def litres(trouve: re.Match[str]) -> str:
    """Canonical spelling in litres of a number (first group) of a unit (second group)."""
    diviseur = {"cl": 100, "ml": 1000}.get(trouve[2], 1)
    return f"{(Decimal(trouve[1].replace(',', '.')) / diviseur).normalize():f}"
