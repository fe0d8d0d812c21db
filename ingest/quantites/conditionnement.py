"""One unit bought holds so much of a base unit, and the sentence says how; what the line does not say is « à préciser », never guessed."""

import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from ingest.quantites.cellule import UniteLue, read_unite
from ingest.quantites.chaine import LIQUIDES, PIECE, Etape, build_chaine
from ingest.quantites.completion import SOUPLES, complete, read_admises
from ingest.quantites.coupures import is_coupe, lose_conditionnement
from ingest.quantites.decoupe import Decoupe, Relation
from ingest.quantites.dilution import read_dose
from ingest.quantites.grammaire import decouper
from ingest.quantites.interpretation import interpret_unite, rewrite
from ingest.quantites.mots import say_etape, say_nombre, say_unite
from ingest.quantites.nomenclature import (
    Unite,
    UniteReference,
    conditionnements,
    unites,
)
from ingest.quantites.texte import fold
from ingest.quantites.usages import Usage, read_usage

_LOTS = frozenset({"lot", "pack", "fardeau"})
_DURS = frozenset({"carton", "caisse", "colis"})
# Fruits and vegetables: the only weight said is that of the colis from so many kilos.
_COLIS_MIN = 2
# « 200 feuilles » are those of a roll, « 3 000 feuilles » those of the carton.
_FEUILLES_DU_CARTON = 999
# Named in a label without a number, they hold several pieces: how many is not known, and it is not one.
_MUETS = SOUPLES | _DURS | {"palette"}
_MUETS_SACS = _MUETS | {"rouleau"}
# What the ramette holds when nothing else says it: the pack of the trade.
_RAMETTE = Decimal(500)
# How sure a reading is when the unit cell was an abbreviation nobody wrote down: prices may contradict it.
_DEVINEE = 0.85
_COUPE = "le libellé est coupé avant la fin du conditionnement : complétez-le"
# « 40 U » on a bin bag is a thickness whose µ was lost.
_MICRONS = re.compile(r"(?i)\b(\d{2,3}) ?u(?![a-z])")
# Familles whose things have no two-number size: « 10x20 » is a packaging there.
_PAR_PRODUIT = frozenset({"EN03", "EN08", "SC04"})
# « 10x20 » is taken for a packaging only in these, and under these sizes.
_COMPTABLES = re.compile(r"\b(?:mouchoir|serviette|lingette|nappe|set)")
_GROUPES = frozenset({"carton", "caisse", "colis", "palette"})
_PRODUIT_MAX = (60, 1000)


class Alternative(NamedTuple):
    """Another reading of the same line (the price could be that of the inner packaging)."""

    quantite: Decimal
    unite_base: str
    derivation: str


class Contenu(NamedTuple):
    """What one unit bought holds.

    `quantite` of `unite_base` (None with `motif` in French when it is « à préciser »); `derivation` in French words;
    `approx` when a conversion is not exact; `confiance` from 0 to 1: 1 when the unit column itself says it, under 0.8 when the line can be
    read in more than one way, in which case `alternatives` gives the other readings for the evidence of prices to choose.
    """

    quantite: Decimal | None
    unite_base: str | None
    derivation: str
    approx: bool
    confiance: float
    motif: str | None
    alternatives: tuple[Alternative, ...] = ()


@lru_cache(maxsize=65_536)
def analyser(libelle: str, unite: str | None, famille: str | None) -> Contenu:
    """Content of one unit of this line, from its label, its unit cell and the way its famille is compared."""
    usage = read_usage(famille)
    lue = interpret_unite(read_unite(unite, usage.admises, est_au_mille=usage.est_au_mille), libelle, usage)
    contenu = _analyser_ligne(libelle, lue, famille, usage)
    est_devinee = lue.est_devinee
    if contenu.quantite is None and lue.texte and not is_coupe(libelle) and (relu := rewrite(libelle, lue)) is not None:
        contenu, est_devinee = _analyser_ligne(*relu, famille, usage), True
    if not est_devinee or contenu.quantite is None:
        return contenu
    return contenu._replace(confiance=min(contenu.confiance, _DEVINEE))


def _analyser_ligne(libelle: str, lue: UniteLue, famille: str | None, usage: Usage) -> Contenu:
    """A measure by which the line is sold, in the unit cell or in the label, says all; otherwise levels of packaging are built."""
    dose = read_dose(libelle) if famille == "EN01" else None
    mesuree = _from_unite_mesure(lue, usage.admises)
    if mesuree is not None:
        return _diluer_contenu(mesuree, dose)
    if usage.est_sac:
        libelle = _MICRONS.sub(r"\1 microns", libelle)
    decoupe = _read_libelle(libelle, usage)
    if (
        decoupe.vendu_au is not None
        and (not lue.texte or lue.est_piece)
        and (mesuree := _from_unite_mesure(UniteLue("", decoupe.vendu_au), usage.admises))
    ):
        return _diluer_contenu(mesuree, dose)
    if usage.reference is None and (decoupe.mesures or any(r.element in {"feuille", "page"} for r in decoupe.relations)):
        return _to_precise("la famille n'est pas connue : un poids ou une contenance du libellé ne peut pas être compris", (), "unite")
    return _analyser_chaine(libelle, lue, famille, usage, dose)


def _analyser_chaine(libelle: str, lue: UniteLue, famille: str | None, usage: Usage, dose: Decimal | None) -> Contenu:
    """Neither unit cell nor label says a measure by which the line is sold: levels of packaging are built, one of them is the unit."""
    lu = _read_libelle(libelle, usage)
    decoupe = complete(lu, lue, usage)
    admises = read_admises(decoupe, lue, usage, libelle)
    est_coupe = lue.detail is None and lose_conditionnement(libelle, lu, lue, usage.admises)
    if famille == "EN01" and dose is None and "CONC" in libelle and is_coupe(libelle):
        return _to_precise(_COUPE, (), "unite")  # the dose was further: a concentrate is not compared as if it were ready for use
    if decoupe is lu and admises is usage.admises:
        etapes, base = _chain_libelle(libelle, famille)
    else:
        etapes, base = build_chaine(decoupe, admises, fold(libelle), usage.opaques)
    if len(etapes) == 1 and _is_produit(decoupe, lue, famille, libelle):
        decoupe = replace(decoupe, relations=decoupe.relations + decoupe.produits[-1])
        etapes, base = build_chaine(decoupe, admises, fold(libelle), usage.opaques)
    if est_coupe:
        return _to_precise(_COUPE, etapes, base)  # prices may still tell which of the readings is whole
    if dose is not None and base == "l":
        etapes = tuple(_diluer(etape, dose) for etape in etapes)
    if lue.est_inconnue:
        return _to_precise(f"l'unité « {lue.texte} » n'est pas connue : indiquez ce qu'elle contient", etapes, base)
    if lue.unite is not None and lue.unite.base == "unite" and lue.unite.facteur != 1 and lue.unite.code != "paire":
        return _times(lue.unite, etapes, admises[0] if admises[0] in {"feuille", "page"} else base)
    muets = _MUETS_SACS if usage.est_sac else _MUETS
    if base == "unite" and lue.contenant is None and etapes[-1].est_piece and decoupe.muet in muets:
        return _to_precise(_say_muet(str(decoupe.muet)), etapes, base)
    contenu = _choose(lue, etapes, base, _read_compte_nu(usage.reference, libelle), usage)
    return _doubt_suites(contenu, decoupe.suites)


def _doubt_suites(contenu: Contenu, suites: tuple[Relation, ...]) -> Contenu:
    """« plaque 18 pensées », sold by the piece: one, unless the price says eighteen."""
    if not suites or contenu.quantite != 1 or contenu.unite_base != "unite":
        return contenu
    autres = tuple(Alternative(suite.nombre, "unite", _say_suite(suite)) for suite in suites if suite.contenant)
    if not autres:
        return contenu
    return contenu._replace(confiance=min(contenu.confiance, 0.75), alternatives=contenu.alternatives + autres)


def _say_suite(suite: Relation) -> str:
    texte = say_unite(suite.nombre, "unite")
    return f"{conditionnements()[str(suite.contenant)].nom} de {texte} = {texte}"


def _read_libelle(libelle: str, usage: Usage) -> Decoupe:
    decoupe = decouper(libelle)
    if usage.est_en_pieces:
        return replace(decoupe, relations=tuple(r for r in decoupe.relations if r.contenant or r.element != "unite"))
    if usage.est_sac:
        return replace(decoupe, mentions=tuple(mention for mention in decoupe.mentions if mention[0] != "sac"))
    if "m" in usage.admises and "l" not in usage.admises and any(m.unite.code == "ml" for m in decoupe.mesures):
        metre = unites()["m"]  # « barre de 4 ml »: mètres linéaires
        return replace(decoupe, mesures=tuple(m._replace(unite=metre) if m.unite.code == "ml" else m for m in decoupe.mesures))
    return decoupe


@lru_cache(maxsize=65_536)
def _chain_libelle(libelle: str, famille: str | None) -> tuple[tuple[Etape, ...], str]:
    """The same label comes back with other unit cells."""
    usage = read_usage(famille)
    return build_chaine(_read_libelle(libelle, usage), usage.admises, fold(libelle), usage.opaques)


def _from_unite_mesure(lue: UniteLue, admises: tuple[str, ...]) -> Contenu | None:
    """The unit cell is a measure (kg, l, m, h, kWh, feuille): nothing else has to be known."""
    unite = lue.unite
    if unite is None or unite.base == "unite":
        return None
    quantite = unite.facteur
    egal = "" if quantite == 1 and unite.code == unite.base else f" = {say_unite(quantite, unite.base)}"
    confiance = 1.0 if unite.base in admises else 0.85
    return Contenu(quantite, unite.base, f"vendu au {unite.nom}{egal}", False, confiance, None)


def _diluer(etape: Etape, dose: Decimal) -> Etape:
    """A concentrate is compared ready for use: « bidon de 5 l dilué à 0,5 % » makes about 1 000 l."""
    return etape._replace(quantite=etape.quantite * 100 / dose, mots=f"{etape.mots} dilué à {say_nombre(dose)} %", approx=True)


def _diluer_contenu(contenu: Contenu, dose: Decimal | None) -> Contenu:
    if dose is None or contenu.unite_base != "l" or contenu.quantite is None:
        return contenu
    quantite = contenu.quantite * 100 / dose
    derivation = f"litre dilué à {say_nombre(dose)} % ≈ {say_unite(quantite, 'l')} prêts à l'emploi"
    return contenu._replace(quantite=quantite, derivation=derivation, approx=True)


def _choose(lue: UniteLue, etapes: tuple[Etape, ...], base: str, compte_nu: str, usage: Usage) -> Contenu:
    """Which step of the chain is « one unit »?"""
    dernier = etapes[-1]
    if base == "unite" and _says_no_measure(dernier, compte_nu, usage.admises):
        motif = f"« {dernier.mots} » ne dit ni poids ni contenance" if dernier.mots else "la ligne ne dit ni poids ni contenance"
        return _to_precise(f"{motif} : indiquez ce que contient une unité", etapes, base)
    if lue.contenant is not None:
        return _match_contenant(lue.contenant, etapes, base, usage)
    if lue.detail is not None:
        return _retain(dernier, etapes, base, 0.95)
    if len(etapes) == 1:
        return _retain(dernier, etapes, base, 0.95 if lue.est_piece else 0.85)
    return _retain(dernier, etapes, base, 0.75 if lue.est_piece else 0.78)


def _is_produit(decoupe: Decoupe, lue: UniteLue, famille: str | None, libelle: str) -> bool:
    """« 10x20 » is ten times twenty when the famille has no such size, or when one buys a carton that nothing else describes."""
    if not decoupe.produits or not (famille in _PAR_PRODUIT or lue.contenant in _GROUPES or "mouchoir" in libelle.lower()):
        return False
    dedans, dehors = decoupe.produits[-1]
    return dehors.nombre <= _PRODUIT_MAX[0] and dedans.nombre <= _PRODUIT_MAX[1]


def _read_compte_nu(reference: UniteReference | None, libelle: str) -> str:
    """« boite »: rolls are not counted, mouchoirs are."""
    if reference is None or (reference.compte_nu == "boite" and _COMPTABLES.search(fold(libelle))):
        return "oui"
    return "non" if reference.compte_nu == "boite" else reference.compte_nu


def _says_no_measure(etape: Etape, compte_nu: str, admises: tuple[str, ...]) -> bool:
    """Where things are sold by weight, volume or sheet, a count of flacons or of sacs is silent on what is bought."""
    if compte_nu == "oui":
        return etape.compte_contenants and bool({"kg", "l"} & set(admises))
    return not etape.compte_choses


def _match_contenant(code: str, etapes: tuple[Etape, ...], base: str, usage: Usage) -> Contenu:
    for etape in reversed(etapes):
        if code in etape.contenants and not etape.est_incomplete:
            return _retain(etape, etapes, base, 1.0)
    dernier = etapes[-1]
    if code in _LOTS and len(etapes) > 1 and not dernier.contenants and not dernier.est_incomplete:
        return _retain(dernier, etapes, base, 0.9)  # « 5 boîtes de 1000 », sold by the lot: all of them
    groupe = next((noms for noms in (SOUPLES, _DURS, LIQUIDES) if code in noms), frozenset({code}))
    for etape in reversed(etapes):
        if not etape.est_piece and not etape.est_incomplete and etape.contenants & groupe:
            return _retain(etape, etapes, base, 0.85)
    anonymes = [etape for etape in etapes if not etape.contenants and not etape.est_piece]
    rang = conditionnements()[code].rang
    comptees = [etape for etape in etapes if not etape.est_piece and not etape.est_incomplete]
    if code in {"lot", "pack"} and len(comptees) == 1 and base == "unite":
        return _retain(comptees[0], etapes, base, 0.8)
    seule = len(etapes) == 1 and base == "feuille"
    if anonymes and (rang <= 2 or len(anonymes) > 1 or anonymes[-1].nombre > (_FEUILLES_DU_CARTON if seule else 1)):
        est_dedans = (rang == 1 and code != "barquette") or (rang == 2 and len(anonymes) > 1)
        return _retain(anonymes[0] if est_dedans else anonymes[-1], etapes, base, 0.92)
    est_colis = usage.est_primeur and base == "kg" and (code in _DURS or code == "plateau")
    if est_colis and len(etapes) == 1 and etapes[0].quantite >= _COLIS_MIN:
        return _retain(etapes[0], etapes, base, 0.8)
    if base == "feuille" and code == "ramette":
        ramette = Etape(frozenset({"ramette"}), _RAMETTE, _RAMETTE, "ramette de 500 feuilles")
        return _retain(ramette, etapes, base, 0.9)
    if code in LIQUIDES and not {"kg", "l"}.isdisjoint(usage.admises):
        return _to_precise(_say_contenant_muet(code), etapes, base)
    if base == "unite" and code in usage.une_piece and all(etape.est_piece for etape in etapes):
        return _retain(etapes[0], etapes, base, 0.85)
    return _to_precise(_say_contenant_muet(code), etapes, base)


def _say_contenant_muet(code: str) -> str:
    contenant = conditionnements()[code]
    article = "une" if contenant.feminin else "un"
    exemple = f"{contenant.nom} de 5 l" if code in LIQUIDES else f"{contenant.nom} de 10"
    return f"la ligne ne dit pas ce que contient {article} {contenant.nom} : indiquez-le (par exemple « {exemple} »)"


def _say_muet(code: str) -> str:
    contenant = conditionnements()[code]
    article, pronom = ("une", "elle") if contenant.feminin else ("un", "il")
    exemple = f"{contenant.nom} de 10"
    return f"le libellé nomme {article} {contenant.nom} sans dire ce qu'{pronom} contient : indiquez-le (par exemple « {exemple} »)"


def _times(unite: Unite, etapes: tuple[Etape, ...], base: str) -> Contenu:
    """« le mille », « le cent », « la douzaine » of the piece, whatever the packaging."""
    piece = etapes[0] if base in {"kg", "l"} else PIECE
    quantite = unite.facteur * piece.quantite
    derivation = f"vendu par {unite.nom} = {say_unite(quantite, base)}"
    return Contenu(quantite, base, derivation, piece.approx, 1.0, None)


def _retain(etape: Etape, etapes: tuple[Etape, ...], base: str, confiance: float) -> Contenu:
    if etape.est_incomplete:
        return _to_precise(etape.mots, etapes, base)
    autres = tuple(
        Alternative(autre.quantite, base, say_etape(autre, base))
        for autre in etapes
        if autre.quantite != etape.quantite and not autre.est_incomplete
    )
    if (
        len(etapes) > 1
        and base in {"unite", "feuille"}
        and not any(a.quantite == 1 for a in autres)
        and base == "unite"
        and etape.quantite != 1
    ):
        autres += (Alternative(Decimal(1), base, "à l'unité"),)
    return Contenu(etape.quantite, base, say_etape(etape, base), etape.approx, confiance, None, autres if confiance < 0.9 else ())


def _to_precise(motif: str, etapes: tuple[Etape, ...], base: str) -> Contenu:
    autres = tuple(Alternative(etape.quantite, base, say_etape(etape, base)) for etape in etapes if not etape.est_incomplete)
    return Contenu(None, None, "", False, 0.0, motif, autres)


__all__ = ["Alternative", "Contenu", "analyser", "say_nombre"]
