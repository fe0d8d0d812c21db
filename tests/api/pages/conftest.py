"""One small club for all the tests of pages."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.maison import Maison
from ingest.vocabulaire import Role
from tests.api.monde import client, monde


@pytest.fixture(scope="package")
def maison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maison]:
    with monde(tmp_path_factory.mktemp("pages")) as ouverte:
        yield ouverte


@pytest.fixture
def secretaire(maison: Maison) -> TestClient:
    """Of Touvre, which pays the most."""
    return client(maison, Role.SECRETAIRE)


@pytest.fixture
def angouleme(maison: Maison) -> TestClient:
    """The secrétaire of the commune that pays the least."""
    return client(maison, Role.SECRETAIRE, "secretaire.angouleme@essai.fr")


@pytest.fixture
def animatrice(maison: Maison) -> TestClient:
    return client(maison, Role.ANIMATRICE)
