"""After an upgrade, an observatoire of another version is built again without anybody being told to."""

from pathlib import Path

import duckdb
import pytest

from api.services import observatoire
from ingest.erreurs import Refus
from tests.api.monde import monde


def test_an_observatoire_of_another_version_is_said_and_built_again(tmp_path: Path) -> None:
    with monde(tmp_path) as maison:
        assert not observatoire.demander_si_perime(maison)
        autre = tmp_path / "autre.duckdb"
        duckdb.connect(str(autre)).close()
        autre.replace(maison.observatoire)
        with pytest.raises(Refus, match="autre version de Mercuriale"), observatoire.lecture(maison):
            pass
        assert observatoire.demander_si_perime(maison)
        observatoire.construire(maison)
        with observatoire.lecture(maison) as curseur:
            assert curseur.sql("SELECT count(*) FROM lignes").fetchall()[0][0] > 0
        assert not observatoire.demander_si_perime(maison)
