"""Two signatures are compared by what they share and what only one says; a feature, a code or a side that differs forbids the match."""

from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from analytics.articles.signature import POIDS_MARQUE, Signature

_POIDS_ATTRIBUT = 0.7
_POIDS_CODE = 0.8
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
# Features whose silence means « no »: a label that does not say bio is not bio.
_SILENCES = frozenset({"bio", "recycle", "etat", "label", "concentre", "jumbo", "desinfectant"})


def forbid(a: Signature, b: Signature) -> str | None:
    """Why the two can never be one article (French), or None."""
    if a.famille != b.famille:
        return "familles différentes"
    lus_a, lus_b = dict(a.attributs), dict(b.attributs)
    for nom in sorted(lus_a.keys() | lus_b.keys()):
        valeur_a, valeur_b = lus_a.get(nom), lus_b.get(nom)
        if nom in _SILENCES and valeur_a != valeur_b:
            return f"{nom} : {valeur_a or 'non dit'} / {valeur_b or 'non dit'}"
        if valeur_a is not None and valeur_b is not None and not _agree(valeur_a, valeur_b):
            return f"{nom} : {valeur_a} / {valeur_b}"
    if a.codes and b.codes and not (a.codes <= b.codes or b.codes <= a.codes):
        return f"codes : {' '.join(sorted(a.codes))} / {' '.join(sorted(b.codes))}"
    cotes_b = dict(b.oppositions)
    for sujet, valeur in a.oppositions:
        if cotes_b.get(sujet, valeur) != valeur:
            return f"{sujet} : {valeur} / {cotes_b[sujet]}"
    return None


def _agree(a: str, b: str) -> bool:
    """Equal, or one says part of the other (« 16go » and « 16go+512go »)."""
    return a == b or set(a.split("+")) <= set(b.split("+")) or set(b.split("+")) <= set(a.split("+"))


def score(a: Signature, b: Signature, marques: frozenset[str] = frozenset()) -> float:
    """Likeness from 0 to 1 of two signatures that nothing forbids: twice what is shared over all that is said; `marques` count little."""
    lus_a, lus_b = dict(a.attributs), dict(b.attributs)
    communs = sum(_POIDS_ATTRIBUT for nom in lus_a.keys() & lus_b.keys()) + _POIDS_CODE * len(a.codes & b.codes)
    seuls = sum(_ABSENCES.get(nom, _ABSENCE) for nom in lus_a.keys() ^ lus_b.keys()) + _POIDS_CODE * 0.5 * len(a.codes ^ b.codes)
    mots_a, mots_b = _weigh(a, marques), _weigh(b, marques)
    partages = mots_a.keys() & mots_b.keys()
    communs += sum(mots_a[mot] for mot in partages)
    reste_b = [mot for mot in mots_b if mot not in partages]
    proches = 0.0
    for mot in sorted(mots_a.keys() - partages):
        meilleur = max(((_near(mot, autre), autre) for autre in reste_b), default=(0.0, ""))
        if meilleur[0] > 0:
            reste_b.remove(meilleur[1])
            proches += meilleur[0] * max(mots_a[mot], mots_b[meilleur[1]])
        else:
            seuls += mots_a[mot]
    seuls += sum(mots_b[mot] for mot in reste_b)
    if not partages and not proches:
        communs *= 0.5
    total = 2 * (communs + proches)
    return round(total / (total + seuls), 4) if total else 0.0


def _weigh(signature: Signature, marques: frozenset[str]) -> dict[str, float]:
    return {mot: POIDS_MARQUE if mot in marques else poids for mot, poids in signature.mots}


@lru_cache(maxsize=262_144)
def _near(a: str, b: str) -> float:
    """Credit for an abbreviation or a slip: « deterg » for « detergent », « nettoyatn » for « nettoyant »; 0 when unlike."""
    court, long = sorted((a, b), key=len)
    if " " in court or " " in long:
        return 0.0
    if len(court) >= 3 and long.startswith(court):
        return 0.95
    if len(court) >= 5 and DamerauLevenshtein.distance(court, long, score_cutoff=2) <= (1 if len(court) < 8 else 2):
        return 0.9
    if len(court) >= 3 and court[0] == long[0] and len(court) <= 0.75 * len(long) and _is_skeleton(court, long):
        return 0.8
    return 0.0


def _is_skeleton(court: str, long: str) -> bool:
    """Letters of the abbreviation in order within the word, its consonants first of all."""
    lettres = iter(long)
    return all(lettre in lettres for lettre in court)
