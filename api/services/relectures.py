"""When the rules of reading get better, published dépôts are read again from the bytes received: what would change is shown first.

Columns, answers and corrections of people stay. A dépôt that the new rules would refuse keeps the lines it has. The former reading is
kept, and going back to it is one gesture.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import or_, select, update

from analytics.groupement.serialisation import to_plain
from api.club.magasin import maintenant
from api.club.modeles import Depot, EtatDepot, LecturePassee, Membre
from api.maison import Maison
from api.services import depots
from api.services.depots import Avancement
from api.services.journal import noter
from api.services.lecture import relire, seul_lecteur
from api.taches import CONSTRUIRE, demander
from api.visiteur import Permission, Visiteur
from ingest.chaine import Lecture
from ingest.differences import Differences, comparer_lectures
from ingest.erreurs import FichierRefuse, Refus
from ingest.version import empreinte_des_regles

Suivi = Callable[[int, int], None]
"""Called with the dépôts done and how many there are; raise in it to stop."""


@dataclass(frozen=True)
class Relecture:
    """What reading one dépôt again changes, or changed; `refus` says why its lines were left as they are."""

    depot: str
    membre: str
    differences: Differences | None
    refus: str | None = None


def a_relire(maison: Maison, visiteur: Visiteur) -> Sequence[Depot]:
    """The published dépôts that were read by other rules than those in force, in their order."""
    visiteur.verifie(Permission.GERER_MEMBRES)
    autres = or_(Depot.regles.is_(None), Depot.regles != empreinte_des_regles())
    with maison.club.lecture() as session:
        return session.scalars(select(Depot).where(Depot.etat == EtatDepot.PUBLIE, autres).order_by(Depot.numero)).all()


def essayer(maison: Maison, visiteur: Visiteur, choisis: Sequence[Depot], suivi: Suivi | None = None) -> list[Relecture]:
    """Say what reading these dépôts again would change; nothing is kept of it."""
    visiteur.verifie(Permission.GERER_MEMBRES)
    return [_relire(maison, visiteur, depot, suivi, garder=False) for depot, suivi in _un_par_un(choisis, suivi)]


def appliquer(maison: Maison, visiteur: Visiteur, choisis: Sequence[Depot], suivi: Suivi | None = None) -> list[Relecture]:
    """Read these dépôts again; each is whole under the former reading or the new one. The observatoire then follows."""
    visiteur.verifie(Permission.GERER_MEMBRES)
    faites: list[Relecture] = []
    try:
        faites.extend(_relire(maison, visiteur, depot, suivi, garder=True) for depot, suivi in _un_par_un(choisis, suivi))
    finally:  # stopped half-way, what was done is done
        if any(faite.differences and faite.differences.nombre for faite in faites):
            with maison.club.ecriture() as session:
                demander(session, visiteur.email, CONSTRUIRE, {})
    return faites


def annulables(maison: Maison, visiteur: Visiteur) -> Sequence[LecturePassee]:
    """The former readings one may still go back to: nothing happened to their dépôt since."""
    visiteur.verifie(Permission.GERER_MEMBRES)
    with maison.club.lecture() as session:
        jointes = select(LecturePassee).join(Depot, (Depot.id == LecturePassee.depot) & (Depot.lecture == LecturePassee.reprise_par))
        return session.scalars(jointes.where(Depot.etat == EtatDepot.PUBLIE).order_by(Depot.numero)).all()


def annuler(maison: Maison, visiteur: Visiteur) -> list[str]:
    """Go back to every former reading of `annulables`; returns the dépôts."""
    rendus = [passee.depot for passee in annulables(maison, visiteur) if _rendre(maison, visiteur, passee)]
    if rendus:
        with maison.club.ecriture() as session:
            demander(session, visiteur.email, CONSTRUIRE, {})
    return rendus


def en_json(relectures: Sequence[Relecture]) -> list[dict[str, Any]]:
    """As a tâche keeps them: figures only, nothing of what the lines say."""
    return [asdict(relecture) for relecture in relectures]


def _un_par_un(choisis: Sequence[Depot], suivi: Suivi | None) -> Iterator[tuple[Depot, Avancement]]:
    """Each dépôt with the sign of life to give while it is read: a long file can be stopped too."""
    for rang, depot in enumerate(choisis):

        def avancer(_fait: int, _total: int | None, rang: int = rang) -> None:
            if suivi:
                suivi(rang, len(choisis))

        avancer(0, None)
        yield depot, avancer


def _relire(maison: Maison, visiteur: Visiteur, retenu: Depot, avancement: Avancement, *, garder: bool) -> Relecture:
    nouvelles = maison.lignes(retenu.id, retenu.lecture + 1)
    try:
        with seul_lecteur(maison, retenu):
            try:
                lecture = relire(maison, retenu, retenu.reglages, avancement)
                differences = comparer_lectures(maison.lignes(retenu.id, retenu.lecture), nouvelles)
                garde = garder and _garder(maison, visiteur, retenu, lecture, differences)
            except BaseException:
                nouvelles.unlink(missing_ok=True)
                raise
            if not garde:
                nouvelles.unlink(missing_ok=True)
    except (FichierRefuse, Refus) as refus:
        return Relecture(retenu.id, retenu.membre, None, str(refus))
    if garde:
        depots.recompter(maison, retenu.id)
    return Relecture(retenu.id, retenu.membre, differences)


def _garder(maison: Maison, visiteur: Visiteur, retenu: Depot, lecture: Lecture, differences: Differences) -> bool:
    """Put the new reading in force; when it says nothing else, only note that the rules in force say the same."""
    if bloquantes := [question for question in lecture.questions if question.bloquante]:
        raise Refus(f"Les règles nouvelles posent une question : {bloquantes[0].texte} Retirez ce dépôt et répondez, puis enregistrez-le.")
    with maison.club.ecriture() as session:
        actuel = session.get_one(Depot, retenu.id)
        if (actuel.etat, actuel.lecture) != (EtatDepot.PUBLIE, retenu.lecture):
            raise Refus("Ce dépôt vient d'être retiré ou corrigé par quelqu'un d'autre : il n'a pas été relu.")
        if not differences.nombre:
            actuel.regles = empreinte_des_regles()
            return False
        session.add(
            LecturePassee(
                depot=actuel.id,
                numero=actuel.lecture,
                comptes=actuel.comptes,
                verdict=actuel.verdict,
                regles=actuel.regles,
                reprise_par=actuel.lecture + 1,
                par=visiteur.email,
                le=maintenant(),
            )
        )
        actuel.lecture, actuel.regles = actuel.lecture + 1, empreinte_des_regles()
        actuel.comptes, actuel.verdict = lecture.comptes.as_json(), to_plain(asdict(lecture))
        session.execute(update(Membre).where(Membre.siren == actuel.membre).values(version_publiee=Membre.version_publiee + 1))
        noter(session, visiteur.email, "dépôt relu", actuel.id, membre=actuel.membre, lignes_changees=differences.nombre)
    return True


def _rendre(maison: Maison, visiteur: Visiteur, passee: LecturePassee) -> bool:
    """Put a former reading back in force, under a number of its own: a file of lines once written never says something else."""
    with maison.club.lecture() as session:
        retenu = session.get_one(Depot, passee.depot)
    if (retenu.etat, retenu.lecture) != (EtatDepot.PUBLIE, passee.reprise_par):
        return False
    with seul_lecteur(maison, retenu):
        ancienne, nouvelle = maison.lignes(retenu.id, passee.numero), maison.lignes(retenu.id, retenu.lecture + 1)
        provisoire = nouvelle.with_name(f".{nouvelle.name}.{os.getpid()}.part")
        shutil.copyfile(ancienne, provisoire)
        with provisoire.open("rb+") as copie:
            os.fsync(copie.fileno())
        provisoire.replace(nouvelle)
        with maison.club.ecriture() as session:
            actuel = session.get_one(Depot, retenu.id)
            if (actuel.etat, actuel.lecture) != (EtatDepot.PUBLIE, passee.reprise_par):
                return False
            actuel.lecture, actuel.regles = actuel.lecture + 1, passee.regles
            actuel.comptes, actuel.verdict = passee.comptes, passee.verdict
            session.delete(session.get_one(LecturePassee, (passee.depot, passee.numero)))
            session.execute(update(Membre).where(Membre.siren == actuel.membre).values(version_publiee=Membre.version_publiee + 1))
            noter(session, visiteur.email, "relecture annulée", actuel.id, membre=actuel.membre)
    depots.recompter(maison, retenu.id)
    return True
