"""How much a header looks like the name of a field: exact after folding, else by words, else by letters."""

import re
import unicodedata
from functools import cache
from typing import Final

from rapidfuzz import fuzz, process

from ingest.schema import fold_entete, load_champs, load_ignores
from ingest.vocabulaire import BaseTaxe

_GENERIQUE: Final = re.compile(r"(?i)\s*(?:colonne|column|sans titre|unnamed)[\s_:]*(?:\d*|[a-z]{1,3})\s*(?:\(\d+\))?")
_SUFFIXE: Final = re.compile(r"\s*\(\d+\)$|[_ ]\d$")


@cache
def nommer(entete: str) -> dict[str, float]:
    """Score the fields a header may name, between 0 and 1; the key "" scores the headers known to be of no use to us.

    1 is a known synonym; 0.75 to 0.95 a header that contains all the words of one (« fournisseur de la cantine »); a close spelling
    (« desciption ») is between 0.6 and 0.9.
    """
    if not entete.strip() or _GENERIQUE.fullmatch(entete):
        return {}
    nu = _SUFFIXE.sub("", entete)
    plie, mots = fold_entete(nu), _mots(nu)
    if not plie:
        return {}
    exacts = _index_exact()
    if plie in exacts or (plie := plie.rstrip("0123456789")) in exacts:
        return dict.fromkeys(exacts[plie], 1.0)
    scores: dict[str, float] = {}
    for champs, score in (*_par_mots(mots), *_par_lettres(plie)):
        for champ in champs:
            scores[champ] = max(scores.get(champ, 0.0), score)
    return scores


def base_dite(entete: str) -> BaseTaxe | None:
    """Tax basis that a header says, wherever it says it: « Montants HT P.U. », « Hors taxes (€) Montant », « Prix T.T.C. »."""
    if re.search(r"(?i)(?<![a-z])t\.?t\.?c\.?(?![a-z])|TTC", entete):
        return BaseTaxe.TTC
    if re.search(r"(?i)(?<![a-z])h\.?t\.?(?![a-z])|hors[\s_-]*taxe|(?<=[a-z])HT(?![a-z])", entete):
        return BaseTaxe.HT
    return None


def _par_mots(mots: frozenset[str]) -> list[tuple[tuple[str, ...], float]]:
    """Synonyms whose words are all in the header; the share of the header they explain makes the score."""
    resultats = []
    for synonyme, champs in _index_mots().items():
        if synonyme <= mots and max(map(len, synonyme)) >= 2:
            resultats.append((champs, 0.72 + 0.23 * sum(map(len, synonyme)) / sum(map(len, mots))))
    return resultats


def _par_lettres(plie: str) -> list[tuple[tuple[str, ...], float]]:
    """Synonyms spelt almost alike."""
    if len(plie) < 4:
        return []
    proches = process.extract(plie, list(_index_exact()), scorer=fuzz.ratio, limit=6, score_cutoff=78)
    return [(_index_exact()[mot], score / 100 * 0.95) for mot, score, _ in proches if len(mot) >= 4]


def _mots(texte: str) -> frozenset[str]:
    """Words of a header that carry meaning, cut at changes of case (« MontantHT » → montant, ht)."""
    coupe = re.sub(r"(?<=[a-zéè])(?=[A-Z])", " ", texte)
    nu = "".join(lettre for lettre in unicodedata.normalize("NFKD", coupe.lower()) if not unicodedata.combining(lettre))
    mots = [re.sub(r"\d+$", "", mot) or mot for mot in re.findall(r"[a-z0-9]+", nu)]
    return frozenset(mot for mot in mots if mot not in {"de", "du", "la", "le", "l", "d", "des", "en", "par", "et", "a"})


@cache
def _index_exact() -> dict[str, tuple[str, ...]]:
    """Folded synonym → fields; the field "" is for headers known to be of no use."""
    index: dict[str, tuple[str, ...]] = {fold_entete(mot): ("",) for mot in load_ignores()}
    for champ in load_champs():
        for mot in (champ.nom, champ.titre, *champ.synonymes):
            plie = fold_entete(mot)
            deja = tuple(nom for nom in index.get(plie, ()) if nom and nom != champ.nom)
            index[plie] = (*deja, champ.nom)
    return index


@cache
def _index_mots() -> dict[frozenset[str], tuple[str, ...]]:
    index: dict[frozenset[str], tuple[str, ...]] = {_mots(mot): ("",) for mot in load_ignores()}
    for champ in load_champs():
        for mot in (champ.nom, champ.titre, *champ.synonymes):
            mots = _mots(mot)
            if mots and index.get(mots) != ("",):
                index[mots] = tuple({*index.get(mots, ()), champ.nom})
    index.pop(frozenset(), None)
    return index
