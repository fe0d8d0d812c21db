"""The price index of each famille, kept in the observatoire at each build and shown above the floors."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl

from analytics import diffusion
from analytics.indices.tpd import indice
from analytics.portee import Portee
from analytics.resultat import Effectif, Resultat

METHODE = "indice_prix"
TOUTES = "*"
"""The famille that stands for all of them together."""
SCHEMA = {
    "famille": pl.String, "trimestre": pl.String, "indice": pl.Float64, "bas": pl.Float64, "haut": pl.Float64,
    "nb_membres": pl.Int64, "nb_modeles": pl.Int64, "nb_fournisseurs": pl.Int64, "part_dominante": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class PointIndice:
    """The index of a quarter (« 2024-T2 »), base 100 = mean of the first year, with its 95 % interval when it can be told."""

    trimestre: str
    indice: Resultat
    bas: Decimal | None
    haut: Decimal | None


def calculer(releves: pl.DataFrame, familles: Sequence[str] | None = None) -> pl.DataFrame:
    """The rows of `indices` for these familles (all of them when not given) and for all together, from `reprise.releves` in any order."""
    if releves.height == 0:
        return pl.DataFrame(schema=SCHEMA)
    modeles = _numeroter(releves)
    voulus = modeles if familles is None else modeles.filter(pl.col("famille").is_in(familles))
    tables = [_serie(TOUTES, modeles)]
    tables += [_serie(str(f), t) for (f,), t in sorted(voulus.group_by("famille"), key=lambda paire: str(paire[0][0]))]
    return pl.concat(tables)


def _numeroter(releves: pl.DataFrame) -> pl.DataFrame:
    """The same with a number for each model, in an order that does not depend on that of rows; text is compared once per distinct value."""
    numero = pl.lit(0, dtype=pl.Int64)
    for nom in ("membre", "famille", "article_id", "fournisseur_id"):
        distinctes = releves[nom].fill_null("").unique().sort()
        rangs = pl.Series(range(len(distinctes)), dtype=pl.Int64)
        numero = numero * len(distinctes) + pl.col(nom).fill_null("").replace_strict(distinctes, rangs, return_dtype=pl.Int64)
    return releves.with_columns(modele=numero).sort("modele", "trimestre")


def indice_famille(curseur: duckdb.DuckDBPyConnection, portee: Portee, famille: str = TOUTES) -> tuple[PointIndice, ...]:
    """The index of a famille (or of all), oldest quarter first; a quarter below the floors has its reason instead of a value."""
    lus = curseur.sql("SELECT * FROM indices WHERE famille = $famille ORDER BY trimestre", params={"famille": famille}).pl().to_dicts()
    return montrer_points(diffusion.regles_en_vigueur(curseur), portee, famille, lus)


def montrer_points(regle: diffusion.Regles, portee: Portee, famille: str, lus: Sequence[dict[str, Any]]) -> tuple[PointIndice, ...]:
    """The same from the rows of `indices` of this famille, in the order of quarters."""
    points = []
    for lu in lus:
        effectif = Effectif(lu["nb_membres"], lu["nb_modeles"], lu["nb_fournisseurs"])
        motif = None if portee.tout else (
            diffusion.motif_verrou(portee, famille)
            or diffusion.motif_plancher(regle, effectif)
            or diffusion.motif_dominance(regle, lu["part_dominante"])
        )  # fmt: skip
        valeurs = [None if motif or lu[n] is None else Decimal(repr(lu[n])).quantize(Decimal("0.1")) for n in ("indice", "bas", "haut")]
        points.append(
            PointIndice(
                lu["trimestre"],
                Resultat(valeurs[0], "base 100 la première année", effectif, lu["trimestre"], METHODE, motif),
                valeurs[1],
                valeurs[2],
            )
        )
    return tuple(points)


def inflation(points: Sequence[PointIndice]) -> Decimal | None:
    """Change in per cent between the mean of the first year and that of the last one, None when one of them has no point."""
    annees: dict[str, list[Decimal]] = {}
    for point in points:
        if point.indice.valeur is not None:
            annees.setdefault(point.trimestre[:4], []).append(point.indice.valeur)
    if len(annees) < 2:
        return None
    moyennes = [sum(annees[a], Decimal(0)) / len(annees[a]) for a in (min(annees), max(annees))]
    return ((moyennes[1] / moyennes[0] - 1) * 100).quantize(Decimal("0.1"))


def _serie(famille: str, modeles: pl.DataFrame) -> pl.DataFrame:
    points = indice(modeles.select("modele", "membre", "trimestre", "prix", "montant"))
    if not points:
        return pl.DataFrame(schema=SCHEMA)
    utiles = modeles.filter(pl.len().over("modele") >= 2)
    effectifs = {
        ligne["trimestre"]: ligne
        for ligne in utiles.group_by("trimestre")
        .agg(
            pl.col("membre").n_unique().alias("membres"),
            pl.len().alias("modeles"),
            pl.col("fournisseur_id").n_unique().alias("fournisseurs"),
        )
        .join(
            utiles.group_by("trimestre", "membre")
            .agg(pl.col("montant").sum())
            .group_by("trimestre")
            .agg((pl.col("montant").max() / pl.col("montant").sum()).alias("part")),
            on="trimestre",
        )
        .to_dicts()
    }
    rangees = []
    for point in points:
        e = effectifs[point.trimestre]
        nom = f"{point.trimestre // 4}-T{point.trimestre % 4 + 1}"
        rangees.append((famille, nom, point.indice, point.bas, point.haut, e["membres"], e["modeles"], e["fournisseurs"], e["part"]))
    return pl.DataFrame(rangees, schema=SCHEMA, orient="row")
