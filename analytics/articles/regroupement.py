"""Signatures that are sure to be one article are grouped; the result depends on the set of signatures, never on their order.

Edges between signatures depend on the two signatures alone, so that adding labels only touches the groups they are near to.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analytics.articles.signature import Signature
from analytics.articles.similarite import forbid, score

# Chosen on the tuning data (vocabulary v1): see docs of `analytics.evaluation`.
SEUIL_AUTOMATIQUE = 0.66
SEUIL_PROPOSITION = 0.42
MARGE = 0.05
_CANDIDATS_MAX = 400


@dataclass(frozen=True)
class Lien:
    """Two signatures (by key, in alphabetical order) that are alike; `sur` when alike enough and nearer than any rival."""

    a: str
    b: str
    score: float
    sur: bool


def link(signatures: Mapping[str, Signature], marques: frozenset[str] = frozenset(), nouvelles: Iterable[str] | None = None) -> list[Lien]:
    """Links at or above SEUIL_PROPOSITION between signatures of one famille; only those that touch `nouvelles` when given."""
    index = _index(signatures)
    depart = sorted(signatures if nouvelles is None else nouvelles)
    vues: dict[tuple[str, str], float] = {}
    for cle in depart:
        for autre in _candidats(signatures[cle], index):
            paire = (cle, autre) if cle < autre else (autre, cle)
            if autre == cle or paire in vues:
                continue
            a, b = signatures[paire[0]], signatures[paire[1]]
            vues[paire] = -1.0 if forbid(a, b) else score(a, b, marques)
    return [Lien(a, b, valeur, False) for (a, b), valeur in sorted(vues.items()) if valeur >= SEUIL_PROPOSITION]


def _index(signatures: Mapping[str, Signature]) -> dict[tuple[str, str], list[str]]:
    index: dict[tuple[str, str], list[str]] = defaultdict(list)
    for cle in sorted(signatures):
        for entree in _entrees(signatures[cle]):
            index[entree].append(cle)
    return index


def _entrees(signature: Signature) -> list[tuple[str, str]]:
    """Where a signature is filed: its words by their first three letters (an abbreviation keeps them), its codes."""
    entrees = {(signature.famille, mot[:3]) for mot, _ in signature.mots}
    return sorted(entrees | {(signature.famille, code) for code in signature.codes})


def _candidats(signature: Signature, index: Mapping[tuple[str, str], Sequence[str]]) -> list[str]:
    """Signatures that share a word or a code, those that share most first."""
    votes: dict[str, int] = defaultdict(int)
    for entree in _entrees(signature):
        for cle in index.get(entree, ()):
            votes[cle] += 1
    return sorted(votes, key=lambda cle: (-votes[cle], cle))[:_CANDIDATS_MAX]


def decide(signatures: Mapping[str, Signature], liens: Sequence[Lien]) -> list[Lien]:
    """Say which links are sure: above the threshold on both sides, and no rival that excludes the other is as near."""
    voisins: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for lien in liens:
        voisins[lien.a].append((lien.score, lien.b))
        voisins[lien.b].append((lien.score, lien.a))
    for liste in voisins.values():
        liste.sort(reverse=True)

    def has_rival(cle: str, choisi: str, valeur: float) -> bool:
        for autre_valeur, autre in voisins[cle]:
            if autre_valeur < valeur - MARGE:
                return False
            if autre != choisi and forbid(signatures[choisi], signatures[autre]):
                return True
        return False

    decides = []
    for lien in liens:
        sur = lien.score >= SEUIL_AUTOMATIQUE and not has_rival(lien.a, lien.b, lien.score) and not has_rival(lien.b, lien.a, lien.score)
        decides.append(Lien(lien.a, lien.b, lien.score, sur))
    return decides


def group(
    signatures: Mapping[str, Signature],
    liens: Sequence[Lien],
    memes: Sequence[tuple[str, str]] = (),
    differents: Sequence[tuple[str, str]] = (),
) -> dict[str, str]:
    """Group of each key (named by its first key): people's « same » first, then sure links from the most alike, never across a ban.

    A group is never joined to another when any two of their members exclude each other, or when people said they differ.
    """
    groupes = {cle: [cle] for cle in signatures}
    chef = {cle: cle for cle in signatures}
    interdits = {frozenset(paire) for paire in differents}

    def join(a: str, b: str, *, force: bool) -> None:
        chef_a, chef_b = sorted((chef[a], chef[b]))
        if chef_a == chef_b:
            return
        croisees = [(x, y) for x in groupes[chef_a] for y in groupes[chef_b]]
        if any(frozenset(paire) in interdits for paire in croisees):
            return
        if not force and any(forbid(signatures[x], signatures[y]) for x, y in croisees):
            return
        groupes[chef_a] = sorted(groupes[chef_a] + groupes.pop(chef_b))
        for cle in groupes[chef_a]:
            chef[cle] = chef_a

    for a, b in sorted(tuple(sorted(paire)) for paire in memes):
        if a in chef and b in chef:
            join(a, b, force=True)
    for lien in sorted(liens, key=lambda lien: (-lien.score, lien.a, lien.b)):
        if lien.sur:
            join(lien.a, lien.b, force=False)
    return {cle: min(groupes[chef[cle]]) for cle in signatures}
