"""What the tests of this package share: write a small file as a town hall would, and take it through the production path."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from ingest.chaine import Lecture, Reglages, lire_depot
from ingest.publication import DepotPublie, Doublons

MEMBRE = "211601638"
ENTETE = "Date;Fournisseur;N° facture;Désignation;Quantité;Unité;PU HT;Montant HT;Taux TVA;Montant TTC"
LIGNE = "31/12/2025;Papeterie du Centre;F1;Papier A4 80 g carton de 5 ramettes;12;carton;21,50;258,00;20;309,60"


def write_csv(dossier: Path, lignes: Sequence[str], *, entete: str = ENTETE, nom: str = "achats.csv", encodage: str = "utf-8") -> Path:
    """Write a text file with `;` between cells."""
    chemin = dossier / nom
    chemin.write_bytes("\r\n".join([entete, *lignes, ""]).encode(encodage))
    return chemin


def importer(
    dossier: Path,
    lignes: Sequence[str],
    *,
    entete: str = ENTETE,
    depot: str = "D0001",
    reglages: Reglages | None = None,
    encodage: str = "utf-8",
) -> tuple[Lecture, pl.DataFrame]:
    """Read lines of text through the whole chain; give the verdict and what was written."""
    chemin = write_csv(dossier, lignes, entete=entete, nom=f"{depot}.csv", encodage=encodage)
    destination = dossier / f"{depot}.parquet"
    lecture = lire_depot(chemin, nom=chemin.name, depot=depot, membre=MEMBRE, destination=destination, reglages=reglages)
    return lecture, pl.read_parquet(destination)


def publie(dossier: Path, depot: str, rang: int, doublons: Doublons = Doublons.IGNORER, membre: str = MEMBRE) -> DepotPublie:
    """The manifest entry of a file read by `importer`."""
    return DepotPublie(depot, membre, rang, dossier / f"{depot}.parquet", doublons)
