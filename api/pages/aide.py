"""Help, in the words of a town hall; and what is known of accessibility."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.porte import Permission, Visiteur, exiger
from api.presentation import Page, rendre

router = APIRouter()


@dataclass(frozen=True)
class PageAide(Page):
    """The help page: what to do, in the order one does it."""

    gabarit: ClassVar[str] = "pages/aide.html"


@dataclass(frozen=True)
class PageAccessibilite(Page):
    """What was done and not done for accessibility; not a declaration of conformity."""

    gabarit: ClassVar[str] = "pages/accessibilite.html"


@router.get("/aide", include_in_schema=False)
def show(request: Request, _visiteur: Annotated[Visiteur | None, exiger(Permission.PUBLIC)]) -> Response:
    """The help page."""
    return rendre(request, PageAide(titre="Aide"))


@router.get("/aide/accessibilite", include_in_schema=False)
def accessibility(request: Request, _visiteur: Annotated[Visiteur | None, exiger(Permission.PUBLIC)]) -> Response:
    """The accessibility page."""
    return rendre(request, PageAccessibilite(titre="Accessibilité"))
