"""Words are few and labels are many: what a word may say of features, typing slips mended, is worked out once.

An `Indice` is found in every word of which a pattern could read something, and in others: a label without it need not be searched.
"""

import re
from enum import IntFlag
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein

from ingest.quantites.qualites import QUALITES

_COULEURS = {
    "noir": "noir|noire|nr|noi|black", "blanc": "blanc|blanche|blc|blche|bco|blan|blanch|bla", "rouge": "rouge|rge|roug|red",
    "bleu": "bleu|bleue|bleus|bleues", "jaune": "jaune|jne|jau|jaunes", "vert": "vert|verte|vrt|vertes|verts", "rose": "rose|roses",
    "cyan": "cyan|cya", "magenta": "magenta|mag|mgta", "orange": "orange coul", "gris": "gris|grise", "violet": "violet|violette",
    "marron": "marron|brun", "ecru": "ecru|ecrue|chamois|beige|ivoire",
    "bordeaux": "bordeaux", "turquoise": "turquoise", "kaki": "kaki", "marine": "marine",
}  # fmt: skip
_COULEUR = {forme: couleur for couleur, formes in _COULEURS.items() for forme in formes.split("|")}
_MOT_LONG = re.compile(r"[a-z]{7,}")
_DECISIFS = (
    "desinfectant", "compatible", "compatibles", "remanufacture", "remanufacturee", "reconditionne", "recycle", "recyclee",
    "biologique", "ecologique", "ecologiques", "ecolabel", "concentre", "fenetre",
)  # fmt: skip


class Indice(IntFlag):
    """What is found in a word, beside the qualities (the first bits)."""

    CHIFFRE = 1 << 32
    COULEUR = 1 << 33
    FOIS = 1 << 34
    RAL = 1 << 35
    TRIO = 1 << 36
    CENTIEME = 1 << 37
    BARRE = 1 << 38
    MICRON = 1 << 39
    GRAMME = 1 << 40
    MASSE = 1 << 41
    LITRE = 1 << 42
    DIAMETRE = 1 << 43
    CENTIMETRE = 1 << 44
    METRE = 1 << 45
    WATT = 1 << 46
    KELVIN = 1 << 47
    VOLT = 1 << 48
    DECIBEL = 1 << 49
    POURCENT = 1 << 50
    DEGRE = 1 << 51
    PLI = 1 << 52
    PAGE = 1 << 53
    FORMAT = 1 << 54
    TAILLE = 1 << 55
    FAUTE = 1 << 56


# A feature that was read leaves a space behind it, and never ends between two letters: what is left of a word is a piece of it, so that
# an indice may ask which letters stand before and after (« 5 m », not « masse »), and nothing else of the surroundings.
_MOTIFS = tuple(
    (indice, re.compile(motif))
    for indice, motif in (
        (Indice.CHIFFRE, r"\d"),
        (Indice.FOIS, r"(?<![a-z])x(?![a-z])"),
        (Indice.RAL, r"(?<![a-z])ral(?![a-z])"),
        (Indice.TRIO, r"\d[-.]\d+[-.]\d"),
        (Indice.CENTIEME, r"/100"),
        (Indice.BARRE, r"(?<![a-z])[/-](?![a-z])"),
        (Indice.MICRON, r"(?<![a-z])(?:mic|um)|µ"),
        (Indice.GRAMME, r"(?<![a-z])g(?:rs?|rammes?)?(?![a-z])"),
        (Indice.MASSE, r"(?<![a-z])(?:kg|grs?|g)(?![a-z])"),
        (Indice.LITRE, r"(?<![a-z])(?:litres?|lt?|cl|ml)(?![a-z])"),
        (Indice.DIAMETRE, r"\xf8|(?<![a-z])(?:dos|fond|pot|godet|d|diam|diametre)(?:v|de)?(?![a-z])"),
        (Indice.CENTIMETRE, r"(?<![a-z])[mc]m(?![a-z])"),
        (Indice.METRE, r"(?<![a-z])m(?![a-z])"),
        (Indice.WATT, r"(?<![a-z])w(?:atts?)?(?![a-z])"),
        (Indice.KELVIN, r"(?<![a-z])k(?![a-z])"),
        (Indice.VOLT, r"(?<![a-z])v(?:olts?)?(?![a-z])"),
        (Indice.DECIBEL, r"(?<![a-z])db(?![a-z])"),
        (Indice.POURCENT, r"%"),
        (Indice.DEGRE, r"°|deg"),
        (Indice.PLI, r"(?<![a-z])plis?(?![a-z])"),
        (Indice.PAGE, r"(?<![a-z])p(?:ages?|gs?)?(?![a-z])"),
        (Indice.FORMAT, r"(?<![a-z])(?:a[0-6]|c[456]|dl)(?![a-z])"),
        (Indice.TAILLE, r"(?<![a-z])t(?:ailles?|le)?(?![a-km-rt-wyz])"),
    )
)


class MotLu(NamedTuple):
    """A word of a folded label, its slips mended, and all that is found in it: qualities and `Indice`, as bits."""

    texte: str
    indices: int


@lru_cache(maxsize=65_536)
def read_mot(mot: str) -> MotLu:
    """Read a word (a piece of a folded label between two spaces)."""
    ecrit, mot = mot, _MOT_LONG.sub(_mend, mot)
    indices = sum(1 << rang for rang, qualite in enumerate(QUALITES) if qualite.indice.search(mot))
    indices += sum(int(indice) for indice, motif in _MOTIFS if motif.search(mot))
    if any(read_couleur(lettres) for lettres in re.findall(r"[a-z]+", mot)):
        indices += int(Indice.COULEUR)
    if mot != ecrit:
        indices += int(Indice.FAUTE)
    return MotLu(mot, indices)


@lru_cache(maxsize=65_536)
def read_couleur(mot: str) -> str | None:
    """Colour of a word or of its abbreviation; « bl » is nobody's: bleu and blanc are both written so."""
    if mot in _COULEUR or len(mot) < 4:
        return _COULEUR.get(mot)
    couleurs = {couleur for forme, couleur in _COULEUR.items() if forme.startswith(mot)}
    return couleurs.pop() if len(couleurs) == 1 else None


def _mend(trouve: re.Match[str]) -> str:
    """A slip in a word that decides of a feature (« cmpatible ») is mended before it is looked for."""
    return _mend_mot(trouve[0])


@lru_cache(maxsize=65_536)
def _mend_mot(mot: str) -> str:
    if mot in _DECISIFS:
        return mot
    return next((decisif for decisif in _DECISIFS if DamerauLevenshtein.distance(mot, decisif, score_cutoff=1) <= 1), mot)
