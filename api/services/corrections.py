"""Correct what a dépôt says, in place or by group, published or not: corrections are data, replayed at each reading, taken back at will."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import update

from analytics.groupement.serialisation import to_plain
from api.club.modeles import Depot, EtatDepot, Membre
from api.maison import Maison
from api.services import depots
from api.services.depots import Avancement
from api.services.journal import noter
from api.services.lecture import relire, seul_lecteur
from api.taches import CONSTRUIRE, demander
from api.visiteur import Permission, Visiteur
from ingest.corrections import Correction, lignes_a_corriger, write_a_corriger_csv, write_a_corriger_xlsx
from ingest.erreurs import Refus


def corriger(
    maison: Maison, visiteur: Visiteur, identifiant: str, corrections: Sequence[Correction], avancement: Avancement | None = None
) -> Depot:
    """Read a dépôt again with these corrections added to the former ones, published or not; a published one stays published.

    The new lines are written beside and take the place of the former ones in one transaction. Raises `Refus` when the dépôt is
    being read, and then nothing has changed. `annuler_corrections` goes back.
    """
    visiteur.verifie(Permission.DEPOSER)
    retenu = depots.depot(maison, visiteur, identifiant)
    anciennes = list(retenu.reglages.get("corrections", ()))
    nouvelles = [asdict(correction) for correction in corrections]
    return _relire(maison, visiteur, retenu, [*anciennes, *nouvelles], f"{len(nouvelles)} corrections", avancement)


def annuler_corrections(maison: Maison, visiteur: Visiteur, identifiant: str, nombre: int = 1) -> Depot:
    """Take back the last `nombre` corrections of a dépôt and read it again."""
    visiteur.verifie(Permission.DEPOSER)
    retenu = depots.depot(maison, visiteur, identifiant)
    anciennes = list(retenu.reglages.get("corrections", ()))
    if not 0 < nombre <= len(anciennes):
        raise Refus(f"Le dépôt {identifiant} n'a pas {nombre} correction à annuler : il en a {len(anciennes)}.")
    return _relire(maison, visiteur, retenu, anciennes[:-nombre], f"{nombre} corrections annulées", None)


def a_corriger(maison: Maison, visiteur: Visiteur, identifiant: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The lines of a dépôt that wait to be corrected: the headers (with the column `anomalie`), then the original cells."""
    retenu = depots.depot(maison, visiteur, identifiant)
    return lignes_a_corriger(maison.lignes(retenu.id, retenu.lecture))


def ecrire_a_corriger(maison: Maison, visiteur: Visiteur, identifiant: str, destination: Path, forme: str = "xlsx") -> int:
    """Write them as a file (`xlsx` or `csv`) that may be corrected and sent again; returns how many."""
    retenu = depots.depot(maison, visiteur, identifiant)
    ecrire = {"xlsx": write_a_corriger_xlsx, "csv": write_a_corriger_csv}[forme]
    return ecrire(maison.lignes(retenu.id, retenu.lecture), destination)


def _relire(
    maison: Maison, visiteur: Visiteur, retenu: Depot, corrections: list[dict[str, Any]], motif: str, avancement: Avancement | None
) -> Depot:
    propres = {**retenu.reglages, "corrections": corrections}
    with seul_lecteur(maison, retenu):
        lecture = relire(maison, retenu, propres, avancement)
        with maison.club.ecriture() as session:
            actuel = session.get_one(Depot, retenu.id)
            if (actuel.etat, actuel.lecture) != (retenu.etat, retenu.lecture):
                raise Refus("Ce dépôt vient d'être publié, retiré ou corrigé par quelqu'un d'autre. Relisez-le, puis recommencez.")
            actuel.reglages, actuel.lecture = propres, retenu.lecture + 1
            actuel.comptes, actuel.verdict = lecture.comptes.as_json(), to_plain(asdict(lecture))
            if actuel.etat == EtatDepot.PUBLIE:
                session.execute(update(Membre).where(Membre.siren == actuel.membre).values(version_publiee=Membre.version_publiee + 1))
                demander(session, visiteur.email, CONSTRUIRE, {})
            elif actuel.etat == EtatDepot.RECU:
                actuel.etat = EtatDepot.A_CONFIRMER
            noter(session, visiteur.email, "dépôt corrigé", actuel.id, membre=actuel.membre, motif=motif)
    if actuel.etat == EtatDepot.PUBLIE:
        return depots.recompter(maison, actuel.id)
    return actuel
