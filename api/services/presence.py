"""Who holds this token: read once of the club store, then known until anybody commits anything to it, and never past its time.

A session revoked, an account closed or changed, a membre that no longer shares its lines: all are commits, seen at the next request.
« Last seen » is written for all the sessions at once, a minute after the former time, so that reading pages hardly ever writes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from api.club.magasin import Magasin, maintenant
from api.club.modeles import Compte, Membre, SessionOuverte
from api.maison import Maison
from api.services.connexion import COMPTE_DEMO, hacher_jeton
from api.visiteur import Visiteur
from ingest.vocabulaire import Role

PAUSE_ECRITURE = timedelta(minutes=1)
"""« Last seen » is written no more often than this."""
_VUE = update(SessionOuverte).where(SessionOuverte.jeton == bindparam("celle")).values(vue_le=bindparam("quand"))


@dataclass(frozen=True)
class Presence:
    """A session as the store has it, and who opened it."""

    empreinte: str
    visiteur: Visiteur
    expire_le: datetime
    vue_le: datetime


class _Vues:
    """When each session was last seen, since it was last written."""

    def __init__(self) -> None:
        self.verrou = Lock()
        self.par_session: dict[str, datetime] = {}


_vues: WeakKeyDictionary[Magasin, _Vues] = WeakKeyDictionary()


def visiteur_de(maison: Maison, jeton: str) -> Visiteur | None:
    """Who holds this token; None when the session is unknown, revoked or too old, or the account closed."""
    empreinte = hacher_jeton(jeton)
    presence = maison.club.souvenirs.retenir(("session", empreinte), lambda: _lire(maison, empreinte))
    heure = maintenant()
    if presence is None or not _vivante(maison, presence, heure):
        return None
    noter_vue(maison, empreinte, heure)
    if heure - presence.vue_le >= PAUSE_ECRITURE:
        _ecrire_vues(maison)
    return presence.visiteur


def presence_connue(maison: Maison, jeton: str) -> Presence | None:
    """The same without reading nor writing the store; None when it must be asked."""
    presence: Presence | None = maison.club.souvenirs.connu(("session", hacher_jeton(jeton)))
    heure = maintenant()
    if presence is None or heure >= sure_jusqu_a(maison, presence):
        return None
    noter_vue(maison, presence.empreinte, heure)
    return presence


def sure_jusqu_a(maison: Maison, presence: Presence) -> datetime:
    """Until when this presence holds without a look at the store, provided nothing is committed to it."""
    inactivite = timedelta(hours=maison.settings.session_inactivite_heures)
    return min(presence.expire_le, presence.vue_le + PAUSE_ECRITURE, presence.vue_le + inactivite)


def noter_vue(maison: Maison, empreinte: str, heure: datetime) -> None:
    """Remember that this session was seen; written to the store later."""
    _vues_de(maison).par_session[empreinte] = heure


def visiteur_demo(maison: Maison) -> Visiteur | None:
    """The animatrice of the demonstration; None when the data directory is not a demonstration's."""

    def lire() -> Visiteur | None:
        with maison.club.lecture() as session:
            compte = session.scalar(select(Compte).where(Compte.email == COMPTE_DEMO, Compte.actif))
            return _visiteur(maison, session, compte) if compte else None

    return maison.club.souvenirs.retenir("visiteur_demo", lire)


def _lire(maison: Maison, empreinte: str) -> Presence | None:
    with maison.club.lecture() as session:
        trouve = session.execute(
            select(SessionOuverte, Compte)
            .join(Compte, Compte.id == SessionOuverte.compte)
            .where(SessionOuverte.jeton == empreinte, Compte.actif, SessionOuverte.revoquee_le.is_(None))
        ).one_or_none()
        if trouve is None:
            return None
        ouverte, compte = trouve
        return Presence(empreinte, _visiteur(maison, session, compte), ouverte.expire_le, ouverte.vue_le)


def _vivante(maison: Maison, presence: Presence, heure: datetime) -> bool:
    vue_le = max(presence.vue_le, _vues_de(maison).par_session.get(presence.empreinte, presence.vue_le))
    inactivite = timedelta(hours=maison.settings.session_inactivite_heures)
    return heure < presence.expire_le and heure - vue_le < inactivite


def _ecrire_vues(maison: Maison) -> None:
    vues = _vues_de(maison)
    if not vues.verrou.acquire(blocking=False):
        return  # somebody is writing them
    try:
        presentes = list(vues.par_session.items())
        with maison.club.ecriture() as session:
            # Some may have been swept away meanwhile: row by row, without counting them.
            session.connection().execute(_VUE, [{"celle": jeton, "quand": vue_le} for jeton, vue_le in presentes])
        for jeton, vue_le in presentes:
            if vues.par_session.get(jeton) == vue_le:
                vues.par_session.pop(jeton, None)
    finally:
        vues.verrou.release()


def _vues_de(maison: Maison) -> _Vues:
    return _vues.setdefault(maison.club, _Vues())


def _visiteur(maison: Maison, session: Session, compte: Compte) -> Visiteur:
    role = Role(compte.role)
    partages = session.scalars(select(Membre.siren).where(Membre.lignes_partagees)).all() if role is Role.ANIMATRICE else ()
    return Visiteur(
        compte=compte.id,
        email=compte.email,
        nom=compte.nom,
        role=role,
        membre=compte.membre,
        membres_partages=frozenset(partages),
        demo=maison.settings.demo,
    )
