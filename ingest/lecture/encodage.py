"""The encoding of a text is the one under which its letters make plausible French; nobody is ever asked."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# In order of frequency in town halls: a tie goes to the first.
PASSAGES_MAX = 200  # distinct passages are enough, and reading more is what costs
CANDIDATS = ("cp1252", "iso-8859-15", "mac-roman", "cp850")

_MINUSCULES = frozenset("éèêëàâçùûîïôüöœæÿäáíóúñ")
_MAJUSCULES = frozenset("ÉÈÊËÀÂÇÙÛÎÏÔÜÖŒÆŸÄ")
_FREQUENTES = frozenset("éèêàçùâîôûÉÈÀÇ")
_HAUTS = re.compile(rb"[\x80-\xff]+")
_PORTEE = 12
_SUITE = re.compile(rb"[^\r\n\x80-\xff]{0,12}")


def choisir_encodage(debut: bytes, passages: Iterable[bytes] = ()) -> str:
    """Choose among UTF-8, UTF-16, cp1252, ISO-8859-15, MacRoman and cp850.

    `debut` is the beginning of the file (BOM included), `passages` what surrounds the non-ASCII bytes met later (`passages_accentues`).
    """
    for bom, nom in BOMS:
        if debut.startswith(bom):
            return nom
    utf16 = _utf16_sans_bom(debut)
    if utf16:
        return utf16
    distincts = list(islice(dict.fromkeys([*passages_accentues(debut), *passages]), PASSAGES_MAX))
    extraits = b"\n".join(distincts)
    if extraits.isascii() or _est_utf8(extraits):
        return "utf-8"
    return max(CANDIDATS, key=lambda nom: (_plausibilite(extraits, nom), -CANDIDATS.index(nom)))


def longueur_bom(debut: bytes) -> int:
    """Count the bytes of the byte order mark at the start of a file."""
    return next((len(bom) for bom, _ in BOMS if debut.startswith(bom)), 0)


def passages_accentues(bloc: bytes) -> Iterator[bytes]:
    """Yield what surrounds the non-ASCII bytes of a block, never cutting inside a run of them, up to `PASSAGES_MAX`."""
    fin = 0
    for hauts in islice(_HAUTS.finditer(bloc), PASSAGES_MAX):
        # Twelve letters before, of the same line and not yet given, and twelve after.
        avant = bloc[max(fin, hauts.start() - _PORTEE) : hauts.start()]
        debut = hauts.start() - len(avant) + max(avant.rfind(b"\n"), avant.rfind(b"\r")) + 1
        suite = _SUITE.match(bloc, hauts.end())
        fin = suite.end() if suite else hauts.end()
        yield bloc[debut:fin]


def _utf16_sans_bom(octets: bytes) -> str | None:
    debut = octets[:4096]
    if len(debut) < 4:
        return None
    pairs, impairs = debut[0::2].count(0), debut[1::2].count(0)
    moitie = len(debut) // 2
    if impairs > 0.6 * moitie and pairs < 0.1 * moitie:
        return "utf-16-le"
    if pairs > 0.6 * moitie and impairs < 0.1 * moitie:
        return "utf-16-be"
    return None


def _est_utf8(octets: bytes) -> bool:
    """Say whether most non-ASCII bytes make UTF-8 characters: letters of another encoding hardly ever do, and files may be mixed."""
    texte = octets.decode("utf-8", errors="replace")
    fautes = texte.count("\ufffd")
    return sum(1 for lettre in texte if lettre > "\x7f") - fautes >= 2 * fautes


def _plausibilite(octets: bytes, nom: str) -> float:
    texte = octets.decode(nom, errors="replace")
    note = 0.0
    for passage in re.finditer(r"[^\x00-\x7f]+", texte):
        for rang in range(passage.start(), passage.end()):
            avant = texte[rang - 1] if rang else " "
            apres = texte[rang + 1] if rang + 1 < len(texte) else " "
            note += _note_lettre(texte[rang], avant, apres)
    return note


def _note_lettre(lettre: str, avant: str, apres: str) -> float:
    """Mark one non-ASCII character by how likely it is in French between its two neighbours."""
    if lettre in _MINUSCULES:
        bonus = 1.0 if lettre in _FREQUENTES else 0.0
        return -2.0 if avant.isupper() and apres.isupper() else 1.5 + bonus
    if lettre in _MAJUSCULES:
        bonus = 0.5 if lettre in _FREQUENTES else 0.0
        return -2.0 if avant.islower() or (apres.islower() and avant.isupper()) else 1.0 + bonus
    if lettre == "€":
        return 2.0 if avant.isdigit() or avant in ' \xa0(/;"' or apres in ' /;"' else -1.0
    if lettre in "°ºª":
        return 1.5 if avant in "nNoO0123456789 " or apres.isdigit() else -1.0
    if lettre in "\xa0\u202f":
        return 1.5 if avant.isdigit() or apres in "€%:;!?»" or avant == "«" else 0.2
    if lettre == "’":
        return 2.0 if avant.isalpha() and apres.isalpha() else 0.0
    if lettre in "«»“”…–—²³µ½¼¾×•":
        return 0.7
    if lettre == "\ufffd" or "\x80" <= lettre <= "\x9f":
        return -5.0
    return -2.0 if lettre.isalpha() else -1.0
