"""Figures leave in a file, with the same scope as the page they come from; the file is made for this reader and thrown away."""

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from analytics.exports import EXPORTS, FORMATS
from api.maison import Maison
from api.pages.lecteur import choisir_periode, lire_observatoire
from api.porte import Introuvable, Permission, Visiteur, exiger, maison_de
from api.services import exports as service

router = APIRouter()

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "pdf": "application/pdf",
}


@router.get("/exports/{quoi}.{forme}", include_in_schema=False)
def download(request: Request, quoi: str, forme: str, visiteur: Annotated[Visiteur, exiger(Permission.EXPORTER)]) -> Response:
    """Everything of one kind that the visitor may see, as a file."""
    if quoi not in EXPORTS or forme not in FORMATS:
        raise Introuvable("Ce fichier n’existe pas. Choisissez-le depuis une page de Mercuriale.")
    maison = maison_de(request)
    return remettre(f"{quoi}.{forme}", lambda chemin: service.exporter(maison, visiteur, quoi, forme, chemin))


@router.get("/observatoire/classeur.xlsx", include_in_schema=False)
def download_workbook(
    request: Request, visiteur: Annotated[Visiteur, exiger(Permission.EXPORTER)], periode: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """The workbook of the observatoire: position, prices, needs, moves of prices, with charts."""
    maison = maison_de(request)
    choisie = _periode(maison, visiteur, periode)
    return remettre("observatoire-des-prix.xlsx", lambda chemin: service.ecrire_classeur(maison, visiteur, chemin, choisie))


@router.get("/observatoire/fiche.pdf", include_in_schema=False)
def download_page(
    request: Request, visiteur: Annotated[Visiteur, exiger(Permission.EXPORTER)], periode: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """The page of the reader's membre, to print for the council."""
    maison = maison_de(request)
    choisie = _periode(maison, visiteur, periode)
    return remettre("notre-commune.pdf", lambda chemin: service.ecrire_fiche(maison, visiteur, chemin, choisie))


def remettre(nom: str, ecrire: Callable[[Path], object]) -> FileResponse:
    """The file that `ecrire` makes at the place it is given, under this name; nothing of it stays once sent."""
    dossier = Path(mkdtemp(prefix="mercuriale-"))
    chemin = dossier / f"fichier{Path(nom).suffix}"  # a name people gave may be longer than a disk allows
    try:
        ecrire(chemin)
    except BaseException:
        jeter(dossier)
        raise
    return FileResponse(chemin, filename=nom, media_type=TYPES[chemin.suffix[1:]], background=BackgroundTask(jeter, dossier))


def jeter(dossier: Path) -> None:
    """Remove the folder of a file that was sent."""
    for fichier in dossier.iterdir():
        fichier.unlink(missing_ok=True)
    dossier.rmdir()


def _periode(maison: Maison, visiteur: Visiteur, demandee: str) -> str:
    with lire_observatoire(maison, visiteur) as lecteur:
        return choisir_periode(lecteur, demandee)[0]
