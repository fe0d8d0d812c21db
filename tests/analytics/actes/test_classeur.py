"""The BPU/DQE workbooks: equal to the annexed needs to the cent, formulas locked, nothing received read as a formula."""

import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from analytics.actes import rediger_bpu_dqe
from analytics.actes.contexte_convention import build_contexte
from analytics.groupement.donnees import DonneesGroupement
from analytics.typographie import euros


@pytest.fixture
def classeurs(donnees: DonneesGroupement, tmp_path: Path) -> tuple[Path, Path]:
    consultation, estimatif = rediger_bpu_dqe(donnees, tmp_path)
    return consultation, estimatif


def sheet_total(chemin: Path, feuille: str, libelle: str) -> Decimal:
    """The cached value at the right of the row whose second cell begins so."""
    for ligne in openpyxl.load_workbook(chemin, data_only=True)[feuille].iter_rows(values_only=True):
        if isinstance(ligne[1], str) and ligne[1].startswith(libelle):
            return Decimal(str(ligne[5]))
    raise AssertionError(libelle)


def test_annexed_needs_equal_the_dqe_to_the_cent(donnees: DonneesGroupement, classeurs: tuple[Path, Path]) -> None:
    contexte = build_contexte(donnees, donnees.date_droit)
    for lot in donnees.lots:
        annuel = sheet_total(classeurs[1], f"DQE lot {lot.numero}", "Total annuel HT")
        total = sheet_total(classeurs[1], f"DQE lot {lot.numero}", "Total HT sur")
        assert annuel == sum(montant for (_, numero), montant in donnees.montants().items() if numero == lot.numero)
        annexe = [ligne for ligne in contexte.besoins if ligne.lot == str(lot.numero)]
        assert sum(read_euros(ligne.annuel) for ligne in annexe) == annuel
        assert sum(read_euros(ligne.total) for ligne in annexe) == total
        assert contexte.lots[lot.numero - 1].annuel == euros(annuel)


def read_euros(texte: str) -> Decimal:
    return Decimal(texte.removesuffix("\u00a0€").replace("\u202f", "").replace(",", "."))


def test_needs_per_membre_add_up_to_the_dqe(donnees: DonneesGroupement, classeurs: tuple[Path, Path]) -> None:
    lignes = list(openpyxl.load_workbook(classeurs[1], data_only=True)["Besoins par membre"].iter_rows(min_row=6, values_only=True))
    *corps, total = [ligne for ligne in lignes if ligne[6] is not None]
    assert sum(Decimal(str(ligne[6])) for ligne in corps) == Decimal(str(total[6])) == donnees.montant_annuel()
    assert {(ligne[1], ligne[3]) for ligne in corps} == {(b.membre, b.poste) for b in donnees.besoins}


def test_candidates_get_no_price_and_write_only_where_they_must(donnees: DonneesGroupement, classeurs: tuple[Path, Path]) -> None:
    livre = openpyxl.load_workbook(classeurs[0])
    assert "Besoins par membre" not in livre.sheetnames
    for feuille in livre:
        assert feuille.protection.sheet
        for ligne in feuille.iter_rows():
            for cellule in ligne:
                if isinstance(cellule.value, str) and cellule.value.startswith("="):
                    assert cellule.protection.locked
                if not cellule.protection.locked:
                    assert cellule.value is None
                    assert feuille.title.startswith("BPU")
    for poste in donnees.postes:
        bpu = livre[f"BPU lot {poste.lot}"]
        rang = next(c.row for c in bpu["A"] if c.value == poste.code)
        assert not bpu.cell(rang, 4).protection.locked


def test_a_hostile_name_is_only_text(donnees: DonneesGroupement, tmp_path: Path) -> None:
    pieges = ('=HYPERLINK("http://x","y")', "+1+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3")
    postes = tuple(replace(p, designation=piege, unite=piege) for p, piege in zip(donnees.postes, pieges, strict=True))
    for chemin in rediger_bpu_dqe(replace(donnees, postes=postes, objet="=1+1"), tmp_path):
        livre = openpyxl.load_workbook(chemin)
        formules = [c.value for f in livre for ligne in f.iter_rows() for c in ligne if c.data_type == "f"]
        assert all(formule.startswith(("='BPU", "='DQE", "=SUM(", "=ROUND(")) for formule in formules)
        assert not any(f.hyperlinks if hasattr(f, "hyperlinks") else f._hyperlinks for f in livre)


def test_catalogue_line_asks_for_a_discount(classeurs: tuple[Path, Path]) -> None:
    dqe = openpyxl.load_workbook(classeurs[0])["DQE lot 2"]
    rang = next(c.row for c in dqe["A"] if c.value == "2.03")
    assert dqe.cell(rang, 6).value == f"=ROUND(D{rang}*(1-E{rang}/100),2)"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed: formulas cannot be computed by a second reader")
def test_another_calculator_finds_the_same_totals(donnees: DonneesGroupement, classeurs: tuple[Path, Path], tmp_path: Path) -> None:
    sortie = tmp_path / "recalcul"
    commande = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profil", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    subprocess.run([*commande, "--outdir", str(sortie), str(classeurs[1])], check=True, capture_output=True, timeout=120)
    recalcule = sortie / classeurs[1].name
    for lot in donnees.lots:
        assert sheet_total(recalcule, f"DQE lot {lot.numero}", "Total annuel HT") == donnees.montant_annuel(lot.numero)
    recapitulatif = openpyxl.load_workbook(recalcule, data_only=True)["Récapitulatif"]
    (ensemble,) = [ligne for ligne in recapitulatif.iter_rows(values_only=True) if ligne[1] == "Ensemble"]
    assert Decimal(str(ensemble[2])) == donnees.montant_annuel()
    assert Decimal(str(ensemble[3])) == donnees.montant_total()
