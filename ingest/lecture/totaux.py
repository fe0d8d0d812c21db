"""A row of figures without any text is a total when it is the sum of the lines above it: proved, never supposed."""

import polars as pl

_CANDIDATS_MAX = 5000  # a file with more rows without text is not a file with totals
_TOLERANCE = 0.011  # a cent, and the rounding of floats


def trouver_totaux_muets(frame: pl.DataFrame, candidats: pl.Series, ecartees: pl.Series, colonnes: tuple[str, ...]) -> list[int]:
    """Among candidate positions (rows whose filled cells are all figures), return those that total the lines above.

    A total sums the column since the start (general total) or since the previous total (sub-total), rows set aside left out.
    """
    rangs = candidats.arg_true().to_list()
    if not rangs or len(rangs) > _CANDIDATS_MAX:
        return []
    chiffrees = [colonne for colonne in colonnes if frame[colonne][rangs].null_count() < len(rangs)]
    nombres = {colonne: _nombres(frame[colonne], ecartees | candidats) for colonne in chiffrees}
    trouves: list[int] = []
    for rang in rangs:
        precedent = trouves[-1] if trouves else None
        if any(_est_somme(*nombres[c], rang, precedent) and _plusieurs(frame[c], rang, trouves) for c in chiffrees):
            trouves.append(rang)
    return trouves


def _est_somme(valeurs: list[float | None], cumuls: list[float], rang: int, precedent: int | None) -> bool:
    lu = valeurs[rang]
    if not lu:
        return False
    depuis = cumuls[precedent] if precedent is not None else 0.0
    return min(abs(cumuls[rang] - lu), abs(cumuls[rang] - depuis - lu)) <= _TOLERANCE


def _nombres(cellules: pl.Series, exclues: pl.Series) -> tuple[list[float | None], list[float]]:
    """Read a column as numbers, and its running sum without the excluded rows."""
    propres = cellules.str.replace_all(r"[^\d,.\-]", "").str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    cumuls = propres.fill_null(0.0).zip_with(~exclues, pl.Series([0.0])).cum_sum()
    return propres.to_list(), cumuls.to_list()


def _plusieurs(cellules: pl.Series, rang: int, trouves: list[int]) -> bool:
    """Say whether at least two lines stand above: one line repeated under itself is not a total."""
    return cellules[:rang].drop_nulls().len() - len(trouves) >= 2
