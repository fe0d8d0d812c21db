"""One unit bought holds so much of a base unit, and the sentence says how; what the line does not say is « à préciser », never guessed."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from ingest.quantites.chaine import OPAQUES, Etape, build_chaine, etape_piece
from ingest.quantites.dilution import read_dose
from ingest.quantites.grammaire import LETTRES, Decoupe, decouper
from ingest.quantites.mots import say_etape, say_nombre, say_unite
from ingest.quantites.nomenclature import (
    Unite,
    UniteReference,
    conditionnements,
    conditionnements_par_forme,
    unite_reference,
    unites,
    unites_par_forme,
)
from ingest.quantites.texte import fold

# Packaging words people use one for the other; a carton is never a boîte.
_SOUPLES = frozenset({"lot", "pack", "paquet", "boite", "etui", "sachet", "pochette", "blister", "distributeur", "fardeau"})
_DURS = frozenset({"carton", "caisse", "colis"})
# Containers that hold one piece of the thing when nothing else is said (a tube of glue); a rouleau or a boîte may hold many.
_UNE_PIECE = frozenset(
    {
        "cartouche",
        "bloc",
        "tube",
        "pot",
        "flacon",
        "bidon",
        "bouteille",
        "pulverisateur",
        "aerosol",
        "seau",
        "brique",
        "bocal",
        "canette",
        "plaque",
    }
)
# What the ramette holds when nothing else says it: the pack of the trade.
_RAMETTE = Decimal(500)
_COUPES = frozenset({40, 50, 60})
# « 40 U » on a bin bag is a thickness whose µ was lost.
_MICRONS = re.compile(r"(?i)\b(\d{2,3}) ?u(?![a-z])")
# Familles whose things have no two-number size: « 10x20 » is a packaging there.
_PAR_PRODUIT = frozenset({"EN03", "EN08", "SC04"})
# « 10x20 » is taken for a packaging only in these, and under these sizes.
_COMPTABLES = re.compile(r"\b(?:mouchoir|serviette|lingette|nappe|set)")
_GROUPES = frozenset({"carton", "caisse", "colis", "palette"})
_PRODUIT_MAX = (60, 1000)
_INCONNU_ADMIS = ("unite",)


@dataclass(frozen=True)
class Alternative:
    """Another reading of the same line (the price could be that of the inner packaging)."""

    quantite: Decimal
    unite_base: str
    derivation: str


@dataclass(frozen=True)
class Contenu:
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


@dataclass(frozen=True)
class _UniteLue:
    """The unit cell: a unit, a container, what it says of packaging; `texte` as written."""

    texte: str
    unite: Unite | None = None
    contenant: str | None = None
    detail: Decoupe | None = None

    @property
    def est_inconnue(self) -> bool:
        return bool(self.texte) and self.unite is None and self.contenant is None and self.detail is None

    @property
    def est_piece(self) -> bool:
        return self.unite is not None and self.unite.code in {"unite", "forfait", "portion"}


@lru_cache(maxsize=65_536)
def analyser(libelle: str, unite: str | None, famille: str | None) -> Contenu:
    """Content of one unit of this line, from its label, its unit cell and the way its famille is compared."""
    reference = unite_reference(famille)
    admises = reference.unites_base if reference else _INCONNU_ADMIS
    lue = _read_unite(unite, admises, est_au_mille=reference is not None and reference.unite == "mille")
    dose = read_dose(libelle) if famille == "EN01" else None
    mesuree = _from_unite_mesure(lue, admises)
    if mesuree is not None:
        return _diluer_contenu(mesuree, dose)
    if famille == "EN03":
        libelle = _MICRONS.sub(r"\1 microns", libelle)
    decoupe = decouper(libelle)
    if famille == "EN03":
        decoupe.mentions = [mention for mention in decoupe.mentions if mention[0] != "sac"]  # the sac is the thing
    if (
        decoupe.vendu_au is not None
        and (not lue.texte or lue.est_piece)
        and (mesuree := _from_unite_mesure(_UniteLue("", decoupe.vendu_au), admises))
    ):
        return _diluer_contenu(mesuree, dose)
    if reference is None and (decoupe.mesures or any(r.element in {"feuille", "page"} for r in decoupe.relations)):
        return _to_precise("la famille n'est pas connue : un poids ou une contenance du libellé ne peut pas être compris", (), "unite")
    if lue.detail is not None:
        decoupe = _merge(lue.detail, decoupe)
    elif _lost_conditionnement(libelle, decoupe, lue, admises):
        return _to_precise("le libellé est coupé avant la fin du conditionnement : complétez-le", (), "unite")
    if lue.contenant == "ramette" and "feuille" in admises:
        decoupe.mentions.append(("ramette", len(libelle)))  # the unit cell names it: it holds what a ramette holds
    opaques = OPAQUES | {"rouleau"} if famille == "EN03" else OPAQUES
    etapes, base = build_chaine(decoupe, admises, fold(libelle), opaques)
    if len(etapes) == 1 and _is_produit(decoupe, lue, famille):
        decoupe.relations += decoupe.produits[-1]
        etapes, base = build_chaine(decoupe, admises, fold(libelle), opaques)
    if dose is not None and base == "l":
        etapes = tuple(_diluer(etape, dose) for etape in etapes)
    if lue.est_inconnue:
        return _to_precise(f"l'unité « {lue.texte} » n'est pas connue : indiquez ce qu'elle contient", etapes, base)
    if lue.unite is not None and lue.unite.base == "unite" and lue.unite.facteur != 1 and lue.unite.code != "paire":
        return _times(lue.unite, etapes, admises[0] if admises[0] in {"feuille", "page"} else base)
    return _choose(lue, etapes, base, _read_compte_nu(reference, libelle), admises, est_sac=famille == "EN03")


def _lost_conditionnement(libelle: str, decoupe: Decoupe, lue: _UniteLue, admises: tuple[str, ...]) -> bool:
    """Was the packaging lost when a software cut this label?

    A bracket never closed, or capitals of exactly the usual widths (less one when the cut fell on a space). A number at the very end
    may have lost digits; a stump of a word hides what follows; nothing said at all may have been said further.
    """
    est_ouvert = libelle.count("(") > libelle.count(")")
    est_pleine = libelle.isupper() and len(libelle) in _COUPES
    est_presque = libelle.isupper() and len(libelle) + 1 in _COUPES
    if not (est_ouvert or est_pleine or est_presque or len(libelle) == max(_COUPES)):
        return False
    if decoupe.fin == "moignon":
        return True
    if decoupe.fin == "nombre":
        return est_pleine or est_ouvert or (not decoupe.mesures and admises[0] in {"kg", "l", "feuille"})
    est_muette = lue.contenant is None and (lue.unite is None or lue.unite.code == "unite")
    return est_pleine and decoupe.est_nue and est_muette


def _read_unite(unite: str | None, admises: tuple[str, ...], *, est_au_mille: bool) -> _UniteLue:
    texte = (unite or "").strip()
    forme = fold(texte).strip(" .()*")
    for prefixe in ("le ", "la ", "les ", "l'", "au ", "par ", "1 "):
        if forme not in unites_par_forme() and forme.startswith(prefixe):
            forme = forme.removeprefix(prefixe)
    if not forme:
        return _UniteLue("")
    if forme == "cart" and "page" in admises:
        return _UniteLue(texte, contenant="cartouche")
    if forme == "ml" and "l" not in admises:  # mètre linéaire, or mille where things are sold by the thousand
        return _UniteLue(texte, unite=unites()["mille" if est_au_mille else "m"])
    lue = unites_par_forme().get(forme)
    if forme in LETTRES and (lue is None or lue.base not in admises):
        return _UniteLue(texte, contenant=LETTRES[forme])
    if lue is not None:
        return _UniteLue(texte, unite=lue)
    if forme in conditionnements_par_forme():
        return _UniteLue(texte, contenant=conditionnements_par_forme()[forme].code)
    detail = decouper(f"x{forme}" if forme.isdigit() and int(forme) > 1 else forme)
    if detail.est_vide:
        return _UniteLue(texte)
    codes = [relation.contenant for relation in detail.relations] + [mesure.contenant for mesure in detail.mesures]
    nommes = [code for code in codes if code] + [code for code, _ in detail.mentions]
    if not detail.relations and not detail.mesures:
        return _UniteLue(texte, contenant=nommes[0])
    return _UniteLue(texte, contenant=nommes[0] if nommes else None, detail=detail)


def _from_unite_mesure(lue: _UniteLue, admises: tuple[str, ...]) -> Contenu | None:
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
    return replace(etape, quantite=etape.quantite * 100 / dose, mots=f"{etape.mots} dilué à {say_nombre(dose)} %", approx=True)


def _diluer_contenu(contenu: Contenu, dose: Decimal | None) -> Contenu:
    if dose is None or contenu.unite_base != "l" or contenu.quantite is None:
        return contenu
    quantite = contenu.quantite * 100 / dose
    derivation = f"litre dilué à {say_nombre(dose)} % ≈ {say_unite(quantite, 'l')} prêts à l'emploi"
    return replace(contenu, quantite=quantite, derivation=derivation, approx=True)


def _merge(unite: Decoupe, libelle: Decoupe) -> Decoupe:
    """What the unit cell says wins over the label for the same container; the label fills in the rest."""
    dits = {relation.contenant for relation in unite.relations} | {mesure.contenant for mesure in unite.mesures}
    memes = {(relation.nombre, relation.element) for relation in unite.relations}
    return Decoupe(
        relations=unite.relations
        + [r for r in libelle.relations if not (r.contenant in dits and r.contenant) and (r.nombre, r.element) not in memes],
        mesures=unite.mesures + ([] if unite.mesures else [m for m in libelle.mesures if not (m.contenant in dits and m.contenant)]),
        mentions=unite.mentions + libelle.mentions,
        restes=libelle.restes,
        caracteres=libelle.caracteres,
    )


def _choose(lue: _UniteLue, etapes: tuple[Etape, ...], base: str, compte_nu: str, admises: tuple[str, ...], *, est_sac: bool) -> Contenu:
    """Which step of the chain is « one unit »?"""
    dernier = etapes[-1]
    if base == "unite" and _says_no_measure(dernier, compte_nu, admises):
        motif = f"« {dernier.mots} » ne dit ni poids ni contenance" if dernier.mots else "la ligne ne dit ni poids ni contenance"
        return _to_precise(f"{motif} : indiquez ce que contient une unité", etapes, base)
    if lue.contenant is not None:
        return _match_contenant(lue.contenant, etapes, base, _UNE_PIECE if est_sac else _UNE_PIECE | {"rouleau", "bobine"})
    if lue.detail is not None:
        return _retain(dernier, etapes, base, 0.95)
    if len(etapes) == 1:
        return _retain(dernier, etapes, base, 0.95 if lue.est_piece else 0.85)
    return _retain(dernier, etapes, base, 0.75 if lue.est_piece else 0.78)


def _is_produit(decoupe: Decoupe, lue: _UniteLue, famille: str | None) -> bool:
    """« 10x20 » is ten times twenty when the famille has no such size, or when one buys a carton that nothing else describes."""
    if not decoupe.produits or not (famille in _PAR_PRODUIT or lue.contenant in _GROUPES):
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


def _match_contenant(code: str, etapes: tuple[Etape, ...], base: str, une_piece: frozenset[str]) -> Contenu:
    nom = conditionnements()[code].nom
    for etape in reversed(etapes):
        if code in etape.contenants and not etape.est_incomplete:
            return _retain(etape, etapes, base, 1.0)
    groupe = _SOUPLES if code in _SOUPLES else _DURS if code in _DURS else frozenset({code})
    for etape in reversed(etapes):
        if not etape.est_piece and not etape.est_incomplete and etape.contenants & groupe:
            return _retain(etape, etapes, base, 0.85)
    anonymes = [etape for etape in etapes if not etape.contenants and not etape.est_piece]
    rang = conditionnements()[code].rang
    comptees = [etape for etape in etapes if not etape.est_piece and not etape.est_incomplete]
    if code in {"lot", "pack"} and len(comptees) == 1 and base == "unite":
        return _retain(comptees[0], etapes, base, 0.8)
    if anonymes and (rang <= 2 or code in {"lot", "pack", "fardeau"} or len(anonymes) > 1 or anonymes[-1].nombre > 1):
        est_dedans = rang == 1 or (rang == 2 and len(anonymes) > 1)
        return _retain(anonymes[0] if est_dedans else anonymes[-1], etapes, base, 0.92)
    if base == "feuille" and code == "ramette":
        ramette = Etape(frozenset({"ramette"}), _RAMETTE, _RAMETTE, "ramette de 500 feuilles")
        return _retain(ramette, etapes, base, 0.9)
    if base == "unite" and code in une_piece and all(etape.est_piece for etape in etapes):
        return _retain(etapes[0], etapes, base, 0.85)
    article = "une" if conditionnements()[code].feminin else "un"
    return _to_precise(f"la ligne ne dit pas ce que contient {article} {nom} : indiquez-le (par exemple « {nom} de 10 »)", etapes, base)


def _times(unite: Unite, etapes: tuple[Etape, ...], base: str) -> Contenu:
    """« le mille », « le cent », « la douzaine » of the piece, whatever the packaging."""
    piece = etapes[0] if base in {"kg", "l"} else etape_piece(base)
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
