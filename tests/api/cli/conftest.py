"""The command, run in this process on a fresh data directory."""

from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.application import executer

Lancer = Callable[..., tuple[int, str, str]]
"""Arguments → exit code, standard output, standard error."""


@pytest.fixture
def lancer(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Lancer:
    monkeypatch.setenv("MERCURIALE_DONNEES", str(tmp_path / "donnees"))
    monkeypatch.setenv("MERCURIALE_TRACE", "1")

    def lancer(*arguments: object) -> tuple[int, str, str]:
        code = executer([str(argument) for argument in arguments])
        lu = capsys.readouterr()
        return code, lu.out, lu.err

    return lancer


@pytest.fixture
def club(lancer: Lancer) -> Lancer:
    assert lancer("init", "--epci", "Grand Angoulême")[0] == 0
    return lancer
