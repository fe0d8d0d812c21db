"""What the reading of a file said (kept as JSON in the club store) as the things a page shows: columns, questions, anomalies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api import formats
from ingest.anomalies import format_lignes
from ingest.schema import find_champ, load_champs

SUR = 0.85
"""Confidence from which a column needs no look."""


@dataclass(frozen=True)
class ColonneVue:
    """One column of the file: `champ` is what we read in it ("" = ignored), `titre` in words, `avis` how sure we are."""

    nom: str
    entete: str
    exemples: str
    champ: str
    titre: str
    avis: str
    sur: bool


@dataclass(frozen=True)
class TableVue:
    """One sheet or table of the file, and how it was understood."""

    origine: str
    signature: str
    colonnes: tuple[ColonneVue, ...]
    remarques: tuple[str, ...]
    est_tableur: bool
    base_taxe: str

    @property
    def lues(self) -> tuple[ColonneVue, ...]:
        """The columns something is read from."""
        return tuple(colonne for colonne in self.colonnes if colonne.champ)

    @property
    def ignorees(self) -> tuple[ColonneVue, ...]:
        """The columns nothing is read from."""
        return tuple(colonne for colonne in self.colonnes if not colonne.champ)


@dataclass(frozen=True)
class QuestionVue:
    """Something only a person can say; `champ` is the field it is about, `nom` the name of its answer in the form."""

    code: str
    texte: str
    champ: str
    nom: str
    table: int
    choix: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AnomalieVue:
    """One cause: on how many lines, which, the sentence, what tells it from the others (`code` and `colonne`), and the word
    of its link (`geste`)."""

    code: str
    colonne: str
    nombre: str
    lignes: str
    message: str
    bloquante: bool
    geste: str


def tables(verdict: Mapping[str, Any]) -> tuple[TableVue, ...]:
    """The tables of the file, in its order."""
    return tuple(_table(rang, table) for rang, table in enumerate(verdict.get("tables", [])))


def questions(verdict: Mapping[str, Any]) -> tuple[QuestionVue, ...]:
    """The questions that keep the dépôt from being published."""
    signatures = [table["signature"] for table in verdict.get("tables", [])]
    posees: dict[str, QuestionVue] = {}
    for question in verdict.get("questions", []):
        if not question["bloquante"]:
            continue
        table = signatures.index(question["signature"]) if question["signature"] in signatures else 0
        champ = question["champ"] or ""
        nom = question["code"] if question["champ"] is None else f"reponse-{table}-{champ}"
        choix = tuple((str(choix["valeur"]), str(choix["libelle"])) for choix in question["choix"])
        posees.setdefault(nom, QuestionVue(question["code"], question["texte"], champ, nom, table, choix))
    return tuple(posees.values())


def anomalies(verdict: Mapping[str, Any]) -> tuple[AnomalieVue, ...]:
    """The causes, blocking ones first, then those met on most lines."""
    rangees = sorted(verdict.get("anomalies", []), key=lambda anomalie: (not anomalie["bloquante"], -len(anomalie["lignes"])))
    return tuple(
        AnomalieVue(
            code=anomalie["code"],
            colonne=anomalie["colonne"] or "",
            nombre=formats.pluriel(len(anomalie["lignes"]), "ligne"),
            lignes=_lieu(anomalie),
            message=anomalie["message"],
            bloquante=anomalie["bloquante"],
            geste="Corriger ces lignes" if len(anomalie["lignes"]) > 1 else "Corriger",
        )
        for anomalie in rangees
    )


def options_de_champs() -> tuple[tuple[str, str], ...]:
    """What a column may be: every field of the schema by its title, and « ne pas lire »."""
    return (("", "ne pas lire cette colonne"), *((champ.nom, champ.titre) for champ in load_champs()))


def _table(rang: int, table: Mapping[str, Any]) -> TableVue:
    return TableVue(
        origine=table["origine"],
        signature=table["signature"],
        colonnes=tuple(_colonne(f"colonne-{rang}-{place}", colonne) for place, colonne in enumerate(table["colonnes"])),
        remarques=tuple(table["remarques"]),
        est_tableur=str(table["genre"]).lower() == "tableur",
        base_taxe=table.get("base_taxe") or "",
    )


def _colonne(nom: str, colonne: Mapping[str, Any]) -> ColonneVue:
    champ = colonne["champ"]
    sur = colonne["confiance"] >= SUR
    return ColonneVue(
        nom=nom,
        entete=colonne["entete"],
        exemples=" · ".join(colonne["exemples"]),
        champ=champ,
        titre=find_champ(champ).titre if champ else "",
        avis=_avis(colonne, sur),
        sur=sur,
    )


def _avis(colonne: Mapping[str, Any], sur: bool) -> str:
    if not colonne["champ"]:
        return "ignorée"
    if colonne["raison"] == "confirmé":
        return "confirmé par vous"
    if colonne["raison"] == "format":
        return "dit par le fichier"
    return "sûr" if sur else "à vérifier"


def _lieu(anomalie: Mapping[str, Any]) -> str:
    lignes = format_lignes(anomalie["lignes"])
    return f"{lignes} de « {anomalie['origine']} »" if anomalie["origine"] else lignes
