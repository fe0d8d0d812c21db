"""Published dépôts to build from: lines of the generator, typed as an import types them, drawn again as many times as needed."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from analytics import construction
from ingest.familles import classer
from ingest.publication import DepotPublie
from ingest.quantites import ajouter_contenu
from ingest.schema import SCHEMA_LIGNES
from sample_data.generation.fournisseurs import avec_cle
from sample_data.generer import generer_lignes

NB_MEMBRES = 50
JOURS = 3 * 365
AU = date(2025, 12, 31)
_PAR_DEPOT_MAX = 100_000
Tirage = np.random.Generator


@dataclass(frozen=True)
class Monde:
    """The dépôts of a club and one that arrives after them."""

    depots: tuple[DepotPublie, ...]
    nouveau: DepotPublie

    def sources(self, *, avec_nouveau: bool = False) -> construction.Sources:
        """What the build is given."""
        membres = [construction.Membre(siren, f"Commune {siren}", "commune", None, 1500) for siren in self.membres]
        return construction.Sources((*self.depots, self.nouveau) if avec_nouveau else self.depots, membres, AU)

    @property
    def membres(self) -> list[str]:
        """Their SIREN."""
        return sorted({depot.membre for depot in self.depots})


def ecrire_modeles(chemin: Path, nb_libelles: int) -> None:
    """Write one typed line per label: what the others are drawn from."""
    lignes, _ = generer_lignes(7, "v1", max(20_000, nb_libelles * 6))
    distinctes = lignes.unique("libelle", maintain_order=True).head(nb_libelles)
    ajouter_contenu(classer(distinctes)).write_parquet(chemin)


def ecrire_monde(dossier: Path, nb_lignes: int, nb_libelles: int, nb_ajout: int) -> Monde:
    """Write `nb_lignes` lines of three years in the dépôts of NB_MEMBRES membres, in no order, and one dépôt of `nb_ajout` more."""
    dossier.mkdir(parents=True, exist_ok=True)
    modeles_chemin = dossier / "modeles.parquet"
    if not modeles_chemin.exists():
        ecrire_modeles(modeles_chemin, nb_libelles)
    modeles = pl.read_parquet(modeles_chemin)
    nb_depots = max(NB_MEMBRES, -(-nb_lignes // _PAR_DEPOT_MAX))
    depots = tuple(_ecrire(dossier, modeles, rang, nb_lignes // nb_depots) for rang in range(1, nb_depots + 1))
    return Monde(depots, _ecrire(dossier, modeles, nb_depots + 1, nb_ajout))


def _ecrire(dossier: Path, modeles: pl.DataFrame, rang: int, nombre: int) -> DepotPublie:
    tirage = np.random.default_rng(rang)
    membre = avec_cle(f"2199{rang % NB_MEMBRES + 1:04d}")
    chemin = dossier / f"D{rang:04d}.parquet"
    if not chemin.exists():
        _tirer(modeles, tirage, f"D{rang:04d}", membre, nombre).write_parquet(chemin, compression_level=1)
    return DepotPublie(f"D{rang:04d}", membre, rang, chemin)


def _tirer(modeles: pl.DataFrame, tirage: Tirage, depot: str, membre: str, nombre: int) -> pl.DataFrame:
    numero = pl.Series(tirage.integers(0, 2**62, nombre)).cast(pl.String)
    facteur = pl.Series(np.exp(tirage.normal(0, 0.15, nombre)))
    table = modeles[tirage.integers(0, modeles.height, nombre)].with_columns(
        pl.lit(depot).alias("depot"),
        pl.lit("").alias("origine"),
        pl.int_range(2, nombre + 2, dtype=pl.Int64).alias("ligne"),
        pl.lit("retenue").alias("statut"),
        pl.lit("achat").alias("nature"),
        pl.lit(membre).alias("membre"),
        pl.Series(np.datetime64("2023-01-01") + tirage.integers(0, JOURS, nombre)).cast(pl.Date).alias("date"),
        pl.Series(tirage.integers(1, 40, nombre)).cast(pl.Decimal(18, 4)).alias("quantite"),
        (pl.col("prix_unitaire_ht").cast(pl.Float64) * facteur + 0.01).round(2).cast(pl.Decimal(18, 6)).alias("prix_unitaire_ht"),
        numero.alias("empreinte"),
        numero.alias("cle"),
    )
    montant = (pl.col("quantite").cast(pl.Float64) * pl.col("prix_unitaire_ht").cast(pl.Float64)).round(2)
    table = table.with_columns(
        montant.cast(pl.Decimal(18, 2)).alias("montant_ht"), pl.lit([], dtype=SCHEMA_LIGNES["anomalies"]).alias("anomalies")
    )
    absentes = [pl.lit(None, dtype=genre).alias(nom) for nom, genre in SCHEMA_LIGNES.items() if nom not in table.columns]
    return table.with_columns(*absentes).select(pl.col(nom).cast(genre) for nom, genre in SCHEMA_LIGNES.items())
