"""Units, packaging words and the unit in which each famille is compared are data files read once, never code.

Codes come from UN/ECE Recommendation 20 (units) and 21 (packaging, prefixed by X in an invoice); names and abbreviations are our own.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from ingest.quantites.texte import fold
from ingest.tables import read_table


@dataclass(frozen=True)
class Unite:
    """A unit: `facteur` of it make one `base` (exact), `formes` are its folded spellings."""

    code: str
    nom: str
    pluriel: str
    dimension: str
    base: str
    facteur: Decimal
    rec20: tuple[str, ...]
    formes: tuple[str, ...]


@dataclass(frozen=True)
class Conditionnement:
    """A packaging word. `rang` orders nesting: 4 palette, 3 outer packaging (carton), 2 either, 1 what holds the product (bidon)."""

    code: str
    nom: str
    pluriel: str
    rang: int
    feminin: bool
    rec21: str
    formes: tuple[str, ...]


@dataclass(frozen=True)
class UniteReference:
    """How a famille is compared: admissible base units by preference, and the unit shown to people (`facteur` base units each).

    `compte_nu`: whether a bare count (« carton de 24 ») means something there: « oui », « non » (a weight or a volume is needed), or
    « boite » (only in a small box: mouchoirs, not rouleaux).
    """

    famille: str
    unites_base: tuple[str, ...]
    unite: str
    libelle: str
    facteur: Decimal
    compte_nu: str
    raison: str


# Words that begin a packaging word and are words of their own.
_MOTS_ENTIERS = frozenset({"plate", "file", "fard", "barr"})
_DOUBLE = re.compile(r"(.)\1+")
_RANGS = {"groupage": 3, "intermediaire": 2, "primaire": 1}


@lru_cache(maxsize=1)
def unites() -> dict[str, Unite]:
    """Every unit by its code."""
    return {
        r["code"]: Unite(
            r["code"], r["nom"], r["pluriel"], r["dimension"], r["base"], Decimal(r["facteur"]),
            tuple(filter(None, r["rec20"].split("|"))), tuple(r["formes"].split("|")),
        )
        for r in read_table("ingest.quantites", "unites.csv")
    }  # fmt: skip


@lru_cache(maxsize=1)
def conditionnements() -> dict[str, Conditionnement]:
    """Every packaging word by its code."""
    return {
        r["code"]: Conditionnement(
            r["code"], r["nom"], r["pluriel"], 4 if r["code"] == "palette" else _RANGS[r["genre"]],
            r["genre_fr"] == "f", r["rec21"], tuple(r["formes"].split("|")),
        )
        for r in read_table("ingest.quantites", "conditionnements.csv")
    }  # fmt: skip


@lru_cache(maxsize=1)
def unites_par_forme() -> dict[str, Unite]:
    """Unit by folded spelling, names and Rec 20 codes included."""
    formes: dict[str, Unite] = {}
    for unite in unites().values():
        for forme in (fold(unite.nom), fold(unite.pluriel), fold(unite.code), *(fold(code) for code in unite.rec20), *unite.formes):
            formes.setdefault(forme, unite)
    return formes


@lru_cache(maxsize=1)
def conditionnements_par_forme() -> dict[str, Conditionnement]:
    """Packaging by folded spelling, and by Rec 21 code prefixed by X as in an electronic invoice."""
    formes: dict[str, Conditionnement] = {}
    for conditionnement in conditionnements().values():
        codes = (f"x{conditionnement.rec21.casefold()}",) if conditionnement.rec21 else ()
        for forme in (fold(conditionnement.nom), fold(conditionnement.pluriel), *codes, *conditionnement.formes):
            formes.setdefault(forme, conditionnement)
    return formes


@lru_cache(maxsize=65_536)
def read_abrege(forme: str) -> Conditionnement | None:
    """Packaging word of which this spelling is the beginning, one or two letters short, or a plural: « carto », « palet », « flacs »."""
    if len(forme) < 4 or not forme.isalpha() or forme in _MOTS_ENTIERS or forme in unites_par_forme():
        return None
    entiers = [c for c in conditionnements().values() if fold(c.nom).startswith(forme) and len(fold(c.nom)) - len(forme) <= 2]
    if len(entiers) == 1:
        return entiers[0]
    if len(forme) > 4 and forme[-1] == "s" and forme[:-1] in conditionnements_par_forme():
        return conditionnements_par_forme()[forme[:-1]]
    nom = _read_faute(forme)
    return conditionnements_par_forme().get(nom) if nom else None


@lru_cache(maxsize=65_536)
def read_unite_fautive(forme: str) -> Unite | None:
    """Unit of which this spelling exchanges two letters or doubles one: « liitre », « paegs »."""
    nom = None if forme in unites_par_forme() else _read_faute(forme)
    return unites_par_forme().get(nom) if nom else None


def _read_faute(forme: str) -> str | None:
    """The name of which this is a mistyping: two neighbouring letters exchanged, or one written twice (« paqeut », « booite »)."""
    if len(forme) < 5 or not forme.isalpha():
        return None
    simple = _DOUBLE.sub(r"\1", forme)
    memes_lettres = _noms_tries().get("".join(sorted(simple)), ())
    proches = [nom for nom in memes_lettres if DamerauLevenshtein.distance(simple, _DOUBLE.sub(r"\1", nom)) <= 1]
    return proches[0] if len(proches) == 1 else None


@lru_cache(maxsize=1)
def _noms_tries() -> dict[str, list[str]]:
    """Names of packagings and units of five letters or more, by their letters in alphabetical order, each letter once when doubled."""
    choses = [(c.nom, c.pluriel) for c in conditionnements().values()] + [(u.nom, u.pluriel) for u in unites().values()]
    noms: dict[str, list[str]] = {}
    for nom in sorted({fold(nom) for paire in choses for nom in paire}):
        if len(nom) >= 5 and nom.isalpha():
            noms.setdefault("".join(sorted(_DOUBLE.sub(r"\1", nom))), []).append(nom)
    return noms


@lru_cache(maxsize=4096)
def deviner(forme: str) -> Unite | Conditionnement | None:
    """The one unit or packaging of which an unknown unit cell may be the abbreviation (« ton », « plqte »); None when several may."""
    if len(forme) < 3 or not forme.isalpha():
        return None
    noms: list[tuple[str, Unite | Conditionnement]] = [(fold(c.nom), c) for c in conditionnements().values()]
    noms += [(fold(u.nom), u) for u in unites().values()]
    for convient in (_begins, _is_squelette):
        possibles = {id(chose): chose for nom, chose in noms if convient(nom, forme)}
        if possibles:
            return next(iter(possibles.values())) if len(possibles) == 1 else None
    return None


def _begins(nom: str, forme: str) -> bool:
    return nom.startswith(forme)


def _is_squelette(nom: str, forme: str) -> bool:
    """« plqte » keeps letters of « plaquette » in their order, the first among them."""
    lettres = iter(nom)
    return nom[0] == forme[0] and all(lettre in lettres for lettre in forme)


@lru_cache(maxsize=1)
def prefixes_colles() -> frozenset[str]:
    """Packaging words that may be stuck to a number: « bte100 », « ct5 » (words of one letter are never cut)."""
    return frozenset(forme for forme in conditionnements_par_forme() if len(forme) > 1 and forme.isalpha())


@lru_cache(maxsize=1)
def _references() -> dict[str, UniteReference]:
    references = {}
    for r in read_table("ingest.quantites", "unites_familles.csv"):
        facteur = unites()[r["unite_reference"]].facteur
        references[r["famille"]] = UniteReference(
            r["famille"],
            tuple(r["unites_base"].split("|")),
            r["unite_reference"],
            r["libelle_reference"],
            facteur,
            r["compte_nu"],
            r["raison"],
        )
    return references


def unite_reference(famille: str | None) -> UniteReference | None:
    """How this famille is compared; None for an unknown famille and for « à classer »."""
    return _references().get(famille or "")


def convertir(valeur: Decimal, de: str, vers: str) -> Decimal:
    """Convert exactly between two unit codes: `convertir(Decimal(3), "t", "kg")` is 3000. ValueError when they share no base unit."""
    depart, arrivee = unites()[de], unites()[vers]
    if depart.base != arrivee.base:
        raise ValueError(f"{de} and {vers} have no base unit in common")
    return valeur * depart.facteur / arrivee.facteur
