"""Read a received file, whatever it is, into tables of text with the line numbers the person sees."""

from ingest.lecture.aiguillage import lire
from ingest.lecture.table import ALERTES_BLOQUANTES, LIBELLES_ECART, MESSAGES_ALERTE, Alerte, Ecart, Genre, TableBrute

__all__ = ["ALERTES_BLOQUANTES", "LIBELLES_ECART", "MESSAGES_ALERTE", "Alerte", "Ecart", "Genre", "TableBrute", "lire"]
