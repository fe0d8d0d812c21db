"""The lines of a dépôt leave in a file: those set aside as they were, with the rule that did it; the others as they were read."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from api import formats
from api.maison import Maison
from api.services import depots
from api.services.lignes_depot import champs_de, lignes_statuees
from api.visiteur import Permission, Visiteur
from ingest.corrections import write_tableau_csv, write_tableau_xlsx
from ingest.erreurs import Refus
from ingest.lecture.table import LIBELLES_ECART
from ingest.modele import MOTIF_EXEMPLE
from ingest.publication import MOTIF_REMPLACEE
from ingest.schema import find_champ
from ingest.vocabulaire import Statut

LIGNES_MAX_CLASSEUR = 20_000
"""A workbook of so many lines takes some four seconds; beyond, the text file is made at once."""
MOTIFS: Mapping[str, str] = {
    **{str(ecart): libelle for ecart, libelle in LIBELLES_ECART.items()},
    MOTIF_REMPLACEE: "Remplacée par une ligne d’un dépôt plus récent",
    MOTIF_EXEMPLE: "Ligne d’exemple du modèle",
    "donnee_personnelle": "Compte de personnel ou d’aide à des personnes : ce n’est pas un achat, le nom a été retiré",
}
"""Why a line was set aside, in words."""
LUES = (
    "date", "fournisseur", "fournisseur_siret", "piece", "libelle", "reference", "quantite", "unite", "prix_unitaire_ht", "montant_ht",
    "montant_ttc", "taux_tva", "compte", "code_cpv", "marche", "service",
)  # fmt: skip
"""Columns of a line as it was read."""
FEUILLE, LIGNE, POURQUOI = "Feuille ou fichier", "Ligne", "Pourquoi"


def ecrire_lignes(maison: Maison, visiteur: Visiteur, identifiant: str, statut: Statut, destination: Path, forme: str) -> int:
    """Write the lines of a dépôt that have this statut as `csv` or `xlsx`; returns how many.

    Raises `Refus` for a workbook of more than `LIGNES_MAX_CLASSEUR` lines.
    """
    visiteur.verifie(Permission.LIRE_LIGNES)
    depot = depots.depot(maison, visiteur, identifiant)
    lignes = lignes_statuees(maison, depot).filter(pl.col("statut") == str(statut)).collect()
    entetes, rangees = _ecartees(lignes, champs_de(depot)) if statut is Statut.ECARTEE else _lues(lignes)
    if forme == "csv":
        write_tableau_csv(entetes, rangees, destination)
    elif lignes.height > LIGNES_MAX_CLASSEUR:
        limite = formats.entier(LIGNES_MAX_CLASSEUR)
        raise Refus(f"Ces {formats.entier(lignes.height)} lignes dépassent {limite} : téléchargez-les en CSV, votre tableur l'ouvrira.")
    else:
        write_tableau_xlsx(entetes, rangees, destination, str(statut).capitalize())
    return lignes.height


def _lues(lignes: pl.DataFrame) -> tuple[tuple[str, ...], Iterator[tuple[str, ...]]]:
    entetes = (FEUILLE, LIGNE, *(find_champ(nom).titre for nom in LUES))
    choisies = lignes.select("origine", "ligne", *LUES)
    return entetes, (tuple(_ecrire(valeur) for valeur in rangee) for rangee in choisies.iter_rows())


def _ecartees(lignes: pl.DataFrame, champs: Mapping[str, str]) -> tuple[tuple[str, ...], Iterator[tuple[str, ...]]]:
    """The original cells, under the headers of the file; those of a line that was sound are rendered from what was read in them."""
    brutes: list[dict[str, Any]] = [json.loads(brut) if brut else {} for brut in lignes["brut"].to_list()]
    propres = tuple(dict.fromkeys(entete for brut in brutes for entete in brut)) or tuple(champs)
    connues = {entete: champ for entete, champ in champs.items() if entete in propres and champ in lignes.columns}

    def rangees() -> Iterator[tuple[str, ...]]:
        for ligne, brut in zip(lignes.iter_rows(named=True), brutes, strict=True):
            cellules = brut or {entete: _ecrire(ligne[champ]) for entete, champ in connues.items()}
            pourquoi = MOTIFS.get(ligne["motif"] or "", "")
            yield (ligne["origine"] or "", str(ligne["ligne"]), *(cellules.get(entete) or "" for entete in propres), pourquoi)

    return _sans_doublon((FEUILLE, LIGNE), propres), rangees()


def _sans_doublon(debut: Sequence[str], propres: Sequence[str]) -> tuple[str, ...]:
    return (*(f"{nom} du dépôt" if nom in propres else nom for nom in debut), *propres, POURQUOI)


def _ecrire(valeur: Any) -> str:
    if valeur is None:
        return ""
    if isinstance(valeur, Decimal):
        return f"{valeur.normalize():f}".replace(".", ",")
    return formats.date_courte(valeur) if hasattr(valeur, "isoformat") else str(valeur)
