"""An article bears a name a town hall can read: the clearest of its labels, whole words, accents, no packaging nor brand.

Nothing is invented: the words are those of one label of the article; an abbreviation is written in full only when it stands for one word.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from heapq import nsmallest

from analytics.articles.signature import expand, is_known, sign
from ingest.familles import familles
from ingest.quantites.coupures import COUPES
from ingest.quantites.nomenclature import conditionnements_par_forme
from ingest.quantites.texte import fold
from ingest.tables import read_table

_CANDIDATS_MAX = 12
_PART_ACCENTUEE = 0.3  # many write without accents: three in ten are enough to say that the word has one
_LETTRES = re.compile(r"[^\W\d_]{3}")
_MOT = re.compile(r"[^\W\d_]+")
_JETON = re.compile(r"[\w'’]+(?:[.,]\d+\w*)*\.?|\S")
_POINT_DECIMAL = re.compile(r"(?<![\w.])(\d+)\.(\d+)(?![\w.])")
_A_ACCENTUE = re.compile(r"(?<=\w )a(?= \w{3})")
_TAILLE = re.compile(r"\b(taille )(xs|s|m|l|x+l)\b|(% )(mg)\b")
_MESURE = re.compile(r"(?<![\w,.])(\d+(?:[.,]\d+)?) ?(kg|gr?s?|l|cl|ml|mm|cm|m|m2|mic|microns?|µ|pages?|p|feuilles?)\b(?!/)", re.IGNORECASE)
_UNITES = {"gr": "g", "grs": "g", "gs": "g", "mic": "microns", "micron": "microns", "µ": "microns", "p": "pages", "page": "pages"}
_FOIS = re.compile(r"(?<=\d) ?[xX×] ?(?=\d)")
_ABREGES = {"av": "avec", "ss": "sans", "pr": "pour"}
_LIAISONS = frozenset("de du des d à a au aux la le les l en et pour avec sans sur par ou x".split())  # noqa: SIM905
# What is missing or wrong in a candidate, the heavier the worse.
_MALUS = {"coupe": 3.0, "inconnu": 1.0, "rare": 0.3, "muet": 0.8, "conditionnement": 0.7, "capitales": 0.3, "trop_court": 2.0}


class Nommeur:
    """Names articles of one set of labels, of which it learns how words are accented."""

    def __init__(self, libelles: Mapping[str, int]) -> None:
        self.accents = _learn_accents(libelles)

    def name(self, libelles: Iterable[tuple[str, int]], famille: str, attributs: str = "{}") -> str:
        """Name of an article from its labels, each with its number of lines, and its features (JSON). The order given does not matter."""
        return self._accentuate(_choose(tuple(nsmallest(_CANDIDATS_MAX, libelles, key=_promise)), famille, attributs))

    def _accentuate(self, texte: str) -> str:
        habille = _A_ACCENTUE.sub("à", _MOT.sub(lambda mot: self._write(mot[0]), texte))
        habille = _TAILLE.sub(lambda mot: (mot[1] or mot[3]) + (mot[2] or mot[4]).upper(), habille)
        return habille[:1].upper() + habille[1:]

    def _write(self, mot: str) -> str:
        return self.accents.get(mot) or _accents_livres().get(mot, mot)


@lru_cache(maxsize=65_536)
def _choose(libelles: tuple[tuple[str, int], ...], famille: str, attributs: str) -> str:
    """The best dressed of these labels: nothing wrong with it, then the most frequent."""
    dits = json.loads(attributs)
    points: dict[str, float] = defaultdict(float)
    malus: dict[str, float] = {}
    for libelle, n in libelles:
        texte, defaut = _dress(libelle, famille)
        lus = dict(sign(libelle, famille).attributs)
        points[texte] += n
        malus[texte] = min(malus.get(texte, 99.0), defaut + _MALUS["muet"] * sum(nom not in lus for nom in dits))
    return min(points, key=lambda texte: (round(malus[texte], 1), -points[texte], len(texte), texte))


def _promise(couple: tuple[str, int]) -> tuple[bool, bool, int, str]:
    """The most promising first: not cut, in lower case, frequent."""
    libelle, n = couple
    est_capitale = libelle.isupper()
    return est_capitale and len(libelle) in COUPES, est_capitale, -n, libelle


def _learn_accents(libelles: Mapping[str, int]) -> dict[str, str]:
    """Folded word → its accented spelling, when enough of those who write in lower case accent it."""
    graphies: dict[str, Counter[str]] = defaultdict(Counter)
    for libelle, n in libelles.items():
        if libelle and not libelle.isupper():
            for mot in _MOT.findall(libelle):
                if mot.islower() and len(mot) > 2:
                    graphies[fold(mot)][mot] += n
    appris = {}
    for mot, comptes in graphies.items():
        accentuees = [(-n, graphie) for graphie, n in comptes.items() if graphie != mot]
        if accentuees and -sum(n for n, _ in accentuees) >= _PART_ACCENTUEE * comptes.total():
            appris[mot] = min(accentuees)[1]
    return appris


@lru_cache(maxsize=1)
def _accents_livres() -> dict[str, str]:
    textes = [texte for famille in familles() for texte in (famille.libelle, *famille.mots_cles)]
    mots = [mot for texte in textes for mot in _MOT.findall(texte.casefold())]
    mots += [mot for ligne in read_table("analytics.articles", "graphies.csv") for mot in ligne["mots"].split("|")]
    return {fold(mot): mot for mot in mots if fold(mot) != mot and len(mot) > 2}


@lru_cache(maxsize=262_144)
def _dress(libelle: str, famille: str) -> tuple[str, float]:
    """The label in lower case without accents, without packaging, abbreviations in full; and how bad a name it makes (0: nothing wrong)."""
    est_capitale = libelle.isupper()
    est_coupe = est_capitale and len(libelle) in COUPES
    nu = strip_conditionnement(libelle)
    texte = _POINT_DECIMAL.sub(r"\1,\2", _MESURE.sub(_write_mesure, _FOIS.sub(" x ", nu)))
    jetons = [_write_jeton(jeton, est_capitale=est_capitale) for jeton in _JETON.findall(texte)]
    if est_coupe and nu == libelle.strip() and len(jetons) > 1 and not jetons[-1][1]:
        jetons.pop()
    defaut = sum(_MALUS["inconnu" if _is_abrege(jeton) else "rare"] for jeton, est_clair in jetons if not est_clair)
    defaut += _MALUS["coupe"] * est_coupe + _MALUS["capitales"] * est_capitale
    defaut += _MALUS["conditionnement"] * _has_conditionnement(nu)
    dresse = _join([jeton for jeton, _ in jetons])
    return dresse, defaut + _MALUS["trop_court"] * (len(dresse) < _TROP_COURT)


def _write_mesure(trouve: re.Match[str]) -> str:
    unite = trouve[2].casefold()
    return f"{trouve[1].replace('.', ',')} {_UNITES.get(unite, unite)}"


@lru_cache(maxsize=65_536)
def _write_jeton(jeton: str, *, est_capitale: bool) -> tuple[str, bool]:
    """The piece as it is shown, folded where accents will be put back, and whether a reader understands it."""
    mot = fold(jeton.rstrip("."))
    if not mot or not any(signe.isalnum() for signe in mot) or any(signe.isdigit() for signe in mot):
        return (jeton.upper() if est_capitale and not jeton.isdigit() else jeton), True
    if mot in _LIAISONS or mot in _UNITES.values() or mot in {"kg", "l", "cl", "ml", "mm", "cm", "m", "m2"}:
        return mot, True
    plein = _ABREGES.get(mot) or expand(mot)
    if plein is not None:
        return plein, True
    if len(mot) <= 2 and not set(mot) & set("aeiouy") and mot not in _accents_livres():
        return jeton.upper(), False
    if is_known(mot) or mot in _accents_livres():
        return mot, not jeton.endswith(".")
    if not set(mot) & set("aeiouy") or (jeton.isupper() and not est_capitale and len(jeton) > 1):
        return jeton.upper(), False
    return (mot if est_capitale or jeton.islower() else jeton), False


def _is_abrege(mot: str) -> bool:
    """A short word that nobody knows is most likely cut short; a long one is a rare word."""
    return len(mot) < 5 or not set(mot.casefold()) & set("aeiouy")


def _join(jetons: Sequence[str]) -> str:
    texte = " ".join(jeton for jeton in jetons if jeton)
    texte = re.sub(r" ([,.)°])", r"\1", re.sub(r"([(]) ", r"\1", texte))
    texte = re.sub(r"(?<=\w) ([-/+']) (?=\w)", lambda m: m[1], texte)
    return " ".join(texte.split()).strip(" -–,/(.;:")


def _has_conditionnement(texte: str) -> bool:
    mots = fold(texte).split()
    return any(mot in _emballages() for mot in mots[1:]) or mots[:1] == ["ramette"]


@lru_cache(maxsize=262_144)
def strip_conditionnement(libelle: str) -> str:
    """« papier A4 80 g, carton de 5 ramettes » → « papier A4 80 g »; the label as it is when nothing would be left."""
    texte = _fin().sub("", libelle).strip(" -–,/(")
    texte = _debut().sub("", texte).strip(" -–,/(")
    return texte if len(texte) >= _TROP_COURT and _LETTRES.search(texte) else libelle.strip()


_TROP_COURT = 4
# Packaging words that are also ordinary words, or the thing itself.
_MOTS_AMBIGUS = frozenset("tour fil cour plat col car can pal sac sacs tube filet pot".split())  # noqa: SIM905


@lru_cache(maxsize=1)
def _emballages() -> frozenset[str]:
    return frozenset(forme for forme in conditionnements_par_forme() if len(forme) >= 2 and forme.isalpha()) - _MOTS_AMBIGUS - {"et"}


@lru_cache(maxsize=1)
def _alternatives() -> str:
    formes = {forme for forme in _emballages() if len(forme) >= 3}
    formes |= {"boîte", "étui", "boîtes", "étuis", "ct", "bt", "fût", "fûts", "aérosol", "pulvérisateur"}
    return "|".join(sorted(formes - _MOTS_AMBIGUS, key=lambda forme: (-len(forme), forme)))


_UNITE = r"(?:feuilles?|f|l|litres?|cl|ml|kg|g|m|unites?|paires?|[a-zà-ÿœ]+s)"


@lru_cache(maxsize=1)
def _fin() -> re.Pattern[str]:
    mots = rf"(?:{_alternatives()})\b\.?\s*(?:de\s+)?/?\d+(?![\d,.]*\s?(?:plis?|mic\w*|cm|mm|%|°|w|v)\b).*"
    mots += r"|(?<=[-–,/(] )\d+(?:[.,]\d+)?\s?(?:kg|l|ml|cl)\)?$"
    mots += r"|(?:sacs?|pots?|tubes?|filets?)\s+(?:de\s+)?\d+(?:[.,]\d+)?\s?(?:kg|g|l|ml|cl)\b.*"
    produit = r"\d+\s?x\s?\d+(?:[.,]\d+)?\s?(?:l|cl|ml|kg|g|f)\b.*"
    return re.compile(rf"\s*[-–,/(]?\s*\b(?:{mots}|{produit}|[BRCPSLE]/\d+.*)$", re.IGNORECASE)


@lru_cache(maxsize=1)
def _debut() -> re.Pattern[str]:
    suite = rf"(?:\s+de\s+\d[\d ]*\s?{_UNITE}|\s+\d+\s?{_UNITE})?"
    return re.compile(rf"^(?:{_alternatives()})\b\.?\s*(?:de\s+)?\d[\d ]*(?:x\s?\d+)?\s?{_UNITE}?{suite}\s+", re.IGNORECASE)
