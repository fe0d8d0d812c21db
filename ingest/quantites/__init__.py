"""Packaging: what one unit bought holds, in a base unit, with the words that say how it was derived."""

from ingest.quantites.colonnes import ajouter_contenu, lire_en_lot
from ingest.quantites.conditionnement import Alternative, Contenu, analyser
from ingest.quantites.nomenclature import UniteReference, convertir, unite_reference

__all__ = ["Alternative", "Contenu", "UniteReference", "ajouter_contenu", "analyser", "convertir", "lire_en_lot", "unite_reference"]
