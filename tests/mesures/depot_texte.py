"""Import of a large cp1252 CSV with full validation, beside the bare transcode + read as text + Parquet write of the same bytes.

    python -m tests.mesures.depot_texte [--lignes 1000000] [--libelles 5000 0] [--fautives 0 0.1] [--tours 3] [--dossier DOSSIER]

`--libelles` is the number of distinct labels (0: all those of the generator, 37 000 at 1 000 000 lines): one membre
has about 5 000.

Issue 3: at most 2.0 times at 1 000 000 lines, 1 GB of memory at 1 000 000 and 10 000 000, 3 times for a dépôt of 5 000 lines.
"""

import argparse
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from ingest.chaine import lire_depot
from ingest.isolement import Atelier
from tests.mesures.banc import Serie, compter, dans_un_processus, mesurer, presenter
from tests.mesures.donnees import MEMBRE, ecrire_csv

PETIT = 5_000


def lire_nu(chemin: Path, destination: Path) -> int:
    """The bare pass."""
    texte = chemin.read_bytes().decode("cp1252").encode()
    table = pl.read_csv(texte, separator=";", infer_schema=False)
    table.write_parquet(destination)
    return table.height


def importer(chemin: Path, destination: Path, memoire: Path | None = None) -> dict[str, Any]:
    """The whole import, as a person's dépôt goes through it; `memoire` keeps what was read of the labels of earlier files."""
    lecture = lire_depot(chemin, nom=chemin.name, depot="D0001", membre=MEMBRE, destination=destination, memoire=memoire)
    return {**lecture.comptes.as_json(), "causes": len(lecture.anomalies)}


def importer_isole(chemin: Path, destination: Path) -> dict[str, Any]:
    """The same in the limited child process of production, its start included."""
    with Atelier() as atelier:
        return atelier.executer(importer, chemin, destination)


def dire_libelles(nb_libelles: int | None) -> str:
    return "tous les libellés" if nb_libelles is None else f"{nb_libelles} libellés"


def mesurer_grand(dossier: Path, nb_lignes: int, nb_libelles: int | None, part_fautive: float, tours: int) -> None:
    chemin = dossier / f"achats-{nb_lignes}-{part_fautive}-{nb_libelles}.csv"
    if not chemin.exists():
        dans_un_processus(partial(ecrire_csv, chemin, nb_lignes, part_fautive, nb_libelles))
    memoire = dossier / f"memoire-{nb_libelles}"
    dans_un_processus(partial(importer, chemin, dossier / "premier.parquet", memoire))
    series = mesurer(
        {
            "nu": partial(lire_nu, chemin, dossier / "nu.parquet"),
            "import": partial(importer, chemin, dossier / "lignes.parquet"),
            "import, libellés d'un fichier précédent": partial(importer, chemin, dossier / "suivant.parquet", memoire),
            "import isolé": partial(importer_isole, chemin, dossier / "isole.parquet"),
        },
        tours,
    )
    nu = series["nu"]
    presenter(
        f"Dépôt de {nb_lignes} lignes, {dire_libelles(nb_libelles)}, {part_fautive:.0%} fautives, {chemin.stat().st_size / 2**20:.0f} Mio",
        ("tâche", "durée (s)", "rapport", "processeur (s)", "rapport", "mémoire (Mio)"),
        [_rangee(nom, serie, nu) for nom, serie in series.items()],
        [f"Compte : {series['import'].resultat}. Lignes du passage nu : {nu.resultat}."],
    )


def _rangee(nom: str, serie: Serie, nu: Serie) -> tuple[object, ...]:
    """What the child of the isolated import spends is not seen from its parent."""
    rapport = serie.duree_s / nu.duree_s
    if nom == "import isolé":
        return nom, serie.duree_s, rapport, "", "", ""
    return nom, serie.duree_s, rapport, serie.processeur_s, serie.processeur_s / nu.processeur_s, serie.memoire_mio


def mesurer_petit(dossier: Path, tours: int) -> None:
    """A dépôt of a town hall: in a process that has just started, and in one that has already read a file (the usual case)."""
    chemin = dossier / "petit.csv"
    if not chemin.exists():
        ecrire_csv(chemin, PETIT)
    series = mesurer(
        {
            "nu": partial(lire_nu, chemin, dossier / "nu.parquet"),
            "premier import d'un processus": partial(importer, chemin, dossier / "lignes.parquet"),
        },
        tours,
    )
    chauds = mesurer(
        {
            "nu, processus chaud": partial(lire_nu, chemin, dossier / "nu.parquet"),
            "import, processus chaud": partial(importer, chemin, dossier / "lignes.parquet"),
        },
        tours,
        preparer=partial(importer, chemin, dossier / "chauffe.parquet"),
    )
    with Atelier() as atelier:
        atelier.executer(importer, chemin, dossier / "isole.parquet")
        durees = []
        for _ in range(tours):
            debut = time.perf_counter()
            atelier.executer(importer, chemin, dossier / "isole.parquet")
            durees.append(time.perf_counter() - debut)
    nu = compter(partial(lire_nu, chemin, dossier / "nu.parquet")).duree_s
    rangees: list[tuple[object, ...]] = [
        (nom, s.duree_s * 1000, s.duree_s / serie["nu" + ("" if serie is series else ", processus chaud")].duree_s)
        for serie in (series, chauds)
        for nom, s in serie.items()
    ]
    rangees.append(("import, atelier chaud", sorted(durees)[len(durees) // 2] * 1000, sorted(durees)[len(durees) // 2] / nu))
    presenter(f"Dépôt de {PETIT} lignes", ("tâche", "durée (ms)", "rapport au passage nu"), rangees)


def main() -> None:
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--lignes", type=int, default=1_000_000)
    analyseur.add_argument("--libelles", type=int, nargs="*", default=[5000, 0], help="libellés distincts ; 0 : tous ceux du générateur")
    analyseur.add_argument("--fautives", type=float, nargs="*", default=[0.0, 0.1])
    analyseur.add_argument("--tours", type=int, default=3)
    analyseur.add_argument("--dossier", type=Path, help="où garder les fichiers d'essai d'une fois sur l'autre")
    choix = analyseur.parse_args()
    with tempfile.TemporaryDirectory() as provisoire:
        dossier = choix.dossier or Path(provisoire)
        dossier.mkdir(parents=True, exist_ok=True)
        for nb_libelles in choix.libelles:
            for part in choix.fautives:
                mesurer_grand(dossier, choix.lignes, nb_libelles or None, part, choix.tours)
        mesurer_petit(dossier, choix.tours)


if __name__ == "__main__":
    main()
