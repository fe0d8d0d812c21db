"""The pages: one module per subject, each page declaring its context dataclass beside its route."""

from fastapi import APIRouter

from api.pages import (
    accueil,
    aide,
    article,
    besoins,
    changements,
    composants,
    connexion,
    correspondances,
    depot,
    depot_colonnes,
    depot_corrections,
    depot_lignes,
    depots,
    exports,
    famille,
    groupement,
    groupements,
    ligne,
    membres,
    methode,
    modele,
    observatoire,
    opportunite,
    opportunites,
    revue,
    taches,
)


def routeurs() -> tuple[APIRouter, ...]:
    """The routers of all the pages."""
    return (
        accueil.router,
        connexion.router,
        membres.router,
        depots.router,
        depot.router,
        depot_colonnes.router,
        depot_corrections.router,
        depot_lignes.router,
        taches.router,
        modele.router,
        correspondances.router,
        aide.router,
        composants.router,
        observatoire.router,
        article.router,
        exports.router,
        besoins.router,
        opportunites.router,
        opportunite.router,
        groupements.router,
        groupement.router,
        methode.router,
        famille.router,
        changements.router,
        ligne.router,
        revue.router,
    )
