"""Which column is which, confirmed once by a person and remembered; what was learnt of a software serves other membres."""

from collections.abc import Mapping

from sqlalchemy import func, select

from api.club.magasin import maintenant
from api.club.modeles import CorrespondanceRetenue
from api.maison import Maison
from api.services.journal import noter
from api.visiteur import Permission, Visiteur
from ingest.vocabulaire import BaseTaxe


def retenir(
    maison: Maison,
    visiteur: Visiteur,
    membre: str,
    signature: str,
    champs: Mapping[str, str],
    *,
    base_taxe: BaseTaxe | None = None,
    logiciel: str | None = None,
) -> None:
    """Remember which column is which for this membre and these headers; used by every later reading."""
    visiteur.verifie(Permission.DEPOSER)
    visiteur.verifie_membre(membre)
    with maison.club.ecriture() as session:
        retenue = session.scalar(
            select(CorrespondanceRetenue).where(CorrespondanceRetenue.membre == membre, CorrespondanceRetenue.signature == signature)
        )
        if retenue is None:
            retenue = CorrespondanceRetenue(membre=membre, signature=signature)
            session.add(retenue)
        retenue.champs, retenue.base_taxe, retenue.logiciel = dict(champs), base_taxe and base_taxe.value, logiciel
        retenue.par, retenue.le = visiteur.email, maintenant()
        noter(session, visiteur.email, "colonnes confirmées", signature, membre=membre)


def logiciels(maison: Maison, visiteur: Visiteur) -> dict[str, int]:
    """The software whose columns somebody of the club confirmed, with how many forms of file; nothing about the membres."""
    visiteur.verifie(Permission.DEPOSER)
    with maison.club.lecture() as session:
        compte = select(CorrespondanceRetenue.logiciel, func.count(CorrespondanceRetenue.signature.distinct()))
        lignes = session.execute(compte.where(CorrespondanceRetenue.logiciel.is_not(None)).group_by(CorrespondanceRetenue.logiciel))
        return {str(logiciel): nombre for logiciel, nombre in lignes}


def exporter(maison: Maison, visiteur: Visiteur, logiciel: str) -> dict[str, dict[str, str]]:
    """What was confirmed for the exports of one software: signature → header → field; nothing about the membres."""
    visiteur.verifie(Permission.DEPOSER)
    with maison.club.lecture() as session:
        retenues = session.scalars(
            select(CorrespondanceRetenue).where(CorrespondanceRetenue.logiciel == logiciel).order_by(CorrespondanceRetenue.le)
        )
        return {retenue.signature: dict(retenue.champs) for retenue in retenues}


def importer(maison: Maison, visiteur: Visiteur, membre: str, logiciel: str, correspondances: Mapping[str, Mapping[str, str]]) -> int:
    """Remember for this membre what was exported for a software; what it had confirmed itself stays. Returns how many were added."""
    visiteur.verifie(Permission.DEPOSER)
    visiteur.verifie_membre(membre)
    with maison.club.lecture() as session:
        connues = set(session.scalars(select(CorrespondanceRetenue.signature).where(CorrespondanceRetenue.membre == membre)))
    nouvelles = {signature: champs for signature, champs in correspondances.items() if signature not in connues}
    for signature, champs in nouvelles.items():
        retenir(maison, visiteur, membre, signature, champs, logiciel=logiciel)
    return len(nouvelles)
