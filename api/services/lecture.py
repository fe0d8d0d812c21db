"""Read a dépôt in a child process with limits, and keep the verdict: a hostile file can end that process, never the service."""

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from analytics.groupement.serialisation import to_plain
from api.club.magasin import maintenant
from api.club.modeles import CorrespondanceRetenue, Depot, EtatDepot, Membre
from api.maison import Maison
from api.services import depots
from api.services.depots import Avancement
from api.services.journal import noter
from api.taches import CONSTRUIRE, demander
from api.visiteur import Permission, Visiteur
from ingest.chaine import Correction, Lecture, Reglages, lire_depot
from ingest.corrections import lignes_a_corriger, write_a_corriger_csv, write_a_corriger_xlsx
from ingest.erreurs import FichierRefuse, Refus
from ingest.isolement import Limites, executer
from ingest.vocabulaire import BaseTaxe


def lire(maison: Maison, visiteur: Visiteur, identifiant: str, avancement: Avancement | None = None) -> Depot:
    """Read the file of a dépôt, write its lines, keep the verdict; the dépôt then waits to be confirmed.

    A file that cannot be read leaves nothing: the dépôt is forgotten and `FichierRefuse` says why. Reading again after `regler`
    replaces the former verdict. Raises `Refus` when the dépôt is published or being read.
    """
    visiteur.verifie(Permission.DEPOSER)
    retenu = depots.depot(maison, visiteur, identifiant)
    if retenu.etat == EtatDepot.PUBLIE:
        raise Refus(f"Le dépôt {retenu.id} est publié. Retirez-le avant de le relire.")
    with _seul_lecteur(maison, retenu):
        _changer_etat(maison, retenu, EtatDepot.EN_LECTURE)
        try:
            lecture = _lire(maison, retenu, retenu.reglages, avancement)
        except FichierRefuse as refus:
            depots.abandonner(maison, visiteur, identifiant, motif=str(refus))
            raise
        except BaseException:
            _changer_etat(maison, retenu, EtatDepot.RECU)
            raise
        return _garder_verdict(maison, retenu, lecture)


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


def lire_ensemble(
    maison: Maison, visiteur: Visiteur, identifiants: list[str], avancement: Avancement | None = None, *, ensemble: int = 2
) -> dict[str, Depot | Refus]:
    """Read several dépôts, `ensemble` at a time; a refused one is in the result as its `Refus`, the others go on."""
    resultats: dict[str, Depot | Refus] = {}

    def lire_un(identifiant: str) -> Depot | Refus:
        try:
            return lire(maison, visiteur, identifiant)
        except Refus as refus:
            return refus

    with ThreadPoolExecutor(max_workers=ensemble) as executeur:
        for identifiant, resultat in zip(identifiants, executeur.map(lire_un, identifiants), strict=True):
            resultats[identifiant] = resultat
            if avancement:
                avancement(len(resultats), len(identifiants))
    return resultats


def retenir_correspondance(
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


def correspondances_exportables(maison: Maison, visiteur: Visiteur, logiciel: str) -> dict[str, dict[str, str]]:
    """What was confirmed for the exports of one software: signature → header → field; nothing about the membres."""
    visiteur.verifie(Permission.DEPOSER)
    with maison.club.lecture() as session:
        retenues = session.scalars(
            select(CorrespondanceRetenue).where(CorrespondanceRetenue.logiciel == logiciel).order_by(CorrespondanceRetenue.le)
        )
        return {retenue.signature: dict(retenue.champs) for retenue in retenues}


def _relire(
    maison: Maison, visiteur: Visiteur, retenu: Depot, corrections: list[dict[str, Any]], motif: str, avancement: Avancement | None
) -> Depot:
    propres = {**retenu.reglages, "corrections": corrections}
    with _seul_lecteur(maison, retenu):
        lecture = _lire(maison, retenu, propres, avancement)
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


def _reglages(maison: Maison, retenu: Depot, propres: Mapping[str, Any]) -> Reglages:
    with maison.club.lecture() as session:
        retenues = session.scalars(select(CorrespondanceRetenue).where(CorrespondanceRetenue.membre == retenu.membre)).all()
    base = propres.get("base_taxe")
    origines = propres.get("origines")
    return Reglages(
        correspondances={**{connue.signature: connue.champs for connue in retenues}, **propres.get("correspondances", {})},
        base_taxe=BaseTaxe(base) if base else None,
        corrections=tuple(Correction(**correction) for correction in propres.get("corrections", ())),
        origines=frozenset(origines) if origines is not None else None,
        recu_le=retenu.recu_le.date(),
    )


def _lire(maison: Maison, retenu: Depot, propres: Mapping[str, Any], avancement: Avancement | None) -> Lecture:
    return executer(
        lire_depot,
        maison.original(retenu.id),
        nom=retenu.nom_fichier,
        depot=retenu.id,
        membre=retenu.membre,
        destination=maison.lignes(retenu.id, retenu.lecture + 1),
        reglages=_reglages(maison, retenu, propres),
        limites=Limites(memoire_octets=maison.settings.memoire_lecture, duree_s=maison.settings.duree_lecture_secondes),
        avancement=avancement,
    )


@contextmanager
def _seul_lecteur(maison: Maison, retenu: Depot) -> Iterator[None]:
    # A lock of the system on the received file: the death of the reader releases it, whatever the state it left behind.
    descripteur = os.open(maison.original(retenu.id), os.O_RDONLY)
    try:
        fcntl.flock(descripteur, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Refus(f"Le dépôt {retenu.id} est déjà en cours de lecture. Attendez la fin.") from None
    finally:
        os.close(descripteur)


def _changer_etat(maison: Maison, retenu: Depot, etat: EtatDepot) -> None:
    with maison.club.ecriture() as session:
        if session.get_one(Depot, retenu.id).etat == EtatDepot.PUBLIE:
            raise Refus(f"Le dépôt {retenu.id} est publié. Retirez-le avant de le relire.")
        session.execute(update(Depot).where(Depot.id == retenu.id).values(etat=etat))


def _garder_verdict(maison: Maison, retenu: Depot, lecture: Lecture) -> Depot:
    with maison.club.ecriture() as session:
        actuel = session.get_one(Depot, retenu.id)
        actuel.etat, actuel.lecture = EtatDepot.A_CONFIRMER, retenu.lecture + 1
        actuel.comptes = lecture.comptes.as_json()
        actuel.verdict = to_plain(asdict(lecture))
    return actuel
