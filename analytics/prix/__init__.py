"""Say what members pay: how prices are spread between them, where one stands, which lines make the figure."""

from analytics.prix.changements import Changement, Changements, changements
from analytics.prix.comptes import Comptes, comptes_famille
from analytics.prix.fiche import FicheArticle, fiche_article
from analytics.prix.liste import ArticleListe, PageArticles, Tri, lister_articles, periodes
from analytics.prix.motifs import MOTIFS
from analytics.prix.niveaux import NiveauFamille, niveau_famille
from analytics.prix.position import Position, Positions, Situation, position, positions

__all__ = [
    "MOTIFS",
    "ArticleListe",
    "Changement",
    "Changements",
    "Comptes",
    "FicheArticle",
    "NiveauFamille",
    "PageArticles",
    "Position",
    "Positions",
    "Situation",
    "Tri",
    "changements",
    "comptes_famille",
    "fiche_article",
    "lister_articles",
    "niveau_famille",
    "periodes",
    "position",
    "positions",
]
