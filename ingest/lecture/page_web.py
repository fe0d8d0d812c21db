"""Some programs write a web page and name it « .xls »: its tables are read like sheets."""

from pathlib import Path

from lxml import etree

from ingest.lecture.cadre import Ligne
from ingest.lecture.encodage import choisir_encodage, longueur_bom, passages_accentues

_FUSION_MAX = 100


def lire_tableaux(chemin: Path) -> list[list[Ligne]]:
    """Return the rows of each table of the page, tables that contain other tables left out (they only lay the page out)."""
    octets = chemin.read_bytes()
    encodage = choisir_encodage(octets[:65536], passages_accentues(octets[65536:]))
    texte = octets[longueur_bom(octets) :].decode(encodage, errors="replace")
    lecteur = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    racine = etree.fromstring(texte.encode(), lecteur)
    if racine is None:
        return []
    return [_lignes(table) for table in racine.iter("table") if next(table.iterdescendants("table"), None) is None]


def _lignes(table: etree._Element) -> list[Ligne]:
    lignes: list[Ligne] = []
    for numero, rangee in enumerate(table.iter("tr"), 1):
        cellules: list[str | None] = []
        for cellule in rangee.iterchildren("td", "th"):
            cellules.append(" ".join("".join(cellule.itertext()).split()) or None)
            fusion = cellule.get("colspan") or ""
            cellules += [None] * (min(int(fusion), _FUSION_MAX) - 1 if fusion.isdecimal() and len(fusion) < 6 else 0)
        lignes.append((numero, cellules))
    return lignes
