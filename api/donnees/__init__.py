"""The same data as the pages, in JSON under /api/v1, with the same permissions and the same diffusion rules."""

from typing import Annotated, Any

from fastapi import APIRouter, Request

from api.donnees import club, ensemble, familles, prix
from api.donnees.modeles import Erreur
from api.porte import Permission, Visiteur, exiger

REFUS: dict[int | str, dict[str, Any]] = {
    401: {"model": Erreur, "description": "Personne n'est connecté."},
    403: {"model": Erreur, "description": "Ce compte n'y a pas droit."},
    404: {"model": Erreur, "description": "Cela n'existe pas, ou concerne un autre membre."},
    422: {"model": Erreur, "description": "Une des valeurs demandées n'a pas la forme attendue, ou rien n'est encore construit."},
}
router = APIRouter(prefix="/api/v1", responses=REFUS)
router.include_router(club.router)
router.include_router(prix.router)
router.include_router(familles.router)
router.include_router(ensemble.router)


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request, _visiteur: Annotated[Visiteur, exiger(Permission.CONNECTE)]) -> dict[str, Any]:
    """The description of these addresses, for programs."""
    schema: dict[str, Any] = request.app.openapi()
    return schema
