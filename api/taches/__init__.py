"""Long work outside the request: kept in the club store, so that it outlives the browser, the page and the worker.

A worker takes a tâche by a lease that it renews while it lives. When the lease runs out the worker is dead: another one starts the
tâche again (every genre of work may be started again: it writes beside and moves at the end), three times at most.
Public: `creer`, `voir`, `en_cours`, `annuler`, `temps_restant` (this module); `api.taches.travail` says what each genre does,
`api.taches.travailleur` runs them.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.club.magasin import maintenant
from api.club.modeles import EtatTache, Tache
from api.maison import Maison
from api.services.journal import noter
from api.visiteur import Introuvable, Permission, Visiteur

LIRE = "lire"
CONSTRUIRE = "construire"
CORRIGER = "corriger"
RELIRE = "relire"
"""The genres of work: read a dépôt, build the observatoire, correct many lines of a dépôt, read published dépôts by newer rules."""
VIVANTES = (EtatTache.EN_ATTENTE, EtatTache.EN_COURS)


def creer(maison: Maison, visiteur: Visiteur, genre: str, parametres: dict[str, Any], *, membre: str | None = None) -> Tache:
    """Ask for a work; the same one already waiting is given back rather than asked twice.

    The caller has checked that the visitor may do it: the work runs with her name.
    """
    with maison.club.ecriture() as session:
        return demander(session, visiteur.email, genre, parametres, membre=membre)


def demander(session: Session, par: str, genre: str, parametres: dict[str, Any], *, membre: str | None = None) -> Tache:
    """`creer`, within a transaction."""
    attente = select(Tache).where(Tache.genre == genre, Tache.etat == EtatTache.EN_ATTENTE, Tache.membre == membre)
    for deja in session.scalars(attente):
        if deja.parametres == parametres:
            return deja
    tache = Tache(
        genre=genre, parametres=parametres, etat=EtatTache.EN_ATTENTE, fait=0, par=par, membre=membre, cree_le=maintenant(), essais=0
    )
    session.add(tache)
    session.flush()
    return tache


def voir(maison: Maison, visiteur: Visiteur, identifiant: int) -> Tache:
    """One work she may see: hers, or of a membre she may read, or of the club for the animatrice. Raises `Introuvable` otherwise."""
    with maison.club.lecture() as session:
        return _exiger(session, visiteur, identifiant)


def en_cours(maison: Maison, visiteur: Visiteur) -> Sequence[Tache]:
    """The works waiting or running that she may see, oldest first."""
    with maison.club.lecture() as session:
        vivantes = session.scalars(select(Tache).where(Tache.etat.in_(VIVANTES)).order_by(Tache.id)).all()
    return [tache for tache in vivantes if _visible(visiteur, tache)]


def annuler(maison: Maison, visiteur: Visiteur, identifiant: int) -> Tache:
    """Stop a work: at once when it waits, at its next sign of life when it runs. One that ended stays as it ended."""
    with maison.club.ecriture() as session:
        tache = _exiger(session, visiteur, identifiant)
        if tache.etat == EtatTache.EN_ATTENTE:
            tache.etat, tache.finie_le, tache.message = EtatTache.ANNULEE, maintenant(), "Annulé avant d'avoir commencé."
        elif tache.etat == EtatTache.EN_COURS:
            tache.annulation_demandee = True
        noter(session, visiteur.email, "travail annulé", f"{tache.genre} {tache.id}", membre=tache.membre)
    return tache


def temps_restant(tache: Tache) -> timedelta | None:
    """How long it will still take at the pace so far; None when nothing allows to say."""
    if tache.etat != EtatTache.EN_COURS or not tache.total or not tache.fait or tache.commencee_le is None:
        return None
    ecoule = maintenant() - tache.commencee_le
    return ecoule * (tache.total - tache.fait) / tache.fait


def terminer_en_attente(session: Session, genre: str, avant: int, message: str) -> None:
    """Close the waiting works of this genre up to the number `avant`: what they asked for was just done."""
    session.execute(
        update(Tache)
        .where(Tache.genre == genre, Tache.etat == EtatTache.EN_ATTENTE, Tache.id <= avant)
        .values(etat=EtatTache.TERMINEE, finie_le=maintenant(), message=message)
    )


def _exiger(session: Session, visiteur: Visiteur, identifiant: int) -> Tache:
    tache = session.get(Tache, identifiant)
    if tache is None or not _visible(visiteur, tache):
        raise Introuvable("Ce travail n'existe pas, ou il n'est pas le vôtre.")
    return tache


def _visible(visiteur: Visiteur, tache: Tache) -> bool:
    if tache.par == visiteur.email or visiteur.tout:
        return True
    if tache.membre is not None:
        return visiteur.peut_lire_membre(tache.membre)
    return visiteur.peut(Permission.GERER_MEMBRES)
