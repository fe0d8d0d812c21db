from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from api.club.magasin import Magasin, maintenant
from api.club.modeles import Base, Compte, EntreeJournal, Membre
from api.services.journal import noter


@pytest.fixture
def magasin(tmp_path: Path) -> Iterator[Magasin]:
    ouvert = Magasin.fichier(tmp_path / "club.sqlite")
    ouvert.mettre_a_niveau()
    yield ouvert
    ouvert.fermer()


def test_the_steps_lead_to_exactly_the_tables_of_the_models(magasin: Magasin) -> None:
    with magasin.lecture() as session:
        contexte = MigrationContext.configure(session.connection())
        assert compare_metadata(contexte, Base.metadata) == []


def test_bringing_up_to_date_twice_changes_nothing(magasin: Magasin) -> None:
    with magasin.ecriture() as session:
        session.add(Membre(siren="211601380", nom="Fléac", nature="commune", cree_le=maintenant()))
    magasin.mettre_a_niveau()
    with magasin.lecture() as session:
        assert session.scalar(select(func.count()).select_from(Membre)) == 1


def test_sqlite_keeps_its_promises(magasin: Magasin) -> None:
    with magasin.lecture() as session:
        reglages = {nom: session.scalar(text(f"PRAGMA {nom}")) for nom in ("journal_mode", "synchronous", "foreign_keys")}
    assert reglages == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_an_account_of_an_unknown_membre_is_refused_by_the_store(magasin: Magasin) -> None:
    with pytest.raises(IntegrityError), magasin.ecriture() as session:
        session.add(Compte(email="a@b.fr", nom="A", role="elu", membre="999999999", cree_le=maintenant()))


def test_what_fails_half_way_is_undone_whole(magasin: Magasin) -> None:
    def echouer() -> None:
        with magasin.ecriture() as session:
            session.add(Membre(siren="211601380", nom="Fléac", nature="commune", cree_le=maintenant()))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        echouer()
    with magasin.lecture() as session:
        assert session.get(Membre, "211601380") is None


@pytest.mark.parametrize("geste", ["UPDATE journal SET par = 'autre'", "DELETE FROM journal"])
def test_the_journal_can_only_grow(magasin: Magasin, geste: str) -> None:
    with magasin.ecriture() as session:
        noter(session, "moi", "essai", "objet")
    with pytest.raises(DatabaseError, match="le journal ne se modifie pas"), magasin.ecriture() as session:
        session.execute(text(geste))
    with magasin.lecture() as session:
        assert [entree.par for entree in session.scalars(select(EntreeJournal))] == ["moi"]


def test_writers_wait_for_each_other_instead_of_failing(magasin: Magasin) -> None:
    with magasin.ecriture() as session:
        session.add(Membre(siren="211601380", nom="Fléac", nature="commune", cree_le=maintenant(), version_publiee=0))

    def ajouter_dix() -> None:
        for _ in range(10):
            with magasin.ecriture() as session:
                session.get_one(Membre, "211601380").version_publiee += 1

    fils = [Thread(target=ajouter_dix) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    with magasin.lecture() as session:
        assert session.get_one(Membre, "211601380").version_publiee == 40


def test_every_table_is_created(magasin: Magasin) -> None:
    with magasin.lecture() as session:
        presentes = set(inspect(session.connection()).get_table_names())
    assert {table.name for table in Base.metadata.sorted_tables} <= presentes
