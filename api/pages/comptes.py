"""Who may sign in: an account is opened without a password, and its person is invited to choose one that nobody else knows."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api import formats
from api.club.modeles import Compte
from api.porte import Permission, Visiteur, exiger, maison_de
from api.presentation import ROLES, Message, Page, rendre
from api.services import comptes as service
from api.services import invitations
from api.services import membres as services_membres
from api.services.invitations import InvitationEmise
from ingest.erreurs import Refus
from ingest.vocabulaire import Role

router = APIRouter()


TACHES = (
    (Role.SECRETAIRE.value, "secrétariat d’un membre"),
    (Role.ELU.value, "élu d’un membre"),
    (Role.ANIMATRICE.value, "animation du club"),
    (Role.ADMINISTRATEUR.value, "administration du service"),
)


@dataclass(frozen=True)
class CompteVu:
    """One account: for whom it speaks, and where its password stands."""

    email: str
    nom: str
    role: str
    pour: str
    etat: str
    ton: str
    ouvert: bool
    soi: bool


@dataclass(frozen=True)
class InvitationVue:
    """An invitation just made, shown this once: the whole address to hand over, to whom, until when."""

    nom: str
    email: str
    adresse: str
    jusqu_a: str


@dataclass(frozen=True)
class PageComptes(Page):
    """The accounts, the form that opens one; `saisie` gives back what was typed after a refusal."""

    gabarit: ClassVar[str] = "pages/comptes.html"
    comptes: tuple[CompteVu, ...]
    roles: tuple[tuple[str, str], ...]
    membres: tuple[tuple[str, str], ...]
    saisie: dict[str, str]
    invitation: InvitationVue | None


@router.get("/comptes", include_in_schema=False)
def show(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.GERER_MEMBRES)]) -> Response:
    """The accounts."""
    return rendre(request, _page(request, visiteur))


@router.post("/comptes", include_in_schema=False)
def open_account(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.GERER_MEMBRES)],
    email: Annotated[str, Form(max_length=200)] = "",
    nom_personne: Annotated[str, Form(max_length=200)] = "",
    role: Annotated[Role, Form()] = Role.SECRETAIRE,
    membre: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Open an account and show, this once, the invitation to hand over."""
    maison = maison_de(request)
    try:
        ouvert = service.creer_compte(
            maison, visiteur, email=email, nom=nom_personne.strip() or email, role=role, membre=membre or None, mot_de_passe=None
        )
        emise = invitations.inviter(maison, visiteur, ouvert.email)
    except Refus as refus:
        saisie = {"email": email, "nom_personne": nom_personne, "role": role.value, "membre": membre}
        return rendre(request, _page(request, visiteur, saisie=saisie), statut=422, message=Message("erreur", (str(refus),)))
    return rendre(request, _page(request, visiteur, emise))


@router.post("/comptes/inviter", include_in_schema=False)
def invite(
    request: Request, visiteur: Annotated[Visiteur, exiger(Permission.GERER_MEMBRES)], email: Annotated[str, Form(max_length=200)]
) -> Response:
    """A new invitation: the first was lost, or the password was forgotten."""
    return rendre(request, _page(request, visiteur, invitations.inviter(maison_de(request), visiteur, email)))


@router.post("/comptes/fermer", include_in_schema=False)
def close(
    request: Request, visiteur: Annotated[Visiteur, exiger(Permission.GERER_MEMBRES)], email: Annotated[str, Form(max_length=200)]
) -> Response:
    """Close an account."""
    if email.strip().lower() == visiteur.email:
        raise Refus("C’est votre propre compte : demandez à quelqu’un d’autre de le fermer.")
    service.fermer_compte(maison_de(request), visiteur, email)
    return RedirectResponse("/comptes?fait=compte-ferme", status_code=303)


def _page(request: Request, visiteur: Visiteur, emise: InvitationEmise | None = None, saisie: dict[str, str] | None = None) -> PageComptes:
    maison = maison_de(request)
    noms = {membre.siren: membre.nom for membre in services_membres.lister(maison, visiteur)}
    attendus = invitations.en_attente(maison, visiteur)
    presents = service.lister(maison, visiteur)
    return PageComptes(
        titre="Les comptes",
        comptes=tuple(_compte(compte, visiteur, noms, invite=compte.id in attendus) for compte in presents),
        roles=TACHES,
        membres=tuple(noms.items()),
        saisie=saisie or {},
        invitation=_invitation(request, emise) if emise else None,
    )


def _compte(compte: Compte, visiteur: Visiteur, noms: dict[str, str], *, invite: bool) -> CompteVu:
    if not compte.actif:
        etat, ton = "fermé", ""
    elif compte.mot_de_passe:
        etat, ton = ("ouvert, invitation envoyée", "bon") if invite else ("ouvert", "bon")
    else:
        etat, ton = ("invitation en attente", "attention") if invite else ("sans mot de passe : à inviter", "attention")
    return CompteVu(
        email=compte.email,
        nom=compte.nom,
        role=ROLES[Role(compte.role)],
        pour=noms.get(compte.membre or "", "le club"),
        etat=etat,
        ton=ton,
        ouvert=compte.actif,
        soi=compte.email == visiteur.email,
    )


def _invitation(request: Request, emise: InvitationEmise) -> InvitationVue:
    return InvitationVue(emise.nom, emise.email, f"{str(request.base_url).rstrip('/')}{emise.lien}", formats.instant(emise.expire_le))
