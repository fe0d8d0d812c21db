"""One unit bought holds so much of a base unit, and the sentence says how; when the line does not say it, it is « à préciser », never guessed."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ingest.quantites.chaine import Etape, build_chaine, etape_piece
from ingest.quantites.grammaire import Decoupe, decouper
from ingest.quantites.mots import say_etape, say_nombre, say_unite
from ingest.quantites.nomenclature import (
    Unite,
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
    {"cartouche", "bloc", "tube", "pot", "flacon", "bidon", "bouteille", "pulverisateur", "aerosol", "seau", "brique", "bocal", "canette"}
)
_RAMETTE = Decimal(500)
_INCONNU_ADMIS = ("kg", "l", "feuille", "unite")


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
    `approx` when a conversion is not exact; `confiance` from 0 to 1: 1 when the unit column itself says it, under 0.8 when the line can be read
    in more than one way, in which case `alternatives` gives the other readings for the evidence of prices to choose.
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
    def est_piece(self) -> bool:
        return self.unite is not None and self.unite.code in {"unite", "forfait", "portion"}


@lru_cache(maxsize=65_536)
def analyser(libelle: str, unite: str | None, famille: str | None) -> Contenu:
    """Content of one unit of this line, from its label, its unit cell and the way its famille is compared."""
    lue = _read_unite(unite)
    reference = unite_reference(famille)
    admises = reference.unites_base if reference else _INCONNU_ADMIS
    mesuree = _from_unite_mesure(lue, admises)
    if mesuree is not None:
        return mesuree
    decoupe = _merge(lue.detail, decouper(libelle)) if lue.detail else decouper(libelle)
    etapes, base = build_chaine(decoupe, admises, fold(libelle))
    if lue.texte and lue.unite is None and lue.contenant is None and lue.detail is None:
        return _to_precise(f"l'unité « {lue.texte} » n'est pas connue : indiquez ce qu'elle contient", etapes, base)
    contenu = _choose(lue, etapes, base, admises)
    if lue.unite is not None and lue.unite.base == "unite" and lue.unite.facteur != 1 and lue.unite.code != "paire":
        return _times(lue.unite, etapes, base)
    return contenu


def _read_unite(unite: str | None) -> _UniteLue:
    texte = (unite or "").strip()
    forme = fold(texte).strip(" .()*")
    for prefixe in ("le ", "la ", "les ", "l'", "au ", "par ", "1 "):
        if forme not in unites_par_forme() and forme.startswith(prefixe):
            forme = forme.removeprefix(prefixe)
    if not forme:
        return _UniteLue("")
    if forme in unites_par_forme():
        return _UniteLue(texte, unite=unites_par_forme()[forme])
    if forme in conditionnements_par_forme():
        return _UniteLue(texte, contenant=conditionnements_par_forme()[forme].code)
    detail = decouper(forme)
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
    if unite.code == "ml" and "m" in admises and "l" not in admises:
        unite = unites()["m"]  # « ml » is the mètre linéaire wherever nothing is sold by volume
    quantite = unite.facteur
    egal = "" if quantite == 1 and unite.code == unite.base else f" = {say_unite(quantite, unite.base)}"
    return Contenu(quantite, unite.base, f"vendu au {unite.nom}{egal}", False, 1.0, None)


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


def _choose(lue: _UniteLue, etapes: tuple[Etape, ...], base: str, admises: tuple[str, ...]) -> Contenu:
    """Which step of the chain is « one unit »?"""
    dernier = etapes[-1]
    if lue.contenant is not None:
        return _match_contenant(lue, lue.contenant, etapes, base)
    if lue.detail is not None:
        return _retain(dernier, etapes, base, 0.95)
    if base == "unite" and admises[0] in {"l", "feuille", "kWh"} and dernier.est_piece:
        return _to_precise("ni l'unité ni le libellé ne disent ce que contient une unité : indiquez sa contenance", etapes, base)
    if len(etapes) == 1:
        return _retain(dernier, etapes, base, 0.95 if lue.est_piece else 0.85)
    return _retain(dernier, etapes, base, 0.75 if lue.est_piece else 0.78)


def _match_contenant(lue: _UniteLue, code: str, etapes: tuple[Etape, ...], base: str) -> Contenu:
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
    if anonymes and (rang <= 2 or code in {"lot", "pack", "fardeau"} or len(anonymes) > 1 or anonymes[-1].nombre > 1):
        return _retain(anonymes[0] if rang == 1 else anonymes[-1], etapes, base, 0.92)
    if base == "feuille" and code == "ramette":
        ramette = Etape(frozenset({"ramette"}), _RAMETTE, _RAMETTE, "ramette de 500 feuilles")
        return _retain(ramette, etapes, base, 0.9)
    if base == "unite" and code in _UNE_PIECE and all(etape.est_piece for etape in etapes):
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
