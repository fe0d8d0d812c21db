"""Lay data out as an accessible PDF (PDF/UA-1) with typst: what its fonts cannot print is shown as such, never a failure."""

import json
from datetime import UTC, date, datetime, time
from typing import Any

import typst

from ingest.erreurs import Refus

NON_IMPRIMABLE = "\N{REPLACEMENT CHARACTER}"
"""What stands in the PDF for a character that no font inside the wheel can print (an emoji of a label, an ideogram)."""
LATIN = 0x0250
"""Below, but for control characters, the font prints everything: what French is written with."""
_SONDE = b'#set document(title: "sonde")\n#set text(font: "Libertinus Serif", lang: "fr")\n#json(bytes(sys.inputs.donnees))'


def composer(gabarit: bytes, donnees: dict[str, Any], au: date) -> bytes:
    """The PDF of this typst template fed with these data; the same arguments give the same bytes. `au` is its date in the file.

    PDF/UA-1 wants every character to have a glyph: those without one become `NON_IMPRIMABLE`, visibly. Raises `Refus` naming the
    text when it still cannot be printed, `typst.TypstError` when the template itself is wrong.
    """
    texte = json.dumps(donnees, ensure_ascii=False)
    instant = int(datetime.combine(au, time(), UTC).timestamp())
    try:
        return _compile(gabarit, texte, instant)
    except typst.TypstError as erreur:
        if "could not be displayed" not in str(erreur):
            raise
    remplace = json.dumps(_remplacer(donnees, _non_imprimables(donnees)), ensure_ascii=False)
    try:
        return _compile(gabarit, remplace, instant)
    except typst.TypstError as erreur:
        if "could not be displayed" not in str(erreur):
            raise
        fautif = str(erreur).split("`")[1]
        raise Refus(f"Le texte {fautif} contient un caractère que le PDF ne sait pas imprimer. Retirez-le, puis recommencez.") from erreur


def _compile(gabarit: bytes, donnees: str, instant: int) -> bytes:
    octets: bytes = typst.compile(
        gabarit,
        sys_inputs={"donnees": donnees},
        pdf_standards="ua-1",
        ignore_system_fonts=True,  # the fonts inside the wheel: the same page everywhere
        timestamp=instant,
    )
    return octets


def _non_imprimables(donnees: object) -> frozenset[str]:
    """The characters of these data that the fonts lack, each tried alone."""
    douteux = {
        signe for texte in _textes(donnees) for signe in texte if ord(signe) >= LATIN or not (signe.isprintable() or signe.isspace())
    }
    return frozenset(signe for signe in douteux if not _est_imprimable(signe))


def _est_imprimable(signe: str) -> bool:
    try:
        _compile(_SONDE, json.dumps(signe), 0)
    except typst.TypstError:
        return False
    return True


def _textes(valeur: object) -> list[str]:
    if isinstance(valeur, str):
        return [valeur]
    if isinstance(valeur, dict):
        return [texte for interieur in valeur.values() for texte in _textes(interieur)]
    if isinstance(valeur, list | tuple):
        return [texte for interieur in valeur for texte in _textes(interieur)]
    return []


def _remplacer(valeur: object, signes: frozenset[str]) -> Any:
    if isinstance(valeur, str):
        return "".join(NON_IMPRIMABLE if signe in signes else signe for signe in valeur)
    if isinstance(valeur, dict):
        return {cle: _remplacer(interieur, signes) for cle, interieur in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [_remplacer(interieur, signes) for interieur in valeur]
    return valeur
