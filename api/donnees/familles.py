"""Familles in JSON: what was bought of each, the level of prices between members, how prices move, what volume does."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field

from analytics import prix
from analytics.diffusion import QUANTILES
from analytics.indices import indice_famille
from analytics.volume import effet_volume
from api.donnees.modeles import Chiffre, Modele, Nombre
from api.pages.lecteur import choisir_periode, familles_de, lire_observatoire
from api.porte import Introuvable, Permission, Visiteur, exiger, maison_de

router = APIRouter(tags=["prix"])


class FamilleListe(Modele):
    """A famille that holds at least one article."""

    code: str
    libelle: str


class Niveau(Modele):
    """Levels of prices between members, 100 = the median of each article; `mien` is the reader's."""

    periode: str
    nb_articles: int
    minimum: Chiffre
    p10: Chiffre
    q1: Chiffre
    mediane: Chiffre
    q3: Chiffre
    p90: Chiffre
    maximum: Chiffre
    mien: Chiffre | None


class PointIndice(Modele):
    """The index of a quarter and its 95 % interval."""

    trimestre: str
    indice: Chiffre
    bas: Nombre | None
    haut: Nombre | None


class Lignes(Modele):
    """What became of every line; the four counts that follow `nb_lignes` add up to it."""

    nb_membres: int
    nb_lignes: int
    nb_prix: int
    nb_approx: int
    nb_aberrantes: int
    nb_autres: int
    de_tous: bool = Field(description="Faux quand seules les lignes que vous pouvez lire sont comptées.")


class Famille(Modele):
    """One famille."""

    code: str
    libelle: str
    lignes: Lignes
    niveau: Niveau
    indice: list[PointIndice]
    effet_volume: str | None


@router.get("/familles", summary="Les familles achetées")
def list_familles(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_OBSERVATOIRE)]) -> list[FamilleListe]:
    """The familles that hold an article, by name."""
    with lire_observatoire(maison_de(request), visiteur) as lecteur:
        return [FamilleListe(code=code, libelle=libelle) for code, libelle in familles_de(lecteur)]


@router.get("/familles/{code}", summary="Une famille : niveau des prix, indice, effet du volume")
def get_famille(
    request: Request,
    code: str,
    visiteur: Annotated[Visiteur, exiger(Permission.LIRE_OBSERVATOIRE)],
    periode: Annotated[str, Query(max_length=20, description="Année civile (2025) ou « ensemble ».")] = "",
) -> Famille:
    """One famille; `niveau` is about `periode` (the last whole year by default)."""
    with lire_observatoire(maison_de(request), visiteur) as lecteur:
        libelle = dict(familles_de(lecteur)).get(code)
        if libelle is None:
            raise Introuvable("Cette famille n’existe pas dans la nomenclature du club, ou aucun article n’y est rangé.")
        choisie, _ = choisir_periode(lecteur, periode)
        niveau = prix.niveau_famille(lecteur.curseur, lecteur.portee, code, choisie)
        points = indice_famille(lecteur.curseur, lecteur.portee, code)
        effet = effet_volume(lecteur.curseur, lecteur.portee, code)
        comptes = prix.comptes_famille(lecteur.curseur, lecteur.portee, code)
    return Famille(
        code=code,
        libelle=libelle,
        lignes=Lignes(**vars(comptes)),
        niveau=Niveau(
            periode=choisie,
            nb_articles=niveau.nb_articles,
            mien=Chiffre.de(niveau.mien) if niveau.mien else None,
            **{nom: Chiffre.de(niveau.quantiles[nom]) for nom in QUANTILES},
        ),
        indice=[PointIndice(trimestre=p.trimestre, indice=Chiffre.de(p.indice), bas=p.bas, haut=p.haut) for p in points],
        effet_volume=effet.phrase if effet else None,
    )
