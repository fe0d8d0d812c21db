"""One schema, four uses: types of the published lines, recognition of columns, template, documentation."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

import polars as pl
import yaml

_HORS_MOT: Final = re.compile(r"[^a-z0-9]+")

ANOMALIE_STRUCT: Final = pl.Struct(
    {
        "code": pl.String,
        "colonne": pl.String,
        "lu": pl.String,
        "attendu": pl.String,
        "message": pl.String,
        "bloquante": pl.Boolean,
    }
)

SCHEMA_LIGNES: Final[dict[str, pl.DataType]] = {
    "depot": pl.String(),
    "origine": pl.String(),
    "ligne": pl.Int64(),
    "statut": pl.String(),
    "motif": pl.String(),
    "nature": pl.String(),
    "membre": pl.String(),
    "date": pl.Date(),
    "fournisseur": pl.String(),
    "fournisseur_siret": pl.String(),
    "piece": pl.String(),
    "libelle": pl.String(),
    "reference": pl.String(),
    "gtin": pl.String(),
    "quantite": pl.Decimal(18, 4),
    "unite": pl.String(),
    "prix_unitaire_ht": pl.Decimal(18, 6),
    "prix_unitaire_ttc": pl.Decimal(18, 6),
    "montant_ht": pl.Decimal(18, 2),
    "montant_ttc": pl.Decimal(18, 2),
    "taux_tva": pl.Decimal(5, 2),
    "compte": pl.String(),
    "code_cpv": pl.String(),
    "marche": pl.String(),
    "service": pl.String(),
    "famille": pl.String(),
    "famille_confiance": pl.Float64(),
    "famille_motif": pl.String(),
    "contenu_quantite": pl.Decimal(18, 6),
    "contenu_unite": pl.String(),
    "contenu_derivation": pl.String(),
    "contenu_approx": pl.Boolean(),
    "contenu_confiance": pl.Float64(),
    "contenu_motif": pl.String(),
    "attributs": pl.String(),
    "empreinte": pl.String(),
    "cle": pl.String(),
    "brut": pl.String(),
    "anomalies": pl.List(ANOMALIE_STRUCT),
}
"""Columns of `lignes.parquet`, in order (docs/architecture.md §3): one row per line read, whatever its statut."""


class TypeChamp(StrEnum):
    """How the text of a cell is to be understood."""

    TEXTE = "texte"
    NOMBRE = "nombre"
    DATE = "date"
    SIRET = "siret"
    GTIN = "gtin"
    TAUX = "taux"
    CODE = "code"


class Requis(StrEnum):
    """Whether a line can enter the observatoire without this field."""

    OUI = "oui"
    DEUX_SUR_TROIS = "deux_sur_trois"
    NON = "non"


@dataclass(frozen=True)
class Champ:
    """One field a town hall may give: `titre`, `description`, `exemple`, `attendu` are French sentences shown to people."""

    nom: str
    titre: str
    description: str
    exemple: str
    type: TypeChamp
    requis: Requis
    attendu: str
    modele: bool
    synonymes: tuple[str, ...]


@cache
def load_champs() -> tuple[Champ, ...]:
    """Read `schemas/ligne_achat.yaml`, in the order people see the columns."""
    return tuple(
        Champ(
            nom=brut["nom"],
            titre=brut["titre"],
            description=brut["description"],
            exemple=brut["exemple"],
            type=TypeChamp(brut["type"]),
            requis=Requis(brut["requis"]),
            attendu=brut["attendu"],
            modele=brut["modele"],
            synonymes=tuple(brut["synonymes"]),
        )
        for brut in _load_yaml()["champs"]
    )


@cache
def load_ignores() -> tuple[str, ...]:
    """Headers known to be of no use to us, which must not be taken for one of our fields."""
    return tuple(_load_yaml()["ignores"])


@cache
def _load_yaml() -> dict[str, Any]:
    """Read the file once; by the C parser when it is there, because every process that reads one dépôt pays for it."""
    texte = files("ingest.schemas").joinpath("ligne_achat.yaml").read_text(encoding="utf-8")
    contenu: dict[str, Any] = yaml.load(texte, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe loaders both
    return contenu


def find_champ(nom: str) -> Champ:
    """Give the field of that name; KeyError when the schema has none (a programmer's mistake)."""
    for champ in load_champs():
        if champ.nom == nom:
            return champ
    raise KeyError(nom)


@cache
def mots_d_entete() -> frozenset[str]:
    """Every header known by the schema, folded by `fold_entete`: what the reader uses to find the row of headers."""
    return frozenset(fold_entete(mot) for champ in load_champs() for mot in (champ.nom, champ.titre, *champ.synonymes))


@lru_cache(maxsize=4096)
def fold_entete(texte: str) -> str:
    """Put a header in the form in which headers are compared: no case, accent, punctuation nor space.

    « N° SIRET » → "nsiret", « P.U. H.T. » → "puht", "MontantHT" and "montant_ht" → "montantht", « TVA (%) » → "tva".
    """
    sans_accent = "".join(lettre for lettre in unicodedata.normalize("NFKD", texte) if not unicodedata.combining(lettre))
    return _HORS_MOT.sub("", sans_accent.replace("°", "").lower())
