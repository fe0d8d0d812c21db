"""The command that writes the sample data: the same seed and vocabulary always write the same bytes."""

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

from sample_data.generation import verite
from sample_data.generation.achats import acheter
from sample_data.generation.catalogue import lire_membres, lire_vocabulaire
from sample_data.generation.depots import ecrire_depots
from sample_data.generation.fournisseurs import creer_fournisseurs
from sample_data.generation.rapide import Degradations, generer_lignes

__all__ = ["Degradations", "generer", "generer_lignes", "main"]

GRAINE = 2026
VOCABULAIRE = "v1"


def generer(sortie: Path, graine: int = GRAINE, vocabulaire: str = VOCABULAIRE) -> int:
    """Write `communes/<slug>/…` and `verite/…` under `sortie` (both replaced when they exist); return the number of lines of truth."""
    mots = lire_vocabulaire(vocabulaire)
    rayons = creer_fournisseurs(mots, graine)
    for nom in ("communes", "verite"):
        shutil.rmtree(sortie / nom, ignore_errors=True)
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
    """`python -m sample_data.generer [--graine 2026] [--vocabulaire v1] [--sortie DOSSIER] [--lignes N --membres N --articles N]`."""
    analyseur = argparse.ArgumentParser(description="Écrit les données d'exemple (inventées) et leur vérité.")
    analyseur.add_argument("--graine", type=int, default=GRAINE, help="graine du tirage")
    analyseur.add_argument("--vocabulaire", default=VOCABULAIRE, help="variante d'écriture : v1, v2 ou v3")
    analyseur.add_argument("--sortie", type=Path, default=Path(__file__).parent, help="dossier où écrire communes/ et verite/")
    analyseur.add_argument(
        "--lignes", type=int, help="nombre de lignes : écrit lignes.parquet et verite.parquet au lieu des fichiers des communes"
    )
    analyseur.add_argument("--membres", type=int, default=16, help="avec --lignes : nombre de membres")
    analyseur.add_argument("--articles", type=int, help="avec --lignes : nombre d'articles (au-delà du catalogue, des quasi-jumeaux)")
    choix = analyseur.parse_args(arguments)
    if choix.lignes:
        lignes, verites = generer_lignes(
            choix.graine, choix.vocabulaire, choix.lignes, nb_membres=choix.membres, nb_articles=choix.articles
        )
        choix.sortie.mkdir(parents=True, exist_ok=True)
        lignes.write_parquet(choix.sortie / "lignes.parquet")
        verites.write_parquet(choix.sortie / "verite.parquet")
        print(f"{lignes.height} lignes écrites dans {choix.sortie}")
        return
    total = generer(choix.sortie, choix.graine, choix.vocabulaire)
    print(f"{total} lignes écrites dans {choix.sortie}")


if __name__ == "__main__":
    main()
