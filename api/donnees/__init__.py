"""The same data as the pages, in JSON under /api/v1, with the same permissions and the same diffusion rules."""

from typing import Annotated, Any

from fastapi import APIRouter, Request

from api.porte import Permission, Visiteur, exiger

router = APIRouter(prefix="/api/v1")


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request, _visiteur: Annotated[Visiteur, exiger(Permission.CONNECTE)]) -> dict[str, Any]:
    """The description of these addresses, for programs."""
    schema: dict[str, Any] = request.app.openapi()
    return schema
