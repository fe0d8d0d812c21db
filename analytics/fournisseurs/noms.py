"""Names of one firm differ by a slip of the keyboard or by a town added; two towns added to one name are two firms."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz

_RESSEMBLANCE = 90.0
_LONGUEUR_MIN = 8
_MOTS_DE_PLUS = 3
# A trade alone names nobody.
_METIERS = frozenset(
    """papeterie quincaillerie boulangerie garage imprimerie transports pharmacie etablissements comptoir negoce materiaux services
    distribution menuiserie electricite maconnerie plomberie pepinieres jardinerie librairie peinture association centre groupe
    france""".split()  # noqa: SIM905
)


def link_noms(noms: Sequence[str], connus: Sequence[str]) -> dict[str, list[str]]:
    """For each normalised name of `noms`, the names of `connus` that can only be the same firm, in alphabetical order.

    A name included in two others that do not include each other (« quincaillerie martin » in « … angouleme », « … saintes ») is linked
    to neither.
    """
    index: dict[str, list[str]] = defaultdict(list)
    for connu in connus:
        for mot in connu.split():
            index[mot[:4]].append(connu)
    contestes = {connu for connu in connus if _is_contested(connu, _candidates(connu, index))}
    return {nom: [v for v in _neighbours(nom, _candidates(nom, index)) if v not in contestes or v == nom] for nom in noms}


def find_contested(noms: Sequence[str]) -> frozenset[str]:
    """Names to which others add two different towns: two firms bear them, and alone they designate neither."""
    index: dict[str, list[str]] = defaultdict(list)
    for nom in noms:
        for mot in nom.split():
            index[mot[:4]].append(nom)
    return frozenset(nom for nom in noms if _is_contested(nom, _candidates(nom, index)))


def _is_contested(nom: str, candidats: Iterable[str]) -> bool:
    mots = set(nom.split())
    ajouts = [set(candidat.split()) - mots - _METIERS for candidat in candidats if mots < set(candidat.split())]
    villes = [ajout for ajout in ajouts if ajout and len(ajout) <= _MOTS_DE_PLUS]
    return any(
        not (a <= b or b <= a) and fuzz.ratio(" ".join(sorted(a)), " ".join(sorted(b))) < _RESSEMBLANCE for a in villes for b in villes
    )


def _candidates(nom: str, index: Mapping[str, Sequence[str]]) -> list[str]:
    return sorted({connu for mot in nom.split() for connu in index.get(mot[:4], ()) if connu != nom})


def _neighbours(nom: str, candidats: Iterable[str]) -> list[str]:
    mots = set(nom.split())
    plus_longs, plus_courts, proches = [], [], []
    for candidat in candidats:
        autres = set(candidat.split())
        if _digits(mots) != _digits(autres):
            continue
        if mots < autres and _names_somebody(mots) and len(autres) - len(mots) <= _MOTS_DE_PLUS:
            plus_longs.append(candidat)
        elif autres < mots and _names_somebody(autres) and len(mots) - len(autres) <= _MOTS_DE_PLUS:
            plus_courts.append(candidat)
        elif min(len(nom), len(candidat)) >= _LONGUEUR_MIN and fuzz.ratio(nom, candidat, score_cutoff=_RESSEMBLANCE):
            proches.append(candidat)
    if any(not (set(a.split()) <= set(b.split()) or set(b.split()) <= set(a.split())) for a in plus_longs for b in plus_longs):
        plus_longs = []
    if len(plus_courts) > 1:
        plus_courts = [max(plus_courts, key=lambda court: (len(court.split()), court))]
    return sorted({*plus_longs, *plus_courts, *proches})


def _digits(mots: Iterable[str]) -> set[str]:
    return {mot for mot in mots if any(signe.isdigit() for signe in mot)}


def _names_somebody(mots: set[str]) -> bool:
    propres = [mot for mot in mots if mot not in _METIERS]
    return len(propres) >= 2 or (any(len(mot) >= 5 for mot in propres) and (len(mots) >= 2 or len(propres[0]) >= 6))
