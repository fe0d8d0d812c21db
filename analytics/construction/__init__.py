"""Building the observatoire that `analytics.entrepot` reads, from the published lines of all membres and the decisions of people."""

from analytics.construction.chantier import version_de
from analytics.construction.controle import Inexact
from analytics.construction.echange import build
from analytics.construction.sources import Avancement, Bilan, Entrees, Membre, Sources

__all__ = ["Avancement", "Bilan", "Entrees", "Inexact", "Membre", "Sources", "build", "version_de"]
