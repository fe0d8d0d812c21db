"""A hostile file may kill the process that reads it: so another process reads it, with limits, and its death is a sentence."""

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, TypeVar, cast

from ingest.erreurs import FichierRefuse, Refus

T = TypeVar("T")
Avancement = Callable[[int, int | None], None]

# Nothing of ours runs in the fork server: it only holds the heavy imports, so that a child starts in milliseconds.
PRECHARGES = ["polars", "python_calamine", "lxml.etree", "ingest.lecture", "ingest.chaine"]


@dataclass(frozen=True)
class Limites:
    """What one file may cost: address space in bytes, wall time in seconds."""

    memoire_octets: int = 4 << 30
    duree_s: float = 600.0


TROP_LONG = (
    "La lecture de ce fichier a été arrêtée au bout de {minutes} : il est trop long ou mal formé. Découpez-le (une année par fichier, par "
    "exemple), ou enregistrez-le de nouveau depuis votre tableur."
)
TROP_LOURD = (
    "La lecture de ce fichier a été arrêtée : il est abîmé, ou il demande beaucoup plus de mémoire qu'un fichier de cette taille. "
    "Ouvrez-le dans votre tableur, copiez les lignes utiles dans un nouveau classeur, enregistrez-le, puis déposez-le."
)


def executer(
    fonction: Callable[..., T], *arguments: object, limites: Limites | None = None, avancement: Avancement | None = None, **nommes: object
) -> T:
    """Run `fonction(*arguments, **nommes)` in a child process and return what it returns.

    `fonction`, its arguments and its result are pickled: module-level functions and plain data only. When `avancement` is given, the
    function receives in the child an `avancement` keyword whose calls (lines done, total or None) come back here.
    A `Refus` raised in the child is raised here, with its class. A crash, too much memory or too much time raise `FichierRefuse`.
    Any other exception of the child is raised here: it is a programmer's mistake.
    """
    bornes = limites or Limites()
    contexte = multiprocessing.get_context("forkserver")
    contexte.set_forkserver_preload(PRECHARGES)
    # What the child unpacks goes with it, even when it is killed.
    with tempfile.TemporaryDirectory(prefix="mercuriale-") as espace:
        reception, envoi = contexte.Pipe(duplex=False)
        travail = _Travail(fonction, arguments, nommes, avancement is not None, espace)
        enfant = contexte.Process(target=_travailler, args=(envoi, bornes, travail), daemon=True)
        enfant.start()
        envoi.close()
        try:
            return cast(T, _attendre(reception, bornes, avancement))
        finally:
            enfant.kill()
            enfant.join()
            reception.close()


@dataclass(frozen=True)
class _Travail:
    """What the child has to do, and the folder of its temporary files."""

    fonction: Callable[..., Any]
    arguments: tuple[object, ...]
    nommes: dict[str, object]
    suivre: bool
    espace: str


def _travailler(envoi: Connection, limites: Limites, travail: _Travail) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limites.memoire_octets, limites.memoire_octets))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    tempfile.tempdir = travail.espace
    nommes = dict(travail.nommes)
    if travail.suivre:
        nommes["avancement"] = lambda faites, total=None: envoi.send(("avancement", (faites, total)))
    try:
        envoi.send(("resultat", travail.fonction(*travail.arguments, **nommes)))
    except MemoryError:
        envoi.send(("refus", FichierRefuse(TROP_LOURD)))
    except Refus as refus:
        envoi.send(("refus", refus))
    except Exception as faute:
        envoi.send(("faute", faute))


def _attendre(reception: Connection, limites: Limites, avancement: Avancement | None) -> Any:
    fin = time.monotonic() + limites.duree_s
    while True:
        if not reception.poll(max(0.0, fin - time.monotonic())):
            minutes = limites.duree_s / 60
            raise FichierRefuse(TROP_LONG.format(minutes=f"{minutes:.0f} minutes" if minutes >= 2 else f"{limites.duree_s:.0f} secondes"))
        try:
            genre, valeur = reception.recv()
        except EOFError:
            raise FichierRefuse(TROP_LOURD) from None
        if genre == "resultat":
            return valeur
        if genre == "avancement":
            if avancement is not None:
                avancement(*valeur)
            continue
        raise valeur
