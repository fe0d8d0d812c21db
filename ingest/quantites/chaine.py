"""What was read is put in order, from what holds the product to what holds the most: flacon, carton, palette."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from ingest.quantites.decoupe import Decoupe, Mesure, Relation
from ingest.quantites.grammaire import COMPTES
from ingest.quantites.mots import say_contenant, say_nombre, say_unite
from ingest.quantites.nomenclature import conditionnements, unites

# Capacity of the usual cans, in litres: a 4/4 holds 850 ml (series of Directive 80/232/EEC, annex III).
# Its net weight depends on the product.
_BOITES = {"4/4": "0.85", "1/1": "0.85", "1/2": "0.425", "1/4": "0.212", "2/1": "1.7", "3/1": "2.55", "5/1": "4.25"}
_BOITE = re.compile(r"(?<![\d/,.])(4/4|1/2|1/4|1/1|2/1|3/1|5/1)(?![\d/,.]| ?(?:ecr|sel|doux))")
_FOIS_APRES = re.compile(r" ?x ?(\d+)\b")
LINEAIRES = frozenset({"rouleau", "bobine", "touret", "couronne", "botte", "barre"})
# Things sold in rolls even when the roll is not named; a rallonge of 25 m is one thing.
_AU_METRE = re.compile(r"\b(?:cables?|gaines?|cordes?|cordages?|chaines?|grillages?|tuyaux?|fils?)\b")
_CHOSES = COMPTES
# Elements that hold many pieces themselves: « carton de 12 boîtes » says nothing of the pieces.
_A_FEUILLES = ("ramette", "rouleau", "bobine", "paquet", "bloc")
OPAQUES = frozenset({"boite", "paquet", "lot", "pack", "colis", "carton"})


# What they hold is poured: a bidon of something that may be sold by the litre is not one piece of it, nor five.
LIQUIDES = frozenset({"bidon", "flacon", "bouteille", "cubi", "fut", "brique", "canette"})
_PIECES_MIN = 100  # a baril of 10 000 beads holds beads
_PORTION_MAX = Decimal("0.5")  # kg or l: what one holds more is no portion
# Paper of this weight or more (g/m²) is not always sold by ramettes of 500.
_GRAMMAGE_FORT = 120
_GRAMMAGE = re.compile(r"\b(\d{2,3}) ?(?:g|gr|grs|gm2)\b")
# « crayon à papier » is no paper.
_PAPIER = re.compile(r"(?<!\ba )(?<!\bde )\b(?:papiers?|pap|ppr|bristols?|ramettes?|cartes?|canson|verge|calque)\b")
_ESSUIE_MAINS = re.compile(r"\bessuie[- ]?mains?\b")
_PAPIER_SANITAIRE = re.compile(r"\b(?:toilet\w*|wc|hyg\w*|essui\w*|ouate)\b")
# A packet of paper of so many is so many sheets; a carton of 5 is not.
_FEUILLES_MIN = {"paquet": 50, "pochette": 10, "boite": 50}
_FEUILLES_MIN_AUTRES = 100


class Etape(NamedTuple):
    """One level: what its containers are called, how much of the base unit it holds, how many inner levels, and in words."""

    contenants: frozenset[str]
    quantite: Decimal
    nombre: Decimal
    mots: str
    approx: bool = False
    est_piece: bool = False
    est_incomplete: bool = False
    compte_contenants: bool = False  # a count of containers whose own content is not said
    compte_choses: bool = False  # a count of portions, œufs, doses…


# The thing itself, alone.
_UN = Decimal(1)
PIECE = Etape(frozenset(), _UN, _UN, "", est_piece=True)


def build_chaine(
    decoupe: Decoupe, admises: tuple[str, ...], libelle: str, opaques: frozenset[str] = OPAQUES
) -> tuple[tuple[Etape, ...], str]:
    """The levels of a label, innermost first, and the base unit in which they are counted (one of `admises`, else « unite »)."""
    for base in admises:
        depart = _start(base, decoupe, admises, libelle)
        if depart is not None:
            return _wrap(*depart, decoupe, base, opaques), base
    est_dose = not {"kg", "l"}.isdisjoint(admises)
    relations = [_as_compte(r) for r in decoupe.relations if _is_compte(r, est_dose=est_dose)]
    return _wrap([PIECE], relations, decoupe, "unite", opaques), "unite"


def _start(base: str, decoupe: Decoupe, admises: tuple[str, ...], libelle: str) -> tuple[list[Etape], list[Relation]] | None:
    """The level that says how much of `base` the product holds, and the relations that wrap it; None when it is not said."""
    if base == "unite":
        return None
    if base == "feuille":
        return _start_feuille(decoupe, libelle, est_papier=admises[0] == "feuille")
    if base == "page":
        return _start_page(decoupe)
    if decoupe.mesures:
        depart = _start_mesure(decoupe, base, admises, libelle)
        if depart is not None:
            return depart
    return _start_boite(decoupe, libelle) if base == "l" and "/" in libelle else None


def _is_compte(relation: Relation, *, est_dose: bool) -> bool:
    """Are things counted? Sheets are not; « 4 tablettes » are doses only where there are some; a bidon holds no pieces."""
    if relation.element in {"feuille", "page"}:
        return False
    if relation.element == "portion" and relation.contenant is None:
        return est_dose
    return not (est_dose and relation.element is None and relation.contenant in LIQUIDES and relation.nombre < _PIECES_MIN)


def _as_compte(relation: Relation) -> Relation:
    """A douzaine or a cent of things is that many things."""
    unite = unites().get(relation.element or "")
    if unite is not None and unite.base == "unite" and unite.facteur != 1 and unite.code != "paire":
        return Relation(relation.contenant, relation.nombre * unite.facteur, "unite", relation.position)
    return relation


def _start_feuille(decoupe: Decoupe, libelle: str, *, est_papier: bool) -> tuple[list[Etape], list[Relation]] | None:
    """Sheets are said (« 500 feuilles »), or a ramette is named and holds 500 (standard of the trade)."""
    noms = names(decoupe)
    dites = [r for r in decoupe.relations if r.element == "feuille" or (r.element is None and r.contenant == "ramette")]
    if est_papier and not dites:
        dites = [r for r in decoupe.relations if _is_feuilles(r, libelle)][-1:]
    reste = [r for r in decoupe.relations if r not in dites[:1]]
    if dites:
        dite = dites[0]
        contenant = dite.contenant or next((code for code in _A_FEUILLES if code in noms), None)
        nom = conditionnements()[contenant].nom if contenant else "paquet"
        mots = f"{nom} de {say_unite(dite.nombre, 'feuille')}"
        return [Etape(_nommer(contenant), dite.nombre, dite.nombre, mots)], reste
    if "ramette" in noms and not is_carte(libelle):
        return [Etape(frozenset({"ramette"}), Decimal(500), Decimal(500), "ramette de 500\u202ffeuilles".replace("\u202f", " "))], reste
    return None


def _is_feuilles(relation: Relation, libelle: str) -> bool:
    """Sheets that are not called so: « bristol, paquet de 250 », « essuie-mains 15 x 210 »."""
    if relation.element is not None:
        return False
    if _ESSUIE_MAINS.search(libelle):
        return relation.profondeur > 0 and relation.nombre >= _FEUILLES_MIN["paquet"]
    est_papier = _PAPIER.search(libelle) and not _PAPIER_SANITAIRE.search(libelle)
    return bool(est_papier) and relation.nombre >= _FEUILLES_MIN.get(str(relation.contenant), _FEUILLES_MIN_AUTRES)


def is_carte(libelle: str) -> bool:
    """Heavy paper: its ramette may hold 125, 250 or 500 sheets."""
    grammages = [int(trouve) for trouve in _GRAMMAGE.findall(libelle)]
    return bool(grammages) and max(grammages) >= _GRAMMAGE_FORT


def _start_page(decoupe: Decoupe) -> tuple[list[Etape], list[Relation]] | None:
    """Yield of a toner: « 3 100 pages », « RDT 3100 P »."""
    dites = [r for r in decoupe.relations if r.element == "page"]
    if not dites:
        return None
    reste = [r for r in decoupe.relations if r not in dites]
    noms = frozenset({"cartouche"})
    return [Etape(noms, dites[0].nombre, dites[0].nombre, f"cartouche de {say_unite(dites[0].nombre, 'page')}")], reste


def _start_boite(decoupe: Decoupe, libelle: str) -> tuple[list[Etape], list[Relation]] | None:
    """A usual can (« 4/4 ») where no capacity is said."""
    boite = _BOITE.search(libelle)
    if boite is None:
        return None
    capacite = Decimal(_BOITES[boite.group()])
    fois = _FOIS_APRES.match(libelle, boite.end())
    etape = Etape(frozenset({"boite"}), capacite, Decimal(1), f"boîte {boite.group()} de {say_unite(capacite, 'l')}", approx=True)
    if fois is not None:
        return [etape], [Relation(None, Decimal(fois[1]), None, 0)]
    return [etape], [r for r in decoupe.relations if r.element not in _CHOSES and f"{r.nombre}/" not in boite.group()]


def _start_mesure(decoupe: Decoupe, base: str, admises: tuple[str, ...], libelle: str) -> tuple[list[Etape], list[Relation]] | None:
    """The measure that says the content; a container's own measure wins over a lone one (the size of a piece)."""
    mesures = [m for m in decoupe.mesures if m.unite.base == base and _is_contenance(m, decoupe, admises, libelle)]
    if not mesures:
        return None
    logees = [m for m in mesures if m.contenant in conditionnements()]
    mesure = min(logees, key=_rang_mesure) if logees else _without_total(mesures, decoupe)
    contenant = mesure.contenant if mesure.contenant in conditionnements() else _nearest_mention(decoupe)
    quantite = mesure.valeur * mesure.unite.facteur
    etapes = [Etape(_nommer(contenant), quantite, _UN, _say_mesure(contenant, mesure))]
    if len(logees) > 1:
        autres = [m for m in sorted(logees, key=_rang_mesure) if m is not mesure and m.contenant != contenant]
        etapes += [Etape(_nommer(m.contenant), m.valeur * m.unite.facteur, _UN, _say_mesure(m.contenant, m)) for m in autres]
    if len(etapes) > 1:
        return etapes, []
    est_total = mesure.contenant not in _CHOSES and mesure.contenant is None
    comptees = (r for r in decoupe.relations if r.element != "feuille")
    # « 10 unités, 170 g » and « 5 kg (66 doses) » are totals, « 30 g, 100 coupelles » a hundred times 30 g
    est_lourde = quantite >= _PORTION_MAX
    return etapes, [r for r in comptees if not (est_total and r.element in _CHOSES and (est_lourde or r.position < mesure.position))]


def _without_total(mesures: list[Mesure], decoupe: Decoupe) -> Mesure:
    """« 3 x 80 g (240 g) »: the total repeats the product; otherwise the last measure said."""
    nombres = {relation.nombre for relation in decoupe.relations}
    for mesure in mesures:
        totaux = {mesure.valeur * mesure.unite.facteur * nombre for nombre in nombres}
        if any(autre is not mesure and autre.valeur * autre.unite.facteur in totaux for autre in mesures):
            return mesure
    return mesures[-1]


def _is_contenance(mesure: Mesure, decoupe: Decoupe, admises: tuple[str, ...], libelle: str) -> bool:
    """A length is a content only in a roll, and never in centimetres."""
    if mesure.unite.dimension != "longueur":
        return True
    if mesure.unite.code not in {"m", "km"}:
        return False
    if "feuille" in admises or _AU_METRE.search(libelle):
        return True
    return mesure.contenant in LINEAIRES or not LINEAIRES.isdisjoint(names(decoupe))


def names(decoupe: Decoupe) -> set[str | None]:
    """All the containers and elements named anywhere."""
    noms: set[str | None] = {code for code, _ in decoupe.mentions}
    for relation in decoupe.relations:
        noms.add(relation.contenant)
        noms.add(relation.element)
    noms.update(mesure.contenant for mesure in decoupe.mesures)
    return noms


@lru_cache(maxsize=256)
def _nommer(contenant: str | None) -> frozenset[str]:
    return frozenset({contenant} if contenant else ())


def _rang_mesure(mesure: Mesure) -> tuple[int, Decimal]:
    return conditionnements()[str(mesure.contenant)].rang, mesure.valeur * mesure.unite.facteur


def _nearest_mention(decoupe: Decoupe) -> str | None:
    """« BIDON JAVEL 5 L »: the primary container named elsewhere is that of the measure."""
    if not decoupe.mentions:
        return None
    pris = {r.contenant for r in decoupe.relations}
    noms = [code for code, _ in decoupe.mentions if code not in pris and conditionnements()[code].rang <= 2]
    return noms[0] if noms else None


def _say_mesure(contenant: str | None, mesure: Mesure) -> str:
    texte = say_unite(mesure.valeur, mesure.unite.code)
    return f"{conditionnements()[contenant].nom} de {texte}" if contenant else texte


def _wrap(etapes: list[Etape], relations: list[Relation], decoupe: Decoupe, base: str, opaques: frozenset[str]) -> tuple[Etape, ...]:
    """Each relation wraps the level it names, else the outermost one; named inner packaging first."""
    if not relations:
        return tuple(etapes)
    reste = list(relations)
    elements = {relation.element for relation in relations}
    libres = [code for code, _ in decoupe.mentions if code not in elements and not any(code in etape.contenants for etape in etapes)]
    while reste:
        courant = etapes[-1]
        dehors = {r.contenant for r in reste if r.contenant}
        possibles = [r for r in reste if r.element not in dehors or r.element == r.contenant] or reste
        relation = next((r for r in possibles if r.element in courant.contenants), None) or min(possibles, key=_rang)
        reste.remove(relation)
        if relation.element in conditionnements() and not courant.contenants and not courant.est_piece:
            courant = _rename(courant, str(relation.element))
            etapes[-1] = courant
        contenant = relation.contenant or (libres.pop(0) if libres else None)
        etapes.append(_enclose(courant, relation, contenant, base, opaques))
    return tuple(etapes)


def _rang(relation: Relation) -> tuple[int, int, int]:
    """Inner factors of a product first, then things counted, then named packaging from the smallest, then « x12 »."""
    if relation.profondeur:
        return -1, -relation.profondeur, 0
    if relation.contenant is None:
        return (0 if relation.element in conditionnements() or relation.element in _CHOSES else 5), 0, -relation.position
    return conditionnements()[relation.contenant].rang, 0, relation.position


def _rename(etape: Etape, code: str) -> Etape:
    mots = f"{conditionnements()[code].nom} de {etape.mots}"
    return Etape(frozenset({code}), etape.quantite, etape.nombre, mots, etape.approx)


def _enclose(courant: Etape, relation: Relation, contenant: str | None, base: str, opaques: frozenset[str]) -> Etape:
    quantite = relation.nombre * courant.quantite
    contenu = _say_contenu(courant, relation, base)
    mots = f"{conditionnements()[contenant].nom} de {contenu}" if contenant else contenu
    noms = _nommer(contenant)
    if courant.est_piece and relation.element in opaques and base == "unite":
        motif = f"« {mots} » ne dit pas ce que contient chaque {conditionnements()[str(relation.element)].nom} : indiquez-le"
        return Etape(noms, quantite, relation.nombre, motif, est_incomplete=True)
    return Etape(
        noms,
        quantite,
        relation.nombre,
        mots,
        courant.approx,
        est_incomplete=courant.est_incomplete,
        compte_contenants=courant.compte_contenants or (courant.est_piece and relation.element in conditionnements()),
        compte_choses=courant.compte_choses or relation.element in _CHOSES,
    )


def _say_contenu(courant: Etape, relation: Relation, base: str) -> str:
    if relation.element in conditionnements():
        dedans = say_contenant(str(relation.element), relation.nombre)
        _, _, detail = courant.mots.partition(" de ")
        return f"{dedans} de {detail}" if relation.element in courant.contenants and detail else dedans
    if courant.est_piece or relation.element in _CHOSES:
        return say_unite(relation.nombre, relation.element if relation.element in _CHOSES else base)
    _, _, detail = courant.mots.partition(" de ")
    if courant.contenants and detail:
        return f"{say_contenant(next(iter(courant.contenants)), relation.nombre)} de {detail}"
    return f"{say_nombre(relation.nombre)} × {courant.mots}"
