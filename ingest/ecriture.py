"""Typed lines go to Parquet with each text written once per block: a column that repeats itself is its few texts and their places."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.codage import coder
from ingest.schema import SCHEMA_LIGNES

UNIQUES: Final = frozenset({"empreinte", "cle", "brut"})
"""Texts that never come back: a dictionary of them would be as long as the column."""

CODES: Final = tuple(nom for nom, genre in SCHEMA_LIGNES.items() if genre == pl.String and nom not in UNIQUES)
"""Columns written as a dictionary."""

_TEXTE: Final = pa.dictionary(pa.uint32(), pa.large_string())
_DICTIONNAIRE_COURT: Final = 1024


@dataclass(frozen=True)
class TexteCode:
    """A column of text: for each line the place (UInt32) of its text in `valeurs` (which may repeat one or hold null), null when empty."""

    valeurs: pl.Series
    codes: pl.Series


@dataclass(frozen=True)
class BlocTraite:
    """Lines of one block: the columns of `SCHEMA_LIGNES` are in `textes`, else in `lignes`, which has one row per line."""

    lignes: pl.DataFrame
    textes: Mapping[str, TexteCode]


class Ecrivain:
    """Writes blocks one after the other in a Parquet file, to be read as `SCHEMA_LIGNES`."""

    def __init__(self, chemin: Path) -> None:
        self._parquet = pq.ParquetWriter(
            chemin,
            _schema(),
            compression="zstd",
            compression_level=1,
            use_dictionary=[nom for nom in SCHEMA_LIGNES if nom not in UNIQUES | {"ligne", "anomalies"}],
            write_statistics=["ligne", "date", "statut", "membre", "famille"],
            # Decimals of at most eighteen figures fit in integers, written twice as fast. No Arrow schema in the file: its readers would
            # take our dictionaries for a type of their own, and these columns are texts.
            store_decimal_as_integer=True,
            store_schema=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, genre: type[BaseException] | None, faute: BaseException | None, trace: TracebackType | None) -> None:
        self._parquet.close()

    def ecrire(self, bloc: BlocTraite) -> None:
        """Add a block."""
        colonnes = [_en_arrow(bloc, nom) for nom in SCHEMA_LIGNES]
        self._parquet.write_table(pa.Table.from_arrays(colonnes, schema=_schema()))


def _en_arrow(bloc: BlocTraite, nom: str) -> pa.Array:
    if nom in CODES:
        return _en_dictionnaire(bloc.textes[nom] if nom in bloc.textes else _coder(bloc.lignes[nom]))
    colonne = bloc.lignes[nom]
    return _arrow(colonne).cast(_schema().field(nom).type)


def _coder(colonne: pl.Series) -> TexteCode:
    if isinstance(colonne.dtype, pl.Enum):
        return TexteCode(colonne.dtype.categories, colonne.to_physical().cast(pl.UInt32))
    if colonne.null_count() == colonne.len():
        return TexteCode(pl.Series(dtype=pl.String), pl.Series([None], dtype=pl.UInt32).new_from_index(0, colonne.len()))
    codage = coder(colonne)
    return TexteCode(codage.distincts, codage.codes)


def _en_dictionnaire(texte: TexteCode) -> pa.DictionaryArray:
    """Parquet asks for a dictionary of texts that differ; a long one is cut down to those of the block, which keeps its groups small."""
    utiles = _presents(texte.codes, texte.valeurs.len()) if texte.valeurs.len() > _DICTIONNAIRE_COURT else None
    codes, valeurs = texte.codes, texte.valeurs if utiles is None else texte.valeurs.gather(utiles)
    if utiles is None and not valeurs.null_count() and valeurs.n_unique() == valeurs.len():
        return pa.DictionaryArray.from_arrays(_arrow(codes), _arrow(valeurs).cast(pa.large_string()))
    codage = coder(valeurs)
    if utiles is not None:
        codes = pl.Series([None], dtype=pl.UInt32).new_from_index(0, texte.valeurs.len()).scatter(utiles, codage.codes).gather(codes)
    elif codage.distincts.len() < texte.valeurs.len():
        codes = codage.codes.gather(codes)
    return pa.DictionaryArray.from_arrays(_arrow(codes), _arrow(codage.distincts).cast(pa.large_string()))


def _arrow(colonne: pl.Series) -> pa.Array:
    return colonne.to_arrow(compat_level=pl.CompatLevel.oldest())


def _presents(codes: pl.Series, nombre: int) -> pl.Series | None:
    """The codes under `nombre` that are there, in their order, None when all are; marking them costs less than sorting the lines."""
    vus = np.zeros(nombre + 1, dtype=np.bool_)
    vus[(codes.fill_null(nombre) if codes.null_count() else codes).to_numpy()] = True
    return None if vus[:nombre].all() else pl.Series(np.flatnonzero(vus[:nombre]), dtype=pl.UInt32)


@cache
def _schema() -> pa.Schema:
    vides = pl.DataFrame(schema=SCHEMA_LIGNES).to_arrow(compat_level=pl.CompatLevel.oldest()).schema
    return pa.schema([pa.field(champ.name, _TEXTE) if champ.name in CODES else champ for champ in vides])
