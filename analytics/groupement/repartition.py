"""Share a sum between membres by a named key, to the cent: the parts always add up to the whole (largest remainder)."""

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from ingest.erreurs import Refus

CENTIME = Decimal("0.01")


class Cle(StrEnum):
    """How the costs of the groupement are shared."""

    GRATUITE = "gratuite"
    EGALITE = "egalite"
    PRORATA_POP = "prorata_population"
    PRORATA_MONTANT = "prorata_montant"
    MIXTE = "mixte"
    UNITAIRE = "unitaire"


LIBELLES = {
    Cle.GRATUITE: "à titre gratuit",
    Cle.EGALITE: "à parts égales",
    Cle.PRORATA_POP: "au prorata de la population municipale",
    Cle.PRORATA_MONTANT: "au prorata des montants commandés",
    Cle.MIXTE: "pour une part à égalité, pour le reste au prorata des montants commandés",
    Cle.UNITAIRE: "au prorata des quantités commandées",
}


def repartir(total: Decimal, poids: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Share `total` (EUR, a whole number of cents) in proportion to `poids`; the cents left go to the largest remainders.

    Ties go to the first in the order given. Refus when the weights are negative or all null.
    """
    somme = sum(poids.values(), Decimal(0))
    if somme <= 0 or any(p < 0 for p in poids.values()):
        raise Refus(
            "La clé de répartition ne peut pas s'appliquer : il faut au moins un membre avec une population, une quantité ou un montant "
            "supérieur à zéro, et aucune valeur négative. Complétez ces valeurs ou choisissez une autre clé."
        )
    exactes = {cle: total * p / somme for cle, p in poids.items()}
    parts = {cle: exacte.quantize(CENTIME, rounding=ROUND_FLOOR) for cle, exacte in exactes.items()}
    centimes = int((total - sum(parts.values(), Decimal(0))) / CENTIME)
    for cle in sorted(parts, key=lambda c: exactes[c] - parts[c], reverse=True)[:centimes]:
        parts[cle] += CENTIME
    return parts


def repartir_frais(
    frais: Decimal,
    cle: Cle,
    membres: Mapping[str, Mapping[str, Decimal]],
    part_egalite: Decimal = Decimal("0.5"),
) -> dict[str, Decimal]:
    """Share `frais` (EUR) between membres by `cle`.

    `membres`: SIREN → {"population", "montant", "quantite"}; the amount base (paid before, estimated, ordered) is the caller's choice
    and must be said beside the result. A membre without population (CCAS, syndicat) counts for zero in PRORATA_POP: give it that of its
    commune or choose another key.
    """
    if cle is Cle.GRATUITE:
        return dict.fromkeys(membres, Decimal(0))
    if cle is Cle.EGALITE:
        return repartir(frais, dict.fromkeys(membres, Decimal(1)))
    if cle is Cle.MIXTE:
        montants = {siren: m["montant"] for siren, m in membres.items()}
        somme = sum(montants.values(), Decimal(0))
        if somme <= 0:
            raise Refus("La clé mixte demande le montant d'au moins un membre. Complétez les besoins ou changez de clé.")
        egale = part_egalite / len(membres)
        return repartir(frais, {siren: egale + (1 - part_egalite) * montant / somme for siren, montant in montants.items()})
    base = {Cle.PRORATA_POP: "population", Cle.PRORATA_MONTANT: "montant", Cle.UNITAIRE: "quantite"}[cle]
    return repartir(frais, {siren: m[base] for siren, m in membres.items()})
