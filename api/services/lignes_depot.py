"""The lines of one dépôt, for who may read them: what became of each, and those that wait with their original cells."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from api.club.modeles import Depot, EtatDepot
from api.maison import Maison
from api.services import depots
from api.visiteur import Permission, Visiteur
from ingest.corrections import Correction, regles_de_valeurs
from ingest.publication import statuer
from ingest.schema import SCHEMA_LIGNES
from ingest.vocabulaire import Statut

COLONNES = (
    "origine",
    "ligne",
    "motif",
    "date",
    "fournisseur",
    "libelle",
    "quantite",
    "unite",
    "prix_unitaire_ht",
    "montant_ht",
    "montant_ttc",
    "famille",
)


@dataclass(frozen=True)
class Defaut:
    """One blocking anomaly of one line: `colonne` is the header as the person wrote it."""

    code: str
    colonne: str
    message: str


@dataclass(frozen=True)
class LigneEnAttente:
    """A line to correct: by header, its cells as they stand (`cellules`) and as rules on values have them read (`lues`)."""

    origine: str
    ligne: int
    cellules: Mapping[str, str]
    lues: Mapping[str, str]
    defauts: tuple[Defaut, ...]


def lire_lignes(
    maison: Maison, visiteur: Visiteur, identifiant: str, statut: Statut, *, debut: int = 0, nombre: int = 100
) -> tuple[int, list[dict[str, Any]]]:
    """How many lines of a dépôt have this statut, and `nombre` of them from `debut`: columns `COLONNES`.

    The statut is the final one, which depends on the dépôts published before it; before publication, the one it would have.
    """
    visiteur.verifie(Permission.LIRE_LIGNES)
    depot = depots.depot(maison, visiteur, identifiant)
    choisies = lignes_statuees(maison, depot).filter(pl.col("statut") == str(statut)).select(COLONNES).collect()
    return choisies.height, choisies.slice(debut, nombre).to_dicts()


def lignes_statuees(maison: Maison, depot: Depot) -> pl.LazyFrame:
    """All the lines of a dépôt (`SCHEMA_LIGNES`) with the statut they have, or would have once it is published."""
    chemin = maison.lignes(depot.id, depot.lecture)
    if not chemin.exists():
        return pl.LazyFrame(schema=SCHEMA_LIGNES)
    if depot.etat == EtatDepot.RETIRE:
        return pl.scan_parquet(chemin)
    return statuer(depots.ensemble(maison, depot)).filter(pl.col("depot") == depot.id)


def anomalies_vivantes(maison: Maison, depot: Depot) -> list[dict[str, Any]]:
    """The anomalies of the verdict, less the lines that an earlier dépôt already holds: those wait, or were accepted, over there."""
    presentes: list[dict[str, Any]] = list((depot.verdict or {}).get("anomalies", []))
    if not presentes:
        return []
    connues = lignes_statuees(maison, depot).filter(pl.col("statut") == Statut.IDENTIQUE).select("origine", "ligne").collect()
    if connues.is_empty():
        return presentes
    lieux = set(connues.iter_rows())
    restes = (
        {**anomalie, "lignes": [ligne for ligne in anomalie["lignes"] if (anomalie.get("origine") or "", ligne) not in lieux]}
        for anomalie in presentes
    )
    return [anomalie for anomalie in restes if anomalie["lignes"]]


def trame_en_attente(maison: Maison, visiteur: Visiteur, depot: Depot) -> pl.DataFrame:
    """The lines of a dépôt that wait to be corrected, in the order of the file: `origine`, `ligne`, `brut`, `anomalies` (blocking ones)."""
    visiteur.verifie(Permission.LIRE_LIGNES)
    chemin = maison.lignes(depot.id, depot.lecture)
    bloquantes = pl.col("anomalies").list.filter(pl.element().struct.field("bloquante"))
    return pl.scan_parquet(chemin).filter(pl.col("statut") == Statut.A_CORRIGER).select("origine", "ligne", "brut", bloquantes).collect()


def de_cause(trame: pl.DataFrame, code: str) -> pl.DataFrame:
    """Those of these lines that wait for this cause among others."""
    return trame.filter(pl.col("anomalies").list.eval(pl.element().struct.field("code") == code).list.any())


def des_lieux(trame: pl.DataFrame, lieux: Iterable[tuple[str, int]]) -> pl.DataFrame:
    """Those of these lines that stand there (origine, line)."""
    voulues = pl.DataFrame(list(lieux), schema={"origine": pl.String, "ligne": pl.Int64}, orient="row").unique()
    return trame.join(voulues, on=["origine", "ligne"], how="semi", maintain_order="left")


def montrer_en_attente(trame: pl.DataFrame, depot: Depot) -> list[LigneEnAttente]:
    """These lines with their cells, as a page shows them: give it a page of lines, not fifty thousand."""
    regles = _regles_par_entete(depot)
    return [_en_attente(ligne, regles) for ligne in trame.iter_rows(named=True)]


def corrections_de(depot: Depot) -> list[Correction]:
    """The corrections made to a dépôt so far, oldest first."""
    return [Correction(**correction) for correction in depot.reglages.get("corrections", ())]


def champs_de(depot: Depot) -> dict[str, str]:
    """Header → field, for all the columns of the file that are used."""
    tables: Sequence[Mapping[str, Any]] = (depot.verdict or {}).get("tables", [])
    return {colonne["entete"]: colonne["champ"] for table in tables for colonne in table["colonnes"] if colonne["champ"]}


def _en_attente(ligne: Mapping[str, Any], regles: Mapping[str, Mapping[str, str]]) -> LigneEnAttente:
    brutes: dict[str, str | None] = json.loads(ligne["brut"] or "{}")
    cellules = {entete: cellule or "" for entete, cellule in brutes.items()}
    lues = {entete: regles.get(entete, {}).get(cellule, cellule) for entete, cellule in cellules.items()}
    defauts = tuple(Defaut(anomalie["code"], anomalie["colonne"] or "", anomalie["message"]) for anomalie in ligne["anomalies"])
    return LigneEnAttente(ligne["origine"], ligne["ligne"], cellules, lues, defauts)


def _regles_par_entete(depot: Depot) -> dict[str, dict[str, str]]:
    """The rules on values, by header: cells are kept as they were in the file, and read otherwise."""
    regles = regles_de_valeurs(corrections_de(depot))
    return {entete: regles[champ] for entete, champ in champs_de(depot).items() if champ in regles}
