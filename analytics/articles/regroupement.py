"""Signatures that are sure to be one article are grouped; the result depends on the set of signatures, never on their order.

Edges between signatures depend on the two signatures alone, so that adding labels only touches the groups they are near to.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analytics.articles.similarite import SILENCES, Desaccord, Trait, disagree, forbid, score

# Chosen on the tuning data (vocabulary v1): see docs of `analytics.evaluation`.
SEUIL_AUTOMATIQUE = 0.66
SEUIL_PROPOSITION = 0.42
MARGE = 0.05


@dataclass(frozen=True)
class Lien:
    """Two signatures (by key, in alphabetical order) that are alike; `sur` when alike enough, without conflict nor rival."""

    a: str
    b: str
    score: float
    sur: bool


def link(traits: Mapping[str, Trait], nouvelles: Iterable[str] | None = None) -> list[Lien]:
    """Links at or above SEUIL_PROPOSITION between traits of one famille; only those that touch `nouvelles` when given."""
    rayon = _Rayon(traits)
    vues: set[tuple[str, str]] = set()
    liens = []
    for cle in sorted(traits if nouvelles is None else nouvelles):
        for autre in rayon.find(cle):
            paire = (cle, autre) if cle < autre else (autre, cle)
            if autre == cle or paire in vues:
                continue
            vues.add(paire)
            a, b = traits[paire[0]], traits[paire[1]]
            if forbid(a, b):
                continue
            valeur = score(a, b)
            if valeur >= SEUIL_PROPOSITION:
                liens.append(Lien(*paire, valeur, valeur >= SEUIL_AUTOMATIQUE and disagree(a, b) is Desaccord.AUCUN))
    return sorted(liens, key=lambda lien: (lien.a, lien.b))


class _Rayon:
    """Traits filed so that those of one famille that agree on every feature both have are found without reading the others."""

    def __init__(self, traits: Mapping[str, Trait]) -> None:
        self.traits = traits
        self.amorces = {cle: frozenset(mot[:3] for mot in trait.mots) | trait.codes for cle, trait in traits.items()}
        self.formes: dict[tuple[str, ...], dict[frozenset[str], list[str]]] = defaultdict(lambda: defaultdict(list))
        for cle in sorted(traits):
            self.formes[_silences(traits[cle])][_simples(traits[cle])].append(cle)
        self.tables: dict[tuple[tuple[str, ...], frozenset[str], frozenset[str]], dict[tuple[str, ...], list[str]]] = {}

    def find(self, cle: str) -> Iterator[str]:
        """Keys that agree on the features both have and share the beginning of a word, or a code."""
        trait = self.traits[cle]
        muets = _silences(trait)
        for forme in self.formes[muets]:
            communs = forme & _simples(trait)
            valeurs = tuple(trait.attributs[nom] for nom in sorted(communs))
            for autre in self._table(muets, forme, communs).get(valeurs, ()):
                if not self.amorces[cle].isdisjoint(self.amorces[autre]):
                    yield autre

    def _table(self, muets: tuple[str, ...], forme: frozenset[str], communs: frozenset[str]) -> dict[tuple[str, ...], list[str]]:
        adresse = (muets, forme, communs)
        if adresse not in self.tables:
            table: dict[tuple[str, ...], list[str]] = defaultdict(list)
            for cle in self.formes[muets][forme]:
                table[tuple(self.traits[cle].attributs[nom] for nom in sorted(communs))].append(cle)
            self.tables[adresse] = table
        return self.tables[adresse]


def _silences(trait: Trait) -> tuple[str, ...]:
    """Famille and features whose silence means no: they are equal or the two never match."""
    return (trait.famille, *(f"{nom}={trait.attributs[nom]}" for nom in sorted(SILENCES & trait.attributs.keys())))


def _simples(trait: Trait) -> frozenset[str]:
    """Names of the features with one value; those with several may agree in part, so they do not file."""
    return frozenset(nom for nom, valeur in trait.attributs.items() if "+" not in valeur)


def decide(traits: Mapping[str, Trait], liens: Sequence[Lien]) -> list[Lien]:
    """Say which links are sure: sure by themselves, and no rival of either end that excludes the other is as near."""
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
            if autre != choisi and exclude(traits[choisi], traits[autre]):
                return True
        return False

    def is_sure(lien: Lien) -> bool:
        return not has_rival(lien.a, lien.b, lien.score) and not has_rival(lien.b, lien.a, lien.score)

    return [Lien(lien.a, lien.b, lien.score, lien.sur and is_sure(lien)) for lien in liens]


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
        if lien.sur:
            join(lien.a, lien.b, force=False)
    for a, b in sorted(tuple(sorted(paire)) for paire in memes):
        if a in chef and b in chef:
            join(a, b, force=True)
    return {cle: min(groupes[chef[cle]]) for cle in traits}


def split(groupes: Mapping[str, str], parties: Sequence[Sequence[str]]) -> dict[str, str]:
    """Keys that people took out of a group make one of their own (each of `parties`; the last word wins).

    Groups are named by their first key.
    """
    places = {cle: (chef, -1) for cle, chef in groupes.items()}
    for rang, partie in enumerate(parties):
        for cle in partie:
            if cle in places:
                places[cle] = (groupes[cle], rang)
    membres: dict[tuple[str, int], list[str]] = defaultdict(list)
    for cle, place in places.items():
        membres[place].append(cle)
    return {cle: min(liste) for liste in membres.values() for cle in liste}
