"""What a new reading of the same file changes, line by line: how many lines, in which of their columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from ingest.schema import SCHEMA_LIGNES

SUJETS: Final[Mapping[str, tuple[str, ...]]] = {
    "statut": ("statut", "motif"),
    "nature": ("nature",),
    "date": ("date",),
    "fournisseur": ("fournisseur", "fournisseur_siret"),
    "désignation": ("libelle", "reference", "gtin", "attributs"),
    "quantité": ("quantite", "unite"),
    "prix ou montant": ("prix_unitaire_ht", "prix_unitaire_ttc", "montant_ht", "montant_ttc", "taux_tva"),
    "famille": ("famille",),
    "contenu de l'unité": ("contenu_quantite", "contenu_unite", "contenu_approx"),
    "remarques": ("anomalies",),
}
"""What a person would call each group of columns. Confidences, reasons in words and fingerprints are no change by themselves."""


@dataclass(frozen=True)
class Differences:
    """`changees` lines say something else, `par_sujet` how many of them in each subject; `ajoutees` and `disparues` stand in one only."""

    lues: int
    changees: int
    ajoutees: int
    disparues: int
    par_sujet: Mapping[str, int]

    @property
    def nombre(self) -> int:
        """Lines that are not the same in both readings."""
        return self.changees + self.ajoutees + self.disparues


def comparer_lectures(avant: Path, apres: Path) -> Differences:
    """Compare two readings of one file (`lignes.parquet`), whose lines are known by where they stand in it."""
    anciennes, nouvelles = _ranger(avant), _ranger(apres)
    cles = ["origine", "ligne", "numero"]
    ensemble = anciennes.join(nouvelles, on=cles, how="inner", suffix="_apres")
    sujets = ensemble.select(
        pl.any_horizontal(pl.col(nom).ne_missing(pl.col(f"{nom}_apres")) for nom in noms).alias(sujet) for sujet, noms in SUJETS.items()
    )
    comptes = sujets.sum().row(0, named=True) if sujets.height else {}
    return Differences(
        lues=nouvelles.height,
        changees=int(sujets.select(pl.any_horizontal(pl.all()).sum()).item()) if sujets.height else 0,
        ajoutees=nouvelles.height - ensemble.height,
        disparues=anciennes.height - ensemble.height,
        par_sujet={sujet: int(nombre) for sujet, nombre in comptes.items() if nombre},
    )


def _ranger(chemin: Path) -> pl.DataFrame:
    compares = [nom for noms in SUJETS.values() for nom in noms if nom != "anomalies"]
    presentes = set(pl.read_parquet_schema(chemin))
    absentes = [pl.lit(None, SCHEMA_LIGNES[nom]).alias(nom) for nom in compares if nom not in presentes]
    codes = pl.col("anomalies").list.eval(pl.element().struct.field("code")).list.sort().list.join(" ")
    return (
        pl.scan_parquet(chemin)
        .select("origine", "ligne", codes, *(nom for nom in compares if nom in presentes))
        .with_columns(*absentes)
        .with_columns(pl.int_range(pl.len()).over("origine", "ligne").alias("numero"))
        .collect()
    )
