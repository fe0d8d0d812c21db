"""What is published is derived from the list of dépôts in their order: a dépôt withdrawn leaves no trace, a preview is the result."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import polars as pl

from ingest.schema import SCHEMA_LIGNES
from ingest.vocabulaire import Statut


class Doublons(StrEnum):
    """What to do with lines of a new dépôt that earlier ones already hold."""

    IGNORER = "ignorer"  # identical lines are not counted twice, the others are added
    CREER = "creer"  # everything is added: these are other purchases that look alike
    REMPLACER = "remplacer"  # identical lines are not counted twice, a changed line takes the place of the old one


@dataclass(frozen=True)
class DepotPublie:
    """One dépôt of the manifest: `rang` is its place in the order of arrival, unique within a membre; `chemin` its lignes.parquet."""

    depot: str
    membre: str
    rang: int
    chemin: Path
    doublons: Doublons = Doublons.IGNORER


@dataclass(frozen=True)
class Comparaison:
    """What publishing a dépôt would do; `lues = a_creer + a_modifier + identiques + a_corriger + ecartees`.

    `connues_autrement` counts the lines to create whose natural key already exists with other values (they would be modified under
    REMPLACER); `identiques_ailleurs` those that another membre already sent word for word.
    """

    lues: int
    a_creer: int
    a_modifier: int
    identiques: int
    a_corriger: int
    ecartees: int
    connues_autrement: int = 0
    identiques_ailleurs: int = 0

    def __post_init__(self) -> None:
        total = self.a_creer + self.a_modifier + self.identiques + self.a_corriger + self.ecartees
        if total != self.lues:
            raise AssertionError(f"{self.lues} lines but {total} accounted for: {self}")


MOTIF_REMPLACEE = "remplacee"
MOTIF_IDENTIQUE = "identique"
_ACTIVES = (Statut.RETENUE, Statut.A_CORRIGER)


def statuer(depots: Sequence[DepotPublie]) -> pl.LazyFrame:
    """Give every line of every dépôt (columns of `ingest.schema.SCHEMA_LIGNES`) with its final `statut` and `motif`.

    Within one membre, in the order of `rang`: a line whose `empreinte` is live in an earlier dépôt becomes IDENTIQUE (unless its
    dépôt says CREER); with REMPLACER, a valid line sets aside the live lines of the same `cle` (ECARTEE, `remplacee`).
    The order of the sequence does not matter, only `rang` does. Nothing is read before the frame is collected, except the columns
    needed to decide.
    """
    if not depots:
        return pl.LazyFrame(schema=SCHEMA_LIGNES)
    decisions = decider(depots)
    return pl.concat([_appliquer(depot, decisions[depot.depot]) for depot in _ordonner(depots)])


def comparer(candidat: DepotPublie, publies: Sequence[DepotPublie]) -> Comparaison:
    """Say what publishing `candidat` after `publies` would do, by the code that `statuer` runs: the preview is the result."""
    memes = [depot for depot in publies if depot.membre == candidat.membre and depot.depot != candidat.depot]
    autres = [depot for depot in publies if depot.membre != candidat.membre]
    rang = max([candidat.rang, *(depot.rang + 1 for depot in memes)])
    place = replace(candidat, rang=rang)
    jeu = _jouer([*memes, place])
    lignes = _lire_cles(place)
    final = lignes.join(jeu.changements[place.depot], on="empreinte", how="left").with_columns(
        pl.coalesce("statut_final", "statut").alias("final")
    )
    par_final = dict(final["final"].value_counts().iter_rows())
    modifie = jeu.remplacements[place.depot]
    connues = (
        0
        if candidat.doublons is Doublons.REMPLACER
        else _jouer([*memes, replace(place, doublons=Doublons.REMPLACER)]).remplacements[place.depot]
    )
    return Comparaison(
        lues=lignes.height,
        a_creer=par_final.get(Statut.RETENUE, 0) - modifie,
        a_modifier=modifie,
        identiques=par_final.get(Statut.IDENTIQUE, 0),
        a_corriger=par_final.get(Statut.A_CORRIGER, 0),
        ecartees=par_final.get(Statut.ECARTEE, 0),
        connues_autrement=connues,
        identiques_ailleurs=lignes.filter(pl.col("statut").is_in(_ACTIVES)).join(_empreintes(autres), on="empreinte", how="semi").height,
    )


def decider(depots: Sequence[DepotPublie]) -> dict[str, pl.DataFrame]:
    """Give, dépôt by dépôt, the lines whose statut changes: columns `empreinte`, `statut_final`, `motif_final`."""
    decisions: dict[str, pl.DataFrame] = {}
    for membre in sorted({depot.membre for depot in depots}):
        decisions |= _jouer([depot for depot in depots if depot.membre == membre]).changements
    return decisions


_CHANGEMENTS = {"empreinte": pl.String, "statut_final": pl.String, "motif_final": pl.String}
_VIVANTES = {"depot": pl.String, "empreinte": pl.String, "cle": pl.String}


@dataclass(frozen=True)
class _Jeu:
    """What playing the dépôts of one membre gives: the lines that change in each, and how many lines each one replaced."""

    changements: dict[str, pl.DataFrame]
    remplacements: dict[str, int]


def _jouer(depots: Sequence[DepotPublie]) -> _Jeu:
    """Play the dépôts of one membre in the order of their rank."""
    changements: dict[str, list[pl.DataFrame]] = {depot.depot: [pl.DataFrame(schema=_CHANGEMENTS)] for depot in depots}
    remplacements = dict.fromkeys(changements, 0)
    vivantes = pl.DataFrame(schema=_VIVANTES)
    for depot in _ordonner(depots):
        toutes = _lire_cles(depot)
        lignes = toutes.filter(pl.col("statut").is_in(_ACTIVES))
        if depot.doublons is not Doublons.CREER and vivantes.height:
            identiques = lignes.join(vivantes, on="empreinte", how="semi")
            changements[depot.depot].append(_changer(identiques, Statut.IDENTIQUE, MOTIF_IDENTIQUE))
            lignes = lignes.join(identiques, on="empreinte", how="anti", maintain_order="left")
        if depot.doublons is Doublons.REMPLACER and vivantes.height:
            nouvelles = lignes.filter(pl.col("statut") == Statut.RETENUE)
            remplacees = _apparier(vivantes.join(toutes, on="empreinte", how="anti", maintain_order="left"), nouvelles)
            remplacements[depot.depot] = remplacees.height
            for (ancien,), lot in remplacees.group_by("depot"):
                changements[str(ancien)].append(_changer(lot, Statut.ECARTEE, MOTIF_REMPLACEE))
            vivantes = vivantes.join(remplacees, on=["depot", "empreinte"], how="anti", maintain_order="left")
        vivantes = pl.concat([vivantes, lignes.select(pl.lit(depot.depot).alias("depot"), "empreinte", "cle")])
    return _Jeu({nom: pl.concat(liste) for nom, liste in changements.items()}, remplacements)


def _apparier(anciennes: pl.DataFrame, nouvelles: pl.DataFrame) -> pl.DataFrame:
    """Give the live lines that new ones replace: one for one, in order, among those that bear the same name.

    Lines that the new file repeats word for word are not candidates: of two lines of one document that only differ by quantity, the one
    that changed is replaced and the other stays.
    """

    def numeroter(lignes: pl.DataFrame) -> pl.DataFrame:
        nom = pl.col("cle").str.replace(r"-\d+$", "")
        return lignes.with_columns(nom.alias("nom"), pl.int_range(pl.len()).over(nom).alias("numero"))

    return numeroter(anciennes).join(numeroter(nouvelles), on=["nom", "numero"], how="semi", maintain_order="left")


def _changer(lignes: pl.DataFrame, statut: Statut, motif: str) -> pl.DataFrame:
    return lignes.select("empreinte", pl.lit(str(statut)).alias("statut_final"), pl.lit(motif).alias("motif_final"))


def _appliquer(depot: DepotPublie, changements: pl.DataFrame) -> pl.LazyFrame:
    lignes = pl.scan_parquet(depot.chemin)
    if changements.is_empty():
        return lignes
    colonnes = lignes.collect_schema().names()
    return (
        lignes.join(changements.lazy(), on="empreinte", how="left", maintain_order="left")
        .with_columns(pl.coalesce("statut_final", "statut").alias("statut"), pl.coalesce("motif_final", "motif").alias("motif"))
        .select(colonnes)
    )


def _lire_cles(depot: DepotPublie) -> pl.DataFrame:
    return pl.read_parquet(depot.chemin, columns=["empreinte", "cle", "statut"])


def _empreintes(depots: Sequence[DepotPublie]) -> pl.DataFrame:
    if not depots:
        return pl.DataFrame(schema={"empreinte": pl.String})
    return pl.concat([_lire_cles(depot).filter(pl.col("statut").is_in(_ACTIVES)).select("empreinte") for depot in depots]).unique()


def _ordonner(depots: Sequence[DepotPublie]) -> list[DepotPublie]:
    return sorted(depots, key=lambda depot: (depot.membre, depot.rang, depot.depot))
