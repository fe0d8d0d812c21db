"""A page made of nothing but the observatoire is computed once per observatoire and scope, then read again until either changes.

The key holds the file of the observatoire as it stands (it is replaced, never modified), the whole scope of the reader and the address:
two readers share a page only when they may see exactly the same things.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from fastapi import Request

from api.pages.lecteur import Lecteur, lire_observatoire
from api.porte import Visiteur, maison_de
from api.presentation import Page
from api.services.portees import portee_de
from ingest.erreurs import Refus

P = TypeVar("P", bound=Page)
TAILLE = 256
"""Pages kept; the one read longest ago goes first."""
_verrou = Lock()
_pages: OrderedDict[tuple[Any, ...], Page] = OrderedDict()


def retenir(request: Request, visiteur: Visiteur, calculer: Callable[[Lecteur], P]) -> P:
    """The context of this page, computed unless it is known. Raises `Refus` when nothing was built yet, or what `calculer` raises."""
    maison = maison_de(request)
    try:
        etat = maison.observatoire.stat()
    except FileNotFoundError:
        raise Refus("L’observatoire n’est pas encore construit : déposez au moins un fichier d’achats.") from None
    fichier = (maison.observatoire, etat.st_ino, etat.st_mtime_ns, etat.st_size)
    cle = (*fichier, portee_de(maison, visiteur), visiteur.role, request.url.path, request.url.query)
    with _verrou:
        if connue := _pages.get(cle):
            _pages.move_to_end(cle)
            return connue  # type: ignore[return-value]  # an address has one kind of page
    with lire_observatoire(maison, visiteur) as lecteur:
        page = calculer(lecteur)
    _garder(cle, page)
    return page


def _garder(cle: tuple[Any, ...], page: Page) -> None:
    with _verrou:
        _pages[cle] = page
        while len(_pages) > TAILLE:
            _pages.popitem(last=False)
