"""A dépôt, from the received bytes to its publication and its withdrawal: whole or absent at every instant.

    deposer → lire → previsualiser → enregistrer → (retirer)

The bytes go to a `.part` file, are hashed on the way, flushed, renamed; only then does the store know them. The typed lines are written
the same way by `ingest.chaine`. Publishing is one transaction that adds the dépôt to the list; readers follow the list. A power cut
leaves at most a folder that no row names, swept by the next dépôt that receives its number.
"""

import hashlib
import os
import shutil
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from api.club.magasin import maintenant
from api.club.modeles import Depot, EtatDepot, Membre
from api.maison import Maison
from api.services.disque import cause
from api.services.journal import noter
from api.services.membres import exiger_membre
from api.taches import CONSTRUIRE, demander
from api.visiteur import Introuvable, Permission, Visiteur
from ingest.erreurs import FichierRefuse, Refus
from ingest.publication import Comparaison, DepotPublie, Doublons, comparer

MORCEAU = 1 << 20
DOUBLE_CLIC = timedelta(seconds=10)
Avancement = Callable[[int, int | None], None]


class Perime(Refus):
    """What was previewed is no longer true: another dépôt of this membre was published or withdrawn meanwhile."""


@dataclass(frozen=True)
class Previsualisation:
    """What publishing would do, and the state of the membre it was computed on (to be given back to `enregistrer`)."""

    depot: Depot
    comparaison: Comparaison
    version: int


def deposer(maison: Maison, visiteur: Visiteur, membre: str, nom: str, flux: BinaryIO, *, une_seule_fois: bool = False) -> Depot:
    """Keep the received bytes, untouched, and return the dépôt in state RECU.

    With `une_seule_fois`, the very same file sent by the same person within `DOUBLE_CLIC` is the dépôt she has just made: a double
    click on the button of a page makes one.
    Raises `Introuvable` when this membre is not the visitor's, `FichierRefuse` for an empty or too large file or a full disk:
    nothing is kept then.
    """
    visiteur.verifie(Permission.DEPOSER)
    visiteur.verifie_membre(membre)
    with maison.club.lecture() as session:
        membre = exiger_membre(session, membre).siren
    nom = _nom_propre(nom)
    arrivee = maison.donnees / "depots" / f"{uuid.uuid4().hex}.part"
    try:
        sha256, taille = _recevoir(flux, arrivee, nom, maison.settings.taille_max_fichier)
        with maison.club.ecriture() as session:
            if une_seule_fois and (deja := _a_l_instant(session, visiteur, membre, nom, sha256)):
                return deja
            return _inscrire(maison, session, visiteur, membre, nom, arrivee, sha256, taille)
    except OSError as erreur:
        raise FichierRefuse(
            f"« {nom} » n'a pas pu être conservé : {cause(erreur)} Rien n'a été gardé. Prévenez l'administrateur, puis recommencez."
        ) from erreur
    finally:
        arrivee.unlink(missing_ok=True)


def depot(maison: Maison, visiteur: Visiteur, identifiant: str) -> Depot:
    """One dépôt she may read. Raises `Introuvable` otherwise, with the same sentence whether it exists or not."""
    visiteur.verifie(Permission.LIRE_DEPOTS)
    with maison.club.lecture() as session:
        return _exiger(session, visiteur, identifiant)


def lister(maison: Maison, visiteur: Visiteur, *, membre: str | None = None) -> Sequence[Depot]:
    """The dépôts she may read, newest first, of one membre or of all those she may read."""
    visiteur.verifie(Permission.LIRE_DEPOTS)
    demande = select(Depot).order_by(Depot.numero.desc())
    if membre is not None:
        visiteur.verifie_membre(membre)
        demande = demande.where(Depot.membre == membre)
    elif not visiteur.tout:
        demande = demande.where(Depot.membre.in_(visiteur.membres_lisibles))
    with maison.club.lecture() as session:
        return session.scalars(demande).all()


def compter_par_membre(maison: Maison, visiteur: Visiteur) -> Mapping[str, int]:
    """Who has sent something: number of published dépôts per SIREN, nothing about what is in them."""
    visiteur.verifie(Permission.LIRE_MEMBRES)
    with maison.club.lecture() as session:
        lignes = session.execute(select(Depot.membre, func.count()).where(Depot.etat == EtatDepot.PUBLIE).group_by(Depot.membre))
        return {siren: nombre for siren, nombre in lignes}  # noqa: C416 - rows are tuples for the checker only once unpacked


def publies(session: Session, maison: Maison, *, membre: str | None = None) -> list[DepotPublie]:
    """The list of published dépôts, in order: the only way to know which line files count."""
    demande = select(Depot).where(Depot.etat == EtatDepot.PUBLIE).order_by(Depot.rang)
    if membre is not None:
        demande = demande.where(Depot.membre == membre)
    return [_publie(maison, retenu, retenu.rang or 0) for retenu in session.scalars(demande)]


def ensemble(maison: Maison, retenu: Depot) -> list[DepotPublie]:
    """The published dépôts of its membre and this one: in its place when it is published, as the next one otherwise."""
    with maison.club.lecture() as session:
        deja = publies(session, maison, membre=retenu.membre)
    return deja if retenu.etat == EtatDepot.PUBLIE else [*deja, _a_la_suite(maison, retenu, deja)]


def previsualiser(maison: Maison, visiteur: Visiteur, identifiant: str, *, doublons: Doublons | None = None) -> Previsualisation:
    """What publishing this dépôt now would create, change and leave; the same code as the publication, so preview = result."""
    with maison.club.lecture() as session:
        candidat = _exiger(session, visiteur, identifiant)
        _verifier_lu(candidat)
        version, comparaison = _comparer(maison, session, candidat, doublons)
    return Previsualisation(candidat, comparaison, version)


def est_deja_ailleurs(maison: Maison, retenu: Depot) -> bool:
    """Whether the very same bytes are published for another membre: who has the file learns nothing more, and may have chosen wrongly."""
    memes = select(func.count()).where(Depot.sha256 == retenu.sha256, Depot.membre != retenu.membre, Depot.etat == EtatDepot.PUBLIE)
    with maison.club.lecture() as session:
        return bool(session.scalar(memes))


def enregistrer(
    maison: Maison, visiteur: Visiteur, identifiant: str, *, doublons: Doublons | None = None, version: int | None = None
) -> Depot:
    """Publish, in one transaction.

    `version` is the one of the preview the person saw: when the membre's published set changed meanwhile, raises
    `Perime` and publishes nothing. Without it, publishes what is true now. A dépôt already published stays as it is.
    """
    visiteur.verifie(Permission.DEPOSER)
    while True:
        with maison.club.lecture() as session:
            candidat = _exiger(session, visiteur, identifiant)
            if candidat.etat == EtatDepot.PUBLIE:
                return candidat
            _verifier_lu(candidat)
            vue, comparaison = _comparer(maison, session, candidat, doublons)
        if version is not None and version != vue:
            raise Perime(_CHANGEMENT)
        # The comparison reads files: it is done outside the write lock, then kept only if nothing moved.
        if publie := _publier(maison, visiteur, candidat.id, doublons, vue, comparaison):
            return publie
        if version is not None:
            raise Perime(_CHANGEMENT)


def recompter(maison: Maison, identifiant: str) -> Depot:
    """Bring the account of a published dépôt in line with its lines and those published before it."""
    with maison.club.ecriture() as session:
        publie = session.get_one(Depot, identifiant)
        avant = [depot for depot in publies(session, maison, membre=publie.membre) if depot.rang < (publie.rang or 0)]
        publie.comptes = comptes_de(comparer(_publie(maison, publie, publie.rang or 0), avant))
    return publie


def retirer(maison: Maison, visiteur: Visiteur, identifiant: str) -> Depot:
    """Withdraw a dépôt whole: its lines leave the observatoire at the next build; its bytes are kept and it may be published again."""
    visiteur.verifie(Permission.DEPOSER)
    with maison.club.ecriture() as session:
        retenu = _exiger(session, visiteur, identifiant)
        if retenu.etat != EtatDepot.PUBLIE:
            raise Refus(f"Le dépôt {retenu.id} n'est pas publié : il n'y a rien à retirer.")
        retenu.etat, retenu.rang, retenu.retire_le = EtatDepot.RETIRE, None, maintenant()
        session.execute(update(Membre).where(Membre.siren == retenu.membre).values(version_publiee=Membre.version_publiee + 1))
        demander(session, visiteur.email, CONSTRUIRE, {})
        noter(session, visiteur.email, "dépôt retiré", retenu.id, membre=retenu.membre, fichier=retenu.nom_fichier)
    return retenu


def abandonner(maison: Maison, visiteur: Visiteur, identifiant: str, motif: str = "abandonné") -> None:
    """Forget a dépôt that was never published: row, bytes and lines; the journal keeps that it came and why it went."""
    visiteur.verifie(Permission.DEPOSER)
    with maison.club.ecriture() as session:
        retenu = _exiger(session, visiteur, identifiant)
        if retenu.etat in (EtatDepot.PUBLIE, EtatDepot.RETIRE):
            raise Refus(f"Le dépôt {retenu.id} a été publié : retirez-le plutôt, sa trace doit rester.")
        session.delete(retenu)
        noter(session, visiteur.email, "fichier refusé", retenu.nom_fichier, membre=retenu.membre, motif=motif)
    shutil.rmtree(maison.dossier_depot(retenu.id), ignore_errors=True)


def regler(maison: Maison, visiteur: Visiteur, identifiant: str, reglages: Mapping[str, Any]) -> Depot:
    """Keep the person's answers (columns, HT or TTC, corrections); the dépôt must then be read again."""
    visiteur.verifie(Permission.DEPOSER)
    with maison.club.ecriture() as session:
        retenu = _exiger(session, visiteur, identifiant)
        if retenu.etat == EtatDepot.PUBLIE:
            raise Refus(f"Le dépôt {retenu.id} est publié. Retirez-le avant de changer le sens de ses colonnes.")
        retenu.reglages = {**retenu.reglages, **reglages}
        retenu.etat = EtatDepot.RECU
    return retenu


_CHANGEMENT = "Un autre dépôt de ce membre a été publié ou retiré entre-temps. Relisez le verdict, puis confirmez de nouveau."


def _exiger(session: Session, visiteur: Visiteur, identifiant: str) -> Depot:
    retenu = session.get(Depot, identifiant)
    if retenu is None or not visiteur.peut_lire_membre(retenu.membre):
        raise Introuvable("Ce dépôt n'existe pas, ou il est celui d'un autre membre.")
    return retenu


def _verifier_lu(candidat: Depot) -> None:
    if candidat.etat in (EtatDepot.RECU, EtatDepot.EN_LECTURE):
        raise Refus(f"Le dépôt {candidat.id} n'a pas encore été lu. Attendez la fin de la lecture.")
    questions = [question for question in (candidat.verdict or {}).get("questions", []) if question["bloquante"]]
    if questions:
        textes = dict.fromkeys(question["texte"] for question in questions)
        raise Refus(f"« {candidat.nom_fichier} » : avant d'enregistrer, répondez. " + " ".join(textes))


def _publie(maison: Maison, retenu: Depot, rang: int, doublons: Doublons | None = None) -> DepotPublie:
    return DepotPublie(
        depot=retenu.id,
        membre=retenu.membre,
        rang=rang,
        chemin=maison.lignes(retenu.id, retenu.lecture),
        doublons=doublons or Doublons(retenu.doublons),
    )


def _comparer(maison: Maison, session: Session, candidat: Depot, doublons: Doublons | None) -> tuple[int, Comparaison]:
    version = session.scalars(select(Membre.version_publiee).where(Membre.siren == candidat.membre)).one()
    deja = publies(session, maison, membre=candidat.membre)
    return version, comparer(_a_la_suite(maison, candidat, deja, doublons), deja)


def _a_la_suite(maison: Maison, candidat: Depot, deja: Sequence[DepotPublie], doublons: Doublons | None = None) -> DepotPublie:
    return _publie(maison, candidat, 1 + max((depot.rang for depot in deja), default=0), doublons)


def _publier(
    maison: Maison, visiteur: Visiteur, identifiant: str, doublons: Doublons | None, vue: int, comparaison: Comparaison
) -> Depot | None:
    with maison.club.ecriture() as session:
        candidat = _exiger(session, visiteur, identifiant)
        membre_inchange = session.scalar(
            update(Membre)
            .where(Membre.siren == candidat.membre, Membre.version_publiee == vue)
            .values(version_publiee=Membre.version_publiee + 1)
            .returning(Membre.siren)
        )
        if not membre_inchange or candidat.etat == EtatDepot.PUBLIE:
            return None
        _verifier_lu(candidat)  # nobody began to read it again meanwhile
        candidat.etat, candidat.publie_le, candidat.retire_le = EtatDepot.PUBLIE, maintenant(), None
        candidat.rang = 1 + (session.scalar(select(func.max(Depot.rang))) or 0)
        candidat.doublons = (doublons or Doublons(candidat.doublons)).value
        candidat.comptes = comptes_de(comparaison)
        demander(session, visiteur.email, CONSTRUIRE, {})
        noter(session, visiteur.email, "dépôt publié", candidat.id, membre=candidat.membre, fichier=candidat.nom_fichier)
    return candidat


def comptes_de(comparaison: Comparaison) -> dict[str, int]:
    """The account of a dépôt as published: lues = retenues + a_corriger + ecartees + identiques."""
    return {
        "lues": comparaison.lues,
        "retenues": comparaison.a_creer + comparaison.a_modifier,
        "a_creer": comparaison.a_creer,
        "a_modifier": comparaison.a_modifier,
        "a_corriger": comparaison.a_corriger,
        "ecartees": comparaison.ecartees,
        "identiques": comparaison.identiques,
    }


def _recevoir(flux: BinaryIO, arrivee: Path, nom: str, limite: int) -> tuple[str, int]:
    empreinte, taille = hashlib.sha256(), 0
    with arrivee.open("wb") as sortie:
        while morceau := flux.read(MORCEAU):
            taille += len(morceau)
            if taille > limite:
                raise FichierRefuse(f"« {nom} » dépasse {limite // MORCEAU} Mo. Coupez-le par année, ou envoyez-le dans un fichier ZIP.")
            empreinte.update(morceau)
            sortie.write(morceau)
        sortie.flush()
        os.fsync(sortie.fileno())
    if taille == 0:
        raise FichierRefuse(f"« {nom} » est vide : il ne contient aucun caractère. Refaites l'export depuis votre logiciel.")
    return empreinte.hexdigest(), taille


def _a_l_instant(session: Session, visiteur: Visiteur, membre: str, nom: str, sha256: str) -> Depot | None:
    memes = select(Depot).where(Depot.membre == membre, Depot.sha256 == sha256, Depot.nom_fichier == nom, Depot.recu_par == visiteur.email)
    attendus = (EtatDepot.RECU, EtatDepot.EN_LECTURE, EtatDepot.A_CONFIRMER)
    recents = memes.where(Depot.etat.in_(attendus), Depot.recu_le >= maintenant() - DOUBLE_CLIC)
    return session.scalar(recents.order_by(Depot.numero.desc()).limit(1))


def _inscrire(
    maison: Maison, session: Session, visiteur: Visiteur, membre: str, nom: str, arrivee: Path, sha256: str, taille: int
) -> Depot:
    numero = 1 + (session.scalar(select(func.max(Depot.numero))) or 0)
    identifiant = f"D{numero:04d}"
    dossier = maison.dossier_depot(identifiant)
    if dossier.exists():  # no row has this number: left by a power cut
        shutil.rmtree(dossier)
    dossier.mkdir()
    arrivee.replace(maison.original(identifiant))
    for repertoire in (dossier, dossier.parent):
        _fixer(repertoire)
    retenu = Depot(
        id=identifiant,
        numero=numero,
        membre=membre,
        nom_fichier=nom,
        sha256=sha256,
        taille=taille,
        etat=EtatDepot.RECU,
        doublons=Doublons.IGNORER.value,
        reglages={},
        recu_par=visiteur.email,
        recu_le=maintenant(),
    )
    session.add(retenu)
    noter(session, visiteur.email, "fichier reçu", identifiant, membre=membre, fichier=nom)
    session.flush()
    return retenu


def _fixer(repertoire: Path) -> None:
    descripteur = os.open(repertoire, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)


def _nom_propre(nom: str) -> str:
    dernier = nom.replace("\\", "/").rsplit("/", 1)[-1]
    propre = "".join(lettre for lettre in dernier if lettre.isprintable()).strip()[:200]
    return propre or "sans nom"
