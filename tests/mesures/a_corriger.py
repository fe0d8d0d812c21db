"""The page of lines to correct, and one answer for a quarter of them, when tens of thousands wait: seconds of processor.

.venv/bin/python -m tests.mesures.a_corriger --lignes 50000
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from api.maison import Maison, maison_ouverte
from api.services import corrections, imports, lecture
from api.services.corrections import Geste
from api.services.propositions import groupes
from api.settings import Settings
from ingest.vocabulaire import Role
from tests.api.outils import CLAVIER, FLEAC, ecrire, peupler
from tests.api.pages.navigateur import Navigateur

QUANTITES = ("1O", "2O", "", "10")
"""Two lines in four wait: two letters O. An empty quantity is computed from the price and the amount."""


def main() -> None:
    """Print a line per task."""
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--lignes", type=int, default=50_000)
    nombre: int = analyseur.parse_args().lignes
    with tempfile.TemporaryDirectory() as dossier, maison_ouverte(Settings(donnees=Path(dossier) / "donnees"), creer=True) as maison:
        peupler(maison)
        lignes = [_ligne(rang) for rang in range(nombre)]
        depot = lecture.lire(maison, CLAVIER, imports.recevoir(maison, CLAVIER, FLEAC, ecrire(Path(dossier) / "gros.csv", lignes)).id)
        print(f"{nombre} lines, {(depot.comptes or {})['a_corriger']} to correct")
        _pages(maison)
        premier = groupes(maison, CLAVIER, depot)[0]
        geste = Geste(groupe=premier.cle, remplacement="10")
        _mesurer("one answer", lambda: corrections.executer_geste(maison, CLAVIER, depot.id, geste, lecture=depot.lecture))


def _pages(maison: Maison) -> None:
    secretaire = Navigateur(maison, Role.SECRETAIRE, FLEAC)
    for adresse in ("/depots/D0001/a-corriger", "/depots/D0001/a-corriger", "/depots/D0001/a-corriger?page=500", "/depots/D0001"):
        _mesurer(adresse, lambda adresse=adresse: secretaire.client.get(adresse))  # type: ignore[misc]


def _mesurer(nom: str, faire: Callable[[], object]) -> None:
    debut, processeur = time.perf_counter(), time.process_time()
    faire()
    print(f"{nom}: {time.process_time() - processeur:.2f} s of processor here, {time.perf_counter() - debut:.2f} s of wall")


def _ligne(rang: int) -> str:
    jour = f"{1 + rang % 28:02d}/{1 + rang % 12:02d}/2025"
    return f"{jour};PAPETERIE {rang % 50};;ARTICLE {rang % 3000} BLEU;{QUANTITES[rang % 4]};unité;3,70;37,00;20"


if __name__ == "__main__":
    main()
