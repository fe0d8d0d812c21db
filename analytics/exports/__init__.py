"""Take figures out of the house: the same rows in CSV for Excel, Parquet, JSON or a workbook, never more than the reader may see."""

from analytics.exports.classeur import classeur_observatoire
from analytics.exports.exporter import EXPORTS, exporter
from analytics.exports.fiche_commune import fiche_commune
from analytics.exports.formats import FORMATS

__all__ = ["EXPORTS", "FORMATS", "classeur_observatoire", "exporter", "fiche_commune"]
