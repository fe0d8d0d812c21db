"""What people decide about articles, familles, fournisseurs and prices: kept with who, when and why, replayed at every build, undoable."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from analytics.decisions import Sujet
from api.club.magasin import maintenant
from api.club.modeles import DecisionRetenue
from api.maison import Maison
from api.services.journal import noter
from api.taches import CONSTRUIRE, demander
from api.visiteur import Introuvable, Permission, Visiteur


def decider(
    maison: Maison, visiteur: Visiteur, sujet: Sujet, cle: str, valeur: Mapping[str, Any] | None = None, *, motif: str = ""
) -> DecisionRetenue:
    """Keep a decision; the observatoire is rebuilt with it. What `cle` and `valeur` hold is said by `analytics.decisions.Sujet`."""
    visiteur.verifie(Permission.ARBITRER)
    with maison.club.ecriture() as session:
        retenue = DecisionRetenue(
            sujet=sujet.value, cle=cle, valeur=dict(valeur or {}), par=visiteur.email, le=maintenant(), motif=motif.strip()
        )
        session.add(retenue)
        session.flush()
        noter(session, visiteur.email, "décision", f"{sujet.value} {retenue.id}")
        demander(session, visiteur.email, CONSTRUIRE, {})
    return retenue


def annuler(maison: Maison, visiteur: Visiteur, identifiant: int) -> DecisionRetenue:
    """Take a decision back; it stays readable with its date of cancellation. Raises `Introuvable` when there is none in force."""
    visiteur.verifie(Permission.ARBITRER)
    with maison.club.ecriture() as session:
        retenue = session.get(DecisionRetenue, identifiant)
        if retenue is None or retenue.annulee_le is not None:
            raise Introuvable("Cette décision n'existe pas, ou elle est déjà annulée.")
        retenue.annulee_le, retenue.annulee_par = maintenant(), visiteur.email
        noter(session, visiteur.email, "décision annulée", f"{retenue.sujet} {retenue.id}")
        demander(session, visiteur.email, CONSTRUIRE, {})
    return retenue


def lister(maison: Maison, visiteur: Visiteur, *, sujet: Sujet | None = None, annulees: bool = False) -> Sequence[DecisionRetenue]:
    """The decisions in force (and those cancelled when asked), newest first."""
    visiteur.verifie(Permission.ARBITRER)
    demande = select(DecisionRetenue).order_by(DecisionRetenue.id.desc())
    if sujet is not None:
        demande = demande.where(DecisionRetenue.sujet == sujet.value)
    if not annulees:
        demande = demande.where(DecisionRetenue.annulee_le.is_(None))
    with maison.club.lecture() as session:
        return session.scalars(demande).all()
