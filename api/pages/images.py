"""Each drawing of a page leaves as a picture by the address of that page and `?image=…`: same reader, same permission, same figures."""

from dataclasses import fields
from textwrap import wrap

from fastapi import Request
from fastapi.responses import Response

from api import graphiques
from api.porte import Introuvable
from api.presentation import Page, environnement, rendre

SIGNES_PAR_LIGNE = 110
"""What fits in the width of a drawing under it."""


def demandee(request: Request) -> str:
    """The drawing the address asks for, "" for the whole page."""
    return request.query_params.get("image", "")


def rendre_ou_image(request: Request, page: Page) -> Response:
    """The page, or the drawing of it that the address asks for."""
    identifiant = demandee(request)
    return rendre_image(page, identifiant) if identifiant else rendre(request, page)


def rendre_image(page: Page, identifiant: str) -> Response:
    """One drawing of `page` as an SVG file that stands alone: title, drawing, description with its numbers of membres.

    Raises `Introuvable` when the page has no such drawing, because there is none or because its figures may not be shown.
    """
    valeurs = [getattr(page, champ.name) for champ in fields(page)]
    dessin = next((v for v in valeurs if isinstance(v, graphiques.Dessin) and v.identifiant == identifiant), None)
    if dessin is None:
        raise Introuvable("Cette image n’existe pas, ou ses chiffres ne peuvent pas être montrés. Revenez à la page d’où vous venez.")
    notes = tuple(ligne for texte in (dessin.description, *_legende(dessin), CONFIDENTIEL) for ligne in wrap(texte, SIGNES_PAR_LIGNE))
    svg = (
        environnement()
        .get_template("composants/image.svg")
        .render(dessin=dessin, titres=wrap(_intituler(page, dessin), TITRE), notes=notes)
    )
    nom = f"mercuriale-{identifiant}.svg"
    return Response(svg, media_type="image/svg+xml", headers={"content-disposition": f'attachment; filename="{nom}"'})


CONFIDENTIEL = "Document du club des acheteurs : les prix sont couverts par le secret des affaires."
TITRE = 74


def _intituler(page: Page, dessin: graphiques.Dessin) -> str:
    """The title of the drawing, with what it is about when it does not say it itself."""
    if page.titre.lower() in dessin.titre.lower():
        return dessin.titre
    return f"{page.titre} : {dessin.titre[:1].lower()}{dessin.titre[1:]}"


def _legende(dessin: graphiques.Dessin) -> tuple[str, ...]:
    return (dessin.legende,) if isinstance(dessin, graphiques.BandePrix) else ()
