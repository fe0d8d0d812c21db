"""From a received file to the lines of a dépôt: read, map, correct, type, check, classify, fingerprint, write, account."""

import errno
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ingest.anomalies import Anomalie
from ingest.bilan import Comptes
from ingest.corrections import Correction
from ingest.correspondance import Question, TableLue
from ingest.ecriture import Ecrivain
from ingest.erreurs import Refus
from ingest.familles import Nomenclature, livree
from ingest.feuilles import FeuilleLue
from ingest.lecteurs import Lecteurs
from ingest.lecture import lire
from ingest.registre import Registre
from ingest.sirets_connus import SiretsConnus
from ingest.vocabulaire import BaseTaxe

__all__ = ["Correction", "Lecture", "Question", "Reglages", "TableLue", "lire_depot"]

Avancement = Callable[[int, int | None], None]
"""Called with the lines done, and the lines in all when the reader knows them."""


@dataclass(frozen=True)
class Reglages:
    """What a person has decided about this file, or earlier about files with the same headers.

    `correspondances` gives, by signature of headers, the field of each header ("" = ignored); headers it does not name keep the proposal.
    `base_taxe` answers « HT ou TTC ? » for columns whose header does not say. `corrections` are replayed before typing. `origines` keeps
    only these sheets or files (None = all the useful ones, and a question when that may count things twice). `recu_le` is the day the
    file was received: a later date in it is suspect. `bases` gives, by signature of headers, what was answered to « HT ou TTC ? » for an
    earlier file of that form. `siret_membre` and `lignes_connues` (files of lines of this membre) hold the numbers that may stand behind a
    SIRET rounded by a spreadsheet. `nomenclature` holds the familles in force (None = as delivered).
    """

    correspondances: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    base_taxe: BaseTaxe | None = None
    corrections: Sequence[Correction] = ()
    origines: frozenset[str] | None = None
    recu_le: date | None = None
    bases: Mapping[str, BaseTaxe] = field(default_factory=dict)
    siret_membre: str | None = None
    lignes_connues: Sequence[Path] = ()
    nomenclature: Nomenclature | None = None


@dataclass(frozen=True)
class Lecture:
    """The verdict on one file, in one pass: the account, all the anomalies grouped by cause, how its columns were understood.

    `questions` with `bloquante` must be answered (in `Reglages`) before the dépôt is published. `membres_lus` are the SIREN of buyers
    found in the file. `remarques` are French sentences about the whole file. `feuilles` are its sheets (or the files of an archive), read
    or not, when it has several. `nomenclature` is the version of the familles the lines were proposed in.
    """

    nom: str
    comptes: Comptes
    anomalies: tuple[Anomalie, ...]
    tables: tuple[TableLue, ...]
    questions: tuple[Question, ...]
    membres_lus: tuple[str, ...]
    remarques: tuple[str, ...] = ()
    feuilles: tuple[FeuilleLue, ...] = ()
    nomenclature: str = ""


def lire_depot(
    chemin: Path,
    *,
    nom: str,
    depot: str,
    membre: str,
    destination: Path,
    reglages: Reglages | None = None,
    avancement: Avancement | None = None,
    memoire: Path | None = None,
) -> Lecture:
    """Read the file at `chemin` (called `nom` by the person) and write its lines to `destination` (`lignes.parquet`).

    `memoire` is a folder where what was read of many labels is kept from one file to the next; it may be deleted at any time.

    The file is written beside, synchronised, then moved: it is whole or absent. Raises `FichierRefuse` with a French sentence, and then
    nothing is written; `Refus` when the disk is full or when `reglages.origines` names a sheet the file does not have.
    """
    reglages = reglages or Reglages()
    lecteurs = Lecteurs(reglages.nomenclature, memoire)
    registre = Registre(
        nom=nom,
        depot=depot,
        membre=membre,
        correspondances=reglages.correspondances,
        base_taxe=reglages.base_taxe,
        corrections=tuple(reglages.corrections),
        recu_le=reglages.recu_le,
        bases=reglages.bases,
        sirets=SiretsConnus(membre, reglages.siret_membre, tuple(reglages.lignes_connues)),
        lecteurs=lecteurs,
    )
    registre.planifier(lire(chemin, nom), reglages.origines)
    provisoire = destination.with_name(f".{destination.name}.{os.getpid()}.part")
    try:
        with Ecrivain(provisoire) as fichier:
            _ecrire_blocs(fichier, registre, avancement)
        comptes, anomalies = registre.conclure()
        _synchroniser(provisoire)
        provisoire.replace(destination)
        _synchroniser(destination.parent)
    except BaseException as panne:
        provisoire.unlink(missing_ok=True)
        if isinstance(panne, OSError) and panne.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refus(
                f"Il n'y a plus assez de place pour enregistrer « {nom} ». Rien n'a été gardé : prévenez votre administrateur."
            ) from panne
        raise
    lecteurs.enregistrer()
    return Lecture(
        nom=nom,
        comptes=comptes,
        anomalies=anomalies,
        tables=registre.tables,
        questions=registre.questions,
        membres_lus=tuple(sorted(registre.membres_lus)),
        remarques=registre.remarques(),
        feuilles=registre.feuilles,
        nomenclature=(reglages.nomenclature or livree()).version,
    )


def _ecrire_blocs(fichier: Ecrivain, registre: Registre, avancement: Avancement | None) -> None:
    """Write each block while the next is worked on: never more than two in memory. The thread ends before the file is closed."""
    with ThreadPoolExecutor(1) as ecrivain:
        ecriture: Future[None] | None = None
        for bloc in registre.traiter_blocs():
            if ecriture:
                ecriture.result()
            ecriture = ecrivain.submit(fichier.ecrire, bloc)
            if avancement:
                avancement(registre.lues, None)
        if ecriture:
            ecriture.result()


def _synchroniser(chemin: Path) -> None:
    """Have the file, or the folder that names it, really on the disk before anybody is told that it is there."""
    descripteur = os.open(chemin, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)
