"""Say what members need in a year: from what they bought, brought to twelve months, with the range over the years."""

from analytics.besoins.annuels import Besoin, BesoinConsolide, besoins_consolides, besoins_membre

__all__ = ["Besoin", "BesoinConsolide", "besoins_consolides", "besoins_membre"]
