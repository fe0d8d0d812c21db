"""SpreadsheetML 2003, the XML that many programs name « .xls », is read row by row like any sheet."""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from ingest.erreurs import FichierRefuse
from ingest.lecture.cadre import Ligne
from ingest.lecture.xml_sur import parcourir

ESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
RACINE = f"{{{ESPACE}}}Workbook"
_COLONNES_MAX = 16_384


def lire_feuilles(chemin: Path, nom: str) -> Iterator[tuple[str, list[Ligne]]]:
    """Yield each sheet: its name and its rows (number the person sees, cells as text). Raises `FichierRefuse` when damaged."""
    numero = 0
    lignes: list[Ligne] = []
    for element in parcourir(chemin, nom, ("Row", "Worksheet")):
        if etree.QName(element).localname == "Worksheet":
            yield element.get(f"{{{ESPACE}}}Name") or "", lignes
            numero, lignes = 0, []
            continue
        numero = _indice(element, numero, nom)
        lignes.append((numero, _cellules(element, nom)))


def _cellules(rangee: etree._Element, nom: str) -> list[str | None]:
    cellules: list[str | None] = []
    position = 0
    for cellule in rangee.iterchildren(f"{{{ESPACE}}}Cell"):
        position = _indice(cellule, position, nom)
        if position > _COLONNES_MAX:
            raise FichierRefuse(
                f"Le classeur « {nom} » annonce trop de colonnes : il est abîmé. Enregistrez-le de nouveau depuis votre tableur."
            )
        cellules += [None] * (position - 1 - len(cellules))
        donnee = next(cellule.iterchildren(f"{{{ESPACE}}}Data"), None)
        cellules.append(_texte(donnee))
        position += _entier(cellule.get(f"{{{ESPACE}}}MergeAcross"))
    return cellules


def _texte(donnee: etree._Element | None) -> str | None:
    if donnee is None:
        return None
    contenu = "".join(donnee.itertext()).strip()
    genre = donnee.get(f"{{{ESPACE}}}Type")
    if genre == "DateTime" and contenu.endswith("T00:00:00.000"):
        return contenu[:10]
    if genre == "Boolean":
        return "oui" if contenu == "1" else "non"
    if genre == "Error":
        return None
    return contenu or None


def _indice(element: etree._Element, precedent: int, nom: str) -> int:
    indice = element.get(f"{{{ESPACE}}}Index")
    if indice is None:
        return precedent + 1
    if not indice.isdecimal() or len(indice) > 7:
        raise FichierRefuse(f"Le classeur « {nom} » est abîmé : une ligne porte le numéro « {indice[:20]} ». Enregistrez-le de nouveau.")
    return int(indice)


def _entier(lu: str | None) -> int:
    return int(lu) if lu and lu.isdecimal() and len(lu) <= 5 else 0
