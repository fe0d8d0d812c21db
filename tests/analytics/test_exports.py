"""What leaves in a file: read back by another library, in French, whole, and never a formula that came from a label."""

import csv
import json
from decimal import Decimal

import openpyxl
import polars as pl
import pypdfium2
import pytest

from analytics import exports
from analytics.entrepot import lecture
from analytics.portee import Portee
from ingest.erreurs import Refus
from tests.analytics.monde import construire
from tests.analytics.ramettes import RAMETTES

TOUT = Portee(None, frozenset(), tout=True)
FLEAC = RAMETTES["Fléac"][0]
PROMISES = (
    "depot", "ligne", "membre", "date", "fournisseur", "libelle", "quantite", "unite", "prix_unitaire_ht", "montant_ht", "taux_tva",
    "famille", "article", "quantite_reference", "unite_reference", "prix_unitaire_reference_ht", "derivation", "approx",
)  # fmt: skip
PIEGE = "=cmd|' /C calc'!A0"


@pytest.fixture(scope="module")
def observatoire(tmp_path_factory):
    lignes = [
        {"membre": siren, "quantite": quantite, "prix": pu, "fournisseur": "BURO" if rang % 2 else "PAPETERIE"}
        for rang, (siren, quantite, pu) in enumerate(RAMETTES.values())
    ]
    lignes += [
        {
            "membre": FLEAC,
            "libelle": PIEGE,
            "fournisseur": "@SUM(1+1)",
            "reference": "-2+3",
            "quantite": "-1.5",
            "prix": "2",
            "nature": "avoir",
        }
    ]
    with lecture(construire(lignes, tmp_path_factory.mktemp("exports"))) as curseur:
        yield curseur


def test_lines_have_the_promised_columns_and_all_of_them_leave(observatoire, tmp_path):
    assert exports.exporter(observatoire, "lignes", "parquet", tmp_path / "l.parquet", TOUT) == 17
    lue = pl.read_parquet(tmp_path / "l.parquet")
    assert set(PROMISES) <= set(lue.columns)
    assert lue["montant_ht"].sum() == Decimal("46106.30") - 3
    assert lue.filter(pl.col("membre") == FLEAC)["prix_unitaire_reference_ht"].to_list()[0] == Decimal("0.00870000")


def test_a_csv_opens_in_excel_in_french(observatoire, tmp_path):
    exports.exporter(observatoire, "lignes", "csv", tmp_path / "l.csv", TOUT)
    octets = (tmp_path / "l.csv").read_bytes()
    assert octets.startswith(b"\xef\xbb\xbf")
    lues = list(csv.DictReader(octets.decode("utf-8-sig").splitlines(), delimiter=";"))
    fleac = next(ligne for ligne in lues if ligne["membre"] == FLEAC)
    assert (fleac["date"], fleac["quantite"], fleac["prix_unitaire_ht"], fleac["montant_ht"]) == ("01/03/2025", "390", "4,35", "1696,50")
    assert (fleac["approx"], fleac["quantite_reference"], fleac["derivation"]) == ("non", "195000", "ramette de 500 feuilles")


@pytest.mark.parametrize("colonne", ["libelle", "fournisseur", "reference"])
def test_a_text_never_becomes_a_formula_in_csv(observatoire, tmp_path, colonne):
    exports.exporter(observatoire, "lignes", "csv", tmp_path / "l.csv", TOUT)
    lues = list(csv.DictReader((tmp_path / "l.csv").read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    piege = next(ligne for ligne in lues if ligne["nature"] == "avoir")
    assert piege[colonne].startswith("'")
    assert piege["quantite"] == "-1,5"


def test_a_text_never_becomes_a_formula_in_a_workbook(observatoire, tmp_path):
    exports.exporter(observatoire, "lignes", "xlsx", tmp_path / "l.xlsx", TOUT)
    feuille = openpyxl.load_workbook(tmp_path / "l.xlsx")["Lignes"]
    cellules = [cellule for rangee in feuille.iter_rows() for cellule in rangee]
    assert PIEGE in {cellule.value for cellule in cellules}
    assert {cellule.data_type for cellule in cellules} <= {"s", "n", "d"}
    assert feuille.freeze_panes == "A2"
    assert feuille.auto_filter.ref is not None


def test_json_gives_numbers(observatoire, tmp_path):
    exports.exporter(observatoire, "observatoire", "json", tmp_path / "o.json", TOUT)
    lues = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    ramette = next(ligne for ligne in lues if ligne["periode"] == "2025" and ligne["nb_membres"] == 16)
    assert ramette["mediane"] == pytest.approx(4.315 / 500)
    assert ramette["moyenne_ponderee"] == pytest.approx(46106.30 / 6045000)


def test_a_membre_exports_its_own_lines_only(observatoire, tmp_path):
    portee = Portee(FLEAC, frozenset({FLEAC}))
    assert exports.exporter(observatoire, "lignes", "parquet", tmp_path / "l.parquet", portee) == 2
    assert set(pl.read_parquet(tmp_path / "l.parquet")["membre"]) == {FLEAC}
    exports.exporter(observatoire, "besoins", "parquet", tmp_path / "b.parquet", portee)
    assert set(pl.read_parquet(tmp_path / "b.parquet")["membre"]) == {FLEAC}


@pytest.mark.parametrize(("quoi", "format_"), [("factures", "csv"), ("lignes", "pdf")])
def test_what_is_not_offered_is_refused_with_the_choices(observatoire, tmp_path, quoi, format_):
    with pytest.raises(Refus, match="Choisissez parmi"):
        exports.exporter(observatoire, quoi, format_, tmp_path / "x", TOUT)
    assert list(tmp_path.iterdir()) == []


def test_given_rows_are_exported(observatoire, tmp_path):
    rangees = [{"famille": "AD01", "gain_net_an": Decimal("1234.50"), "phrase": "+ 3 %"}]
    assert exports.exporter(observatoire, "opportunites", "csv", tmp_path / "o.csv", TOUT, rangees) == 1
    assert (tmp_path / "o.csv").read_text(encoding="utf-8-sig").splitlines()[1] == "AD01;1234,5;'+ 3 %"


def test_the_workbook_of_the_observatoire(observatoire, tmp_path):
    exports.classeur_observatoire(observatoire, Portee(FLEAC, frozenset({FLEAC})), tmp_path / "o.xlsx", "2025")
    classeur = openpyxl.load_workbook(tmp_path / "o.xlsx")
    assert {"Ma position", "Prix des membres", "Niveau des familles", "Sources et méthode"} <= set(classeur.sheetnames)
    niveaux = [[cellule.value for cellule in rangee] for rangee in classeur["Niveau des familles"].iter_rows()]
    assert niveaux[0][:2] == ["famille", "mon niveau"]
    assert niveaux[1][-1].startswith("pas assez d'articles comparables")
    position = classeur["Ma position"]
    titres = [cellule.value for cellule in position[1]]
    premiere = dict(zip(titres, (cellule.value for cellule in position[2]), strict=True))
    assert premiere["mon prix HT"] == pytest.approx(0.0087)
    assert premiere["écart au premier quartile, € par an"] == 160
    assert position.cell(position.max_row, 1).value == "Total"
    assert position.cell(position.max_row, 9).value.startswith("=SUM(")
    assert sum(len(classeur[nom]._charts) for nom in classeur.sheetnames) >= 2
    textes = " ".join(str(cellule.value) for rangee in classeur["Sources et méthode"].iter_rows() for cellule in rangee)
    assert "Hyndman" in textes
    assert "secret des affaires" in textes


def test_the_page_of_a_commune_is_one_page_in_french(observatoire, tmp_path):
    exports.fiche_commune(observatoire, Portee(FLEAC, frozenset({FLEAC})), tmp_path / "fiche.pdf", "2025")
    document = pypdfium2.PdfDocument(tmp_path / "fiche.pdf")
    assert len(document) == 1
    texte = " ".join(document[0].get_textpage().get_text_range().split())
    assert "1 nous coûtent plus cher qu'au quart des membres le mieux placé : environ 160 €" in texte.replace("\u202f", " ").replace(
        "’", "'"
    )
    assert "secret des affaires" in texte
    with pytest.raises(Refus, match="choisissez d'abord un membre"):
        exports.fiche_commune(observatoire, TOUT, tmp_path / "autre.pdf")
    assert not (tmp_path / "autre.pdf").exists()
