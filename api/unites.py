"""The unit in which people read a price: the one they order in, when the unit of reference is too small to mean anything to them."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from analytics.resultat import Resultat
from api import formats

FAMILLE_PAPIER = "AD01"
"""A sheet is a ream only where it is office paper; elsewhere (hand towels, exercise books) sheets are told by the thousand."""


@dataclass(frozen=True)
class UniteAffichee:
    """`nom` as after a number (« ramette de 500 »), and how many units of reference it holds."""

    nom: str
    facteur: int


@dataclass(frozen=True)
class PrixMontre:
    """A price as text with its unit, or the reason of its absence."""

    texte: str
    unite: str
    absence: str | None = None


@lru_cache(maxsize=1024)
def unite_affichee(unite: str | None, famille: str) -> UniteAffichee:
    """The unit in which prices of this famille are shown."""
    if unite is None or not unite:
        return UniteAffichee("unité", 1)
    if unite == "feuille":
        return UniteAffichee("ramette de 500", 500) if famille == FAMILLE_PAPIER else UniteAffichee("millier de feuilles", 1000)
    if unite == "page":
        return UniteAffichee("millier de pages", 1000)
    if unite.lower() == "kwh":
        return UniteAffichee("MWh", 1000)
    if unite == "mille":
        return UniteAffichee("millier", 1)
    return UniteAffichee(formats.unite_lisible(unite), 1)


def montrer_prix(prix: Resultat | None, unite: str | None, famille: str, *, absence: str = "aucun achat") -> PrixMontre:
    """The price of a reference unit, shown in the unit people read. `absence` is said when there is no figure at all."""
    if prix is None or prix.valeur is None:
        return PrixMontre("", "", (prix.motif_absence if prix else None) or absence)
    affichee = unite_affichee(unite, famille)
    return PrixMontre(formats.prix(prix.valeur * affichee.facteur), affichee.nom)


def dire_prix(valeur: Decimal, unite: str | None, famille: str) -> str:
    """« 4,33 € HT par ramette de 500 »."""
    affichee = unite_affichee(unite, famille)
    return f"{formats.prix(valeur * affichee.facteur)} HT par {affichee.nom}"


def dire_prix_seul(valeur: Decimal, unite: str | None, famille: str) -> str:
    """The same without the unit, when the sentence has just said it: « 4,33 € »."""
    return formats.prix(valeur * unite_affichee(unite, famille).facteur)


def dire_quantite(valeur: Decimal, unite: str | None, famille: str) -> str:
    """« 390 ramettes de 500 », « 3 092 L »."""
    affichee = unite_affichee(unite, famille)
    if affichee.facteur == 1:
        return formats.quantite(valeur, unite or "unite")
    return formats.quantite(valeur / affichee.facteur, affichee.nom)
