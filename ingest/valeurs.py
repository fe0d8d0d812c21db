"""What one cell says, read by a person who takes her time: the boring twin of `ingest.typage`, and its recourse for rare forms.

Every function takes the text of a cell and gives a `Lu`: the value, or the defect that prevents reading it.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, Generic, TypeVar

from ingest.identifiants import est_gtin, est_siren, est_siret

Valeur = TypeVar("Valeur")

ESPACES: Final = "\u00a0\u202f\u2009\u2007\u2002\u2003\u200a\u2008\u205f\u3000\u200b\ufeff\t\r\n\v\f"
"""Spaces that are not the common one: no-break, narrow no-break, thin, figure… and the invisible ones."""
MOINS: Final = "−–—‐‑﹣"
"""Dashes that stand for a minus sign."""
VIDES: Final = ("", "-", "--", "/", "n/a", "nc", "n.c.", "néant", "neant", "sans objet", "#n/a", "null", "none", "nan", "?")
"""What people write in a cell that has no value, folded to lower case."""

_TABLE: Final = str.maketrans(dict.fromkeys(ESPACES, " ") | dict.fromkeys(MOINS, "-"))
_DEVISE: Final = re.compile(r"(?i)(?:€|\beuros?\b|\beur\b)")
_BASE: Final = re.compile(r"(?i)\s*\b(?:h\.?t\.?|t\.?t\.?c\.?)$")
_SANS_LETTRE: Final = re.compile(r"[0-9 .,()+%-]*")
_NOMBRE: Final = re.compile(r"(?:\d{1,3}(?: \d{3})+|\d+)(?:\.\d*)?(?:[eE][+-]?\d{1,3})?|\.\d+")
_LETTRE_O: Final = re.compile(r"[\d.,\s€-]*\d[\d.,\s€oO-]*[oO][\d.,\s€oO-]*|[\d.,\s€-]*[oO][\d.,\s€oO-]*\d[\d.,\s€oO-]*")
_LETTRE_L: Final = re.compile(r"[\d.,\s€-]*[lI][\d.,\s€lI-]*")
_LIAISONS: Final = re.compile(r"[ .\-]")
_ZEROS_AJOUTES: Final = re.compile(r"[.,]0+$")
_BLANC: Final = re.compile(r"\s")
_ARRONDI: Final = re.compile(r"\d(?:[.,]\d+)?E\+?1[0-3]")
_TVA: Final = re.compile(r"FR[0-9A-Z]{2}(\d{9})")
_PLAFOND: Final = Decimal(10) ** 12


class Defaut(StrEnum):
    """Why a cell cannot be read, or what was repaired to read it. Codes of anomalies are `<champ>_<defaut>`."""

    ILLISIBLE = "illisible"
    LETTRE_O = "lettre_o"
    LETTRE_L = "lettre_l"
    TROP_GRAND = "trop_grand"
    DATE_INEXISTANTE = "inexistante"
    DATE_MOIS_AVANT_JOUR = "mois_avant_jour"
    DATE_AU_MOIS = "au_mois"
    DATE_ANNEE_SEULE = "annee_seule"
    CLE_FAUSSE = "cle_fausse"
    SCIENTIFIQUE = "scientifique"
    LONGUEUR = "longueur"
    ZERO_RENDU = "zero_rendu"
    REPARE = "repare"
    TAUX_INCONNU = "inconnu"


class Style(StrEnum):
    """How a column writes its numbers, when its cells decide it: `1 234,56` (default), `1,234.56`, `1.234,56`."""

    FRANCAIS = "fr"
    ANGLAIS = "en"
    EUROPEEN = "eu"


@dataclass(frozen=True)
class Lu(Generic[Valeur]):
    """A value read in a cell, or None and the defect; both when it was read after a repair that must be said."""

    valeur: Valeur | None
    defaut: Defaut | None = None


def nettoyer(texte: str) -> str:
    """Bring every space to a common space and every dash to a hyphen, and trim."""
    return texte.translate(_TABLE).strip()


def est_vide(texte: str) -> bool:
    """Say whether a cell holds nothing, or a word that means nothing."""
    return nettoyer(texte).lower() in VIDES


def lire_nombre(texte: str, style: Style = Style.FRANCAIS) -> Lu[Decimal]:
    """Read a number as French town halls write it.

    `1 234,56 €` with any space, `1.234,56`, `1,234.56`, `(12,5)` and `12-` and `−12` (negative), `1,5E+02`, `12,50 € HT`. A letter O
    or l typed for a digit is not guessed: it is said.
    """
    net = nettoyer(texte)
    if net.lower() in VIDES:
        return Lu(None)
    nu = (net if _SANS_LETTRE.fullmatch(net) else _BASE.sub("", _DEVISE.sub("", net)).strip()).removesuffix("%").strip()
    negatif = False
    if nu.startswith("(") and nu.endswith(")"):
        nu, negatif = nu[1:-1].strip(), True
    if nu.endswith("-"):
        nu, negatif = nu[:-1].strip(), not negatif
    if nu.startswith(("-", "+")):
        nu, negatif = nu[1:].strip(), negatif != (nu[0] == "-")
    decimal = _point_decimal(nu.replace("'", " ").replace("’", " "), style)
    if not decimal or not _NOMBRE.fullmatch(decimal):
        return Lu(None, _defaut_de_nombre(net))
    try:
        valeur = Decimal(decimal.replace(" ", ""))
    except InvalidOperation:  # pragma: no cover - the pattern above only lets numbers through
        return Lu(None, Defaut.ILLISIBLE)
    if abs(valeur) >= _PLAFOND:
        return Lu(None, Defaut.TROP_GRAND)
    return Lu(-valeur if negatif else valeur)


def arrondir(valeur: Decimal, decimales: int) -> Decimal:
    """Round as invoices do: half away from zero."""
    return valeur.quantize(Decimal(1).scaleb(-decimales), rounding=ROUND_HALF_UP)


def lire_taux(texte: str) -> Lu[Decimal]:
    """Read a VAT rate in per cent: `20`, `20 %`, `5,5`, `0,055`, `TVA 20%`, `exonéré`.

    A value below one is a fraction (0,2 = 20 %). The rates are those of articles 278 to 281 nonies and 296 of the CGI; another rate is
    read but said.
    """
    net = nettoyer(texte).lower().removeprefix("tva").removeprefix("taux").strip(" :")
    if net in VIDES:
        return Lu(None)
    if net in {"exo", "exonéré", "exonere", "exonération", "non assujetti", "sans tva", "franchise"}:
        return Lu(Decimal(0))
    nombre = lire_nombre(net)
    if nombre.valeur is None:
        return nombre
    taux = nombre.valeur
    if Decimal(0) < taux < 1 and "%" not in net and taux != Decimal("0.9"):
        taux = taux * 100
    if taux < 0 or taux >= 100:
        return Lu(None, Defaut.TAUX_INCONNU)
    taux = arrondir(taux, 2)
    return Lu(taux, None if taux in TAUX_CONNUS else Defaut.TAUX_INCONNU)


TAUX_CONNUS: Final = frozenset(Decimal(taux) for taux in ("20", "10", "5.5", "2.1", "0", "8.5", "1.75", "1.05", "13", "0.9", "19.6", "7"))
"""Rates met on French invoices: metropolitan (20, 10, 5.5, 2.1), overseas (8.5, 1.75, 1.05), Corsican (13, 0.9), and those before 2014."""


def lire_siret(texte: str) -> Lu[str]:
    """Read a SIRET (14 digits) or a SIREN (9), or the SIREN of a French VAT number.

    Spaces, dots and the `.0` of a spreadsheet are taken out; a leading zero lost by a spreadsheet is given back when the key then holds.
    `2,10E+13` is said: only the rest of the file can repair it (`ingest.typage`).
    """
    net = nettoyer(texte)
    if net.lower() in VIDES:
        return Lu(None)
    nu = _LIAISONS.sub("", _ZEROS_AJOUTES.sub("", net)).upper()
    if _ARRONDI.fullmatch(_BLANC.sub("", net).upper()):
        return Lu(None, Defaut.SCIENTIFIQUE)
    if tva := _TVA.fullmatch(nu):
        nu = tva.group(1)
    if est_siret(nu) or est_siren(nu):
        return Lu(nu)
    if not nu.isascii() or not nu.isdigit():
        return Lu(None, Defaut.ILLISIBLE)
    if len(nu) not in (9, 14):
        for longueur in (14, 9):
            rendu = nu.zfill(longueur)
            if longueur - len(nu) in (1, 2) and (est_siret(rendu) or est_siren(rendu)):
                return Lu(rendu, Defaut.ZERO_RENDU)
        return Lu(None, Defaut.LONGUEUR)
    return Lu(None, Defaut.CLE_FAUSSE)


def lire_gtin(texte: str) -> Lu[str]:
    """Read a barcode; zeros lost in front are given back when the key then holds."""
    net = nettoyer(texte)
    if net.lower() in VIDES:
        return Lu(None)
    nu = _LIAISONS.sub("", _ZEROS_AJOUTES.sub("", net))
    if re.fullmatch(r"\d(?:[.,]\d+)?[eE]\+?1[0-3]", net):
        return Lu(None, Defaut.SCIENTIFIQUE)
    if est_gtin(nu):
        return Lu(nu)
    if nu.isascii() and nu.isdigit() and 9 <= len(nu) <= 11 and est_gtin(nu.zfill(12)):
        return Lu(nu.zfill(12), Defaut.ZERO_RENDU)
    return Lu(None, Defaut.CLE_FAUSSE if nu.isdigit() else Defaut.ILLISIBLE)


def lire_code(texte: str) -> str | None:
    """Read a code that must stay text: trimmed, without the `.0` that a spreadsheet adds to an integer."""
    net = nettoyer(texte)
    if net.lower() in VIDES:
        return None
    return re.sub(r"^(\d+)[.,]0$", r"\1", net)


def _point_decimal(nu: str, style: Style) -> str:
    """Write the number with a point as decimal sign and nothing but spaces between thousands; empty when it makes no sense."""
    virgules, points = nu.count(","), nu.count(".")
    if virgules and points:
        if nu.rfind(",") > nu.rfind("."):
            return _sans_milliers(nu, ".").replace(",", ".") if virgules == 1 else ""
        return _sans_milliers(nu, ",") if points == 1 else ""
    if virgules:
        if virgules > 1 or style is Style.ANGLAIS:
            return _sans_milliers(nu, ",")
        return nu.replace(",", ".")
    if points > 1 or (points and style is Style.EUROPEEN):
        return _sans_milliers(nu, ".")
    return nu


def _sans_milliers(nu: str, separateur: str) -> str:
    """Take out the thousands sign when it really separates groups of three; empty otherwise."""
    autre = "," if separateur == "." else "."
    entier, signe, fraction = nu.partition(autre)
    if not re.fullmatch(rf"\d{{1,3}}(?:{re.escape(separateur)}\d{{3}})+", entier):
        # 1234.56 in an English column: the sign is absent, which is not a fault
        return nu if entier.isdigit() else ""
    return entier.replace(separateur, "") + signe + fraction


def _defaut_de_nombre(net: str) -> Defaut:
    """Name the likely slip of the finger."""
    if _LETTRE_O.fullmatch(net):
        return Defaut.LETTRE_O
    if _LETTRE_L.fullmatch(net) and any(lettre.isdigit() for lettre in net):
        return Defaut.LETTRE_L
    return Defaut.ILLISIBLE
