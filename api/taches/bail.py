"""Take, keep and give back a tâche: the lease in the club store says which living worker has it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from api.club.magasin import maintenant
from api.club.modeles import EtatTache, Tache
from api.maison import Maison

BAIL = timedelta(seconds=30)
"""How long a worker that gives no sign of life keeps its work."""
ESSAIS = 3
"""A work that killed three workers is not given to a fourth."""


class TacheAnnulee(BaseException):
    """Somebody asked to stop. Not an `Exception`: no reader may take it for a fault of the file."""


class TachePerdue(BaseException):
    """The lease passed to another worker: this one must stop and write nothing."""


def prendre(maison: Maison, travailleur: str) -> Tache | None:
    """The oldest work to do, now ours for the length of a lease; None when there is none."""
    heure = maintenant()
    with maison.club.ecriture() as session:
        _reprendre_abandonnees(session, heure)
        tache = session.scalar(select(Tache).where(Tache.etat == EtatTache.EN_ATTENTE).order_by(Tache.id).limit(1))
        if tache is None:
            return None
        tache.etat, tache.travailleur, tache.bail_jusqu_a = EtatTache.EN_COURS, travailleur, heure + BAIL
        tache.commencee_le, tache.essais, tache.fait, tache.total = heure, tache.essais + 1, 0, None
        return tache


def prolonger(maison: Maison, tache: Tache, **valeurs: Any) -> None:
    """Give a sign of life, with the progress (`fait`, `total`, `message`). Raises `TacheAnnulee` or `TachePerdue` when it is over."""
    with maison.club.ecriture() as session:
        annulee = session.scalar(
            update(Tache)
            .where(Tache.id == tache.id, Tache.travailleur == tache.travailleur, Tache.etat == EtatTache.EN_COURS)
            .values(bail_jusqu_a=maintenant() + BAIL, **valeurs)
            .returning(Tache.annulation_demandee)
        )
    if annulee is None:
        raise TachePerdue
    if annulee:
        raise TacheAnnulee


def rendre(maison: Maison, tache: Tache, etat: EtatTache, message: str | None, resultat: dict[str, Any] | None = None) -> None:
    """End a work that is still ours."""
    with maison.club.ecriture() as session:
        session.execute(
            update(Tache)
            .where(Tache.id == tache.id, Tache.travailleur == tache.travailleur, Tache.etat == EtatTache.EN_COURS)
            .values(etat=etat, message=message, resultat=resultat, finie_le=maintenant(), bail_jusqu_a=None)
        )


def _reprendre_abandonnees(session: Any, heure: Any) -> None:
    for morte in session.scalars(select(Tache).where(Tache.etat == EtatTache.EN_COURS, Tache.bail_jusqu_a < heure)):
        morte.travailleur, morte.bail_jusqu_a = None, None
        if morte.annulation_demandee:
            morte.etat, morte.finie_le, morte.message = EtatTache.ANNULEE, heure, "Annulé."
        elif morte.essais >= ESSAIS:
            morte.etat, morte.finie_le = EtatTache.ECHOUEE, heure
            morte.message = f"Ce travail s'est interrompu {morte.essais} fois. Rien n'a été enregistré. Prévenez l'administrateur."
        else:
            morte.etat = EtatTache.EN_ATTENTE
