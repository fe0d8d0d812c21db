"""The template we offer and the page that explains its columns are made from the schema that checks what comes back."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import xlsxwriter

from ingest.schema import Champ, Requis, TypeChamp, load_champs
from ingest.valeurs import lire_nombre, lire_taux
from ingest.valeurs_dates import lire_date

FEUILLE: Final = "Achats"
FEUILLE_AIDE: Final = "Mode d'emploi"
MOTIF_EXEMPLE: Final = "exemple_du_modele"
"""Rule that sets aside the line of example of the template when nobody took it out."""

_REQUIS: Final = {
    Requis.OUI: "oui",
    Requis.DEUX_SUR_TROIS: "deux des trois parmi quantité, prix unitaire et montant",
    Requis.NON: "non",
}
_GENRES: Final = {
    TypeChamp.TEXTE: "texte",
    TypeChamp.NOMBRE: "nombre",
    TypeChamp.DATE: "date",
    TypeChamp.SIRET: "numéro",
    TypeChamp.GTIN: "numéro",
    TypeChamp.TAUX: "taux",
    TypeChamp.CODE: "code",
}


def colonnes_du_modele() -> tuple[Champ, ...]:
    """The columns offered to somebody who starts from nothing, in order."""
    return tuple(champ for champ in load_champs() if champ.modele)


def exemple() -> Mapping[str, str]:
    """The line of example, by field, as a person would type it; the import recognises it and sets it aside (`MOTIF_EXEMPLE`)."""
    return {champ.nom: champ.exemple for champ in colonnes_du_modele()}


def write_modele_xlsx(chemin: Path) -> None:
    """Write the template as a workbook: one sheet to fill, with its line of example, and one that explains the columns."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(chemin, options) as classeur:
        classeur.set_properties({"title": "Modèle de dépôt d'achats", "language": "fr-FR"})
        feuille = classeur.add_worksheet(FEUILLE)
        entete = classeur.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#E8EDF3"})
        formats = {
            TypeChamp.DATE: classeur.add_format({"num_format": "dd/mm/yyyy"}),
            TypeChamp.NOMBRE: classeur.add_format({"num_format": "#,##0.00"}),
            TypeChamp.TAUX: classeur.add_format({"num_format": "0.0"}),
        }
        texte = classeur.add_format({"num_format": "@"})
        for numero, champ in enumerate(colonnes_du_modele()):
            forme = formats.get(champ.type, texte)
            feuille.set_column(numero, numero, max(len(champ.titre) + 4, min(44, len(champ.exemple) + 4)), forme)
            feuille.write_string(0, numero, champ.titre, entete)
            _write_exemple(feuille, numero, champ, forme)
        feuille.freeze_panes(1, 0)
        feuille.set_landscape()
        feuille.set_paper(9)
        feuille.fit_to_pages(1, 0)
        _write_aide(classeur.add_worksheet(FEUILLE_AIDE), entete, classeur.add_format({"text_wrap": True, "valign": "top"}))


def write_modele_csv(chemin: Path) -> None:
    """Write the template as a text file that French spreadsheets open with accents and decimal commas right."""
    champs = colonnes_du_modele()
    tampon = io.StringIO(newline="")
    sortie = csv.writer(tampon, delimiter=";", lineterminator="\r\n")
    sortie.writerow(champ.titre for champ in champs)
    sortie.writerow(champ.exemple for champ in champs)
    chemin.write_text(tampon.getvalue(), encoding="utf-8-sig", newline="")


def document_colonnes() -> str:
    """Markdown documentation of all the columns that are recognised, with the other names they may bear."""
    lignes = [
        "# Colonnes reconnues",
        "",
        "Cette page est produite à partir du schéma qui contrôle les dépôts. L'ordre des colonnes est libre, les colonnes",
        "en plus sont ignorées, et les en-têtes n'ont pas besoin d'être écrits exactement ainsi.",
        "",
        "| Colonne | Ce qu'elle contient | Forme | Exemple | Obligatoire | Autres noms reconnus (accents et majuscules ne comptent pas) |",
        "|---|---|---|---|---|---|",
    ]
    for champ in load_champs():
        noms = ", ".join(champ.synonymes[:6])
        lignes.append(
            f"| {champ.titre} | {champ.description} | {_GENRES[champ.type]} | {champ.exemple} | {_REQUIS[champ.requis]} | {noms} |"
        )
    return "\n".join([*lignes, ""])


def _write_exemple(feuille: xlsxwriter.worksheet.Worksheet, numero: int, champ: Champ, forme: object) -> None:
    """Write the example as the kind of cell that a person would make: a true date, a true number, a text that keeps its zeros."""
    if champ.type is TypeChamp.DATE and (jour := lire_date(champ.exemple).valeur):
        feuille.write_datetime(1, numero, jour, forme)
    elif champ.type is TypeChamp.NOMBRE and (nombre := lire_nombre(champ.exemple).valeur) is not None:
        feuille.write_number(1, numero, float(nombre), forme)
    elif champ.type is TypeChamp.TAUX and (taux := lire_taux(champ.exemple).valeur) is not None:
        feuille.write_number(1, numero, float(taux), forme)
    else:
        feuille.write_string(1, numero, champ.exemple, forme)


def _write_aide(feuille: xlsxwriter.worksheet.Worksheet, entete: object, cellule: object) -> None:
    feuille.set_landscape()
    feuille.set_paper(9)
    feuille.fit_to_pages(1, 0)
    titres = ("Colonne", "Ce qu'elle contient", "Forme", "Exemple", "Obligatoire")
    for colonne, (titre, largeur) in enumerate(zip(titres, (26, 66, 12, 42, 52), strict=True)):
        feuille.set_column(colonne, colonne, largeur)
        feuille.write_string(0, colonne, titre, entete)
    for ligne, champ in enumerate(colonnes_du_modele(), start=1):
        for colonne, texte in enumerate((champ.titre, champ.description, _GENRES[champ.type], champ.exemple, _REQUIS[champ.requis])):
            feuille.write_string(ligne, colonne, texte, cellule)
    note = "La ligne d'exemple de la feuille « Achats » peut rester : elle n'est jamais comptée comme un achat."
    feuille.write_string(len(colonnes_du_modele()) + 2, 0, note)
