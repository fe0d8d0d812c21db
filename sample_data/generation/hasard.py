"""Chance is named: the same seed and the same words always draw the same numbers, in any order of execution."""

import hashlib
import math
import random


def tirage(*cle: object) -> random.Random:
    """A generator of its own for this key, independent of every other."""
    empreinte = hashlib.sha256("|".join(str(mot) for mot in cle).encode()).digest()
    return random.Random(int.from_bytes(empreinte[:8], "big"))


def facteur(rng: random.Random, ecart: float) -> float:
    """A multiplier around 1 of log-normal shape, cut at three standard deviations so that no wild value is planted by accident."""
    return math.exp(max(-3.0, min(3.0, rng.gauss(0, 1))) * ecart)
