"""French readers' numbers: spaces that do not break, commas, plurals, no false precision."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import formats


def spaces(texte: str) -> str:
    return texte.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("obtenu", "attendu"),
    [
        (formats.euros(Decimal("1234.56")), "1 234,56 €"),
        (formats.euros(Decimal("-0.005")), "−0,01 €"),
        (formats.euros(Decimal(12), signe=True), "+12,00 €"),
        (formats.euros_entiers(216000), "216 000 €"),
        (formats.prix(Decimal("0.00776")), "0,00776 €"),
        (formats.prix(Decimal("3.455")), "3,46 €"),
        (formats.prix(Decimal("0.5")), "0,500 €"),
        (formats.environ(Decimal("1347.2")), "environ 1 300 €"),
        (formats.environ(Decimal("0.4")), "moins de 1 €"),
        (formats.environ(Decimal(-371), signe=True), "environ −370 €"),
        (formats.fourchette(9012, 13870), "9 000 à 14 000 €"),
        (formats.fourchette(9012, 9020), "environ 9 000 €"),
        (formats.pct(Decimal("0.18")), "18 %"),
        (formats.taux(Decimal("5.50")), "5,5 %"),
        (formats.quantite(12090, "feuille"), "12 090 feuilles"),
        (formats.quantite(1, "feuille"), "1 feuille"),
        (formats.quantite(Decimal("1.5"), "l"), "1,50 L"),
        (formats.quantite(3, "unite"), "3 unités"),
        (formats.quantite(3, "sac de 25 kg"), "3 sacs de 25 kg"),
        (formats.pluriel(0, "ligne retenue"), "0 ligne retenue"),
        (formats.pluriel(1204, "ligne retenue"), "1 204 lignes retenues"),
        (formats.date_longue(date(2027, 3, 1)), "1er mars 2027"),
        (formats.instant(datetime(2026, 11, 12, 8, 5, tzinfo=UTC)), "12 novembre 2026 à 9 h 05"),
        (formats.date_courte(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)), "01/01/2027"),
        (formats.duree(48), "4 ans"),
        (formats.duree(18), "18 mois"),
        (formats.taille(1_234_567), "1,2 Mo"),
        (formats.siren("211603981"), "211 603 981"),
        (formats.enumeration(["a", "b", "c"]), "a, b et c"),
    ],
)
def test_says_it_as_a_french_reader_would(obtenu: str, attendu: str) -> None:
    assert spaces(obtenu) == attendu


def test_a_number_and_its_unit_never_part() -> None:
    assert " " not in formats.euros(Decimal("1234567.89")) + formats.quantite(12, "kg") + formats.pct(Decimal("0.5"))


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_an_amount_reads_back_as_itself(montant: Decimal) -> None:
    lu = formats.euros(montant).replace("\u202f", "").replace("\u00a0€", "").replace(",", ".").replace("\u2212", "-")
    assert Decimal(lu) == montant


@given(st.decimals(min_value=1, max_value=10**9, places=2))
def test_an_estimate_is_within_five_per_cent_of_the_exact_amount(montant: Decimal) -> None:
    assert abs(formats.arrondi_significatif(montant) - montant) <= montant * Decimal("0.05")
