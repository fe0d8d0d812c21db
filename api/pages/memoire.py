"""A page made of nothing but the observatoire is computed once per observatoire and scope, then read again until either changes.

The key holds the file of the observatoire as it stands (it is replaced, never modified), the whole scope of the reader and the address:
two readers share a page only when they may see exactly the same things. Its text is kept too, with the frame it was written in.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from api.pages import images
from api.pages.lecteur import Lecteur, lire_observatoire
from api.porte import Visiteur, maison_de
from api.presentation import Cadre, Page, cadre_de, ecrire
from api.services.portees import portee_de
from ingest.erreurs import Refus

Cle = tuple[Any, ...]
TAILLE = 256
"""Pages kept; the one read longest ago goes first."""
_verrou = Lock()
_pages: OrderedDict[Cle, Page] = OrderedDict()
_textes: OrderedDict[tuple[Cle, Cadre], str] = OrderedDict()


def montrer(request: Request, visiteur: Visiteur, calculer: Callable[[Lecteur], Page]) -> Response:
    """This page in its frame, neither computed nor written again when both are known; or the drawing of it that the address asks for.

    Raises `Refus` when nothing was built yet, or what `calculer` raises.
    """
    if demandee := images.demandee(request):
        return images.rendre_image(_retrouver(request, visiteur, _cle(request, visiteur), calculer), demandee)
    cle, cadre = _cle(request, visiteur), cadre_de(request)
    with _verrou:
        if texte := _textes.get((cle, cadre)):
            _textes.move_to_end((cle, cadre))
            return HTMLResponse(texte)
    texte = ecrire(_retrouver(request, visiteur, cle, calculer), cadre)
    with _verrou:
        _borner(_textes, (cle, cadre), texte)
    return HTMLResponse(texte)


def _cle(request: Request, visiteur: Visiteur) -> Cle:
    maison = maison_de(request)
    try:
        etat = maison.observatoire.stat()
    except FileNotFoundError:
        raise Refus("L’observatoire n’est pas encore construit : déposez au moins un fichier d’achats.") from None
    fichier = (maison.observatoire, etat.st_ino, etat.st_mtime_ns, etat.st_size)
    return (*fichier, portee_de(maison, visiteur), visiteur.role, request.url.path, request.url.query)


def _retrouver(request: Request, visiteur: Visiteur, cle: Cle, calculer: Callable[[Lecteur], Page]) -> Page:
    with _verrou:
        if connue := _pages.get(cle):
            _pages.move_to_end(cle)
            return connue
    with lire_observatoire(maison_de(request), visiteur) as lecteur:
        page = calculer(lecteur)
    _garder(cle, page)
    return page


def _garder(cle: Cle, page: Page) -> None:
    with _verrou:
        _borner(_pages, cle, page)


def _borner(memoire: OrderedDict[Any, Any], cle: Any, valeur: Any) -> None:
    memoire[cle] = valeur
    while len(memoire) > TAILLE:
        memoire.popitem(last=False)
