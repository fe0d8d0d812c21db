"""Measure the import of a large French CSV against a bare polars transcode + read + Parquet write of the same bytes; not run by pytest.

    python -m tests.ingest.mesure_import LINES [SHARE_OF_BAD_LINES [DISTINCT_LABELS]]

Prints the two times, their ratio and the peak memory of each, one process each.
"""

import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from ingest.chaine import lire_depot

ENTETE = (
    "Date facture;N° facture;Fournisseur;SIRET;Référence;Désignation;Quantité;Unité;PU HT;Montant HT;Taux TVA;Montant TTC;Compte;Service"
)
PRODUITS = (
    "RAMETTE PAPIER A4 80G",
    "Bidon détergent",
    "Sac poubelle",
    "Enveloppes",
    "Stylo bille",
    "Peinture routière",
    "Gants nitrile",
    "Sel de déneigement",
)
COND = ("carton de 5", "5L", "boîte de 100", "B/500", "lot de 12", "25 kg", "B/200", "sac 25 kg")
UNITES = ("carton", "bidon", "boîte", "paquet", "lot", "sac", "unité", "kg")


def write_fichier(chemin: Path, nb_lignes: int, part_fautive: float, nb_libelles: int = 5000) -> None:
    """Write a cp1252 file with decimal commas: 400 suppliers, 1 100 days, one document for ten lines."""
    alea = random.Random(2026)
    articles = [
        (f"R{i:05d}", f"{PRODUITS[i % 8]} {COND[(i // 8) % 8]} modèle {i}", UNITES[i % 8], round(alea.uniform(0.5, 120), 2))
        for i in range(nb_libelles)
    ]
    fournisseurs = [f"Société {i:03d} de fournitures générales" for i in range(400)]
    with chemin.open("w", encoding="cp1252", newline="") as sortie:
        sortie.write(ENTETE + "\r\n")
        for i in range(nb_lignes):
            ref, libelle, unite, prix = articles[alea.randrange(nb_libelles)]
            prix = round(prix * alea.uniform(0.9, 1.1), 2)
            q = alea.randint(1, 60)
            ht = round(q * prix, 2)
            date = f"{1 + i % 28:02d}/{1 + (i // 28) % 12:02d}/{2023 + (i // 400_000) % 3}"
            faux = alea.random() < part_fautive
            quantite, montant = (
                (f"{q}O", f"{ht + 7:.2f}") if faux and i % 2 else (str(q), f"{ht:.2f}" if not faux else f"{ht * 1.5 + 3:.2f}")
            )
            sortie.write(
                f"{date};F{i // 10:07d};{fournisseurs[(i // 10) % 400]};35600000000048;{ref};{libelle};{quantite};{unite};"
                f"{prix:.2f};{montant} €;20;{round(ht * 1.2, 2):.2f};6064;Service {i % 12}\r\n".replace(".", ",")
            )


def read_nu(chemin: Path, destination: Path) -> None:
    """The bare pass: transcode, read all as text, write."""
    texte = chemin.read_bytes().decode("cp1252").encode()
    pl.read_csv(texte, separator=";", infer_schema=False).write_parquet(destination)


def read_complet(chemin: Path, destination: Path) -> None:
    """The whole import."""
    lecture = lire_depot(chemin, nom=chemin.name, depot="D0001", membre="211600018", destination=destination)
    print(lecture.comptes.as_json(), f"{len(lecture.anomalies)} causes")


def measure(tache: Callable[[Path, Path], None], chemin: Path, destination: Path) -> tuple[float, float, float]:
    """Seconds, peak MiB and seconds of computing of a task in its own fresh process, imports not counted in the time."""
    contexte = multiprocessing.get_context("spawn")
    avec, sans = contexte.Pipe()
    processus = contexte.Process(target=_run, args=(tache, chemin, destination, sans))
    processus.start()
    resultat: tuple[float, float, float] = avec.recv()
    processus.join()
    return resultat


def _run(tache: Callable[[Path, Path], None], chemin: Path, destination: Path, tuyau: "multiprocessing.connection.Connection") -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    debut, avant = time.perf_counter(), usage.ru_utime + usage.ru_stime
    tache(chemin, destination)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    tuyau.send((time.perf_counter() - debut, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime - avant))


def main() -> None:
    nb_lignes, part = int(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    with tempfile.TemporaryDirectory() as dossier:
        chemin = Path(dossier) / "achats.csv"
        nb_libelles = int(sys.argv[3]) if len(sys.argv) > 3 else 5000
        write_fichier(chemin, nb_lignes, part, nb_libelles)
        print(f"{nb_lignes} lignes, {chemin.stat().st_size / 2**20:.0f} Mio, {part:.0%} fautives, {nb_libelles} libellés distincts")
        nu, memoire_nue, calcul_nu = min(measure(read_nu, chemin, Path(dossier) / "nu.parquet") for _ in range(2))
        complet, memoire, calcul = min(measure(read_complet, chemin, Path(dossier) / "lignes.parquet") for _ in range(2))
        print(f"nu {nu:.2f} s ({memoire_nue:.0f} Mio) ; complet {complet:.2f} s ({memoire:.0f} Mio) ; rapport {complet / nu:.2f}")
        print(f"temps de calcul : nu {calcul_nu:.2f} s ; complet {calcul:.2f} s ; rapport {calcul / calcul_nu:.2f}")


if __name__ == "__main__":
    main()
