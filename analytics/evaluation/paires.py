"""Two groupings are compared pair by pair: of the pairs put together, how many should be; of those that should, how many are."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Paires:
    """Pairwise precision and recall, None when there is no pair to judge; `nb_proposees` and `nb_vraies` pairs."""

    precision: float | None
    rappel: float | None
    nb_proposees: int
    nb_vraies: int

    @property
    def f1(self) -> float | None:
        """Harmonic mean of the two."""
        if not self.precision or not self.rappel:
            return None
        return 2 * self.precision * self.rappel / (self.precision + self.rappel)


def compare(propose: Sequence[Hashable], vrai: Sequence[Hashable]) -> Paires:
    """Compare two groupings given element by element, without listing the pairs. ValueError when lengths differ."""
    communes = _count_pairs(Counter(zip(propose, vrai, strict=True)))
    proposees, vraies = _count_pairs(Counter(propose)), _count_pairs(Counter(vrai))
    return Paires(communes / proposees if proposees else None, communes / vraies if vraies else None, proposees, vraies)


def _count_pairs(comptes: Counter[Hashable] | Counter[tuple[Hashable, Hashable]]) -> int:
    return sum(n * (n - 1) // 2 for n in comptes.values())
