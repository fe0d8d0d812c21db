"""What a structured document writes as a number is a number, or the document is refused: nothing is guessed."""

import re
from decimal import Decimal

from ingest.erreurs import FichierRefuse

# xs:decimal without exponent, bounded so that no value can fill the memory.
_DECIMAL = re.compile(r"[+-]?(\d{1,18}(\.\d{0,12})?|\.\d{1,12})")
_DIX_DECIMALES = Decimal("1E-10")
_CHIFFRES = re.compile(r"\D")


def decimal(texte: str | None, quoi: str, nom: str) -> Decimal | None:
    """Read a number of an invoice or of a PES; None when absent. Raises `FichierRefuse` naming `quoi` and the file."""
    if texte is None:
        return None
    if not _DECIMAL.fullmatch(texte):
        raise FichierRefuse(
            f"Le fichier « {nom} » n'est pas conforme : {quoi} devrait être un nombre, nous avons lu « {texte[:40]} ». "
            "Demandez à l'émetteur de le corriger."
        )
    return Decimal(texte)


def prix_de_base(prix: Decimal | None, base: Decimal | None) -> Decimal | None:
    """Divide BT-146 by its base quantity BT-149 (a price « per 100 »), to the tenth decimal."""
    if prix is None or not base or base == 1:
        return prix
    return (prix / base).quantize(_DIX_DECIMALES).normalize()


def siret_ou_siren(candidats: list[str | None], numero_tva: str | None) -> str | None:
    """Choose the best identifier of a French company: a SIRET, else a SIREN, else the SIREN inside the French VAT number."""
    chiffres = [_CHIFFRES.sub("", candidat) for candidat in candidats if candidat]
    for longueur in (14, 9):
        for essai in chiffres:
            if len(essai) == longueur and cle_luhn_juste(essai):
                return essai
    tva = (numero_tva or "").replace(" ", "").upper()
    if tva.startswith("FR") and len(tva) == 13 and tva[4:].isdigit() and cle_luhn_juste(tva[4:]):
        return tva[4:]
    return None


def cle_luhn_juste(chiffres: str) -> bool:
    """Check the key of a SIREN or SIRET (Luhn); La Poste (SIREN 356000000) numbers its establishments by another rule."""
    if len(chiffres) == 14 and chiffres.startswith("356000000"):
        return sum(map(int, chiffres)) % 5 == 0 or _luhn(chiffres)
    return _luhn(chiffres)


def _luhn(chiffres: str) -> bool:
    doubles = [int(c) * (2 if rang % 2 else 1) for rang, c in enumerate(reversed(chiffres))]
    return sum(d - 9 if d > 9 else d for d in doubles) % 10 == 0
