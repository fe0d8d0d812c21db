"""The only door to DuckDB: the observatoire is built in a new file, checked, then swapped; it is read locked down and read-only."""

import logging
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING
from uuid import uuid4

import duckdb
import polars as pl

from analytics.decisions import Decision
from analytics.socle import attacher, nommer, quote, ranger
from ingest.erreurs import Refus
from ingest.publication import DepotPublie

if TYPE_CHECKING:
    from analytics import construction

_journal = logging.getLogger(__name__)
Avancement = Callable[[str, int, int], None]
"""Called with what is being done (in French), the steps done, and how many there are."""

CONFIGURATION: dict[str, str | bool | int | float | list[str]] = {
    # an extension fetched on the fly would cost seconds, and fail where there is no network
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


@dataclass(frozen=True)
class Membre:
    """One legal person of the club."""

    siren: str
    nom: str
    nature: str
    code_insee: str | None = None
    population: int | None = None


@dataclass(frozen=True)
class Sources:
    """All that an observatoire is made of: the same sources give the same observatoire.

    `date_reference` is the day at which the observatoire looks at the past (end of the covered months, age of prices).
    """

    depots: Sequence[DepotPublie]
    membres: Sequence[Membre]
    date_reference: date
    decisions: Sequence[Decision] = field(default=())


@dataclass(frozen=True)
class Bilan:
    """What a build read and wrote: `comptes` gives, for each dépôt, the number of lines of each statut."""

    version: str
    nb_depots: int
    nb_lignes: int
    nb_articles: int
    nb_membres: int
    comptes: dict[str, dict[str, int]]
    inchange: bool = False


@dataclass(frozen=True)
class Version:
    """Which observatoire this is: fingerprint of its inputs, instant of its building (universal time), date at which it looks back."""

    version: str
    construit_le: datetime
    date_reference: date
    nb_depots: int
    nb_lignes: int


def build(sources: Sources, chemin: Path, avancement: Avancement | None = None, *, reprendre: bool = True) -> Bilan:
    """Build the observatoire of these sources at `chemin`, replacing the one that is there in one step.

    Until the last instant readers see the former observatoire; an interruption leaves it as it was. Raises AssertionError when a
    line or a cent is lost on the way: nothing is then swapped. With `reprendre`, what the new dépôts do not touch is kept from the former
    observatoire; the tables are those of a full build.
    """
    from analytics import construction  # what builds also reads through this module, and readers need none of it
    from analytics.construction import reprise

    chemin = chemin.resolve()
    chemin.parent.mkdir(parents=True, exist_ok=True)
    _remove_vestiges(chemin)
    entrees = construction.Entrees(
        depots=sources.depots,
        membres=[(m.siren, m.nom, m.nature, m.code_insee, m.population) for m in sources.membres],
        decisions=sources.decisions,
        date_reference=sources.date_reference,
        construit_le=datetime.now(UTC),
        precedent=chemin if chemin.exists() else None,
    )
    plan = construction.prevoir(entrees) if reprendre else reprise.tout(sources.depots)
    try:
        return _build(chemin, entrees, plan, avancement or _silence)
    except (duckdb.Error, construction.Inexact) as erreur:
        if plan.entier:
            raise
        _journal.warning("the former observatoire could not be taken up again, a full build follows: %s", erreur)
        return _build(chemin, entrees, reprise.tout(sources.depots), avancement or _silence)


def _build(chemin: Path, entrees: "construction.Entrees", plan: "construction.Plan", avancement: Avancement) -> Bilan:
    from analytics import construction

    jeton = uuid4().hex
    provisoire = chemin.with_name(f"{chemin.name}.{jeton}.part")
    base = nommer(chemin, jeton) if plan.socle is None else chemin.with_name(plan.socle)
    try:
        if not plan.entier:
            shutil.copyfile(chemin, provisoire)
        with TemporaryDirectory(prefix=f"{chemin.name}.", suffix=".part", dir=chemin.parent) as atelier:
            connexion = duckdb.connect(":memory:", config={**CONFIGURATION, "temp_directory": atelier})
            try:
                connexion.execute("SET enable_progress_bar = false")  # it would draw on the output of the service
                connexion.execute(f"ATTACH '{quote(provisoire)}' AS observatoire")
                connexion.execute(f"ATTACH '{quote(base)}' AS socle" + ("" if plan.entier else " (READ_ONLY)"))
                connexion.execute("USE observatoire")
                resultat = construction.construire(connexion, Path(atelier), entrees, plan, base.name, avancement)
                for attachee in ("socle", "observatoire")[0 if plan.entier else 1 :]:
                    connexion.execute(f"CHECKPOINT {attachee}")
            finally:
                connexion.close()
        if plan.entier:
            _sync(base)
        _sync(provisoire)
        provisoire.replace(chemin)
        _sync(chemin.parent)
    except BaseException:
        if plan.entier:
            base.unlink(missing_ok=True)
            base.with_name(base.name + ".wal").unlink(missing_ok=True)
        raise
    finally:
        provisoire.unlink(missing_ok=True)
        provisoire.with_name(provisoire.name + ".wal").unlink(missing_ok=True)
    return Bilan(**resultat)


@contextmanager
def lecture(chemin: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection in which the tables of the observatoire are read by their bare name, and nothing else can be done.

    An in-memory database attaches the file: a direct connection would go on reading a file that was replaced. Read each result
    fully (`executer`, or `.pl()`) before asking the next one. Raises Refus when no observatoire was built yet.
    """
    try:
        partage = _borrow(chemin)
    except FileNotFoundError:
        raise Refus(
            "L'observatoire n'est pas encore construit : déposez au moins un fichier d'achats, il se construit ensuite tout seul."
        ) from None
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


def _silence(_quoi: str, _faites: int, _total: int) -> None:
    return None


def _remove_vestiges(chemin: Path) -> None:
    """Remove what a build killed in the middle left beside the observatoire; builds are serialised by whoever calls them."""
    for vestige in chemin.parent.glob(f"{chemin.name}.*.part*"):
        if vestige.is_file():
            vestige.unlink(missing_ok=True)
        else:
            for fichier in vestige.iterdir():
                fichier.unlink(missing_ok=True)
            vestige.rmdir()
    ranger(chemin)


def _sync(chemin: Path) -> None:
    descripteur = os.open(chemin, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)
