"""A correction is data: it says which text stands in which cells, is replayed at every reading, and can be taken back."""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
import xlsxwriter

from ingest.vocabulaire import Statut

COLONNE_ANOMALIE: Final = "anomalie"
"""Header of the column that says what to correct; the import knows it and ignores it."""


@dataclass(frozen=True)
class Correction:
    """Read `remplacement` where the file says something else.

    Two forms. A rule on values: `lu` is given and `ligne` is None, every cell of the field `champ` that says `lu` is read as
    `remplacement` (« toutes les unités “BTE” sont des boîtes »). An edit of one cell: `ligne` (and `origine`) are given, `entete` names
    the column as the person sees it. `remplacement` "" empties the cell. An edit of a cell is stronger than a rule on values.
    """

    remplacement: str
    champ: str | None = None
    lu: str | None = None
    entete: str | None = None
    ligne: int | None = None
    origine: str = ""

    def __post_init__(self) -> None:
        if self.ligne is None and (self.champ is None or self.lu is None):
            raise ValueError("a rule on values needs champ and lu")
        if self.ligne is not None and self.entete is None:
            raise ValueError("an edit of a cell needs entete")


def appliquer_cellules(bloc: pl.DataFrame, origine: str, corrections: Sequence[Correction]) -> pl.DataFrame:
    """Put the edited cells of this table in a frame of raw text (columns named by header, and `ligne`)."""
    par_entete: dict[str, dict[tuple[str, int], str]] = {}
    for correction in corrections:
        if correction.ligne is not None and correction.entete in bloc.columns:
            # The last word on a cell is the one that counts.
            par_entete.setdefault(str(correction.entete), {})[correction.origine, correction.ligne] = correction.remplacement
    if not par_entete:
        return bloc
    ici = pl.col("_origine") if "_origine" in bloc.columns else pl.lit(origine)
    lieux = bloc.select(ici.alias("origine"), "ligne")
    for entete, remplacements in par_entete.items():
        rangees = [(lieu, ligne, texte) for (lieu, ligne), texte in remplacements.items()]
        dits = pl.DataFrame(rangees, schema={"origine": pl.String, "ligne": pl.Int64, "dit": pl.String}, orient="row")
        dit = lieux.join(dits, on=["origine", "ligne"], how="left", maintain_order="left")["dit"]
        bloc = bloc.with_columns(pl.coalesce(dit, entete).alias(entete))
    return bloc


def regles_de_valeurs(corrections: Sequence[Correction]) -> dict[str, dict[str, str]]:
    """Give, field by field, which text is to be read instead of which: `{"unite": {"BTE": "boîte"}}`."""
    regles: dict[str, dict[str, str]] = {}
    for correction in corrections:
        if correction.ligne is None:
            regles.setdefault(str(correction.champ), {})[str(correction.lu)] = correction.remplacement
    return regles


def lignes_a_corriger(chemin: Path) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Give the lines of a dépôt (its `lignes.parquet`) that wait, as their original cells plus a last column `anomalie`.

    Headers are those of the file, in its order; tables with different headers are put one under the other in the union of their columns.
    Personal numbers are already out of the original cells.
    """
    lignes = pl.read_parquet(chemin, columns=["statut", "brut", "anomalies"]).filter(pl.col("statut") == Statut.A_CORRIGER)
    cellules = [json.loads(brut) for brut in lignes["brut"].to_list()]
    entetes = tuple(dict.fromkeys(entete for ligne in cellules for entete in ligne if entete != COLONNE_ANOMALIE))
    messages = (" ".join(anomalie["message"] for anomalie in liste if anomalie["bloquante"]) for liste in lignes["anomalies"].to_list())
    rangees = [(*(ligne.get(entete) or "" for entete in entetes), message) for ligne, message in zip(cellules, messages, strict=True)]
    return (*entetes, COLONNE_ANOMALIE), rangees


def write_a_corriger_csv(chemin: Path, destination: Path) -> int:
    """Write the lines to correct as a text file that can be dropped again as it is; give their number.

    A cell that a spreadsheet would run as a formula is preceded by an apostrophe, which the import takes away.
    """
    entetes, rangees = lignes_a_corriger(chemin)
    write_tableau_csv(entetes, rangees, destination)
    return len(rangees)


def write_a_corriger_xlsx(chemin: Path, destination: Path) -> int:
    """Write the lines to correct as a workbook that can be dropped again as it is; give their number. Every cell is text."""
    entetes, rangees = lignes_a_corriger(chemin)
    write_tableau_xlsx(entetes, rangees, destination, "À corriger")
    return len(rangees)


def write_tableau_csv(entetes: Sequence[str], rangees: Iterable[Sequence[str]], destination: Path) -> None:
    """Write rows of text as a file that spreadsheets of France open by themselves; cells that would run are made harmless."""
    with destination.open("w", encoding="utf-8-sig", newline="") as fichier:
        sortie = csv.writer(fichier, delimiter=";", lineterminator="\r\n")
        sortie.writerow(desarmer(entete) for entete in entetes)
        sortie.writerows(tuple(desarmer(cellule) for cellule in rangee) for rangee in rangees)


def write_tableau_xlsx(entetes: Sequence[str], rangees: Iterable[Sequence[str]], destination: Path, nom: str) -> None:
    """Write rows of text as a workbook of one sheet called `nom`. Every cell is text."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(destination, options) as classeur:
        feuille = classeur.add_worksheet(nom)
        gras = classeur.add_format({"bold": True, "bottom": 1})
        _write_rangee(feuille, 0, entetes, gras)
        for numero, rangee in enumerate(rangees, start=1):
            _write_rangee(feuille, numero, rangee, None)
        feuille.freeze_panes(1, 0)
        feuille.autofit(400)


def desarmer(cellule: str) -> str:
    """Make harmless a text that a spreadsheet would take for a formula (OWASP, CSV injection); numbers keep their minus sign."""
    if cellule[:1] in ("=", "@", "\t", "\r") or (
        cellule[:1] in ("+", "-") and any(lettre.isalpha() or lettre in "(|!" for lettre in cellule)
    ):
        return f"'{cellule}"
    return cellule


def _write_rangee(feuille: xlsxwriter.worksheet.Worksheet, numero: int, rangee: Iterable[str], forme: object) -> None:
    for colonne, cellule in enumerate(rangee):
        feuille.write_string(numero, colonne, cellule, forme)
