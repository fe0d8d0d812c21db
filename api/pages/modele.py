"""For who starts from nothing: a template to fill and the list of the columns we recognise, made from the schema that checks them."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from api.pages.exports import TYPES, jeter
from api.porte import Introuvable, Permission, Visiteur, exiger
from api.presentation import Page, rendre
from ingest.modele import write_modele_csv, write_modele_xlsx
from ingest.schema import Champ, Requis, load_champs

router = APIRouter()

ECRIVAINS = {"xlsx": write_modele_xlsx, "csv": write_modele_csv}
REQUIS = {Requis.OUI: "obligatoire", Requis.DEUX_SUR_TROIS: "deux des trois : quantité, prix, montant", Requis.NON: ""}


@dataclass(frozen=True)
class ColonneReconnue:
    """One column we recognise, with an example and the other names it may bear."""

    titre: str
    description: str
    exemple: str
    requis: str
    synonymes: str


@dataclass(frozen=True)
class PageModele(Page):
    """The columns in the order people see them; those of the template first."""

    gabarit: ClassVar[str] = "pages/modele.html"
    du_modele: tuple[ColonneReconnue, ...]
    autres: tuple[ColonneReconnue, ...]


@router.get("/modele", include_in_schema=False)
def show(request: Request, _visiteur: Annotated[Visiteur, exiger(Permission.CONNECTE)]) -> Response:
    """The page of the template and of the columns."""
    champs = load_champs()
    return rendre(
        request,
        PageModele(
            titre="Un modèle à remplir",
            du_modele=tuple(_colonne(champ) for champ in champs if champ.modele),
            autres=tuple(_colonne(champ) for champ in champs if not champ.modele),
        ),
    )


@router.get("/modele.{forme}", include_in_schema=False)
def download(forme: str, _visiteur: Annotated[Visiteur, exiger(Permission.CONNECTE)]) -> Response:
    """The template as a file."""
    if forme not in ECRIVAINS:
        raise Introuvable("Ce modèle n’existe qu’en Excel et en CSV.")
    dossier = Path(mkdtemp(prefix="mercuriale-"))
    chemin = dossier / f"modele.{forme}"
    try:
        ECRIVAINS[forme](chemin)
    except BaseException:
        jeter(dossier)
        raise
    nom = f"Modèle de dépôt d’achats.{forme}"
    return FileResponse(chemin, filename=nom, media_type=TYPES[forme], background=BackgroundTask(jeter, dossier))


def _colonne(champ: Champ) -> ColonneReconnue:
    return ColonneReconnue(champ.titre, champ.description, champ.exemple, REQUIS[champ.requis], ", ".join(champ.synonymes[:6]))
