"""Lines set aside and flagged: what is a total, a title, a repeated header, and what only looks like one."""

import polars as pl
import pytest

from ingest.lecture.cadre import cadre_de_lignes, tables_du_cadre

ENTETE = ["Date", "Fournisseur", "Désignation", "Quantité", "Montant HT"]
ACHAT = ["12/03/2025", "DUPONT", "Ramette", "40", "154,00"]


def ecarts(*lignes: list[str]) -> list[str | None]:
    [table] = tables_du_cadre(cadre_de_lignes(list(enumerate([ENTETE, *lignes], 1))), "")
    return pl.concat(list(table.blocs()))["ecart"].to_list()


@pytest.mark.parametrize(
    "ligne",
    [
        ["TOTAL", "", "", "", "154,00"],
        ["", "", "Total général :", "40", "154,00"],
        ["Sous-total", "DUPONT", "", "", "154,00"],
        ["", "s/total DUPONT", "", "40", "154,00"],
        ["", "", "** TOTAL **", "", "154,00"],
        ["", "", "À reporter", "", "154,00"],
        ["Report", "", "", "", "154,00"],
        ["", "", "Cumul annuel", "", "154,00"],
        ["Nombre de lignes", "12", "", "", ""],
    ],
)
def test_totals_are_set_aside(ligne: list[str]) -> None:
    assert ecarts(ACHAT, ACHAT, ligne) == [None, None, "total"]


@pytest.mark.parametrize(
    "ligne",
    [
        ["12/03/2025", "TOTAL ENERGIES", "Gazole", "500", "490,00"],
        ["12/03/2025", "DUPONT", "Total nettoyage", "1", "80,00"],
        ["", "DUPONT", "Reportage photo", "", "80,00"],
        ["12/03/2025", "", "Ramette", "", "154,00"],
    ],
)
def test_purchases_that_look_like_totals_are_kept(ligne: list[str]) -> None:
    assert ecarts(ACHAT, ACHAT, ligne) == [None, None, None]


def test_a_lone_text_is_a_title_but_a_lone_number_is_a_line() -> None:
    assert ecarts(ACHAT, ["PAPETERIE", "", "", "", ""], ACHAT, ["", "", "", "", "154,00"]) == [None, "titre", None, None]


def test_a_repeated_header_is_set_aside_even_incomplete() -> None:
    assert ecarts(ACHAT, ["Date", "Fournisseur", "Désignation", "", ""], ACHAT) == [None, "entete_repetee", None]


def test_blank_rows_are_not_lines_and_keep_the_numbers_right() -> None:
    [table] = tables_du_cadre(cadre_de_lignes([(1, ENTETE), (2, ["", " ", "", "", ""]), (3, ACHAT), (4, []), (5, ACHAT)]), "")
    assert pl.concat(list(table.blocs()))["ligne"].to_list() == [3, 5]


def test_figures_without_a_word_are_a_total_only_when_they_sum_the_lines_above() -> None:
    gel = ["13/03/2025", "MARTIN", "Gel", "6", "74,40"]
    assert ecarts(ACHAT, gel, ["", "", "", "", "228,40"]) == [None, None, "total"]
    assert ecarts(ACHAT, gel, ["", "", "", "46", "228,40 €"], gel, gel, ["", "", "", "", "148,80"]) == [
        None,
        None,
        "total",
        None,
        None,
        "total",
    ]
    assert ecarts(ACHAT, gel, ["", "", "", "", "228,50"]) == [None, None, None]
    assert ecarts(ACHAT, ["", "", "", "", "154,00"]) == [None, None]
