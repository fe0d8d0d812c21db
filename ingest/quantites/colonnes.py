"""The columns of packaging are computed once per distinct (label, unit, famille), then joined to the lines."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

import polars as pl
from polars._typing import PolarsDataType

from ingest.quantites.attributs import extract_attributs
from ingest.quantites.conditionnement import analyser
from ingest.sans_cycles import sans_cycles

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
    ordre = combinaisons["libelle"].arg_sort()  # labels that begin alike share their words: what is known of them is at hand
    libelles, unites, familles = (combinaisons[nom].gather(ordre).to_list() for nom in _CLES)
    with sans_cycles():
        contenus = [analyser(libelle or "", unite, famille) for libelle, unite, famille in zip(libelles, unites, familles, strict=True)]
        attributs = [extract_attributs(libelle or "", famille) for libelle, famille in zip(libelles, familles, strict=True)]
        quantites = [None if contenu.quantite is None else contenu.quantite.quantize(_PAS, ROUND_HALF_EVEN) for contenu in contenus]
    lues = pl.DataFrame(
        {
            "contenu_quantite": quantites,
            "contenu_unite": [contenu.unite_base for contenu in contenus],
            "contenu_derivation": [contenu.derivation or None for contenu in contenus],
            "contenu_approx": [contenu.approx for contenu in contenus],
            "contenu_confiance": [contenu.confiance for contenu in contenus],
            "contenu_motif": [contenu.motif for contenu in contenus],
            "attributs": attributs,
        },
        schema=_SCHEMA,
    )
    return lues[ordre.arg_sort()]
