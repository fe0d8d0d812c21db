"""Which sheets of a workbook, or files of an archive, are to be read: each is shown by its header and first lines, and a person chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api import formats
from api.club.modeles import Depot, EtatDepot
from api.pages import verdict as vues
from api.pages.formulaire import Formulaire
from api.pages.taches import adresse_des
from api.porte import Permission, Visiteur, exiger, maison_de
from api.presentation import Message, Page, rendre
from api.services import depots
from api.taches.travail import demander_lecture
from ingest.erreurs import Refus
from ingest.feuilles import CODE

router = APIRouter()


@dataclass(frozen=True)
class FeuilleVue:
    """One sheet: its rank in the form, its name, what its first lines hold, whether it is to be read."""

    rang: int
    origine: str
    entetes: tuple[str, ...]
    exemples: tuple[tuple[str, ...], ...]
    choisie: bool


@dataclass(frozen=True)
class PageFeuilles(Page):
    """The sheets of a file; `question` is why they are asked about, None when nobody had to ask."""

    gabarit: ClassVar[str] = "pages/depot_feuilles.html"
    identifiant: str
    chapeau: str
    question: str | None
    feuilles: tuple[FeuilleVue, ...]


@router.get("/depots/{identifiant}/feuilles", include_in_schema=False)
def show(request: Request, identifiant: str, visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)]) -> Response:
    """The sheets, to be chosen."""
    depot = depots.depot(maison_de(request), visiteur, identifiant)
    if depot.etat in (EtatDepot.RECU, EtatDepot.EN_LECTURE, EtatDepot.PUBLIE) or not feuilles(depot):
        return RedirectResponse(f"/depots/{identifiant}", status_code=303)
    return rendre(request, _page(depot))


@router.post("/depots/{identifiant}/feuilles", include_in_schema=False)
def choose(
    request: Request, identifiant: str, visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)], formulaire: Formulaire
) -> Response:
    """Keep the choice for this dépôt, and have the file read again."""
    maison = maison_de(request)
    depot = depots.depot(maison, visiteur, identifiant)
    rangs = {str(valeur) for valeur in formulaire.getlist("feuille")}
    choisies = [feuille["origine"] for rang, feuille in enumerate(feuilles(depot)) if str(rang) in rangs]
    try:
        if not choisies:
            raise Refus("Cochez au moins une feuille : sans cela, rien ne serait lu.")
        depots.regler(maison, visiteur, identifiant, {"origines": choisies})
    except Refus as refus:
        return rendre(request, _page(depot, ()), statut=422, message=Message("erreur", (str(refus),)))
    return RedirectResponse(adresse_des([demander_lecture(maison, visiteur, identifiant)]), status_code=303)


def feuilles(depot: Depot) -> Sequence[Mapping[str, Any]]:
    """The sheets its verdict names, read or not; none when the file has only one."""
    presentes: Sequence[Mapping[str, Any]] = (depot.verdict or {}).get("feuilles", [])
    return presentes


def _page(depot: Depot, choisies: Sequence[str] | None = None) -> PageFeuilles:
    presentes = feuilles(depot)
    retenues = [feuille["origine"] for feuille in presentes if feuille["lue"]] if choisies is None else choisies
    question = next((question.texte for question in vues.questions(depot.verdict or {}) if question.code == CODE), None)
    return PageFeuilles(
        titre=depot.nom_fichier,
        identifiant=depot.id,
        chapeau=f"Ce fichier contient {formats.pluriel(len(presentes), 'tableau', 'tableaux')}. Cochez ce qu’il faut lire.",
        question=question,
        feuilles=tuple(
            FeuilleVue(
                rang,
                feuille["origine"] or "sans nom",
                tuple(feuille["entetes"]),
                tuple(tuple(exemple) for exemple in feuille["exemples"]),
                feuille["origine"] in retenues,
            )
            for rang, feuille in enumerate(presentes)
        ),
    )
