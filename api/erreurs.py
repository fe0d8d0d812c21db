"""Whatever goes wrong becomes one French sentence, the same on a page and in JSON; a programmer's mistake is logged whole."""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from api.club.magasin import MagasinIndisponible
from api.porte import AccesRefuse, Introuvable, NonConnecte, maison_de
from api.presentation import Lien, Page, rendre
from api.services.observatoire import article_actuel
from api.visiteur import ArticleInconnu
from ingest.erreurs import FichierRefuse, Refus

journal = logging.getLogger("mercuriale")

PHRASES = {
    400: "Cette demande est incomplète. Revenez à la page précédente et recommencez.",
    404: "Cette page n'existe pas, ou elle concerne un autre membre que le vôtre.",
    405: "Cette adresse ne se visite pas ainsi. Revenez à l'accueil.",
    413: "Ce que vous envoyez est trop volumineux. Découpez le fichier par année et déposez les morceaux.",
    422: "Une des valeurs envoyées n'a pas la forme attendue. Revenez à la page précédente, vérifiez-la et recommencez.",
    500: "Le service a rencontré une erreur qui ne vient pas de vous. Rien n'a été modifié. Réessayez dans un instant ; si cela "
    "recommence, signalez-le à l'animatrice du club avec l'heure.",
    503: "Le service est momentanément occupé. Réessayez dans un instant.",
}
TITRES = {
    401: "Connexion nécessaire",
    403: "Accès réservé",
    404: "Page introuvable",
    413: "Fichier trop volumineux",
    500: "Erreur du service",
}


@dataclass(frozen=True)
class PageErreur(Page):
    """One sentence that says what happened, and where to go from there."""

    gabarit: ClassVar[str] = "erreurs/erreur.html"
    phrase: str
    suites: tuple[Lien, ...]


def installer_erreurs(app: FastAPI) -> None:
    """Give the app its answers to everything that can be raised."""
    app.add_exception_handler(NonConnecte, _non_connecte)
    app.add_exception_handler(ArticleInconnu, _article_inconnu)
    app.add_exception_handler(Refus, _refus)
    app.add_exception_handler(RequestValidationError, _valeurs_invalides)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _imprevue)


def statut_du_refus(refus: Refus) -> int:
    """The HTTP status of a refusal."""
    for genre, statut in ((NonConnecte, 401), (AccesRefuse, 403), (Introuvable, 404), (FichierRefuse, 422), (MagasinIndisponible, 503)):
        if isinstance(refus, genre):
            return statut
    return 409 if type(refus).__name__ == "Perime" else 422


def veut_json(request: Request) -> bool:
    """Whether the answer must be JSON: everything under /api, and who accepts no page."""
    accepte = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or ("application/json" in accepte and "text/html" not in accepte)


def repondre(request: Request, phrase: str, statut: int) -> Response:
    """The sentence as JSON (`detail`) or as a page."""
    if veut_json(request):
        return JSONResponse({"detail": phrase}, status_code=statut)
    suites = (Lien("Retourner à l’accueil", "/"), Lien("Aide", "/aide"))
    return rendre(request, PageErreur(titre=TITRES.get(statut, "Ce n’est pas possible"), phrase=phrase, suites=suites), statut=statut)


async def _non_connecte(request: Request, erreur: Exception) -> Response:
    if veut_json(request) or request.method != "GET":
        return repondre(request, str(erreur), 401)
    suite = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/connexion?suite={quote(suite, safe='')}" if suite != "/" else "/connexion", status_code=303)


async def _refus(request: Request, erreur: Exception) -> Response:
    assert isinstance(erreur, Refus)
    return repondre(request, str(erreur), statut_du_refus(erreur))


def _article_inconnu(request: Request, erreur: Exception) -> Response:
    """An address kept from another day leads to the article as it is called today."""
    assert isinstance(erreur, ArticleInconnu)
    actuel = article_actuel(maison_de(request), erreur.article_id) if request.method == "GET" else None
    if actuel is None:
        return repondre(request, str(erreur), 404)
    chemin = request.url.path.replace(f"/{quote(erreur.article_id)}", f"/{quote(actuel)}")
    return RedirectResponse(chemin + (f"?{request.url.query}" if request.url.query else ""), status_code=307)


async def _valeurs_invalides(request: Request, erreur: Exception) -> Response:
    assert isinstance(erreur, RequestValidationError)
    champs = sorted({str(detail["loc"][-1]) for detail in erreur.errors() if detail.get("loc")})
    phrase = PHRASES[422] + (f" Valeurs concernées : {', '.join(champs)}." if champs and veut_json(request) else "")
    return repondre(request, phrase, 422)


async def _http(request: Request, erreur: Exception) -> Response:
    assert isinstance(erreur, HTTPException)
    statut = erreur.status_code
    return repondre(request, PHRASES.get(statut, PHRASES[400] if statut < HTTPStatus.INTERNAL_SERVER_ERROR else PHRASES[500]), statut)


async def _imprevue(request: Request, erreur: Exception) -> Response:
    journal.error("unexpected error on %s %s", request.method, request.url.path, exc_info=erreur)
    return repondre(request, PHRASES[500], 500)
