"""Cost of understanding one label: packaging and features, name of the thing, famille; a first time, and kept from an earlier file.

    python -m tests.mesures.lecture_libelles [--lignes 1000000] [--vocabulaire v1] [--tours 3]

The labels are those of one membre of the generator (37 000 at 1 000 000 lines of v1). Each reading starts in a new process that has read
one label: rules are loaded, no word of these labels is known. Times are of the processor.
"""

import argparse
import tempfile
from functools import partial
from pathlib import Path

import polars as pl

from ingest.familles import classer
from ingest.lecteurs import CLES_CONTENU, CLES_FAMILLE
from ingest.memoire_lectures import MemoireLectures
from ingest.quantites import lire_en_lot
from ingest.quantites.attributs import read_identite
from sample_data.generer import generer_lignes
from tests.mesures.banc import dans_un_processus, mesurer, presenter
from tests.mesures.donnees import GRAINE

_UN = pl.DataFrame({"libelle": ["stylo"], "unite": ["U"], "famille": ["AD02"], "code_cpv": [None], "compte": ["6064"]})


def ecrire(dossier: Path, vocabulaire: str, nb_lignes: int) -> dict[str, int]:
    """Write the distinct combinations to read; give their numbers."""
    lignes, _ = generer_lignes(GRAINE, vocabulaire, nb_lignes, nb_membres=1)
    a_classer = lignes.select(CLES_FAMILLE).with_columns(pl.all().cast(pl.String)).unique(maintain_order=True)
    classees = lignes.select(pl.col("unite").cast(pl.String), *(pl.col(nom).cast(pl.String) for nom in CLES_FAMILLE)).unique(
        maintain_order=True
    )
    a_lire = classer(classees).select(CLES_CONTENU).unique(maintain_order=True)
    a_classer.write_parquet(dossier / "a_classer.parquet")
    a_lire.write_parquet(dossier / "a_lire.parquet")
    return {
        "libellés": a_lire["libelle"].n_unique(),
        "contenus": a_lire.height,
        "noms": a_lire.select("libelle", "famille").n_unique(),
        "familles": a_classer.height,
    }


def charger() -> None:
    """What any process has loaded once it has read a label."""
    lire_en_lot(_UN)
    classer(_UN)


def lire_contenus(dossier: Path) -> None:
    lire_en_lot(pl.read_parquet(dossier / "a_lire.parquet"))


def lire_contenus_connus(dossier: Path) -> None:
    MemoireLectures(dossier, "contenus", CLES_CONTENU, lire_en_lot).lire(pl.read_parquet(dossier / "a_lire.parquet"))


def lire_noms(dossier: Path) -> None:
    for libelle, famille in (
        pl.read_parquet(dossier / "a_lire.parquet").select("libelle", "famille").unique(maintain_order=True).iter_rows()
    ):
        read_identite(libelle or "", famille)


def lire_familles(dossier: Path) -> None:
    classer(pl.read_parquet(dossier / "a_classer.parquet"))


def retenir(dossier: Path) -> None:
    """The first file: it is read, then kept."""
    memoire = MemoireLectures(dossier, "contenus", CLES_CONTENU, lire_en_lot)
    memoire.lire(pl.read_parquet(dossier / "a_lire.parquet"))
    memoire.enregistrer()


def main() -> None:
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--lignes", type=int, default=1_000_000)
    analyseur.add_argument("--vocabulaire", default="v1")
    analyseur.add_argument("--tours", type=int, default=3)
    choix = analyseur.parse_args()
    with tempfile.TemporaryDirectory() as temporaire:
        dossier = Path(temporaire)
        nombres = dans_un_processus(partial(ecrire, dossier, choix.vocabulaire, choix.lignes)).resultat
        dans_un_processus(partial(retenir, dossier), charger)
        triplets, couples, comptes = "(libellé, unité, famille)", "(libellé, famille)", "(libellé, CPV, compte)"
        taches = {
            "conditionnement et attributs": (partial(lire_contenus, dossier), nombres["contenus"], triplets),
            "les mêmes, déjà lus pour un autre fichier": (partial(lire_contenus_connus, dossier), nombres["contenus"], triplets),
            "attributs et nom de la chose": (partial(lire_noms, dossier), nombres["noms"], couples),
            "famille": (partial(lire_familles, dossier), nombres["familles"], comptes),
        }
        series = mesurer({nom: tache for nom, (tache, _, _) in taches.items()}, choix.tours, charger)
    rangees = [
        (nom, n, quoi, 1e6 * series[nom].processeur_s / n, 1e6 * series[nom].processeur_s / nombres["libellés"], series[nom].memoire_mio)
        for nom, (_, n, quoi) in taches.items()
    ]
    titre = f"Lecture des libellés : {nombres['libellés']} libellés de {choix.lignes} lignes ({choix.vocabulaire})"
    presenter(titre, ("lecture", "nombre", "de", "µs chacune", "µs par libellé", "Mio"), rangees, [f"Médianes de {choix.tours} tours."])


if __name__ == "__main__":
    main()
