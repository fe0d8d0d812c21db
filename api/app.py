"""The web application: routers, strict headers, errors and static files put together; nothing runs until `create_app` is called."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import maison as maisons
from api import porte
from api.demarrage import preparer
from api.donnees import router as donnees
from api.erreurs import installer_erreurs
from api.maison import Maison
from api.pages import routeurs
from api.pages.raccourcis import PagesRetenues
from api.settings import MEGA, Settings

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""No script nor style but our own files; pictures drawn by the style sheet are `data:`."""

EN_TETES = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-frame-options": "DENY",
}

_BRUTS = tuple((nom.encode(), valeur.encode()) for nom, valeur in EN_TETES.items())
DE_STATIQUE = (*_BRUTS, (b"cache-control", b"public, max-age=86400"))
DE_PAGE = (*_BRUTS, (b"cache-control", b"private, no-store"))


def create_app(settings: Settings, maison: Maison | None = None) -> FastAPI:
    """The application of one data directory.

    `maison` is given by tests and by who opened it already; otherwise it is opened here and closed with the application.
    Raises `ingest.erreurs.Refus` when the directory holds no club, `api.porte.RouteSansPermission` when a route forgot who may use it.
    """
    presente = maison or maisons.ouvrir(settings)

    @asynccontextmanager
    async def vie(_app: FastAPI) -> AsyncIterator[None]:
        echauffement = asyncio.create_task(run_in_threadpool(preparer, presente))
        yield
        await echauffement
        if maison is None:
            presente.club.fermer()

    app = FastAPI(
        title="Mercuriale",
        version="1",
        description="Observatoire des prix et groupements de commandes : les mêmes données que les pages, avec les mêmes droits.",
        lifespan=vie,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(PagesRetenues, maison=presente)
    app.add_middleware(LimiteDuCorps, octets=settings.taille_max_fichier + MEGA)
    app.add_middleware(EnTetesDeSecurite)
    installer_erreurs(app)
    app.mount("/static", StaticFiles(directory=str(files("api") / "static")), name="static")
    for routeur in (*routeurs(), donnees):
        app.include_router(routeur)
    porte.installer(app, presente)
    return app


class EnTetesDeSecurite:
    """Adds the security headers to every answer, and keeps pages out of shared caches."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, complete the headers of its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        statique = scope["path"].startswith("/static/")

        async def envoyer(message: Message) -> None:
            if message["type"] == "http.response.start":
                presents = {nom.lower() for nom, _ in message["headers"]}
                ajoutes = [(nom, valeur) for nom, valeur in (DE_STATIQUE if statique else DE_PAGE) if nom not in presents]
                message["headers"] = [*message["headers"], *ajoutes]
            await send(message)

        await self.app(scope, receive, envoyer)


class LimiteDuCorps:
    """Refuses a request whose body is longer than the largest file received, as soon as it says so or shows it.

    FastAPI's own `max_body_size` answers outside our error pages: plain English, without the security headers.
    """

    def __init__(self, app: ASGIApp, octets: int) -> None:
        self.app = app
        self.octets = octets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; reading too long a body raises the error that becomes our page."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        annonce = Headers(scope=scope).get("content-length", "")
        recus = int(annonce) if annonce.isdecimal() and int(annonce) > self.octets else 0

        async def recevoir() -> Message:
            nonlocal recus
            if recus <= self.octets:
                message = await receive()
                recus += len(message.get("body", b""))
                if recus <= self.octets:
                    return message
            raise HTTPException(status_code=413)

        await self.app(scope, recevoir, send)
