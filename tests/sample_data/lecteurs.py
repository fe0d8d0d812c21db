"""Boring readers of the sample files, written without the project's own reader: row number → texts of its cells."""

import csv
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pypdf
from lxml import etree

Contenu = bytes | Mapping[str, "Contenu"]
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def lire_texte(chemin: Path) -> dict[int, list[str]]:
    """Physical row of the first line of each record → cells; encoding and separator found by trying."""
    octets = chemin.read_bytes()
    if octets.startswith(b"\xff\xfe"):
        texte = octets.decode("utf-16")
    else:
        try:
            texte = octets.decode("utf-8-sig")
        except UnicodeDecodeError:
            texte = octets.decode("mac_roman" if b"\n" not in octets else "cp1252")
    texte = texte.replace("\r\n", "\n").replace("\r", "\n")
    separateur = max(";\t|,", key=lambda s: texte[:4000].count(s))
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur)
    lignes = {}
    debut = 1
    for cellules in lecteur:
        lignes[debut] = cellules
        debut = lecteur.line_num + 1
    return lignes


def lire_xlsx(chemin: Path) -> dict[str, dict[int, list[str]]]:
    """Sheet → row → cells as text, by openpyxl."""
    classeur = openpyxl.load_workbook(chemin)
    return {
        feuille.title: {
            numero: ["" if valeur is None else str(valeur) for valeur in valeurs]
            for numero, valeurs in enumerate(feuille.iter_rows(values_only=True), 1)
        }
        for feuille in classeur.worksheets
    }


def lire_ods(chemin: Path) -> dict[int, list[str]]:
    """Row → cells as text of the only sheet."""
    with zipfile.ZipFile(chemin) as archive:
        racine = etree.fromstring(archive.read("content.xml"))
    return {
        numero: ["".join(p.itertext()) for p in rangee.iter(f"{TABLE}table-cell")]
        for numero, rangee in enumerate(racine.iter(f"{TABLE}table-row"), 1)
    }


def contenu(nom: str, octets: bytes) -> Contenu:
    """What a file says whatever library compressed it: entries of a container, text and attachments of a PDF, else its very bytes."""
    if nom.endswith((".xlsx", ".ods", ".zip")):
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            return {entree: contenu(entree, archive.read(entree)) for entree in archive.namelist()}
    if nom.endswith(".pdf"):
        lecteur = pypdf.PdfReader(io.BytesIO(octets))
        pages = {f"page {numero}": page.extract_text().encode() for numero, page in enumerate(lecteur.pages, 1)}
        return pages | {piece: b"".join(versions) for piece, versions in lecteur.attachments.items()}
    return octets
