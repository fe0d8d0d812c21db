"""The needs to come of a membre, read from its months, and how far such forecasts were from what happened last year."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb
import polars as pl

from analytics.besoins.prevision import Prevision, prevoir, saisonnalite
from analytics.entrepot import executer
from analytics.portee import Portee
from analytics.resultat import Effectif, Resultat
from ingest.erreurs import Refus

METHODE = "prevision_besoin"


@dataclass(frozen=True)
class BesoinPrevu:
    """What a membre should need over a period: quantity (for an article) and amount HT, with the season of its purchases.

    `saison`: weight of each month of the year, January first, mean 1; None under two whole years.
    """

    quantite: Prevision | None
    montant_ht: Prevision | None
    saison: tuple[float, ...] | None


@dataclass(frozen=True)
class Retrotest:
    """Forecasts of the last whole year made from the years before, against « the same as the year before ».

    Errors are sums of absolute errors over sums of amounts, in per cent, over every membre × famille with history enough.
    """

    annee: int
    erreur: Resultat
    erreur_meme_an: Resultat
    part_dans_intervalle: Resultat


def prevoir_besoin(
    curseur: duckdb.DuckDBPyConnection, portee: Portee, membre: str, famille: str, debut: date, fin: date, article_id: str | None = None
) -> BesoinPrevu:
    """Forecast one article (or a whole famille, amounts only) of one membre. Raises Refus when the reader may not read this membre."""
    if not portee.peut_lire(membre):
        raise Refus("Les besoins de ce membre ne vous sont pas ouverts : demandez-lui de partager ses lignes avec l'animatrice.")
    serie = executer(curseur, "besoins/mensuel.sql", membre=membre, famille=famille, article=article_id)
    mois = serie["mois"].to_list()
    montants = serie["montant_ht"].to_list()
    quantite = prevoir(mois, serie["quantite"].to_list(), debut, fin) if article_id else None
    return BesoinPrevu(quantite, prevoir(mois, montants, debut, fin), saisonnalite(mois, montants))


def retrotester(curseur: duckdb.DuckDBPyConnection) -> Retrotest | None:
    """Forecast the last whole year as if it were to come; None when no membre has two whole years."""
    series = executer(curseur, "besoins/familles_mensuelles.sql")
    pleines = series.group_by("membre", pl.col("mois").dt.year().alias("annee")).agg(pl.col("mois").n_unique().alias("n"))
    pleines = pleines.filter(pl.col("n") == 12)
    if pleines.height == 0:
        return None
    annee = int(str(pleines["annee"].max()))
    prevus, memes, reels, dedans, membres = [], [], [], 0, set()
    for (membre, _), serie in series.group_by("membre", "famille", maintain_order=True):
        passe = serie.filter(pl.col("mois") < date(annee, 1, 1))
        present = serie.filter(pl.col("mois").dt.year() == annee)
        avant = serie.filter(pl.col("mois").dt.year() == annee - 1)
        if present.height != 12 or avant.height != 12:
            continue
        prevision = prevoir(passe["mois"].to_list(), passe["montant_ht"].to_list(), date(annee, 1, 1), date(annee, 12, 1))
        assert prevision is not None
        reel = float(present["montant_ht"].sum())
        prevus.append(prevision.valeur)
        memes.append(float(avant["montant_ht"].sum()))
        reels.append(reel)
        membres.add(membre)
        dedans += prevision.bas is not None and prevision.haut is not None and prevision.bas <= reel <= prevision.haut
    if not reels or sum(reels) <= 0:
        return None
    effectif = Effectif(len(membres), len(reels), 0)

    def resultat(valeur: float) -> Resultat:
        return Resultat(Decimal(repr(100 * valeur)).quantize(Decimal("0.1")), "%", effectif, str(annee), METHODE)

    total = sum(abs(r) for r in reels)
    return Retrotest(
        annee=annee,
        erreur=resultat(sum(abs(p - r) for p, r in zip(prevus, reels, strict=True)) / total),
        erreur_meme_an=resultat(sum(abs(m - r) for m, r in zip(memes, reels, strict=True)) / total),
        part_dans_intervalle=resultat(dedans / len(reels)),
    )
