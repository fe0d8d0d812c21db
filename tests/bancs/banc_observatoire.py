"""How long the observatoire takes to build, as a ratio to the bare query that computes the same distributions; run by hand.

    python -m tests.bancs.banc_observatoire 1000000 [dossier]

Timings are never asserted: they say something only about one machine in one run.
"""

import sys
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import polars as pl

from analytics import entrepot
from ingest.publication import DepotPublie
from ingest.schema import SCHEMA_LIGNES

ARTICLES, MEMBRES, FOURNISSEURS, DEPOTS = 5_000, 200, 300, 40
NUE = """
    WITH prix AS (
        SELECT libelle, year(date) AS annee, membre, sum(montant_ht) / sum(quantite * contenu_quantite) AS prix, sum(montant_ht) AS montant
        FROM read_parquet($fichiers) WHERE statut = 'retenue' GROUP BY libelle, annee, membre
    )
    SELECT libelle, annee, count(*), min(prix), quantile_cont(prix, [0.1, 0.25, 0.5, 0.75, 0.9]), max(prix), sum(montant)
    FROM prix GROUP BY libelle, annee
"""


def ecrire_depots(nb_lignes: int, dossier: Path) -> list[DepotPublie]:
    """Write dépôts of invented lines, unsorted as they come."""
    tirage = np.random.default_rng(1)
    niveaux = np.exp(tirage.normal(1, 1, ARTICLES))
    publies = []
    for rang in range(DEPOTS):
        n = nb_lignes // DEPOTS
        article = tirage.integers(0, ARTICLES, n)
        membre = tirage.integers(0, MEMBRES // DEPOTS, n) * DEPOTS + rang
        quantite = tirage.integers(1, 40, n)
        prix = np.round(niveaux[article] * np.exp(tirage.normal(0, 0.15, n)), 2) + 0.01
        jours = tirage.integers(0, 1095, n)
        unique = rang * n + np.arange(n)
        table = pl.DataFrame(
            {
                "depot": f"D{rang:04}", "origine": "", "ligne": np.arange(n) + 2, "statut": "retenue", "nature": "achat",
                "membre": f"1000000{rang:02}",
                "date": np.datetime64("2023-01-01") + jours,
                "fournisseur": [f"FOURNISSEUR {f}" for f in (article * 7 + membre % 4) % FOURNISSEURS],
                "libelle": [f"ARTICLE REF{a:05} MODELE {a % 97}" for a in article],
                "reference": [f"R{a}" for a in article],
                "quantite": quantite, "unite": "piece", "prix_unitaire_ht": prix, "montant_ht": np.round(prix * quantite, 2),
                "famille": [f"BA{1 + a % 6:02}" for a in article], "famille_confiance": 1.0,
                "contenu_quantite": 1, "contenu_unite": "unite", "contenu_approx": False, "contenu_confiance": 1.0, "attributs": "{}",
                "empreinte": [f"{u:x}" for u in unique], "cle": [f"{u:x}" for u in unique],
            }
        )  # fmt: skip
        manquantes = [pl.lit(None).alias(nom) for nom in SCHEMA_LIGNES if nom not in table.columns]
        fichier = dossier / f"D{rang:04}.parquet"
        table.with_columns(manquantes).select(pl.col(nom).cast(genre) for nom, genre in SCHEMA_LIGNES.items()).write_parquet(fichier)
        publies.append(DepotPublie(f"D{rang:04}", f"1000000{rang:02}", rang + 1, fichier))
    return publies


def mesurer(nb_lignes: int, dossier: Path) -> None:
    """Write, run the bare query, build, and print each step and the ratio."""
    publies = ecrire_depots(nb_lignes, dossier)
    debut = time.perf_counter()
    duckdb.connect().execute(NUE, {"fichiers": [str(p.chemin) for p in publies]}).fetchall()
    nue = time.perf_counter() - debut
    membres = [entrepot.Membre(p.membre, p.membre, "commune", None, 1000) for p in publies]
    etapes: list[tuple[float, str]] = []
    debut = time.perf_counter()
    sources = entrepot.Sources(publies, membres, date(2025, 12, 31))
    entrepot.build(sources, dossier / "observatoire.duckdb", lambda quoi, _f, _t: etapes.append((time.perf_counter() - debut, quoi)))
    total = time.perf_counter() - debut
    debut = time.perf_counter()
    entrepot.build(sources, dossier / "observatoire.duckdb")
    seconde = time.perf_counter() - debut
    for (t, quoi), (suivant, _) in zip(etapes, [*etapes[1:], (total, "")], strict=True):
        print(f"{suivant - t:8.2f} s  {quoi}")
    print(f"{nb_lignes} lignes : requête nue {nue:.2f} s, construction {total:.2f} s, rapport {total / nue:.1f}")
    print(f"seconde construction du même service {seconde:.2f} s, rapport {seconde / nue:.1f}")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        mesurer(int(sys.argv[1]), Path(sys.argv[2]))
    else:
        with TemporaryDirectory() as provisoire:
            mesurer(int(sys.argv[1]), Path(provisoire))
