"""Run the service: the pages in this process, the long work in worker processes that end with it."""

import errno
import multiprocessing
import socket
from collections.abc import Callable
from dataclasses import replace

import uvicorn

from api.app import create_app
from api.maison import maison_ouverte
from api.services import observatoire
from api.services.initialiser import est_demonstration
from api.settings import Settings
from api.taches.travailleur import travailler_toujours
from ingest.erreurs import Refus


def servir(settings: Settings, dire: Callable[[str], None]) -> None:
    """Serve until interrupted. Raises `Refus` when the address is taken, or when the directory holds no club."""
    prise = _reserver(settings)
    contexte = multiprocessing.get_context("spawn")
    with maison_ouverte(settings) as maison:
        if settings.sur_cette_machine and est_demonstration(maison):
            maison = replace(maison, settings=maison.settings.model_copy(update={"demo": True}))
        if observatoire.demander_si_perime(maison):
            dire("L'observatoire date d'une autre version, ou de dépôts qui ont changé : il se reconstruit en arrière-plan.")
        application = create_app(maison.settings, maison)
        travailleurs = [
            contexte.Process(target=travailler_toujours, args=(maison.settings,), daemon=False) for _ in range(settings.travailleurs)
        ]
        for travailleur in travailleurs:
            travailleur.start()
        # Relays are not believed: the demonstration must know who really asks.
        configuration = uvicorn.Config(application, log_level="warning", proxy_headers=False, server_header=False)
        hote, port = prise.getsockname()[:2]
        dire(f"Mercuriale est ouverte : http://{hote}:{port}/  (Ctrl+C pour fermer)")
        if maison.settings.demo:
            dire("Démonstration : vous êtes connectée d'office comme animatrice, depuis cette machine seulement.")
        try:
            uvicorn.Server(configuration).run(sockets=[prise])
        finally:
            for travailleur in travailleurs:
                travailleur.terminate()
            for travailleur in travailleurs:
                travailleur.join(10)


def _reserver(settings: Settings) -> socket.socket:
    famille = socket.AF_INET6 if ":" in settings.hote else socket.AF_INET
    prise = socket.socket(famille, socket.SOCK_STREAM)
    prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        prise.bind((settings.hote, settings.port))
    except OSError as erreur:
        prise.close()
        if erreur.errno == errno.EADDRINUSE:
            raise Refus(
                f"L'adresse {settings.hote}:{settings.port} est déjà prise par un autre programme, peut-être une autre Mercuriale. "
                "Fermez-le, ou choisissez un autre port avec --port."
            ) from erreur
        raise Refus(f"L'adresse {settings.hote}:{settings.port} ne peut pas être ouverte sur cette machine.") from erreur
    return prise
