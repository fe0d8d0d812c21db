"""Write numbers, dates and sentences the French way: narrow no-break space in thousands, no-break space before € and double signs."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

FINE = "\u202f"  # narrow no-break space
INSECABLE = "\u00a0"

MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def nombre(valeur: Decimal | int, decimales: int | None = None) -> str:
    """`12 090`, `1 234,50`; without `decimales`, as many as needed and no trailing zero."""
    exacte = Decimal(valeur)
    if decimales is not None:
        exacte = exacte.quantize(Decimal(1).scaleb(-decimales), rounding=ROUND_HALF_UP)
    texte = format(exacte, "f")
    if decimales is None and "." in texte:
        texte = texte.rstrip("0").rstrip(".")
    entier, _, fraction = texte.lstrip("-").partition(".")
    groupes = f"{int(entier):,}".replace(",", FINE)
    signe = "−" if exacte < 0 else ""
    return signe + groupes + (f",{fraction}" if fraction else "")


def euros(montant: Decimal | int, decimales: int = 2) -> str:
    """`1 234,56 €`: an account, to the cent."""
    return f"{nombre(Decimal(montant), decimales)}{INSECABLE}€"


def euros_ronds(montant: Decimal | int) -> str:
    """`166 842 €`: to the euro, without false cents."""
    return euros(montant, 0)


def arrondir_estimation(montant: Decimal, chiffres: int = 2) -> Decimal:
    """Round an estimate to its first significant figures (1 188 → 1 200), half up."""
    if montant == 0:
        return Decimal(0)
    exposant = montant.adjusted() - chiffres + 1
    return montant.quantize(Decimal(1).scaleb(exposant), rounding=ROUND_HALF_UP) if exposant < 0 else _round_to(montant, exposant)


def _round_to(montant: Decimal, exposant: int) -> Decimal:
    pas = Decimal(10) ** exposant
    return (montant / pas).quantize(Decimal(1), rounding=ROUND_HALF_UP) * pas


def euros_estimes(montant: Decimal) -> str:
    """`environ 1 200 €`: an estimate, two significant figures."""
    return f"environ {euros(arrondir_estimation(montant), 0)}"


def pourcentage(part: Decimal, decimales: int = 0) -> str:
    """`43 %` for 0.43."""
    return f"{nombre(part * 100, decimales)}{INSECABLE}%"


def date_longue(jour: date) -> str:
    """`1er avril 2026`."""
    return f"{'1er' if jour.day == 1 else jour.day} {MOIS[jour.month - 1]} {jour.year}".replace(" ", INSECABLE)


def enumerer(termes: Iterable[str]) -> str:
    """`a, b et c`."""
    liste = list(termes)
    return liste[0] if len(liste) == 1 else f"{', '.join(liste[:-1])} et {liste[-1]}" if liste else ""


def de(nom: str) -> str:
    """`d'Angoulême`, `de Touvre`, `du Gond`, `des Ormes`, `de La Couronne`, `de L'Isle-d'Espagnac`: a name after « de »."""
    if nom.startswith("Le "):
        return f"du {nom[3:]}"
    if nom.startswith("Les "):
        return f"des {nom[4:]}"
    return f"d’{nom}" if nom[:1].lower() in "aâàeéèêëiîïoôuùûyh" else f"de {nom}"


_DOUBLE = re.compile(r"(?<=[^\s;!?])[ \u00a0\u202f]?([;!?]+)(?=\s|$|»)")
_DEUX_POINTS = re.compile(r"(?<=\S)[ \u00a0]:(?=\s|$)")


def composer(texte: str) -> str:
    """French spaces in a sentence: no-break before « : » and inside guillemets, narrow before ; ! ?, after n° and « article »."""
    texte = texte.replace("'", "’")
    texte = re.sub(r"«\s*", f"«{INSECABLE}", texte)
    texte = re.sub(r"\s*»", f"{INSECABLE}»", texte)
    texte = _DOUBLE.sub(f"{FINE}\\1", texte)
    texte = _DEUX_POINTS.sub(f"{INSECABLE}:", texte)
    texte = re.sub(r"\b([LRD])\. (?=\d)", f"\\1.{INSECABLE}", texte)
    texte = re.sub(r"\b(n°|articles?|annexes?|lots?) (?=[\dLRDIV])", f"\\1{INSECABLE}", texte)
    texte = re.sub(r"(?<=\d) (?=(?:€|%|h\b|mois\b|jours\b|ans\b))", INSECABLE, texte)
    texte = re.sub(r"€ (?=HT|TTC)", f"€{INSECABLE}", texte)
    return re.sub(r"(?<=\d) (?=\d{3}\b)", FINE, texte)
