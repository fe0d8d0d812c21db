"""A number never travels without its unit and its n, or the reason for its absence."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Effectif:
    """On how much a figure stands."""

    nb_membres: int
    nb_lignes: int
    nb_fournisseurs: int


@dataclass(frozen=True)
class Resultat:
    """A figure and what is needed to trust it, or the sentence that says why there is none.

    Exactly one of `valeur` and `motif_absence` is given. `unite` is what a person reads after the number (« € HT / feuille »),
    `periode` what it covers (« 2025 »), `methode` the name of the definition in `analytics/indicateurs/`.
    """

    valeur: Decimal | None
    unite: str
    effectif: Effectif
    periode: str
    methode: str
    motif_absence: str | None = None

    def __post_init__(self) -> None:
        if (self.valeur is None) == (self.motif_absence is None):
            raise ValueError("a Resultat has either a value or the reason for its absence")
