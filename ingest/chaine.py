"""From a received file to the lines of a dépôt: read, map, correct, type, check, understand packaging, classify, fingerprint, write, account."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from ingest.anomalies import Anomalie
from ingest.bilan import Comptes, compter
from ingest.controles_constats import SCHEMA_CONSTATS, grouper
from ingest.corrections import Correction
from ingest.correspondance import Question, TableLue, avec_lues, proposer, signer
from ingest.empreintes import Empreintes
from ingest.enrichissement import Enrichissement
from ingest.erreurs import FichierRefuse
from ingest.lecture import Genre, TableBrute, lire
from ingest.schema import SCHEMA_LIGNES, TypeChamp, find_champ
from ingest.traitement import Plan, traiter
from ingest.typage import detecter_style
from ingest.vocabulaire import BaseTaxe

__all__ = ["Correction", "Lecture", "Question", "Reglages", "TableLue", "lire_depot"]

ECHANTILLON = 2000
"""Lines looked at to understand the columns."""

Avancement = Callable[[int, int | None], None]
"""Called with the lines done, and the lines in all when the reader knows them."""


@dataclass(frozen=True)
class Reglages:
    """What a person has decided about this file, or earlier about files with the same headers.

    `correspondances` gives, by signature of headers, the field of each header ("" = ignored); headers it does not name keep the proposal.
    `base_taxe` answers « HT ou TTC ? » for columns whose header does not say. `corrections` are replayed before typing. `origines` keeps
    only these sheets (None = all the useful ones). `recu_le` is the day the file was received: a later date in it is suspect.
    """

    correspondances: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    base_taxe: BaseTaxe | None = None
    corrections: Sequence[Correction] = ()
    origines: frozenset[str] | None = None
    recu_le: date | None = None


@dataclass(frozen=True)
class Lecture:
    """The verdict on one file, in one pass: the account, all the anomalies grouped by cause, how its columns were understood.

    `questions` with `bloquante` must be answered (in `Reglages`) before the dépôt is published. `membres_lus` are the SIREN of buyers
    found in the file. `remarques` are French sentences about the whole file.
    """

    nom: str
    comptes: Comptes
    anomalies: tuple[Anomalie, ...]
    tables: tuple[TableLue, ...]
    questions: tuple[Question, ...]
    membres_lus: tuple[str, ...]
    remarques: tuple[str, ...] = ()


def lire_depot(
    chemin: Path,
    *,
    nom: str,
    depot: str,
    membre: str,
    destination: Path,
    reglages: Reglages | None = None,
    avancement: Avancement | None = None,
) -> Lecture:
    """Read the file at `chemin` (called `nom` by the person) and write its lines to `destination` (`lignes.parquet`).

    The file is written beside, synchronised, then moved: it is whole or absent. Raises `FichierRefuse` with a French sentence, and then
    nothing is written.
    """
    reglages = reglages or Reglages()
    tables = [table for table in lire(chemin, nom) if reglages.origines is None or table.origine in reglages.origines]
    registre = _Registre(depot, membre, reglages, avancement)
    provisoire = destination.with_name(f".{destination.name}.{os.getpid()}.part")
    try:
        with pq.ParquetWriter(provisoire, _schema_arrow(), compression="zstd", compression_level=1) as parquet:
            for table in tables:
                for lignes in registre.lire_table(table):
                    parquet.write_table(lignes.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(_schema_arrow()))
        lecture = registre.conclure(nom)
        _synchroniser(provisoire)
        provisoire.replace(destination)
        _synchroniser(destination.parent)
    except BaseException:
        provisoire.unlink(missing_ok=True)
        raise
    return lecture


class _Registre:
    """Keeps the account while the tables of one file go by."""

    def __init__(self, depot: str, membre: str, reglages: Reglages, avancement: Avancement | None) -> None:
        self.depot, self.membre, self.reglages = depot, membre, reglages
        self.avancement = avancement or (lambda fait, total: None)
        self.empreintes, self.enrichissement = Empreintes(), Enrichissement()
        self.lues = 0
        self.par_statut: Counter[str] = Counter()
        self.constats: list[pl.DataFrame] = []
        self.tables: list[TableLue] = []
        self.questions: list[Question] = []
        self.membres_lus: set[str] = set()

    def lire_table(self, table: TableBrute) -> Iterator[pl.DataFrame]:
        """Give the typed lines of one table, block after block; the first block decides how its columns are understood."""
        blocs = table.blocs()
        premier = next(blocs, None)
        if premier is None:
            return
        plan = self._planifier(table, premier)
        lues = 0
        for bloc in _enchainer(premier, blocs):
            lignes, constats = traiter(bloc, plan)
            lues += bloc.height
            self.lues += bloc.height
            self.par_statut.update(dict(lignes["statut"].value_counts().iter_rows()))
            if constats.height:
                self.constats.append(constats.with_columns(pl.lit(table.origine).alias("origine")))
            self.avancement(self.lues, None)
            yield lignes
        self.membres_lus |= plan.membres_lus
        self.tables.append(avec_lues(plan.table, lues))

    def _planifier(self, table: TableBrute, premier: pl.DataFrame) -> Plan:
        echantillon = premier.filter(pl.col("ecart").is_null())
        confirmee = self.reglages.correspondances.get(signer(table.entetes))
        lue, questions = proposer(
            table, echantillon.head(ECHANTILLON), confirmee=confirmee, base_taxe=self.reglages.base_taxe, membre=self.membre
        )
        self.questions += questions
        return Plan(
            depot=self.depot,
            membre=self.membre,
            table=lue,
            base=lue.base_taxe or BaseTaxe.HT,
            corrections=tuple(self.reglages.corrections),
            styles={
                champ: detecter_style(echantillon[entete])
                for champ, entete in lue.champs.items()
                if find_champ(champ).type is TypeChamp.NOMBRE and table.genre is Genre.TABLEUR
            },
            recu_le=self.reglages.recu_le,
            empreintes=self.empreintes,
            enrichissement=self.enrichissement,
        )

    def conclure(self, nom: str) -> Lecture:
        """Check the account and give the verdict; a file in which nothing was understood is refused."""
        comprises = [table for table in self.tables if _est_comprise(table)]
        if not self.lues:
            raise FichierRefuse(
                f"« {nom} » ne contient aucune ligne d'achat : vérifiez que vous avez exporté le bon écran de votre logiciel."
            )
        if not comprises and not self.reglages.correspondances:
            raise FichierRefuse(_dire_incompris(nom, self.tables))
        constats = pl.concat(self.constats) if self.constats else pl.DataFrame(schema={**SCHEMA_CONSTATS, "origine": pl.String})
        return Lecture(
            nom=nom,
            comptes=compter(self.lues, self.par_statut),
            anomalies=grouper(constats),
            tables=tuple(self.tables),
            questions=tuple(self.questions),
            membres_lus=tuple(sorted(self.membres_lus)),
        )


def _enchainer(premier: pl.DataFrame, suite: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    yield premier
    yield from suite


def _est_comprise(table: TableLue) -> bool:
    """Whether a table looks like purchases at all: something that says what or from whom, and something that says how much."""
    champs = set(table.champs)
    return bool(champs & {"libelle", "fournisseur", "reference"}) and bool(champs & _MONTANTS)


_MONTANTS = {"montant", "montant_ht", "montant_ttc", "prix_unitaire", "prix_unitaire_ht", "prix_unitaire_ttc"}


def _dire_incompris(nom: str, tables: Sequence[TableLue]) -> str:
    entetes = [entete for table in tables for entete in table.entetes][:8]
    vues = ", ".join(f"« {entete} »" for entete in entetes)
    return (
        f"« {nom} » ne ressemble pas à une liste d'achats : nous attendions au moins une désignation ou un fournisseur, et un montant ; "
        f"nous avons lu les colonnes {vues}. Choisissez un export des factures ou des mandats, ou utilisez notre modèle."
    )


def _schema_arrow() -> object:
    return pl.DataFrame(schema=SCHEMA_LIGNES).to_arrow(compat_level=pl.CompatLevel.oldest()).schema


def _synchroniser(chemin: Path) -> None:
    """Have the file, or the folder that names it, really on the disk before anybody is told that it is there."""
    descripteur = os.open(chemin, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)
