"""The template comes back without a message, and a file of lines to correct can be dropped again as it is."""

import csv
import io
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from ingest.chaine import lire_depot
from ingest.corrections import COLONNE_ANOMALIE, desarmer, lignes_a_corriger, write_a_corriger_csv, write_a_corriger_xlsx
from ingest.modele import FEUILLE, colonnes_du_modele, document_colonnes, write_modele_csv, write_modele_xlsx
from ingest.schema import load_champs
from tests.ingest.atelier import ENTETE, LIGNE, MEMBRE, importer


@pytest.mark.parametrize("format_", ["xlsx", "csv"])
def test_the_template_comes_back_without_a_message(tmp_path: Path, format_: str) -> None:
    chemin, destination = tmp_path / f"modele.{format_}", tmp_path / "l.parquet"
    (write_modele_xlsx if format_ == "xlsx" else write_modele_csv)(chemin)
    lecture = lire_depot(chemin, nom=chemin.name, depot="D1", membre=MEMBRE, destination=destination)
    assert (lecture.anomalies, lecture.questions) == ((), ())
    assert set(lecture.tables[0].champs) == {champ.nom for champ in colonnes_du_modele()}
    assert lecture.comptes.as_json() == {"lues": 1, "retenues": 0, "a_corriger": 0, "ecartees": 1, "identiques": 0}
    assert pl.read_parquet(destination)["motif"].to_list() == ["exemple_du_modele"]


def test_a_filled_template_is_imported(tmp_path: Path) -> None:
    chemin, destination = tmp_path / "modele.xlsx", tmp_path / "l.parquet"
    write_modele_xlsx(chemin)
    classeur = openpyxl.load_workbook(chemin)
    feuille = classeur[FEUILLE]
    for colonne, valeur in enumerate(cellule.value for cellule in feuille[2]):
        feuille.cell(row=3, column=colonne + 1, value="Colle blanche" if colonne == 4 else valeur)
    classeur.save(chemin)
    lecture = lire_depot(chemin, nom=chemin.name, depot="D1", membre=MEMBRE, destination=destination)
    assert (lecture.comptes.retenues, lecture.comptes.ecartees, lecture.anomalies) == (1, 1, ())


def test_documentation_names_every_column() -> None:
    page = document_colonnes()
    for champ in load_champs():
        assert f"| {champ.titre} | {champ.description} |" in page


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_lines_to_correct_come_back_as_they_are(tmp_path: Path, format_: str) -> None:
    importer(tmp_path, [LIGNE, LIGNE.replace("21,50", "21,5O"), LIGNE.replace("31/12/2025", "")], depot="A")
    chemin = tmp_path / f"a_corriger.{format_}"
    nombre = (write_a_corriger_csv if format_ == "csv" else write_a_corriger_xlsx)(tmp_path / "A.parquet", chemin)
    assert nombre == 2
    lecture = lire_depot(chemin, nom=chemin.name, depot="B", membre=MEMBRE, destination=tmp_path / "B.parquet")
    assert (lecture.comptes.lues, lecture.comptes.a_corriger, lecture.questions) == (2, 2, ())
    assert COLONNE_ANOMALIE in lecture.tables[0].colonnes_ignorees
    avant, apres = pl.read_parquet(tmp_path / "A.parquet"), pl.read_parquet(tmp_path / "B.parquet")
    assert set(apres["empreinte"].str.replace("-.*", "")) <= set(avant["empreinte"].str.replace("-.*", ""))


def test_corrected_lines_enter(tmp_path: Path) -> None:
    importer(tmp_path, [LIGNE, LIGNE.replace("21,50", "21,5O")], depot="A")
    chemin = tmp_path / "c.csv"
    write_a_corriger_csv(tmp_path / "A.parquet", chemin)
    chemin.write_text(chemin.read_text(encoding="utf-8-sig").replace("21,5O;", "21,50;"), encoding="utf-8")
    lecture = lire_depot(chemin, nom="c.csv", depot="B", membre=MEMBRE, destination=tmp_path / "B.parquet")
    assert (lecture.comptes.retenues, lecture.comptes.a_corriger) == (1, 0)


def test_each_line_to_correct_says_what_is_wrong(tmp_path: Path) -> None:
    importer(tmp_path, [LIGNE.replace("21,50", "21,5O")], depot="A")
    entetes, ((*cellules, message),) = lignes_a_corriger(tmp_path / "A.parquet")
    assert entetes == (*ENTETE.split(";"), COLONNE_ANOMALIE)
    assert cellules == LIGNE.replace("21,50", "21,5O").split(";")
    assert message.startswith("Ligne 2, colonne « PU HT » : nous attendions un nombre, nous avons lu « 21,5O »")


@pytest.mark.parametrize("texte", ["=cmd|'/c calc'!A0", "@SUM(A1)", "+cmd|x", "-2+3+cmd|x", "\t=1+1"])
def test_no_formula_goes_out(texte: str) -> None:
    assert desarmer(texte) == f"'{texte}"


@pytest.mark.parametrize("texte", ["-12,50", "+3", "papier", "", "1-2"])
def test_numbers_keep_their_sign(texte: str) -> None:
    assert desarmer(texte) == texte


def test_a_disarmed_label_is_read_as_it_was(tmp_path: Path) -> None:
    importer(tmp_path, [LIGNE.replace("Papier", "=Papier").replace("21,50", "x")], depot="A")
    write_a_corriger_csv(tmp_path / "A.parquet", tmp_path / "c.csv")
    rangees = list(csv.reader(io.StringIO((tmp_path / "c.csv").read_text(encoding="utf-8-sig")), delimiter=";"))
    assert rangees[1][3].startswith("'=Papier")
    lire_depot(tmp_path / "c.csv", nom="c.csv", depot="B", membre=MEMBRE, destination=tmp_path / "B.parquet")
    assert pl.read_parquet(tmp_path / "B.parquet")["libelle"][0].startswith("=Papier")
