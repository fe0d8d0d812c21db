"""A hostile file may kill the process that reads it: so another process reads it, with limits, and its death is a sentence."""

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from threading import Lock
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from ingest.erreurs import FichierRefuse, Refus

T = TypeVar("T")
Avancement = Callable[[int, int | None], None]

# Nothing of ours runs in the fork server: it only holds the heavy imports, so that a child starts in milliseconds.
PRECHARGES = ["polars", "python_calamine", "lxml.etree", "pypdf", "ingest.lecture", "ingest.chaine"]


@dataclass(frozen=True)
class Limites:
    """What one file may cost: address space in bytes, wall time in seconds."""

    memoire_octets: int = 4 << 30
    duree_s: float = 600.0


TROP_LONG = (
    "La lecture de ce fichier a été arrêtée au bout de {duree} : il est trop long ou mal formé. Découpez-le (une année par fichier, par "
    "exemple), ou enregistrez-le de nouveau depuis votre tableur."
)
TROP_LOURD = (
    "La lecture de ce fichier a été arrêtée : il est abîmé, ou il demande beaucoup plus de mémoire qu'un fichier de cette taille. "
    "Ouvrez-le dans votre tableur, copiez les lignes utiles dans un nouveau classeur, enregistrez-le, puis déposez-le."
)


def executer(
    fonction: Callable[..., T], *arguments: object, limites: Limites | None = None, avancement: Avancement | None = None, **nommes: object
) -> T:
    """Run `fonction(*arguments, **nommes)` in a child process made for it and return what it returns: see `Atelier.executer`."""
    with Atelier(limites) as atelier:
        return atelier.executer(fonction, *arguments, avancement=avancement, **nommes)


class Atelier:
    """One child process that does one piece of work after another, made again after a crash, a delay or `taches_max` pieces.

    What the work keeps in memory between two calls (vocabularies, tables of units) is loaded once: use it where many small files
    come. Several threads may share one `Atelier`: they wait for each other.
    """

    def __init__(self, limites: Limites | None = None, taches_max: int = 200) -> None:
        self._limites = limites or Limites()
        self._taches_max = taches_max
        self._taches = 0
        self._enfant: Any = None
        self._lien: Connection | None = None
        self._verrou = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, genre: type[BaseException] | None, faute: BaseException | None, trace: TracebackType | None) -> None:
        self.fermer()

    def executer(self, fonction: Callable[..., T], *arguments: object, avancement: Avancement | None = None, **nommes: object) -> T:
        """Run `fonction(*arguments, **nommes)` in the child and return what it returns.

        `fonction`, its arguments and its result are pickled: module-level functions and plain data only. When `avancement` is given,
        the function receives in the child an `avancement` keyword whose calls (lines done, total or None) come back here; raising in
        it cancels the work. A `Refus` raised in the child is raised here, with its class. A crash, too much memory or too much time
        raise `FichierRefuse`. Any other exception of the child is raised here: it is a programmer's mistake.
        """
        # What the child unpacks goes with the work, even when it is killed.
        with self._verrou, tempfile.TemporaryDirectory(prefix="mercuriale-") as espace:
            lien = self._confier(_Travail(fonction, arguments, nommes, avancement is not None, espace))
            fini = False
            try:
                resultat, fini = _attendre(lien, self._limites, avancement), True
            except _Rendue as rendue:
                fini = True
                raise rendue.faute from None
            finally:
                self._taches += 1
                if not fini or self._taches >= self._taches_max:
                    self.fermer()
            return cast(T, resultat)

    def fermer(self) -> None:
        """End the child; the next work makes another."""
        if self._enfant is not None:
            self._enfant.kill()
            self._enfant.join()
            self._enfant = None
        if self._lien is not None:
            self._lien.close()
            self._lien = None
        self._taches = 0

    def _confier(self, travail: "_Travail") -> Connection:
        try:
            lien = self._ouvrir()
            lien.send(travail)
        except ConnectionError:  # the child died while idle
            self.fermer()
            lien = self._ouvrir()
            lien.send(travail)
        return lien

    def _ouvrir(self) -> Connection:
        if self._lien is not None and self._enfant.is_alive():
            return self._lien
        self.fermer()
        contexte = multiprocessing.get_context("forkserver")
        contexte.set_forkserver_preload(PRECHARGES)
        ici, la_bas = contexte.Pipe()
        self._enfant = contexte.Process(target=_travailler, args=(la_bas, self._limites), daemon=True)
        self._enfant.start()
        la_bas.close()
        self._lien = ici
        return ici


class Reserve:
    """Ateliers kept warm between two pieces of work, as many as work was ever done at once: a dépôt of a town hall does not wait for one.

    Those of other limits are apart. A child that has read something large is ended, so that it does not keep its memory.
    """

    def __init__(self, lourd_octets: int = 64 << 20) -> None:
        self._lourd_octets = lourd_octets
        self._libres: dict[Limites, list[Atelier]] = {}
        self._verrou = Lock()

    def executer(
        self,
        fonction: Callable[..., T],
        *arguments: object,
        limites: Limites | None = None,
        avancement: Avancement | None = None,
        taille_octets: int = 0,
        **nommes: object,
    ) -> T:
        """Do what `Atelier.executer` does, in a free atelier; `taille_octets` says how much there is to read."""
        limites = limites or Limites()
        with self._verrou:
            libres = self._libres.setdefault(limites, [])
            atelier = libres.pop() if libres else Atelier(limites)
        try:
            return atelier.executer(fonction, *arguments, avancement=avancement, **nommes)
        finally:
            if taille_octets > self._lourd_octets:
                atelier.fermer()
            with self._verrou:
                libres.append(atelier)

    def fermer(self) -> None:
        """End the children that do nothing."""
        with self._verrou:
            for libres in self._libres.values():
                while libres:
                    libres.pop().fermer()


@dataclass(frozen=True)
class _Travail:
    """What the child has to do, and the folder of its temporary files."""

    fonction: Callable[..., Any]
    arguments: tuple[object, ...]
    nommes: dict[str, object]
    suivre: bool
    espace: str


class _Rendue(Exception):
    """Carries an exception that the child raised and sent back: the child itself is well."""

    def __init__(self, faute: Exception) -> None:
        super().__init__()
        self.faute = faute


def _travailler(lien: Connection, limites: Limites) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limites.memoire_octets, limites.memoire_octets))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            travail: _Travail = lien.recv()
        except EOFError:
            return
        tempfile.tempdir = travail.espace
        _faire(travail, lien)


def _faire(travail: _Travail, lien: Connection) -> None:
    nommes = dict(travail.nommes)
    if travail.suivre:
        nommes["avancement"] = lambda faites, total=None: lien.send(("avancement", (faites, total)))
    try:
        lien.send(("resultat", travail.fonction(*travail.arguments, **nommes)))
    except MemoryError:
        lien.send(("faute", FichierRefuse(TROP_LOURD)))
    except Refus as refus:
        lien.send(("faute", refus))
    except Exception as faute:
        lien.send(("faute", faute))


def _attendre(lien: Connection, limites: Limites, avancement: Avancement | None) -> Any:
    fin = time.monotonic() + limites.duree_s
    while True:
        if not lien.poll(max(0.0, fin - time.monotonic())):
            raise FichierRefuse(TROP_LONG.format(duree=_duree(limites.duree_s)))
        try:
            genre, valeur = lien.recv()
        except (EOFError, ConnectionError):
            raise FichierRefuse(TROP_LOURD) from None
        if genre == "resultat":
            return valeur
        if genre == "faute":
            raise _Rendue(valeur)
        if avancement is not None:
            avancement(*valeur)


def _duree(secondes: float) -> str:
    if secondes >= 120:
        return f"{secondes / 60:.0f} minutes"
    return f"{secondes:.0f} secondes" if secondes >= 2 else "1 seconde"
