"""How a French reader sees numbers, money, dates and counts: the only place where they become text.

Thousands are separated by a narrow no-break space (U+202F), a number and what follows it by a no-break space (U+00A0), the decimal
sign is a comma (Imprimerie nationale, Lexique des règles typographiques). An estimate is rounded to two significant figures and said
« environ »; an account is exact to the cent.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

FINE = "\u202f"
INSECABLE = "\u00a0"
MOINS = "\u2212"

MOIS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")

Nombre: TypeAlias = Decimal | int | float


def as_decimal(valeur: Nombre) -> Decimal:
    """Turn any number into the Decimal a person would read (a float by its shortest writing)."""
    return valeur if isinstance(valeur, Decimal) else Decimal(str(valeur))


def nombre(valeur: Nombre, decimales: int | None = None, *, signe: bool = False) -> str:
    """« 1 234,5 »: rounded half up to `decimales`, or as many as needed (at most six) when not given; `signe` writes + too."""
    exact = as_decimal(valeur)
    arrondi = exact.quantize(_RANGS[6 if decimales is None else decimales], ROUND_HALF_UP, _LARGE)
    texte = format(arrondi.copy_abs(), ",f")
    if decimales is None:
        texte = texte.rstrip("0").rstrip(".")
    devant = MOINS if arrondi < 0 else ("+" if signe and arrondi > 0 else "")
    return devant + texte.replace(",", FINE).replace(".", ",")


_LARGE = Context(prec=40)
_RANGS = tuple(Decimal(1).scaleb(-decimales) for decimales in range(21))


def entier(valeur: Nombre) -> str:
    """« 12 090 »."""
    return nombre(valeur, 0)


def euros(montant: Nombre, *, signe: bool = False) -> str:
    """An amount of an account, exact to the cent: « 1 234,56 € »."""
    return nombre(montant, 2, signe=signe) + INSECABLE + "€"


def euros_entiers(montant: Nombre, *, signe: bool = False) -> str:
    """An amount whose cents do not matter to the reader (a threshold): « 216 000 € »."""
    return nombre(montant, 0, signe=signe) + INSECABLE + "€"


def prix(valeur: Nombre) -> str:
    """A unit price with the decimals it needs: two from 1 €, more below so that three figures are left: « 3,45 € », « 0,0078 € »."""
    exact = as_decimal(valeur)
    rang = exact.adjusted()
    decimales = 2 if rang >= 0 or not exact else min(6, 2 - rang)
    return nombre(exact, decimales) + INSECABLE + "€"


def arrondi_significatif(valeur: Nombre, chiffres: int = 2) -> Decimal:
    """The same number with `chiffres` significant figures: 1 347 → 1 300."""
    exact = as_decimal(valeur)
    if exact == 0:
        return Decimal(0)
    return exact.quantize(Decimal(1).scaleb(exact.adjusted() - chiffres + 1), rounding=ROUND_HALF_UP)


def environ(montant: Nombre, *, signe: bool = False, chiffres: int = 2) -> str:
    """The amount of an estimate, without false precision: « environ 370 € »; under one euro, « moins de 1 € »."""
    exact = as_decimal(montant)
    if 0 < abs(exact) < 1:
        return "moins de" + INSECABLE + "1" + INSECABLE + "€"
    return "environ" + INSECABLE + euros_entiers(arrondi_significatif(exact, chiffres), signe=signe)


def fourchette(bas: Nombre, haut: Nombre) -> str:
    """The range of an estimate: « 9 000 à 14 000 € »; one figure when both ends round to the same."""
    premier, second = arrondi_significatif(bas), arrondi_significatif(haut)
    if premier == second:
        return environ(bas)
    return f"{nombre(premier, 0)} à {euros_entiers(second)}"


def pct(part: Nombre, decimales: int = 0, *, signe: bool = False) -> str:
    """A share given as a fraction (0.18) written « 18 % »."""
    return nombre(as_decimal(part) * 100, decimales, signe=signe) + INSECABLE + "%"


def taux(valeur: Nombre) -> str:
    """A rate already in per cent (5.5) written « 5,5 % »."""
    return nombre(valeur) + INSECABLE + "%"


def quantite(valeur: Nombre, unite: str) -> str:
    """A quantity never leaves without its unit: « 12 090 feuilles », « 1,5 L », « 1 200 kg »."""
    exact = as_decimal(valeur)
    decimales = 0 if abs(exact) >= 100 or exact == exact.to_integral_value() else 2
    return nombre(exact, decimales) + INSECABLE + unite_accordee(unite, exact)


# Symbols never take the mark of the plural (Bureau international des poids et mesures, Brochure sur le SI, § 5.3).
SYMBOLES = {
    "l": "L",
    "kg": "kg",
    "g": "g",
    "m": "m",
    "m2": "m²",
    "m3": "m³",
    "kwh": "kWh",
    "mwh": "MWh",
    "t": "t",
    "h": "h",
    "km": "km",
    "ml": "mL",
}
NOMS_UNITES = {"unite": "unité"}


def unite_lisible(unite: str) -> str:
    """The name of a unit as people write it: `unite` → « unité », `l` → « L »."""
    return SYMBOLES.get(unite.lower(), NOMS_UNITES.get(unite.lower(), unite.replace("_", " ")))


def unite_accordee(unite: str, valeur: Nombre) -> str:
    """The unit agreed with its number: « 2 feuilles », « 1 feuille », « 2 kg » (French plural starts at two)."""
    nom = unite_lisible(unite)
    if nom in SYMBOLES.values() or abs(as_decimal(valeur)) < 2 or nom.endswith(("s", "x", "z")):
        return nom
    premier, espace, suite = nom.partition(" ")
    return premier + "s" + espace + suite


def pluriel(nombre_de: int, singulier: str, forme_plurielle: str | None = None) -> str:
    """« 1 ligne », « 1 204 lignes »: the count and its noun, which may hold several words (`ligne retenue` → « lignes retenues »)."""
    if abs(nombre_de) < 2:
        nom = singulier
    else:
        nom = forme_plurielle or " ".join(mot if mot.endswith(("s", "x")) else mot + "s" for mot in singulier.split(" "))
    return entier(nombre_de) + INSECABLE + nom


def date_longue(jour: date | datetime) -> str:
    """« 12 novembre 2026 », « 1er mars 2027 »."""
    local = jour_de_paris(jour)
    premier = "1er" if local.day == 1 else str(local.day)
    return f"{premier}{INSECABLE}{MOIS[local.month - 1]}{INSECABLE}{local.year}"


def date_courte(jour: date | datetime) -> str:
    """« 12/11/2026 »."""
    local = jour_de_paris(jour)
    return f"{local.day:02d}/{local.month:02d}/{local.year:04d}"


def instant(moment: datetime) -> str:
    """« 12 novembre 2026 à 9 h 05 », in the time of Paris."""
    local = as_heure_de_paris(moment)
    return f"{date_longue(local.date())} à{INSECABLE}{local.hour}{INSECABLE}h{INSECABLE}{local.minute:02d}"


def jour_de_paris(jour: date | datetime) -> date:
    """The day in France of an instant; a day is itself. An instant without zone is read as universal time, as the stores write it."""
    if not isinstance(jour, datetime):
        return jour
    return as_heure_de_paris(jour).date()


def as_heure_de_paris(moment: datetime) -> datetime:
    """The same instant on a clock in Paris; without zone it is universal time."""
    avec_zone = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return avec_zone.astimezone(paris())


@cache
def paris() -> ZoneInfo:
    """The time zone of metropolitan France (read from the system's or Python's tables on first use)."""
    return ZoneInfo("Europe/Paris")


def periode(code: str) -> str:
    """The period of a figure in words: `2025` → « année 2025 », `ensemble` → « toutes les années reçues »."""
    return "toutes les années reçues" if code == "ensemble" else f"année{INSECABLE}{code}"


def duree(mois: int) -> str:
    """« 4 ans », « 18 mois »."""
    if mois % 12:
        return f"{mois}{INSECABLE}mois"
    ans = mois // 12
    return f"{ans}{INSECABLE}an" + ("s" if ans > 1 else "")


def temps_restant(secondes: float) -> str:
    """« moins d'une minute », « environ 3 minutes »: what is left of a long work."""
    minutes = round(secondes / 60)
    if minutes < 1:
        return "moins d’une minute"
    return f"environ{INSECABLE}{minutes}{INSECABLE}minute" + ("s" if minutes > 1 else "")


def taille(octets: int) -> str:
    """Size of a file: « 812 octets », « 34 ko », « 1,2 Mo »."""
    if octets < 1000:
        return pluriel(octets, "octet")
    if octets < 1_000_000:
        return nombre(octets / 1000, 0) + INSECABLE + "ko"
    return nombre(octets / 1_000_000, 1) + INSECABLE + "Mo"


def siren(numero: str) -> str:
    """« 211 603 981 »: a SIREN in groups of three, a SIRET with its five last digits apart."""
    if len(numero) == 9:
        return INSECABLE.join((numero[:3], numero[3:6], numero[6:]))
    if len(numero) == 14:
        return INSECABLE.join((numero[:3], numero[3:6], numero[6:9], numero[9:]))
    return numero


def enumeration(mots: Sequence[str], lien: str = "et") -> str:
    """« a, b et c »."""
    if len(mots) < 2:
        return "".join(mots)
    return f"{', '.join(mots[:-1])} {lien} {mots[-1]}"
