"""Say what buying more changes to the price, famille by famille: measured with its interval, or « pas d'effet mesurable »."""

from analytics.volume.effets import EffetVolume, effet_volume, effets_volume

__all__ = ["EffetVolume", "effet_volume", "effets_volume"]
