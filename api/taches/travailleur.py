"""The worker: takes one tâche after another, says how far it is, survives what it is given to do."""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from api.club.modeles import EtatTache, Tache
from api.maison import Maison, maison_ouverte
from api.settings import Settings
from api.taches import bail, travail
from ingest.erreurs import Refus

PAUSE_S = 0.5
SIGNE_DE_VIE_S = 8.0
PAS_DE_PROGRES_S = 0.5

trace = logging.getLogger("mercuriale.taches")


def travailler_toujours(settings: Settings) -> None:
    """Serve tâches until told to stop (SIGTERM, SIGINT); the current one is given back by the end of its lease."""
    arret = threading.Event()

    def arreter(_signal: int, _cadre: FrameType | None) -> None:
        arret.set()

    signal.signal(signal.SIGTERM, arreter)
    signal.signal(signal.SIGINT, arreter)
    parent = os.getppid()
    with maison_ouverte(settings) as maison:
        while not arret.is_set() and os.getppid() == parent:
            if not travailler_une_fois(maison):
                arret.wait(PAUSE_S)


def travailler_une_fois(maison: Maison) -> bool:
    """Do one waiting tâche, whatever its end; false when there is none."""
    tache = bail.prendre(maison, f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}")
    if tache is None:
        return False
    try:
        with _signes_de_vie(maison, tache):
            resultat = travail.executer(maison, tache, _suivi(maison, tache))
    except Refus as refus:
        bail.rendre(maison, tache, EtatTache.ECHOUEE, str(refus))
    except bail.TacheAnnulee:
        bail.rendre(maison, tache, EtatTache.ANNULEE, "Annulé : rien n'a été enregistré.")
    except bail.TachePerdue:
        trace.warning("tâche %s passed to another worker", tache.id)
    except Exception:
        trace.exception("tâche %s (%s)", tache.id, tache.genre)
        bail.rendre(maison, tache, EtatTache.ECHOUEE, "Une erreur de Mercuriale a interrompu ce travail. Rien n'a été enregistré.")
    else:
        bail.rendre(maison, tache, EtatTache.TERMINEE, None, resultat)
    return True


def _suivi(maison: Maison, tache: Tache) -> travail.Suivi:
    dernier = 0.0

    def suivi(fait: int, total: int | None, message: str | None) -> None:
        nonlocal dernier
        if time.monotonic() - dernier >= PAS_DE_PROGRES_S:
            bail.prolonger(maison, tache, fait=fait, total=total, message=message)
            dernier = time.monotonic()

    return suivi


@contextmanager
def _signes_de_vie(maison: Maison, tache: Tache) -> Iterator[None]:
    # Work that says nothing for a while (one long query) must not lose its lease.
    fini = threading.Event()

    def battre() -> None:
        while not fini.wait(SIGNE_DE_VIE_S):
            try:
                bail.prolonger(maison, tache)
            except (bail.TacheAnnulee, bail.TachePerdue):
                return

    coeur = threading.Thread(target=battre, daemon=True)
    coeur.start()
    try:
        yield
    finally:
        fini.set()
        coeur.join()
