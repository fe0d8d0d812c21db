"""The door: no route without a permission, no visitor without a session, no change asked for by another site.

    @router.get("/membres")
    def membres(visiteur: Annotated[Visiteur, exiger(Permission.LIRE_MEMBRES)]) -> …

`installer(app, maison)` once all routers are in: it refuses to go on when a route forgot its permission (default deny).
Methods that change something are refused unless the browser says that the request comes from our own pages: `Sec-Fetch-Site`, else
`Origin` against `Host` (W3C Fetch Metadata; OWASP, « Cross-Site Request Forgery Prevention »). The cookie is `SameSite=Lax` besides.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from api.maison import Maison
from api.services import connexion, presence
from api.settings import LOOPBACK
from api.visiteur import AccesRefuse, Introuvable, NonConnecte, Permission, Visiteur

__all__ = [
    "AccesRefuse",
    "Introuvable",
    "NonConnecte",
    "Permission",
    "Visiteur",
    "etat_du_club",
    "exiger",
    "fermer_session",
    "installer",
    "maison_de",
    "permission_de",
    "poser_cookie",
    "presence_de",
    "verifier_routes",
]

COOKIE = "mercuriale_session"
METHODES_SURES = frozenset({"GET", "HEAD", "OPTIONS"})
FICHIERS_FIGES = frozenset({"/static"})
"""Mounted folders that hold nothing but our own style sheets, scripts and pictures."""


class RouteSansPermission(RuntimeError):
    """A programmer's mistake: a route that says nothing about who may use it."""


def exiger(permission: Permission) -> Any:
    """The dependency every route declares: gives the `Visiteur`, or raises `NonConnecte`, `AccesRefuse`.

    With `Permission.PUBLIC` the parameter is `Visiteur | None`: None when nobody is signed in.
    """

    async def visiteur(request: Request) -> Visiteur | None:
        verifier_provenance(request)
        request.state.etat_club = maison_de(request).club.souvenirs.etat()
        present = _deja_reconnu(request) or await run_in_threadpool(_reconnaitre, request)
        request.state.visiteur = present
        if permission is Permission.PUBLIC:
            return present
        if present is None:
            raise NonConnecte("Connectez-vous pour voir cette page.")
        present.verifie(permission)
        return present

    visiteur.permission = permission  # type: ignore[attr-defined]
    return Depends(visiteur)


def etat_du_club(request: Request) -> int | None:
    """The state of the club store (`Souvenirs.etat`) just before the reader of this request was recognised; None when it is not known."""
    etat: int | None = getattr(request.state, "etat_club", None)
    return etat


def presence_de(request: Request) -> presence.Presence | None:
    """The session by which the reader of this request was recognised without a look at the store; None otherwise."""
    connue: presence.Presence | None = getattr(request.state, "presence", None)
    return connue


def installer(app: FastAPI, maison: Maison) -> None:
    """Give the app its house and check its whole route table. Call it last."""
    app.state.maison = maison
    verifier_routes(app)


def maison_de(request: Request) -> Maison:
    """The house of the running app, as a dependency."""
    maison: Maison = request.app.state.maison
    return maison


def permissions_des_routes(app: FastAPI) -> Iterator[tuple[str, frozenset[str], Permission | None]]:
    """Every route of the app with its methods and its permission: what `verifier_routes` and the tests walk over."""
    for contexte in iter_route_contexts(app.routes):
        if isinstance(contexte.route, Mount) and contexte.path in FICHIERS_FIGES:
            continue
        dependant = _dependant(contexte)
        permissions = set(_permissions(dependant)) if dependant is not None else set()
        yield contexte.path or "?", frozenset(contexte.methods or ()), permissions.pop() if len(permissions) == 1 else None


def verifier_routes(app: FastAPI) -> None:
    """Raise `RouteSansPermission` naming every route that does not declare exactly one permission."""
    fautives = [f"{'/'.join(sorted(methodes))} {chemin}" for chemin, methodes, permission in permissions_des_routes(app) if not permission]
    if fautives:
        raise RouteSansPermission("routes without exactly one permission: " + ", ".join(fautives))


def permission_de(app: FastAPI, chemin: str, methode: str = "GET") -> Permission | None:
    """The permission a route declares, for tests and menus."""
    for candidat, methodes, permission in permissions_des_routes(app):
        if candidat == chemin and methode in methodes:
            return permission
    return None


def verifier_provenance(request: Request) -> None:
    """Refuse a change asked for by another site than ours."""
    if request.method in METHODES_SURES:
        return
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        venue_de_nous = site in {"same-origin", "none"}
    else:
        origine = request.headers.get("origin") or request.headers.get("referer") or ""
        venue_de_nous = bool(origine) and urlsplit(origine).netloc == request.headers.get("host")
    if not venue_de_nous:
        raise AccesRefuse("Cette demande ne vient pas d'une page de Mercuriale : rien n'a été fait. Revenez à l'accueil et recommencez.")


def poser_cookie(reponse: Response, jeton: str, maison: Maison) -> None:
    """Put the session token in the browser, out of reach of scripts and of other sites."""
    reponse.set_cookie(
        COOKIE,
        jeton,
        max_age=maison.settings.session_heures * 3600,
        httponly=True,
        secure=maison.settings.cookies_https,
        samesite="lax",
        path="/",
    )


def fermer_session(request: Request, reponse: Response) -> None:
    """Sign out: the session is revoked in the store, then the cookie removed."""
    jeton = request.cookies.get(COOKIE)
    if jeton:
        connexion.revoquer(maison_de(request), jeton)
    reponse.delete_cookie(COOKIE, path="/")


def _deja_reconnu(request: Request) -> Visiteur | None:
    """Who is known without a look at the club store: nothing here may wait."""
    jeton = request.cookies.get(COOKIE)
    connue = presence.presence_connue(maison_de(request), jeton) if jeton else None
    request.state.presence = connue
    return connue.visiteur if connue else None


def _reconnaitre(request: Request) -> Visiteur | None:
    maison = maison_de(request)
    jeton = request.cookies.get(COOKIE)
    if jeton and (present := presence.visiteur_de(maison, jeton)):
        request.state.presence = presence.presence_connue(maison, jeton)
        return present
    return presence.visiteur_demo(maison) if _demo_permise(request, maison) else None


def _demo_permise(request: Request, maison: Maison) -> bool:
    # Both ends are this machine, nobody relays, and the name asked for is this machine's: a foreign site may point its name at 127.0.0.1.
    if not (maison.settings.demo and maison.settings.sur_cette_machine):
        return False
    if request.client is None or request.client.host not in LOOPBACK:
        return False
    if any(entete in request.headers for entete in ("forwarded", "x-forwarded-for", "x-real-ip", "via")):
        return False
    return urlsplit(f"//{request.headers.get('host', '')}").hostname in LOOPBACK


def _dependant(contexte: Any) -> Dependant | None:
    try:
        dependant = contexte.dependant
    except AttributeError:
        return None
    return dependant if isinstance(dependant, Dependant) else None


def _permissions(dependant: Dependant) -> Iterator[Permission]:
    permission = getattr(dependant.call, "permission", None)
    if isinstance(permission, Permission):
        yield permission
    for sous in dependant.dependencies:
        yield from _permissions(sous)
