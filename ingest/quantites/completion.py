"""The unit cell completes what the label says: the container it names, its own packaging, what is weighed where things are counted."""

import re
from dataclasses import replace

from ingest.quantites.cellule import UniteLue
from ingest.quantites.chaine import LINEAIRES, LIQUIDES, names
from ingest.quantites.decoupe import Decoupe
from ingest.quantites.nomenclature import conditionnements_par_forme
from ingest.quantites.texte import fold
from ingest.quantites.usages import Usage

# Packaging words people use one for the other; a carton is never a boîte.
SOUPLES = frozenset({"lot", "pack", "paquet", "boite", "etui", "sachet", "pochette", "blister", "distributeur", "fardeau"})
# A mention further than any word of the label.
_AU_BOUT = 10_000
_PESES = LIQUIDES | {"seau"}
# « SEAU 25KG - PEINTURE… »: the packaging is told first, and set apart.
_TETE_A_PART = re.compile(r"[^\W\d]+ (?:[dD][eE] )?[\d,.]+ ?[^\W\d]+ - ")
_ROULEAUX = frozenset({"rouleau", "bobine"})


def complete(libelle: Decoupe, lue: UniteLue, usage: Usage) -> Decoupe:
    """What the label says (the same object when the unit cell adds nothing), with what the unit cell tells of it."""
    decoupe = libelle if lue.detail is None else _merge(lue.detail, libelle)
    if _names_what_holds(decoupe, lue, usage):
        decoupe = replace(decoupe, mentions=(*decoupe.mentions, (str(lue.contenant), _AU_BOUT)))
    if decoupe.surfaces and not _ROULEAUX.isdisjoint({lue.contenant, *names(decoupe)}):
        decoupe = replace(decoupe, mesures=decoupe.mesures + decoupe.surfaces)
    if not decoupe.suites:
        return decoupe
    suites = tuple(r for r in decoupe.suites if (r.contenant or not decoupe.relations) and _is_meme_contenant(r.contenant, lue.contenant))
    return replace(decoupe, relations=decoupe.relations + suites, suites=()) if suites else decoupe


def read_admises(decoupe: Decoupe, lue: UniteLue, usage: Usage, libelle: str) -> tuple[str, ...]:
    """The base units in which the line may be read: those of its famille, and weights first when a weighed container is bought."""
    return ("kg", "l", *usage.admises) if _is_contenant_pese(decoupe, lue, usage.admises, libelle) else usage.admises


def _names_what_holds(decoupe: Decoupe, lue: UniteLue, usage: Usage) -> bool:
    """A ramette holds what a ramette holds; « banderole 100 m », sold by the rouleau, is a rouleau of 100 m."""
    if lue.contenant == "ramette":
        return "feuille" in usage.admises
    return lue.contenant in LINEAIRES and "m" in usage.admises and bool(decoupe.mesures)


def _merge(unite: Decoupe, libelle: Decoupe) -> Decoupe:
    """What the unit cell says wins over the label for the same container; the label fills in the rest."""
    dits = {relation.contenant for relation in unite.relations} | {mesure.contenant for mesure in unite.mesures}
    memes = {(relation.nombre, _chose(relation.element)) for relation in unite.relations}
    return Decoupe(
        relations=(
            *unite.relations,
            *(r for r in libelle.relations if not (r.contenant in dits and r.contenant) and (r.nombre, _chose(r.element)) not in memes),
        ),
        mesures=unite.mesures or tuple(m for m in libelle.mesures if not (m.contenant in dits and m.contenant)),
        mentions=unite.mentions + libelle.mentions,
        restes=libelle.restes,
        caracteres=libelle.caracteres,
    )


def _chose(element: str | None) -> str:
    """« 1000 » in the unit cell and « le mille » in the label count the same things."""
    return element or "unite"


def _is_contenant_pese(decoupe: Decoupe, lue: UniteLue, admises: tuple[str, ...], libelle: str) -> bool:
    """« PEINTURE … SEAU 25 KG », sold by the seau: what is bought is weighed, even where things are counted; « SEAU 12 L » is a seau.

    A weight says it as well when pieces are counted; litres do not, « kit de lavage avec seau 12 l ».
    """
    if not decoupe.mesures or "kg" in admises or "l" in admises:
        return False
    bases = {"kg", "l"} if lue.contenant in _PESES else {"kg"}
    pesees = [m for m in decoupe.mesures if m.contenant in _PESES and m.unite.base in bases]
    if not pesees or lue.contenant not in {None, pesees[0].contenant}:
        return False
    if _TETE_A_PART.match(libelle):
        return True
    nom = conditionnements_par_forme().get(fold(libelle).split(" ", 1)[0])
    return nom is None or nom.code != pesees[0].contenant


def _is_meme_contenant(un: str | None, autre: str | None) -> bool:
    """A number of colours is what a pochette or a lot holds."""
    return autre is not None and (un == autre or {un, autre} == {"plaque", "plaquette"} or (un is None and autre in SOUPLES))
