"""Sign in and out; in the demonstration, try another person's account."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.porte import Permission, Visiteur, exiger, fermer_session, maison_de, poser_cookie
from api.presentation import CompteDemo, Message, Page, rendre
from api.services import comptes as services_comptes
from api.services import connexion as service

router = APIRouter()


@dataclass(frozen=True)
class PageConnexion(Page):
    """`suite` is where to go afterwards, inside this site; `email` what was typed at a failed try."""

    gabarit: ClassVar[str] = "pages/connexion.html"
    suite: str
    email: str
    comptes_demo: tuple[CompteDemo, ...]


@router.get("/connexion", include_in_schema=False)
def show(request: Request, visiteur: Annotated[Visiteur | None, exiger(Permission.PUBLIC)], suite: str = "/") -> Response:
    """The sign-in page."""
    return rendre(request, _page(request, visiteur, suite_sure(suite)))


@router.post("/connexion", include_in_schema=False)
def sign_in(
    request: Request,
    visiteur: Annotated[Visiteur | None, exiger(Permission.PUBLIC)],
    email: Annotated[str, Form(max_length=200)] = "",
    mot_de_passe: Annotated[str, Form(max_length=1000)] = "",
    suite: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Open a session, or say why not on the same page."""
    adresse = request.client.host if request.client else ""
    try:
        jeton = service.connecter(maison_de(request), email, mot_de_passe, adresse=adresse)
    except service.ConnexionRefusee as refus:
        return rendre(request, _page(request, visiteur, suite_sure(suite), email), statut=401, message=Message("erreur", (str(refus),)))
    reponse = RedirectResponse(suite_sure(suite), status_code=303)
    poser_cookie(reponse, jeton, maison_de(request))
    return reponse


@router.post("/connexion/demo", include_in_schema=False)
def try_demo_account(
    request: Request, visiteur: Annotated[Visiteur, exiger(Permission.CONNECTE)], email: Annotated[str, Form(max_length=200)]
) -> Response:
    """Become another person of the demonstration; refused elsewhere."""
    jeton = service.ouvrir_session_demo(maison_de(request), email)
    reponse = RedirectResponse("/", status_code=303)
    poser_cookie(reponse, jeton, maison_de(request))
    return reponse


@router.post("/deconnexion", include_in_schema=False)
def sign_out(request: Request, _visiteur: Annotated[Visiteur | None, exiger(Permission.PUBLIC)]) -> Response:
    """Close the session."""
    reponse = RedirectResponse("/connexion?fait=deconnecte", status_code=303)
    fermer_session(request, reponse)
    return reponse


@router.get("/sante", include_in_schema=False)
def health(_visiteur: Annotated[Visiteur | None, exiger(Permission.PUBLIC)]) -> dict[str, str]:
    """Proof of life, for who watches over the machine."""
    return {"etat": "en service"}


def suite_sure(suite: str) -> str:
    """Where to go next, only when it is a page of this site (a foreign address or `//host` becomes the home page)."""
    # isprintable: browsers drop tabs and line ends, which would turn "/<tab>/host" into "//host"
    return suite if suite.startswith("/") and not suite.startswith(("//", "/\\")) and suite.isprintable() else "/"


def _page(request: Request, visiteur: Visiteur | None, suite: str, email: str = "") -> PageConnexion:
    # the demonstration's accounts are shown only to whom the demonstration let in by itself
    comptes = services_comptes.comptes_demo(maison_de(request)) if visiteur is not None else ()
    presents = tuple(CompteDemo(compte.email, compte.nom, visiteur is not None and visiteur.email == compte.email) for compte in comptes)
    return PageConnexion(titre="Se connecter", suite=suite, email=email, comptes_demo=presents)
