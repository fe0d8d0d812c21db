"""When a line can be read in two ways, the usual price of its article decides: five times dearer than all others is a carton.

A reading is chosen only when exactly one of those the line allows gives a price like that of the lines of the same article that are sure;
otherwise the line is « à préciser ». Nothing is invented: the readings are those of `ingest.quantites`.
"""

import math
from collections.abc import Mapping
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
_Schema = dict[str, pl.DataType | type[pl.DataType]]
_SCHEMA_REVISES: _Schema = {
    "contenu_quantite": pl.Decimal(18, 6), "contenu_unite": pl.String, "contenu_derivation": pl.String, "contenu_approx": pl.Boolean,
    "contenu_confiance": pl.Float64, "contenu_motif": pl.String,
}  # fmt: skip
_REVISES = list(_SCHEMA_REVISES)
_CAS = ["libelle", "unite", "famille", "article_id", "contenu_quantite", "contenu_unite", "contenu_confiance"]
_POSSIBLES: _Schema = {
    "cas": pl.UInt32, "rang": pl.Int64, "quantite": pl.Float64, "usuel": pl.Float64, "contenu_quantite": pl.Decimal(18, 6),
    "contenu_unite": pl.String, "contenu_derivation": pl.String, "contenu_approx": pl.Boolean,
}  # fmt: skip


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
    numerotees = lignes.select(*_CAS, pl.col(colonne).alias("prix")).with_row_index("lecture").cast({"lecture": pl.Int64})
    revisees = affiner_lectures(numerotees, numerotees.select("lecture", "prix").filter(pl.col("prix").is_not_null()))
    if not revisees.height:
        return lignes
    jointes = lignes.with_row_index("lecture").join(revisees, on="lecture", how="left", suffix="_revise", maintain_order="left")
    revisions = [pl.when(pl.col("prix").is_not_null()).then(pl.col(f"{nom}_revise")).otherwise(pl.col(nom)).alias(nom) for nom in _REVISES]
    return jointes.with_columns(revisions).select(lignes.columns)


def affiner_lectures(lectures: pl.DataFrame, prix: pl.DataFrame) -> pl.DataFrame:
    """The readings that prices decide: `lecture, prix` and the `contenu_*` columns they have at that price.

    `lectures` has `lecture` (its number), `libelle`, `unite`, `famille`, `article_id` and the `contenu_*` columns; `prix` has `lecture`
    and `prix`. What a price says of a reading is reckoned once for all the readings that say the same thing of the same article.
    """
    positifs = prix.filter(pl.col("prix").cast(pl.Float64) > 0)
    usuels = _usual_prices(lectures, positifs)
    douteuses = lectures.filter((pl.col("contenu_confiance") < 1) & pl.col("article_id").is_not_null())
    cas = douteuses.select(_CAS).unique(maintain_order=True).with_row_index("cas")
    possibles = _lay_out(cas, usuels)
    if not possibles.height:
        return pl.DataFrame(schema={"lecture": lectures.schema["lecture"], "prix": prix.schema["prix"], **_SCHEMA_REVISES})
    de_cas = douteuses.join(cas, on=_CAS, nulls_equal=True).select("lecture", "cas")
    a_juger = positifs.join(de_cas, on="lecture").join(possibles.select("cas").unique(), on="cas", how="semi")
    juges = _judge(a_juger.select("cas", "prix").unique(), possibles, cas)
    return a_juger.join(juges, on=["cas", "prix"], maintain_order="left").select("lecture", "prix", *_REVISES)


def _usual_prices(lectures: pl.DataFrame, prix: pl.DataFrame) -> dict[tuple[str, str], _Usuel]:
    """By article and base unit: median of the log price of sure readings, one voice per (label, packaging, price)."""
    sures = lectures.filter(
        (pl.col("contenu_confiance") >= SURE) & (pl.col("contenu_quantite") != 0) & pl.col("article_id").is_not_null()
    ).select("lecture", "article_id", "contenu_unite", "contenu_quantite", "libelle")
    voix = ("article_id", "contenu_unite", "contenu_quantite", "libelle")
    distinctes = sures.select(voix).unique().with_row_index("voix")  # a number is compared sooner than four texts
    numerotees = sures.join(distinctes, on=voix, nulls_equal=True).select("lecture", "voix")
    usuels = (
        prix.join(numerotees, on="lecture")
        .select("voix", "prix")
        .unique()
        .join(distinctes, on="voix")
        .group_by("article_id", "contenu_unite")
        .agg(
            (pl.col("prix").cast(pl.Float64) / pl.col("contenu_quantite").cast(pl.Float64)).log().median().alias("log_prix"),
            pl.len().alias("temoins"),
        )
    )
    return {(article, unite): _Usuel(log, temoins) for article, unite, log, temoins in usuels.iter_rows()}


def _lay_out(cas: pl.DataFrame, usuels: Mapping[tuple[str, str], _Usuel]) -> pl.DataFrame:
    """The readings each case allows, the one made first, and what to write when one is chosen: `usuel` is the log price usual in its unit,
    null when there is none. Cases of which prices say nothing are left out.
    """
    rangees: list[tuple[object, ...]] = []
    for numero, libelle, unite, famille, article, quantite, base, _ in cas.iter_rows():
        contenu = analyser(str(libelle or ""), str(unite) if unite else None, str(famille) if famille else None)
        lectures = list(contenu.alternatives)
        if isinstance(quantite, Decimal) and isinstance(base, str):
            lectures.insert(0, Alternative(quantite, base, contenu.derivation))
        connus = [usuels.get((str(article), lecture.unite_base)) for lecture in lectures]
        if not any(usuel is not None and usuel.temoins >= _TEMOINS_MIN for usuel in connus):
            continue
        for rang, (lecture, usuel) in enumerate(zip(lectures, connus, strict=True)):
            log = usuel.log_prix if usuel is not None and lecture.quantite > 0 else None
            ecrite = lecture.quantite.quantize(_PAS, ROUND_HALF_EVEN)
            derivation = f"{lecture.derivation} (confirmé par le prix habituel de l'article)"
            rangees.append((numero, rang, float(lecture.quantite), log, ecrite, lecture.unite_base, derivation, contenu.approx))
    return pl.DataFrame(rangees, schema=_POSSIBLES, orient="row")


def _judge(prix: pl.DataFrame, possibles: pl.DataFrame, cas: pl.DataFrame) -> pl.DataFrame:
    """What each price of each case (`cas, prix`) decides: the same with the `contenu_*` columns; nothing for those it does not settle."""
    ecart = ((pl.col("prix").cast(pl.Float64) / pl.col("quantite")).log() - pl.col("usuel")).abs().fill_null(math.inf)
    mesures = prix.join(possibles.select("cas", "rang", "quantite", "usuel"), on="cas").with_columns(ecart.alias("ecart"))
    est_plausible = pl.col("ecart") <= _ECART
    resumes = (
        mesures.group_by("cas", "prix")
        .agg(
            pl.col("ecart").filter(pl.col("rang") == 0).first().alias("ecart_lu"),
            pl.col("quantite").filter(est_plausible).min().alias("moindre"),
            pl.col("quantite").filter(est_plausible).max().alias("plus_grande"),
            pl.col("rang").filter(est_plausible).min(),
        )
        .join(cas.select("cas", pl.col("contenu_quantite").alias("lue"), pl.col("contenu_confiance").alias("confiance")), on="cas")
    )
    est_maintenue = pl.col("lue").is_not_null() & (pl.col("confiance") >= SURE) & (pl.col("ecart_lu") <= _ECART_FLAGRANT)
    en_doute = resumes.filter(~est_maintenue)
    est_tranchee = (pl.col("moindre") == pl.col("plus_grande")).fill_null(value=False)
    tranchees = (
        en_doute.filter(est_tranchee)
        .join(possibles.drop("quantite", "usuel"), on=["cas", "rang"])
        .with_columns(contenu_confiance=pl.lit(0.92), contenu_motif=pl.lit(None, dtype=pl.String))
    )
    ouvertes = en_doute.filter(~est_tranchee & pl.col("lue").is_not_null()).with_columns(
        contenu_quantite=pl.lit(None, dtype=pl.Decimal(18, 6)),
        contenu_unite=pl.lit(None, dtype=pl.String),
        contenu_derivation=pl.lit(None, dtype=pl.String),
        contenu_approx=pl.lit(value=False),
        contenu_confiance=pl.lit(0.0),
        contenu_motif=pl.lit("le prix ne permet pas de dire ce qui est compté : indiquez ce que contient une unité"),
    )
    return pl.concat([partie.select("cas", "prix", *_REVISES) for partie in (tranchees, ouvertes)])
