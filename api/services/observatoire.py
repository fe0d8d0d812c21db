"""Keep the observatoire equal to the published dépôts: one build at a time, readers undisturbed, nothing to do when nothing changed."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import duckdb
from sqlalchemy import func, select

from analytics import entrepot
from analytics.construction import Bilan, Entrees, Sources, build, version_de
from analytics.construction import Membre as MembreDuClub
from api.club.magasin import maintenant
from api.club.modeles import Depot, EtatDepot, Membre, Tache
from api.maison import Maison
from api.services import decisions, depots
from api.services.disque import REFUS_DU_DISQUE, cause, vient_du_disque
from api.taches import CONSTRUIRE, demander, terminer_en_attente
from ingest.erreurs import Refus

A_JOUR = "L'observatoire est à jour."
Etapes = Callable[[str, int, int], None]
"""Called with what is being done (in French), the steps done, and how many there are."""


def construire(maison: Maison, avancement: Etapes | None = None, *, attendre: bool = True) -> Bilan:
    """Build the observatoire from the list of published dépôts and the decisions in force.

    With `attendre` false, raises `Refus` when another build is running. The account of each dépôt in the club store follows, since
    withdrawing one may bring back lines of a later one. Raises `Refus` when the disk refuses: the former observatoire stays.
    """
    with _un_seul(maison, attendre):
        demandee = _derniere_demande(maison)
        try:
            bilan = build(sources(maison), maison.observatoire, avancement)
        except REFUS_DU_DISQUE as erreur:
            if not vient_du_disque(erreur):
                raise
            raise Refus(
                f"L'observatoire n'a pas pu être reconstruit : {cause(erreur)} Le précédent reste en place. Prévenez l'administrateur."
            ) from erreur
        _reporter_comptes(maison, bilan, demandee)
    return bilan


def mettre_a_jour(maison: Maison, avancement: Etapes | None = None) -> bool:
    """`construire`, unless the observatoire that is there was made of the very same sources; returns whether it was built."""
    demandee = _derniere_demande(maison)
    if _est_a_jour(maison):
        with maison.club.ecriture() as session:
            terminer_en_attente(session, CONSTRUIRE, demandee, A_JOUR)
        return False
    construire(maison, avancement)
    return True


def demander_si_perime(maison: Maison) -> bool:
    """Ask for a build when the observatoire that is there is not of these sources and this code; returns whether it was asked for.

    For the start of the service: after an upgrade nobody has to know that something must be built again.
    """
    if not maison.observatoire.exists() or _est_a_jour(maison):
        return False
    with maison.club.ecriture() as session:
        demander(session, "mercuriale", CONSTRUIRE, {})
    return True


def sources(maison: Maison) -> Sources:
    """All that the observatoire is made of, read in one consistent look at the club store."""
    with maison.club.lecture() as session:
        membres = session.scalars(select(Membre).order_by(Membre.siren)).all()
        dernier = session.scalar(select(func.max(Depot.publie_le)).where(Depot.etat == EtatDepot.PUBLIE))
        return Sources(
            depots=depots.publies(session, maison),
            membres=[MembreDuClub(m.siren, m.nom, m.nature, m.code_insee, m.population) for m in membres],
            # The last publication rather than today: rebuilding without anything new gives the same observatoire.
            date_reference=(dernier or maintenant()).date(),
            decisions=decisions.en_vigueur(session),
        )


@contextmanager
def lecture(maison: Maison) -> Iterator[duckdb.DuckDBPyConnection]:
    """A locked-down, read-only cursor. Raises `Refus` when nothing was built yet."""
    with entrepot.lecture(maison.observatoire) as curseur:
        yield curseur


def article_actuel(maison: Maison, article_id: str) -> str | None:
    """Today's identifier of an article that bore this one another day; None when nothing is known of it."""
    with lecture(maison) as curseur:
        trouves = curseur.sql("SELECT article_id FROM alias_articles WHERE alias = $alias", params={"alias": article_id}).fetchall()
    return str(trouves[0][0]) if trouves else None


def _est_a_jour(maison: Maison) -> bool:
    if not maison.observatoire.exists():
        return False
    present = sources(maison)
    entrees = Entrees(
        depots=present.depots,
        membres=[(m.siren, m.nom, m.nature, m.code_insee, m.population) for m in present.membres],
        decisions=present.decisions,
        date_reference=present.date_reference,
        construit_le=maintenant(),
        precedent=None,
    )
    try:
        with entrepot.lecture(maison.observatoire) as curseur:
            return entrepot.version(curseur).version == version_de(entrees)
    except (duckdb.Error, Refus):  # made by another version of Mercuriale: it is derived, so build it again
        return False


def _derniere_demande(maison: Maison) -> int:
    with maison.club.lecture() as session:
        return session.scalar(select(func.max(Tache.id))) or 0


def _reporter_comptes(maison: Maison, bilan: Bilan, demandee: int) -> None:
    with maison.club.ecriture() as session:
        terminer_en_attente(session, CONSTRUIRE, demandee, A_JOUR)
        for publie in session.scalars(select(Depot).where(Depot.etat == EtatDepot.PUBLIE, Depot.id.in_(list(bilan.comptes)))):
            par_statut = bilan.comptes[publie.id]
            actuels = {
                "lues": sum(par_statut.values()),
                "retenues": par_statut.get("retenue", 0),
                "a_corriger": par_statut.get("a_corriger", 0),
                "ecartees": par_statut.get("ecartee", 0),
                "identiques": par_statut.get("identique", 0),
            }
            if any((publie.comptes or {}).get(cle) != nombre for cle, nombre in actuels.items()):
                publie.comptes = {**(publie.comptes or {}), **actuels}


@contextmanager
def _un_seul(maison: Maison, attendre: bool) -> Iterator[None]:
    # A lock of the system rather than a row: the death of its holder releases it.
    descripteur = os.open(maison.donnees / "observatoire.verrou", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(descripteur, fcntl.LOCK_EX | (0 if attendre else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Refus("L'observatoire est déjà en cours de construction. Attendez la fin.") from None
        yield
    finally:
        os.close(descripteur)
