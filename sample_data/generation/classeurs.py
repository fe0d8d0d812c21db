"""Workbooks: the same rows in XLSX (XlsxWriter) and ODS, dated so that the same data always make the same bytes."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape

import xlsxwriter

from sample_data.generation.dispositions import Disposition
from sample_data.generation.ecriture import Rangee
from sample_data.generation.erreurs_plantees import Cellule

CREE_LE = datetime(2026, 1, 15, 9, 0, 0)  # noqa: DTZ001 - a workbook has no time zone
HORODATAGE_ZIP = (2026, 1, 15, 9, 0, 0)
LARGEURS = {"libelle": 48, "fournisseur": 34, "siret": 17}
PARAMETRES: tuple[tuple[str, str], ...] = (
    ("Paramètres du classeur", ""),
    ("Avertissement", "données inventées : exemple de démonstration"),
    ("Taux normal", "20 %"),
    ("Taux réduit", "5,5 %"),
    ("Services", "Mairie"),
    ("", "Services techniques"),
    ("", "Ecoles"),
    ("", "Restauration"),
    ("Exercice ouvert", "2025"),
)


def ecrire_xlsx(feuilles: Sequence[tuple[str, list[Rangee]]], disposition: Disposition) -> bytes:
    """A workbook with these sheets, plus « Paramètres » when the layout has one."""
    tampon = io.BytesIO()
    classeur = xlsxwriter.Workbook(
        tampon, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    classeur.set_properties({"created": CREE_LE, "title": "Suivi des achats", "comments": "données inventées"})
    gras = classeur.add_format({"bold": True})
    jour = classeur.add_format({"num_format": "dd/mm/yyyy"})
    argent = classeur.add_format({"num_format": '#,##0.00 "€"'})
    if disposition.feuilles == "annees":
        _ecrire_parametres(classeur)
    for nom, rangees in feuilles:
        feuille = classeur.add_worksheet(nom)
        for colonne, (_, champ) in enumerate(disposition.colonnes):
            feuille.set_column(colonne, colonne, LARGEURS.get(champ, 13))
        for numero, rangee in enumerate(rangees):
            for colonne, valeur in enumerate(rangee.cellules):
                if valeur is None or valeur == "":
                    continue
                if isinstance(valeur, date):
                    feuille.write_datetime(numero, colonne, valeur, jour)
                elif isinstance(valeur, Decimal):
                    est_argent = disposition.colonnes[colonne][1].startswith("montant")
                    feuille.write_number(numero, colonne, float(valeur), argent if est_argent else None)
                else:
                    feuille.write_string(numero, colonne, valeur, None if rangee.statut else gras)
        _fusionner(feuille, rangees, disposition, gras)
    if disposition.feuilles == "parametres":
        _ecrire_parametres(classeur)
    classeur.close()
    return tampon.getvalue()


def _fusionner(feuille: xlsxwriter.worksheet.Worksheet, rangees: list[Rangee], disposition: Disposition, gras: object) -> None:
    """Titles are merged over the width of the table, and each upper header over its columns: what a secretary does by hand."""
    derniere = len(disposition.colonnes) - 1
    for numero, rangee in enumerate(rangees[: len(disposition.titres)]):
        if rangee.cellules[0]:
            feuille.merge_range(numero, 0, numero, derniere, rangee.cellules[0], gras)
    if not disposition.entete_haute:
        return
    numero = len(disposition.titres)
    debuts = [i for i, valeur in enumerate(rangees[numero].cellules) if valeur]
    for debut, suivant in zip(debuts, [*debuts[1:], derniere + 1], strict=True):
        if suivant - debut > 1:
            feuille.merge_range(numero, debut, numero, suivant - 1, rangees[numero].cellules[debut], gras)


def _ecrire_parametres(classeur: xlsxwriter.Workbook) -> None:
    feuille = classeur.add_worksheet("Paramètres")
    for numero, (cle, valeur) in enumerate(PARAMETRES):
        feuille.write_string(numero, 0, cle)
        feuille.write_string(numero, 1, valeur)


def ecrire_ods(nom: str, rangees: list[Rangee], disposition: Disposition) -> bytes:
    """A minimal OpenDocument spreadsheet of one sheet, as LibreOffice would accept it."""
    corps = "".join(f"<table:table-row>{''.join(_cellule_ods(v) for v in rangee.cellules)}</table:table-row>" for rangee in rangees)
    contenu = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
        'office:version="1.3"><office:automatic-styles>'
        '<number:date-style style:name="N1"><number:day number:style="long"/><number:text>/</number:text>'
        '<number:month number:style="long"/>'
        '<number:text>/</number:text><number:year number:style="long"/></number:date-style>'
        '<style:style style:name="jour" style:family="table-cell" style:data-style-name="N1"/></office:automatic-styles>'
        f'<office:body><office:spreadsheet><table:table table:name="{escape(nom)}">{corps}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifeste = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    entrees = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": manifeste.encode(),
        "content.xml": contenu.encode(),
    }
    return ecrire_zip(entrees, stockees={"mimetype"})


def _cellule_ods(valeur: Cellule) -> str:
    if valeur is None or valeur == "":
        return "<table:table-cell/>"
    if isinstance(valeur, date):
        attributs = f'table:style-name="jour" office:value-type="date" office:date-value="{valeur.isoformat()}"'
        return f"<table:table-cell {attributs}><text:p>{valeur:%d/%m/%Y}</text:p></table:table-cell>"
    if isinstance(valeur, Decimal):
        texte = f"{valeur:f}".replace(".", ",")
        return f'<table:table-cell office:value-type="float" office:value="{valeur:f}"><text:p>{texte}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(valeur)}</text:p></table:table-cell>'


def ecrire_zip(entrees: dict[str, bytes], stockees: frozenset[str] | set[str] = frozenset()) -> bytes:
    """A ZIP whose bytes depend on its contents only."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        for nom, octets in entrees.items():
            info = zipfile.ZipInfo(nom, HORODATAGE_ZIP)
            info.compress_type = zipfile.ZIP_STORED if nom in stockees else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, octets)
    return tampon.getvalue()
