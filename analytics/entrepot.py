"""The only door to DuckDB for readers: the observatoire that is there now, read-only and locked down."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from threading import Lock

import duckdb
import polars as pl

from analytics.socle import attacher, quote
from ingest.erreurs import Refus

CONFIGURATION: dict[str, str | bool | int | float | list[str]] = {
    # an extension fetched on the fly would cost seconds, and fail where there is no network
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


@dataclass(frozen=True)
class Version:
    """Which observatoire this is: fingerprint of its inputs, instant of its building (universal time), date at which it looks back."""

    version: str
    construit_le: datetime
    date_reference: date
    nb_depots: int
    nb_lignes: int


@contextmanager
def lecture(chemin: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection in which the tables of the observatoire are read by their bare name, and nothing else can be done.

    An in-memory database attaches the file: a direct connection would go on reading a file that was replaced. Read each result
    fully (`executer`, or `.pl()`) before asking the next one. Raises Refus when no observatoire was built yet, or when the one that is
    there was built by another version of Mercuriale.
    """
    try:
        partage = _borrow(chemin)
    except FileNotFoundError:
        raise Refus(
            "L'observatoire n'est pas encore construit : déposez au moins un fichier d'achats, il se construit ensuite tout seul."
        ) from None
    except duckdb.Error as erreur:
        raise Refus(
            "L'observatoire a été construit par une autre version de Mercuriale, ou son fichier est abîmé. Il se reconstruit tout seul : "
            "revenez dans quelques minutes."
        ) from erreur
    curseur = partage.connexion.cursor()
    try:
        curseur.execute("USE observatoire")
        yield curseur
    finally:
        curseur.close()
        _give_back(partage)


def executer(curseur: duckdb.DuckDBPyConnection, requete: str, **parametres: object) -> pl.DataFrame:
    """Run the query kept in the file `requete` (`"prix/position.sql"`, under `analytics/`) and read its whole result."""
    texte = files("analytics").joinpath(requete).read_text(encoding="utf-8")
    resultat: pl.DataFrame = curseur.sql(texte, params=parametres).pl() if parametres else curseur.sql(texte).pl()
    return resultat


def version(curseur: duckdb.DuckDBPyConnection) -> Version:
    """Say which observatoire is being read: a page is cached by `version` and by what its reader may see."""
    (ligne,) = curseur.sql("SELECT version, construit_le, date_reference, nb_depots, nb_lignes FROM version").fetchall()
    return Version(*ligne)


@dataclass(eq=False)
class _Partage:
    """One attached version of the observatoire, and how many readers it has."""

    cle: tuple[object, ...]
    connexion: duckdb.DuckDBPyConnection
    lecteurs: int = 0


_partages: dict[str, _Partage] = {}
_verrou = Lock()


def _borrow(chemin: Path) -> _Partage:
    """The attached database of the file that is there now; opening one costs more than most queries."""
    chemin = chemin.resolve()
    etat = chemin.stat()
    cle = (os.getpid(), etat.st_ino, etat.st_mtime_ns, etat.st_size)
    with _verrou:
        partage = _partages.get(str(chemin))
        if partage is None or partage.cle != cle:
            if partage is not None and partage.lecteurs == 0:
                partage.connexion.close()
            partage = _partages[str(chemin)] = _Partage(cle, _attach(chemin))
        partage.lecteurs += 1
        return partage


def _give_back(partage: _Partage) -> None:
    with _verrou:
        partage.lecteurs -= 1
        if partage.lecteurs == 0 and partage not in _partages.values():
            partage.connexion.close()


def _attach(chemin: Path) -> duckdb.DuckDBPyConnection:
    connexion = duckdb.connect(":memory:", config=CONFIGURATION)
    try:
        attacher(connexion, chemin)
        # in this order: locked, nothing could be set any more
        connexion.execute(f"SET allowed_directories=['{quote(chemin.parent)}']")
        connexion.execute("SET enable_external_access=false")
        connexion.execute("SET lock_configuration=true")
    except duckdb.Error:
        connexion.close()
        raise
    return connexion
