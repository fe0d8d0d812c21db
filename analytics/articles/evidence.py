"""When a line can be read in two ways, the usual price of its article decides: five times dearer than all others is a carton.

A reading is chosen only when exactly one of those the line allows gives a price like that of the lines of the same article that are sure;
otherwise the line is « à préciser ». Nothing is invented: the readings are those of `ingest.quantites`.
"""

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import polars as pl

from ingest.quantites import Alternative, analyser

# A line is sure from this confidence: its unit column says what is counted.
SURE = 0.9
# Within a factor of 1.7 of the usual price: packagings differ by 2 at least, prices between members rarely by so much.
_ECART = math.log(1.7)
# A reading that looked sure, its unit cell aside, is questioned only by a price that is plainly another packaging's.
_ECART_FLAGRANT = math.log(2.4)
_TEMOINS_MIN = 2
_PAS = Decimal("0.000001")
_MONTANTS = ("prix_unitaire_ht", "prix_unitaire_median")
_REVISES = ["contenu_quantite", "contenu_unite", "contenu_derivation", "contenu_approx", "contenu_confiance", "contenu_motif"]


@dataclass(frozen=True)
class _Usuel:
    """Usual price of one base unit of an article, as a logarithm, on how many sure readings."""

    log_prix: float
    temoins: int


def affiner_contenus(lignes: pl.DataFrame) -> pl.DataFrame:
    """Same rows and columns, with the `contenu_*` columns revised where prices are decisive.

    Needs `libelle`, `unite`, `famille`, `article_id`, a unit price (`prix_unitaire_ht` or `prix_unitaire_median`), the `contenu_*` columns.
    A doubtful reading (confidence under 0.9) or one « à préciser » is confirmed, exchanged for another reading, or left « à préciser »
    when the price contradicts it and no other reading fits; without two sure prices of the same article nothing changes.
    """
    colonne = next(nom for nom in _MONTANTS if nom in lignes.columns)
    usuels = _usual_prices(lignes, colonne)
    clefs = ["libelle", "unite", "famille", "article_id", colonne, "contenu_quantite", "contenu_unite", "contenu_confiance"]
    douteuses = lignes.select(clefs).filter((pl.col("contenu_confiance") < 1) & pl.col("article_id").is_not_null()).unique()
    revisions = [(*rangee, *revision) for rangee in douteuses.iter_rows() if (revision := _revise(rangee, usuels)) is not None]
    if not revisions:
        return lignes
    types = {nom: lignes.schema[nom] for nom in clefs}
    nouveaux = {f"_{nom}": lignes.schema[nom] for nom in _REVISES}
    table = pl.DataFrame(revisions, schema={**types, **nouveaux, "_revise": pl.Boolean}, orient="row")
    jointes = lignes.join(table, on=clefs, how="left", nulls_equal=True, maintain_order="left")
    revisees = [pl.when(pl.col("_revise")).then(pl.col(f"_{nom}")).otherwise(pl.col(nom)).alias(nom) for nom in _REVISES]
    return jointes.with_columns(revisees).select(lignes.columns)


def _usual_prices(lignes: pl.DataFrame, colonne: str) -> dict[tuple[str, str], _Usuel]:
    """By article and base unit: median of the log price of sure readings, one voice per (label, unit, price)."""
    sures = lignes.filter(
        (pl.col("contenu_confiance") >= SURE) & pl.col("contenu_quantite").is_not_null() & (pl.col(colonne).cast(pl.Float64) > 0)
    )
    log_prix = (pl.col(colonne).cast(pl.Float64) / pl.col("contenu_quantite").cast(pl.Float64)).log()
    usuels = (
        sures.filter(pl.col("article_id").is_not_null() & (pl.col("contenu_quantite") != 0))
        .select("article_id", "contenu_unite", "contenu_quantite", colonne, "libelle")
        .unique()
        .group_by("article_id", "contenu_unite")
        .agg(log_prix.median(), pl.len().alias("temoins"))
    )
    return {(article, unite): _Usuel(log, temoins) for article, unite, log, temoins in usuels.iter_rows()}


def _revise(rangee: tuple[object, ...], usuels: dict[tuple[str, str], _Usuel]) -> tuple[object, ...] | None:
    """The new `contenu_*` values of a doubtful reading, or None when prices say nothing."""
    libelle, unite, famille, article, prix, quantite, base, confiance = rangee
    montant = float(prix) if isinstance(prix, (Decimal, float, int)) else 0.0
    if montant <= 0:
        return None
    contenu = analyser(str(libelle or ""), str(unite) if unite else None, str(famille) if famille else None)
    lectures = list(contenu.alternatives)
    if isinstance(quantite, Decimal) and isinstance(base, str):
        lectures.insert(0, Alternative(quantite, base, contenu.derivation))
    usuels_lectures = [usuels.get((str(article), lecture.unite_base)) for lecture in lectures]
    if not any(usuel is not None and usuel.temoins >= _TEMOINS_MIN for usuel in usuels_lectures):
        return None
    ecarts = [
        abs(math.log(montant / float(lecture.quantite)) - usuel.log_prix) if usuel is not None and lecture.quantite > 0 else math.inf
        for lecture, usuel in zip(lectures, usuels_lectures, strict=True)
    ]
    if quantite is not None and isinstance(confiance, float) and confiance >= SURE and ecarts[0] <= _ECART_FLAGRANT:
        return None
    plausibles = [lecture for lecture, ecart in zip(lectures, ecarts, strict=True) if ecart <= _ECART]
    if len({lecture.quantite for lecture in plausibles}) == 1:
        choisie = plausibles[0]
        derivation = f"{choisie.derivation} (confirmé par le prix habituel de l'article)"
        return choisie.quantite.quantize(_PAS, ROUND_HALF_EVEN), choisie.unite_base, derivation, contenu.approx, 0.92, None, True
    motif = "le prix ne permet pas de dire ce qui est compté : indiquez ce que contient une unité"
    return (None, None, None, False, 0.0, motif, True) if quantite is not None else None
