"""Signatures that are sure to be one article are grouped; the result depends on the set of signatures, never on their order.

Edges between signatures depend on the two signatures alone, so that adding labels only touches the groups they are near to.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from analytics.articles.similarite import Desaccord, Exclusion, Trait, contains, exclude, forbid
from analytics.articles.voisinage import SURS, Voisinage

# Chosen on the tuning data (vocabularies v1 and v2): analytics/evaluation/README.md.
SEUIL_AUTOMATIQUE = 0.66
SEUIL_PROPOSITION = 0.38
MARGE = 0.05
MARGE_COUPE = 0.15  # what a cut label lost may be what it had in common with another
_PREMIERS = 6  # neighbours of a key weighed before all of them
_PAR_FOIS = 20_000  # candidate links weighed against their rivals at once


class Lien(NamedTuple):
    """Two keys (in alphabetical order) that are alike."""

    a: str
    b: str
    score: float


@dataclass(frozen=True)
class Connus:
    """Of the links found earlier: those whose two ends are as they were, those held for sure, and the keys that lost one."""

    gardes: pl.DataFrame
    surs: pl.DataFrame
    liberees: pl.Series


def decide(voisinage: Voisinage, liens: pl.DataFrame, connus: Connus | None = None) -> pl.DataFrame:
    """The links that are sure (`a`, `b` by rank, `score`; sorted): alike enough, without disagreement, and no rival of either end that
    excludes the other is as near.

    `connus` spares most of the work: a link that was sure has only new neighbours to fear, one that was not, only lost ones to hope for.
    """
    proches = liens.filter(pl.col("score") >= SEUIL_AUTOMATIQUE - max(MARGE, MARGE_COUPE))
    candidats = proches.filter((pl.col("score") >= SEUIL_AUTOMATIQUE) & (pl.col("desaccord") == Desaccord.AUCUN))
    if connus is None:
        return _without_rival(voisinage, candidats, proches)
    gardes = connus.gardes.filter(pl.col("score") >= SEUIL_AUTOMATIQUE - max(MARGE, MARGE_COUPE)).select("a", "b")
    ajoutes = proches.join(gardes, on=["a", "b"], how="anti")
    anciens, neufs = candidats.join(gardes, on=["a", "b"], how="semi"), candidats.join(gardes, on=["a", "b"], how="anti")
    encore_surs = _without_rival(voisinage, anciens.join(connus.surs, on=["a", "b"], how="semi"), ajoutes)
    liberes = pl.col("a").is_in(connus.liberees.implode()) | pl.col("b").is_in(connus.liberees.implode())
    peut_etre = anciens.join(connus.surs, on=["a", "b"], how="anti").filter(liberes)
    return pl.concat([encore_surs, _without_rival(voisinage, pl.concat([peut_etre, neufs]), proches)]).sort("a", "b")


def _without_rival(voisinage: Voisinage, candidats: pl.DataFrame, proches: pl.DataFrame) -> pl.DataFrame:
    marges = pl.Series(np.where(voisinage.sont_coupees, MARGE_COUPE, MARGE), dtype=pl.Float64)
    ordonnes = candidats.sort("a", "b")
    pesees = ordonnes.with_columns(marge_a=marges.gather(ordonnes["a"]), marge_b=marges.gather(ordonnes["b"]))
    bouts = pl.concat([pesees["a"], pesees["b"]]).unique()
    voisins = pl.concat(
        [proches.select("a", "b", "score", dit_plus="plus_b"), proches.select(a="b", b="a", score="score", dit_plus="plus_a")]
    ).join(pl.DataFrame({"a": bouts}), on="a", how="semi")
    voisins = voisins.filter(pl.col("score") >= SEUIL_AUTOMATIQUE - marges.gather(voisins["a"]))  # no candidate fears one farther
    restent = pesees
    for craints in (_nearest(voisins), voisins):  # one rival is enough to beat a candidate: most have it among their nearest
        battus = [_beaten(voisinage, morceau, craints) for morceau in restent.iter_slices(_PAR_FOIS)]
        restent = restent.join(pl.concat(battus), on=["a", "b"], how="anti") if battus else restent
    return restent.select(*SURS).sort("a", "b")


def _nearest(voisins: pl.DataFrame) -> pl.DataFrame:
    """Some of the nearest neighbours of each key; which ones among equals changes nothing, since all are weighed in the end."""
    return voisins.sort("score", descending=True).group_by("a").head(_PREMIERS).select(voisins.columns)


def _beaten(voisinage: Voisinage, candidats: pl.DataFrame, voisins: pl.DataFrame) -> pl.DataFrame:
    """The candidates of which one end is as near to another key that excludes the other end.

    Two that only leave unsaid what the other says are no rivals of a key that says all of both: it holds them together.
    """
    rivalites = pl.concat([_rivals(candidats, voisins, "a", "b"), _rivals(candidats, voisins, "b", "a")])
    distinctes = rivalites.select("x", "y").unique()
    exclusions = voisinage.exclude(distinctes["x"].to_numpy(), distinctes["y"].to_numpy())
    jugees = rivalites.join(distinctes.with_columns(exclusion=pl.Series(exclusions, dtype=pl.Int8)), on=["x", "y"])
    fortes = (pl.col("exclusion") == Exclusion.FORMELLE) | ((pl.col("exclusion") == Exclusion.DES_SILENCES) & ~pl.col("sont_dits"))
    return jugees.filter(fortes).select("a", "b").unique()


def _rivals(candidats: pl.DataFrame, voisins: pl.DataFrame, bout: str, choisi: str) -> pl.DataFrame:
    """For each candidate link, the other neighbours of its end `bout` that are as near, beside the one chosen: `a`, `b`, `x` < `y`.

    `sont_dits`: the end says all of weight that both say.
    """
    autres = candidats.lazy().join(voisins.lazy().rename({"a": bout, "b": "autre", "score": "de_l_autre"}), on=bout)
    rivaux = autres.filter((pl.col("de_l_autre") >= pl.col("score") - pl.col(f"marge_{bout}")) & (pl.col("autre") != pl.col(choisi)))
    return rivaux.select(
        "a",
        "b",
        x=pl.min_horizontal(choisi, "autre"),
        y=pl.max_horizontal(choisi, "autre"),
        sont_dits=~pl.col("dit_plus") & ~pl.col(f"plus_{choisi}"),
    ).collect()


class Assemblage:
    """Groups of keys, each named by its first key, that sure links, prices and people join one after the other."""

    def __init__(self, traits: Mapping[str, Trait], differents: Sequence[tuple[str, str]] = ()) -> None:
        self.traits = traits
        self.membres = {cle: [cle] for cle in traits}
        self.chef = {cle: cle for cle in traits}
        self.interdits = {frozenset(paire) for paire in differents}

    def join_alike(self, liens: Iterable[Lien]) -> None:
        """Join the ends of sure links, the most alike first, unless two members exclude each other."""
        for lien in sorted(liens, key=lambda lien: (-lien.score, lien.a, lien.b)):
            self._join(lien.a, lien.b, self._oppose)

    def join_priced(self, paires: Iterable[tuple[str, str]]) -> None:
        """Join groups that prices say are one, unless a feature of two members forbids it."""
        for a, b in paires:
            self._join(a, b, lambda x, y, _: forbid(self.traits[x], self.traits[y]) is not None)

    def join_said(self, memes: Iterable[tuple[str, str]]) -> None:
        """Join what people say is the same."""
        for a, b in sorted(tuple(sorted(paire)) for paire in memes):
            if a in self.chef and b in self.chef:
                self._join(a, b, lambda x, y, _: False)

    def read(self) -> dict[str, str]:
        """Group of each key."""
        return dict(self.chef)

    def _join(self, a: str, b: str, oppose: Callable[[str, str, list[str]], bool]) -> None:
        chef_a, chef_b = sorted((self.chef[a], self.chef[b]))
        if chef_a == chef_b:
            return
        ici, la = self.membres[chef_a], self.membres[chef_b]
        if self.interdits and any(frozenset((x, y)) in self.interdits for x in ici for y in la):
            return
        tous = ici + la
        if any(oppose(x, y, tous) for x in ici for y in la):
            return
        self.membres[chef_a] = tous
        for cle in self.membres.pop(chef_b):
            self.chef[cle] = chef_a

    def _oppose(self, x: str, y: str, tous: list[str]) -> bool:
        """Do they exclude each other, and does nobody in the group say all that both say?"""
        a, b = self.traits[x], self.traits[y]
        exclusion = exclude(a, b)
        if exclusion is Exclusion.DES_SILENCES:
            return not any(contains(self.traits[z], a) and contains(self.traits[z], b) for z in tous)
        return exclusion is Exclusion.FORMELLE
