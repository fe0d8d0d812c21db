"""Yearly needs equal their boring twin; forecasts keep their promises on series whose future is known."""

import math
import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics import besoins
from analytics.besoins.prevision import prevoir, saisonnalite
from analytics.entrepot import lecture
from analytics.portee import Portee
from ingest.erreurs import Refus
from tests.analytics.monde import construire
from tests.references import besoins as reference

MOI = "100000000"
TOUT = Portee(None, frozenset(), tout=True)
LIBELLES = ("RAMETTE PAPIER A4 80G BLANC", "RAMETTE PAPIER A3 80G BLANC")

lignes = st.fixed_dictionaries(
    {
        "membre": st.integers(0, 2).map(lambda n: f"10000000{n}"),
        "numero": st.integers(1, 2),
        "libelle": st.sampled_from(LIBELLES),
        "date": st.dates(date(2023, 11, 1), date(2025, 12, 31)),
        "quantite": st.sampled_from([Decimal(-1), Decimal(2), Decimal("7.5")]),
        "prix": st.sampled_from(["4", "17.5"]),
        "contenu_approx": st.booleans(),
    }
).map(
    lambda ligne: {
        **{nom: valeur for nom, valeur in ligne.items() if nom != "numero"},
        "depot": f"D{ligne['membre'][-1]}{ligne['numero']}",
        "nature": "avoir" if ligne["quantite"] < 0 else "achat",
    }
)
DEUX_ANS = [
    {"membre": MOI, "depot": "D01", "libelle": LIBELLES[0], "date": date(2024 + m // 12, m % 12 + 1, 3), "quantite": Decimal(2),
     "prix": "4", "contenu_approx": False, "nature": "achat"}
    for m in range(24)
]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(lignes, max_size=25))
@example([])
@example(DEUX_ANS)
def test_needs_equal_their_twin(monde):
    typees = [{**ligne, "montant_ht": (Decimal(ligne["prix"]) * ligne["quantite"]).quantize(Decimal("0.01"))} for ligne in monde]
    attendus = reference.besoins(typees)
    with TemporaryDirectory() as dossier, lecture(construire(monde, Path(dossier))) as curseur:
        noms = dict(curseur.sql("SELECT DISTINCT article_id, libelle FROM lignes").fetchall())
        lus = curseur.sql("SELECT * FROM besoins").pl().to_dicts()
        assert {(lu["membre"], noms[lu["article_id"]]) for lu in lus} == set(attendus)
        for lu in lus:
            attendu = attendus[lu["membre"], noms[lu["article_id"]]]
            assert float(lu["quantite_annuelle"]) == pytest.approx(attendu["quantite"], abs=1e-5)
            assert abs(lu["montant_annuel_ht"] - attendu["montant"]) <= Decimal("0.01")
            assert lu["mois_couverts"] == attendu["mois"]
            bornes = tuple(lu[nom] for nom in ("quantite_min_an", "quantite_max_an", "montant_min_an", "montant_max_an"))
            assert bornes == attendu["bornes"]


def test_one_order_is_not_multiplied_by_twelve(tmp_path):
    with lecture(construire([{"membre": MOI, "quantite": 390, "prix": "4.35"}], tmp_path)) as curseur:
        (besoin,) = besoins.besoins_membre(curseur, TOUT, MOI)
        assert besoin.quantite_annuelle == 195000
        assert besoin.montant_annuel_ht == Decimal("1696.50")
        assert besoin.mois_couverts == 1


def test_the_needs_of_another_are_refused(tmp_path):
    with lecture(construire([{"membre": MOI, "quantite": 1, "prix": 4}], tmp_path)) as curseur, pytest.raises(Refus, match="pas ouverts"):
        besoins.besoins_membre(curseur, Portee("100000001", frozenset({"100000001"})), MOI)


def test_without_history_no_interval_and_without_a_month_nothing():
    janvier = [date(2025, 1, 1)]
    prevision = prevoir(janvier, [10.0], date(2026, 1, 1), date(2026, 12, 1))
    assert (prevision.valeur, prevision.bas, prevision.haut) == (120.0, None, None)
    assert prevision.methode == "seul mois couvert"
    assert prevoir([], [], date(2026, 1, 1), date(2026, 12, 1)) is None


def test_part_of_a_year_follows_the_season():
    mois = [date(2024 + r // 12, r % 12 + 1, 1) for r in range(24)]
    valeurs = [120.0 if jour.month == 7 else 0.0 for jour in mois]
    assert saisonnalite(mois, valeurs)[6] == 12
    assert prevoir(mois, valeurs, date(2026, 7, 1), date(2026, 7, 1)).valeur == pytest.approx(120)
    assert prevoir(mois, valeurs, date(2026, 1, 1), date(2026, 6, 1)).valeur == 0
    assert prevoir(mois, valeurs, date(2026, 1, 1), date(2026, 12, 1)).valeur == pytest.approx(120)


@pytest.mark.parametrize("annees", [2, 5])
def test_the_interval_holds_what_happens_about_as_often_as_it_says(annees):
    mois = [date(2020 + r // 12, r % 12 + 1, 1) for r in range(12 * annees)]
    dedans = 0
    for graine in range(60):
        tirage = random.Random(graine)
        serie = [math.exp(tirage.gauss(3, 0.5)) for _ in range(12 * annees + 12)]
        prevision = prevoir(mois, serie[: 12 * annees], date(2020 + annees, 1, 1), date(2020 + annees, 12, 1))
        dedans += prevision.bas <= sum(serie[12 * annees :]) <= prevision.haut
    assert 0.65 <= dedans / 60 <= 0.95
    assert prevision.methode.startswith("lissage" if annees == 5 else "moyenne")


def test_the_past_is_forecast_to_say_how_wrong_it_was(tmp_path):
    assert all(ligne["prix"] == "4" for ligne in DEUX_ANS)
    with lecture(construire(DEUX_ANS, tmp_path)) as curseur:
        retro = besoins.retrotester(curseur)
        assert (retro.annee, retro.erreur.valeur, retro.erreur_meme_an.valeur) == (2025, 0, 0)
        prevu = besoins.prevoir_besoin(curseur, TOUT, MOI, "AD01", date(2026, 3, 1), date(2027, 2, 1))
        assert prevu.montant_ht.valeur == pytest.approx(96)
        assert prevu.quantite is None
