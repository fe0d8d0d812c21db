"""What a line implies is written beside what it says: the third of quantity, price and amount, the other tax basis, the sign."""

from typing import Final

import polars as pl

from ingest.vocabulaire import BaseTaxe, Nature

TAUX_USUELS: Final = (20.0, 10.0, 5.5, 2.1, 8.5, 0.0)
"""Rates looked for between HT and TTC when the line does not give one."""

_AVOIR: Final = r"(?i)\b(?:avoirs?|note de cr[ée]dit|annulation|r[ée]duction|rattachement)\b"
_LIBELLE_AVOIR: Final = r"(?i)^\s*(?:avoir\b|avr\b|note de cr[ée]dit\b)"

PRIX: Final = pl.Decimal(18, 6)
MONTANT: Final = pl.Decimal(18, 2)
QUANTITE: Final = pl.Decimal(18, 4)
TAUX: Final = pl.Decimal(5, 2)
NATURE: Final = pl.Enum([str(nature) for nature in Nature])


def deduire(lignes: pl.DataFrame, base: BaseTaxe) -> pl.DataFrame:
    """Complete typed lines: columns of the schema plus `prix_unitaire`, `montant`, `montant_tva`, `remise`, `type_piece`.

    Adds `nature`, and `_q_lue`, `_p_lu`, `_m_lu`: what was read, before any computation, which the checks compare.
    Nothing read is changed except signs: `prix_unitaire_*` becomes positive, a credit note negative.
    """
    return (
        lignes.pipe(_ranger_base, base)
        .pipe(_deduire_remise)
        .pipe(_signer)
        .with_columns(
            pl.col("quantite").alias("_q_lue"),
            pl.coalesce("prix_unitaire_ht", "prix_unitaire_ttc").alias("_p_lu"),
            pl.when(pl.col("prix_unitaire_ht").is_null() & pl.col("prix_unitaire_ttc").is_not_null())
            .then("montant_ttc")
            .otherwise(
                pl.when(pl.col("prix_unitaire_ht").is_not_null()).then("montant_ht").otherwise(pl.coalesce("montant_ht", "montant_ttc"))
            )
            .alias("_m_lu"),
        )
        .pipe(_deduire_taux)
        .pipe(_changer_base)
        .pipe(_deduire_troisieme)
        .pipe(_changer_base)
        .pipe(_nommer_nature)
    )


def _ranger_base(lignes: pl.DataFrame, base: BaseTaxe) -> pl.DataFrame:
    """Put prices and amounts whose header does not say their basis in the columns of that basis."""
    if lignes["prix_unitaire"].null_count() == lignes.height and lignes["montant"].null_count() == lignes.height:
        return lignes
    return lignes.with_columns(
        pl.coalesce(f"prix_unitaire_{base}", "prix_unitaire").alias(f"prix_unitaire_{base}"),
        pl.coalesce(f"montant_{base}", "montant").alias(f"montant_{base}"),
    )


def _deduire_remise(lignes: pl.DataFrame) -> pl.DataFrame:
    """A price given before discount becomes the price paid, when the amount proves that the discount was not already in it."""
    if lignes["remise"].null_count() == lignes.height:
        return lignes
    facteur = 1 - pl.col("remise").cast(pl.Float64) / 100
    for base in ("ht", "ttc"):
        prix = pl.col(f"prix_unitaire_{base}").cast(pl.Float64)
        brut = pl.col("quantite").cast(pl.Float64) * prix
        montant = pl.col(f"montant_{base}").cast(pl.Float64)
        prouve = ((brut * facteur - montant).abs() < (brut - montant).abs()) & pl.col("remise").is_between(0, 100, closed="left")
        net = (prix * facteur).round(6).cast(PRIX)
        lignes = lignes.with_columns(
            pl.when(prouve | (pl.col(f"montant_{base}").is_null() & (pl.col("remise") > 0)))
            .then(net)
            .otherwise(f"prix_unitaire_{base}")
            .alias(f"prix_unitaire_{base}")
        )
    return lignes


def _signer(lignes: pl.DataFrame) -> pl.DataFrame:
    """A price is positive; the sign of a line is that of its amount, of its quantity, or of the document it belongs to."""
    avoir = pl.col("type_piece").str.contains(_AVOIR).fill_null(False) | pl.col("libelle").str.contains(_LIBELLE_AVOIR).fill_null(False)
    prix_negatif = ((pl.col("prix_unitaire_ht") < 0) | (pl.col("prix_unitaire_ttc") < 0)).fill_null(False)
    montant_negatif = ((pl.col("montant_ht") < 0) | (pl.col("montant_ttc") < 0)).fill_null(False)
    contraires = ((pl.col("montant_ht") < 0) & (pl.col("montant_ttc") > 0)) | ((pl.col("montant_ht") > 0) & (pl.col("montant_ttc") < 0))
    lignes = lignes.with_columns(contraires.fill_null(False).alias("_signes_contraires"))
    negatif = avoir | prix_negatif | montant_negatif | (pl.col("quantite") < 0).fill_null(False)
    if not lignes.select(negatif.any()).item():
        return lignes.with_columns(pl.lit(False).alias("_avoir"))
    # Two minus signs (-1 × -12 = 12) are a purchase, unless the document says that it is a credit note.
    deux = ((pl.col("quantite") < 0).fill_null(False) & prix_negatif) & ~montant_negatif
    final = avoir | (negatif & ~deux)
    return lignes.with_columns(final.alias("_avoir")).with_columns(
        pl.col("prix_unitaire_ht").abs(),
        pl.col("prix_unitaire_ttc").abs(),
        *(
            pl.when("_avoir").then(-pl.col(nom).abs()).when(negatif).then(pl.col(nom).abs()).otherwise(nom).alias(nom)
            for nom in ("quantite", "montant_ht", "montant_ttc", "montant_tva")
        ),
    )


def _deduire_taux(lignes: pl.DataFrame) -> pl.DataFrame:
    """Find the rate that goes from HT to TTC, when exactly one usual rate does."""
    connus = (pl.col("taux_tva").is_null() & pl.col("montant_ht").is_not_null()) & (
        pl.col("montant_ttc").is_not_null() | pl.col("montant_tva").is_not_null()
    )
    if not lignes.select(connus.any()).item():
        return lignes
    ht = pl.col("montant_ht").cast(pl.Float64)
    tva = pl.coalesce(pl.col("montant_ttc").cast(pl.Float64) - ht, pl.col("montant_tva").cast(pl.Float64))
    essais = [((ht * taux / 100 - tva).abs() <= 0.011).cast(pl.UInt8) for taux in TAUX_USUELS]
    trouve = pl.sum_horizontal(essais)
    taux = pl.coalesce(*(pl.when(essai == 1).then(pl.lit(valeur)) for essai, valeur in zip(essais, TAUX_USUELS, strict=True)))
    return lignes.with_columns(pl.when(connus & (trouve == 1)).then(taux.cast(TAUX)).otherwise("taux_tva").alias("taux_tva"))


def _changer_base(lignes: pl.DataFrame) -> pl.DataFrame:
    """Compute HT from TTC and TTC from HT when the rate, or the tax itself, is known."""
    manquants = [nom for nom in ("montant_ht", "montant_ttc", "prix_unitaire_ht", "prix_unitaire_ttc") if lignes[nom].null_count()]
    if not manquants or (lignes["taux_tva"].null_count() == lignes.height and lignes["montant_tva"].null_count() == lignes.height):
        return lignes
    facteur = 1 + pl.col("taux_tva").cast(pl.Float64) / 100

    def convertir(de: str, vers: str, valeur: pl.Expr, dtype: pl.DataType) -> pl.Expr:
        decimales = 2 if vers.startswith("montant") else 6
        calcule = valeur.round(decimales, mode="half_away_from_zero").cast(dtype, strict=False)
        return pl.coalesce(pl.col(vers), pl.when(pl.col(de).is_not_null()).then(calcule)).alias(vers)

    return lignes.with_columns(
        pl.coalesce("montant_ttc", pl.col("montant_ht") + pl.col("montant_tva")).cast(MONTANT).alias("montant_ttc"),
        pl.coalesce("montant_ht", pl.col("montant_ttc") - pl.col("montant_tva")).cast(MONTANT).alias("montant_ht"),
    ).with_columns(
        convertir("montant_ttc", "montant_ht", pl.col("montant_ttc").cast(pl.Float64) / facteur, MONTANT),
        convertir("montant_ht", "montant_ttc", pl.col("montant_ht").cast(pl.Float64) * facteur, MONTANT),
        convertir("prix_unitaire_ttc", "prix_unitaire_ht", pl.col("prix_unitaire_ttc").cast(pl.Float64) / facteur, PRIX),
        convertir("prix_unitaire_ht", "prix_unitaire_ttc", pl.col("prix_unitaire_ht").cast(pl.Float64) * facteur, PRIX),
    )


def _deduire_troisieme(lignes: pl.DataFrame) -> pl.DataFrame:
    """Compute the missing one of quantity, price and amount, in each tax basis."""
    for base in ("ht", "ttc"):
        if not any(lignes[nom].null_count() for nom in ("quantite", f"prix_unitaire_{base}", f"montant_{base}")):
            continue
        prix, montant = pl.col(f"prix_unitaire_{base}"), pl.col(f"montant_{base}")
        lignes = lignes.with_columns(
            pl.coalesce(
                montant,
                (pl.col("quantite").cast(pl.Float64) * prix.cast(pl.Float64))
                .round(2, mode="half_away_from_zero")
                .cast(MONTANT, strict=False),
            ).alias(f"montant_{base}"),
            pl.coalesce(
                prix,
                pl.when(pl.col("quantite") != 0)
                .then(montant.cast(pl.Float64) / pl.col("quantite").cast(pl.Float64))
                .round(6, mode="half_away_from_zero")
                .cast(PRIX, strict=False),
            ).alias(f"prix_unitaire_{base}"),
        ).with_columns(
            pl.coalesce(
                pl.col("quantite"),
                pl.when(prix != 0)
                .then(montant.cast(pl.Float64) / prix.cast(pl.Float64))
                .round(4, mode="half_away_from_zero")
                .cast(QUANTITE, strict=False),
            ).alias("quantite")
        )
    return lignes


def _nommer_nature(lignes: pl.DataFrame) -> pl.DataFrame:
    """A line with an amount and no quantity is a MANDAT; a negative one is an AVOIR and never makes a price."""
    sans_quantite = pl.col("quantite").is_null() & pl.coalesce("prix_unitaire_ht", "prix_unitaire_ttc").is_null()
    a_montant = pl.coalesce("montant_ht", "montant_ttc").is_not_null()
    nature = (
        pl.when("_avoir")
        .then(pl.lit(Nature.AVOIR, NATURE))
        .when(sans_quantite & a_montant)
        .then(pl.lit(Nature.MANDAT, NATURE))
        .otherwise(pl.lit(Nature.ACHAT, NATURE))
    )
    return lignes.with_columns(nature.alias("nature"))
