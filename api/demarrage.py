"""What is made ready when the service starts, so that its first reader does not wait for it."""

import gc
import logging

import duckdb

from analytics.carnet import carnet_de
from api.maison import Maison
from api.presentation import environnement
from ingest.erreurs import Refus

journal = logging.getLogger("mercuriale")
GABARITS = ("pages/article.html", "pages/famille.html", "pages/observatoire.html", "pages/accueil.html")
NOUVEAUX_OBJETS = 20_000
"""Between two looks for garbage: a page makes some thousands of objects that die with it, and nearly no cycle."""


def preparer(maison: Maison) -> None:
    """Read the carnet and the templates most asked for, then set apart what will live as long as the process.

    Without this each search for garbage walks over all that was imported: a tenth of a second in the middle of somebody's page.
    """
    for gabarit in GABARITS:
        environnement().get_template(gabarit)
    try:
        carnet_de(maison.observatoire)
    except Refus as refus:  # nothing built yet, or by another version: pages say so, and it is built again
        journal.info("no observatoire at the start: %s", refus)
    except duckdb.Error as erreur:
        journal.warning("the observatoire could not be read at the start: %s", erreur)
    gc.collect()
    gc.freeze()
    gc.set_threshold(NOUVEAUX_OBJETS, 20, 50)
