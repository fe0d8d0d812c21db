"""The table of promises of docs/import.md names tests and files that exist."""

import re
from functools import cache
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[1]
TEXTE = (RACINE / "docs" / "import.md").read_text(encoding="utf-8")
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXTE)))


@cache
def noms(chemin: str) -> frozenset[str]:
    return frozenset(re.findall(r"def (test_\w+)\(", (RACINE / chemin).read_text(encoding="utf-8")))


def test_it_names_many() -> None:
    assert len(TESTS) > 50


@pytest.mark.parametrize(("chemin", "nom"), TESTS)
def test_the_test_that_proves_a_promise_exists(chemin: str, nom: str) -> None:
    assert nom in noms(chemin)


def test_every_line_of_a_table_names_a_proof() -> None:
    rangees = [ligne for ligne in TEXTE.splitlines() if ligne.startswith("|") and not ligne.startswith(("| promise", "|---"))]
    assert [ligne for ligne in rangees if not re.search(r"`tests/|cas `", ligne)] == []


@pytest.mark.parametrize("fichier", sorted(set(re.findall(r"`(\w+\.(?:csv|zip|xlsx|xml))`", TEXTE))))
def test_the_files_it_names_are_cases(fichier: str) -> None:
    assert (RACINE / "tests" / "cas_fichiers" / "fichiers" / fichier).exists()
