"""The volume effect: exact without noise, silent without effect, with intervals that hold the truth as often as they say."""

import math
import random

import polars as pl
import pytest
from statsmodels.formula.api import ols

from analytics.entrepot import lecture
from analytics.portee import Portee
from analytics.volume import effet_volume
from analytics.volume.elasticite import estimer
from tests.analytics.monde import construire


def _monde(graine, elasticite, bruit, membres=19, articles=6, annees=3):
    """Prices planted: level of the article, of the year, of the membre, an elasticity to the yearly quantity, and noise."""
    tirage = random.Random(graine)
    tailles = [math.exp(tirage.gauss(0, 1.2)) for _ in range(membres)]
    adresses = [math.exp(tirage.gauss(0, 0.03)) for _ in range(membres)]
    rangees = []
    for a in range(articles):
        niveau = math.exp(tirage.gauss(0, 1))
        for m in range(membres):
            if tirage.random() < 0.3:
                continue
            besoin = 100 * tailles[m] * math.exp(tirage.gauss(0, 0.5))
            for annee in range(annees):
                quantite = besoin * math.exp(tirage.gauss(0, 0.1))
                prix = niveau * 1.03**annee * adresses[m] * (quantite / 100) ** elasticite * math.exp(tirage.gauss(0, bruit))
                rangees.append((f"A{a}", str(2023 + annee), f"M{m}", quantite, prix))
    return pl.DataFrame(rangees, schema=["article_id", "periode", "membre", "quantite", "prix"], orient="row")


def test_without_noise_the_planted_elasticity_is_found_exactly():
    e = estimer(_monde(1, -0.12, 0.0), 5, 20)
    assert (e.elasticite, e.bas, e.haut) == pytest.approx((-0.12, -0.12, -0.12), abs=1e-7)
    assert e.mesurable


def test_the_slope_is_that_of_a_regression_with_all_the_dummies():
    monde = _monde(2, -0.08, 0.05, membres=8, articles=3)
    donnees = {nom: monde[nom].to_list() for nom in monde.columns}
    donnees["y"] = [math.log(p) for p in donnees["prix"]]
    donnees["x"] = [math.log(q) for q in donnees["quantite"]]
    donnees["groupe"] = [a + p for a, p in zip(donnees["article_id"], donnees["periode"], strict=True)]
    attendue = ols("y ~ x + C(groupe) + C(membre)", donnees).fit().params["x"]
    assert estimer(monde, 5, 20).elasticite == pytest.approx(attendue, abs=1e-8)


def test_too_few_purchases_say_so():
    e = estimer(_monde(3, -0.1, 0.02, membres=4), 5, 20)
    assert e.elasticite is None
    assert "trop peu d'achats" in e.motif_absence
    assert not e.mesurable


def test_another_packaging_is_no_volume_effect():
    monde = _monde(4, 0.0, 0.02)
    monde = monde.with_columns(pl.when(pl.col("membre") == "M0").then(pl.col("prix") / 5).otherwise("prix").alias("prix"))
    e = estimer(monde, 5, 20)
    assert e.nb_membres == 18
    assert e.bas < 0 < e.haut


@pytest.mark.parametrize("elasticite", [0.0, -0.1])
def test_intervals_hold_the_planted_elasticity_at_the_nominal_rate(elasticite):
    estimees = [estimer(_monde(1000 + graine, elasticite, 0.04), 5, 20) for graine in range(100)]
    couverture = sum(e.bas <= elasticite <= e.haut for e in estimees) / len(estimees)
    assert 0.90 <= couverture <= 1.0
    if elasticite == 0:
        assert sum(e.mesurable for e in estimees) <= 8
    else:
        assert sum(e.mesurable for e in estimees) >= 90


def test_no_measurable_effect_is_said_in_french(tmp_path):
    lignes = [
        {"membre": f"10000000{m}", "prix": 4, "quantite": 10 + m, "fournisseur": f"F{m % 3}", "libelle": f"PAPIER A4 {g}G BLANC RAMETTE"}
        for m in range(8)
        for g in (80, 90, 100)
    ]
    with lecture(construire(lignes, tmp_path)) as curseur:
        effet = effet_volume(curseur, Portee(None, frozenset()), "AD01")
        assert effet.phrase.startswith("pas d'effet mesurable")
        assert not effet.mesurable
        cache = effet_volume(curseur, Portee(None, frozenset(), familles_verrouillees=frozenset({"AD01"})), "AD01")
        assert cache.elasticite is None
        assert "consultation" in cache.phrase
