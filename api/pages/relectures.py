"""Dépôts read by former rules are read again, once somebody has seen what that changes; figures only, never a line of anybody."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from api import formats, taches
from api.club.modeles import EtatTache
from api.maison import Maison
from api.pages.taches import adresse_des
from api.porte import Introuvable, Permission, Visiteur, exiger, maison_de
from api.presentation import Page, rendre
from api.services import membres as services_membres
from api.services import relectures as service
from api.taches.travail import demander_relecture

router = APIRouter()


@dataclass(frozen=True)
class RangRelecture:
    """What reading again changes for one membre: dépôts, lines read, lines that change, of which what, and what was refused."""

    membre: str
    depots: int
    lues: int
    changees: int
    sujets: str
    refus: tuple[str, ...]


@dataclass(frozen=True)
class PageRelectures(Page):
    """`rangs` are the result of the last work asked for (`est_essai`: nothing is kept of it); `annulables` how many can be undone."""

    gabarit: ClassVar[str] = "pages/relectures.html"
    chapeau: str
    a_relire: int
    rangs: tuple[RangRelecture, ...]
    est_essai: bool
    resume: str
    annulables: int


@router.get("/relectures", include_in_schema=False)
def show(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.GERER_MEMBRES)],
    travail: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """What may be read again, and the result of a work."""
    return rendre(request, _page(maison_de(request), visiteur, travail))


@router.post("/relectures/essai", include_in_schema=False)
def try_again(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.GERER_MEMBRES)]) -> Response:
    """See what would change."""
    return RedirectResponse(adresse_des([demander_relecture(maison_de(request), visiteur, essai=True)]), status_code=303)


@router.post("/relectures", include_in_schema=False)
def read_again(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.GERER_MEMBRES)]) -> Response:
    """Read again for good."""
    return RedirectResponse(adresse_des([demander_relecture(maison_de(request), visiteur, essai=False)]), status_code=303)


@router.post("/relectures/annuler", include_in_schema=False)
def undo(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.GERER_MEMBRES)]) -> Response:
    """Go back to the former readings."""
    service.annuler(maison_de(request), visiteur)
    return RedirectResponse("/relectures?fait=relecture-annulee", status_code=303)


def _page(maison: Maison, visiteur: Visiteur, travail: int | None) -> PageRelectures:
    attente = service.a_relire(maison, visiteur)
    resultat = _resultat(maison, visiteur, travail) if travail else {}
    rangs = _ranger(resultat.get("relectures", []), {membre.siren: membre.nom for membre in services_membres.lister(maison, visiteur)})
    return PageRelectures(
        titre="Relire les dépôts",
        chapeau=annoncer(len(attente), len({depot.membre for depot in attente})),
        a_relire=len(attente),
        rangs=rangs,
        est_essai=bool(resultat.get("essai")),
        resume=_resumer(rangs, est_essai=bool(resultat.get("essai"))),
        annulables=len(service.annulables(maison, visiteur)),
    )


def annoncer(depots: int, membres: int) -> str:
    """The first line: how many dépôts were read by former rules."""
    if not depots:
        return "Tous les dépôts enregistrés ont été lus avec les règles de lecture en vigueur."
    return f"{formats.pluriel(depots, 'dépôt')} de {formats.pluriel(membres, 'membre')} : lecture antérieure aux règles en vigueur."


def _resultat(maison: Maison, visiteur: Visiteur, travail: int) -> Mapping[str, Any]:
    tache = taches.voir(maison, visiteur, travail)
    if tache.genre != taches.RELIRE or tache.etat != EtatTache.TERMINEE:
        raise Introuvable("Ce travail n’a pas de résultat à montrer.")
    return tache.resultat or {}


def _ranger(faites: Sequence[Mapping[str, Any]], noms: Mapping[str, str]) -> tuple[RangRelecture, ...]:
    par_membre: dict[str, list[Mapping[str, Any]]] = {}
    for faite in faites:
        par_membre.setdefault(faite["membre"], []).append(faite)
    return tuple(_rang(noms.get(siren, siren), lot) for siren, lot in par_membre.items())


def _rang(nom: str, lot: Sequence[Mapping[str, Any]]) -> RangRelecture:
    lues = [faite["differences"] for faite in lot if faite["differences"]]
    sujets: Counter[str] = Counter()
    for differences in lues:
        sujets.update(differences["par_sujet"])
        sujets.update({"lignes nouvelles": differences["ajoutees"], "lignes disparues": differences["disparues"]})
    return RangRelecture(
        membre=nom,
        depots=len(lot),
        lues=sum(differences["lues"] for differences in lues),
        changees=sum(differences["changees"] + differences["ajoutees"] + differences["disparues"] for differences in lues),
        sujets=" · ".join(f"{sujet} : {formats.entier(nombre)}" for sujet, nombre in sujets.most_common() if nombre),
        refus=tuple(f"Dépôt {faite['depot']} : {faite['refus']}" for faite in lot if faite["refus"]),
    )


def _resumer(rangs: Sequence[RangRelecture], *, est_essai: bool) -> str:
    changees = sum(rang.changees for rang in rangs)
    if not changees:
        return "Aucune ligne ne change."
    nombre = formats.pluriel(changees, "ligne")
    if est_essai:
        return f"{nombre} {'changerait' if changees == 1 else 'changeraient'}. Rien n’est encore fait."
    return f"{nombre} {'a' if changees == 1 else 'ont'} changé. L’observatoire se met à jour tout seul."
