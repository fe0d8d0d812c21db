"""A workbook is read sheet by sheet as text, dates and numbers in one canonical form, merged names repeated on their lines."""

import datetime
import itertools
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import polars as pl
import python_calamine as calamine
from lxml import etree

from ingest.erreurs import FichierRefuse
from ingest.lecture.archive import FAUTES, classeur_abime, dossier_temporaire, verifier_archive
from ingest.lecture.cadre import cadre_de_lignes, tables_du_cadre, trop_de_colonnes
from ingest.lecture.cellules import COLONNES_MAX
from ingest.lecture.choix import choisir_tables
from ingest.lecture.entete import MOTS_ENTETE
from ingest.lecture.lignes import COMPTE
from ingest.lecture.page_web import lire_tableaux
from ingest.lecture.spreadsheetml import lire_feuilles
from ingest.lecture.table import LIGNE, TableBrute
from ingest.lecture.xlsx_demesure import alleger, feuilles_demesurees
from ingest.sans_cycles import sans_cycles

Cellule = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


def lire_classeur(chemin: Path, nom: str, mots: Collection[str] = MOTS_ENTETE) -> list[TableBrute]:
    """Read an XLSX, XLSB, XLS or ODS workbook. Raises `FichierRefuse` when it is protected, damaged or empty."""
    with dossier_temporaire() as dossier:
        lisible = _alleger_au_besoin(chemin, nom, dossier)
        try:
            with calamine.load_workbook(str(lisible)) as classeur:
                tables, ignorees = _lire_feuilles_visibles(classeur, mots)
        except calamine.PasswordError as faute:
            raise FichierRefuse(
                f"Le classeur « {nom} » est protégé par un mot de passe. Enregistrez-en une copie sans mot de passe, puis déposez-la."
            ) from faute
        except calamine.CalamineError as faute:
            raise FichierRefuse(classeur_abime(nom)) from faute
        except BaseException as faute:
            # The reader is written in Rust: on some damaged files it panics, which is not an `Exception`.
            if type(faute).__name__ == "PanicException" or isinstance(faute, OSError | ValueError):
                raise FichierRefuse(classeur_abime(nom)) from faute
            raise
    return choisir_tables(_non_vide(tables, nom), ignorees)


def lire_classeur_xml(chemin: Path, nom: str, mots: Collection[str] = MOTS_ENTETE) -> list[TableBrute]:
    """Read a SpreadsheetML 2003 workbook. Raises `FichierRefuse` when it is damaged or empty."""
    tables = [t for feuille, lignes in lire_feuilles(chemin, nom) for t in tables_du_cadre(cadre_de_lignes(lignes), feuille, mots)]
    return choisir_tables(_non_vide(tables, nom))


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
    return choisir_tables(_non_vide(tables, nom))


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


def _alleger_au_besoin(chemin: Path, nom: str, dossier: str) -> Path:
    with chemin.open("rb") as fichier:
        if fichier.read(2) != b"PK":
            return chemin
    allege = Path(dossier) / "allege.xlsx"
    with verifier_archive(chemin, nom) as archive:
        try:
            demesurees = feuilles_demesurees(archive)
            if not demesurees:
                return chemin
            alleger(archive, demesurees, allege, nom)
        except (*FAUTES, etree.XMLSyntaxError) as faute:
            raise FichierRefuse(classeur_abime(nom)) from faute
    return allege


def _lire_feuilles_visibles(classeur: calamine.CalamineWorkbook, mots: Collection[str]) -> tuple[list[TableBrute], list[str]]:
    tables: list[TableBrute] = []
    ignorees = []
    for feuille in classeur.sheets_metadata:
        if feuille.typ is not calamine.SheetTypeEnum.WorkSheet:
            continue
        if feuille.visible is not calamine.SheetVisibleEnum.Visible:
            ignorees.append(f"La feuille masquée « {feuille.name} » n'a pas été lue.")
            continue
        with sans_cycles():
            cadre = _cadre(classeur.get_sheet_by_name(feuille.name))
        tables += tables_du_cadre(cadre, feuille.name, mots)
    return tables, ignorees


def _cadre(feuille: calamine.CalamineSheet) -> pl.DataFrame:
    if feuille.start is None:
        return pl.DataFrame(schema={LIGNE: pl.Int64, COMPTE: pl.Int32})
    if feuille.width > COLONNES_MAX:
        raise trop_de_colonnes(feuille.name)
    lignes = feuille.to_python(skip_empty_area=True)
    _repeter_fusions(lignes, feuille)
    premiere = feuille.start[0] + 1
    nombre = len(lignes)
    colonnes = {f"c{rang}": _colonne(colonne) for rang, colonne in enumerate(zip(*lignes, strict=True))}
    return pl.DataFrame(
        {
            LIGNE: pl.int_range(premiere, premiere + nombre, dtype=pl.Int64, eager=True),
            COMPTE: pl.repeat(None, nombre, dtype=pl.Int32, eager=True),
            **colonnes,
        }
    )


def _colonne(valeurs: Sequence[Cellule]) -> pl.Series:
    """Render a column; each distinct value of the same type once, which is what makes large sheets quick."""
    genres = set(map(type, valeurs))
    if genres <= {str}:
        textes = pl.Series(valeurs, dtype=pl.String)
        return textes.set(textes == "", None)
    if bool in genres:  # True, 1 and 1.0 are one key
        return pl.Series(list(map(texte_de_cellule, valeurs)), dtype=pl.String)
    debut = next(rang for rang, valeur in enumerate(valeurs) if not isinstance(valeur, str))
    if set(map(type, valeurs[debut:])) == {float}:
        return pl.concat([_colonne(valeurs[:debut]), _nombres(valeurs[debut:])])
    rendus = {valeur: texte_de_cellule(valeur) for valeur in set(valeurs)}
    return pl.Series([rendus[valeur] for valeur in valeurs], dtype=pl.String)


def _nombres(valeurs: Sequence[Cellule]) -> pl.Series:
    """What stands under a header when nothing else is there."""
    distincts, places = np.unique(np.array(valeurs, dtype=np.float64), return_inverse=True)
    return pl.Series(list(map(texte_de_cellule, distincts.tolist())), dtype=pl.String).gather(places)


def _repeter_fusions(lignes: list[list[Cellule]], feuille: calamine.CalamineSheet) -> None:
    """Repeat a name merged over several lines on each of them; a number is not repeated, it would be counted several times."""
    if feuille.start is None:
        return
    haut, gauche = feuille.start
    for (debut, colonne), (fin, derniere) in feuille.merged_cell_ranges or []:
        rang, place = debut - haut, colonne - gauche
        if colonne != derniere or rang < 0 or place < 0 or rang >= len(lignes) or place >= len(lignes[rang]):
            continue
        valeur = lignes[rang][place]
        if isinstance(valeur, str | datetime.date) and valeur != "":
            for suivante in itertools.islice(lignes, rang + 1, fin - haut + 1):
                if suivante[place] == "":
                    suivante[place] = valeur


def _non_vide(tables: list[TableBrute], nom: str) -> list[TableBrute]:
    if not tables:
        raise FichierRefuse(
            f"Le classeur « {nom} » ne contient aucune ligne d'achat : ses feuilles sont vides ou n'ont qu'un en-tête. "
            "Vérifiez la période choisie dans votre logiciel, puis exportez-le de nouveau."
        )
    return tables
