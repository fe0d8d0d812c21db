"""Familles of purchase: the nomenclature as data, and the proposal of a famille for each line with its confidence and reason."""

from ingest.familles.classement import classer
from ingest.familles.nomenclature import Famille, Nomenclature, familles, livree

__all__ = ["Famille", "Nomenclature", "classer", "familles", "livree"]
