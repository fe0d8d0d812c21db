"""What can be exported, in which columns, for which reader; the file appears whole or not at all."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import polars as pl

from analytics import diffusion
from analytics.besoins import besoins_membre
from analytics.entrepot import executer, version
from analytics.exports.formats import FORMATS, Source
from analytics.portee import Portee
from ingest.erreurs import Refus

EXPORTS = ("lignes", "articles", "observatoire", "besoins", "opportunites", "groupements")
CALCULES_AILLEURS = ("opportunites", "groupements")
"""Rows of these are given by the caller: they come from decisions that the observatoire does not hold."""


def exporter(
    curseur: duckdb.DuckDBPyConnection,
    quoi: str,
    format_: str,
    chemin: Path,
    portee: Portee,
    rangees: Sequence[Mapping[str, Any]] | pl.DataFrame | None = None,
) -> int:
    """Write `quoi` (one of EXPORTS) at `chemin` in this format (csv, parquet, json, xlsx) and return the number of rows.

    Only what `portee` allows leaves: lines of the membres the reader reads, statistics above the floors. Raises Refus for an unknown
    export or format, or for more rows than a workbook can hold; nothing is then written.
    """
    if quoi not in EXPORTS:
        raise Refus(f"« {quoi} » ne s'exporte pas. Choisissez parmi : {', '.join(EXPORTS)}.")
    if format_ not in FORMATS:
        raise Refus(f"Le format « {format_} » n'est pas proposé. Choisissez parmi : {', '.join(FORMATS)}.")
    if quoi in CALCULES_AILLEURS:
        if rangees is None:
            raise ValueError(f"the rows of {quoi} are to be given")
        table = rangees if isinstance(rangees, pl.DataFrame) else pl.DataFrame(list(rangees), infer_schema_length=None)
    else:
        table = TABLES[quoi](curseur, portee)
    source = Source(quoi, version(curseur))
    chemin.parent.mkdir(parents=True, exist_ok=True)
    provisoire = chemin.with_name(f"{chemin.name}.{uuid4().hex}.part")
    try:
        FORMATS[format_](table, provisoire, source)
        provisoire.replace(chemin)
    finally:
        provisoire.unlink(missing_ok=True)
    return table.height


def _lignes(curseur: duckdb.DuckDBPyConnection, portee: Portee) -> pl.DataFrame:
    return executer(curseur, "exports/lignes.sql", tout=portee.tout, lisibles=sorted(portee.membres_lisibles))


def _articles(curseur: duckdb.DuckDBPyConnection, portee: Portee) -> pl.DataFrame:
    return executer(curseur, "exports/articles.sql", **diffusion.visibilite(curseur, portee))


def table_observatoire(curseur: duckdb.DuckDBPyConnection, portee: Portee) -> pl.DataFrame:
    """Every distribution that this reader may see, one row per article and periode, with the reason when there is nothing to see."""
    articles = [ligne[0] for ligne in curseur.sql("SELECT article_id FROM articles ORDER BY article_id").fetchall()]
    return pl.DataFrame(
        [_aplatir(distribution) for distribution in diffusion.distributions(curseur, portee, articles).values()],
        schema=COLONNES_OBSERVATOIRE,
    ).sort("famille", "article", "article_id", "periode")


def _aplatir(distribution: diffusion.Distribution) -> dict[str, Any]:
    statistiques = {nom: getattr(distribution, nom).valeur for nom in STATISTIQUES}
    return {
        "article_id": distribution.article_id,
        "article": distribution.libelle,
        "famille": distribution.famille,
        "periode": distribution.periode,
        "unite_reference": distribution.unite,
        "nb_membres": distribution.effectif.nb_membres,
        "nb_lignes": distribution.effectif.nb_lignes,
        "nb_fournisseurs": distribution.effectif.nb_fournisseurs,
        **{nom: None if valeur is None else float(valeur) for nom, valeur in statistiques.items()},
        "nb_exclus": distribution.nb_exclus,
        "motif_absence": distribution.motif_absence,
    }


def _besoins(curseur: duckdb.DuckDBPyConnection, portee: Portee) -> pl.DataFrame:
    membres = [ligne[0] for ligne in curseur.sql("SELECT DISTINCT membre FROM besoins ORDER BY membre").fetchall()]
    rangees = [
        {"membre": membre, **vars(besoin)}
        for membre in membres
        if portee.peut_lire(membre)
        for besoin in besoins_membre(curseur, portee, membre)
    ]
    return pl.DataFrame(rangees, schema=COLONNES_BESOINS)


STATISTIQUES = (
    "minimum", "p10", "q1", "mediane", "q3", "p90", "maximum", "moyenne_ponderee", "quantite_reference", "montant_ht",
)  # fmt: skip
COLONNES_OBSERVATOIRE: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("article_id", "article", "famille", "periode", "unite_reference"), pl.String),
    **dict.fromkeys(("nb_membres", "nb_lignes", "nb_fournisseurs"), pl.Int64),
    **dict.fromkeys(STATISTIQUES, pl.Float64),
    "nb_exclus": pl.Int64,
    "motif_absence": pl.String,
}
COLONNES_BESOINS: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("membre", "famille", "famille_libelle", "article_id", "article", "unite"), pl.String),
    "quantite_annuelle": pl.Decimal(28, 6),
    "montant_annuel_ht": pl.Decimal(24, 2),
    "mois_couverts": pl.Int64,
    **dict.fromkeys(("quantite_min_an", "quantite_max_an"), pl.Decimal(28, 6)),
    **dict.fromkeys(("montant_min_an", "montant_max_an"), pl.Decimal(24, 2)),
    "nb_lignes": pl.Int64,
}
TABLES: Mapping[str, Callable[[duckdb.DuckDBPyConnection, Portee], pl.DataFrame]] = {
    "lignes": _lignes,
    "articles": _articles,
    "observatoire": table_observatoire,
    "besoins": _besoins,
}
