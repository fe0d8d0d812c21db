"""The planted price: level of the article × volume effect × year × membre × fournisseur × packaging; only noise is added to it."""

from decimal import ROUND_HALF_UP, Decimal

from sample_data.generation.catalogue import Article, Membre, lire_familles
from sample_data.generation.conditionnements import Conditionnement
from sample_data.generation.fournisseurs import Fournisseur
from sample_data.generation.hasard import facteur, tirage

BRUIT_DE_PRIX = 0.025
"""Standard deviation of the logarithm of the noise on each line."""

EFFET_CONDITIONNEMENT = -0.015
"""Elasticity of the price per unité de référence to the content of the packaging: a bigger one is a little cheaper."""


def prix_plante(
    article: Article, membre: Membre, fournisseur: Fournisseur, volume: float, annee: int, conditionnement: Conditionnement, graine: int
) -> float:
    """Price HT per unité de référence before noise: level × volume effect × year × membre × fournisseur × packaging."""
    contenu = float(conditionnement.contenu())
    petit = min(float(c.contenu()) for c in article.conditionnements)
    return float(
        article.prix
        * (max(volume, 1e-9) / article.quantite_repere) ** article.famille.elasticite
        * niveau_annee(article, annee)
        * effet_membre(membre, article.famille.code, graine)
        * fournisseur.niveau
        * (contenu / petit) ** EFFET_CONDITIONNEMENT
    )


def effet_membre(membre: Membre, famille: str, graine: int) -> float:
    """How well the membre buys, all else equal: planted for Angoulême in familles.csv, drawn for the others."""
    if membre.slug == "angouleme":
        return lire_familles()[famille].effet_angouleme
    return facteur(tirage(graine, "effet", membre.slug), 0.03)


def niveau_annee(article: Article, annee: int) -> float:
    """Price level of the year against 2025, by the planted inflation of the famille."""
    niveau = 1.0
    for suivante in range(annee + 1, 2026):
        niveau /= 1 + article.famille.inflation[suivante]
    return niveau


def arrondir(prix: float) -> Decimal:
    """Two decimals, three or four below a tenth of a euro, as suppliers print them."""
    pas = "0.01" if prix >= 1 else "0.001" if prix >= 0.1 else "0.0001"
    return max(Decimal(pas), Decimal(repr(prix)).quantize(Decimal(pas), ROUND_HALF_UP))


def centimes(montant: Decimal) -> Decimal:
    """Round to the cent, half up."""
    return montant.quantize(Decimal("0.01"), ROUND_HALF_UP)
