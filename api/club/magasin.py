"""Open the club store: the same code on SQLite (by default) and on PostgreSQL (one setting).

SQLite: WAL so that readers never wait for a writer, foreign keys on, ten seconds of patience, and `synchronous=FULL` because a published
dépôt must survive a power cut. Its driver's own transactions are switched off and BEGIN is ours: a writing session takes the write
lock at once (`BEGIN IMMEDIATE`) rather than failing half-way when two writers meet.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from api.club.souvenirs import Souvenirs
from ingest.erreurs import Refus

_OPTION_DEBUT = "mercuriale_debut"
_VERROU_ECRITURE = 0x4D45524355  # "MERCU"


def maintenant() -> datetime:
    """Now in UTC, without zone, as the store keeps instants."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class MagasinIndisponible(Refus):
    """The store cannot be read or written now: full disk, missing rights, or another writer that does not end."""


class Magasin:
    """An open club store. `lecture()` and `ecriture()` are the only ways in; both raise `MagasinIndisponible`."""

    def __init__(self, adresse: str) -> None:
        self._moteur = _moteur(adresse)
        self._ecriture = self._moteur.execution_options(**{_OPTION_DEBUT: "IMMEDIATE"})
        base = self._moteur.url.database if self._moteur.dialect.name == "sqlite" else None
        self.souvenirs = Souvenirs(Path(base) if base else None)
        """What was read since the last commit, by anybody."""

    @classmethod
    def fichier(cls, chemin: Path) -> "Magasin":
        """Open the SQLite store at `chemin`, whose folder must exist."""
        return cls(f"sqlite+pysqlite:///{chemin}")

    @contextmanager
    def lecture(self) -> Iterator[Session]:
        """A session that sees one consistent state and keeps nothing."""
        with _en_francais(), Session(self._moteur, expire_on_commit=False) as session:
            yield session
            session.expunge_all()

    @contextmanager
    def ecriture(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, undone whole when it raises."""
        with _en_francais(), Session(self._ecriture, expire_on_commit=False) as session, session.begin():
            if self._moteur.dialect.name == "postgresql":
                # One writer at a time, as on SQLite: numbers of dépôts and their folders are given out under this lock.
                session.execute(select(func.pg_advisory_xact_lock(_VERROU_ECRITURE)))
            yield session

    def mettre_a_niveau(self) -> None:
        """Create the tables, or bring those of an older version up to date."""
        configuration = Config()
        configuration.set_main_option("script_location", str(resources.files("api.club").joinpath("migrations")))
        with _en_francais(), self._ecriture.connect() as connexion:
            configuration.attributes["connexion"] = connexion
            command.upgrade(configuration, "head")
            connexion.commit()

    def fermer(self) -> None:
        """Release the connections."""
        self.souvenirs.fermer()
        self._moteur.dispose()


@contextmanager
def _en_francais() -> Iterator[None]:
    try:
        yield
    except OperationalError as erreur:
        texte = str(erreur.orig)
        for debut, phrase in _INDISPONIBLE.items():
            if debut in texte:
                raise MagasinIndisponible(phrase) from erreur
        raise


_PLEIN = "Le disque est plein : rien n'a été enregistré. Faites de la place dans le dossier des données, puis recommencez."
_FERME = (
    "Le dossier des données ne peut pas être modifié : vérifiez qu'il n'est pas en lecture seule, qu'il reste de la place sur le disque "
    "et que vous avez le droit d'y écrire. Rien n'a été enregistré."
)
_INDISPONIBLE = {
    "disk is full": _PLEIN,
    "disk I/O error": _FERME,
    "unable to open database file": _FERME,
    "readonly database": _FERME,
    "database is locked": "Un autre enregistrement est en cours et ne se termine pas. Recommencez dans un instant.",
}
"""What SQLite says → what a person can do about it."""


def _moteur(adresse: str) -> Engine:
    moteur = create_engine(adresse)
    if moteur.dialect.name == "sqlite":
        event.listen(moteur, "connect", _regler_sqlite)
        event.listen(moteur, "begin", _commencer_sqlite)
    return moteur


def _regler_sqlite(connexion: Any, _enregistrement: object) -> None:
    connexion.isolation_level = None
    curseur = connexion.cursor()
    for reglage in ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        curseur.execute(f"PRAGMA {reglage}")
    curseur.close()


def _commencer_sqlite(connexion: Connection) -> None:
    connexion.exec_driver_sql(f"BEGIN {connexion.get_execution_options().get(_OPTION_DEBUT, 'DEFERRED')}")
