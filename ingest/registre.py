"""The account of one file while its tables go by: how each was understood, what was read, what was found, what must be asked."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from ingest.anomalies import Anomalie
from ingest.avance import en_avance
from ingest.bilan import Comptes, compter
from ingest.controles_constats import SCHEMA_CONSTATS, grouper
from ingest.corrections import Correction
from ingest.correspondance import Question, TableLue, avec_lues, proposer, signer
from ingest.ecriture import BlocTraite
from ingest.empreintes import Empreintes
from ingest.enrichissement import Enrichissement
from ingest.erreurs import FichierRefuse, Refus
from ingest.feuilles import FeuilleLue, montrer, questionner, reunir
from ingest.lecteurs import Lecteurs
from ingest.lecture import Ecart, Genre, TableBrute
from ingest.lecture.choix import retenir_origines
from ingest.schema import TypeChamp, find_champ
from ingest.sirets_connus import MemoireSirets, SiretsConnus
from ingest.traitement import Plan, enrichir, typer_bloc
from ingest.typage import detecter_style
from ingest.valeurs import Style, lire_siret
from ingest.vocabulaire import BaseTaxe

ECHANTILLON: Final = 2000
"""Lines looked at to understand the columns."""

LIGNES_STYLE: Final = 20_000
"""Lines looked at to know how a column writes its numbers."""

_QUOI: Final = frozenset({"libelle", "fournisseur", "reference"})
_COMBIEN: Final = frozenset({"montant", "montant_ht", "montant_ttc", "prix_unitaire", "prix_unitaire_ht", "prix_unitaire_ttc"})


@dataclass
class _Etude:
    """One table that was understood, its first block at hand and the next ones to come."""

    table: TableBrute
    lue: TableLue
    questions: tuple[Question, ...]
    debut: list[pl.DataFrame]
    suite: Iterator[pl.DataFrame]

    def blocs(self) -> Iterator[pl.DataFrame]:
        """Give the blocks once; the first is not kept."""
        while self.debut:
            yield self.debut.pop()
        yield from (bloc for bloc in self.suite if bloc.height)


class Registre:
    """Reads the tables of one file in two steps: `planifier` looks at the first block of each, `traiter_blocs` goes through all of them."""

    def __init__(
        self,
        *,
        nom: str,
        depot: str,
        membre: str,
        correspondances: Mapping[str, Mapping[str, str]],
        base_taxe: BaseTaxe | None,
        corrections: tuple[Correction, ...],
        recu_le: date | None,
        bases: Mapping[str, BaseTaxe] | None = None,
        sirets: SiretsConnus | None = None,
        lecteurs: Lecteurs | None = None,
    ) -> None:
        self._nom, self._depot, self._membre = nom, depot, membre
        self._correspondances, self._base_taxe = correspondances, base_taxe
        self._corrections, self._recu_le = corrections, recu_le
        self._empreintes = Empreintes()
        self._sirets = MemoireSirets(sirets or SiretsConnus(membre))
        self._bases = bases or {}
        self._lecteurs = lecteurs or Lecteurs()
        self._etudes: list[_Etude] = []
        self._delaissees: list[str] = []
        self._question_feuilles: tuple[Question, ...] = ()
        self.feuilles: tuple[FeuilleLue, ...] = ()
        """The sheets or files this one holds, read or not; none when it has only one."""
        self._acheteurs: set[str] = set()
        self._par_statut: Counter[str] = Counter()
        self._constats: list[pl.DataFrame] = []
        self._tables: list[TableLue] = []
        self._autre_table = 0
        self.lues = 0
        self.membres_lus: set[str] = set()

    def planifier(self, tables: Sequence[TableBrute], origines: Collection[str] | None = None) -> None:
        """Understand the columns of every table. A sheet that is no list of purchases is left out when another is one.

        `origines` are the sheets a person chose: each is read, and nothing is asked about it but its columns.

        Raises `FichierRefuse` when the file has no line, or when nothing in it looks like purchases and no person said how to read it.
        """
        retenues = list(tables) if origines is None else self._choisir(tables, origines)
        for table in retenues:
            blocs = table.blocs()
            premier = next((bloc for bloc in blocs if bloc.height), None)
            if premier is not None:
                self._etudes.append(self._etudier(table, premier, blocs))
        if not self._etudes:
            raise FichierRefuse(
                f"« {self._nom} » ne contient aucune ligne d'achat : vérifiez que vous avez exporté le bon écran de votre logiciel."
            )
        comprises = [etude for etude in self._etudes if _est_comprise(etude.lue) or etude.lue.signature in self._correspondances]
        if not comprises and origines is None:
            raise FichierRefuse(_dire_incompris(self._nom, [etude.lue for etude in self._etudes]))
        certaines = {etude.table.origine for etude in comprises}
        gardees = [etude for etude in self._etudes if etude in comprises or (origines is not None and etude.table.origine not in certaines)]
        self._delaissees = [etude.table.origine for etude in self._etudes if etude not in gardees]
        self._nommer_feuilles(tables, gardees)
        self._question_feuilles = questionner([(etude.table, etude.lue) for etude in gardees]) if origines is None else ()
        self._etudes = gardees

    def traiter_blocs(self) -> Iterator[BlocTraite]:
        """Give the typed lines of all the tables, block after block, and keep the account."""
        for etude in self._etudes:
            plan = self._faire_plan(etude)
            lues = 0
            # Labels are read in plain Python, which leaves another processor free: it types the next block meanwhile.
            for bloc in en_avance(typer_bloc(brut, plan) for brut in en_avance(etude.blocs())):
                traite = enrichir(bloc, plan)
                lues += traite.lignes.height
                self._autre_table += int((traite.lignes["motif"] == Ecart.AUTRE_TABLE).sum())
                self._par_statut.update(dict(traite.lignes["statut"].value_counts().iter_rows()))
                if bloc.constats.height:
                    origines = pl.lit(plan.table.origine) if bloc.origines is None else bloc.origines.gather(bloc.constats["rang"])
                    self._constats.append(bloc.constats.with_columns(origines.alias("origine")))
                self.lues += traite.lignes.height
                yield traite
            self.membres_lus |= plan.membres_lus
            self._tables.append(avec_lues(plan.table, lues))

    def conclure(self) -> tuple[Comptes, tuple[Anomalie, ...]]:
        """Check the account, and say each cause once."""
        constats = pl.concat(self._constats) if self._constats else pl.DataFrame(schema={**SCHEMA_CONSTATS, "origine": pl.String})
        return compter(self.lues, self._par_statut), grouper(constats)

    @property
    def tables(self) -> tuple[TableLue, ...]:
        """How each table was understood, with the number of its lines."""
        return tuple(self._tables)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What must be asked; one question is asked once, even if twelve sheets have the same columns."""
        uniques = {(question.code, question.signature, question.champ): question for etude in self._etudes for question in etude.questions}
        return (*self._question_feuilles, *uniques.values())

    def remarques(self) -> tuple[str, ...]:
        """Sentences about the whole file: what the reader noticed, sheets left out, a buyer who is not the one expected."""
        phrases = [remarque for table in self._tables for remarque in table.remarques]
        phrases += [f"La feuille « {origine} » n'a pas été lue : ce n'est pas une liste d'achats." for origine in self._delaissees]
        if self._autre_table:
            nombre = "1 ligne fait" if self._autre_table == 1 else f"{self._autre_table} lignes font"
            phrases.append(
                f"{nombre} partie d'un second tableau, sous un autre en-tête : elles sont écartées, et comptées comme telles. "
                "Déposez ce tableau dans un fichier à part s'il contient des achats."
            )
        if self.membres_lus and self._membre not in self.membres_lus:
            autres = ", ".join(f"{siren[:3]} {siren[3:6]} {siren[6:]}" for siren in sorted(self.membres_lus))
            phrases.append(
                f"Ce fichier porte le numéro d'un autre acheteur ({autres}) : vérifiez que vous déposez pour la bonne collectivité."
            )
        return tuple(dict.fromkeys(phrases))

    def _choisir(self, tables: Sequence[TableBrute], origines: Collection[str]) -> list[TableBrute]:
        presentes = dict.fromkeys(table.origine for table in _toutes(tables))
        if inconnues := set(origines) - set(presentes):
            noms = ", ".join(f"« {origine} »" for origine in presentes if origine)
            suite = f"Ses feuilles : {noms}." if noms else "Il n'en a qu'une."
            raise Refus(f"« {self._nom} » n'a pas de feuille « {min(inconnues)} ». {suite}")
        return retenir_origines(tables, origines)

    def _nommer_feuilles(self, tables: Sequence[TableBrute], gardees: Sequence[_Etude]) -> None:
        toutes = _toutes(tables)
        if len({table.origine for table in toutes}) < 2:
            return
        lues = {etude.table.origine for etude in gardees}
        self.feuilles = reunir([montrer(table, lue=table.origine in lues) for table in toutes])

    def _etudier(self, table: TableBrute, premier: pl.DataFrame, suite: Iterator[pl.DataFrame]) -> _Etude:
        echantillon = premier.filter(pl.col("ecart").is_null()).head(ECHANTILLON)
        signature = signer(table.entetes)
        confirmee, base = self._correspondances.get(signature), self._base_taxe or self._bases.get(signature)
        lue, questions = proposer(table, echantillon, confirmee=confirmee, base_taxe=base, membre=self._membre)
        if entete := lue.champs.get("membre_siret"):
            lus = (lire_siret(texte).valeur for texte in premier[entete].drop_nulls().unique().to_list())
            self._acheteurs |= {siret[:9] for siret in lus if siret}
        return _Etude(table, lue, questions, [premier], suite)

    def _faire_plan(self, etude: _Etude) -> Plan:
        return Plan(
            depot=self._depot,
            membre=self._membre,
            table=etude.lue,
            base=etude.lue.base_taxe or BaseTaxe.HT,
            corrections=self._corrections,
            styles=_detecter_styles(etude),
            recu_le=self._recu_le,
            empreintes=self._empreintes,
            sirets=self._sirets,
            plusieurs_acheteurs=self._membre in self._acheteurs and len(self._acheteurs) > 1,
            enrichissement=Enrichissement(self._lecteurs),
        )


def _toutes(tables: Sequence[TableBrute]) -> list[TableBrute]:
    return [*tables, *(autre for table in tables for autre in table.autres)]


def _detecter_styles(etude: _Etude) -> dict[str, Style]:
    """How each column of numbers is written; formats made by machines always use a point."""
    if etude.table.genre is not Genre.TABLEUR:
        return {}
    nombres = {champ: entete for champ, entete in etude.lue.champs.items() if find_champ(champ).type is TypeChamp.NOMBRE}
    return {champ: detecter_style(etude.debut[0][entete].head(LIGNES_STYLE)) for champ, entete in nombres.items()}


def _est_comprise(table: TableLue) -> bool:
    """Whether a table looks like purchases at all: something that says what or from whom, and something that says how much."""
    return bool(_QUOI & set(table.champs)) and bool(_COMBIEN & set(table.champs))


def _dire_incompris(nom: str, tables: Sequence[TableLue]) -> str:
    vues = ", ".join(f"« {entete} »" for entete in [entete for table in tables for entete in table.entetes][:8])
    return (
        f"« {nom} » ne ressemble pas à une liste d'achats : nous attendions au moins une désignation ou un fournisseur, et un montant ; "
        f"nous avons lu les colonnes {vues}. Choisissez un export des factures ou des mandats, ou utilisez notre modèle."
    )
