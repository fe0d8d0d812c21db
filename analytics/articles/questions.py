"""Doubts are put to a person once each, the most valuable first: what is at stake in money, times how doubtful it is."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.articles.regroupement import Lien
from analytics.articles.signature import Signature
from analytics.articles.similarite import Trait, forbid


@dataclass(frozen=True)
class Question:
    """« Is this label the same article as that one? », asked once for all identical cases, most valuable first.

    `cle` and `avec` are keys of labels for `Decision(ARTICLE_MEME | ARTICLE_DIFFERENT, cle, {"avec": avec})`;
    `differences` are what only one of the two says, in French.
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
    liens: Sequence[Lien],
    groupes: Mapping[str, str],
    poids: Mapping[str, Poids],
    decidees: frozenset[frozenset[str]],
) -> tuple[Question, ...]:
    """One question for each pair of groups that are alike but not joined, unless it was answered or a feature forbids it."""
    meilleurs: dict[tuple[str, str], Lien] = {}
    repondues = {frozenset(groupes[cle] for cle in paire if cle in groupes) for paire in decidees}
    membres = _members(groupes)
    for lien in liens:
        paire = tuple(sorted((groupes[lien.a], groupes[lien.b])))
        if paire[0] == paire[1] or frozenset(paire) in repondues:
            continue
        if (paire not in meilleurs or lien.score > meilleurs[paire].score) and len(paire) == 2:
            meilleurs[(paire[0], paire[1])] = lien
    questions = []
    for (chef_a, chef_b), lien in meilleurs.items():
        if any(forbid(traits[x], traits[y]) for x in membres[chef_a][:20] for y in membres[chef_b][:20]):
            continue
        questions.append(_question(traits, lien, poids[groupes[lien.a]], poids[groupes[lien.b]]))
    return tuple(sorted(questions, key=lambda q: (-_value(q), q.cle, q.avec)))


def _members(groupes: Mapping[str, str]) -> dict[str, list[str]]:
    membres: dict[str, list[str]] = defaultdict(list)
    for cle in sorted(groupes):
        membres[groupes[cle]].append(cle)
    return membres


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
    """What only one of the two says."""
    mots = sorted(a.mots.keys() ^ b.mots.keys()) + sorted(a.codes ^ b.codes)
    lus_a, lus_b = a.attributs, b.attributs
    traits = [f"{nom} : {lus_a.get(nom) or lus_b.get(nom)}" for nom in sorted(lus_a.keys() ^ lus_b.keys())]
    return (*mots, *traits)


def merge_attributs(signatures: Sequence[Signature]) -> str:
    """JSON of the features of an article: what at least one of its labels says (they never disagree)."""
    tous: dict[str, str] = {}
    for signature in signatures:
        for nom, valeur in signature.attributs:
            if len(valeur) > len(tous.get(nom, "")):
                tous[nom] = valeur
    return json.dumps(tous, ensure_ascii=False, sort_keys=True)
