"""French numbers, dates, names and spaces."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.typographie import arrondir_estimation, composer, date_longue, de, enumerer, euros, euros_estimes, nombre, pourcentage

F, I = "\u202f", "\u00a0"  # noqa: E741 — fine, insécable


@pytest.mark.parametrize(
    ("valeur", "decimales", "attendu"),
    [
        (12090, None, f"12{F}090"),
        (Decimal("1234.50"), None, f"1{F}234,5"),
        (Decimal("1234.5"), 2, f"1{F}234,50"),
        (Decimal(-156), 2, "−156,00"),
        (Decimal("0.125"), 2, "0,13"),
        (Decimal("1E+3"), None, f"1{F}000"),
        (999, None, "999"),
    ],
)
def test_numbers(valeur: Decimal | int, decimales: int | None, attendu: str) -> None:
    assert nombre(valeur, decimales) == attendu


def test_amounts_parts_and_dates() -> None:
    assert euros(Decimal(166842)) == f"166{F}842,00{I}€"
    assert euros_estimes(Decimal("1188.26")) == f"environ 1{F}200{I}€"
    assert pourcentage(Decimal("0.426")) == f"43{I}%"
    assert date_longue(date(2026, 4, 1)) == f"1er{I}avril{I}2026"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_an_estimate_keeps_its_sign_and_two_figures(montant: Decimal) -> None:
    arrondi = arrondir_estimation(montant)
    assert abs(arrondi - montant) <= abs(montant) * Decimal("0.05")
    assert len(format(abs(arrondi), "f").replace(".", "").strip("0")) <= 2


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("Touvre", "de Touvre"),
        ("Angoulême", "d’Angoulême"),
        ("Le Brouillet", "du Brouillet"),
        ("Les Ormes", "des Ormes"),
        ("La Couronne", "de La Couronne"),
        ("L'Isle-d'Espagnac", "de L'Isle-d'Espagnac"),
        ("Écuelles", "d’Écuelles"),
        ("Hiersac", "d’Hiersac"),
    ],
)
def test_names_after_de(nom: str, attendu: str) -> None:
    assert de(nom) == attendu


def test_lists() -> None:
    assert enumerer(["a"]) == "a"
    assert enumerer(["a", "b", "c"]) == "a, b et c"
    assert enumerer([]) == ""


@pytest.mark.parametrize(
    ("brut", "attendu"),
    [
        ("l'objet : rien ; fin", f"l’objet{I}: rien{F}; fin"),
        ("dit « oui » !", f"dit «{I}oui{I}»{F}!"),
        ("article L. 2113-6 et article 3", f"article{I}L.{I}2113-6 et article{I}3"),
        ("12 090 € et 43 %", f"12{F}090{I}€ et 43{I}%"),
        ("3 € HT", f"3{I}€{I}HT"),
        ("à 12:30", "à 12:30"),
        ("22 novembre 2026", "22 novembre 2026"),
    ],
)
def test_spaces(brut: str, attendu: str) -> None:
    assert composer(brut) == attendu


@given(st.text(alphabet="ab 12«»;:!?'€%L.", max_size=40))
def test_spaces_are_set_once_for_all_and_no_letter_is_lost(texte: str) -> None:
    compose = composer(texte)
    assert composer(compose) == compose
    assert "".join(compose.split()).replace("’", "'") == "".join(texte.split()).replace("’", "'")
