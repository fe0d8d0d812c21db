"""What is kept of the club store never outlives a commit, whoever made it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.club.magasin import Magasin, maintenant
from api.club.modeles import Membre
from api.club.souvenirs import TAILLE, Souvenirs

SIREN = "211601380"
RENOMMER = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('UPDATE membres SET nom = ?', (sys.argv[2],)); c.commit()"


@pytest.fixture
def magasin(tmp_path: Path) -> Iterator[Magasin]:
    ouvert = Magasin.fichier(tmp_path / "club.sqlite")
    ouvert.mettre_a_niveau()
    with ouvert.ecriture() as session:
        session.add(Membre(siren=SIREN, nom="Fléac", nature="commune", cree_le=maintenant()))
    yield ouvert
    ouvert.fermer()


def nom(magasin: Magasin, lectures: list[str] | None = None) -> str:
    def lire() -> str:
        with magasin.lecture() as session:
            lu = session.get_one(Membre, SIREN).nom
        if lectures is not None:
            lectures.append(lu)
        return lu

    return magasin.souvenirs.retenir("nom", lire)


def test_it_is_read_once_as_long_as_nothing_changes(magasin: Magasin) -> None:
    lectures: list[str] = []
    assert [nom(magasin, lectures) for _ in range(5)] == ["Fléac"] * 5
    assert lectures == ["Fléac"]
    assert magasin.souvenirs.connu("nom") == "Fléac"


def test_a_commit_of_this_process_is_seen_at_once(magasin: Magasin) -> None:
    nom(magasin)
    with magasin.ecriture() as session:
        session.get_one(Membre, SIREN).nom = "Touvre"
    assert magasin.souvenirs.connu("nom") is None
    assert nom(magasin) == "Touvre"


def test_a_commit_of_another_process_is_seen_at_once(magasin: Magasin, tmp_path: Path) -> None:
    for attendu in ("Mornac", "Linars"):
        nom(magasin)
        subprocess.run([sys.executable, "-c", RENOMMER, str(tmp_path / "club.sqlite"), attendu], check=True)
        assert nom(magasin) == attendu


def test_what_was_read_while_it_changed_is_not_kept(magasin: Magasin) -> None:
    def lire() -> str:
        with magasin.ecriture() as session:
            session.get_one(Membre, SIREN).nom = "Touvre"
        return "Fléac"

    assert magasin.souvenirs.retenir("nom", lire) == "Fléac"
    assert nom(magasin) == "Touvre"


def test_nothing_undone_is_taken_for_a_change(magasin: Magasin) -> None:
    lectures: list[str] = []
    nom(magasin, lectures)

    def echouer() -> None:
        with magasin.ecriture() as session:
            session.get_one(Membre, SIREN).nom = "Touvre"
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        echouer()
    assert nom(magasin, lectures) == "Fléac"
    assert lectures == ["Fléac"]


def test_another_store_than_a_file_keeps_nothing() -> None:
    souvenirs = Souvenirs(None)
    assert [souvenirs.retenir("un", iter([1, 2]).__next__) for _ in range(1)] == [1]
    assert souvenirs.etat() is None
    assert souvenirs.connu("un") is None


def test_what_is_kept_is_bounded(magasin: Magasin) -> None:
    for rang in range(TAILLE + 10):
        magasin.souvenirs.retenir(rang, lambda: "x")
    assert magasin.souvenirs.connu(0) is None
    assert magasin.souvenirs.connu(TAILLE + 9) == "x"
