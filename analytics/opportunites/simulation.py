"""Simulate prices and shared costs membre by membre: gross gain, share of costs, net gain; winners and losers add up to the whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from analytics.groupement.repartition import Cle, repartir_frais
from analytics.opportunites.modele import Assiette

CENTIME = Decimal("0.01")


@dataclass(frozen=True)
class Achat:
    """What one membre buys of one article in a year: quantity in reference unit, and what it pays, EUR HT per unit."""

    membre: str
    article: str
    quantite: Decimal
    prix_unitaire_ht: Decimal
    unitaire: bool = True  # False: an amount without a comparable unit, left out of a key in proportion of quantities


@dataclass(frozen=True)
class PartSimulee:
    """One membre in the simulation, EUR HT per year, to the cent."""

    membre: str
    depense_actuelle: Decimal
    depense_groupee: Decimal
    frais: Decimal

    @property
    def gain_brut(self) -> Decimal:
        """Negative when it pays more in the groupement."""
        return self.depense_actuelle - self.depense_groupee

    @property
    def gain_net(self) -> Decimal:
        """Gross gain minus its share of costs."""
        return self.gain_brut - self.frais


@dataclass(frozen=True)
class Simulation:
    """All membres; the totals are the sums of the parts. `frais_non_repartis`: borne by the coordonnateur of a free key."""

    parts: tuple[PartSimulee, ...]
    frais_non_repartis: Decimal

    @property
    def gain_brut(self) -> Decimal:
        """Sum of the gross gains."""
        return sum((part.gain_brut for part in self.parts), Decimal(0))

    @property
    def frais(self) -> Decimal:
        """All costs, shared or not."""
        return sum((part.frais for part in self.parts), Decimal(0)) + self.frais_non_repartis

    @property
    def gain_net(self) -> Decimal:
        """Gross gain minus all costs."""
        return self.gain_brut - self.frais


def simuler(
    achats: Sequence[Achat],
    prix_groupes: Mapping[str, Decimal],
    frais: Decimal,
    cle: Cle,
    *,
    assiette: Assiette = Assiette.COMMANDE,
    populations: Mapping[str, int | None] | None = None,
    part_egalite: Decimal = Decimal("0.5"),
    alignements: Mapping[str, Decimal] | None = None,
) -> Simulation:
    """Each membre with the prices of the groupement and its share of `frais` (EUR HT per year).

    `prix_groupes`: article → price paid by everyone, so that a membre paying less today loses. `alignements`: article → price to
    which only the membres paying more come. An article in neither keeps its present price.
    """
    actuelles: dict[str, Decimal] = {}
    groupees: dict[str, Decimal] = {}
    quantites: dict[str, Decimal] = {}
    for achat in achats:
        aligne = min((alignements or {}).get(achat.article, achat.prix_unitaire_ht), achat.prix_unitaire_ht)
        nouveau = prix_groupes.get(achat.article, aligne)
        _add(actuelles, achat.membre, achat.quantite * achat.prix_unitaire_ht)
        _add(groupees, achat.membre, achat.quantite * nouveau)
        _add(quantites, achat.membre, achat.quantite if achat.unitaire else Decimal(0))
    membres = list(actuelles)
    base = groupees if assiette is Assiette.COMMANDE else actuelles
    partages = repartir_frais(
        frais,
        cle,
        {
            siren: {
                "montant": base[siren],
                "quantite": quantites[siren],
                "population": Decimal((populations or {}).get(siren) or 0),
            }
            for siren in membres
        },
        part_egalite,
    )
    parts = tuple(PartSimulee(siren, _cents(actuelles[siren]), _cents(groupees[siren]), partages[siren]) for siren in membres)
    return Simulation(parts, frais - _sum(partages.values()))


def _add(totaux: dict[str, Decimal], cle: str, montant: Decimal) -> None:
    totaux[cle] = totaux.get(cle, Decimal(0)) + montant


def _cents(montant: Decimal) -> Decimal:
    return montant.quantize(CENTIME, rounding=ROUND_HALF_UP)


def _sum(montants: Iterable[Decimal]) -> Decimal:
    return sum(montants, Decimal(0))
