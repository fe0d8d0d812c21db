"""« À corriger »: the lines that wait, corrected in place or many at once; each correction is data, and can be taken back."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated, ClassVar

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.background import BackgroundTask

from api import formats
from api.club.modeles import Depot, EtatDepot
from api.pages.exports import TYPES, jeter
from api.pages.formulaire import Formulaire, texte
from api.pages.taches import adresse_des, suite_de_correction, travail_de
from api.porte import Introuvable, Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Message, Page, Pagination, paginer, rendre
from api.services import corrections as service
from api.services import depots
from api.services.corrections import Geste
from api.services.lignes_depot import (
    LigneEnAttente,
    champs_de,
    corrections_de,
    de_cause,
    des_lieux,
    montrer_en_attente,
    trame_en_attente,
)
from api.services.propositions import Groupe, corriger_groupe, groupes_d_unites, groupes_de_fautes
from api.services.valeurs import peut_durer
from api.taches.travail import demander_correction
from ingest.anomalies import format_lignes
from ingest.corrections import Correction
from ingest.erreurs import Refus

router = APIRouter()

PAR_PAGE = 20
LIGNE_MAX = 2**31
"""No file has a line of a larger number: it comes from nowhere."""
FORMES = ("xlsx", "csv")


@dataclass(frozen=True)
class CelluleVue:
    """One cell to read or to change: `nom` names its field; `fautive` says that an anomaly is about it."""

    nom: str
    entete: str
    valeur: str
    fautive: bool


@dataclass(frozen=True)
class LigneVue:
    """One line that waits, with its cells in the order of the columns and what is wrong."""

    ligne: int
    cellules: tuple[CelluleVue, ...]
    messages: tuple[str, ...]


@dataclass(frozen=True)
class TableauVue:
    """The lines of one sheet, under their headers."""

    origine: str
    entetes: tuple[str, ...]
    lignes: tuple[LigneVue, ...]


@dataclass(frozen=True)
class GroupeVue:
    """Lines that one answer corrects: the question, where they are, examples; `recalcul` asks for a click, not for a value;
    `durable` when the answer may hold for the next files."""

    cle: str
    question: str
    lignes: str
    exemples: str
    recalcul: bool
    depart: str
    bouton: str
    durable: bool


@dataclass(frozen=True)
class PageACorriger(Page):
    """`groupes` first, then the lines of the page asked for; `derniere` says what « annuler » would take back."""

    gabarit: ClassVar[str] = "pages/a_corriger.html"
    identifiant: str
    chapeau: str
    fautes: tuple[GroupeVue, ...]
    unites: tuple[GroupeVue, ...]
    tableaux: tuple[TableauVue, ...]
    pagination: Pagination
    derniere: str | None
    nb_derniere: int
    nb_corrections: int
    cause: str | None
    adresse: str
    peut_corriger: bool
    en_cours: Lien | None


@router.get("/depots/{identifiant}/a-corriger", include_in_schema=False)
def show(
    request: Request,
    identifiant: str,
    visiteur: Annotated[Visiteur, exiger(Permission.LIRE_LIGNES)],
    cause: Annotated[str | None, Query(max_length=100)] = None,
    page: Annotated[int, Query(ge=1)] = 1,
) -> Response:
    """The lines that wait, all or of one cause."""
    return _montrer(request, visiteur, identifiant, cause, page)


@router.post("/depots/{identifiant}/a-corriger", include_in_schema=False)
def correct(
    request: Request, identifiant: str, visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)], formulaire: Formulaire
) -> Response:
    """Keep the cells that were changed, and have the file read again."""
    maison = maison_de(request)
    depot = depots.depot(maison, visiteur, identifiant)
    envoye = {nom: texte(formulaire, nom) for nom in formulaire}
    visees = des_lieux(trame_en_attente(maison, visiteur, depot), _lieux(envoye))
    demandees = _cellules_changees(montrer_en_attente(visees, depot), envoye)
    if not demandees:
        message = Message("attention", ("Aucune cellule n’a changé : rien n’a été relu.",))
        return _montrer(request, visiteur, identifiant, message=message, statut=422)
    return _appliquer(request, visiteur, depot, Geste(cellules=tuple(demandees)))


@router.post("/depots/{identifiant}/a-corriger/groupe", include_in_schema=False)
def correct_group(
    request: Request,
    identifiant: str,
    visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)],
    groupe: Annotated[str, Form(max_length=40)] = "",
    remplacement: Annotated[str, Form(max_length=500)] = "",
    toujours: Annotated[bool, Form()] = False,
) -> Response:
    """Give one answer for all the lines of a group."""
    maison = maison_de(request)
    depot = depots.depot(maison, visiteur, identifiant)
    try:
        corriger_groupe(maison, visiteur, depot, groupe, remplacement)  # an answer that means nothing is said here, on the page
    except Refus as refus:
        return _montrer(request, visiteur, identifiant, message=Message("erreur", (str(refus),)), statut=422)
    return _appliquer(request, visiteur, depot, Geste(groupe=groupe, remplacement=remplacement, toujours=toujours))


@router.post("/depots/{identifiant}/a-corriger/annuler", include_in_schema=False)
def undo(
    request: Request,
    identifiant: str,
    visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)],
    nombre: Annotated[int, Form(ge=1)] = 1,
) -> Response:
    """Take back the last corrections."""
    depot = depots.depot(maison_de(request), visiteur, identifiant)
    return _appliquer(request, visiteur, depot, Geste(annuler=nombre))


@router.get("/depots/{identifiant}/a-corriger.{forme}", include_in_schema=False)
def download(request: Request, identifiant: str, forme: str, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_LIGNES)]) -> Response:
    """The lines that wait, as they were in the file, with a column that says what is wrong: may be corrected and dropped again."""
    maison = maison_de(request)
    depot = depots.depot(maison, visiteur, identifiant)
    if forme not in FORMES or not depot.lecture:
        raise Introuvable("Ce fichier n’existe pas. Choisissez-le depuis la page du dépôt.")
    dossier = Path(mkdtemp(prefix="mercuriale-"))
    nom = f"{Path(depot.nom_fichier).stem} - à corriger.{forme}"
    try:
        service.ecrire_a_corriger(maison, visiteur, identifiant, dossier / f"a-corriger.{forme}", forme)
    except BaseException:
        jeter(dossier)
        raise
    tache = BackgroundTask(jeter, dossier)
    return FileResponse(dossier / f"a-corriger.{forme}", filename=nom, media_type=TYPES[forme], background=tache)


def _appliquer(request: Request, visiteur: Visiteur, depot: Depot, geste: Geste) -> Response:
    maison = maison_de(request)
    if not service.est_immediat(depot):
        return RedirectResponse(adresse_des([demander_correction(maison, visiteur, depot, geste)]), status_code=303)
    corrige = service.executer_geste(maison, visiteur, depot.id, geste, lecture=depot.lecture)
    if geste.annuler:
        return RedirectResponse(f"/depots/{depot.id}/a-corriger?fait=correction-annulee", status_code=303)
    return RedirectResponse(suite_de_correction(depot.id, corrige.comptes), status_code=303)


def _montrer(
    request: Request,
    visiteur: Visiteur,
    identifiant: str,
    cause: str | None = None,
    page: int = 1,
    message: Message | None = None,
    statut: int = 200,
) -> Response:
    maison = maison_de(request)
    depot = depots.depot(maison, visiteur, identifiant)
    if depot.etat in (EtatDepot.RECU, EtatDepot.EN_LECTURE):
        return RedirectResponse(f"/depots/{identifiant}", status_code=303)
    toutes = trame_en_attente(maison, visiteur, depot)
    choisies = toutes if cause is None else de_cause(toutes, cause)
    pagination = paginer(request, page, PAR_PAGE, choisies.height)
    debut = (pagination.page - 1) * PAR_PAGE
    peut_corriger = visiteur.peut(Permission.DEPOSER)
    faites = corrections_de(depot)
    derniere = _dernier_geste(faites)
    return rendre(
        request,
        PageACorriger(
            titre=f"À corriger dans « {depot.nom_fichier} »",
            identifiant=identifiant,
            chapeau=annoncer(toutes.height, depot.etat == EtatDepot.PUBLIE),
            fautes=tuple(_groupe(groupe) for groupe in groupes_de_fautes(depot, toutes)) if peut_corriger else (),
            unites=tuple(_groupe(groupe) for groupe in groupes_d_unites(maison, visiteur, depot)) if peut_corriger else (),
            tableaux=_tableaux(montrer_en_attente(choisies[debut : debut + PAR_PAGE], depot), champs_de(depot)),
            pagination=pagination,
            derniere=_dire(derniere) if derniere else None,
            nb_derniere=len(derniere),
            nb_corrections=len(faites),
            cause=cause,
            adresse=f"/depots/{identifiant}/a-corriger",
            peut_corriger=peut_corriger,
            en_cours=travail_de(maison, visiteur, identifiant, "Une correction est en cours : voir où elle en est"),
        ),
        message=message,
        statut=statut,
    )


def annoncer(nombre: int, publie: bool) -> str:
    """The first line: how many wait, and what becomes of them meanwhile."""
    if not nombre:
        return "Plus aucune ligne n’attend : tout ce qui a été lu peut compter."
    suite = "Le reste du fichier est enregistré." if publie else "Le reste du fichier est bon."
    debut = "Une ligne attend" if nombre == 1 else f"{formats.entier(nombre)} lignes attendent"
    return f"{debut} votre correction et ne {'compte' if nombre == 1 else 'comptent'} pas encore. {suite}"


def nom_de_cellule(origine: str, ligne: int, entete: str) -> str:
    """The name of the field of one cell: sheet, line and header may hold any character."""
    return json.dumps([origine, ligne, entete], ensure_ascii=False)


def _tableaux(lignes: Sequence[LigneEnAttente], champs: Mapping[str, str]) -> tuple[TableauVue, ...]:
    par_table: dict[tuple[str, tuple[str, ...]], list[LigneEnAttente]] = {}
    for ligne in lignes:
        entetes = tuple(entete for entete in ligne.cellules if entete in champs)
        par_table.setdefault((ligne.origine, entetes), []).append(ligne)
    return tuple(
        TableauVue(origine, entetes, tuple(_ligne(ligne, entetes) for ligne in groupe)) for (origine, entetes), groupe in par_table.items()
    )


def _ligne(ligne: LigneEnAttente, entetes: Sequence[str]) -> LigneVue:
    fautives = {defaut.colonne for defaut in ligne.defauts}
    return LigneVue(
        ligne=ligne.ligne,
        cellules=tuple(
            CelluleVue(nom_de_cellule(ligne.origine, ligne.ligne, entete), entete, ligne.lues[entete], entete in fautives)
            for entete in entetes
        ),
        messages=tuple(defaut.message for defaut in ligne.defauts),
    )


def _lieux(envoye: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """The lines whose cells were sent; what is no name of a cell is left out."""
    for nom in envoye:
        try:
            origine, ligne, _entete = json.loads(nom)
        except (ValueError, TypeError):
            continue
        if isinstance(origine, str) and isinstance(ligne, int) and 0 < ligne <= LIGNE_MAX:
            yield origine, ligne


def _cellules_changees(lignes: Sequence[LigneEnAttente], envoye: Mapping[str, str]) -> list[Correction]:
    """Only cells of lines that wait, and only those that say something else than before."""
    return [
        Correction(envoye[nom].strip(), entete=entete, ligne=ligne.ligne, origine=ligne.origine)
        for ligne in lignes
        for entete, valeur in ligne.lues.items()
        if (nom := nom_de_cellule(ligne.origine, ligne.ligne, entete)) in envoye and envoye[nom].strip() != valeur.strip()
    ]


def _groupe(groupe: Groupe) -> GroupeVue:
    nombre = len(groupe.cellules)
    combien = "une ligne" if nombre == 1 else formats.pluriel(nombre, "ligne")
    if groupe.recalcul:
        question = f"Colonne « {groupe.entete} », {combien} : le montant ne va pas avec la quantité et le prix unitaire."
    elif groupe.est_unite:
        question = f"Unité « {groupe.lu} », {combien} : que contient-elle ?"
    elif groupe.lu:
        question = f"Colonne « {groupe.entete} », {combien} où nous lisons « {groupe.lu} » : que faut-il lire ?"
    else:
        question = f"Colonne « {groupe.entete} », {combien} sans rien : que faut-il lire ?"
    return GroupeVue(
        cle=groupe.cle,
        question=question,
        lignes=format_lignes(ligne for _, ligne in groupe.cellules),
        exemples=" · ".join(groupe.exemples),
        recalcul=groupe.recalcul,
        depart="" if groupe.est_unite else groupe.lu,
        durable=peut_durer(groupe.champ),
        bouton="Préciser" if groupe.est_unite else "Corriger ensemble" if nombre > 1 else "Corriger",
    )


def _dernier_geste(faites: Sequence[Correction]) -> list[Correction]:
    """The last corrections that say the same thing in the same column: one answer given to a group."""
    if not faites:
        return []

    def geste(correction: Correction) -> tuple[str | None, ...]:
        return (correction.remplacement, correction.champ, correction.lu, correction.entete)

    return list(takewhile(lambda correction: geste(correction) == geste(faites[-1]), reversed(faites)))


def _dire(derniere: Sequence[Correction]) -> str:
    une = derniere[0]
    valeur = f"« {une.remplacement} »" if une.remplacement else "rien"
    if une.ligne is None:
        return f"lire {valeur} partout où il y a « {une.lu} »"
    return f"lire {valeur} dans « {une.entete} », {format_lignes(correction.ligne or 0 for correction in derniere)}"
