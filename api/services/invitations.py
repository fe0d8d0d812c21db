"""Nobody but the person knows her password: she chooses it by a link that serves once, before a date, and that nobody can read again.

The code of the link lives in the link only; the store keeps its SHA-256. It travels after the « # » of the address, which browsers
never send: neither our journals nor those of a relay can hold it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from api.club.magasin import maintenant
from api.club.modeles import Compte, Invitation
from api.maison import Maison
from api.services.connexion import hacher_jeton, hacher_mot_de_passe, oublier_essais, ouvrir, revoquer_toutes
from api.services.journal import noter
from api.visiteur import Introuvable, Permission, Visiteur
from ingest.erreurs import Refus

CHEMIN = "/invitation"


class InvitationPerimee(Refus):
    """The code is unknown, was used, was replaced, or is too old: the same sentence, so that guessing teaches nothing."""


@dataclass(frozen=True)
class InvitationEmise:
    """What is shown once to whoever invites: to be handed to `email`; `expire_le` in UTC."""

    email: str
    nom: str
    code: str
    expire_le: datetime

    @property
    def lien(self) -> str:
        """The end of the address, to be put after that of the service."""
        return f"{CHEMIN}#{self.code}"


def inviter(maison: Maison, visiteur: Visiteur, email: str) -> InvitationEmise:
    """Let the person of this account choose a password; any earlier invitation of hers stops working.

    Her present password works until she chose another. Raises `Introuvable` for an unknown account, `Refus` for a closed one.
    """
    visiteur.verifie(Permission.GERER_MEMBRES)
    code = secrets.token_urlsafe(32)
    heure = maintenant()
    expire_le = heure + timedelta(days=maison.settings.invitation_jours)
    with maison.club.ecriture() as session:
        compte = session.scalar(select(Compte).where(Compte.email == email.strip().lower()))
        if compte is None:
            raise Introuvable(f"Aucun compte n'existe pour {email}. Ouvrez-le d'abord.")
        if not compte.actif:
            raise Refus(f"Le compte {compte.email} est fermé : personne n'y entre plus. Ouvrez-en un autre, ou faites-le rouvrir.")
        annuler_invitations(session, compte.id)
        session.add(Invitation(compte=compte.id, jeton=hacher_jeton(code), par=visiteur.email, le=heure, expire_le=expire_le))
        noter(session, visiteur.email, "invitation à choisir un mot de passe", compte.email, membre=compte.membre)
    return InvitationEmise(compte.email, compte.nom, code, expire_le)


def accepter(maison: Maison, code: str, mot_de_passe: str) -> str:
    """Give the account of this invitation the password its person chose; all its sessions end, and a new one's token is returned.

    Raises `InvitationPerimee`; `Refus` when the password is too short, and then the invitation still serves.
    """
    jeton = hacher_jeton(code.strip())
    with maison.club.lecture() as session:
        _trouver(session, jeton)
    empreinte = hacher_mot_de_passe(mot_de_passe)  # slow: outside the write lock
    with maison.club.ecriture() as session:
        invitation, compte = _trouver(session, jeton)
        invitation.utilisee_le = maintenant()
        compte.mot_de_passe = empreinte
        revoquer_toutes(session, compte.id)
        oublier_essais(session, compte.email)
        noter(session, compte.email, "mot de passe choisi", compte.email, membre=compte.membre, invitation_de=invitation.par)
        return ouvrir(maison, session, compte)


def annuler_invitations(session: Session, compte: int) -> None:
    """End the invitations of an account that were not used."""
    session.execute(
        update(Invitation)
        .where(Invitation.compte == compte, Invitation.utilisee_le.is_(None), Invitation.annulee_le.is_(None))
        .values(annulee_le=maintenant())
    )


def en_attente(maison: Maison, visiteur: Visiteur) -> dict[int, datetime]:
    """The accounts somebody is invited to and has not entered yet: until when, in UTC."""
    visiteur.verifie(Permission.GERER_MEMBRES)
    with maison.club.lecture() as session:
        lignes = session.execute(select(Invitation.compte, Invitation.expire_le).where(*_vivantes()))
        return {compte: expire_le for compte, expire_le in lignes}  # noqa: C416 - rows are tuples for the checker only once unpacked


def derniere_acceptee(maison: Maison, visiteur: Visiteur) -> Invitation | None:
    """The invitation by which the visitor's own password was last chosen: whoever takes her place with one is seen."""
    with maison.club.lecture() as session:
        acceptees = select(Invitation).where(Invitation.compte == visiteur.compte, Invitation.utilisee_le.is_not(None))
        return session.scalar(acceptees.order_by(Invitation.utilisee_le.desc(), Invitation.id.desc()).limit(1))


def _trouver(session: Session, jeton: str) -> tuple[Invitation, Compte]:
    trouvee = session.execute(
        select(Invitation, Compte).join(Compte, Compte.id == Invitation.compte).where(Invitation.jeton == jeton, Compte.actif, *_vivantes())
    ).one_or_none()
    if trouvee is None:
        raise InvitationPerimee(
            "Cette invitation ne sert plus : elle a déjà servi, elle est trop ancienne, ou une autre l'a remplacée. "
            "Demandez-en une nouvelle à l'animatrice du club."
        )
    return trouvee[0], trouvee[1]


def _vivantes() -> tuple[ColumnElement[bool], ...]:
    return Invitation.utilisee_le.is_(None), Invitation.annulee_le.is_(None), Invitation.expire_le > maintenant()
