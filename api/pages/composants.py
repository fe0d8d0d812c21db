"""Every component on one page, with invented figures: for who writes a page, not for who reads one."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import formats, graphiques
from api.porte import Permission, Visiteur, exiger
from api.presentation import Lien, Origine, Page, Pagination, rendre

router = APIRouter()


@dataclass(frozen=True)
class Etape:
    """One step of the line of states."""

    nom: str
    position: str


@dataclass(frozen=True)
class PageComposants(Page):
    """One example of each component."""

    gabarit: ClassVar[str] = "pages/composants.html"
    bande: graphiques.BandePrix
    bande_sans_vous: graphiques.BandePrix
    courbe: graphiques.Courbe
    barres: graphiques.Barres
    origine: Origine
    pagination: Pagination
    etapes: tuple[Etape, ...]
    lien: Lien


@router.get("/composants", include_in_schema=False)
def show(request: Request, _visiteur: Annotated[Visiteur, exiger(Permission.CONNECTE)]) -> Response:
    """The page of components."""
    return rendre(request, exemple())


def exemple() -> PageComposants:
    """The page's content: figures invented for the drawing."""
    chiffres = graphiques.Chiffres(*(Decimal(valeur) for valeur in ("3.52", "3.66", "3.86", "4.32", "4.71", "5.02", "5.38")))
    effectif = "16 communes, 212 lignes, année 2025"
    trimestres = [f"T{trimestre} {annee}" for annee in (2023, 2024, 2025) for trimestre in (1, 2, 3, 4)]
    indices = [Decimal(valeur) / 10 for valeur in (1000, 1006, 1018, 1031, 1029, 1044, 1052, 1049, 1061, 1070, 1083, 1090)]
    gains = [("Saint-Yrieix-sur-Charente", Decimal(1340)), ("Touvre", Decimal(190)), ("Mornac", Decimal(12)), ("Angoulême", Decimal(-1190))]
    return PageComposants(
        titre="Composants",
        bande=graphiques.bande_prix("exemple", "ramette de papier A4", "ramette", chiffres, effectif, Decimal("4.35")),
        bande_sans_vous=graphiques.bande_prix("exemple-2", "ramette de papier A4", "ramette", chiffres, effectif),
        courbe=graphiques.courbe(
            "exemple-3",
            "Indice des prix du papier",
            list(zip(trimestres, indices, strict=True)),
            ecrire=lambda valeur: formats.nombre(valeur, 1),
            colonnes=("Trimestre", "Indice"),
            reference=Decimal(100),
        ),
        barres=graphiques.barres(
            "exemple-4",
            "Qui gagne, qui perd",
            gains,
            ecrire=lambda valeur: formats.environ(valeur, signe=True),
            colonnes=("Membre", "Gain net par an"),
            description="Trois membres gagnent, un perd.",
        ),
        origine=Origine("année 2025", "16 membres, 212 lignes, 4 fournisseurs", "Distribution entre membres", "/methode", "/observatoire"),
        pagination=Pagination(2, 5, 112, "/composants?page=1", "/composants?page=3"),
        etapes=(Etape("étude", "fait"), Etape("projet", "fait"), Etape("délibérations", "courant"), Etape("consultation", "a_venir")),
        lien=Lien("Inviter un membre", "/membres"),
    )
