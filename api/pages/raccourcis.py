"""The very page this browser was just given, given again before its request is taken apart, as long as nothing at all has changed.

Nothing: no commit to the club store by any process since before the door recognised its reader (sessions, roles, shares, consultations,
frames), the same file of observatoire, and a session whose time has not come. One difference, and the request goes through the door.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from analytics.carnet.garde import Fichier, fichier
from api.club.magasin import maintenant
from api.maison import Maison
from api.porte import Visiteur, etat_du_club, maison_de, presence_de
from api.services import presence
from ingest.erreurs import Refus

OCTETS_GARDES = 64_000_000
"""Of all the texts kept; the one read longest ago goes first."""

Adresse = tuple[str, bytes, str, bytes]
"""The data directory, the cookies as sent, the path and the question."""


@dataclass(frozen=True)
class Raccourci:
    """A page as it was given, and all that must still be so for it to be given again."""

    club: int
    observatoire: Fichier
    session: str
    jusqu_a: datetime
    texte: bytes


class Raccourcis:
    """The texts kept, bounded by their size. Safe to use from several threads."""

    def __init__(self) -> None:
        self._verrou = Lock()
        self._gardes: OrderedDict[Adresse, Raccourci] = OrderedDict()
        self._octets = 0

    def garder(self, adresse: Adresse, raccourci: Raccourci) -> None:
        """Keep this one in the place of the former."""
        with self._verrou:
            self._retirer(adresse)
            self._gardes[adresse] = raccourci
            self._octets += len(raccourci.texte)
            while self._octets > OCTETS_GARDES:
                self._retirer(next(iter(self._gardes)))

    def trouver(self, maison: Maison, adresse: Adresse) -> bytes | None:
        """The text kept for this address, when all still holds."""
        with self._verrou:
            garde = self._gardes.get(adresse)
            if garde is None:
                return None
            self._gardes.move_to_end(adresse)
        heure = maintenant()
        if heure < garde.jusqu_a and garde.club == maison.club.souvenirs.etat() and garde.observatoire == _present(maison):
            presence.noter_vue(maison, garde.session, heure)
            return garde.texte
        with self._verrou:
            self._retirer(adresse)
        return None

    def _retirer(self, adresse: Adresse) -> None:
        ancien = self._gardes.pop(adresse, None)
        if ancien is not None:
            self._octets -= len(ancien.texte)


_gardes = Raccourcis()


def garder(request: Request, visiteur: Visiteur, observatoire: Fichier, texte: bytes) -> None:
    """Keep the page this request was answered with, when its reader was recognised by her session."""
    maison, club, present = maison_de(request), etat_du_club(request), presence_de(request)
    if club is None or present is None or present.visiteur is not visiteur:
        return
    _gardes.garder(
        _adresse(maison, request.scope), Raccourci(club, observatoire, present.empreinte, presence.sure_jusqu_a(maison, present), texte)
    )


class PagesRetenues:
    """Answers with the page that is kept, or passes the request on."""

    def __init__(self, app: ASGIApp, maison: Maison) -> None:
        self.app = app
        self.maison = maison

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Nothing here waits: what is not in memory is not answered here."""
        if scope["type"] == "http" and scope["method"] == "GET":
            texte = _gardes.trouver(self.maison, _adresse(self.maison, scope))
            if texte is not None:
                en_tetes = [(b"content-length", b"%d" % len(texte)), (b"content-type", b"text/html; charset=utf-8")]
                await send({"type": "http.response.start", "status": 200, "headers": en_tetes})
                await send({"type": "http.response.body", "body": texte})
                return
        await self.app(scope, receive, send)


def _adresse(maison: Maison, scope: Scope) -> Adresse:
    cookies = b"; ".join(valeur for nom, valeur in scope["headers"] if nom == b"cookie")
    return str(maison.donnees), cookies, scope["path"], scope["query_string"]


def _present(maison: Maison) -> Fichier | None:
    try:
        return fichier(maison.observatoire)
    except Refus:
        return None
