"""The columns of packaging are computed once per distinct (label, unit, famille), then joined to the lines."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

import polars as pl
from polars._typing import PolarsDataType

from ingest.quantites.attributs import extract_attributs
from ingest.quantites.conditionnement import analyser

_CLES = ["libelle", "unite", "famille"]
_PAS = Decimal("0.000001")
_SCHEMA: Mapping[str, PolarsDataType] = {
    "contenu_quantite": pl.Decimal(18, 6),
    "contenu_unite": pl.String,
    "contenu_derivation": pl.String,
    "contenu_approx": pl.Boolean,
    "contenu_confiance": pl.Float64,
    "contenu_motif": pl.String,
    "attributs": pl.String,
}


def ajouter_contenu(lignes: pl.DataFrame) -> pl.DataFrame:
    """Add `contenu_quantite` (Decimal(18,6)), `contenu_unite`, `contenu_derivation`, `contenu_approx`, `contenu_confiance`, `contenu_motif`
    and `attributs` (JSON object) to lines that have `libelle`, `unite` and `famille` (String); rows keep their order.

    `contenu_quantite` and `contenu_unite` are null when the line is « à préciser », and `contenu_motif` says why in French.
    """
    distinctes = lignes.select(_CLES).unique()
    calculees = distinctes.hstack(lire_en_lot(distinctes))
    return lignes.join(calculees, on=_CLES, how="left", nulls_equal=True, maintain_order="left")


def lire_en_lot(combinaisons: pl.DataFrame) -> pl.DataFrame:
    """The columns that `ajouter_contenu` adds, and no other, for `libelle`, `unite`, `famille`: one row for each row, in the same order.

    A pure function of each row: a table may be cut in pieces, read by several processes, and the results put end to end.
    """
    lues = [_row(*cle) for cle in combinaisons.select(_CLES).iter_rows()]
    return pl.DataFrame(lues, schema=_SCHEMA, orient="row")


def _row(libelle: str | None, unite: str | None, famille: str | None) -> tuple[object, ...]:
    contenu = analyser(libelle or "", unite, famille)
    quantite = None if contenu.quantite is None else contenu.quantite.quantize(_PAS, ROUND_HALF_EVEN)
    return (
        quantite, contenu.unite_base, contenu.derivation or None, contenu.approx,
        contenu.confiance, contenu.motif, extract_attributs(libelle or "", famille),
    )  # fmt: skip
