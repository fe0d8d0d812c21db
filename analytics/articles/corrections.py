"""A word nobody knows is read as the word of its famille it was written for, when only one fits: a slip of the keyboard, a word cut short.

What is learnt comes from the labels at hand alone, as a set: the order of dépôts changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from analytics.articles.signature import Signature, is_unknown

# A slip is rare beside the word it was meant for.
_FOIS_PLUS_CONNU = 2
_FOIS_PLUS_INCONNU = 4
_FAUTE_MIN = 4
_DROIT_MIN = 5
_ABREGE_MIN = 3
_PART_ABREGEE = 0.75


@dataclass(frozen=True)
class _Mots:
    """Words of one famille, with the number of keys that bear each."""

    comptes: Mapping[str, int]
    connus: frozenset[str]


def learn_corrections(signatures: Iterable[Signature]) -> dict[tuple[str, str], str]:
    """(famille, word as read) → the word it stands for. Only words that the lexicons do not know are corrected."""
    comptes: dict[str, Counter[str]] = defaultdict(Counter)
    for signature in signatures:
        comptes[signature.famille].update(set(signature.bruts))
    appris: dict[tuple[str, str], str] = {}
    for famille, mots in sorted(comptes.items()):
        appris |= {(famille, mot): droit for mot, droit in _correct(mots, famille[:2])}
    return appris


def _correct(comptes: Mapping[str, int], rayon: str) -> Iterator[tuple[str, str]]:
    lettres = sorted(mot for mot in comptes if mot.isalpha())
    inconnus = {mot for mot in lettres if is_unknown(mot, rayon)}
    par_initiale: dict[str, list[str]] = defaultdict(list)
    for mot in lettres:
        par_initiale[mot[0]].append(mot)
    fautes: dict[str, str] = {}
    for mot in sorted(inconnus):
        droit = _find_meant(mot, par_initiale[mot[0]], comptes, inconnus)
        if droit is not None:
            fautes[mot] = droit
    droits = {initiale: [mot for mot in mots if mot not in fautes] for initiale, mots in par_initiale.items()}
    abreges = {}
    for mot in sorted(inconnus - fautes.keys()):
        entier = _find_whole(mot, droits[mot[0]], comptes)
        if entier is not None:
            abreges[mot] = entier
    for mot, droit in {**fautes, **abreges}.items():
        yield mot, abreges.get(droit, droit)


def _find_meant(mot: str, voisins: Sequence[str], comptes: Mapping[str, int], inconnus: set[str]) -> str | None:
    """The far more frequent word one keystroke away; None when there is none, or two that are not one word."""
    if len(mot) < _FAUTE_MIN:
        return None
    possibles = []
    for droit in voisins:
        if droit == mot or len(droit) < _DROIT_MIN or abs(len(droit) - len(mot)) > 1:
            continue
        fois = _FOIS_PLUS_INCONNU if droit in inconnus else _FOIS_PLUS_CONNU
        if comptes[droit] >= fois * comptes[mot] and OSA.distance(mot, droit, score_cutoff=1) <= 1:
            possibles.append((droit in inconnus, -comptes[droit], droit))
    if not possibles or len([p for p in possibles if not p[0]]) > 1:
        return None
    return min(possibles)[2]


def _find_whole(mot: str, voisins: Sequence[str], comptes: Mapping[str, int]) -> str | None:
    """The one word of the famille that this one shortens: its beginning, or else letters of it in order."""
    if len(mot) < _ABREGE_MIN:
        return None
    longs = [long for long in voisins if len(long) > len(mot)]
    debuts = [long for long in longs if long.startswith(mot)]
    if debuts:
        return debuts[0] if len(debuts) == 1 else None
    squelettes = [long for long in longs if len(mot) <= _PART_ABREGEE * len(long) and _is_within(mot, long)]
    return squelettes[0] if len(squelettes) == 1 else None


def _is_within(court: str, long: str) -> bool:
    lettres = iter(long)
    return all(lettre in lettres for lettre in court)
