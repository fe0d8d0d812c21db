"""The membres of the club and the accounts that speak for them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.club.magasin import maintenant
from api.club.modeles import Compte, Membre
from api.maison import Maison
from api.services.connexion import hacher_mot_de_passe, mot_de_passe_juste, revoquer_toutes
from api.services.journal import noter
from api.visiteur import Introuvable, Permission, Visiteur
from ingest.erreurs import Refus
from ingest.identifiants import est_siren
from ingest.vocabulaire import NatureMembre, Role

ROLES_DE_MEMBRE = frozenset({Role.SECRETAIRE, Role.ELU})


@dataclass(frozen=True)
class NouveauMembre:
    """What is needed to add a membre."""

    siren: str
    nom: str
    nature: NatureMembre
    code_insee: str | None = None
    population: int | None = None
    lignes_partagees: bool = False


def lister(maison: Maison, visiteur: Visiteur) -> Sequence[Membre]:
    """The membres present, EPCI first, then by population."""
    visiteur.verifie(Permission.LIRE_MEMBRES)
    with maison.club.lecture() as session:
        presents = session.scalars(select(Membre).where(Membre.parti_le.is_(None))).all()
    return sorted(presents, key=lambda membre: (membre.nature != NatureMembre.EPCI, -(membre.population or 0), membre.nom))


def membre(maison: Maison, siren: str) -> Membre:
    """One membre. Raises `Introuvable` when this SIREN is not in the club, saying so."""
    with maison.club.lecture() as session:
        return exiger_membre(session, siren)


def exiger_membre(session: Session, siren: str) -> Membre:
    """The membre of this SIREN, within a transaction. Raises `Refus` for a malformed SIREN, `Introuvable` for an unknown one."""
    siren = verifier_siren(siren)
    trouve = session.get(Membre, siren)
    if trouve is None:
        raise Introuvable(
            f"Aucun membre du club n'a le SIREN {siren}. Vérifiez-le dans la liste des membres, ou faites-le ajouter par l'animatrice."
        )
    return trouve


def verifier_siren(siren: str) -> str:
    """The nine digits, spaces removed. Raises `Refus` when they are not a SIREN."""
    serre = "".join(siren.split())
    if not est_siren(serre):
        raise Refus(
            f"« {siren} » n'est pas un SIREN : un SIREN a neuf chiffres, dont le dernier vérifie les autres. "
            "Recopiez-le depuis l'avis de situation INSEE ou une facture."
        )
    return serre


def ajouter(maison: Maison, visiteur: Visiteur, nouveaux: Sequence[NouveauMembre]) -> list[Membre]:
    """Add membres; one already there is left as it is. Returns those added."""
    visiteur.verifie(Permission.GERER_MEMBRES)
    with maison.club.ecriture() as session:
        return inscrire(session, visiteur, nouveaux)


def inscrire(session: Session, visiteur: Visiteur, nouveaux: Sequence[NouveauMembre]) -> list[Membre]:
    """`ajouter`, within a transaction."""
    presents = set(session.scalars(select(Membre.siren)))
    ajoutes = []
    for nouveau in nouveaux:
        siren = verifier_siren(nouveau.siren)
        if siren in presents:
            continue
        if not nouveau.nom.strip():
            raise Refus(f"Le membre de SIREN {siren} n'a pas de nom. Indiquez sa dénomination.")
        ajoute = Membre(
            siren=siren,
            nom=nouveau.nom.strip(),
            nature=nouveau.nature.value,
            code_insee=nouveau.code_insee,
            population=nouveau.population,
            lignes_partagees=nouveau.lignes_partagees,
            version_publiee=0,
            cree_le=maintenant(),
        )
        session.add(ajoute)
        presents.add(siren)
        ajoutes.append(ajoute)
        noter(session, visiteur.email, "membre ajouté", nouveau.nom, membre=siren)
    session.flush()
    return ajoutes


def partager_lignes(maison: Maison, visiteur: Visiteur, siren: str, *, partagees: bool) -> None:
    """The membre itself (never the animatrice for it) agrees, or no longer agrees, that the animatrice sees its lines."""
    visiteur.verifie(Permission.DEPOSER)
    if not visiteur.tout and visiteur.membre != siren:
        raise Introuvable("Seul le membre concerné peut décider de partager ses lignes.")
    with maison.club.ecriture() as session:
        exiger_membre(session, siren).lignes_partagees = partagees
        noter(session, visiteur.email, "lignes partagées" if partagees else "lignes réservées", siren, membre=siren)


def creer_compte(
    maison: Maison, visiteur: Visiteur, *, email: str, nom: str, role: Role, membre: str | None, mot_de_passe: str | None
) -> Compte:
    """Open an account. SECRETAIRE and ELU speak for one membre; the others for the club. Raises `Refus` when the e-mail is taken."""
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


def changer_mot_de_passe(maison: Maison, visiteur: Visiteur, ancien: str, nouveau: str) -> None:
    """Change her own password; every other session of the account is closed. Raises `Refus` when the former one is wrong."""
    empreinte = hacher_mot_de_passe(nouveau)
    with maison.club.ecriture() as session:
        compte = session.get(Compte, visiteur.compte) if visiteur.compte is not None else None
        if compte is None or not mot_de_passe_juste(compte, ancien):
            raise Refus("L'ancien mot de passe n'est pas le bon : rien n'a changé.")
        compte.mot_de_passe = empreinte
        revoquer_toutes(session, compte.id)
        noter(session, visiteur.email, "mot de passe changé", compte.email, membre=compte.membre)


def fermer_compte(maison: Maison, visiteur: Visiteur, email: str) -> None:
    """Close an account and all its sessions; what it did stays in the journal."""
    visiteur.verifie(Permission.GERER_MEMBRES)
    with maison.club.ecriture() as session:
        compte = session.scalar(select(Compte).where(Compte.email == email.strip().lower()))
        if compte is None:
            raise Introuvable(f"Aucun compte n'existe pour {email}.")
        compte.actif = False
        revoquer_toutes(session, compte.id)
        noter(session, visiteur.email, "compte fermé", compte.email, membre=compte.membre)


def comptes_demo(maison: Maison) -> Sequence[Compte]:
    """The accounts one may try in the demonstration; none elsewhere."""
    if not maison.settings.demo:
        return []
    with maison.club.lecture() as session:
        return session.scalars(select(Compte).where(Compte.email.endswith("@demo.invalid"), Compte.actif).order_by(Compte.id)).all()
