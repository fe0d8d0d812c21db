"""A date as town halls write it: day first, French months, spreadsheets' serial numbers; never a guess between two days."""

import re
import unicodedata
from datetime import date, timedelta
from typing import Final

from ingest.valeurs import VIDES, Defaut, Lu, nettoyer

ORIGINE_TABLEUR: Final = date(1899, 12, 30)
"""Day zero of spreadsheets' serial numbers, the false 29 February 1900 included."""
SERIE_MIN, SERIE_MAX = 32874, 73050
"""Serial numbers accepted as dates: 1990-01-01 to 2099-12-31."""

_MOIS: Final = ("janv", "fev", "mars", "avr", "mai", "juin", "juil", "aou", "sept", "oct", "nov", "dec")
_MOIS_COURTS: Final = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "avr": 4}
_JMA: Final = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
_AMJ: Final = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})")
_COMPACT: Final = re.compile(r"(19|20)(\d{2})(\d{2})(\d{2})")
_JOUR_MOIS_LETTRES: Final = re.compile(r"(?:[a-z]{3,8}\.? )?(\d{1,2})(?:er)?[ \-/.]*([a-z]{3,9})\.?[ \-/.]*(\d{4}|\d{2})")
_MOIS_LETTRES: Final = re.compile(r"([a-z]{3,9})\.?[ \-/.]*(\d{4}|\d{2})")
_MOIS_ANNEE: Final = re.compile(r"(\d{1,2})[/\-](\d{4})")
_ANNEE_MOIS: Final = re.compile(r"(\d{4})[/\-](\d{1,2})")
_HEURE: Final = re.compile(r"[ t](?:a )?\d{1,2}[h:]\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:z|[+-]\d{2}:?\d{2})?$")


def lire_date(texte: str) -> Lu[date]:
    """Read a date: `31/12/2025`, `31/12/25`, `31.12.2025`, ISO with or without time, `20251231`, `31 décembre 2025`, serial `46022`.

    A month without a day (`déc-25`, `12/2025`) is read as its first day and said; a year alone is not a date; a day that does not exist
    is said as such, and so is one that exists only month first.
    """
    net = nettoyer(texte).lower()
    if net in VIDES:
        return Lu(None)
    nu = net
    if not net.isascii():
        nu = "".join(lettre for lettre in unicodedata.normalize("NFKD", net) if not unicodedata.combining(lettre))
    if ":" in nu or "h" in nu:
        nu = _HEURE.sub("", nu).strip()
    if trouve := _JMA.fullmatch(nu):
        return _jour_mois(int(trouve[3]), int(trouve[2]), int(trouve[1]))
    if trouve := _AMJ.fullmatch(nu):
        return _jour(int(trouve[1]), int(trouve[2]), int(trouve[3]))
    if trouve := _COMPACT.fullmatch(nu):
        return _jour(int(trouve[1] + trouve[2]), int(trouve[3]), int(trouve[4]))
    if re.fullmatch(r"\d{5}(?:[.,]\d+)?", nu) and SERIE_MIN <= int(nu[:5]) <= SERIE_MAX:
        return Lu(ORIGINE_TABLEUR + timedelta(days=int(nu[:5])))
    if (trouve := _JOUR_MOIS_LETTRES.fullmatch(nu)) and (mois := _mois(trouve[2])):
        return _jour(int(trouve[3]), mois, int(trouve[1]))
    return _lire_mois(nu)


def _lire_mois(nu: str) -> Lu[date]:
    """Read a month without its day."""
    if (trouve := _MOIS_LETTRES.fullmatch(nu)) and (mois := _mois(trouve[1])):
        return _premier(int(trouve[2]), mois)
    if trouve := _MOIS_ANNEE.fullmatch(nu):
        return _premier(int(trouve[2]), int(trouve[1]))
    if trouve := _ANNEE_MOIS.fullmatch(nu):
        return _premier(int(trouve[1]), int(trouve[2]))
    if re.fullmatch(r"(?:19|20)\d{2}", nu):
        return Lu(None, Defaut.DATE_ANNEE_SEULE)
    return Lu(None, Defaut.ILLISIBLE)


def _premier(annee: int, mois: int) -> Lu[date]:
    lu = _jour(annee, mois, 1)
    return Lu(lu.valeur, Defaut.DATE_AU_MOIS) if lu.valeur else lu


def _jour(annee: int, mois: int, jour: int) -> Lu[date]:
    if annee < 100:
        annee += 2000 if annee < 70 else 1900
    try:
        return Lu(date(annee, mois, jour))
    except ValueError:
        return Lu(None, Defaut.DATE_INEXISTANTE)


def _jour_mois(annee: int, mois: int, jour: int) -> Lu[date]:
    """`12/31/2025` is not read as the 31st of December: its neighbour `03/04/2025` would then be wrong without a word. It is said."""
    lu = _jour(annee, mois, jour)
    if lu.valeur is None and mois > 12 and _jour(annee, jour, mois).valeur is not None:
        return Lu(None, Defaut.DATE_MOIS_AVANT_JOUR)
    return lu


def _mois(mot: str) -> int | None:
    """Number of a month from its name or any usual abbreviation, French first, English as spreadsheets write it."""
    for numero, debut in enumerate(_MOIS, start=1):
        if mot.startswith(debut[:4]) or (len(mot) >= 3 and debut.startswith(mot) and mot not in {"jui", "ma"}):
            return numero
    return _MOIS_COURTS.get(mot[:3]) if mot[:3] in _MOIS_COURTS else None
