"""Two signatures are compared by what they share and what only one says; a feature, a code or a side that differs forbids the match."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from analytics.articles.signature import POIDS_INCONNU, POIDS_MARQUE, Signature

POIDS_ATTRIBUT = 0.7
POIDS_CODE = 0.8
# What is missing on one side only: a feature that is usually said weighs more than one that goes without saying.
_ABSENCES = {
    "couleur": 0.25,
    "plage": 0.25,
    "pourcentage": 0.25,
    "longueur": 0.35,
    "plis": 0.3,
    "poids": 0.4,
    "bouteille": 0.6,
    "presentation": 0.1,
    "classe": 0.6,
}
_ABSENCE = 0.5
# Said or not without changing the thing: they make no conflict.
_ACCESSOIRES = frozenset({"plage", "pourcentage", "longueur", "plis", "poids", "presentation", "bouteille"})
# Features whose silence means « no »: a label that does not say bio is not bio.
SILENCES = frozenset({"bio", "recycle", "etat", "label", "concentre", "jumbo", "desinfectant", "contact"})
# Features whose silence says nothing, and which decide of the thing: said by one only, a person is asked.
DECISIFS = frozenset({"fenetre"})


@dataclass(frozen=True)
class Trait:
    """A signature laid out for comparisons, brands weighed."""

    attributs: Mapping[str, str]
    mots: Mapping[str, float]
    codes: frozenset[str]
    cotes: Mapping[str, str]
    famille: str
    tete: str = ""
    est_coupe: bool = False


def lay_out(signature: Signature, marques: frozenset[str] = frozenset(), *, est_coupe: bool = False) -> Trait:
    """The trait of a signature; `est_coupe` when a software cut every label that has it."""
    mots = {mot: POIDS_MARQUE if mot in marques else poids for mot, poids in signature.mots}
    attributs, cotes = dict(signature.attributs), dict(signature.oppositions)
    return Trait(attributs, mots, signature.codes, cotes, signature.famille, signature.tete, est_coupe)


def digest(trait: Trait) -> str:
    """The same for two traits that say the same, from one process to another."""
    ecrit = "|".join(
        (
            trait.famille,
            *(f"{mot}:{poids}" for mot, poids in sorted(trait.mots.items())),
            *sorted(trait.codes),
            *(f"{nom}={valeur}" for nom, valeur in sorted(trait.attributs.items())),
            *(f"{sujet}>{valeur}" for sujet, valeur in sorted(trait.cotes.items())),
            trait.tete,
            str(trait.est_coupe),
        )
    )
    return hashlib.blake2b(ecrit.encode(), digest_size=8).hexdigest()


def forbid(a: Trait, b: Trait) -> str | None:
    """Why the two can never be one article (French), or None."""
    if a.famille != b.famille:
        return "familles différentes"
    for nom, valeur in a.attributs.items():
        autre = b.attributs.get(nom)
        if autre is None:
            if nom in SILENCES:
                return f"{nom} : {valeur} / non dit"
        elif valeur != autre and not agree(valeur, autre):
            return f"{nom} : {valeur} / {autre}"
    for nom, valeur in b.attributs.items():
        if nom in SILENCES and nom not in a.attributs:
            return f"{nom} : non dit / {valeur}"
    if a.codes and b.codes and not (a.codes <= b.codes or b.codes <= a.codes):
        return f"codes : {' '.join(sorted(a.codes))} / {' '.join(sorted(b.codes))}"
    for sujet, valeur in a.cotes.items():
        if b.cotes.get(sujet, valeur) != valeur:
            return f"{sujet} : {valeur} / {b.cotes[sujet]}"
    return None


class Desaccord(IntEnum):
    """What each of two labels says that the other does not."""

    AUCUN = 0  # only one of them says more
    DE_MOTS = 1  # words of the trade on one side at least: perhaps two ways to say one thing
    DE_CHOSES = 2  # features, codes, or unknown words on both sides: most likely two varieties


def disagree(a: Trait, b: Trait) -> Desaccord:
    """Does each say something of weight that the other does not?"""
    seuls_a, seuls_b = _without_counterpart(a.mots, b.mots), _without_counterpart(b.mots, a.mots)
    traits_a, traits_b = _says_more(a, b), _says_more(b, a)
    if not (seuls_a or traits_a) or not (seuls_b or traits_b):
        est_muet = not (a.mots or a.codes) or not (b.mots or b.codes)
        return Desaccord.DE_MOTS if est_muet or DECISIFS & (a.attributs.keys() ^ b.attributs.keys()) else Desaccord.AUCUN
    if traits_a or traits_b:
        return Desaccord.DE_CHOSES
    inconnus_a = any(a.mots[mot] == POIDS_INCONNU for mot in seuls_a)
    inconnus_b = any(b.mots[mot] == POIDS_INCONNU for mot in seuls_b)
    return Desaccord.DE_CHOSES if inconnus_a and inconnus_b else Desaccord.DE_MOTS


class Exclusion(IntEnum):
    """Whether two labels may stand in one article."""

    AUCUNE = 0
    DES_SILENCES = 1  # each says something of weight that the other leaves unsaid, or one says what decides of the thing
    FORMELLE = 2  # a feature, a code or a side forbids it


def exclude(a: Trait, b: Trait) -> Exclusion:
    """How two labels exclude each other. `voisinage.exclude` computes the same for many at once."""
    if forbid(a, b) is not None:
        return Exclusion.FORMELLE
    divergent = not (contains(a, b) or contains(b, a)) or bool(DECISIFS & (a.attributs.keys() ^ b.attributs.keys()))
    return Exclusion.DES_SILENCES if divergent else Exclusion.AUCUNE


def contains(a: Trait, b: Trait) -> bool:
    """Does a say all of weight that b says?"""
    return not _says_more(b, a) and not _without_counterpart(b.mots, a.mots)


def _says_more(a: Trait, b: Trait) -> bool:
    """Does a say a code or a feature that b does not?"""
    return not a.codes <= b.codes or any(nom not in b.attributs and nom not in _ACCESSOIRES for nom in a.attributs)


def _without_counterpart(ici: Mapping[str, float], ailleurs: Mapping[str, float]) -> list[str]:
    seuls = [mot for mot, poids in ici.items() if poids >= POIDS_INCONNU and mot not in ailleurs]
    return [mot for mot in seuls if not any(near(mot, autre) for autre in ailleurs)]


def is_accessory(nom: str) -> bool:
    """Is this feature one that is said or not without changing the thing?"""
    return nom in _ACCESSOIRES


def agree(a: str, b: str) -> bool:
    """Equal, or one says part of the other (« 16go » and « 16go+512go »)."""
    if a == b or ("+" not in a and "+" not in b):
        return a == b
    dits_a, dits_b = set(a.split("+")), set(b.split("+"))
    return dits_a <= dits_b or dits_b <= dits_a


def weigh_absence(nom: str) -> float:
    """Weight of a feature that only one of two labels says."""
    return _ABSENCES.get(nom, _ABSENCE)


def score(a: Trait, b: Trait) -> float:
    """Likeness from 0 to 1 of two traits that nothing forbids: twice what is shared over all that is said; brands count little.

    A word is shared, in part, with the nearest of the other label (`near`). `voisinage.link` computes the same for many at once.
    """
    noms_a, noms_b = a.attributs.keys(), b.attributs.keys()
    communs = POIDS_ATTRIBUT * len(noms_a & noms_b) + POIDS_CODE * len(a.codes & b.codes)
    seuls = sum(weigh_absence(nom) for nom in sorted(noms_a ^ noms_b)) + POIDS_CODE * 0.5 * len(a.codes ^ b.codes)
    mots = 0.0
    for ici, ailleurs in ((a.mots, b.mots), (b.mots, a.mots)):
        for mot, poids in ici.items():
            credit = max((near(mot, autre) for autre in ailleurs), default=0.0)
            mots += 0.5 * credit * poids
            seuls += 0.0 if credit else poids
    communs = communs + mots if mots else communs * 0.5
    return round(2 * communs / (2 * communs + seuls), 4) if communs else 0.0


# Credits of `near`, rising.
PRESQUE = (0.8, 0.9, 0.95, 1.0)


@lru_cache(maxsize=262_144)
def near(a: str, b: str) -> float:
    """Credit for the same word, an abbreviation or a slip: « deterg » for « detergent », « nettoyatn » for « nettoyant »; 0 when unlike."""
    if a == b:
        return 1.0
    court, long = sorted((a, b), key=len)
    if " " in court or " " in long:
        return 0.0
    if len(court) >= 3 and long.startswith(court):
        return 0.95
    if is_slip(a, b):
        return 0.9
    if len(court) >= 3 and court[0] == long[0] and len(court) <= 0.75 * len(long) and _is_skeleton(court, long):
        return 0.8
    return 0.0


def is_slip(a: str, b: str) -> bool:
    """One keystroke apart, two in long words."""
    court = min(len(a), len(b))
    return court >= 5 and DamerauLevenshtein.distance(a, b, score_cutoff=2) <= (1 if court < 8 else 2)


def _is_skeleton(court: str, long: str) -> bool:
    """Letters of the abbreviation in order within the word, its consonants first of all."""
    lettres = iter(long)
    return all(lettre in lettres for lettre in court)
