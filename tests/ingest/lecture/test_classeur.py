"""Workbooks: one canonical text per cell, whatever its type; oversized sheets read within bounds."""

import datetime
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.lecture import lire
from ingest.lecture.classeur import _colonne, texte_de_cellule


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        ("", None),
        ("00012", "00012"),
        (40, "40"),
        (40.0, "40"),
        (3.85, "3.85"),
        (0.1 + 0.2, "0.30000000000000004"),
        (21160015000018.0, "21160015000018"),
        (1e20, "1e+20"),
        (True, "oui"),
        (False, "non"),
        (datetime.date(2025, 3, 12), "2025-03-12"),
        (datetime.datetime(2025, 3, 12, 0, 0), "2025-03-12"),  # noqa: DTZ001 - a sheet has no time zone
        (datetime.datetime(2025, 3, 12, 14, 30), "2025-03-12 14:30:00"),  # noqa: DTZ001
        (datetime.time(14, 30), "14:30:00"),
    ],
)
def test_cells_have_one_text(valeur: object, attendu: str | None) -> None:
    assert texte_de_cellule(valeur) == attendu  # type: ignore[arg-type]


@given(
    st.lists(
        st.one_of(st.text(max_size=5), st.integers(-5, 5), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.dates())
    )
)
def test_rendering_a_column_is_rendering_each_cell(valeurs: list[object]) -> None:
    assert _colonne(valeurs).to_list() == [texte_de_cellule(v) for v in valeurs]  # type: ignore[arg-type]


def test_formatted_empty_rows_are_not_lines(tmp_path: Path) -> None:
    classeur = openpyxl.Workbook()
    feuille = classeur.active
    feuille.append(["Désignation", "Quantité", "Montant HT"])
    feuille.append(["Ramette", 40, 154])
    for rang in range(3, 3000):
        feuille.cell(rang, 1).font = openpyxl.styles.Font(bold=True)
    classeur.save(tmp_path / "c.xlsx")
    [table] = lire(tmp_path / "c.xlsx", "c.xlsx")
    assert pl.concat(list(table.blocs())).height == 1


def test_a_lost_space_at_the_end_of_the_sheet_changes_nothing(tmp_path: Path) -> None:
    """The same sheet with and without a space in its very last cell gives the same lines: types, dates and styles included."""
    for nom, perdue in (("sans.xlsx", None), ("avec.xlsx", " ")):
        classeur = openpyxl.Workbook()
        feuille = classeur.active
        feuille.append(["Désignation", "Date", "Quantité", "Montant HT"])
        feuille.append(["Ramette", datetime.date(2025, 3, 12), 40, 154.5])
        if perdue:
            feuille["XFD1048576"] = perdue
        classeur.save(tmp_path / nom)
    frames = [pl.concat(list(lire(tmp_path / nom, nom)[0].blocs())) for nom in ("sans.xlsx", "avec.xlsx")]
    assert frames[0].equals(frames[1])


def test_a_panic_of_the_reader_is_a_refusal(tmp_path: Path) -> None:
    chemin = tmp_path / "vide.xlsx"
    with zipfile.ZipFile(chemin, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook><sheets><sheet name='A' r:id='rId1'/></sheets></workbook>")
    with pytest.raises(Exception, match="abîmé") as refus:
        lire(chemin, "vide.xlsx")
    assert type(refus.value).__name__ == "FichierRefuse"
