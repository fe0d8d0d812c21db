"""Figures leave in a file, with the same scope as the page they come from; the file is made for this reader and thrown away."""

from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from analytics.exports import EXPORTS, FORMATS
from api.porte import Introuvable, Permission, Visiteur, exiger, maison_de
from api.services import exports as service

router = APIRouter()

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
}


@router.get("/exports/{quoi}.{forme}", include_in_schema=False)
def download(request: Request, quoi: str, forme: str, visiteur: Annotated[Visiteur, exiger(Permission.EXPORTER)]) -> Response:
    """Everything of one kind that the visitor may see, as a file."""
    if quoi not in EXPORTS or forme not in FORMATS:
        raise Introuvable("Ce fichier n’existe pas. Choisissez-le depuis une page de Mercuriale.")
    dossier = Path(mkdtemp(prefix="mercuriale-"))
    chemin = dossier / f"{quoi}.{forme}"
    try:
        service.exporter(maison_de(request), visiteur, quoi, forme, chemin)
    except BaseException:
        jeter(dossier)
        raise
    return FileResponse(chemin, filename=chemin.name, media_type=TYPES[forme], background=BackgroundTask(jeter, dossier))


def jeter(dossier: Path) -> None:
    """Remove the folder of a file that was sent."""
    for fichier in dossier.iterdir():
        fichier.unlink(missing_ok=True)
    dossier.rmdir()
