"""What a group of labels says as a whole: two groups that say two values of one thing are two articles."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import polars as pl

from analytics.articles.similarite import Trait, agree


class Dires(dict[str, dict[str, frozenset[str]]]):
    """By group, worked out when asked for: feature or subject → values that one of its keys or another says."""

    def __init__(self, traits: Mapping[str, Trait], groupes: Mapping[str, str]) -> None:
        self.traits = traits
        self.membres: dict[str, list[str]] = defaultdict(list)
        for cle, chef in groupes.items():
            self.membres[chef].append(cle)

    def __missing__(self, chef: str) -> dict[str, frozenset[str]]:
        dits: dict[str, set[str]] = defaultdict(set)
        for cle in self.membres[chef]:
            for nom, valeur in (*self.traits[cle].attributs.items(), *self.traits[cle].cotes.items()):
                dits[nom].add(valeur)
        self[chef] = {nom: frozenset(valeurs) for nom, valeurs in dits.items()}
        return self[chef]

    def contradict(self, a: str, b: str) -> bool:
        """Does any key of one group say what any of the other denies?"""
        dits_b = self[b]
        for nom, ici in self[a].items():
            la = dits_b.get(nom)
            if la is None or (len(ici) == 1 and ici == la):  # most often both say one thing, the same
                continue
            if any(not agree(x, y) for x in ici for y in la):
                return True
        return False


def number_groups(cles: Sequence[str], groupes: Mapping[str, str]) -> tuple[list[str], pl.Series]:
    """The groups of these keys in alphabetical order, and the rank in it of the group of each key."""
    noms = sorted({groupes[cle] for cle in cles})
    rangs = {chef: rang for rang, chef in enumerate(noms)}
    return noms, pl.Series([rangs[groupes[cle]] for cle in cles], dtype=pl.Int32)
