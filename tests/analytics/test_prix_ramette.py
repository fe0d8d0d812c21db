"""The scenario of the ramette through the production build: the figures of the domain notes, to the cent."""

from decimal import Decimal

import pytest

from analytics import diffusion, prix
from analytics.entrepot import lecture
from analytics.portee import Portee
from tests.analytics.monde import construire
from tests.analytics.ramettes import RAMETTES


@pytest.fixture(scope="module")
def observatoire(tmp_path_factory):
    lignes = [
        {"membre": siren, "quantite": quantite, "prix": pu, "fournisseur": "BURO" if rang % 2 else "PAPETERIE"}
        for rang, (siren, quantite, pu) in enumerate(RAMETTES.values())
    ]
    with lecture(construire(lignes, tmp_path_factory.mktemp("ramettes"))) as curseur:
        yield curseur


def _portee(nom):
    siren = RAMETTES[nom][0]
    return Portee(siren, frozenset({siren}))


def _article(curseur):
    ((article,),) = curseur.sql("SELECT article_id FROM articles").fetchall()
    return article


def test_the_median_is_not_the_weighted_mean(observatoire):
    (table,) = observatoire.sql(
        "SELECT nb_membres, mediane * 500, moyenne_ponderee * 500, montant_ht FROM distributions WHERE periode = '2025'"
    ).fetchall()
    assert table[0] == 16
    assert table[1] == pytest.approx(4.315, rel=1e-12)
    assert round(table[2], 2) == 3.81
    assert table[3] == Decimal("46106.30")


def test_a_reader_sees_the_spread_rounded(observatoire):
    vue = diffusion.distributions(observatoire, _portee("Fléac"), [_article(observatoire)])[_article(observatoire), "2025"]
    assert vue.mediane.valeur == Decimal("0.008630")
    assert vue.mediane.unite == "€ HT / feuille"
    assert vue.minimum.valeur == Decimal("0.006840")
    assert vue.montant_ht.valeur == Decimal(46000)


@pytest.mark.parametrize(("nom", "mediane", "q1"), [("Fléac", 14, 160), ("Touvre", 140, 180), ("Soyaux", 0, 0), ("Angoulême", 0, 0)])
def test_my_gap_in_euros_a_year(observatoire, nom, mediane, q1):
    # Fléac: 390 × (4.35 − 4.315) = 13.65 and 390 × (4.35 − 3.9325) = 162.8; Touvre: 110 × 1.285 = 141.35 and 110 × 1.6675 = 183.4
    position = prix.position(observatoire, _article(observatoire), "2025", _portee(nom))
    assert position.ecart_mediane_an.valeur == mediane
    assert position.ecart_q1_an.valeur == q1


def test_the_total_is_the_sum_of_the_lines(observatoire):
    toutes = prix.positions(observatoire, "2025", _portee("Touvre"))
    assert toutes.total_q1_an == sum(ligne.ecart_q1_an.valeur for ligne in toutes.lignes) == 180
    assert toutes.nb_comparables == 1


def test_nobody_is_an_outlier_for_being_dear(observatoire):
    assert observatoire.sql("SELECT count(*) FROM prix_membres WHERE exclu").fetchall() == [(0,)]
