"""A power cut at any instant leaves a dépôt whole or absent: the process is really killed, at each step in turn."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from api.club.modeles import EtatDepot
from api.maison import Maison, maison_ouverte
from api.services import depots, imports, lecture, observatoire
from api.settings import Settings
from ingest.publication import statuer
from tests.api.outils import CLAVIER, FLEAC, ecrire, ligne, peupler

MOMENTS = {
    "while the bytes arrive": ("api.services.depots", "_recevoir"),
    "before the dépôt is known": ("api.services.depots", "_fixer"),
    "before it is read": ("api.services.lecture", "relire"),
    "before the verdict is kept": ("api.services.lecture", "_garder_verdict"),
    "before it is published": ("api.services.depots", "_publier"),
    "in the middle of the publication": ("api.services.depots", "comptes_de"),
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    with maison_ouverte(Settings(donnees=tmp_path / "donnees"), creer=True) as maison:
        peupler(maison)
    return Settings(donnees=tmp_path / "donnees")


@pytest.fixture
def fichier(tmp_path: Path) -> Path:
    return ecrire(tmp_path / "achats.csv", [ligne(f"{jour}/03/2025", "RAMETTE A4", jour, "3,50") for jour in range(10, 20)])


@pytest.fixture
def maison(settings: Settings) -> Iterator[Maison]:
    with maison_ouverte(settings) as ouverte:
        yield ouverte


def _importer_et_mourir(settings: Settings, fichier: Path, module: str, fonction: str) -> None:
    def mourir(*_: Any, **__: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(__import__(module, fromlist=[fonction]), fonction, mourir)
    with maison_ouverte(settings) as maison:
        imports.importer(maison, CLAVIER, FLEAC, fichier)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_leaves_the_dépôt_whole_or_absent(settings: Settings, fichier: Path, moment: str) -> None:
    mort = multiprocessing.get_context("spawn").Process(target=_importer_et_mourir, args=(settings, fichier, *MOMENTS[moment]))
    mort.start()
    mort.join()
    assert mort.exitcode == -signal.SIGKILL
    with maison_ouverte(settings) as maison:
        for depot in depots.lister(maison, CLAVIER):
            assert depot.etat != EtatDepot.PUBLIE
            assert maison.original(depot.id).read_bytes() == fichier.read_bytes()
        encore = imports.importer(maison, CLAVIER, FLEAC, fichier)
        assert (encore.comptes or {})["retenues"] == 10
        with maison.club.lecture() as session:
            retenues = statuer(depots.publies(session, maison)).filter(pl.col("statut") == "retenue").collect()
        assert retenues.height == 10


def test_what_was_being_read_when_the_process_died_is_read_again(settings: Settings, fichier: Path) -> None:
    mort = multiprocessing.get_context("spawn").Process(
        target=_importer_et_mourir, args=(settings, fichier, *MOMENTS["before the verdict is kept"])
    )
    mort.start()
    mort.join()
    with maison_ouverte(settings) as maison:
        assert depots.depot(maison, CLAVIER, "D0001").etat == EtatDepot.EN_LECTURE
        assert lecture.lire(maison, CLAVIER, "D0001").etat == EtatDepot.A_CONFIRMER


def _construire_et_mourir(settings: Settings) -> None:
    def mourir(quoi: str, _fait: int, _total: int) -> None:
        if quoi == "Vérification":
            os.kill(os.getpid(), signal.SIGKILL)

    with maison_ouverte(settings) as maison:
        observatoire.construire(maison, mourir)


def test_killing_the_build_leaves_the_former_observatoire(maison: Maison, fichier: Path) -> None:
    imports.importer(maison, CLAVIER, FLEAC, fichier)
    observatoire.construire(maison)
    avant = maison.observatoire.read_bytes()
    imports.importer(maison, CLAVIER, FLEAC, ecrire(fichier, [ligne("01/04/2025", "STYLO", 1, "1,00")]))
    mort = multiprocessing.get_context("spawn").Process(target=_construire_et_mourir, args=(maison.settings,))
    mort.start()
    mort.join()
    assert mort.exitcode == -signal.SIGKILL
    assert maison.observatoire.read_bytes() == avant
    assert observatoire.construire(maison).nb_lignes == 11
    assert not list(maison.donnees.glob("*.part*"))
