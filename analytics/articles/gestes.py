"""What people do to articles once labels are grouped is replayed in the order of time: labels taken out, moved to another, reunited.

« Same » said of a label before it was taken out made the group it left; said afterwards, it speaks of where the label went.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analytics.decisions import Decision, Sujet, select

Paire = tuple[str, str]


@dataclass(frozen=True)
class Sortie:
    """Labels (keys) taken out of their article, for one of their own or for that of the label `vers`."""

    cles: tuple[str, ...]
    vers: str | None = None


@dataclass(frozen=True)
class Reunion:
    """Two labels said the same after one of them had been taken out of its article: where they stand now is one article."""

    a: str
    b: str


@dataclass(frozen=True)
class Gestes:
    """`memes`: pairs said the same before grouping; `differents`: pairs that stay apart; `suite`: what was done then, in order."""

    memes: tuple[Paire, ...]
    differents: tuple[Paire, ...]
    suite: tuple[Sortie | Reunion, ...]

    @property
    def sorties(self) -> frozenset[str]:
        """Keys that people took out of an article."""
        return frozenset(cle for geste in self.suite if isinstance(geste, Sortie) for cle in geste.cles)


def read(decisions: Sequence[Decision]) -> Gestes:
    """The decisions in force on what labels are one article. Independent of the order given."""
    memes: list[Paire] = []
    differents: list[Paire] = []
    suite: list[Sortie | Reunion] = []
    sorties: set[str] = set()
    for decision in select(decisions, Sujet.ARTICLE_MEME, Sujet.ARTICLE_DIFFERENT, Sujet.ARTICLE_SCINDER):
        paire = (decision.cle, str(decision.valeur.get("avec", "")))
        if decision.sujet is Sujet.ARTICLE_SCINDER:
            cles = tuple(str(cle) for cle in decision.valeur.get("cles", ()))
            suite.append(Sortie(cles, str(decision.valeur["vers"]) if decision.valeur.get("vers") else None))
            sorties.update(cles)
        elif decision.sujet is Sujet.ARTICLE_DIFFERENT:
            differents.append(paire)
        elif sorties.isdisjoint(paire):
            memes.append(paire)
        else:
            suite.append(Reunion(*paire))
    return Gestes(tuple(memes), tuple(differents), tuple(suite))


def replay(groupes: Mapping[str, str], gestes: Gestes) -> dict[str, str]:
    """Group of each key (named by its first key) once people's gestures are done, from the groups before them.

    A label to join that is there no more is as none. Two labels said different are never reunited.
    """
    places = {cle: (chef, -1) for cle, chef in groupes.items()}
    for rang, geste in enumerate(gestes.suite):
        if isinstance(geste, Reunion):
            _reunite(places, geste, gestes.differents)
            continue
        rejointe = places.get(geste.vers) if geste.vers is not None else None
        for cle in geste.cles:
            if cle in places:
                places[cle] = rejointe or (groupes[cle], rang)
    membres: dict[tuple[str, int], list[str]] = defaultdict(list)
    for cle, place in places.items():
        membres[place].append(cle)
    return {cle: min(liste) for liste in membres.values() for cle in liste}


def part(avant: Mapping[str, str], apres: Mapping[str, str], gestes: Gestes) -> Iterator[Paire]:
    """Pairs of keys that people put in two articles: whoever took a label out is not asked whether it belongs there."""
    sorties = sorted(cle for cle in gestes.sorties if cle in avant)
    restes: dict[str, set[str]] = defaultdict(set)
    for cle, chef in avant.items() if sorties else ():
        restes[chef].add(apres[cle])
    for cle in sorties:
        yield from ((cle, autre) for autre in sorted(restes[avant[cle]]) if autre != apres[cle])


def say(gestes: Gestes) -> dict[str, str]:
    """What was done of each key that people spoke of, in French; the last word said."""
    dits = {cle: "rapproché par une décision" for paire in gestes.memes for cle in paire}
    for geste in gestes.suite:
        if isinstance(geste, Reunion):
            dits |= dict.fromkeys((geste.a, geste.b), "rapproché par une décision")
        else:
            dits |= dict.fromkeys(geste.cles, "changé d'article par une décision" if geste.vers else "mis à part par une décision")
    return dits


def _reunite(places: dict[str, tuple[str, int]], geste: Reunion, differents: Sequence[Paire]) -> None:
    if geste.a not in places or geste.b not in places:
        return
    quittee, rejointe = places[geste.a], places[geste.b]
    if any({places.get(a), places.get(b)} == {quittee, rejointe} for a, b in differents):
        return
    places.update({cle: rejointe for cle, place in places.items() if place == quittee})
