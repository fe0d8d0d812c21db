"""Articles, prices and positions in JSON, above the floors of diffusion."""

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Request

from analytics import diffusion, entrepot, prix
from analytics.prix import ArticleListe
from api.donnees.modeles import Article, Chiffre, FicheArticle, Ligne, Observatoire, PageArticles, Position, Repartition
from api.pages.article import lire_fiche
from api.pages.lecteur import choisir_periode, lire_observatoire
from api.porte import Permission, Visiteur, exiger, maison_de

router = APIRouter(tags=["prix"])

Periode = Annotated[str, Query(max_length=20, description="Année civile (2025) ou « ensemble ».")]


@router.get("/articles", summary="Les articles")
def list_articles(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.LIRE_OBSERVATOIRE)],
    recherche: Annotated[str, Query(max_length=120)] = "",
    famille: Annotated[str, Query(max_length=40)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    par_page: Annotated[int, Query(ge=1, le=500)] = 100,
) -> PageArticles:
    """One page of the articles whose label or famille holds every word searched."""
    with lire_observatoire(maison_de(request), visiteur) as lecteur:
        liste = prix.lister_articles(
            lecteur.curseur, lecteur.portee, recherche=recherche, famille=famille or None, page=page, par_page=par_page
        )
    return PageArticles(
        articles=[_article(article) for article in liste.articles], nb_articles=liste.nb_articles, page=liste.page, nb_pages=liste.nb_pages
    )


@router.get("/articles/{article_id}", summary="Un article : répartition des prix, position, lignes")
def get_article(
    request: Request,
    article_id: str,
    visiteur: Annotated[Visiteur, exiger(Permission.LIRE_OBSERVATOIRE)],
    periode: Periode = diffusion.ENSEMBLE,
) -> FicheArticle:
    """One article; `position` is about `periode`."""
    with lire_observatoire(maison_de(request), visiteur) as lecteur:
        fiche = lire_fiche(lecteur, article_id, periode)
    return FicheArticle(
        article_id=fiche.article_id,
        libelle=fiche.libelle,
        famille=fiche.famille,
        famille_libelle=fiche.famille_libelle,
        unite=fiche.unite,
        nb_membres=fiche.nb_membres,
        nb_lignes=fiche.nb_lignes,
        nb_fournisseurs=fiche.nb_fournisseurs,
        repartitions=[Repartition.de(fiche.distributions[code]) for code in fiche.periodes if code in fiche.distributions],
        position=_position(fiche.position) if fiche.position else None,
        lignes=[Ligne(**{champ: ligne[champ] for champ in Ligne.model_fields}) for ligne in fiche.lignes],
    )


@router.get("/observatoire", summary="Ma position, article par article")
def get_observatoire(
    request: Request, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_OBSERVATOIRE)], periode: Periode = ""
) -> Observatoire:
    """The positions of the visitor's membre over a period (the last whole year by default); none for who speaks for no membre."""
    with lire_observatoire(maison_de(request), visiteur) as lecteur:
        choisie, _ = choisir_periode(lecteur, periode)
        version = entrepot.version(lecteur.curseur)
        miennes = (
            prix.positions(lecteur.curseur, choisie, lecteur.portee)
            if lecteur.portee.membre
            else prix.Positions(choisie, (), Decimal(0), Decimal(0), 0, 0)
        )
    return Observatoire(
        periode=choisie,
        version=version.version,
        date_reference=version.date_reference,
        positions=[_position(position) for position in miennes.lignes],
        nb_comparables=miennes.nb_comparables,
        total_mediane_an=miennes.total_mediane_an,
        total_q1_an=miennes.total_q1_an,
    )


def _article(article: ArticleListe) -> Article:
    return Article(**{champ: getattr(article, champ) for champ in Article.model_fields})


def _position(position: prix.Position) -> Position:
    return Position(
        article_id=position.article_id,
        libelle=position.libelle,
        famille=position.famille,
        periode=position.periode,
        prix_unitaire_ht=Chiffre.de(position.prix_unitaire_ht),
        quantite_annuelle=Chiffre.de(position.quantite_annuelle),
        ecart_mediane_an=Chiffre.de(position.ecart_mediane_an),
        ecart_q1_an=Chiffre.de(position.ecart_q1_an),
        situation=position.situation.value,
        motif_hors_prix=position.motif_hors_prix,
    )
