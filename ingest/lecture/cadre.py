"""A sheet or a text, once cut in cells, becomes tables: titles above, header, lines, blank lines, totals, next table."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from ingest.lecture.entete import MOTS_ENTETE, Entete, nommer, trouver_entete
from ingest.lecture.lignes import COMPTE, marquer
from ingest.lecture.table import LIGNE, Genre, TableBrute

_TETE = 80  # rows looked at to find a header
_PART_COLONNE = 0.2  # a column without a header is real when at least this share of the first rows fills it


Ligne = tuple[int, Sequence[str | None]]  # number the person sees, cells


@dataclass(frozen=True)
class Plan:
    """How the rows of one table are read: headers, the raw column behind each, number of cells expected, sentences to say."""

    entetes: tuple[str, ...]
    colonnes: tuple[str, ...]
    largeur: int
    premiere: int  # position of the first row of data
    remarques: tuple[str, ...]


def preparer(brut: pl.DataFrame, mots: Collection[str] = MOTS_ENTETE) -> Plan | None:
    """Find the header of a raw frame (columns `ligne`, `nb`, c0…cN) and choose its columns; None when there is no row at all."""
    cellules = [c for c in brut.columns if c not in (LIGNE, COMPTE)]
    remplies = brut.filter(pl.any_horizontal(pl.col(c).str.strip_chars() != "" for c in cellules)) if cellules else brut.clear()
    if remplies.is_empty():
        return None
    tete = brut.head(_TETE + brut.height - remplies.height)
    lignes = tete.select(cellules).rows()
    trouve = trouver_entete(lignes, mots)
    if trouve is None:
        return _sans_entete(brut, cellules)
    return _avec_entete(brut, cellules, trouve)


def tables_du_cadre(
    brut: pl.DataFrame, origine: str, mots: Collection[str] = MOTS_ENTETE, remarques: tuple[str, ...] = ()
) -> list[TableBrute]:
    """Turn a raw frame held in memory into its tables."""
    plan = preparer(brut, mots)
    if plan is None:
        return []
    frame = marquer(brut[plan.premiere :], plan.entetes, plan.colonnes, plan.largeur)
    return [table_en_memoire(frame, origine, plan.entetes, (*remarques, *plan.remarques))]


def table_en_memoire(frame: pl.DataFrame, origine: str, entetes: tuple[str, ...], remarques: tuple[str, ...]) -> TableBrute:
    """Wrap a frame already marked as a `TableBrute` of one block."""

    def blocs() -> Iterator[pl.DataFrame]:
        yield frame

    return TableBrute(origine, Genre.TABLEUR, entetes, blocs, remarques=remarques)


def cadre_de_lignes(lignes: Sequence[Ligne], *, compter: bool = False) -> pl.DataFrame:
    """Build the raw frame of rows of unequal lengths; `compter` when a row shorter than the others is a fault (text files)."""
    largeur = max((len(cellules) for _, cellules in lignes), default=0)
    colonnes = {f"c{rang}": [c[rang] if rang < len(c) else None for _, c in lignes] for rang in range(largeur)}
    return pl.DataFrame(
        {LIGNE: [n for n, _ in lignes], COMPTE: [len(c) if compter else None for _, c in lignes], **colonnes},
        schema={LIGNE: pl.Int64, COMPTE: pl.Int32, **dict.fromkeys(colonnes, pl.String)},
    )


def _avec_entete(brut: pl.DataFrame, cellules: list[str], entete: Entete) -> Plan:
    noms = [*entete.noms, *[""] * (len(cellules) - len(entete.noms))]
    donnees = brut[entete.fin : entete.fin + 2000]
    largeur = max(rang + 1 for rang, nom in enumerate(noms) if nom)
    gardees = [rang for rang, colonne in enumerate(cellules) if noms[rang] or _est_remplie(donnees, colonne)]
    # A cell beyond the last header belongs to a broken line unless many lines have one there.
    gardees = [rang for rang in gardees if rang < largeur or _part_remplie(donnees, cellules[rang]) >= _PART_COLONNE]
    uniques = nommer(noms)
    remarques = []
    titres = brut[: entete.debut].filter(pl.any_horizontal(pl.col(c).str.strip_chars() != "" for c in cellules)).height
    if titres:
        remarques.append("1 ligne de titre au-dessus de l'en-tête." if titres == 1 else f"{titres} lignes de titre au-dessus de l'en-tête.")
    if entete.fin - entete.debut == 2:
        remarques.append("En-tête sur deux lignes : elles ont été réunies.")
    attendue = max(largeur, gardees[-1] + 1)
    return Plan(tuple(uniques[rang] for rang in gardees), tuple(cellules[rang] for rang in gardees), attendue, entete.fin, tuple(remarques))


def _sans_entete(brut: pl.DataFrame, cellules: list[str]) -> Plan:
    gardees = [rang for rang, colonne in enumerate(cellules) if _est_remplie(brut[:2000], colonne)]
    noms = nommer([""] * len(cellules))
    remarque = "Aucune ligne d'en-tête : les colonnes ont été nommées par leur lettre."
    return Plan(tuple(noms[r] for r in gardees), tuple(cellules[r] for r in gardees), gardees[-1] + 1, 0, (remarque,))


def _est_remplie(frame: pl.DataFrame, colonne: str) -> bool:
    return bool((frame[colonne].str.strip_chars() != "").any())


def _part_remplie(frame: pl.DataFrame, colonne: str) -> float:
    return float((frame[colonne].str.strip_chars() != "").sum()) / max(frame.height, 1)
