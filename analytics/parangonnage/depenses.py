"""Spend per inhabitant, compared among communes of the same class of population; classes are fixed and do not overlap."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

import duckdb

from analytics import diffusion, parametres
from analytics.entrepot import executer, version
from analytics.portee import Portee
from analytics.resultat import Effectif, Resultat

METHODE = "depense_par_habitant"
UNITE = "€ HT / habitant / an"


@dataclass(frozen=True)
class DepenseParHabitant:
    """What a commune spends a year per inhabitant in a famille, among those of its class of population."""

    famille: str
    famille_libelle: str
    strate: str
    mienne: Resultat
    mediane: Resultat
    q1: Resultat
    q3: Resultat


def depenses_par_habitant(curseur: duckdb.DuckDBPyConnection, portee: Portee, membre: str) -> tuple[DepenseParHabitant, ...]:
    """By famille the membre buys; empty when it is not a commune of known population. Its own figure is given only to who may read it."""
    lues = executer(curseur, "parangonnage/depenses.sql").to_dicts()
    population = next((lue["population"] for lue in lues if lue["membre"] == membre), None)
    if population is None:
        return ()
    bornes = sorted(int(b) for b in parametres.table("politique/strates_population", au=version(curseur).date_reference).values())
    bas = max(borne for borne in bornes if borne <= population)
    haut = min((borne for borne in bornes if borne > population), default=None)
    strate = [lue for lue in lues if lue["population"] >= bas and (haut is None or lue["population"] < haut)]
    regle = diffusion.regles_en_vigueur(curseur)
    nom = _nommer(bas, haut)
    resultats = []
    for _, groupe in groupby(strate, key=lambda lue: lue["famille"]):
        communes = list(groupe)
        mienne = next((commune for commune in communes if commune["membre"] == membre), None)
        if mienne is not None:
            resultats.append(_comparer(regle, portee, communes, mienne, nom))
    return tuple(resultats)


def _comparer(
    regle: diffusion.Regles, portee: Portee, communes: list[dict[str, Any]], mienne: dict[str, Any], strate: str
) -> DepenseParHabitant:
    valeurs = {commune["membre"]: commune["depense"] for commune in communes}
    effectif = Effectif(len(communes), sum(commune["nb_lignes"] for commune in communes), 0)
    quantiles = diffusion.quantiles_membres(regle, portee, valeurs)
    sienne = Effectif(1, mienne["nb_lignes"], 0)
    lisible = portee.peut_lire(mienne["membre"])

    def resultat(nom: str) -> Resultat:
        lu = quantiles[nom]
        if isinstance(lu, str):
            return Resultat(None, UNITE, effectif, diffusion.ENSEMBLE, METHODE, lu)
        return Resultat(lu.quantize(Decimal("0.01")), UNITE, effectif, diffusion.ENSEMBLE, METHODE)

    return DepenseParHabitant(
        famille=mienne["famille"],
        famille_libelle=mienne["famille_libelle"],
        strate=strate,
        mienne=Resultat(
            Decimal(repr(mienne["depense"])).quantize(Decimal("0.01")) if lisible else None,
            UNITE,
            sienne,
            diffusion.ENSEMBLE,
            METHODE,
            None if lisible else "les achats de ce membre ne vous sont pas ouverts",
        ),
        mediane=resultat("mediane"),
        q1=resultat("q1"),
        q3=resultat("q3"),
    )


def _nommer(bas: int, haut: int | None) -> str:
    def nombre(n: int) -> str:
        return f"{n:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")

    if haut is None:
        return f"{nombre(bas)} habitants et plus"
    return f"moins de {nombre(haut)} habitants" if bas == 0 else f"de {nombre(bas)} à {nombre(haut)} habitants"
