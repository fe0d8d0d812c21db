"""The fast reading of columns says what the boring reading of one cell says, for every text."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import typage
from ingest.schema import find_champ
from ingest.typage import detecter_style, masquer_colonne, typer
from ingest.valeurs import Style, arrondir, lire_nombre, lire_taux
from ingest.valeurs_dates import lire_date

FORMES = st.one_of(
    st.from_regex(r"[-(+−]?[0-9]{1,3}([  .,'][0-9]{3}){0,3}([.,][0-9]{0,4})?( ?€| ?EUR|%|-|\))?", fullmatch=True),
    st.from_regex(r"[0-9OolI.,€ -]{0,10}", fullmatch=True),
    st.text(max_size=8),
)
TEXTES = st.one_of(
    st.from_regex(
        r"'?[=+-]?(néant|N/A|NC|1 85 05 78 006 084 91|FR76 3000 6000 0112 3456 7890 189|[0-9]{1,4}[.,]0)?[ \u00a0\t]{0,2}", fullmatch=True
    ),
    st.text(st.characters(codec="cp1252"), max_size=8),
)
JOURS = st.one_of(
    st.from_regex(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-]([0-9]{2}|[0-9]{4})", fullmatch=True),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?", fullmatch=True),
    st.from_regex(r"[0-9]{1,8}", fullmatch=True),
    st.from_regex(r"[0-9]{0,2}[ -]?(janv|févr|mars|avril|mai|juin|juil|août|sept|oct|nov|déc)[.]?[ -][0-9]{2,4}", fullmatch=True),
    st.text(max_size=8),
)


@settings(max_examples=300, deadline=None)
@given(textes=st.lists(FORMES, min_size=1, max_size=20), style=st.sampled_from(Style))
def test_numbers_fast_as_slow(textes: list[str], style: Style) -> None:
    rapide = typer(pl.Series(textes), find_champ("prix_unitaire_ht"), style=style)
    for texte, valeur, defaut in zip(textes, rapide.valeurs.to_list(), _defauts(rapide.defauts, textes), strict=True):
        lent = lire_nombre(texte, style)
        attendu = None if lent.valeur is None else arrondir(lent.valeur, 6)
        assert (valeur, defaut) == (attendu, lent.defaut), texte


@settings(max_examples=300, deadline=None)
@given(textes=st.lists(JOURS, min_size=1, max_size=20))
def test_dates_fast_as_slow(textes: list[str]) -> None:
    rapide = typer(pl.Series(textes), find_champ("date"))
    for texte, valeur, defaut in zip(textes, rapide.valeurs.to_list(), _defauts(rapide.defauts, textes), strict=True):
        lent = lire_date(texte)
        assert (valeur, defaut) == (lent.valeur, lent.defaut), texte


@settings(max_examples=300, deadline=None)
@given(textes=st.lists(TEXTES, min_size=1, max_size=20, unique=True), nom=st.sampled_from(["libelle", "compte"]))
def test_few_texts_are_read_one_by_one_as_many_are_together(textes: list[str], nom: str) -> None:
    colonne, champ = pl.Series(textes), find_champ(nom)
    un_a_un = typage.lire_distincts(colonne, champ, Style.FRANCAIS, None)
    with pytest.MonkeyPatch.context() as reglage:
        reglage.setattr(typage, "_PEU", 0)
        ensemble = typage.lire_distincts(colonne, champ, Style.FRANCAIS, None)
    assert un_a_un.rows() == ensemble.rows()


def _defauts(defauts: pl.Series | None, textes: list[str]) -> list[str | None]:
    return [None] * len(textes) if defauts is None else defauts.to_list()


@pytest.mark.parametrize(("texte", "attendu"), [("0,005", "0.01"), ("-0,005", "-0.01"), ("2,675", "2.68"), ("90.11000000002", "90.11")])
def test_amounts_round_half_away_from_zero(texte: str, attendu: str) -> None:
    assert typer(pl.Series([texte]), find_champ("montant_ht")).valeurs.to_list() == [Decimal(attendu)]


def test_nulls_stay_nulls_and_order_is_kept() -> None:
    lu = typer(pl.Series(["2", None, "1", "2"]), find_champ("quantite"))
    assert lu.valeurs.to_list() == [Decimal(2), None, Decimal(1), Decimal(2)]
    assert lu.defauts is None


def test_a_rule_on_values_ignores_case_and_spaces() -> None:
    lu = typer(pl.Series(["BTE", "bte ", "kg"]), find_champ("unite"), substitutions={"BTE": "boîte"})
    assert lu.valeurs.to_list() == ["boîte", "boîte", "kg"]


def test_rates_are_read_as_per_cent() -> None:
    assert typer(pl.Series(["20 %", "0,055"]), find_champ("taux_tva")).valeurs.to_list() == [
        lire_taux("20").valeur,
        lire_taux("5,5").valeur,
    ]


@pytest.mark.parametrize(
    ("cellules", "style"),
    [
        (["1,234.50", "3,5"], Style.ANGLAIS),
        (["1.234,50", "3.500"], Style.EUROPEEN),
        (["1 234,50", "3,5"], Style.FRANCAIS),
        (["1,234", "2,5"], Style.FRANCAIS),
        ([None, ""], Style.FRANCAIS),
    ],
)
def test_style_of_a_column(cellules: list[str | None], style: Style) -> None:
    assert detecter_style(pl.Series(cellules, dtype=pl.String)) is style


@pytest.mark.parametrize(
    ("texte", "masque"),
    [
        ("obsèques 1 85 05 78 006 084 91 merci", "obsèques [donnée personnelle retirée] merci"),
        ("NIR 185057800608491", "NIR [donnée personnelle retirée]"),
        ("2 84 02 2A 004 012 21", "[donnée personnelle retirée]"),
        ("FR76 3000 6000 0112 3456 7890 189", "[donnée personnelle retirée]"),
        ("virement FR7630006000011234567890189 ok", "virement [donnée personnelle retirée] ok"),
        ("SIRET 21010034300016", "SIRET 21010034300016"),
        ("EAN 3017620422003 lot de 12", "EAN 3017620422003 lot de 12"),
        ("185057800608492 mauvaise clé", "185057800608492 mauvaise clé"),
    ],
)
def test_personal_numbers_are_taken_out(texte: str, masque: str) -> None:
    lu = masquer_colonne(pl.Series([texte]))[0]
    assert lu == masque


@pytest.mark.parametrize("texte", ["𝟎", "١٢", "1𝟐,5"])
def test_digits_of_other_scripts_are_read_alike_in_bulk_and_one_by_one(texte: str, monkeypatch: pytest.MonkeyPatch) -> None:
    champ = find_champ("montant_ttc")
    colonne = pl.Series([texte, "3,50", "12"])
    un_a_un = typage.lire_distincts(colonne, champ, Style.FRANCAIS, None)
    monkeypatch.setattr(typage, "_PEU", 0)
    ensemble = typage.lire_distincts(colonne, champ, Style.FRANCAIS, None)
    assert ensemble["valeur"].to_list() == un_a_un["valeur"].to_list()
    assert [d is None for d in ensemble["defaut"]] == [d is None for d in un_a_un["defaut"]]
