"""Which rows of a table are lines of purchase: blank ones are not lines, totals and repeated headers are set aside by name."""

from collections.abc import Sequence

import polars as pl

from ingest.lecture.table import ALERTE, ECART, LIGNE, Alerte, Ecart

COMPTE = "nb"  # number of cells the row really had, null when the source is a sheet

_TOTAL = r"(?i)^\s*[*=_\-]*\s*(?:(?:sous|s/|ss)[\s\-.]*)?(?:total|totaux|cumul|report|a\s+reporter|à\s+reporter|solde)\b"
_NOMBRE = r"^[\s€+\-(]*\d[\d\s.,'\x{00a0}\x{202f}]*(?:€|EUR|%)?[\s)\-]*$"


def marquer(brut: pl.DataFrame, entetes: Sequence[str], colonnes: Sequence[str], largeur: int) -> pl.DataFrame:
    """Rename raw columns to headers, drop blank rows, set aside totals and repeated headers, flag rows with too many or too few cells.

    `brut` has `ligne`, `nb` and raw columns; `colonnes` are those behind `entetes`, in order; `largeur` the number of cells expected.
    """
    cellules = [c for c in brut.columns if c not in (LIGNE, COMPTE)]
    surplus = [c for c in cellules[largeur:] if c not in colonnes]
    frame = brut.with_columns(pl.col(cellules).replace("", None)) if cellules else brut
    frame = frame.filter(pl.any_horizontal(pl.col(c).str.strip_chars() != "" for c in cellules))
    return frame.select(
        pl.col(LIGNE),
        _ecart(entetes, colonnes).alias(ECART),
        _alerte(surplus, largeur).alias(ALERTE),
        *[
            _avec_surplus(colonne, surplus if rang == len(colonnes) - 1 else []).alias(nom)
            for rang, (nom, colonne) in enumerate(zip(entetes, colonnes, strict=True))
        ],
    )


def _ecart(entetes: Sequence[str], colonnes: Sequence[str]) -> pl.Expr:
    propres = {c: pl.col(c).str.strip_chars() for c in colonnes}
    remplies = pl.sum_horizontal(pl.col(c).is_not_null() for c in colonnes)
    egales = pl.sum_horizontal((propres[c] == nom).fill_null(value=False) for nom, c in zip(entetes, colonnes, strict=True))
    repetee = (egales >= 2) & (egales * 2 >= remplies)
    textes = pl.sum_horizontal((~pl.col(c).str.contains(_NOMBRE)).fill_null(value=False) for c in colonnes)
    total = pl.any_horizontal(pl.col(c).str.contains(_TOTAL).fill_null(value=False) for c in colonnes)
    maigre = (remplies * 2 <= len(colonnes) + 1) & (textes <= 2)
    return pl.when(repetee).then(pl.lit(Ecart.ENTETE_REPETEE.value)).when(total & maigre).then(pl.lit(Ecart.TOTAL.value)).otherwise(None)


def _alerte(surplus: Sequence[str], largeur: int) -> pl.Expr:
    en_trop = pl.any_horizontal(pl.col(c).is_not_null() for c in surplus) if surplus else pl.lit(value=False)
    manquantes = (pl.col(COMPTE) < largeur).fill_null(value=False)
    return (
        pl.when(en_trop)
        .then(pl.lit(Alerte.CELLULES_EN_TROP.value))
        .when(manquantes)
        .then(pl.lit(Alerte.CELLULES_MANQUANTES.value))
        .otherwise(None)
    )


def _avec_surplus(colonne: str, surplus: Sequence[str]) -> pl.Expr:
    """Keep the cells in excess with the last column, so that nothing of what was received is lost."""
    return pl.concat_str([colonne, *surplus], separator=" | ", ignore_nulls=True).replace("", None) if surplus else pl.col(colonne)
