"""Familles of purchase: the nomenclature as data, and the proposal of a famille for each line with its confidence and reason."""

from ingest.familles.classement import classer, classer_en_lot
from ingest.familles.nomenclature import Famille, Nomenclature, familles, livree

__all__ = ["Famille", "Nomenclature", "classer", "classer_en_lot", "familles", "livree"]
