"""Everybody chooses her own password: the first by an invitation, the next ones from her page, knowing the former."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api import formats
from api.porte import Permission, Visiteur, exiger, maison_de, poser_cookie
from api.presentation import ROLES, Message, Page, rendre
from api.services import comptes, invitations
from api.services import membres as services_membres
from api.services.connexion import LONGUEUR_MINIMALE
from ingest.erreurs import Refus

router = APIRouter()

MotDePasse = Annotated[str, Form(max_length=1000)]


@dataclass(frozen=True)
class PageInvitation(Page):
    """Choose a password with the code of an invitation; `code` is what was typed at a failed try."""

    gabarit: ClassVar[str] = "pages/invitation.html"
    code: str
    longueur: int


@dataclass(frozen=True)
class PageMonCompte(Page):
    """Who one is here, and the form that changes the password; `choisi` says by which invitation it was last chosen."""

    gabarit: ClassVar[str] = "pages/mon_compte.html"
    nom: str
    email: str
    role: str
    pour: str
    choisi: str | None
    longueur: int


@router.get(invitations.CHEMIN, include_in_schema=False)
def show_invitation(request: Request, _visiteur: Annotated[Visiteur | None, exiger(Permission.PUBLIC)]) -> Response:
    """The page an invitation leads to; its code stands after the « # » of the address, which the service never receives."""
    return rendre(request, PageInvitation("Choisir votre mot de passe", "", LONGUEUR_MINIMALE))


@router.post(invitations.CHEMIN, include_in_schema=False)
def accept(
    request: Request,
    _visiteur: Annotated[Visiteur | None, exiger(Permission.PUBLIC)],
    code: Annotated[str, Form(max_length=300)] = "",
    mot_de_passe: MotDePasse = "",
    encore: MotDePasse = "",
) -> Response:
    """Keep the chosen password and sign in."""
    try:
        verifier_egaux(mot_de_passe, encore)
        jeton = invitations.accepter(maison_de(request), code.rpartition("#")[2], mot_de_passe)
    except Refus as refus:
        page = PageInvitation("Choisir votre mot de passe", code, LONGUEUR_MINIMALE)
        return rendre(request, page, statut=422, message=Message("erreur", (str(refus),)))
    reponse = RedirectResponse("/?fait=mot-de-passe-choisi", status_code=303)
    poser_cookie(reponse, jeton, maison_de(request))
    return reponse


@router.get("/mon-compte", include_in_schema=False)
def show(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.CONNECTE)]) -> Response:
    """One's own account."""
    return rendre(request, _page(request, visiteur))


@router.post("/mon-compte", include_in_schema=False)
def change(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.CONNECTE)],
    ancien: MotDePasse = "",
    mot_de_passe: MotDePasse = "",
    encore: MotDePasse = "",
) -> Response:
    """Change one's password; every other browser is signed out."""
    try:
        verifier_egaux(mot_de_passe, encore)
        jeton = comptes.changer_mot_de_passe(maison_de(request), visiteur, ancien, mot_de_passe)
    except Refus as refus:
        return rendre(request, _page(request, visiteur), statut=422, message=Message("erreur", (str(refus),)))
    reponse = RedirectResponse("/mon-compte?fait=mot-de-passe-change", status_code=303)
    poser_cookie(reponse, jeton, maison_de(request))
    return reponse


def verifier_egaux(mot_de_passe: str, encore: str) -> None:
    """Raise `Refus` when the password was not typed twice alike."""
    if mot_de_passe != encore:
        raise Refus("Les deux saisies du nouveau mot de passe diffèrent : rien n’a changé. Recommencez.")


def _page(request: Request, visiteur: Visiteur) -> PageMonCompte:
    maison = maison_de(request)
    acceptee = invitations.derniere_acceptee(maison, visiteur)
    choisi = acceptee and acceptee.utilisee_le and f"{formats.instant(acceptee.utilisee_le)}, sur une invitation de {acceptee.par}"
    return PageMonCompte(
        titre="Votre compte",
        nom=visiteur.nom,
        email=visiteur.email,
        role=ROLES[visiteur.role],
        pour=services_membres.membre(maison, visiteur.membre).nom if visiteur.membre else "le club",
        choisi=choisi or None,
        longueur=LONGUEUR_MINIMALE,
    )
