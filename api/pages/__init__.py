"""The pages: one module per subject, each page declaring its context dataclass beside its route."""

from fastapi import APIRouter

from api.pages import (
    accueil,
    aide,
    article,
    besoins,
    composants,
    connexion,
    exports,
    groupement,
    groupements,
    membres,
    observatoire,
    opportunite,
    opportunites,
)


def routeurs() -> tuple[APIRouter, ...]:
    """The routers of all the pages."""
    return (
        accueil.router,
        connexion.router,
        membres.router,
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
    )
