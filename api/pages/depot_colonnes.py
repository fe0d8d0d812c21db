"""Which column is which: one page with samples and how sure we are; confirmed once, remembered for the next files of the same form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api import formats
from api.club.modeles import EtatDepot
from api.maison import Maison
from api.pages import verdict as vues
from api.pages.formulaire import Formulaire, texte
from api.pages.taches import adresse_des
from api.porte import Permission, Visiteur, exiger, maison_de
from api.presentation import Message, Page, rendre
from api.services import correspondances, depots
from api.taches.travail import demander_lecture
from ingest.erreurs import Refus
from ingest.feuilles import CODE as CODE_FEUILLES
from ingest.schema import find_champ
from ingest.vocabulaire import BaseTaxe

router = APIRouter()

PRECISABLES = ("prix_unitaire", "montant")
"""Fields that do not say whether they are before tax: the answer turns them into `…_ht` or `…_ttc`."""


@dataclass(frozen=True)
class PageColonnes(Page):
    """The columns of each table with the possible meanings; `questions` must be answered; `demande_taxe` asks for HT or TTC."""

    gabarit: ClassVar[str] = "pages/depot_colonnes.html"
    identifiant: str
    chapeau: str
    tables: tuple[vues.TableVue, ...]
    questions: tuple[vues.QuestionVue, ...]
    options: tuple[tuple[str, str], ...]
    demande_taxe: bool
    taxe: str


@router.get("/depots/{identifiant}/colonnes", include_in_schema=False)
def show(request: Request, identifiant: str, visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)]) -> Response:
    """The page of columns."""
    maison = maison_de(request)
    depot = depots.depot(maison, visiteur, identifiant)
    if depot.etat in (EtatDepot.RECU, EtatDepot.EN_LECTURE, EtatDepot.PUBLIE):
        return RedirectResponse(f"/depots/{identifiant}", status_code=303)
    return rendre(request, _page(depot.id, depot.nom_fichier, depot.verdict or {}, depot.reglages))


@router.post("/depots/{identifiant}/colonnes", include_in_schema=False)
def confirm(
    request: Request, identifiant: str, visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)], formulaire: Formulaire
) -> Response:
    """Keep the answers, for this file and the next ones of the same form, and have the file read again."""
    maison = maison_de(request)
    depot = depots.depot(maison, visiteur, identifiant)
    verdict = depot.verdict or {}
    envoye = {nom: texte(formulaire, nom) for nom in formulaire}
    try:
        retenues = _comprendre(verdict, envoye)
        depots.regler(maison, visiteur, identifiant, _reglages(retenues, envoye))
    except Refus as refus:
        page = _page(depot.id, depot.nom_fichier, verdict, depot.reglages)
        return rendre(request, page, statut=422, message=Message("erreur", (str(refus),)))
    _retenir(maison, visiteur, depot.membre, retenues, envoye)
    tache = demander_lecture(maison, visiteur, identifiant)
    return RedirectResponse(adresse_des([tache]), status_code=303)


def _page(identifiant: str, nom: str, verdict: Mapping[str, Any], reglages: Mapping[str, Any]) -> PageColonnes:
    tables = tuple(table for table in vues.tables(verdict) if table.est_tableur)
    questions = vues.questions(verdict)
    lues, toutes = sum(len(table.lues) for table in tables), sum(len(table.colonnes) for table in tables)
    taxe = str(reglages.get("base_taxe") or "")
    return PageColonnes(
        titre=nom,
        identifiant=identifiant,
        chapeau=f"Nous avons reconnu {formats.pluriel(lues, 'colonne')} sur {toutes}. "
        + (
            "Il reste une question." if len(questions) == 1 else f"Il reste {len(questions)} questions." if questions else "Tout est clair."
        ),
        tables=tables,
        questions=tuple(question for question in questions if question.code not in ("base_taxe", CODE_FEUILLES)),
        options=vues.options_de_champs(),
        demande_taxe=any(colonne.champ in PRECISABLES for table in tables for colonne in table.lues),
        taxe=taxe or next((table.base_taxe for table in tables if table.base_taxe), ""),
    )


def _comprendre(verdict: Mapping[str, Any], envoye: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What the person said, by signature of headers: header → field. Raises `Refus` when one field is given to two columns."""
    connus = {valeur for valeur, _ in vues.options_de_champs()}
    retenues: dict[str, dict[str, str]] = {}
    for rang, table in enumerate(vues.tables(verdict)):
        if not table.est_tableur:
            continue
        champs = {colonne.entete: envoye.get(colonne.nom, colonne.champ) for colonne in table.colonnes}
        for question in vues.questions(verdict):
            entete = envoye.get(question.nom, "")
            if question.table == rang and question.champ and entete in champs:
                champs = {autre: "" if champ == question.champ else champ for autre, champ in champs.items()} | {entete: question.champ}
        champs = {entete: _preciser(champ, champs, envoye.get("base_taxe", "")) for entete, champ in champs.items() if champ in connus}
        _verifier_uniques(champs)
        retenues[table.signature] = champs
    return retenues


def _preciser(champ: str, champs: Mapping[str, str], base: str) -> str:
    if champ not in PRECISABLES or base not in set(BaseTaxe) or f"{champ}_{base}" in champs.values():
        return champ
    return f"{champ}_{base}"


def _verifier_uniques(champs: Mapping[str, str]) -> None:
    pour: dict[str, list[str]] = {}
    for entete, champ in champs.items():
        if champ:
            pour.setdefault(champ, []).append(entete)
    for champ, entetes in pour.items():
        if len(entetes) > 1:
            noms = formats.enumeration([f"« {entete} »" for entete in entetes])
            raise Refus(f"Les colonnes {noms} donnent toutes « {find_champ(champ).titre} ». Gardez-en une, et ne lisez pas l’autre.")


def _reglages(retenues: Mapping[str, Mapping[str, str]], envoye: Mapping[str, str]) -> dict[str, Any]:
    base = envoye.get("base_taxe", "")
    return {"correspondances": retenues, **({"base_taxe": base} if base in set(BaseTaxe) else {})}


def _retenir(maison: Maison, visiteur: Visiteur, membre: str, retenues: Mapping[str, Mapping[str, str]], envoye: Mapping[str, str]) -> None:
    base = envoye.get("base_taxe", "")
    logiciel = envoye.get("logiciel", "").strip()[:80] or None
    for signature, champs in retenues.items():
        correspondances.retenir(
            maison, visiteur, membre, signature, champs, base_taxe=BaseTaxe(base) if base in set(BaseTaxe) else None, logiciel=logiciel
        )
