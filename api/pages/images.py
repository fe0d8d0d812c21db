"""Each drawing of a page leaves as a picture by the address of that page and `?image=…`: same reader, same permission, same figures.

`?image=indice` is the drawing as SVG, `?image=indice.png` the same as dots.
"""

from dataclasses import fields
from textwrap import wrap

import typst
from fastapi import Request
from fastapi.responses import Response

from api import graphiques
from api.porte import Introuvable
from api.presentation import Page, environnement, rendre

PNG = ".png"
POINTS_PAR_POUCE = 192.0
"""Twice the 96 units of an inch of SVG: sharp on a slide and in a printed report."""
SIGNES_PAR_LIGNE = 110
"""What fits in the width of a drawing under it."""


def demandee(request: Request) -> str:
    """The drawing the address asks for, "" for the whole page."""
    return request.query_params.get("image", "")


def rendre_ou_image(request: Request, page: Page) -> Response:
    """The page, or the drawing of it that the address asks for."""
    identifiant = demandee(request)
    return rendre_image(page, identifiant) if identifiant else rendre(request, page)


def rendre_image(page: Page, demande: str) -> Response:
    """One drawing of `page` as a file that stands alone: title, drawing, description with its numbers of membres.

    Raises `Introuvable` when the page has no such drawing, because there is none or because its figures may not be shown.
    """
    identifiant = demande.removesuffix(PNG)
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
    contenu, genre, suffixe = (rasteriser(svg), "image/png", PNG) if demande.endswith(PNG) else (svg.encode(), "image/svg+xml", ".svg")
    joint = f'attachment; filename="mercuriale-{identifiant}{suffixe}"'
    return Response(contenu, media_type=genre, headers={"content-disposition": joint})


def rasteriser(svg: str) -> bytes:
    """The same drawing as a PNG, two dots for one unit of the drawing, written with the fonts inside typst: the same everywhere."""
    page = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    octets: bytes = typst.compile(page, sys_inputs={"svg": svg}, format="png", ppi=POINTS_PAR_POUCE, ignore_system_fonts=True)
    return octets


CONFIDENTIEL = "Document du club des acheteurs : les prix sont couverts par le secret des affaires."
TITRE = 74


def _intituler(page: Page, dessin: graphiques.Dessin) -> str:
    """The title of the drawing, with what it is about when it does not say it itself."""
    if page.titre.lower() in dessin.titre.lower():
        return dessin.titre
    return f"{page.titre} : {dessin.titre[:1].lower()}{dessin.titre[1:]}"


def _legende(dessin: graphiques.Dessin) -> tuple[str, ...]:
    return (dessin.legende,) if isinstance(dessin, graphiques.BandePrix) else ()
