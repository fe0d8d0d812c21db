"""An article keeps its identifier when labels join it: it is drawn from one label, the one people named, else the one bought first.

The choice is a pure function of lines and decisions (docs/decisions/0008): neither the order of dépôts nor an earlier build counts.
"""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from analytics.decisions import Decision, Sujet, select

_SUJETS_NOMMANTS = (Sujet.ARTICLE_RENOMMER, Sujet.ARTICLE_UNITE, Sujet.ARTICLE_SCINDER, Sujet.PRIX_INCLURE, Sujet.PRIX_EXCLURE)
_LONGUEUR = 10  # 50 bits: two of a million labels of one famille share it once in two thousand


@dataclass(frozen=True)
class Identifiants:
    """`par_chef`: group (by its first key) → article_id. `alias`: any key, and the identifier it could have given → article_id of today."""

    par_chef: Mapping[str, str]
    alias: Mapping[str, str]

    def resolve(self, nom: str) -> str | None:
        """Today's article_id of an identifier of another day; None when the label that gave it is there no more."""
        return self.alias.get(nom)


@lru_cache(maxsize=262_144)
def draw(cle: str) -> str:
    """Identifier a label gives to the article it names: its famille and a digest."""
    empreinte = hashlib.blake2b(cle.encode(), digest_size=8).digest()
    return f"{cle.partition(' ')[0]}-{base64.b32encode(empreinte).decode().lower()[:_LONGUEUR]}"


def identify(
    avant: Mapping[str, str], apres: Mapping[str, str], premieres: Mapping[str, date], decisions: Sequence[Decision]
) -> Identifiants:
    """Identifiers of groups. `avant` and `apres` give the group of each key before and after people split articles.

    What is left of a split article keeps its identifier; the part that leaves draws a new one, or takes that of the article it joins.
    """
    nommes = _named(decisions)
    sorties = {str(cle) for decision in select(decisions, Sujet.ARTICLE_SCINDER) for cle in decision.valeur.get("cles", ())}
    foyers = _homes(avant, apres, sorties)
    parties = _members(apres)
    par_chef: dict[str, str] = {}
    for entier, cles in _members(avant).items():
        morceaux = sorted({apres[cle] for cle in cles if foyers[apres[cle]] == entier})
        if not morceaux:
            continue  # all its labels went to other articles
        reste = next((apres[cle] for cle in cles if cle not in sorties and apres[cle] in morceaux), morceaux[0])
        for chef in morceaux:
            neuf = draw(f"{_anchor(parties[chef], premieres, {})} scindé")
            par_chef[chef] = draw(_anchor(cles, premieres, nommes)) if chef == reste else neuf
    alias = {nom: par_chef[chef] for cle, chef in apres.items() for nom in (cle, draw(cle))}
    return Identifiants(par_chef, alias | {nom: nom for nom in par_chef.values()})


def _homes(avant: Mapping[str, str], apres: Mapping[str, str], sorties: set[str]) -> dict[str, str]:
    """Each group after people spoke → the one before that it is, or comes from: labels that came from elsewhere say nothing of that."""
    foyers: dict[str, str] = {}
    for cle in sorted(apres, key=lambda cle: (cle in sorties, cle)):
        foyers.setdefault(apres[cle], avant[cle])
    return foyers


def _anchor(cles: Iterable[str], premieres: Mapping[str, date], nommes: Mapping[str, int]) -> str:
    """The label that names: the first that a decision speaks of, else the first bought, else the first in the alphabet."""
    return min(cles, key=lambda cle: (nommes.get(draw(cle), len(nommes)) if nommes else 0, premieres.get(cle, date.max), cle))


def _named(decisions: Sequence[Decision]) -> dict[str, int]:
    """Identifiers that decisions in force speak of, by rank in time: an article that people named keeps that name."""
    cites = [decision.cle.partition("|")[0] for decision in select(decisions, *_SUJETS_NOMMANTS)]
    return {nom: rang for rang, nom in enumerate(dict.fromkeys(cites))}


def _members(groupes: Mapping[str, str]) -> dict[str, list[str]]:
    membres: dict[str, list[str]] = defaultdict(list)
    for cle in sorted(groupes):
        membres[groupes[cle]].append(cle)
    return membres
