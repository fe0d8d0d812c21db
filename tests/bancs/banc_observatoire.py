"""How long the observatoire takes to build, as a ratio to the bare query that computes the same distributions; run by hand.

    python -m tests.bancs.banc_observatoire 1000000 [dossier]

Timings are never asserted: they say something only about one machine in one run.
"""

import sys
import time
from collections.abc import Callable
from datetime import date
from itertools import pairwise
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
    """Write, run the bare query, build, add a dépôt, and print each part in elapsed and computing time, as ratios."""
    publies = ecrire_depots(nb_lignes, dossier)
    chemin = dossier / "observatoire.duckdb"
    chemin.unlink(missing_ok=True)
    duckdb.connect().execute("SELECT 1").fetchall()
    nue = _chronometrer(lambda _: duckdb.connect().execute(NUE, {"fichiers": [str(p.chemin) for p in publies]}).fetchall())
    premiere = _construire("construction, service neuf", publies, chemin, nue)
    entiere = _construire("construction entière", publies, chemin, nue, reprendre=False)
    _dire("  dont des lignes placées aux distributions", {"": _somme(entiere, *DES_LIGNES_AUX_DISTRIBUTIONS)}, nue, "la requête nue")
    for quoi, membre, rang in (("d'un nouveau membre", "200000000", 1), ("d'un membre connu", publies[0].membre, len(publies) + 2)):
        ajoute = _ajouter(dossier, f"A{membre}", membre, rang)
        publies = [*publies, ajoute]
        reprise = _construire(f"dépôt de {AJOUT} lignes {quoi}", publies, chemin, nue)
        _dire("  en part de la construction entière", reprise, _somme(entiere), "construction entière")
    for nom, temps in premiere.items():
        print(f"    {temps[0]:8.2f} s {temps[1]:8.2f} s de calcul  {nom}")


AJOUT = 5_000
DES_LIGNES_AUX_DISTRIBUTIONS = ("Achats mois par mois", "Achats de chaque année", "Prix de chaque membre", "Répartition des prix")
Temps = tuple[float, float]


def _somme(etapes: dict[str, Temps], *noms: str) -> Temps:
    voulus = [temps for nom, temps in etapes.items() if not noms or nom in noms]
    return sum(t for t, _ in voulus), sum(c for _, c in voulus)


def _dire(quoi: str, etapes: dict[str, Temps], base: Temps, nom_de_la_base: str) -> None:
    temps = _somme(etapes)
    rapports = f"{temps[0] / base[0]:.2f} fois {nom_de_la_base} ({temps[1] / base[1]:.2f} en calcul)"
    print(f"{quoi} : {temps[0]:.2f} s, {temps[1]:.2f} s de calcul ; {rapports}")


def _chronometrer(faire: Callable[[object], object]) -> Temps:
    debut, calcul = time.perf_counter(), time.process_time()
    faire(None)
    return time.perf_counter() - debut, time.process_time() - calcul


def _construire(quoi: str, publies: list[DepotPublie], chemin: Path, nue: Temps, *, reprendre: bool = True) -> dict[str, Temps]:
    membres = [entrepot.Membre(m, m, "commune", None, 1000) for m in sorted({p.membre for p in publies})]
    releves: list[tuple[float, float, str]] = [(time.perf_counter(), time.process_time(), "Ouverture")]

    def noter(etape: str, _faites: int, _total: int) -> None:
        releves.append((time.perf_counter(), time.process_time(), etape))

    entrepot.build(entrepot.Sources(publies, membres, date(2025, 12, 31)), chemin, noter, reprendre=reprendre)
    noter("", 0, 0)
    etapes = {nom: (fin - debut, apres - avant) for (debut, avant, nom), (fin, apres, _) in pairwise(releves)}
    _dire(quoi, etapes, nue, "la requête nue")
    return etapes


def _ajouter(dossier: Path, depot: str, membre: str, rang: int) -> DepotPublie:
    """A dépôt of `AJOUT` lines drawn among those of the first one, dated one month later."""
    lignes = pl.read_parquet(dossier / "D0000.parquet").sample(AJOUT, seed=rang, with_replacement=True, shuffle=True)
    unique = pl.format("{}/{}", pl.lit(depot), pl.int_range(AJOUT))
    fichier = dossier / f"{depot}.parquet"
    lignes.with_columns(
        depot=pl.lit(depot),
        membre=pl.lit(membre),
        ligne=pl.int_range(AJOUT) + 2,
        date=pl.col("date").dt.offset_by("1mo"),
        empreinte=unique,
        cle=unique,
    ).write_parquet(fichier)
    return DepotPublie(depot, membre, rang, fichier)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        mesurer(int(sys.argv[1]), Path(sys.argv[2]))
    else:
        with TemporaryDirectory() as provisoire:
            mesurer(int(sys.argv[1]), Path(provisoire))
