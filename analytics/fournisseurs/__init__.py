"""Fournisseurs: ten spellings of one firm become one, by SIREN first, then by name."""

from analytics.fournisseurs.rapprochement import rapprocher

__all__ = ["rapprocher"]
