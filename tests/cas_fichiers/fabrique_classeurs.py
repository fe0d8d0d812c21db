"""The workbook cases: written by the libraries that town halls' software uses too."""

import datetime
import zipfile
from pathlib import Path

import openpyxl
import xlsxwriter

from tests.cas_fichiers.fabrique_textes import ENTETE

NOMS = ENTETE.split(";")
LIGNES: tuple[tuple[object, ...], ...] = (
    (datetime.date(2025, 3, 12), "PAPETERIE DU CENTRE", "Ramette A4 80 g blanc", 40, "ramette", 3.85, 154.0),
    (datetime.date(2025, 3, 18), "SARL LE FÈVRE & FILS", "Gel désinfectant 5 L", 6, "bidon", 12.4, 74.4),
    (datetime.date(2025, 4, 2), "MÉNAGE SERVICES", "Sac poubelle 110 L (rlx 25)", 30, "rouleau", 4.1, 123.0),
)


def classeurs(dossier: Path) -> None:
    """Write every workbook case in the folder."""
    _simple(dossier / "classeur.xlsx")
    (dossier / "classeur_nomme.csv").write_bytes((dossier / "classeur.xlsx").read_bytes())
    contenu = (dossier / "classeur.xlsx").read_bytes()
    (dossier / "classeur_tronque.xlsx").write_bytes(contenu[: len(contenu) // 2])
    _formules_et_total(dossier / "formules_et_total.xlsx")
    _plusieurs_feuilles(dossier / "plusieurs_feuilles.xlsx")
    _deux_annees(dossier / "deux_annees.xlsx")
    _fusions(dossier / "fusions.xlsx")
    _entete_fusionnee(dossier / "entete_fusionnee.xlsx")
    _textes_et_nombres(dossier / "nombres_en_texte.xlsx")
    _cellule_perdue(dossier / "cellule_perdue.xlsx")
    _cellule_perdue(dossier / "valeur_perdue.xlsx", "note oubliée")
    _vide(dossier / "classeur_vide.xlsx")
    _macros(dossier / "classeur.xlsx", dossier / "macros.xlsm")
    _decale(dossier / "tableau_decale.xlsx")
    (dossier / "spreadsheetml.xls").write_bytes(_spreadsheetml())
    (dossier / "page_web.xls").write_bytes(_page_web())
    (dossier / "texte_nomme.xlsx").write_bytes((ENTETE + "\n12/03/2025;PAPETERIE;Ramette;40;U;3,85;154,00\n").encode())


def _ecrire(feuille: openpyxl.worksheet.worksheet.Worksheet, lignes: tuple[tuple[object, ...], ...], noms: list[str] = NOMS) -> None:
    feuille.append(noms)
    for ligne in lignes:
        feuille.append(ligne)


def _simple(chemin: Path) -> None:
    classeur = openpyxl.Workbook()
    _ecrire(classeur.active, LIGNES)
    classeur.active.title = "Achats"
    classeur.save(chemin)


def _formules_et_total(chemin: Path) -> None:
    with xlsxwriter.Workbook(str(chemin)) as classeur:
        feuille = classeur.add_worksheet("Factures")
        feuille.write(0, 0, "Commune de Saint-Exemple, factures 2025")
        feuille.write_row(2, 0, NOMS[1:])
        for rang, ligne in enumerate(LIGNES, 3):
            feuille.write_row(rang, 0, ligne[1:6])
            feuille.write_formula(rang, 5, f"=C{rang + 1}*E{rang + 1}", None, ligne[6])
        feuille.write(6, 0, "Total")
        feuille.write_formula(6, 5, "=SUM(F4:F6)", None, 351.4)


def _plusieurs_feuilles(chemin: Path) -> None:
    classeur = openpyxl.Workbook()
    classeur.active.title = "Notice"
    classeur.active["A1"] = "Comment remplir ce classeur"
    classeur.active["A2"] = "Une ligne par article acheté"
    _ecrire(classeur.create_sheet("Achats 2025"), LIGNES)
    listes = classeur.create_sheet("Listes")
    listes.sheet_state = "hidden"
    _ecrire(listes, (("ramette", "bidon"), ("kg", "litre")), ["Unité", "Autre unité"])
    _ecrire(classeur.create_sheet("Synthèse"), ((6064, 154.0), (60631, 197.4)), ["Compte", "Montant HT"])
    classeur.save(chemin)


def _deux_annees(chemin: Path) -> None:
    classeur = openpyxl.Workbook()
    classeur.active.title = "2024"
    _ecrire(classeur.active, LIGNES[:1])
    _ecrire(classeur.create_sheet("2025"), LIGNES[1:])
    classeur.save(chemin)


def _fusions(chemin: Path) -> None:
    classeur = openpyxl.Workbook()
    feuille = classeur.active
    _ecrire(
        feuille,
        (
            ("PAPETERIE DU CENTRE", "Ramette A4", 40, 154.0),
            (None, "Enveloppe", 200, 18.0),
            (None, "Stylo", 50, 22.5),
            ("MÉNAGE", "Gel", 6, 74.4),
        ),
        ["Fournisseur", "Désignation", "Quantité", "Montant HT"],
    )
    feuille.merge_cells("A2:A4")
    classeur.save(chemin)


def _entete_fusionnee(chemin: Path) -> None:
    classeur = openpyxl.Workbook()
    feuille = classeur.active
    feuille.append(["Désignation", "Quantité", "Prix unitaire", None, "Montant", None])
    feuille.append([None, None, "HT", "TTC", "HT", "TTC"])
    feuille.append(["Ramette A4", 40, 3.85, 4.62, 154.0, 184.8])
    for plage in ("A1:A2", "B1:B2", "C1:D1", "E1:F1"):
        feuille.merge_cells(plage)
    classeur.save(chemin)


def _textes_et_nombres(chemin: Path) -> None:
    classeur = openpyxl.Workbook()
    _ecrire(
        classeur.active,
        (("12/03/2025", "00012", "Ramette", "40", "3,85", True), (45728, 12, "Gel", 6.0, 12.4, False)),
        ["Date", "Référence", "Désignation", "Quantité", "Prix HT", "Livré"],
    )
    classeur.save(chemin)


def _cellule_perdue(chemin: Path, valeur: str = " ") -> None:
    classeur = openpyxl.Workbook()
    _ecrire(classeur.active, LIGNES)
    classeur.active["XFD1048576"] = valeur
    classeur.save(chemin)


def _vide(chemin: Path) -> None:
    openpyxl.Workbook().save(chemin)


def _macros(source: Path, chemin: Path) -> None:
    with zipfile.ZipFile(source) as lu, zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as ecrit:
        for nom in lu.namelist():
            ecrit.writestr(nom, lu.read(nom))
        ecrit.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))


def _decale(chemin: Path) -> None:
    with xlsxwriter.Workbook(str(chemin)) as classeur:
        feuille = classeur.add_worksheet()
        feuille.write_row(9, 3, ["Désignation", "Quantité", "PU HT"])
        feuille.write_row(10, 3, ["Ramette A4", 40, 3.85])


def _spreadsheetml() -> bytes:
    espace = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    return f"""<?xml version="1.0" encoding="ISO-8859-1"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook {espace}><Worksheet ss:Name="Etat"><Table>
<Row><Cell><Data ss:Type="String">Désignation</Data></Cell><Cell><Data ss:Type="String">Date</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="String">Montant HT</Data></Cell></Row>
<Row ss:Index="5"><Cell><Data ss:Type="String">Ramette A4 « éco »</Data></Cell>
<Cell><Data ss:Type="DateTime">2025-03-12T00:00:00.000</Data></Cell><Cell ss:Index="4"><Data ss:Type="Number">154</Data></Cell></Row>
<Row><Cell ss:MergeAcross="1"><Data ss:Type="String">Gel</Data></Cell><Cell ss:Index="4"><Data ss:Type="Number">74.4</Data></Cell></Row>
</Table></Worksheet></Workbook>""".encode("latin-1")


def _page_web() -> bytes:
    return """<html><head><meta charset="windows-1252"></head><body><table><tr><td><table border="1">
<tr><th>D\xe9signation</th><th>Quantit\xe9</th><th>Montant HT</th></tr>
<tr><td>Ramette A4</td><td>40</td><td>154,00&nbsp;</td></tr>
<tr><td colspan="2">Port</td><td>12,00</td></tr>
</table></td></tr></table></body></html>""".encode("cp1252")
