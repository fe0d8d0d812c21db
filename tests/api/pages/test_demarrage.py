"""The first reader after a start waits for nothing that could be read before."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.carnet import carnet_pret, garde
from api.demarrage import preparer
from api.maison import Maison, maison_ouverte
from api.settings import Settings


@pytest.fixture(autouse=True)
def ramasse_miettes() -> Iterator[None]:
    seuils = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*seuils)


def test_the_carnet_is_there_before_anybody_asks(maison: Maison, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garde, "_gardes", {})
    assert carnet_pret(maison.observatoire) is None
    preparer(maison)
    assert carnet_pret(maison.observatoire) is not None


def test_a_service_without_observatoire_or_with_one_it_cannot_read_starts_all_the_same(tmp_path: Path) -> None:
    with maison_ouverte(Settings(donnees=tmp_path), creer=True) as vide:
        preparer(vide)
        vide.observatoire.write_bytes(b"not a database")
        preparer(vide)
