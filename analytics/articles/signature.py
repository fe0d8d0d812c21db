"""A label is reduced to what names the thing: canonical words, codes, features; packaging, typing and word order are gone."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from ingest.familles.lexique import vocabulaire
from ingest.familles.mots import stems
from ingest.quantites.attributs import read_identite
from ingest.quantites.coupures import COUPES
from ingest.tables import read_table
from ingest.vocabulaire import FAMILLE_A_CLASSER

_NORME = re.compile(r"^(?:en|iso|nf)\d+")
_CHIFFRE = re.compile(r"\d")
_TAILLE_EXPRESSION = 4
_FAMILLES_DE_MARQUE = 3
_PART_DE_MARQUE = 0.05
_ABREVIATION_MIN = 3
_LONGUEUR_DE_MARQUE = 4  # « rg », « bu » are met everywhere too: colours cut short
# Weight of a word in a comparison: one of the trade; one that is not
# (it may be a variety, so it counts), a brand (an unknown word met in several familles), one that often goes without saying.
POIDS_CONNU = 1.0
POIDS_INCONNU = 0.9
POIDS_MARQUE = 0.2
POIDS_FAIBLE = 0.25


@dataclass(frozen=True)
class Signature:
    """What two labels are compared on.

    `cle` is equal for two labels that say exactly the same; `mots` are canonical words with their weight; `codes` are pieces with digits
    (models, norms left out); `attributs` are the features of `ingest.quantites.attributs`; `oppositions` the side taken on each subject
    where sides exclude each other (mat or satin).
    """

    cle: str
    famille: str
    mots: tuple[tuple[str, float], ...]
    codes: frozenset[str]
    attributs: tuple[tuple[str, str], ...]
    oppositions: tuple[tuple[str, str], ...]
    bruts: tuple[str, ...] = ()
    tete: str = ""


@lru_cache(maxsize=262_144)
def sign(libelle: str, famille: str) -> Signature:
    """Signature of a label in its famille; a pure function of the two."""
    identite = read_identite(libelle, famille)
    bruts = stems(" ".join(identite.mots))
    if bruts and libelle.isupper() and len(libelle) in COUPES and _weigh(bruts[-1]) == POIDS_INCONNU:
        bruts = bruts[:-1]  # a software cut the label there: what is left of the word says nothing
    mots = sorted({mot for mot in _canonise(bruts, famille[:2]) if mot not in _mots_vides()})
    codes = frozenset(mot for mot in mots if _CHIFFRE.search(mot) and not _NORME.match(mot))
    noms = [mot for mot in mots if not _CHIFFRE.search(mot)]
    pesees = tuple((mot, _weigh(mot)) for mot in noms)
    attributs = tuple(identite.attributs)
    if famille == FAMILLE_A_CLASSER:  # what its numbers mean is unknown: only the very same words are the same thing
        return Signature(" ".join([famille, *sorted(stems(libelle))]), famille, pesees, codes, (), ())
    cle = " ".join([famille, *noms, *sorted(codes), *(f"{nom}={valeur}" for nom, valeur in attributs)])
    return Signature(cle, famille, pesees, codes, attributs, _take_sides((*bruts, *mots)), bruts, _find_head(bruts, famille))


def mend(signature: Signature, corrections: Mapping[tuple[str, str], str]) -> Signature:
    """The same signature, key left as it is, read with these words in place of those it bears."""
    famille = signature.famille
    if not any((famille, mot) in corrections for mot in signature.bruts):
        return signature
    bruts = tuple(corrections.get((famille, mot), mot) for mot in signature.bruts)
    mots = sorted({mot for mot in _canonise(bruts, famille[:2]) if mot not in _mots_vides()})
    noms = tuple((mot, _weigh(mot)) for mot in mots if not _CHIFFRE.search(mot))
    return replace(signature, mots=noms, oppositions=_take_sides((*bruts, *mots)), bruts=bruts, tete=_find_head(bruts, famille))


def _find_head(bruts: tuple[str, ...], famille: str) -> str:
    """The first word of weight: in French it names the thing, what follows qualifies it."""
    mots = (mot for mot in _canonise(bruts, famille[:2]) if mot not in _mots_vides() and not _CHIFFRE.search(mot))
    return next((mot for mot in mots if _weigh(mot) >= POIDS_INCONNU), "")


def is_unknown(mot: str, rayon: str) -> bool:
    """Is this stemmed word none of those the lexicons know, in full or cut short?"""
    if mot in _lexique() or mot in _lexiques_de_rayon().get(rayon, {}) or mot in _mots_vides():
        return False
    return _weigh(mot) == POIDS_INCONNU


def find_marques(signatures: Iterable[Signature]) -> frozenset[str]:
    """Unknown words that at least three familles share: a brand or a range, that says nothing of what the thing is.

    A famille counts when it has a twentieth of the word: a few labels filed elsewhere by mistake make no brand of a plant.
    """
    familles: dict[str, Counter[str]] = defaultdict(Counter)
    for signature in signatures:
        for mot, poids in signature.mots:
            if poids == POIDS_INCONNU and len(mot) >= _LONGUEUR_DE_MARQUE:
                familles[mot][signature.famille] += 1
    return frozenset(
        mot for mot, codes in familles.items() if sum(n >= _PART_DE_MARQUE * codes.total() for n in codes.values()) >= _FAMILLES_DE_MARQUE
    )


def is_known(mot: str) -> bool:
    """Is this folded word one of the trade, written in full?"""
    racine = " ".join(stems(mot))
    return racine in _mots_pleins()


def expand(mot: str) -> str | None:
    """What an abbreviation of the lexicon stands for, when it is one (« pap » → « papier ») and not another word for the thing."""
    racine = " ".join(stems(mot))
    plein = _lexique().get(racine)
    if plein is None or len(racine) < _ABREVIATION_MIN or plein == racine:
        return None
    lettres = iter(plein)
    est_abrege = len(racine) < len(plein) and plein[0] == racine[0] and all(lettre in lettres for lettre in racine)
    return plein if est_abrege else None


@lru_cache(maxsize=1)
def _mots_pleins() -> frozenset[str]:
    """Whole words: those of the lexicons less the abbreviations, those that go without saying."""
    abreges = {forme for forme, plein in _lexique().items() if forme != plein}
    return (vocabulaire() | _mots_connus() | _mots_faibles() | _mots_vides()) - (abreges - vocabulaire() - _mots_faibles())


def _weigh(mot: str) -> float:
    if mot in _mots_faibles():
        return POIDS_FAIBLE
    return POIDS_CONNU if mot in _mots_connus() or all(m in vocabulaire() for m in mot.split()) else POIDS_INCONNU


def _canonise(mots: tuple[str, ...], rayon: str) -> list[str]:
    """Replace expressions of the lexicon by their canonical form, the longest first; a word may mean another thing in one rayon."""
    propre, commun = _lexiques_de_rayon().get(rayon, {}), _lexique()
    sortie: list[str] = []
    rang = 0
    while rang < len(mots):
        for taille in range(min(_TAILLE_EXPRESSION, len(mots) - rang), 0, -1):
            expression = " ".join(mots[rang : rang + taille])
            forme = propre.get(expression) or commun.get(expression)
            if forme is not None:
                sortie.append(forme)
                rang += taille
                break
        else:
            sortie.append(mots[rang])
            rang += 1
    return sortie


def _take_sides(mots: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Subjects on which the label takes exactly one side."""
    cotes: dict[str, set[str]] = defaultdict(set)
    seules, expressions = _oppositions()
    for mot in {morceau for expression in mots for morceau in expression.split()} & seules.keys():
        sujet, valeur = seules[mot]
        cotes[sujet].add(valeur)
    suite = f" {' '.join(mots)} "
    for forme, (sujet, valeur) in expressions.items():
        if f" {forme} " in suite:
            cotes[sujet].add(valeur)
    return tuple(sorted((sujet, valeurs.pop()) for sujet, valeurs in cotes.items() if len(valeurs) == 1))


@lru_cache(maxsize=1)
def _lexique() -> dict[str, str]:
    """Stemmed abbreviation or synonym → canonical form."""
    lexique: dict[str, str] = {}
    for ligne in read_table("analytics.articles", "lexique.csv"):
        for forme in ligne["mots"].split("|"):
            lexique.setdefault(" ".join(stems(forme)), " ".join(stems(ligne["forme"])))
        canonique = " ".join(stems(ligne["forme"]))
        lexique[canonique] = canonique
    return lexique


@lru_cache(maxsize=1)
def _lexiques_de_rayon() -> dict[str, dict[str, str]]:
    """What is said in one rayon only (the two letters of its familles): « ext » is an extincteur there, outdoors elsewhere."""
    lexiques: dict[str, dict[str, str]] = defaultdict(dict)
    for ligne in read_table("analytics.articles", "lexique_rayons.csv"):
        canonique = " ".join(stems(ligne["forme"]))
        lexiques[ligne["rayon"]] |= {" ".join(stems(mot)): canonique for mot in (*ligne["mots"].split("|"), ligne["forme"])}
    return dict(lexiques)


@lru_cache(maxsize=1)
def _mots_connus() -> frozenset[str]:
    formes = {*_lexique().values(), *(forme for lexique in _lexiques_de_rayon().values() for forme in lexique.values())}
    return frozenset(formes) | frozenset(mot for forme in formes for mot in forme.split())


@lru_cache(maxsize=1)
def _mots_vides() -> frozenset[str]:
    return frozenset(mot for ligne in read_table("analytics.articles", "mots_vides.csv") for mot in stems(ligne["mot"])) | {
        "a",
        "de",
        "l",
        "d",
    }


@lru_cache(maxsize=1)
def _mots_faibles() -> frozenset[str]:
    return frozenset(mot for ligne in read_table("analytics.articles", "mots_faibles.csv") for mot in stems(ligne["mot"]))


@lru_cache(maxsize=1)
def _oppositions() -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]]]:
    """Words, then expressions, that take a side → subject and side."""
    toutes = {
        " ".join(stems(forme)): (ligne["sujet"], ligne["valeur"])
        for ligne in read_table("analytics.articles", "oppositions.csv")
        for forme in ligne["mots"].split("|")
    }
    return {f: c for f, c in toutes.items() if " " not in f}, {f: c for f, c in toutes.items() if " " in f}
