"""One cell at a time: every form of produit §4."""

from datetime import date
from decimal import Decimal

import pytest

from ingest.valeurs import Defaut, Style, lire_code, lire_gtin, lire_nombre, lire_siret, lire_taux
from ingest.valeurs_dates import lire_date


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("1234,56", "1234.56"),
        ("1 234,56 €", "1234.56"),
        ("1\u00a0234,56\u00a0€", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("1\u2009234\u2009567,8", "1234567.8"),
        ("1234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("(1 234,56)", "-1234.56"),
        ("(12,5 €)", "-12.5"),
        ("12-", "-12"),
        ("12,50 -", "-12.50"),
        ("-12", "-12"),
        ("−12", "-12"),
        ("+12", "12"),
        ("€ 12", "12"),
        ("12 EUR", "12"),
        ("12,50 € HT", "12.50"),
        ("1,5E+02", "150"),
        (",5", "0.5"),
        ("5,", "5"),
        ("0", "0"),
        ("90.11000000002", "90.11000000002"),
    ],
)
def test_nombre(texte: str, attendu: str) -> None:
    assert lire_nombre(texte).valeur == Decimal(attendu)
    assert lire_nombre(texte).defaut is None


@pytest.mark.parametrize("texte", ["", " ", "-", "NC", "néant", "N/A", "\u00a0"])
def test_nombre_absent_is_not_a_fault(texte: str) -> None:
    lu = lire_nombre(texte)
    assert (lu.valeur, lu.defaut) == (None, None)


@pytest.mark.parametrize(
    ("texte", "defaut"),
    [
        ("12,5O", Defaut.LETTRE_O),
        ("O,5", Defaut.LETTRE_O),
        ("1l,5", Defaut.LETTRE_L),
        ("douze", Defaut.ILLISIBLE),
        ("12 34", Defaut.ILLISIBLE),
        ("1,2,3", Defaut.ILLISIBLE),
        ("12/5", Defaut.ILLISIBLE),
        ("1" + "0" * 15, Defaut.TROP_GRAND),
        ("#REF!", Defaut.ILLISIBLE),
        ("²", Defaut.ILLISIBLE),
    ],
)
def test_nombre_illisible_is_said_and_never_guessed(texte: str, defaut: Defaut) -> None:
    lu = lire_nombre(texte)
    assert (lu.valeur, lu.defaut) == (None, defaut)


def test_a_column_decides_what_a_lone_sign_means() -> None:
    assert lire_nombre("1,234", Style.ANGLAIS).valeur == Decimal(1234)
    assert lire_nombre("1.234", Style.EUROPEEN).valeur == Decimal(1234)
    assert lire_nombre("1,234").valeur == Decimal("1.234")


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("31/12/2025", date(2025, 12, 31)),
        ("31/12/25", date(2025, 12, 31)),
        ("1/2/2025", date(2025, 2, 1)),
        ("31.12.2025", date(2025, 12, 31)),
        ("31-12-2025", date(2025, 12, 31)),
        ("2025-12-31", date(2025, 12, 31)),
        ("2025/12/31", date(2025, 12, 31)),
        ("2025-12-31T10:30:00", date(2025, 12, 31)),
        ("31/12/2025 14:05", date(2025, 12, 31)),
        ("31/12/2025 à 14h05", date(2025, 12, 31)),
        ("20251231", date(2025, 12, 31)),
        ("46022", date(2025, 12, 31)),
        ("46022.5", date(2025, 12, 31)),
        ("31 décembre 2025", date(2025, 12, 31)),
        ("1er août 2025", date(2025, 8, 1)),
        ("lundi 3 mars 2025", date(2025, 3, 3)),
        ("31-déc.-25", date(2025, 12, 31)),
        ("3 fév 2025", date(2025, 2, 3)),
        ("31\u00a0décembre\u00a02025", date(2025, 12, 31)),
    ],
)
def test_date(texte: str, attendu: date) -> None:
    lu = lire_date(texte)
    assert (lu.valeur, lu.defaut) == (attendu, None)


@pytest.mark.parametrize(
    ("texte", "valeur", "defaut"),
    [
        ("déc-25", date(2025, 12, 1), Defaut.DATE_AU_MOIS),
        ("Juil. 25", date(2025, 7, 1), Defaut.DATE_AU_MOIS),
        ("12/2025", date(2025, 12, 1), Defaut.DATE_AU_MOIS),
        ("2025-12", date(2025, 12, 1), Defaut.DATE_AU_MOIS),
        ("2025", None, Defaut.DATE_ANNEE_SEULE),
        ("2022-02-31", None, Defaut.DATE_INEXISTANTE),
        ("31/13/2025", None, Defaut.DATE_INEXISTANTE),
        ("hier", None, Defaut.ILLISIBLE),
        ("jui-25", None, Defaut.ILLISIBLE),
        ("12", None, Defaut.ILLISIBLE),
    ],
)
def test_date_in_doubt_is_said(texte: str, valeur: date | None, defaut: Defaut) -> None:
    lu = lire_date(texte)
    assert (lu.valeur, lu.defaut) == (valeur, defaut)


@pytest.mark.parametrize(
    ("texte", "valeur", "defaut"),
    [
        ("21010034300016", "21010034300016", None),
        ("210 100 343 00016", "21010034300016", None),
        ("21010034300016.0", "21010034300016", None),
        ("210100343", "210100343", None),
        ("35600000000048", "35600000000048", None),  # La Poste: Luhn holds for the head office
        ("35600000049837", "35600000049837", None),  # another post office: Luhn fails, sum of digits divisible by five
        ("FR83404833048", "404833048", None),
        ("5780001300005", "05780001300005", Defaut.ZERO_RENDU),
        ("2,10E+13", None, Defaut.SCIENTIFIQUE),
        ("7.53E+12", None, Defaut.SCIENTIFIQUE),
        ("21010034300017", None, Defaut.CLE_FAUSSE),
        ("1234", None, Defaut.LONGUEUR),
        ("inconnu", None, Defaut.ILLISIBLE),
        ("", None, None),
    ],
)
def test_siret(texte: str, valeur: str | None, defaut: Defaut | None) -> None:
    lu = lire_siret(texte)
    assert (lu.valeur, lu.defaut) == (valeur, defaut)


@pytest.mark.parametrize(
    ("texte", "attendu", "defaut"),
    [
        ("20", "20", None),
        ("20 %", "20", None),
        ("5,5", "5.5", None),
        ("0,055", "5.5", None),
        ("0.2", "20", None),
        ("TVA 10%", "10", None),
        ("2,1", "2.1", None),
        ("8,5 %", "8.5", None),
        ("0", "0", None),
        ("exonéré", "0", None),
        ("17", "17", Defaut.TAUX_INCONNU),
    ],
)
def test_taux(texte: str, attendu: str, defaut: Defaut | None) -> None:
    lu = lire_taux(texte)
    assert (lu.valeur, lu.defaut) == (Decimal(attendu), defaut)


def test_codes_stay_text() -> None:
    assert lire_code("0012") == "0012"
    assert lire_code("6064.0") == "6064"
    assert lire_code(" 2A004 ") == "2A004"
    assert lire_code("") is None


def test_gtin() -> None:
    assert lire_gtin("3017620422003").valeur == "3017620422003"
    assert lire_gtin("3017620422004").defaut is Defaut.CLE_FAUSSE
    assert lire_gtin("7.53E+12").defaut is Defaut.SCIENTIFIQUE
