"""A sheet that declares a million rows for three hundred real ones is rewritten without its blank cells before being read."""

import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lxml import etree

from ingest.erreurs import FichierRefuse
from ingest.lecture.xml_sur import OPTIONS

CELLULES_MAX = 30_000_000  # of the rectangle around the used cells: what the reader allocates, 24 bytes each
_ESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_FEUILLE = re.compile(r"xl/worksheets/[^/]+\.xml")
_CHAINES = "xl/sharedStrings.xml"


def feuilles_demesurees(archive: zipfile.ZipFile) -> list[str]:
    """Name the sheets whose declared rectangle is too large to be read as it is."""
    return [nom for nom in archive.namelist() if _FEUILLE.fullmatch(nom) and _surface_declaree(archive, nom) > CELLULES_MAX]


def alleger(archive: zipfile.ZipFile, demesurees: list[str], destination: Path, nom: str) -> None:
    """Copy a workbook, leaving out the blank cells of these sheets. Raises `FichierRefuse` when a real value stands too far away."""
    vides = _chaines_vides(archive)
    with zipfile.ZipFile(destination, "w", zipfile.ZIP_STORED) as copie:
        for entree in archive.namelist():
            with archive.open(entree) as source, copie.open(entree, "w", force_zip64=True) as sortie:
                if entree in demesurees:
                    _alleger_feuille(source, sortie, vides, nom)
                else:
                    shutil.copyfileobj(source, sortie)


def _surface_declaree(archive: zipfile.ZipFile, feuille: str) -> int:
    with archive.open(feuille) as flux:
        trouve = _DIMENSION.search(flux.read(4096))
    if trouve is None:
        return 0
    gauche, haut, droite, bas = (groupe.decode() for groupe in trouve.groups())
    return (_rang(droite) - _rang(gauche) + 1) * (int(bas) - int(haut) + 1)


def _chaines_vides(archive: zipfile.ZipFile) -> frozenset[str]:
    """Return the numbers of the shared texts made of nothing but spaces."""
    if _CHAINES not in archive.namelist():
        return frozenset()
    with archive.open(_CHAINES) as flux:
        elements = etree.iterparse(flux, events=("end",), tag=f"{_ESPACE}si", **OPTIONS)
        numeros = set()
        for numero, (_, element) in enumerate(elements):
            if not "".join(element.itertext()).strip():
                numeros.add(str(numero))
            element.clear()
    return frozenset(numeros)


def _alleger_feuille(source: IO[bytes], sortie: IO[bytes], vides: frozenset[str], nom: str) -> None:
    sortie.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
    largeur = hauteur = 0
    derniere = ""
    for rangee in _rangees(source):
        for cellule in list(rangee):
            reference = cellule.get("r") or ""
            trouve = _REFERENCE.fullmatch(reference)
            if trouve is None or _est_vide(cellule, vides):
                rangee.remove(cellule)
                continue
            largeur, hauteur, derniere = max(largeur, _rang(trouve[1]) + 1), max(hauteur, int(trouve[2])), reference
        if len(rangee):
            if largeur * hauteur > CELLULES_MAX:
                raise FichierRefuse(
                    f"Le classeur « {nom} » a une valeur très loin de son tableau, dans la cellule {derniere}. "
                    "Supprimez-la, enregistrez le classeur, puis déposez-le."
                )
            sortie.write(etree.tostring(rangee))
    sortie.write(b"</sheetData></worksheet>")


def _rangees(source: IO[bytes]) -> Iterator[etree._Element]:
    for _, rangee in etree.iterparse(source, events=("end",), tag=f"{_ESPACE}row", **OPTIONS):
        yield rangee
        rangee.clear()
        while rangee.getprevious() is not None:
            del rangee.getparent()[0]


def _est_vide(cellule: etree._Element, vides: frozenset[str]) -> bool:
    if cellule.get("t") == "inlineStr":
        return not "".join(cellule.itertext()).strip()
    valeur = (cellule.findtext(f"{_ESPACE}v") or "").strip()
    return not valeur or (cellule.get("t") == "s" and valeur in vides)


def _rang(lettres: str) -> int:
    rang = 0
    for lettre in lettres:
        rang = rang * 26 + ord(lettre) - ord("A") + 1
    return rang - 1
