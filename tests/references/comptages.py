"""Counts and sums by article, fournisseur and famille, the boring way."""

from collections import defaultdict
from decimal import Decimal

from tests.references.prix import quantile


def par_article(lignes):
    """libelle → (lines, members, fournisseurs)."""
    groupes = defaultdict(list)
    for ligne in lignes:
        groupes[ligne["libelle"]].append(ligne)
    return {
        libelle: (len(vues), len({x["membre"] for x in vues}), len({x["fournisseur"] for x in vues})) for libelle, vues in groupes.items()
    }


def par_fournisseur(lignes):
    """fournisseur → (lines, members)."""
    groupes = defaultdict(list)
    for ligne in lignes:
        groupes[ligne["fournisseur"]].append(ligne["membre"])
    return {nom: (len(membres), len(set(membres))) for nom, membres in groupes.items()}


def par_mois(lignes):
    """(libelle, membre, fournisseur, year, month) → (amount of all lines, of those that make a price, number of lines)."""
    sommes = defaultdict(lambda: [Decimal(0), Decimal(0), 0])
    for ligne in lignes:
        cle = (ligne["libelle"], ligne["membre"], ligne["fournisseur"], ligne["date"].year, ligne["date"].month)
        sommes[cle][0] += ligne["montant_ht"]
        sommes[cle][1] += ligne["montant_ht"] if not ligne["contenu_approx"] else 0
        sommes[cle][2] += 1
    return {cle: tuple(valeurs) for cle, valeurs in sommes.items()}


def proliferation(lignes):
    """famille → (articles, median number of articles by membre)."""
    articles = defaultdict(lambda: defaultdict(set))
    for ligne in lignes:
        articles[ligne["famille"]][ligne["membre"]].add(ligne["libelle"])
    return {
        famille: (len(set().union(*par_membre.values())), quantile([len(a) for a in par_membre.values()], 0.5))
        for famille, par_membre in articles.items()
    }


def par_habitant(besoins_annuels, populations):
    """Type-7 median of yearly spend ÷ population, over the communes that buy."""
    return quantile([montant / populations[membre] for membre, montant in besoins_annuels.items()], 0.5)
