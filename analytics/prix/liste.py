"""The list of articles: searched, filtered, sorted and cut in pages, each with what the reader may see of its prices."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import duckdb
import polars as pl

from analytics import diffusion
from analytics.diffusion import Distribution
from analytics.entrepot import executer
from analytics.portee import Portee
from analytics.prix.position import Position, positions
from analytics.recherche import plier

PAR_PAGE = 50
LONGUEUR_MOT_CLE = 4  # shorter, the beginning of a keyword says nothing


class Tri(StrEnum):
    """In what order articles are listed. None of these orders depends on a price that could not be shown."""

    LIBELLE = "libelle"
    FAMILLE = "famille"
    MEMBRES = "membres"  # most members first
    DEPENSE = "depense"  # what the reader's membre spends, largest first
    ECART = "ecart"  # what the reader's membre would save at the first quartile, largest first


@dataclass(frozen=True)
class ArticleListe:
    """One article of the list; `distribution` is None when nobody bought it over the period, `position` when the reader did not."""

    article_id: str
    libelle: str
    famille: str
    famille_libelle: str
    unite: str
    nb_membres: int
    nb_lignes: int
    nb_fournisseurs: int
    distribution: Distribution | None
    position: Position | None


@dataclass(frozen=True)
class PageArticles:
    """One page of the list; `nb_articles` counts all those that match."""

    articles: tuple[ArticleListe, ...]
    nb_articles: int
    page: int
    nb_pages: int
    periode: str
    tri: Tri


def lister_articles(
    curseur: duckdb.DuckDBPyConnection,
    portee: Portee,
    *,
    recherche: str = "",
    famille: str | None = None,
    tri: Tri = Tri.LIBELLE,
    page: int = 1,
    periode: str = diffusion.ENSEMBLE,
    par_page: int = PAR_PAGE,
) -> PageArticles:
    """Give the page of articles whose label or famille holds every word searched (accents and capitals do not matter).

    A search that begins a keyword of a famille finds all of it: « ramette » finds the papers, none of which is named so.

    An article that fewer membres buy than the floor is listed only for who reads the lines of one of them.
    """
    trouves = executer(
        curseur,
        "prix/articles_filtres.sql",
        membre=portee.membre,
        periode=periode,
        famille=famille,
        recherche=plier(recherche),
        longueur_mot_cle=LONGUEUR_MOT_CLE,
        **diffusion.visibilite(curseur, portee),
    )
    miennes = {p.article_id: p for p in positions(curseur, periode, portee).lignes} if portee.membre else {}
    ranges = _trier(trouves, tri, miennes)
    nb_pages = max(1, -(-len(ranges) // par_page))
    page = min(max(1, page), nb_pages)
    visibles = ranges[(page - 1) * par_page : page * par_page]
    autres = diffusion.distributions(curseur, portee, [article["article_id"] for article in visibles])
    articles = tuple(
        ArticleListe(
            article_id=article["article_id"],
            libelle=article["libelle"],
            famille=article["famille"],
            famille_libelle=article["famille_libelle"],
            unite=article["unite_reference"] or "",
            nb_membres=article["nb_membres"],
            nb_lignes=article["nb_lignes"],
            nb_fournisseurs=article["nb_fournisseurs"],
            distribution=autres.get((article["article_id"], periode)),
            position=miennes.get(article["article_id"]),
        )
        for article in visibles
    )
    return PageArticles(articles, len(ranges), page, nb_pages, periode, tri)


def periodes(curseur: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The periods for which there are prices: 'ensemble' then the years, latest first."""
    lues = [ligne[0] for ligne in curseur.sql("SELECT DISTINCT periode FROM distributions").fetchall()]
    return (diffusion.ENSEMBLE, *sorted((p for p in lues if p != diffusion.ENSEMBLE), reverse=True))


def _trier(trouves: pl.DataFrame, tri: Tri, miennes: dict[str, Position]) -> list[dict[str, Any]]:
    articles = trouves.to_dicts()

    def cle(article: dict[str, Any]) -> tuple[Any, ...]:
        match tri:
            case Tri.LIBELLE:
                return ()
            case Tri.FAMILLE:
                return (article["famille"],)
            case Tri.MEMBRES:
                return (-article["nb_membres"],)
            case Tri.DEPENSE:
                return (-(article["mon_montant_ht"] or 0),)
            case Tri.ECART:
                mienne = miennes.get(article["article_id"])
                return (-(mienne.ecart_q1_an.valeur or 0) if mienne else 1,)

    return sorted(articles, key=lambda a: (*cle(a), plier(a["libelle"] or ""), a["article_id"]))
