"""Electronic invoices taken in per second: one archive of UBL invoices, beside lxml parsing the same bytes.

    python -m tests.mesures.factures [--factures 10000] [--lignes 3] [--tours 3]

Issue 3 asks for the number of invoices per second.
"""

import argparse
import tempfile
import zipfile
from functools import partial
from itertools import islice
from pathlib import Path

from lxml import etree

from tests.cas_fichiers.fabrique_factures import ligne_ubl, ubl
from tests.mesures.banc import mesurer, presenter
from tests.mesures.depot_texte import importer
from tests.mesures.donnees import cellules


def ecrire_archive(chemin: Path, nb_factures: int, nb_lignes: int) -> None:
    """Write a ZIP of invoices whose labels, quantities and prices are those of the generator."""
    lignes = cellules(nb_factures * nb_lignes).select("Désignation", "Quantité", "PU HT", "Montant HT").iter_rows()
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for rang in range(nb_factures):
            corps, total = "", 0.0
            for numero, (nom, quantite, prix, montant) in enumerate(islice(lignes, nb_lignes), start=1):
                net, unitaire = montant.replace(",", "."), prix.replace(",", ".")
                corps += ligne_ubl(str(numero), quantite, "C62", net, unitaire, nom=nom.replace("&", "et").replace("<", ""))
                total += float(net)
            facture = ubl(corps, total=f"{total:.2f}").replace(b"F-2025-07", f"F-{rang}".encode())
            archive.writestr(f"facture-{rang:05d}.xml", facture)


def analyser_xml(chemin: Path) -> int:
    """The bare pass: unpack and parse, read nothing."""
    analyseur = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    with zipfile.ZipFile(chemin) as archive:
        return sum(len(etree.fromstring(archive.read(nom), analyseur)) > 0 for nom in archive.namelist())


def main() -> None:
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--factures", type=int, default=10_000)
    analyseur.add_argument("--lignes", type=int, default=3, help="lignes par facture")
    analyseur.add_argument("--tours", type=int, default=3)
    choix = analyseur.parse_args()
    with tempfile.TemporaryDirectory() as provisoire:
        chemin = Path(provisoire) / "factures.zip"
        ecrire_archive(chemin, choix.factures, choix.lignes)
        taches = {"lxml seul": partial(analyser_xml, chemin), "import": partial(importer, chemin, Path(provisoire) / "factures.parquet")}
        series = mesurer(taches, choix.tours)
        nu = series["lxml seul"]
        presenter(
            f"Archive de {choix.factures} factures UBL de {choix.lignes} lignes",
            ("tâche", "durée (s)", "rapport", "processeur (s)", "factures par seconde", "par seconde de processeur", "mémoire (Mio)"),
            [
                (
                    nom, s.duree_s, s.duree_s / nu.duree_s, s.processeur_s, choix.factures / s.duree_s, choix.factures / s.processeur_s,
                    s.memoire_mio,
                )
                for nom, s in series.items()
            ],
            [f"Compte : {series['import'].resultat}."],
        )  # fmt: skip


if __name__ == "__main__":
    main()
