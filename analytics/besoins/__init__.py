"""Say what members need in a year: from what they bought, brought to twelve months, with the range over the years, and what is to come."""

from analytics.besoins.annuels import Besoin, BesoinConsolide, besoins_consolides, besoins_membre
from analytics.besoins.avenir import BesoinPrevu, Retrotest, prevoir_besoin, retrotester
from analytics.besoins.prevision import Prevision

__all__ = [
    "Besoin",
    "BesoinConsolide",
    "BesoinPrevu",
    "Prevision",
    "Retrotest",
    "besoins_consolides",
    "besoins_membre",
    "prevoir_besoin",
    "retrotester",
]
