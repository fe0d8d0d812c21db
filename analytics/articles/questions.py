"""Doubts are put to a person once each, the most valuable first: what is at stake in money, times how doubtful it is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from analytics.articles.dires import Dires, number_groups
from analytics.articles.regroupement import Lien
from analytics.articles.signature import Signature
from analytics.articles.similarite import Trait

PAR_ARTICLE = 6
_PAR_FOIS = 20_000  # links read at once


@dataclass(frozen=True)
class Question:
    """« Is this label the same article as that one? », asked once for all identical cases, most valuable first.

    `cle` and `avec` are keys of labels for `Decision(ARTICLE_MEME | ARTICLE_DIFFERENT, cle, {"avec": avec})`;
    `differences` are the features that only one of the two says, in French; their words are there to be read.
    """

    cle: str
    libelle: str
    article_id: str
    avec: str
    avec_libelle: str
    avec_article_id: str
    score: float
    nb_lignes: int
    montant_ht: float
    differences: tuple[str, ...]


@dataclass(frozen=True)
class Poids:
    """What stands behind a group of labels."""

    libelle: str
    article_id: str
    nb_lignes: int
    montant_ht: float


def ask(
    traits: Mapping[str, Trait],
    cles: Sequence[str],
    liens: pl.DataFrame,
    groupes: Mapping[str, str],
    poids: Mapping[str, Poids],
    decidees: frozenset[frozenset[str]],
) -> tuple[Question, ...]:
    """One question for each pair of groups that are alike but not joined, unless it was answered or a feature forbids it.

    A group is asked about its `PAR_ARTICLE` nearest first; once they are answered come the next. `liens` are between ranks of `cles`.
    """
    repondues = {frozenset(groupes[cle] for cle in paire if cle in groupes) for paire in decidees}
    dires = Dires(traits, groupes)
    noms, chefs = number_groups(cles, groupes)
    posees = [0] * len(noms)
    questions = []
    vues: set[tuple[int, int]] = set()  # a pair of groups is asked about by its nearest link, the first to come
    for morceau in _nearest_first(liens, chefs).iter_slices(_PAR_FOIS):
        # a group that has all its questions has them for good: its other links, most of them, are not even read
        est_ouvert = pl.Series(posees, dtype=pl.Int64) < PAR_ARTICLE
        ouverts = morceau.filter(est_ouvert.gather(morceau["chef_a"]) & est_ouvert.gather(morceau["chef_b"]))
        for a, b, score, rang_a, rang_b in ouverts.iter_rows():
            paire = (min(rang_a, rang_b), max(rang_a, rang_b))
            if posees[rang_a] >= PAR_ARTICLE or posees[rang_b] >= PAR_ARTICLE or paire in vues:
                continue
            vues.add(paire)
            chef_a, chef_b = noms[rang_a], noms[rang_b]
            if frozenset((chef_a, chef_b)) in repondues or dires.contradict(chef_a, chef_b):
                continue
            posees[rang_a] += 1
            posees[rang_b] += 1
            questions.append(_question(traits, Lien(cles[a], cles[b], score), poids[chef_a], poids[chef_b]))
    return tuple(sorted(questions, key=lambda q: (-_value(q), q.cle, q.avec)))


def _nearest_first(liens: pl.DataFrame, chefs: pl.Series) -> pl.DataFrame:
    """The links between two groups, the nearest first: `a, b, score, chef_a, chef_b` (ranks of keys and of groups)."""
    situes = liens.select("a", "b", "score", chef_a=chefs.gather(liens["a"]), chef_b=chefs.gather(liens["b"]))
    return situes.filter(pl.col("chef_a") != pl.col("chef_b")).sort("score", "a", "b", descending=[True, False, False])


def _value(question: Question) -> float:
    """Money at stake times doubt: a link near the automatic threshold is the most likely to be a yes."""
    return question.montant_ht * question.score


def _question(traits: Mapping[str, Trait], lien: Lien, a: Poids, b: Poids) -> Question:
    cle, avec = lien.a, lien.b
    petit, grand = a, b
    if b.montant_ht < a.montant_ht:
        cle, avec, petit, grand = avec, cle, b, a
    return Question(
        cle, petit.libelle, petit.article_id, avec, grand.libelle, grand.article_id, lien.score, petit.nb_lignes + grand.nb_lignes,
        round(petit.montant_ht, 2), _differences(traits[lien.a], traits[lien.b]),
    )  # fmt: skip


def _differences(a: Trait, b: Trait) -> tuple[str, ...]:
    """The features that only one of the two says."""
    lus_a, lus_b = a.attributs, b.attributs
    return tuple(f"{nom.replace('_', ' ')} : {lus_a.get(nom) or lus_b.get(nom)}" for nom in sorted(lus_a.keys() ^ lus_b.keys()))


def merge_attributs(signatures: Sequence[Signature]) -> str:
    """JSON of the features of an article: what at least one of its labels says (they never disagree)."""
    tous: dict[str, str] = {}
    for signature in signatures:
        for nom, valeur in signature.attributs:
            if len(valeur) > len(tous.get(nom, "")):
                tous[nom] = valeur
    return json.dumps(tous, ensure_ascii=False, sort_keys=True)
