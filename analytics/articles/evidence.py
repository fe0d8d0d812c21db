"""When a line can be read in two ways, the usual price of its article decides: five times dearer than all others is a carton.

A reading is chosen only when exactly one of those the line allows gives a price like that of the lines of the same article that are sure.
When the line allows none, and exactly one of the packagings in which its article is bought elsewhere has that price, it is taken for that
one and said to be approximate: it counts in quantities, never in prices, since its price is what chose it. Otherwise it is « à préciser ».
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import polars as pl

from ingest.quantites import Alternative, analyser
from ingest.quantites.mots import say_unite

# A line is sure from this confidence: its unit column says what is counted.
SURE = 0.9
# Within a factor of 1.7 of the usual price: packagings differ by 2 at least, prices between members rarely by so much.
_ECART = math.log(1.7)
# A reading that looked sure, its unit cell aside, is questioned only by a price that is plainly another packaging's.
_ECART_FLAGRANT = math.log(2.4)
_TEMOINS_MIN = 2
# A packaging that the line does not say must give the usual price within a factor of 1.35, and no other one within 1.7.
_ECART_NON_DIT = math.log(1.35)
_CONFIANCE_NON_DITE = 0.7
_NON_DIT = "(la ligne ne le dit pas : conditionnement d'autres achats de cet article, d'après le prix)"
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
    "cas": pl.UInt32, "rang": pl.Int64, "est_dit": pl.Boolean, "quantite": pl.Float64, "usuel": pl.Float64,
    "contenu_quantite": pl.Decimal(18, 6), "contenu_unite": pl.String, "contenu_derivation": pl.String, "contenu_approx": pl.Boolean,
}  # fmt: skip


@dataclass(frozen=True)
class _Usuel:
    """Usual price of an article in the base unit of most of its sure readings, as a logarithm, on how many of them; what one unit was found
    to hold at least twice among them.
    """

    unite_base: str
    log_prix: float
    temoins: int
    contenus: tuple[Decimal, ...]


def affiner_contenus(lignes: pl.DataFrame) -> pl.DataFrame:
    """Same rows and columns, with the `contenu_*` columns revised where prices are decisive.

    Needs `libelle`, `unite`, `famille`, `article_id`, a unit price (`prix_unitaire_ht` or `prix_unitaire_median`), the `contenu_*` columns.
    A doubtful reading (confidence under 0.9) or one « à préciser » is confirmed, exchanged for another reading or for a packaging of its
    article (approximate), or left « à préciser » when the price contradicts it and nothing else fits; without two sure prices of the same
    article, in the unit in which it is mostly bought, nothing changes.
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
    de_cas = de_cas.join(possibles.select("cas").unique(), on="cas", how="semi").join(_keep_sure(cas, possibles), on="cas", how="left")
    # most prices leave a reading that looked sure as it was: they are put aside before anything costly
    maintenue = (_log_prix() - pl.col("usuel")).abs() <= _ECART_FLAGRANT
    a_juger = positifs.join(de_cas, on="lecture").filter(~maintenue.fill_null(value=False)).select("lecture", "prix", "cas")
    juges = _judge(a_juger.select("cas", "prix").unique(), possibles, cas)
    return a_juger.join(juges, on=["cas", "prix"], maintain_order="left").select("lecture", "prix", *_REVISES)


def _usual_prices(lectures: pl.DataFrame, prix: pl.DataFrame) -> dict[str, _Usuel]:
    """By article, in the base unit of most of its sure readings: median of the log price, one voice per (label, packaging, price)."""
    sures = lectures.filter((pl.col("contenu_confiance") >= SURE) & (pl.col("contenu_quantite") > 0) & pl.col("article_id").is_not_null())
    voix = ("article_id", "contenu_unite", "contenu_quantite", "libelle")
    distinctes = sures.select(voix).unique().with_row_index("voix")  # a number is compared sooner than four texts
    numerotees = sures.select("lecture", *voix).join(distinctes, on=voix, nulls_equal=True).select("lecture", "voix")
    entendues = prix.join(numerotees, on="lecture").select("voix", "prix").unique().join(distinctes, on="voix")
    log_prix = (pl.col("prix").cast(pl.Float64) / pl.col("contenu_quantite").cast(pl.Float64)).log()
    usuels = (
        entendues.group_by("article_id", "contenu_unite")
        .agg(log_prix.median().alias("log_prix"), pl.len().alias("temoins"))
        .sort("article_id", "temoins", "contenu_unite", descending=[False, True, False])
        .unique("article_id", keep="first", maintain_order=True)
    )
    repetes = entendues.group_by("article_id", "contenu_unite", "contenu_quantite").len().filter(pl.col("len") >= _TEMOINS_MIN)
    contenus = repetes.group_by("article_id", "contenu_unite").agg(pl.col("contenu_quantite").sort())
    table = usuels.join(contenus, on=["article_id", "contenu_unite"], how="left")
    return {article: _Usuel(unite, log, temoins, tuple(connus or ())) for article, unite, log, temoins, connus in table.iter_rows()}


def _lay_out(cas: pl.DataFrame, usuels: Mapping[str, _Usuel]) -> pl.DataFrame:
    """The readings each case allows, the one made first, then the packagings of its article (`est_dit` false), and what to write when one
    is chosen; `usuel` is the usual log price. Cases of which prices say nothing are left out.
    """
    rangees: list[tuple[object, ...]] = []
    for numero, libelle, unite, famille, article, quantite, base, _ in cas.iter_rows():
        usuel = usuels.get(str(article))
        if usuel is None or usuel.temoins < _TEMOINS_MIN or base not in {None, usuel.unite_base}:
            continue
        contenu = analyser(str(libelle or ""), str(unite) if unite else None, str(famille) if famille else None)
        dites = [autre for autre in contenu.alternatives if autre.unite_base == usuel.unite_base and autre.quantite > 0]
        if isinstance(quantite, Decimal):
            dites.insert(0, Alternative(quantite, usuel.unite_base, contenu.derivation))
        choix = [(d.quantite, f"{d.derivation} (confirmé par le prix habituel de l'article)", contenu.approx, True) for d in dites]
        choix += [(connu, f"{say_unite(connu, usuel.unite_base)} {_NON_DIT}", True, False) for connu in usuel.contenus]
        rangees += [
            (numero, rang, est_dit, float(lue), usuel.log_prix, lue.quantize(_PAS, ROUND_HALF_EVEN), usuel.unite_base, mots, approx)
            for rang, (lue, mots, approx, est_dit) in enumerate(choix)
        ]
    return pl.DataFrame(rangees, schema=_POSSIBLES, orient="row")


def _keep_sure(cas: pl.DataFrame, possibles: pl.DataFrame) -> pl.DataFrame:
    """`cas, quantite, usuel` of the cases whose reading looked sure, that reading."""
    sures = cas.filter(pl.col("contenu_quantite").is_not_null() & (pl.col("contenu_confiance") >= SURE)).select("cas")
    return possibles.filter((pl.col("rang") == 0) & pl.col("est_dit")).join(sures, on="cas", how="semi").select("cas", "quantite", "usuel")


def _log_prix() -> pl.Expr:
    return (pl.col("prix").cast(pl.Float64) / pl.col("quantite")).log()


def _judge(prix: pl.DataFrame, possibles: pl.DataFrame, cas: pl.DataFrame) -> pl.DataFrame:
    """What each price of each case (`cas, prix`) decides: the same with the `contenu_*` columns; nothing for those it does not settle."""
    ecart = (_log_prix() - pl.col("usuel")).abs()
    mesures = prix.join(possibles.select("cas", "rang", "est_dit", "quantite", "usuel"), on="cas").with_columns(ecart.alias("ecart"))
    resumes = (
        mesures.group_by("cas", "prix")
        .agg(
            pl.col("ecart").filter((pl.col("rang") == 0) & pl.col("est_dit")).first().fill_null(math.inf).alias("ecart_lu"),
            *_sum_up(pl.col("est_dit"), "dit"),
            *_sum_up(~pl.col("est_dit"), "non_dit"),
        )
        .join(cas.select("cas", pl.col("contenu_quantite").alias("lue"), pl.col("contenu_confiance").alias("confiance")), on="cas")
    )
    est_maintenue = pl.col("lue").is_not_null() & (pl.col("confiance") >= SURE) & (pl.col("ecart_lu") <= _ECART_FLAGRANT)
    en_doute = resumes.filter(~est_maintenue)
    par_la_ligne = pl.col("nb_dit") == 1
    par_l_article = (pl.col("nb_dit") == 0) & (pl.col("nb_non_dit") == 1) & (pl.col("ecart_non_dit") <= _ECART_NON_DIT)
    tranchees = [
        en_doute.filter(est_tranchee)
        .with_columns(pl.col(f"rang_{nom}").alias("rang"))
        .join(possibles.drop("quantite", "usuel"), on=["cas", "rang"])
        .with_columns(contenu_confiance=pl.lit(confiance), contenu_motif=pl.lit(None, dtype=pl.String))
        for nom, est_tranchee, confiance in (("dit", par_la_ligne, 0.92), ("non_dit", par_l_article, _CONFIANCE_NON_DITE))
    ]
    ouvertes = en_doute.filter(~par_la_ligne & ~par_l_article & pl.col("lue").is_not_null()).with_columns(
        contenu_quantite=pl.lit(None, dtype=pl.Decimal(18, 6)),
        contenu_unite=pl.lit(None, dtype=pl.String),
        contenu_derivation=pl.lit(None, dtype=pl.String),
        contenu_approx=pl.lit(value=False),
        contenu_confiance=pl.lit(0.0),
        contenu_motif=pl.lit("le prix ne permet pas de dire ce qui est compté : indiquez ce que contient une unité"),
    )
    return pl.concat([partie.select("cas", "prix", *_REVISES) for partie in (*tranchees, ouvertes)])


def _sum_up(parmi: pl.Expr, nom: str) -> tuple[pl.Expr, ...]:
    """Among these readings, those whose price is the usual one: how many, the first of them, how near the nearest is."""
    plausibles = parmi & (pl.col("ecart") <= _ECART)
    return (
        pl.col("quantite").filter(plausibles).n_unique().alias(f"nb_{nom}"),
        pl.col("rang").filter(plausibles).min().alias(f"rang_{nom}"),
        pl.col("ecart").filter(plausibles).min().alias(f"ecart_{nom}"),
    )
