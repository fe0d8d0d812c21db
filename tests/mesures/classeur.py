"""Import of a large XLSX with full validation, beside python-calamine reading its cells and nothing more.

    python -m tests.mesures.classeur [--lignes 100000] [--libelles 5000 0] [--tours 3] [--dossier DOSSIER]

Issue 3: at most twice.
"""

import argparse
import tempfile
from functools import partial
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from tests.mesures.banc import dans_un_processus, mesurer, presenter
from tests.mesures.depot_texte import dire_libelles, importer
from tests.mesures.donnees import ENTETES, cellules

_NOMBRES = frozenset({"Quantité", "PU HT", "Montant HT", "Taux TVA"})


def ecrire_classeur(chemin: Path, nb_lignes: int, nb_libelles: int | None = None) -> None:
    """Write one sheet: numbers as numbers, the rest as text, as the exports of accounting software."""
    table = cellules(nb_lignes, nb_libelles=nb_libelles)
    with xlsxwriter.Workbook(str(chemin), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as classeur:
        feuille = classeur.add_worksheet("Achats")
        feuille.write_row(0, 0, ENTETES)
        for rang, ligne in enumerate(table.iter_rows(), start=1):
            for colonne, (entete, cellule) in enumerate(zip(ENTETES, ligne, strict=True)):
                if cellule is None:
                    continue
                if entete in _NOMBRES:
                    feuille.write_number(rang, colonne, float(cellule.replace(",", ".")))
                else:
                    feuille.write_string(rang, colonne, cellule)


def lire_calamine(chemin: Path) -> int:
    """The bare pass: every cell of the first sheet as a Python value."""
    with CalamineWorkbook.from_path(str(chemin)) as classeur:
        return len(classeur.get_sheet_by_index(0).to_python())


def mesurer_classeur(dossier: Path, nb_lignes: int, nb_libelles: int | None, tours: int) -> None:
    chemin = dossier / f"achats-{nb_lignes}-{nb_libelles}.xlsx"
    if not chemin.exists():
        dans_un_processus(partial(ecrire_classeur, chemin, nb_lignes, nb_libelles))
    taches = {"calamine seul": partial(lire_calamine, chemin), "import": partial(importer, chemin, dossier / "classeur.parquet")}
    series = mesurer(taches, tours)
    nu = series["calamine seul"]
    presenter(
        f"Classeur de {nb_lignes} lignes, {dire_libelles(nb_libelles)}, {chemin.stat().st_size / 2**20:.0f} Mio",
        ("tâche", "durée (s)", "rapport", "processeur (s)", "rapport", "mémoire (Mio)"),
        [
            (nom, s.duree_s, s.duree_s / nu.duree_s, s.processeur_s, s.processeur_s / nu.processeur_s, s.memoire_mio)
            for nom, s in series.items()
        ],
        [f"Compte : {series['import'].resultat}."],
    )


def main() -> None:
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--lignes", type=int, default=100_000)
    analyseur.add_argument("--libelles", type=int, nargs="*", default=[5000, 0], help="libellés distincts ; 0 : tous ceux du générateur")
    analyseur.add_argument("--tours", type=int, default=3)
    analyseur.add_argument("--dossier", type=Path, help="où garder le classeur d'essai d'une fois sur l'autre")
    choix = analyseur.parse_args()
    with tempfile.TemporaryDirectory() as provisoire:
        dossier = choix.dossier or Path(provisoire)
        dossier.mkdir(parents=True, exist_ok=True)
        for nb_libelles in choix.libelles:
            mesurer_classeur(dossier, choix.lignes, nb_libelles or None, choix.tours)


if __name__ == "__main__":
    main()
