"""The committed sample data, read once."""

from pathlib import Path

import polars as pl
import pytest

import sample_data


@pytest.fixture(scope="session")
def dossier() -> Path:
    return Path(sample_data.__file__).parent


@pytest.fixture(scope="session")
def verite(dossier: Path) -> pl.DataFrame:
    """Every line of truth, `slug` added, numbers typed."""
    tables = [
        pl.read_csv(fichier, separator=";", infer_schema=False).with_columns(slug=pl.lit(fichier.stem))
        for fichier in sorted((dossier / "verite" / "lignes").glob("*.csv"))
    ]
    return pl.concat(tables).with_columns(
        pl.col("ligne").cast(pl.Int64),
        pl.col("contenu", "quantite_reference", "montant_ht", "prix_unitaire_reference_ht").cast(pl.Float64),
        pl.col("origine", "faits", "article", "famille").fill_null(""),
    )


@pytest.fixture(scope="session")
def prix_annuels(verite: pl.DataFrame) -> pl.DataFrame:
    """Quantity and quantity-weighted price of each membre, article and year, deviations from the mean of the article and year."""
    achats = verite.filter((pl.col("nature") == "achat") & (pl.col("article") != "") & (pl.col("statut") != "identique"))
    return (
        achats.with_columns(annee=pl.col("date").str.slice(0, 4))
        .group_by("famille", "article", "annee", "slug")
        .agg(
            quantite=pl.col("quantite_reference").sum(),
            prix=(pl.col("prix_unitaire_reference_ht") * pl.col("quantite_reference")).sum() / pl.col("quantite_reference").sum(),
        )
        .with_columns(x=pl.col("quantite").log(), y=pl.col("prix").log())
        .with_columns(
            dx=pl.col("x") - pl.col("x").mean().over("article", "annee"), dy=pl.col("y") - pl.col("y").mean().over("article", "annee")
        )
    )
