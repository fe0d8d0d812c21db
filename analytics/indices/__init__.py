"""Say how prices move, at equal purchases, quarter by quarter: an index per famille and one for all."""

from analytics.indices.suite import TOUTES, PointIndice, indice_famille, inflation

__all__ = ["TOUTES", "PointIndice", "indice_famille", "inflation"]
