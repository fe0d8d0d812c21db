"""Compare habits rather than prices: how many references for one use, how much is spent per inhabitant."""

from analytics.parangonnage.depenses import DepenseParHabitant, depenses_par_habitant
from analytics.parangonnage.proliferation import Proliferation, proliferations

__all__ = ["DepenseParHabitant", "Proliferation", "depenses_par_habitant", "proliferations"]
