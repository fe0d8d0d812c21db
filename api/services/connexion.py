"""Sign in, stay signed in, sign out: passwords under argon2id, sessions kept here so that they can be revoked, guessing slowed down.

The token lives in the cookie only; the store keeps its SHA-256. A session dies at a fixed age, and earlier when nothing is asked.
"""

import hashlib
import secrets
import threading
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from api.club.magasin import maintenant
from api.club.modeles import Compte, EssaiConnexion, SessionOuverte
from api.maison import Maison
from api.services.journal import noter
from ingest.erreurs import Refus

LONGUEUR_MINIMALE = 12
"""Of a password; CNIL, délibération n° 2022-100: 80 bits or 50 with restriction of access, which the throttling below is."""
COMPTE_DEMO = "animatrice@demo.invalid"

_HACHEUR = PasswordHasher()
"""argon2id, second recommended option of RFC 9106: 64 MiB, 3 passes, 4 lanes."""
_A_LA_FOIS = threading.BoundedSemaphore(4)
"""Each verification takes 64 MiB: strangers at the door must not take all the memory."""
_EMPREINTE_FACTICE = "$argon2id$v=19$m=65536,t=3,p=4$c2Vsc2Vsc2Vsc2Vsc2Vs$q7n2bq8mTgJ0b3n3b4m0w1Xv0m2n0bqgJ0b3n3b4m0w"


class ConnexionRefusee(Refus):
    """Wrong e-mail or password, or too many tries."""


def connecter(maison: Maison, email: str, mot_de_passe: str, *, adresse: str) -> str:
    """Open a session and return its token.

    Raises `ConnexionRefusee` with the same sentence whether the account exists or not; after too many failures for this account
    or from this address, refuses everything until the window has passed.
    """
    email = email.strip().lower()
    cles = {f"compte:{email}": maison.settings.essais_connexion, f"adresse:{adresse}": 10 * maison.settings.essais_connexion}
    with maison.club.ecriture() as session:
        _verifier_essais(maison, session, cles)
        # Counted before the answer is known: guesses sent all at once are counted too.
        essais = [EssaiConnexion(cle=cle, le=maintenant()) for cle in cles]
        session.add_all(essais)
        session.flush()
        compte = session.scalar(select(Compte).where(Compte.email == email, Compte.actif))
    if not mot_de_passe_juste(compte, mot_de_passe) or compte is None:
        raise ConnexionRefusee("Adresse électronique ou mot de passe inexact. Vérifiez les majuscules, puis recommencez.")
    with maison.club.ecriture() as session:
        siens = [essai.id for essai in essais]
        session.execute(delete(EssaiConnexion).where(or_(EssaiConnexion.id.in_(siens), EssaiConnexion.cle == f"compte:{email}")))
        return ouvrir(maison, session, compte)


def compter_essai(maison: Maison, email: str) -> None:
    """Count one try at the password of this account. Raises `ConnexionRefusee` after too many; a sign-in that succeeds forgets them."""
    cle = f"compte:{email.strip().lower()}"
    with maison.club.ecriture() as session:
        _verifier_essais(maison, session, {cle: maison.settings.essais_connexion})
        session.add(EssaiConnexion(cle=cle, le=maintenant()))


def oublier_essais(session: Session, email: str) -> None:
    """Forget the failed tries of an account whose person just proved who she is."""
    session.execute(delete(EssaiConnexion).where(EssaiConnexion.cle == f"compte:{email}"))


def ouvrir_session_demo(maison: Maison, email: str) -> str:
    """Open a session for one of the demonstration's accounts, without password. Raises `Refus` outside the demonstration."""
    if not maison.settings.demo:
        raise Refus("Ce service n'est pas une démonstration : connectez-vous avec votre mot de passe.")
    with maison.club.ecriture() as session:
        compte = session.scalar(select(Compte).where(Compte.email == email, Compte.actif, Compte.email.endswith("@demo.invalid")))
        if compte is None:
            raise Refus("Ce compte n'existe pas dans la démonstration.")
        return ouvrir(maison, session, compte)


def ouvrir(maison: Maison, session: Session, compte: Compte) -> str:
    """Open a session for this account, whose right to it the caller has checked, and return its token."""
    jeton = secrets.token_urlsafe(32)
    heure = maintenant()
    session.execute(delete(SessionOuverte).where(SessionOuverte.expire_le < heure))
    session.add(
        SessionOuverte(
            jeton=hacher_jeton(jeton),
            compte=compte.id,
            ouverte_le=heure,
            vue_le=heure,
            expire_le=heure + timedelta(hours=maison.settings.session_heures),
        )
    )
    noter(session, compte.email, "connexion", compte.email, membre=compte.membre)
    return jeton


def revoquer(maison: Maison, jeton: str) -> None:
    """Close one session for good."""
    with maison.club.ecriture() as session:
        session.execute(update(SessionOuverte).where(SessionOuverte.jeton == hacher_jeton(jeton)).values(revoquee_le=maintenant()))


def revoquer_toutes(session: Session, compte: int) -> None:
    """Close every session of an account: password changed, account closed, role changed."""
    session.execute(
        update(SessionOuverte).where(SessionOuverte.compte == compte, SessionOuverte.revoquee_le.is_(None)).values(revoquee_le=maintenant())
    )


def hacher_jeton(jeton: str) -> str:
    """What the store keeps of a token or of the code of an invitation: 256 bits drawn at random need no slow hash."""
    return hashlib.sha256(jeton.encode()).hexdigest()


def hacher_mot_de_passe(mot_de_passe: str) -> str:
    """argon2id hash of a new password. Raises `Refus` when it is too short."""
    if len(mot_de_passe) < LONGUEUR_MINIMALE:
        raise Refus(
            f"Le mot de passe compte {len(mot_de_passe)} caractères ; il en faut au moins {LONGUEUR_MINIMALE}. Une phrase convient."
        )
    return _HACHEUR.hash(mot_de_passe)


def mot_de_passe_juste(compte: Compte | None, mot_de_passe: str) -> bool:
    """Whether this is the password of this account; an unknown account costs the same time as a known one."""
    empreinte = compte.mot_de_passe if compte and compte.mot_de_passe else _EMPREINTE_FACTICE
    try:
        with _A_LA_FOIS:
            juste = _HACHEUR.verify(empreinte, mot_de_passe)
        return juste and compte is not None and compte.mot_de_passe is not None
    except (VerificationError, InvalidHashError):
        return False


def _verifier_essais(maison: Maison, session: Session, cles: dict[str, int]) -> None:
    depuis = maintenant() - timedelta(minutes=maison.settings.essais_fenetre_minutes)
    compte = select(EssaiConnexion.cle, func.count()).where(EssaiConnexion.cle.in_(cles), EssaiConnexion.le > depuis)
    session.execute(delete(EssaiConnexion).where(EssaiConnexion.le <= depuis))
    for cle, nombre in session.execute(compte.group_by(EssaiConnexion.cle)):
        if nombre >= cles[cle]:
            raise ConnexionRefusee(f"Trop d'essais inexacts. Attendez {maison.settings.essais_fenetre_minutes} minutes, puis recommencez.")
