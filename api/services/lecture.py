"""Read a dépôt in a child process with limits, and keep the verdict: a hostile file can end that process, never the service."""

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from typing import Any

from sqlalchemy import select, update

from analytics.groupement.serialisation import to_plain
from api.club.modeles import CorrespondanceRetenue, Depot, EtatDepot, Membre
from api.maison import Maison
from api.services import depots, familles, valeurs
from api.services.depots import Avancement
from api.services.disque import cause
from api.visiteur import Permission, Visiteur
from ingest.chaine import Correction, Lecture, Reglages, lire_depot
from ingest.erreurs import FichierRefuse, Refus
from ingest.familles import livree
from ingest.isolement import Limites, Reserve
from ingest.version import empreinte_des_regles
from ingest.vocabulaire import BaseTaxe

LOT = 6
"""Files given together to one child process."""

executer = Reserve().executer
"""Children are kept from one dépôt to the next: their vocabularies are loaded, the labels they have read are known."""


def lire(maison: Maison, visiteur: Visiteur, identifiant: str, avancement: Avancement | None = None) -> Depot:
    """Read the file of a dépôt, write its lines, keep the verdict; the dépôt then waits to be confirmed.

    A file that cannot be read leaves nothing: the dépôt is forgotten and `FichierRefuse` says why. Reading again after `regler`
    replaces the former verdict. Raises `Refus` when the dépôt is published or being read.
    """
    retenu = _a_lire(maison, visiteur, identifiant)
    with seul_lecteur(maison, retenu):
        _changer_etat(maison, retenu, EtatDepot.EN_LECTURE)
        try:
            lecture = relire(maison, retenu, retenu.reglages, avancement)
        except FichierRefuse as refus:
            depots.abandonner(maison, visiteur, identifiant, motif=str(refus))
            raise
        except BaseException:
            _changer_etat(maison, retenu, EtatDepot.RECU)
            raise
        return _garder_verdict(maison, retenu, lecture)


def lire_ensemble(
    maison: Maison, visiteur: Visiteur, identifiants: Sequence[str], avancement: Avancement | None = None, *, ensemble: int = 2
) -> dict[str, Depot | Refus]:
    """Read several dépôts; a refused one is in the result as its `Refus`, the others go on.

    A child process reads `LOT` files, `ensemble` children at a time. When one of its files kills it, each is read again in a child of its
    own, so that the guilty one alone is refused.
    """
    lots = [identifiants[debut : debut + LOT] for debut in range(0, len(identifiants), LOT)]
    resultats: dict[str, Depot | Refus] = {}
    with ThreadPoolExecutor(max_workers=ensemble) as executeur:
        for lot in executeur.map(lambda demandes: _lire_lot(maison, visiteur, demandes), lots):
            resultats |= lot
            if avancement:
                avancement(len(resultats), len(identifiants))
    return resultats


def relire(maison: Maison, retenu: Depot, reglages: Mapping[str, Any], avancement: Avancement | None = None) -> Lecture:
    """Read the file into the next file of lines and change nothing in the store. Hold `seul_lecteur` meanwhile."""
    try:
        demande = _demande(maison, retenu, reglages)
        return executer(lire_depot, **demande, limites=_limites(maison), avancement=avancement, taille_octets=_taille([demande]))
    except OSError as erreur:
        raise Refus(
            f"« {retenu.nom_fichier} » a été reçu, mais ses lignes n'ont pas pu être écrites : {cause(erreur)} "
            "Rien n'a été enregistré. Prévenez l'administrateur, puis recommencez."
        ) from erreur


@contextmanager
def seul_lecteur(maison: Maison, retenu: Depot) -> Iterator[None]:
    """Keep every other reader of this dépôt out. Raises `Refus` when there is one."""
    # A lock of the system on the received file: the death of the reader releases it, whatever the state it left behind.
    descripteur = os.open(maison.original(retenu.id), os.O_RDONLY)
    try:
        try:
            fcntl.flock(descripteur, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refus(f"Le dépôt {retenu.id} est déjà en cours de lecture. Attendez la fin.") from None
        yield
    finally:
        os.close(descripteur)


def lire_plusieurs(demandes: Sequence[Mapping[str, Any]]) -> list[Lecture | FichierRefuse]:
    """In the child process: read each, one after another."""
    lectures: list[Lecture | FichierRefuse] = []
    for demande in demandes:
        try:
            lectures.append(lire_depot(**demande))
        except FichierRefuse as refus:
            lectures.append(refus)
    return lectures


def _lire_lot(maison: Maison, visiteur: Visiteur, identifiants: Sequence[str]) -> dict[str, Depot | Refus]:
    retenus = [_a_lire(maison, visiteur, identifiant) for identifiant in identifiants]
    with ExitStack() as verrous:
        for retenu in retenus:
            verrous.enter_context(seul_lecteur(maison, retenu))
            _changer_etat(maison, retenu, EtatDepot.EN_LECTURE)
        try:
            demandes = [_demande(maison, retenu, retenu.reglages) for retenu in retenus]
            lectures = executer(lire_plusieurs, demandes, limites=_limites(maison), taille_octets=_taille(demandes))
            couples = zip(retenus, lectures, strict=True)
            return {retenu.id: _conclure(maison, visiteur, retenu, lecture) for retenu, lecture in couples}
        except (FichierRefuse, OSError):
            pass  # the child died, or the disk is full: the locks are released first
    return {identifiant: _lire_ou_refus(maison, visiteur, identifiant) for identifiant in identifiants}


def _lire_ou_refus(maison: Maison, visiteur: Visiteur, identifiant: str) -> Depot | Refus:
    try:
        return lire(maison, visiteur, identifiant)
    except Refus as refus:
        return refus


def _conclure(maison: Maison, visiteur: Visiteur, retenu: Depot, lecture: Lecture | FichierRefuse) -> Depot | Refus:
    if isinstance(lecture, FichierRefuse):
        depots.abandonner(maison, visiteur, retenu.id, motif=str(lecture))
        return lecture
    return _garder_verdict(maison, retenu, lecture)


def _a_lire(maison: Maison, visiteur: Visiteur, identifiant: str) -> Depot:
    visiteur.verifie(Permission.DEPOSER)
    retenu = depots.depot(maison, visiteur, identifiant)
    if retenu.etat == EtatDepot.PUBLIE:
        raise Refus(f"Le dépôt {retenu.id} est publié. Retirez-le avant de le relire.")
    return retenu


def _reglages(maison: Maison, retenu: Depot, propres: Mapping[str, Any]) -> Reglages:
    with maison.club.lecture() as session:
        retenues = session.scalars(select(CorrespondanceRetenue).where(CorrespondanceRetenue.membre == retenu.membre)).all()
        siret = session.scalar(select(Membre.siret).where(Membre.siren == retenu.membre))
        deja = depots.publies(session, maison, membre=retenu.membre)
        toujours = valeurs.regles_de(session, retenu.membre)
        nomenclature = familles.lire(session)
    base = propres.get("base_taxe")
    origines = propres.get("origines")
    return Reglages(
        correspondances={**{connue.signature: connue.champs for connue in retenues}, **propres.get("correspondances", {})},
        base_taxe=BaseTaxe(base) if base else None,
        corrections=(*toujours, *(Correction(**correction) for correction in propres.get("corrections", ()))),
        origines=frozenset(origines) if origines is not None else None,
        recu_le=retenu.recu_le.date(),
        bases={connue.signature: BaseTaxe(connue.base_taxe) for connue in retenues if connue.base_taxe},
        siret_membre=siret,
        lignes_connues=tuple(publie.chemin for publie in deja if publie.depot != retenu.id),
        nomenclature=None if nomenclature == livree() else nomenclature,
    )


def _demande(maison: Maison, retenu: Depot, reglages: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "chemin": maison.original(retenu.id),
        "nom": retenu.nom_fichier,
        "depot": retenu.id,
        "membre": retenu.membre,
        "destination": maison.lignes(retenu.id, retenu.lecture + 1),
        "reglages": _reglages(maison, retenu, reglages),
        "memoire": maison.lectures,
    }


def _taille(demandes: Sequence[Mapping[str, Any]]) -> int:
    return sum(demande["chemin"].stat().st_size for demande in demandes)


def _limites(maison: Maison) -> Limites:
    return Limites(memoire_octets=maison.settings.memoire_lecture, duree_s=maison.settings.duree_lecture_secondes)


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
        actuel.verdict, actuel.regles = to_plain(asdict(lecture)), empreinte_des_regles()
    return actuel
