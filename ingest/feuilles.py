"""A file of several sheets says which it holds and which were read; when several tell of purchases differently, a person chooses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ingest.correspondance import Choix, Question, TableLue
from ingest.lecture import Genre, TableBrute
from ingest.typage import masquer_colonne

CODE: Final = "feuilles"
RANGEES_MONTREES: Final = 3
_LONGUEUR: Final = 40
_NOMS_DITS: Final = 6


@dataclass(frozen=True)
class FeuilleLue:
    """One sheet, or one file of an archive: its headers, its first lines (cells cut short, personal numbers out), whether it was read."""

    origine: str
    entetes: tuple[str, ...]
    exemples: tuple[tuple[str, ...], ...]
    lue: bool


def montrer(table: TableBrute, *, lue: bool) -> FeuilleLue:
    """What a person needs to recognise a sheet."""
    premier = next((bloc for bloc in table.blocs() if bloc.height), None)
    if premier is None:
        return FeuilleLue(table.origine, table.entetes, (), lue)
    debut = premier.filter(pl.col("ecart").is_null()).head(RANGEES_MONTREES)
    rangees = debut.select(masquer_colonne(debut[entete]) for entete in table.entetes).rows()
    return FeuilleLue(table.origine, table.entetes, tuple(tuple(_court(cellule) for cellule in rangee) for rangee in rangees), lue)


def reunir(feuilles: Sequence[FeuilleLue]) -> tuple[FeuilleLue, ...]:
    """One entry per sheet, that of its first table; none when the file has only one sheet."""
    uniques: dict[str, FeuilleLue] = {}
    for feuille in feuilles:
        uniques.setdefault(feuille.origine, feuille)
    return tuple(uniques.values()) if len(uniques) > 1 else ()


def questionner(lues: Sequence[tuple[TableBrute, TableLue]]) -> tuple[Question, ...]:
    """Ask which sheets of a workbook to read when several look like purchases under different headers: they may tell the same twice.

    Twelve sheets of the same form are twelve months, and the files of an archive were put together by somebody: they are not asked about.
    """
    tableurs = [(table, lue) for table, lue in lues if table.genre is Genre.TABLEUR]
    for fichier in dict.fromkeys(table.fichier for table, _ in tableurs):
        ici = [(table, lue) for table, lue in tableurs if table.fichier == fichier]
        origines = list(dict.fromkeys(table.origine for table, _ in ici))
        if len(origines) < 2 or len({lue.signature for _, lue in ici}) < 2:
            continue
        noms = ", ".join(f"« {origine} »" for origine in origines[:_NOMS_DITS]) + (", …" if len(origines) > _NOMS_DITS else "")
        texte = (
            f"Les feuilles {noms} ressemblent toutes à des achats, sous des colonnes différentes : elles peuvent dire deux fois la même "
            "chose. Lesquelles faut-il lire ?"
        )
        return (Question(CODE, texte, tuple(Choix(origine, f"« {origine} »") for origine in origines)),)
    return ()


def _court(cellule: str | None) -> str:
    propre = " ".join((cellule or "").split())
    return propre if len(propre) <= _LONGUEUR else propre[: _LONGUEUR - 1] + "…"
