"""Headers: found among titles and values, two levels made one, names unique."""

import pytest

from ingest.lecture.entete import est_valeur, lettre, nommer, plier, trouver_entete


def test_header_stands_above_values_under_titles() -> None:
    lignes = [["Mairie de X", ""], ["Année", "2025"], ["Désignation", "Montant HT"], ["Ramette", "12,50"]]
    trouve = trouver_entete(lignes)
    assert trouve is not None
    assert (trouve.debut, trouve.fin, trouve.noms) == (2, 3, ("Désignation", "Montant HT"))


def test_unknown_words_are_a_header_when_values_stand_below() -> None:
    trouve = trouver_entete([["Truc", "Bidule", "Machin"], ["a", "12,5", "3"], ["b", "7", "4"]])
    assert trouve is not None
    assert trouve.noms == ("Truc", "Bidule", "Machin")


def test_values_alone_have_no_header() -> None:
    assert trouver_entete([["12/03/2025", "Ramette", "40"], ["13/03/2025", "Gel", "6"]]) is None


def test_two_levels_are_read_as_one_name() -> None:
    lignes = [
        ["Désignation", "Quantité", "Prix unitaire", "", "Montant", ""],
        ["", "", "HT", "TTC", "HT", "TTC"],
        ["Ramette", "40", "3,85", "4,62", "154,00", "184,80"],
    ]
    trouve = trouver_entete(lignes)
    assert trouve is not None
    assert trouve.noms == ("Désignation", "Quantité", "Prix unitaire HT", "Prix unitaire TTC", "Montant HT", "Montant TTC")
    assert trouve.fin == 2


def test_a_first_line_of_text_is_not_a_second_level() -> None:
    trouve = trouver_entete([["Fournisseur", "Désignation", "Quantité", "Montant"], ["DUPONT", "Ramette", "douze", "154,00"]])
    assert trouve is not None
    assert trouve.fin == 1


def test_names_are_unique_and_never_blank() -> None:
    assert nommer(["Montant", "", "Montant", "ligne", "Montant (2)"]) == ("Montant", "Colonne B", "Montant (2)", "Ligne", "Montant (2) (2)")


@pytest.mark.parametrize(("rang", "attendu"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")])
def test_columns_are_lettered_as_in_a_spreadsheet(rang: int, attendu: str) -> None:
    assert lettre(rang) == attendu


@pytest.mark.parametrize("texte", ["12", "1 234,56 €", "(12,00)", "12,00-", "20 %", "12/03/2025", "2025-03-12", "2,10E+13", "-3.5", "€ 12"])
def test_values(texte: str) -> None:
    assert est_valeur(texte)


@pytest.mark.parametrize("texte", ["Ramette A4", "12 ramettes", "Colonne 1", "", "HT"])
def test_not_values(texte: str) -> None:
    assert not est_valeur(texte)


def test_folding_forgets_accents_case_and_punctuation() -> None:
    assert plier("  Qté  (U.V.) livrée ") == "qte u v livree"
