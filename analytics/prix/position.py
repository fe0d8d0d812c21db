"""« Ma position »: what one membre pays among the others, and what it would save a year; never a saving for whoever pays less.

The reference is the published statistic, as everybody may read it: computed on anything finer, the gap would give it away.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Any

import duckdb

from analytics import diffusion
from analytics.diffusion import Distribution
from analytics.entrepot import executer
from analytics.portee import Portee
from analytics.resultat import Effectif, Resultat
from ingest.erreurs import Refus

METHODE = "ma_position"
CHIFFRES_ESTIMATION = 2


class Situation(StrEnum):
    """Where my price stands among those of the members."""

    AU_MIEUX = "au_mieux"  # at or below the first quartile
    SOUS_MEDIANE = "sous_mediane"
    SUR_MEDIANE = "sur_mediane"
    SUR_Q3 = "sur_q3"
    INCONNUE = "inconnue"  # no price of mine, or nothing publishable of the others


@dataclass(frozen=True)
class Position:
    """My price of one article over one period, among the others.

    `ecart_mediane_an` and `ecart_q1_an` are in € HT a year on my own annual quantity, 0 when I am at or below the reference, rounded to
    two significant figures and whole euros (they are estimates). `motif_hors_prix` is a key of `MOTIFS`, when
    my price is not in the distribution.
    """

    article_id: str
    libelle: str
    famille: str
    periode: str
    unite: str
    prix_unitaire_ht: Resultat
    quantite_annuelle: Resultat
    ecart_mediane_an: Resultat
    ecart_q1_an: Resultat
    ecart_mediane_pct: Resultat
    situation: Situation
    motif_hors_prix: str | None
    distribution: Distribution | None


@dataclass(frozen=True)
class Positions:
    """All my positions of a period; the totals are the sums of the lines that have a figure, and `nb_comparables` says how many."""

    periode: str
    lignes: tuple[Position, ...]
    total_mediane_an: Decimal
    total_q1_an: Decimal
    nb_comparables: int
    nb_au_dessus_q1: int


def position(curseur: duckdb.DuckDBPyConnection, article_id: str, periode: str, portee: Portee) -> Position | None:
    """My position on one article, or None when my membre did not buy it over this period. Raises Refus when the reader has no membre."""
    trouvees = _positions(curseur, portee, periode, article_id)
    return trouvees[0] if trouvees else None


def positions(curseur: duckdb.DuckDBPyConnection, periode: str, portee: Portee) -> Positions:
    """All the positions of the reader's membre over a period, with totals equal to the sums of the lines shown."""
    lignes = tuple(_positions(curseur, portee, periode, None))
    return Positions(
        periode=periode,
        lignes=lignes,
        total_mediane_an=sum((ligne.ecart_mediane_an.valeur or Decimal(0) for ligne in lignes), Decimal(0)),
        total_q1_an=sum((ligne.ecart_q1_an.valeur or Decimal(0) for ligne in lignes), Decimal(0)),
        nb_comparables=sum(ligne.ecart_mediane_an.valeur is not None for ligne in lignes),
        nb_au_dessus_q1=sum((ligne.ecart_q1_an.valeur or 0) > 0 for ligne in lignes),
    )


def _positions(curseur: duckdb.DuckDBPyConnection, portee: Portee, periode: str, article_id: str | None) -> list[Position]:
    if portee.membre is None:
        raise Refus("« Ma position » compare les prix d'un membre à ceux des autres : choisissez d'abord un membre.")
    miens = executer(curseur, "prix/mes_prix.sql", membre=portee.membre, periode=periode, article=article_id).to_dicts()
    autres = diffusion.distributions(curseur, portee, [mien["article_id"] for mien in miens])
    return [situer(mien, periode, autres.get((mien["article_id"], periode))) for mien in miens]


def situer(mien: dict[str, Any], periode: str, autres: Distribution | None) -> Position:
    """My position from a row of `prix/mes_prix.sql` and what is published of the others."""
    effectif = Effectif(1, mien["nb_lignes"], mien["nb_fournisseurs"])
    unite_prix = f"€ HT / {mien['unite_reference']}"
    prix = None if mien["prix_unitaire_ht"] is None else Decimal(repr(mien["prix_unitaire_ht"]))
    motif = mien["motif_exclusion"]
    ecarts = [_ecart(mien, prix, periode, autres, nom) for nom in ("mediane", "q1")]
    return Position(
        article_id=mien["article_id"],
        libelle=mien["libelle"],
        famille=mien["famille"],
        periode=periode,
        unite=mien["unite_reference"],
        prix_unitaire_ht=Resultat(
            prix, unite_prix, effectif, periode, METHODE, None if prix is not None else "pas de prix sur cette période"
        ),
        quantite_annuelle=_quantite(mien, effectif, periode),
        ecart_mediane_an=ecarts[0],
        ecart_q1_an=ecarts[1],
        ecart_mediane_pct=_pourcentage(prix, periode, autres),
        situation=_situation(prix, autres),
        motif_hors_prix=motif,
        distribution=autres,
    )


def _quantite(mien: dict[str, Any], effectif: Effectif, periode: str) -> Resultat:
    valeur = mien["quantite_annuelle"]
    if valeur is None or valeur <= 0:
        return Resultat(None, f"{mien['unite_reference']} / an", effectif, periode, METHODE, "pas de quantité nette sur cette période")
    return Resultat(Decimal(repr(valeur)), f"{mien['unite_reference']} / an", effectif, periode, METHODE)


def _ecart(mien: dict[str, Any], prix: Decimal | None, periode: str, autres: Distribution | None, reference: str) -> Resultat:
    """What I would save a year at the reference price, on my own quantity: never negative."""
    repere: Resultat | None = getattr(autres, reference) if autres else None
    effectif = autres.effectif if autres else Effectif(0, 0, 0)
    if prix is None or not mien["quantite_annuelle"]:
        return Resultat(None, "€ HT / an", effectif, periode, METHODE, "pas de prix de votre part sur cette période")
    if repere is None or repere.valeur is None:
        absence = repere.motif_absence if repere else "aucun prix comparable sur cette période"
        return Resultat(None, "€ HT / an", effectif, periode, METHODE, absence)
    brut = max(Decimal(0), prix - repere.valeur) * Decimal(repr(mien["quantite_annuelle"]))
    # an estimate: two significant figures, and never finer than a euro
    estime = diffusion.arrondir(brut, CHIFFRES_ESTIMATION).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    return Resultat(estime, "€ HT / an", effectif, periode, METHODE)


def _pourcentage(prix: Decimal | None, periode: str, autres: Distribution | None) -> Resultat:
    effectif = autres.effectif if autres else Effectif(0, 0, 0)
    if prix is None or autres is None or autres.mediane.valeur is None:
        absence = (autres.motif_absence if autres else None) or "aucun prix comparable sur cette période"
        return Resultat(None, "%", effectif, periode, METHODE, absence)
    return Resultat(((prix / autres.mediane.valeur - 1) * 100).quantize(Decimal("0.1")), "%", effectif, periode, METHODE)


def _situation(prix: Decimal | None, autres: Distribution | None) -> Situation:
    if prix is None or autres is None or autres.mediane.valeur is None:
        return Situation.INCONNUE
    if autres.q1.valeur is not None and prix <= autres.q1.valeur:
        return Situation.AU_MIEUX
    if prix <= autres.mediane.valeur:
        return Situation.SOUS_MEDIANE
    if autres.q3.valeur is not None and prix > autres.q3.valeur:
        return Situation.SUR_Q3
    return Situation.SUR_MEDIANE
