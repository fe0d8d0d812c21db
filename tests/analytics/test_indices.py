"""The price index: exact where it must be, equal to independent computations, silent where nothing links two quarters."""

import math
import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.indices.tpd import indice
from tests.references import indices as reference

T0 = 2023 * 4


def _table(releves):
    """From (model, quarter, price, amount); the membre is the first letter of the model."""
    return pl.DataFrame(
        [(m, m[0], T0 + t, p, a) for m, t, p, a in releves],
        schema={"modele": pl.String, "membre": pl.String, "trimestre": pl.Int64, "prix": pl.Float64, "montant": pl.Float64},
        orient="row",
    )


def _relatifs(releves):
    """Index of each quarter over that of the first one."""
    points = indice(_table(releves))
    return {point.trimestre - T0: point.indice / points[0].indice for point in points}


def test_nothing_gives_nothing():
    assert indice(_table([])) == ()
    assert indice(_table([("a", 0, 4.0, 10.0)])) == ()


def test_common_inflation_is_recovered_exactly_with_missing_models():
    inflation = [1.0, 1.02, 1.05, 1.01, 1.08]
    trous = {("a1", 1), ("b1", 0), ("c1", 4), ("c1", 3)}
    releves = [
        (m, t, niveau * inflation[t], 10.0 * (t + 1) * niveau)
        for m, niveau in (("a1", 3.0), ("a2", 8.0), ("b1", 0.5), ("c1", 120.0))
        for t in range(5)
        if (m, t) not in trous
    ]
    assert _relatifs(releves) == pytest.approx(dict(enumerate(inflation)), rel=1e-9)


def test_the_base_is_the_first_year():
    points = indice(_table([("a", t, 4.0 * 1.01**t, 10.0) for t in range(8)]))
    assert math.prod(p.indice for p in points[:4]) ** 0.25 == pytest.approx(100)
    assert points[4].indice == pytest.approx(100 * 1.01 ** (4 - 1.5))


def test_two_quarters_are_the_closed_form_of_the_literature():
    """Weighted bilateral TPD: ln P = Σ h ln(p1/p0) ÷ Σ h, h = s0 s1 / (s0 + s1) (Diewert, Review of Income and Wealth 51, 2005)."""
    prix0, prix1 = {"a": 2.0, "b": 5.0, "c": 1.0}, {"a": 2.2, "b": 4.9, "c": 1.4}
    montants0, montants1 = {"a": 60.0, "b": 30.0, "c": 10.0}, {"a": 40.0, "b": 50.0, "c": 10.0}
    h = {m: (montants0[m] / 100) * (montants1[m] / 100) / ((montants0[m] + montants1[m]) / 100) for m in prix0}
    attendu = math.exp(sum(h[m] * math.log(prix1[m] / prix0[m]) for m in h) / sum(h.values()))
    releves = [(m, 0, prix0[m], montants0[m]) for m in prix0] + [(m, 1, prix1[m], montants1[m]) for m in prix1]
    assert _relatifs(releves)[1] == pytest.approx(attendu, rel=1e-12)


def test_a_model_that_is_not_the_same_thing_any_more_is_left_out():
    stables = [(m, t, 4.0, 10.0) for m in ("a", "b") for t in range(3)]
    assert _relatifs([*stables, ("c", 0, 4.0, 10.0), ("c", 1, 20.0, 50.0)]) == pytest.approx({0: 1, 1: 1, 2: 1})


def test_a_quarter_linked_to_nothing_has_no_point():
    releves = [("a", 0, 4.0, 10.0), ("a", 1, 4.4, 10.0), ("b", 2, 5.0, 10.0), ("b", 3, 6.0, 10.0)]
    assert set(_relatifs(releves)) == {0, 1}


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["a1", "a2", "b1", "c1"]), st.integers(0, 3)),
        st.tuples(st.floats(1.0, 1.5), st.floats(1.0, 100.0)),
        min_size=4,
    )
)
def test_equals_its_twin_with_all_the_dummies(monde):
    # the two models below link all the quarters, so that the twin has one solution
    monde = {**{("z1", t): (1.0 + t / 10, 20.0) for t in range(4)}, **{("z2", t): (1.3, 5.0) for t in range(4)}, **monde}
    vus = [m for m, _ in monde]
    releves = [(m, t, p, a) for (m, t), (p, a) in monde.items() if vus.count(m) >= 2]
    assert _relatifs(releves) == pytest.approx(reference.tpd(releves), rel=1e-8)


def test_agrees_with_geks_tornqvist_when_prices_scatter():
    tirage = random.Random(7)
    releves = [
        (f"m{m}", t, niveau * 1.01**t * math.exp(tirage.gauss(0, 0.02)), niveau * tirage.uniform(5, 15))
        for m in range(60)
        for niveau in [tirage.uniform(1, 20)]
        for t in range(6)
    ]
    ours, theirs = _relatifs(releves), reference.geks_tornqvist([(m, t, p, a) for m, t, p, a in releves])
    for trimestre, valeur in ours.items():
        assert valeur == pytest.approx(theirs[trimestre], rel=0.003)
        assert valeur == pytest.approx(1.01**trimestre, rel=0.01)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    dedans = total = 0
    for graine in range(60):
        tirage = random.Random(graine)
        releves = [
            (f"{chr(97 + m)}{a}", t, 5 * 1.02**t * math.exp(tirage.gauss(0, 0.03)), tirage.uniform(5, 15))
            for m in range(16)
            for a in range(4)
            for t in range(4)
        ]
        points = indice(_table(releves))
        vrai = [1.02**t for t in range(4)]
        moyenne = math.prod(vrai) ** 0.25
        dedans += sum(p.bas <= 100 * vrai[k] / moyenne <= p.haut for k, p in enumerate(points))
        total += len(points)
    assert 0.90 <= dedans / total <= 0.99
