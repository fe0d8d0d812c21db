"""The command that writes the sample data: the same seed and vocabulary always write the same bytes."""

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

from sample_data import verite
from sample_data.achats import acheter
from sample_data.catalogue import lire_membres, lire_vocabulaire
from sample_data.depots import ecrire_depots
from sample_data.fournisseurs import creer_fournisseurs

GRAINE = 2026
VOCABULAIRE = "v1"


def generer(sortie: Path, graine: int = GRAINE, vocabulaire: str = VOCABULAIRE) -> int:
    """Write `communes/<slug>/…` and `verite/…` under `sortie` (both replaced when they exist); return the number of lines of truth."""
    mots = lire_vocabulaire(vocabulaire)
    rayons = creer_fournisseurs(mots, graine)
    for dossier in ("communes", "verite"):
        shutil.rmtree(sortie / dossier, ignore_errors=True)
    dossier_verite = sortie / "verite"
    (dossier_verite / "lignes").mkdir(parents=True)
    total = 0
    for membre in lire_membres():
        dossier = sortie / "communes" / membre.slug
        dossier.mkdir(parents=True)
        verites = []
        for fichier in ecrire_depots(membre, acheter(membre, mots, rayons, graine), mots, graine):
            (dossier / fichier.nom).write_bytes(fichier.octets)
            verites += fichier.verites
        (dossier_verite / "lignes" / f"{membre.slug}.csv").write_bytes(verite.ecrire_verite(verites))
        total += len(verites)
    (dossier_verite / "fournisseurs.csv").write_bytes(verite.ecrire_fournisseurs(rayons))
    (dossier_verite / "familles.csv").write_bytes(verite.ecrire_familles())
    (dossier_verite / "articles.csv").write_bytes(verite.ecrire_articles())
    (dossier_verite / "membres.csv").write_bytes(verite.ecrire_membres(graine))
    return total


def main(arguments: Sequence[str] | None = None) -> None:
    """`python -m sample_data.generer [--graine 2026] [--vocabulaire v1] [--sortie DOSSIER]`."""
    analyseur = argparse.ArgumentParser(description="Écrit les données d'exemple (inventées) et leur vérité.")
    analyseur.add_argument("--graine", type=int, default=GRAINE, help="graine du tirage")
    analyseur.add_argument("--vocabulaire", default=VOCABULAIRE, help="variante d'écriture : v1 ou v2")
    analyseur.add_argument("--sortie", type=Path, default=Path(__file__).parent, help="dossier où écrire communes/ et verite/")
    choix = analyseur.parse_args(arguments)
    total = generer(choix.sortie, choix.graine, choix.vocabulaire)
    print(f"{total} lignes écrites dans {choix.sortie}")


if __name__ == "__main__":
    main()
