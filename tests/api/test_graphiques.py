"""A drawing never lies about order, and always carries its words and its table."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from api import formats, graphiques

montants = st.decimals(min_value=Decimal("0.001"), max_value=10**6, places=4)


@given(st.lists(montants, min_size=7, max_size=7), st.none() | montants)
def test_the_marks_of_a_distribution_stand_in_the_order_of_their_values(valeurs: list[Decimal], vous: Decimal | None) -> None:
    bande = graphiques.bande_prix("p", "Ramette", "ramette", graphiques.Chiffres(*sorted(valeurs)), "3 membres", vous)
    reperes = (bande.minimum, bande.p10, bande.q1, bande.mediane, bande.q3, bande.p90, bande.maximum)
    places = [repere.position for repere in reperes if repere is not None]
    assert len(places) == 7
    assert places == sorted(places)
    assert all(0 <= place <= bande.largeur for place in places)
    assert bande.mediane.texte in bande.description
    assert len(bande.table.rangs) == (7 if vous is None else 8)


def test_what_may_not_be_shown_is_neither_drawn_nor_said() -> None:
    chiffres = graphiques.Chiffres(None, None, None, Decimal("4.15"), None, None, None)
    bande = graphiques.bande_prix("p", "Ramette", "ramette", chiffres, "3 membres", Decimal("4.33"))
    assert bande.q1 is bande.minimum is bande.p90 is None
    assert [nom for nom, _ in bande.table.rangs] == ["médiane", "votre prix"]
    assert "extrêmes" not in bande.legende
    assert "moitié" not in bande.description


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_graduations_enclose_what_they_measure(un: float, autre: float) -> None:
    bas, haut = sorted((un, autre))
    valeurs = graphiques.choisir_graduations(bas, haut)
    marge = max(abs(bas), abs(haut), 1e-6) * 1e-6
    assert valeurs[0] <= bas + marge
    assert valeurs[-1] >= haut - marge
    assert 2 <= len(valeurs) <= 12


def test_a_loss_goes_left_of_the_zero_and_a_gain_right() -> None:
    dessin = graphiques.barres(
        "g",
        "Gains",
        [("Touvre", Decimal(1340)), ("Angoulême", Decimal(-1190))],
        ecrire=formats.environ,
        colonnes=("Membre", "Gain"),
        description="d",
    )
    gain, perte = dessin.barres
    assert gain.x == dessin.zero
    assert perte.x + perte.largeur == dessin.zero
    assert (gain.negatif, perte.negatif) == (False, True)
    assert dessin.table.rangs[1] == ("Angoulême", formats.environ(Decimal(-1190)))


def test_a_line_of_one_point_is_drawn() -> None:
    dessin = graphiques.courbe("c", "Indice", [("T1 2024", Decimal(100))], ecrire=formats.nombre, colonnes=("Trimestre", "Indice"))
    assert dessin.points[0].texte == "100"
    assert dessin.table.rangs == (("T1 2024", "100"),)
