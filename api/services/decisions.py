"""What people decide about articles, familles, fournisseurs and prices: kept with who, when and why, replayed at every build, undoable."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from analytics import nomenclature
from analytics.decisions import Decision, Sujet
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
    with maison.club.ecriture() as session:
        return ajouter(session, visiteur, sujet, cle, valeur, motif=motif)


def ajouter(
    session: Session, visiteur: Visiteur, sujet: Sujet, cle: str, valeur: Mapping[str, Any] | None = None, *, motif: str = ""
) -> DecisionRetenue:
    """`decider`, within a transaction that has checked what the decision stands on."""
    visiteur.verifie(permission_de(sujet))
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
    with maison.club.ecriture() as session:
        retenue = session.get(DecisionRetenue, identifiant)
        visiteur.verifie(permission_de(Sujet(retenue.sujet)) if retenue else Permission.GERER_NOMENCLATURE)
        if retenue is None or retenue.annulee_le is not None:
            raise Introuvable("Cette décision n'existe pas, ou elle est déjà annulée.")
        retenue.annulee_le, retenue.annulee_par = maintenant(), visiteur.email
        noter(session, visiteur.email, "décision annulée", f"{retenue.sujet} {retenue.id}")
        demander(session, visiteur.email, CONSTRUIRE, {})
    return retenue


def lister(
    maison: Maison,
    visiteur: Visiteur,
    *,
    sujets: Sequence[Sujet] = (),
    annulees: bool = False,
    debut: int = 0,
    limite: int | None = None,
) -> Sequence[DecisionRetenue]:
    """The decisions in force (and those cancelled when asked), newest first; of these subjects, or of all."""
    _verifier(visiteur, sujets)
    demande = _filtrer(select(DecisionRetenue), sujets, annulees=annulees)
    with maison.club.lecture() as session:
        return session.scalars(demande.order_by(DecisionRetenue.id.desc()).offset(debut).limit(limite)).all()


def compter(maison: Maison, visiteur: Visiteur, *, sujets: Sequence[Sujet] = (), annulees: bool = False) -> int:
    """How many decisions `lister` would give."""
    _verifier(visiteur, sujets)
    with maison.club.lecture() as session:
        return session.scalar(_filtrer(select(func.count(DecisionRetenue.id)), sujets, annulees=annulees)) or 0


def en_vigueur(session: Session, sujets: Sequence[Sujet] = ()) -> list[Decision]:
    """The decisions in force as builds replay them, in the order in which they were taken; of these subjects, or of all."""
    demande = _filtrer(select(DecisionRetenue), sujets, annulees=False).order_by(DecisionRetenue.id)
    return [Decision(Sujet(d.sujet), d.cle, d.par, d.le, d.valeur, d.motif) for d in session.scalars(demande)]


def permission_de(sujet: Sujet) -> Permission:
    """Who may decide of this: the nomenclature is edited by whoever administers the club too."""
    return Permission.GERER_NOMENCLATURE if sujet in nomenclature.SUJETS else Permission.ARBITRER


def _verifier(visiteur: Visiteur, sujets: Sequence[Sujet]) -> None:
    for permission in {permission_de(sujet) for sujet in sujets} or {Permission.ARBITRER}:
        visiteur.verifie(permission)


def _filtrer(demande: Select[Any], sujets: Sequence[Sujet], *, annulees: bool) -> Select[Any]:
    if sujets:
        demande = demande.where(DecisionRetenue.sujet.in_([sujet.value for sujet in sujets]))
    return demande if annulees else demande.where(DecisionRetenue.annulee_le.is_(None))
