"""Correct what a dépôt says, in place or by group, published or not: corrections are data, replayed at each reading, taken back at will."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import update

from analytics.groupement.serialisation import to_plain
from api.club.modeles import Depot, EtatDepot, Membre
from api.maison import Maison
from api.services import depots, valeurs
from api.services.depots import Avancement
from api.services.journal import noter
from api.services.lecture import relire, seul_lecteur
from api.services.propositions import corriger_groupe
from api.taches import CONSTRUIRE, demander
from api.visiteur import Permission, Visiteur
from ingest.corrections import Correction, lignes_a_corriger, write_a_corriger_csv, write_a_corriger_xlsx
from ingest.erreurs import Refus
from ingest.version import empreinte_des_regles

LIGNES_IMMEDIATES = 5_000
"""Dépôts up to this size are read again while the page waits (well under a second); larger ones outside the request."""


@dataclass(frozen=True)
class Geste:
    """What a person asked for on the page of lines to correct: an answer for a group, cells written, or the last ones taken back."""

    groupe: str = ""
    remplacement: str = ""
    cellules: tuple[Correction, ...] = ()
    annuler: int = 0
    toujours: bool = False
    """The answer for a group holds for the next files of the membre too."""

    def en_json(self) -> dict[str, Any]:
        """As a tâche keeps it: the name of a group rather than its fifty thousand lines."""
        return asdict(self)

    @classmethod
    def de_json(cls, lu: Mapping[str, Any]) -> "Geste":
        """The reverse of `en_json`."""
        return cls(**{**lu, "cellules": tuple(Correction(**cellule) for cellule in lu["cellules"])})


def est_immediat(depot: Depot) -> bool:
    """Whether reading this dépôt again is quick enough to be waited for in the page."""
    return int((depot.comptes or {}).get("lues", 0)) <= LIGNES_IMMEDIATES


def executer_geste(
    maison: Maison,
    visiteur: Visiteur,
    identifiant: str,
    geste: Geste,
    *,
    lecture: int,
    reprise: bool = False,
    avancement: Avancement | None = None,
) -> Depot:
    """Do what was asked on the reading number `lecture` of a dépôt. Raises `Refus` when it was read again meanwhile.

    `reprise` is the second try of a work that was interrupted: when it had in fact succeeded, nothing is done twice.
    """
    visiteur.verifie(Permission.DEPOSER)
    retenu = depots.depot(maison, visiteur, identifiant)
    if retenu.lecture != lecture:
        if reprise and retenu.lecture == lecture + 1:
            return retenu
        raise Refus("Ce dépôt vient d'être relu ou corrigé par quelqu'un d'autre. Regardez ce qui reste à corriger, puis recommencez.")
    if geste.annuler:
        return annuler_corrections(maison, visiteur, identifiant, geste.annuler, avancement)
    demandees = geste.cellules or corriger_groupe(maison, visiteur, retenu, geste.groupe, geste.remplacement)
    return corriger(maison, visiteur, identifiant, demandees, avancement, toujours=geste.toujours)


def corriger(
    maison: Maison,
    visiteur: Visiteur,
    identifiant: str,
    corrections: Sequence[Correction],
    avancement: Avancement | None = None,
    *,
    toujours: bool = False,
) -> Depot:
    """Read a dépôt again with these corrections added to the former ones, published or not; a published one stays published.

    The new lines are written beside and take the place of the former ones in one transaction. Raises `Refus` when the dépôt is
    being read, and then nothing has changed. With `toujours`, rules on values hold for the next files of the membre too.
    `annuler_corrections` goes back.
    """
    visiteur.verifie(Permission.DEPOSER)
    retenu = depots.depot(maison, visiteur, identifiant)
    anciennes = list(retenu.reglages.get("corrections", ()))
    nouvelles = [asdict(correction) for correction in corrections]
    durables = tuple(corrections) if toujours else ()
    return _relire(maison, visiteur, retenu, [*anciennes, *nouvelles], f"{len(nouvelles)} corrections", avancement, durables=durables)


def annuler_corrections(
    maison: Maison, visiteur: Visiteur, identifiant: str, nombre: int = 1, avancement: Avancement | None = None
) -> Depot:
    """Take back the last `nombre` corrections of a dépôt and read it again."""
    visiteur.verifie(Permission.DEPOSER)
    retenu = depots.depot(maison, visiteur, identifiant)
    anciennes = list(retenu.reglages.get("corrections", ()))
    if not 0 < nombre <= len(anciennes):
        raise Refus(f"Le dépôt {identifiant} n'a pas {nombre} correction à annuler : il en a {len(anciennes)}.")
    motif = f"{nombre} corrections annulées"
    return _relire(maison, visiteur, retenu, anciennes[:-nombre], motif, avancement, reprises=anciennes[-nombre:])


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
    maison: Maison,
    visiteur: Visiteur,
    retenu: Depot,
    corrections: list[dict[str, Any]],
    motif: str,
    avancement: Avancement | None,
    *,
    durables: Sequence[Correction] = (),
    reprises: Sequence[Mapping[str, Any]] = (),
) -> Depot:
    propres = {**retenu.reglages, "corrections": corrections}
    with seul_lecteur(maison, retenu):
        lecture = relire(maison, retenu, propres, avancement)
        with maison.club.ecriture() as session:
            actuel = session.get_one(Depot, retenu.id)
            if (actuel.etat, actuel.lecture) != (retenu.etat, retenu.lecture):
                raise Refus("Ce dépôt vient d'être publié, retiré ou corrigé par quelqu'un d'autre. Relisez-le, puis recommencez.")
            actuel.reglages, actuel.lecture, actuel.regles = propres, retenu.lecture + 1, empreinte_des_regles()
            actuel.comptes, actuel.verdict = lecture.comptes.as_json(), to_plain(asdict(lecture))
            if actuel.etat == EtatDepot.PUBLIE:
                session.execute(update(Membre).where(Membre.siren == actuel.membre).values(version_publiee=Membre.version_publiee + 1))
                demander(session, visiteur.email, CONSTRUIRE, {})
            elif actuel.etat == EtatDepot.RECU:
                actuel.etat = EtatDepot.A_CONFIRMER
            valeurs.retenir(session, visiteur.email, actuel.membre, durables)
            valeurs.reprendre(session, actuel.membre, reprises)
            noter(session, visiteur.email, "dépôt corrigé", actuel.id, membre=actuel.membre, motif=motif)
    if actuel.etat == EtatDepot.PUBLIE:
        return depots.recompter(maison, actuel.id)
    return actuel
