"""Numbers that name somebody: SIREN, SIRET, GTIN, and those that must never be kept (NIR, IBAN)."""

import re
from collections.abc import Callable
from typing import Final

SIREN_LA_POSTE: Final = "356000000"
"""La Poste's establishments do not follow Luhn: the sum of their fourteen digits is a multiple of five (INSEE, Sirene documentation)."""

MASQUE: Final = "[donnée personnelle retirée]"

# 13 digits of a NIR and its two-digit key, with or without spaces; Corsican departments 2A and 2B. The digits around must not be digits,
# or the inside of a longer number would be taken for a NIR.
_NIR: Final = re.compile(
    r"(?:^|[^0-9])"
    r"([12][ .]?[0-9]{2}[ .]?(?:0[1-9]|1[0-2]|[2-9][0-9])[ .]?(?:[0-9]{2}|2[ABab])[ .]?[0-9]{3}[ .]?[0-9]{3}[ .-]?[0-9]{2})"
    r"(?:$|[^0-9])"
)
_IBAN: Final = re.compile(r"(?i)\b([A-Z]{2}[0-9]{2}(?:[ ]?[A-Z0-9]{4}){3,7}(?:[ ]?[A-Z0-9]{1,4})?)\b")


def passe_luhn(chiffres: str) -> bool:
    """Say whether a string of digits ends with the right Luhn key (ISO/IEC 7812-1, annex B)."""
    somme = 0
    for rang, lettre in enumerate(reversed(chiffres)):
        chiffre = ord(lettre) - 48
        if rang % 2:
            chiffre = chiffre * 2 - 9 if chiffre > 4 else chiffre * 2
        somme += chiffre
    return somme % 10 == 0


def est_siren(texte: str) -> bool:
    """Say whether the text is a SIREN: nine digits, right key, not all zeros."""
    return len(texte) == 9 and texte.isascii() and texte.isdigit() and texte != "000000000" and passe_luhn(texte)


def est_siret(texte: str) -> bool:
    """Say whether the text is a SIRET: fourteen digits, right key, or an establishment of La Poste."""
    if len(texte) != 14 or not texte.isascii() or not texte.isdigit() or texte.startswith("000000000"):
        return False
    if passe_luhn(texte):
        return True
    return texte.startswith(SIREN_LA_POSTE) and sum(map(int, texte)) % 5 == 0


def est_public(siren: str) -> bool:
    """Say whether a SIREN (or SIRET) is one of a public body: INSEE gives them numbers that begin with 1 or 2."""
    return siren[:1] in ("1", "2")


def est_gtin(texte: str) -> bool:
    """Say whether the text is a GTIN-8, 12, 13 or 14 whose last digit is the right key (GS1 General Specifications, 7.9)."""
    if len(texte) not in (8, 12, 13, 14) or not texte.isascii() or not texte.isdigit() or not texte.strip("0"):
        return False
    somme = sum(int(chiffre) * (3 if rang % 2 else 1) for rang, chiffre in enumerate(reversed(texte)))
    return somme % 10 == 0


def est_nir(texte: str) -> bool:
    """Say whether the text is a social security number with its key: 97 minus the rest of its thirteen digits by 97."""
    net = re.sub(r"[ .-]", "", texte).upper()
    if len(net) != 15:
        return False
    numero = net[:13].replace("2A", "19").replace("2B", "18") if net[5:7] in ("2A", "2B") else net[:13]
    return numero.isdigit() and net[13:].isdigit() and int(net[13:]) == 97 - int(numero) % 97


def est_iban(texte: str) -> bool:
    """Say whether the text is an IBAN: ISO 13616, rest of one by ninety-seven."""
    net = texte.replace(" ", "").upper()
    if not 15 <= len(net) <= 34 or not net.isalnum() or not net.isascii():
        return False
    return int("".join(str(int(lettre, 36)) for lettre in net[4:] + net[:4])) % 97 == 1


def masquer(texte: str) -> str:
    """Take out of a text the social security numbers and bank accounts it holds (RGPD, domaine §6.4).

    Only numbers whose key is right are taken out, so that a SIRET, a barcode or a phone number stays readable.
    """
    for motif, reconnait in ((_NIR, est_nir), (_IBAN, est_iban)):
        for trouve in motif.findall(texte):
            nu = _plus_long_valide(trouve, reconnait)
            if nu:
                texte = texte.replace(nu, MASQUE)
    return texte


def _plus_long_valide(candidat: str, reconnait: Callable[[str], bool]) -> str:
    """Find the longest beginning of the candidate that has the right key: words may follow an IBAN without a comma."""
    for fin in range(len(candidat), 14, -1):
        if reconnait(candidat[:fin]):
            return candidat[:fin]
    return ""
