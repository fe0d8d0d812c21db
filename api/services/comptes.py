"""The accounts of the club: who may sign in, for which membre, with which role."""

import secrets
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.club.magasin import maintenant
from api.club.modeles import Compte
from api.maison import Maison
from api.services.connexion import compter_essai, hacher_mot_de_passe, mot_de_passe_juste, oublier_essais, ouvrir, revoquer_toutes
from api.services.invitations import annuler_invitations
from api.services.journal import noter
from api.services.membres import exiger_membre
from api.visiteur import AccesRefuse, Introuvable, Permission, Visiteur
from ingest.erreurs import Refus
from ingest.vocabulaire import Role

ROLES_DE_MEMBRE = frozenset({Role.SECRETAIRE, Role.ELU})


def creer_compte(
    maison: Maison, visiteur: Visiteur, *, email: str, nom: str, role: Role, membre: str | None, mot_de_passe: str | None
) -> Compte:
    """Open an account; without a password, somebody must be invited to it (`api.services.invitations`).

    SECRETAIRE and ELU speak for one membre; the others for the club. Raises `Refus` when the e-mail is taken.
    """
    visiteur.verifie(Permission.GERER_MEMBRES)
    email = email.strip().lower()
    if email.count("@") != 1 or " " in email or "" in email.split("@"):
        raise Refus(f"« {email} » n'est pas une adresse électronique : nous attendons une forme comme prenom.nom@commune.fr.")
    if (role in ROLES_DE_MEMBRE) != (membre is not None):
        raise Refus(
            "Un compte de secrétaire ou d'élu parle pour un membre ; un compte d'animatrice ou d'administrateur parle pour le club."
        )
    empreinte = hacher_mot_de_passe(mot_de_passe) if mot_de_passe is not None else None
    with maison.club.ecriture() as session:
        if session.scalar(select(Compte.id).where(Compte.email == email)):
            raise Refus(f"Un compte existe déjà pour {email}.")
        if membre is not None:
            exiger_membre(session, membre)
        compte = Compte(email=email, nom=nom, role=role.value, membre=membre, mot_de_passe=empreinte, actif=True, cree_le=maintenant())
        session.add(compte)
        noter(session, visiteur.email, "compte ouvert", email, membre=membre, role=role.value)
        session.flush()
    return compte


def ouvrir_compte_animatrice(maison: Maison, visiteur: Visiteur, email: str) -> str:
    """Open the first account of a club and return its password, drawn at random, to be given once and changed."""
    mot_de_passe = secrets.token_urlsafe(12)
    creer_compte(maison, visiteur, email=email, nom="Animatrice du club", role=Role.ANIMATRICE, membre=None, mot_de_passe=mot_de_passe)
    return mot_de_passe


def lister(maison: Maison, visiteur: Visiteur) -> Sequence[Compte]:
    """Every account, those that speak for the club first; closed ones too (`actif` false)."""
    visiteur.verifie(Permission.GERER_MEMBRES)
    with maison.club.lecture() as session:
        comptes = session.scalars(select(Compte)).all()
    return sorted(comptes, key=lambda compte: (compte.membre is not None, compte.membre or "", compte.email))


def imposer_mot_de_passe(maison: Maison, visiteur: Visiteur, email: str, nouveau: str) -> None:
    """Give an account another password without knowing the former one, and close its sessions; a closed account opens again.

    Only at the keyboard of the machine that holds the data: who may sign in as anybody may read anybody's lines.
    """
    if not visiteur.tout:
        raise AccesRefuse("Un mot de passe oublié se remplace sur la machine du service : demandez à votre administrateur.")
    empreinte = hacher_mot_de_passe(nouveau)
    with maison.club.ecriture() as session:
        compte = _exiger(session, email)
        compte.mot_de_passe, compte.actif = empreinte, True
        revoquer_toutes(session, compte.id)
        annuler_invitations(session, compte.id)
        noter(session, visiteur.email, "mot de passe remplacé", compte.email, membre=compte.membre)


def changer_mot_de_passe(maison: Maison, visiteur: Visiteur, ancien: str, nouveau: str) -> str:
    """Change her own password: every session of the account ends, and the token of a new one is returned.

    Raises `Refus` when the former one is wrong, or after too many tries: who found a browser left open does not guess at leisure.
    """
    compter_essai(maison, visiteur.email)
    with maison.club.lecture() as session:
        compte = session.get(Compte, visiteur.compte) if visiteur.compte is not None else None
    if compte is None or not mot_de_passe_juste(compte, ancien):
        raise Refus("L'ancien mot de passe n'est pas le bon : rien n'a changé.")
    empreinte = hacher_mot_de_passe(nouveau)
    with maison.club.ecriture() as session:
        actuel = session.get_one(Compte, compte.id)
        if actuel.mot_de_passe != compte.mot_de_passe or not actuel.actif:
            raise Refus("Ce compte vient de changer ailleurs : rien n'a changé ici. Reconnectez-vous.")
        actuel.mot_de_passe = empreinte
        revoquer_toutes(session, actuel.id)
        annuler_invitations(session, actuel.id)
        oublier_essais(session, actuel.email)
        noter(session, visiteur.email, "mot de passe changé", actuel.email, membre=actuel.membre)
        return ouvrir(maison, session, actuel)


def fermer_compte(maison: Maison, visiteur: Visiteur, email: str) -> None:
    """Close an account and all its sessions; what it did stays in the journal."""
    visiteur.verifie(Permission.GERER_MEMBRES)
    with maison.club.ecriture() as session:
        compte = _exiger(session, email)
        compte.actif = False
        revoquer_toutes(session, compte.id)
        annuler_invitations(session, compte.id)
        noter(session, visiteur.email, "compte fermé", compte.email, membre=compte.membre)


def comptes_demo(maison: Maison) -> Sequence[Compte]:
    """The accounts one may try in the demonstration; none elsewhere."""
    if not maison.settings.demo:
        return []
    with maison.club.lecture() as session:
        return session.scalars(select(Compte).where(Compte.email.endswith("@demo.invalid"), Compte.actif).order_by(Compte.id)).all()


def _exiger(session: Session, email: str) -> Compte:
    compte = session.scalar(select(Compte).where(Compte.email == email.strip().lower()))
    if compte is None:
        raise Introuvable(f"Aucun compte n'existe pour {email}. Vérifiez l'adresse avec « mercuriale compte lister ».")
    return compte
