"""A unit cell is understood with the rest of its line: the thing itself, a period, a word that the label uses too."""

import re

from ingest.quantites.cellule import UniteLue
from ingest.quantites.chaine import names
from ingest.quantites.grammaire import decouper
from ingest.quantites.nomenclature import Conditionnement, conditionnements, conditionnements_par_forme, deviner, unites, unites_par_forme
from ingest.quantites.texte import fold
from ingest.quantites.usages import Usage

# « Loyer mensuel »: what is bought is a month of it.
_PERIODE = re.compile(r"\b(?:loyers?|abonnements?|abt|redevances?)\b.*\b(mensuel|trimestriel|semestriel|annuel)")
_PERIODES = {"mensuel": "mois", "trimestriel": "trimestre", "semestriel": "semestre", "annuel": "an"}
_LITRE_OU_LOT = frozenset({"l", "lt", "lts"})
_BOITE_OU_BOUTEILLE = frozenset({"bte", "btes", "bt", "bts"})
_AVANT_NOMBRE = re.compile(r"\b[a-z]{3,}(?=\.? ?(?:de |d'|/ ?)?\d)")
# What an unknown word that holds a number is taken for.
_SANS_NOM = "colis"


def interpret_unite(lue: UniteLue, libelle: str, usage: Usage) -> UniteLue:
    """What a unit cell means given the rest of the line: the thing itself, a period, one of two containers of the same abbreviation."""
    if lue.est_inconnue:
        forme = fold(lue.texte).strip(" .")
        if forme.removesuffix("s") in usage.noms or forme in usage.noms or _is_chose(forme, libelle):
            return UniteLue(lue.texte, unite=unites()["unite"])
    if "mois" in usage.admises and (lue.est_piece or not lue.texte) and (periode := _PERIODE.search(fold(libelle))):
        return UniteLue(lue.texte, unite=unites()[_PERIODES[periode[1]]])
    if lue.unite is not None and lue.unite.code == "l" and _is_lot(fold(lue.texte).strip(" ."), libelle, usage):
        return UniteLue(lue.texte, contenant="lot")
    if lue.contenant == "boite" and fold(lue.texte).strip(" .") in _BOITE_OU_BOUTEILLE:
        noms = names(decouper(libelle))
        if "bouteille" in noms and "boite" not in noms:
            return UniteLue(lue.texte, contenant="bouteille")
    return lue


def _is_lot(forme: str, libelle: str, usage: Usage) -> bool:
    """« LT » and « L » are litres where things are poured, a lot where they are counted, unless the label says a volume or a lot."""
    if forme not in _LITRE_OU_LOT:
        return False
    decoupe = decouper(libelle)
    est_verse = usage.reference is not None and unites()[usage.reference.unite].base != "unite"
    a_volume = any(mesure.unite.base == "l" for mesure in decoupe.mesures)
    return "l" not in usage.admises or "lot" in names(decoupe) or (forme != "l" and not est_verse and not a_volume)


def _is_chose(forme: str, libelle: str) -> bool:
    """« PANNEAU », and the label begins with « panneau »."""
    mots = fold(libelle).split(" ", 1)
    return len(forme) >= 4 and forme.isalpha() and mots[0] == forme


def rewrite(libelle: str, lue: UniteLue) -> tuple[str, UniteLue] | None:
    """The unit cell and the label use the same unknown word before a number, or the label another abbreviation of the same container."""
    if lue.unite is not None or lue.detail is not None:
        return None
    forme = fold(lue.texte).strip(" .")
    code = lue.contenant or _SANS_NOM

    def is_contenant(mot: str) -> bool:
        if mot == forme:
            return mot not in conditionnements_par_forme() and mot not in unites_par_forme()
        devine = None if lue.contenant is None or mot in conditionnements_par_forme() else deviner(mot)
        return isinstance(devine, Conditionnement) and devine.code == code

    texte = fold(libelle)
    relu = _AVANT_NOMBRE.sub(lambda trouve: conditionnements()[code].nom if is_contenant(trouve[0]) else trouve[0], texte)
    return None if relu == texte else (relu, UniteLue(lue.texte, contenant=code))
