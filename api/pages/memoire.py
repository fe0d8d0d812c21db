"""A page made of nothing but the observatoire is computed once per observatoire and scope, then read again until either changes.

The key holds the file of the observatoire as it stands (it is replaced, never modified), the whole scope of the reader and the address:
two readers share a page only when they may see exactly the same things. Its text is kept too, with the frame it was written in
(`api.pages.raccourcis` gives it back before the request is even taken apart).
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from analytics.carnet import Carnet, carnet_de, carnet_pret
from analytics.carnet.garde import fichier
from analytics.portee import Portee
from api.pages import images, raccourcis
from api.pages.lecteur import Lecteur, lire_observatoire
from api.porte import Visiteur, maison_de
from api.presentation import Entourage, Page, cadre_de, ecrire, entourage_connu, entourage_de
from api.services.portees import portee_connue, portee_de

Cle = tuple[Any, ...]
TAILLE = 256
"""Pages kept; the one read longest ago goes first."""
LIGNES_LOURDES = 200
"""From so many lines on, a page is written by another thread: nobody waits behind it."""
_verrou = Lock()
_pages: OrderedDict[Cle, Page] = OrderedDict()
_textes: OrderedDict[tuple[Cle, Entourage], bytes] = OrderedDict()


def montrer(request: Request, visiteur: Visiteur, calculer: Callable[[Lecteur], Page]) -> Response:
    """This page in its frame, neither computed nor written again when both are known; or the drawing of it that the address asks for.

    Raises `Refus` when nothing was built yet, or what `calculer` raises.
    """

    def lire() -> Page:
        with lire_observatoire(maison_de(request), visiteur) as lecteur:
            return calculer(lecteur)

    return _montrer(request, visiteur, portee_de(maison_de(request), visiteur), lire, garder=True)


async def montrer_du_carnet(
    request: Request, visiteur: Visiteur, calculer: Callable[[Carnet, Portee], Page], compter: Callable[[Carnet, Portee], int]
) -> Response:
    """The same for a page that reads nothing but the carnet: written at once when all it needs is in memory, else by another thread.

    `compter` says how many lines of purchase the page will hold.
    """
    maison = maison_de(request)
    carnet, portee = carnet_pret(maison.observatoire), portee_connue(maison, visiteur)
    if (
        carnet is not None
        and portee is not None
        and entourage_connu(maison, visiteur)
        and carnet.feuillets.connus(portee.membres_lisibles)
        and not images.demandee(request)
        and compter(carnet, portee) < LIGNES_LOURDES
    ):
        pret, connue = carnet, portee
        return _montrer(request, visiteur, connue, lambda: calculer(pret, connue), garder=False)

    def attendre() -> Response:
        sienne = portee_de(maison, visiteur)
        return _montrer(request, visiteur, sienne, lambda: calculer(carnet_de(maison.observatoire), sienne), garder=False)

    return await run_in_threadpool(attendre)


def _montrer(request: Request, visiteur: Visiteur, portee: Portee, lire: Callable[[], Page], *, garder: bool) -> Response:
    """`garder` is for what costs more to read than to keep."""
    maison = maison_de(request)
    present = fichier(maison.observatoire)
    cle = (present, portee, visiteur.role, request.scope["path"], request.scope["query_string"])
    if demandee := images.demandee(request):
        return images.rendre_image(_retrouver(cle, lire), demandee)
    cle_texte = cle, entourage_de(maison, visiteur)
    with _verrou:
        if (texte := _textes.get(cle_texte)) is not None:
            _textes.move_to_end(cle_texte)
    if texte is None:
        texte = ecrire(_retrouver(cle, lire) if garder else lire(), cadre_de(request)).encode()
        with _verrou:
            _borner(_textes, cle_texte, texte)
    raccourcis.garder(request, visiteur, present, texte)
    return HTMLResponse(texte)


def _retrouver(cle: Cle, lire: Callable[[], Page]) -> Page:
    with _verrou:
        if (connue := _pages.get(cle)) is not None:
            _pages.move_to_end(cle)
            return connue
    page = lire()
    _garder(cle, page)
    return page


def _garder(cle: Cle, page: Page) -> None:
    with _verrou:
        _borner(_pages, cle, page)


def _borner(memoire: OrderedDict[Any, Any], cle: Any, valeur: Any) -> None:
    memoire[cle] = valeur
    while len(memoire) > TAILLE:
        memoire.popitem(last=False)
