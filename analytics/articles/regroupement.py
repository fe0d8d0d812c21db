"""Signatures that are sure to be one article are grouped; the result depends on the set of signatures, never on their order.

Edges between signatures depend on the two signatures alone, so that adding labels only touches the groups they are near to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from analytics.articles.similarite import Desaccord, Trait, disagree, forbid
from analytics.articles.voisinage import Voisinage

# Chosen on the tuning data (vocabulary v1): see docs of `analytics.evaluation`.
SEUIL_AUTOMATIQUE = 0.66
SEUIL_PROPOSITION = 0.42
MARGE = 0.05
_PAR_FOIS = 20_000  # candidate links weighed against their rivals at once


class Lien(NamedTuple):
    """Two keys (in alphabetical order) that are alike."""

    a: str
    b: str
    score: float


@dataclass(frozen=True)
class Connus:
    """Links an earlier rapprochement found, those of them whose two ends are as they were, and those it held for sure."""

    liens: pl.DataFrame
    gardes: pl.DataFrame
    surs: pl.DataFrame


def decide(voisinage: Voisinage, liens: pl.DataFrame, connus: Connus | None = None) -> pl.DataFrame:
    """The links that are sure (`a`, `b`, `score`, sorted): alike enough, without disagreement, and no rival of either end that excludes
    the other is as near.

    `connus` spares most of the work: a link that was sure has only new neighbours to fear, one that was not, only lost ones to hope for.
    """
    proches = liens.filter(pl.col("score") >= SEUIL_AUTOMATIQUE - MARGE)
    candidats = proches.filter((pl.col("score") >= SEUIL_AUTOMATIQUE) & (pl.col("desaccord") == Desaccord.AUCUN)).select("a", "b", "score")
    if connus is None:
        return _without_rival(voisinage, candidats, proches)
    ajoutes, perdus = proches.join(connus.gardes, on=["a", "b"], how="anti"), connus.liens.join(connus.gardes, on=["a", "b"], how="anti")
    anciens = candidats.join(connus.gardes, on=["a", "b"], how="semi")
    encore_surs = _without_rival(voisinage, anciens.join(connus.surs, on=["a", "b"], how="semi"), ajoutes)
    liberees = _ends(perdus)
    peut_etre = anciens.join(connus.surs, on=["a", "b"], how="anti").filter(pl.col("a").is_in(liberees) | pl.col("b").is_in(liberees))
    neufs = candidats.join(connus.gardes, on=["a", "b"], how="anti")
    return pl.concat([encore_surs, _without_rival(voisinage, pl.concat([peut_etre, neufs]), proches)]).sort("a", "b")


def _ends(liens: pl.DataFrame) -> list[str]:
    return pl.concat([liens["a"], liens["b"]]).unique().to_list()


def _without_rival(voisinage: Voisinage, candidats: pl.DataFrame, proches: pl.DataFrame) -> pl.DataFrame:
    numerotes = voisinage.number(candidats)
    voisins = voisinage.number(proches)
    voisins = pl.concat([voisins.select("a", "b", "score"), voisins.select(a="b", b="a", score="score")])
    battus = [_beaten(voisinage, morceau, voisins) for morceau in numerotes.sort("a", "b").iter_slices(_PAR_FOIS)]
    surs = numerotes.join(pl.concat(battus), on=["a", "b"], how="anti").sort("a", "b") if battus else numerotes
    noms = pl.Series(voisinage.cles, dtype=pl.String)
    return pl.DataFrame({"a": noms.gather(surs["a"]), "b": noms.gather(surs["b"]), "score": surs["score"]})


def _beaten(voisinage: Voisinage, candidats: pl.DataFrame, voisins: pl.DataFrame) -> pl.DataFrame:
    rivalites = pl.concat([_rivals(candidats, voisins, "a", "b"), _rivals(candidats, voisins, "b", "a")])
    distinctes = rivalites.select("x", "y").unique()
    exclues = voisinage.exclude(distinctes["x"].to_numpy(), distinctes["y"].to_numpy())
    return rivalites.join(distinctes.filter(pl.Series(exclues, dtype=pl.Boolean)), on=["x", "y"], how="semi").select("a", "b").unique()


def _rivals(candidats: pl.DataFrame, voisins: pl.DataFrame, bout: str, choisi: str) -> pl.DataFrame:
    """For each candidate link, the other neighbours of its end `bout` that are as near, beside the one chosen: `a`, `b`, `x` < `y`."""
    autres = candidats.lazy().join(voisins.lazy().rename({"a": bout, "b": "autre", "score": "de_l_autre"}), on=bout)
    rivaux = autres.filter((pl.col("de_l_autre") >= pl.col("score") - MARGE) & (pl.col("autre") != pl.col(choisi)))
    return rivaux.select("a", "b", x=pl.min_horizontal(choisi, "autre"), y=pl.max_horizontal(choisi, "autre")).collect()


def exclude(a: Trait, b: Trait) -> bool:
    """Two that a feature forbids, or that each say something of weight the other does not."""
    return forbid(a, b) is not None or disagree(a, b) is Desaccord.DE_CHOSES


def group(
    traits: Mapping[str, Trait],
    liens: Sequence[Lien],
    memes: Sequence[tuple[str, str]] = (),
    differents: Sequence[tuple[str, str]] = (),
) -> dict[str, str]:
    """Group of each key (named by its first key): sure links from the most alike, then people's « same », never across a ban.

    The machine never joins two groups when any two of their members exclude each other; people may, and what they said differs stays apart.
    """
    groupes = {cle: [cle] for cle in traits}
    chef = {cle: cle for cle in traits}
    interdits = {frozenset(paire) for paire in differents}

    def join(a: str, b: str, *, force: bool) -> None:
        chef_a, chef_b = sorted((chef[a], chef[b]))
        if chef_a == chef_b:
            return
        croisees = [(x, y) for x in groupes[chef_a] for y in groupes[chef_b]]
        if any(frozenset(paire) in interdits for paire in croisees):
            return
        if not force and any(exclude(traits[x], traits[y]) for x, y in croisees):
            return
        groupes[chef_a] = sorted(groupes[chef_a] + groupes.pop(chef_b))
        for cle in groupes[chef_a]:
            chef[cle] = chef_a

    for lien in sorted(liens, key=lambda lien: (-lien.score, lien.a, lien.b)):
        join(lien.a, lien.b, force=False)
    for a, b in sorted(tuple(sorted(paire)) for paire in memes):
        if a in chef and b in chef:
            join(a, b, force=True)
    return {cle: min(groupes[chef[cle]]) for cle in traits}
