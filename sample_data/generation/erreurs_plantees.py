"""The mistakes people and spreadsheets make, planted on purpose: at most one that stops a line, always told in the truth."""

import random
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Protocol

from sample_data.generation.achats import Ligne
from sample_data.generation.dispositions import Disposition
from sample_data.generation.libelles import fautes
from sample_data.generation.prix import centimes

Cellule = str | Decimal | date | None
PART_D_ERREURS = 0.022


class Rangee(Protocol):
    """What is needed of a row to spoil it."""

    statut: str
    motif: str
    ligne: Ligne | None
    faits: list[str]


def planter(rangee: Rangee, champs: dict[str, Cellule], disposition: Disposition, rng: random.Random) -> None:
    """Plant at most one mistake in this row, and say what should become of it."""
    presents = {champ for _, champ in disposition.colonnes}
    if rng.random() < 0.006:
        champs["libelle"] = fautes(str(champs["libelle"]), rng)
        rangee.faits.append("faute_de_frappe")
    if disposition.excel and rng.random() < 0.03 and champs["siret"]:
        champs["siret"] = _scientifique(str(champs["siret"]))
        rangee.faits.append("siret_scientifique")
    if rangee.ligne is None or rangee.ligne.nature != "achat" or rng.random() >= PART_D_ERREURS:
        return
    possibles = ["lettre_o", "date_impossible", "libelle_vide", "doublon_saisie", "doublon_saisie"]
    if {"quantite", "pu_ht", "montant_ht"} <= presents:
        possibles += ["montant_faux", "montant_faux"]
    _ERREURS[rng.choice(possibles)](rangee, champs, disposition)


def _scientifique(siret: str) -> str:
    """`2,10E+13`: what a spreadsheet shows of fourteen digits."""
    return f"{Decimal(siret):.2E}".replace(".", ",")


def _lettre_o(rangee: Rangee, champs: dict[str, Cellule], disposition: Disposition) -> None:
    for champ in ("pu_ht", "pu_ttc", "quantite", "montant_ht"):
        valeur = champs[champ]
        texte = disposition.nombre(valeur) if isinstance(valeur, Decimal) else ""
        if "0" in texte and any(c == champ for _, c in disposition.colonnes):
            champs[champ] = texte[::-1].replace("0", "O", 1)[::-1]
            rangee.statut, rangee.motif = "a_corriger", "lettre_o"
            rangee.faits.append("lettre_o:" + champ)
            return


def _date_impossible(rangee: Rangee, champs: dict[str, Cellule], disposition: Disposition) -> None:
    assert rangee.ligne is not None
    texte = disposition.jour(rangee.ligne.date.replace(day=11, month=2))
    champs["date"] = texte.replace("11", "31", 1)
    rangee.statut, rangee.motif = "a_corriger", "date_impossible"
    rangee.faits.append("date_impossible")


def _libelle_vide(rangee: Rangee, champs: dict[str, Cellule], disposition: Disposition) -> None:
    champs["libelle"] = None
    rangee.statut, rangee.motif = "a_corriger", "libelle_vide"
    rangee.faits.append("libelle_vide")


def _doublon_saisie(rangee: Rangee, champs: dict[str, Cellule], disposition: Disposition) -> None:
    rangee.faits.append("doublon_saisie")


def _montant_faux(rangee: Rangee, champs: dict[str, Cellule], disposition: Disposition) -> None:
    assert rangee.ligne is not None
    champs["montant_ht"] = centimes(rangee.ligne.montant_ht * Decimal("1.09") + Decimal("2.70"))
    rangee.statut, rangee.motif = "a_corriger", "montant_faux"
    rangee.faits.append("montant_faux")


_ERREURS: Mapping[str, Callable[[Rangee, dict[str, Cellule], Disposition], None]] = {
    "lettre_o": _lettre_o,
    "date_impossible": _date_impossible,
    "libelle_vide": _libelle_vide,
    "doublon_saisie": _doublon_saisie,
    "montant_faux": _montant_faux,
}
