"""A workbook is read sheet by sheet as text; the sheets that hold lines of purchase are kept, the others are named."""

import datetime
from collections.abc import Collection
from pathlib import Path

import polars as pl
import python_calamine as calamine

from ingest.erreurs import FichierRefuse
from ingest.lecture.cadre import cadre_de_lignes, tables_du_cadre
from ingest.lecture.entete import MOTS_ENTETE
from ingest.lecture.lignes import COMPTE
from ingest.lecture.page_web import lire_tableaux
from ingest.lecture.spreadsheetml import lire_feuilles
from ingest.lecture.table import LIGNE, TableBrute

Cellule = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


def lire_classeur(chemin: Path, nom: str, mots: Collection[str] = MOTS_ENTETE) -> list[TableBrute]:
    """Read an XLSX, XLS or ODS workbook. Raises `FichierRefuse` when it is protected, damaged or empty."""
    try:
        with calamine.load_workbook(str(chemin)) as classeur:
            tables = [
                table
                for feuille in classeur.sheet_names
                for table in tables_du_cadre(_cadre(classeur.get_sheet_by_name(feuille)), feuille, mots)
            ]
    except calamine.PasswordError as faute:
        raise FichierRefuse(
            f"Le classeur « {nom} » est protégé par un mot de passe. Enregistrez-en une copie sans mot de passe, puis déposez-la."
        ) from faute
    except calamine.CalamineError as faute:
        raise FichierRefuse(
            f"Le classeur « {nom} » est abîmé ou incomplet. Ouvrez-le dans votre tableur, enregistrez-le de nouveau, puis déposez-le."
        ) from faute
    return _non_vide(tables, nom)


def lire_classeur_xml(chemin: Path, nom: str, mots: Collection[str] = MOTS_ENTETE) -> list[TableBrute]:
    """Read a SpreadsheetML 2003 workbook. Raises `FichierRefuse` when it is damaged or empty."""
    tables = [t for feuille, lignes in lire_feuilles(chemin, nom) for t in tables_du_cadre(cadre_de_lignes(lignes), feuille, mots)]
    return _non_vide(tables, nom)


def lire_page_web(chemin: Path, nom: str, mots: Collection[str] = MOTS_ENTETE) -> list[TableBrute]:
    """Read the tables of a web page. Raises `FichierRefuse` when it has none."""
    tableaux = lire_tableaux(chemin)
    if not tableaux:
        raise FichierRefuse(
            f"Le fichier « {nom} » est une page web sans tableau. Exportez vos lignes en Excel ou en CSV, puis déposez-les."
        )
    origines = [f"tableau {rang}" if len(tableaux) > 1 else "" for rang in range(1, len(tableaux) + 1)]
    tables = [
        t for origine, lignes in zip(origines, tableaux, strict=True) for t in tables_du_cadre(cadre_de_lignes(lignes), origine, mots)
    ]
    return _non_vide(tables, nom)


def _non_vide(tables: list[TableBrute], nom: str) -> list[TableBrute]:
    if not tables:
        raise FichierRefuse(f"Le classeur « {nom} » ne contient aucune ligne : toutes ses feuilles sont vides.")
    return tables


def texte_de_cellule(valeur: Cellule) -> str | None:
    """Render a cell as canonical text: dates as 2025-12-31, whole numbers without « .0 », others with a point; None when empty."""
    if isinstance(valeur, str):
        return valeur or None
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, float):
        return str(int(valeur)) if valeur.is_integer() and abs(valeur) < 1e15 else repr(valeur)
    if isinstance(valeur, datetime.datetime):
        return valeur.date().isoformat() if valeur.time() == datetime.time() else valeur.isoformat(sep=" ", timespec="seconds")
    if isinstance(valeur, datetime.date | datetime.time):
        return valeur.isoformat()
    return str(valeur)


def _cadre(feuille: calamine.CalamineSheet) -> pl.DataFrame:
    if feuille.start is None:
        return pl.DataFrame(schema={LIGNE: pl.Int64, COMPTE: pl.Int32})
    lignes = feuille.to_python(skip_empty_area=True)
    premiere = feuille.start[0] + 1
    colonnes = {
        f"c{rang}": pl.Series([texte_de_cellule(valeur) for valeur in colonne], dtype=pl.String)
        for rang, colonne in enumerate(zip(*lignes, strict=True))
    }
    return pl.DataFrame(
        {
            LIGNE: pl.int_range(premiere, premiere + len(lignes), dtype=pl.Int64, eager=True),
            COMPTE: pl.Series([None] * len(lignes), dtype=pl.Int32),
            **colonnes,
        }
    )
