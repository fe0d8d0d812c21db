"""One way to write each format: a text cell never becomes a formula, a number is read as a number by Excel in French."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from analytics.entrepot import Version
from ingest.erreurs import Refus
from ingest.quantites import nomenclature

LIGNES_MAX_CLASSEUR = 1_048_575
SANS_FORMULE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
DANGEREUX = r"^[=+\-@\t\r]"
"""A text cell that starts so would be computed by a spreadsheet (OWASP, CSV Injection): an apostrophe is put before it."""


@dataclass(frozen=True)
class Source:
    """Where exported rows come from, written beside them."""

    quoi: str
    observatoire: Version


def ecrire_csv(table: pl.DataFrame, chemin: Path, source: Source) -> None:
    """CSV that Excel in French opens by a double click: `;`, decimal comma, dates 31/12/2025, UTF-8 with its mark."""
    textes = table.select(_en_texte(nom, dtype) for nom, dtype in table.schema.items())
    textes.write_csv(chemin, separator=";", include_bom=True, line_terminator="\r\n")


def ecrire_parquet(table: pl.DataFrame, chemin: Path, source: Source) -> None:
    """Parquet, with the types of the columns."""
    table.write_parquet(chemin)


def ecrire_json(table: pl.DataFrame, chemin: Path, source: Source) -> None:
    """A list of objects; dates in ISO form, amounts as numbers."""
    with chemin.open("w", encoding="utf-8") as fichier:
        json.dump(table.to_dicts(), fichier, ensure_ascii=False, default=_en_json, indent=None, separators=(",", ":"))


def ecrire_xlsx(table: pl.DataFrame, chemin: Path, source: Source) -> None:
    """A workbook: frozen header with filters, French formats, and a sheet « Sources et méthode ».

    Raises Refus above what a sheet can hold.
    """
    if table.height > LIGNES_MAX_CLASSEUR:
        raise Refus(
            f"Un classeur ne peut pas contenir {table.height} lignes (1 048 575 au plus). "
            "Exportez en CSV ou en Parquet, ou filtrez d'abord."
        )
    options = {**SANS_FORMULE, "constant_memory": True}
    with xlsxwriter.Workbook(str(chemin), options) as classeur:
        remplir_feuille(classeur, source.quoi.capitalize(), table)
        feuille_sources(classeur, source)


def remplir_feuille(classeur: Any, nom: str, table: pl.DataFrame, motifs: Mapping[str, str] | None = None) -> Any:
    """Write a table in a new sheet, header frozen and filtered, each column in its French format; return the sheet.

    `motifs` gives the number format of columns by name; without it the name of the column decides.
    """
    feuille = classeur.add_worksheet(nom[:31])
    entete = classeur.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = {nom_format: classeur.add_format({"num_format": motif}) for nom_format, motif in FORMATS_NOMBRES.items()}
    for rang, (colonne, dtype) in enumerate(table.schema.items()):
        if motifs is None:
            style = formats.get(_genre(colonne, dtype))
        else:
            style = classeur.add_format({"num_format": motifs[colonne]}) if colonne in motifs else None
        feuille.set_column(rang, rang, _largeur(colonne, dtype), style)
    feuille.freeze_panes(1, 0)
    imprimer(feuille)
    feuille.set_row(0, 46, entete)
    feuille.write_row(0, 0, table.columns, entete)
    for ligne, valeurs in enumerate(table.iter_rows(), start=1):
        for rang, valeur in enumerate(valeurs):
            if valeur is None:
                continue
            if isinstance(valeur, bool):
                feuille.write_string(ligne, rang, "oui" if valeur else "non")
            elif isinstance(valeur, date):
                feuille.write_datetime(ligne, rang, valeur, formats["date"])
            elif isinstance(valeur, int | float | Decimal):
                feuille.write_number(ligne, rang, float(valeur))
            else:
                feuille.write_string(ligne, rang, str(valeur))
    if table.height:
        feuille.autofilter(0, 0, table.height, max(0, table.width - 1))
    return feuille


def nom_unite(code: str | None) -> str | None:
    """What a person reads for the code of a unit: « unité » for `unite`, « litre » for `l`."""
    unite = nomenclature.unites().get(code or "")
    return unite.nom if unite else code


def imprimer(feuille: Any) -> None:
    """A4 landscape, as wide as a page, the header on each page."""
    feuille.set_landscape()
    feuille.set_paper(9)
    feuille.fit_to_pages(1, 0)
    feuille.repeat_rows(0)


def feuille_sources(classeur: Any, source: Source, methodes: Sequence[tuple[str, str]] = ()) -> None:
    """Write where the figures come from and how they are computed (`methodes`: name, sentence)."""
    feuille = classeur.add_worksheet("Sources et méthode")
    imprimer(feuille)
    feuille.set_column(0, 0, 40)
    texte = classeur.add_format({"text_wrap": True, "valign": "top"})
    feuille.set_column(1, 1, 100)
    gras = classeur.add_format({"bold": True, "valign": "top"})
    faits = (
        ("Contenu", source.quoi),
        ("Observatoire du", f"{source.observatoire.construit_le:%d/%m/%Y à %H:%M} (temps universel)"),
        ("Arrêté au", f"{source.observatoire.date_reference:%d/%m/%Y}"),
        ("Version", source.observatoire.version),
        ("Dépôts", str(source.observatoire.nb_depots)),
        ("Lignes d'achat", str(source.observatoire.nb_lignes)),
        (
            "Confidentialité",
            "Prix couverts par le secret des affaires : ne pas diffuser hors du groupement, en particulier à des fournisseurs.",
        ),
    )
    for rang, (nom, valeur) in enumerate((*faits, *methodes)):
        feuille.set_row(rang, 15 * (1 + len(valeur) // 95))
        feuille.write_string(rang, 0, nom, gras)
        feuille.write_string(rang, 1, valeur, texte)


FORMATS_NOMBRES = {"montant": "#,##0.00", "prix": "#,##0.00####", "quantite": "#,##0.######", "entier": "#,##0", "date": "dd/mm/yyyy"}
PRIX = ("prix", "minimum", "p10", "q1", "mediane", "q3", "p90", "maximum", "moyenne")


def _genre(colonne: str, dtype: pl.DataType) -> str:
    if dtype in (pl.Date, pl.Datetime):
        return "date"
    if dtype.is_integer():
        return "entier" if colonne.startswith("nb_") or colonne == "population" else "texte"
    if not dtype.is_numeric():
        return "texte"
    if colonne.startswith("montant"):
        return "montant"
    return "prix" if colonne.startswith(PRIX) else "quantite"


def _largeur(colonne: str, dtype: pl.DataType) -> int:
    if colonne in {"libelle", "article", "derivation", "motif_absence", "famille_libelle", "nom de la famille", "pourquoi pas de chiffre"}:
        return 48
    return max(11, min(16, len(colonne) + 2))


def _en_texte(nom: str, dtype: pl.DataType) -> pl.Expr:
    colonne = pl.col(nom)
    if dtype == pl.Date:
        return colonne.dt.strftime("%d/%m/%Y")
    if dtype == pl.Boolean:
        return pl.when(colonne).then(pl.lit("oui")).when(~colonne).then(pl.lit("non")).alias(nom)
    if dtype.is_integer():
        return colonne.cast(pl.String)
    if dtype.is_decimal():
        # 12,5000 → 12,5 and 12,0000 → 12; amounts keep their cents
        texte = colonne.cast(pl.String)
        texte = texte if nom.startswith("montant") else texte.str.replace(r"(\.\d*?)0+$", "$1").str.replace(r"\.$", "")
        return texte.str.replace(".", ",", literal=True)
    if dtype.is_float():
        return colonne.map_elements(_nombre_francais, return_dtype=pl.String)
    texte = colonne.cast(pl.String)
    return pl.when(texte.str.contains(DANGEREUX)).then(pl.lit("'") + texte).otherwise(texte).alias(nom)


def _nombre_francais(valeur: float) -> str:
    texte = format(Decimal(repr(valeur)), "f")
    return (texte.rstrip("0").rstrip(".") if "." in texte else texte).replace(".", ",")


def _en_json(valeur: object) -> object:
    if isinstance(valeur, Decimal):
        return float(valeur)
    if isinstance(valeur, date):
        return valeur.isoformat()
    raise TypeError(f"{type(valeur).__name__} has no JSON form")


FORMATS: Mapping[str, Callable[[pl.DataFrame, Path, Source], None]] = {
    "csv": ecrire_csv,
    "parquet": ecrire_parquet,
    "json": ecrire_json,
    "xlsx": ecrire_xlsx,
}
