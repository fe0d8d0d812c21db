"""A block of text goes through polars only when it can be proved that every line has the same number of cells; else None."""

import re

import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.lecture.flux import Bloc, places
from ingest.lecture.lignes import COMPTE
from ingest.lecture.table import ALERTE, LIGNE, Alerte

_Places = npt.NDArray[np.intp]
_LIGNE_VIDE = re.compile(rb"^\r?$", re.MULTILINE)


def cadre_rapide(bloc: Bloc, separateur: str, largeur: int) -> pl.DataFrame | None:
    """Cut a block in cells by polars; None when a line is short, long, or goes on below: `ingest.lecture.cellules` then does it.

    The proof: as many rows as physical lines, nothing beyond the last column, and as many separators as full lines need.
    """
    texte = bloc.texte
    lignes = bloc.nombre
    try:
        frame = pl.read_csv(
            texte,
            has_header=False,
            separator=separateur,
            schema={f"c{rang}": pl.String for rang in range(largeur + 1)},
            missing_columns="insert",
            truncate_ragged_lines=True,
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError:
        return None
    if frame.height != lignes or frame[f"c{largeur}"].null_count() != frame.height:
        return None
    frame = frame.drop(f"c{largeur}")
    guillemets, separateurs = places(texte, b'"'), places(texte, separateur.encode())
    enfermes = _enfermes(texte, guillemets, separateurs, separateur)
    if enfermes is None:
        enfermes = _enfermes_dans_les_cellules(frame, separateur)
    if len(separateurs) - enfermes != (largeur - 1) * (lignes - _vides(frame, texte)):
        return None
    if (np.diff(guillemets) == 1).any():
        frame = frame.with_columns(pl.all().replace("", None))
    return frame.select(
        pl.int_range(bloc.premiere, bloc.premiere + lignes, dtype=pl.Int64).alias(LIGNE),
        pl.lit(largeur, pl.Int32).alias(COMPTE),
        pl.all(),
        *douteuses(bloc, pl.int_range(bloc.premiere, bloc.premiere + lignes, dtype=pl.Int64)),
    )


def douteuses(bloc: Bloc, numeros: pl.Expr) -> list[pl.Expr]:
    """Say which lines have letters that were not read for sure; no expression when none has."""
    if not bloc.douteuses:
        return []
    return [
        pl.when(numeros.is_in(bloc.douteuses)).then(pl.lit(Alerte.TEXTE_DOUTEUX.value)).otherwise(pl.lit(None, pl.String)).alias(ALERTE)
    ]


def _enfermes(texte: bytes, guillemets: _Places, separateurs: _Places, separateur: str) -> int | None:
    """Count the separators between quotes; None when some quotes do not go by two, which open and close a cell (« 12" » is in inches)."""
    if len(guillemets) % 2:
        return None
    octets, fin = np.frombuffer(texte, dtype=np.uint8), len(texte) - 1
    ouvrants, fermants = guillemets[0::2], guillemets[1::2]
    avant, apres = octets[ouvrants - 1], octets[np.minimum(fermants + 1, fin)]
    cr = (apres == ord("\r")) & (octets[np.minimum(fermants + 2, fin)] == ord("\n"))
    bords = np.frombuffer(f'{separateur}\n"'.encode(), dtype=np.uint8)  # a quote beside a quote is one quote, inside a cell
    if not (((ouvrants == 0) | np.isin(avant, bords)).all() and (cr | np.isin(apres, bords)).all()):
        return None
    return int((np.searchsorted(separateurs, fermants) - np.searchsorted(separateurs, ouvrants)).sum())


def _enfermes_dans_les_cellules(frame: pl.DataFrame, separateur: str) -> int:
    return int(frame.select(pl.sum_horizontal(pl.all().str.count_matches(separateur, literal=True).sum())).item() or 0)


def _vides(frame: pl.DataFrame, texte: bytes) -> int:
    if not frame["c0"].null_count():
        return 0
    vides = len(_LIGNE_VIDE.findall(texte))
    return vides - 1 if texte.endswith(b"\n") else vides
