"""Quantity × price = amount decides which column is which when names do not."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Final

import polars as pl

from ingest.profils import Profil
from ingest.ressemblance import nommer
from ingest.schema import fold_entete
from ingest.valeurs import lire_nombre
from ingest.vocabulaire import BaseTaxe

LIGNES: Final = 40
"""Lines on which the products are tried."""
PREUVE: Final = 0.8
"""Share of the lines on which a product must hold to decide."""

_PRIX: Final = ("prix_unitaire_ht", "prix_unitaire_ttc", "prix_unitaire")
_MONTANTS: Final = ("montant_ht", "montant_ttc", "montant")


@dataclass(frozen=True)
class Arithmetique:
    """What products say: headers whose field changes, the tax basis when it can be deduced, whether a product was found."""

    changements: Mapping[str, str]
    base: BaseTaxe | None
    prouvee: bool


def arbitrer(
    champs: Mapping[str, str], scores: Mapping[str, Mapping[str, float]], echantillon: pl.DataFrame, profils: Mapping[str, Profil]
) -> Arithmetique:
    """Correct the columns of numbers of a proposal (header → field) by trying products on a sample of lines."""
    par_champ = {champ: entete for entete, champ in champs.items()}
    colonnes = {entete: _nombres(echantillon, entete) for entete, profil in profils.items() if profil.nombre >= 0.7 and profil.distincts}
    changements = _prix_sans_quantite(par_champ, profils)
    changements |= _nommer_par_produit(par_champ, colonnes) if not changements else {}
    par_champ = {champ: entete for entete, champ in (dict(champs) | changements).items() if champ}
    return Arithmetique(changements, _deduire_base(par_champ, colonnes), _produit_tient(par_champ, colonnes))


def _prix_sans_quantite(par_champ: Mapping[str, str], profils: Mapping[str, Profil]) -> dict[str, str]:
    """« Prix HT » alone, without quantities, is an amount; beside a quantity and an amount it is a price."""
    changements: dict[str, str] = {}
    prix = next((champ for champ in _PRIX if champ in par_champ), None)
    montant = next((champ for champ in _MONTANTS if champ in par_champ), None)
    if prix and not montant and "quantite" not in par_champ and "unitaire" not in fold_entete(par_champ[prix]):
        changements[par_champ[prix]] = prix.replace("prix_unitaire", "montant")
    if montant and not prix and "quantite" in par_champ and fold_entete(par_champ[montant]) in {"prixht", "prixttc"}:
        changements[par_champ[montant]] = montant.replace("montant", "prix_unitaire")
    return changements


def _nommer_par_produit(par_champ: Mapping[str, str], colonnes: Mapping[str, list[float | None]]) -> dict[str, str]:
    """Find the three columns of which two make the third, when the proposal has not found them."""
    if _produit_tient(par_champ, colonnes) or len(colonnes) < 3:
        return {}
    surs = {
        entete
        for champ, entete in par_champ.items()
        if champ not in {"quantite", *_PRIX, *_MONTANTS} or (nommer(entete).get(champ, 0) >= 0.99 and champ != "quantite")
    }
    exacts = {
        champ: entete
        for champ, entete in par_champ.items()
        if champ in {"quantite", *_PRIX, *_MONTANTS} and nommer(entete).get(champ, 0) >= 0.99
    }
    libres = [entete for entete in colonnes if entete not in surs or entete in exacts.values()]
    if len(libres) > 8:
        return {}
    for quantite, prix, montant in permutations(libres, 3):
        if any(exacts.get(champ) not in (None, entete) for champ, entete in (("quantite", quantite),)):
            continue
        if not _part_exacte(colonnes[quantite], colonnes[prix], colonnes[montant]) >= PREUVE:
            continue
        if _entiers(colonnes[quantite]) < _entiers(colonnes[prix]):
            continue
        return _renommer(par_champ, exacts, quantite, prix, montant)
    return {}


def _renommer(par_champ: Mapping[str, str], exacts: Mapping[str, str], quantite: str, prix: str, montant: str) -> dict[str, str]:
    """Give the three fields to the three columns, keeping the tax basis that a header already says."""
    inverse = {entete: champ for champ, entete in par_champ.items()}
    nom_prix = inverse.get(prix, "") if inverse.get(prix, "") in _PRIX else "prix_unitaire"
    nom_montant = inverse.get(montant, "") if inverse.get(montant, "") in _MONTANTS else "montant"
    voulu = {quantite: "quantite", prix: nom_prix, montant: nom_montant}
    if any(entete not in voulu and inverse.get(entete) in voulu.values() and entete in exacts.values() for entete in inverse):
        return {}
    chasses = {entete: "" for entete, champ in inverse.items() if entete not in voulu and champ in voulu.values()}
    return chasses | {entete: champ for entete, champ in voulu.items() if inverse.get(entete) != champ}


def _deduire_base(par_champ: Mapping[str, str], colonnes: Mapping[str, list[float | None]]) -> BaseTaxe | None:
    """A price that does not say its basis has that of the amount it makes, and the reverse; a VAT amount or rate can prove it too."""
    quantite = colonnes.get(par_champ.get("quantite", ""))
    for suffixe, base in (("ht", BaseTaxe.HT), ("ttc", BaseTaxe.TTC)):
        for nu, dit in (("prix_unitaire", f"montant_{suffixe}"), ("montant", f"prix_unitaire_{suffixe}")):
            inconnu, connu = colonnes.get(par_champ.get(nu, "")), colonnes.get(par_champ.get(dit, ""))
            if quantite is None or inconnu is None or connu is None:
                continue
            prix, montant = (inconnu, connu) if nu == "prix_unitaire" else (connu, inconnu)
            if _part_exacte(quantite, prix, montant) >= PREUVE:
                return base
    montant_nu = colonnes.get(par_champ.get("montant", ""))
    if montant_nu is not None:
        if _est_taxe_de(montant_nu, colonnes.get(par_champ.get("montant_ht", ""))):
            return BaseTaxe.TTC
        if _est_taxe_de(colonnes.get(par_champ.get("montant_ttc", "")), montant_nu):
            return BaseTaxe.HT
    return None


def _est_taxe_de(ttc: list[float | None] | None, ht: list[float | None] | None) -> bool:
    """Whether one column of amounts is the other with a tax that exists: never less, sometimes more, never by more than a quarter."""
    if ttc is None or ht is None:
        return False
    rapports = [grand / petit for grand, petit in zip(ttc, ht, strict=True) if grand is not None and petit]
    return bool(rapports) and all(0.995 <= rapport <= 1.25 for rapport in rapports) and any(rapport > 1.01 for rapport in rapports)


def _produit_tient(par_champ: Mapping[str, str], colonnes: Mapping[str, list[float | None]]) -> bool:
    quantite = colonnes.get(par_champ.get("quantite", ""))
    return any(
        quantite is not None
        and par_champ.get(prix, "") in colonnes
        and par_champ.get(montant, "") in colonnes
        and _part_exacte(quantite, colonnes[par_champ[prix]], colonnes[par_champ[montant]]) >= PREUVE
        for prix in _PRIX
        for montant in _MONTANTS
    )


def _part_exacte(quantites: list[float | None], prix: list[float | None], montants: list[float | None]) -> float:
    """Share of the lines on which the product makes the amount, counted only where it proves something (no factor of one or zero)."""
    preuves = [
        abs(q * p - m) <= 0.011 + abs(q) * 0.005
        for q, p, m in zip(quantites, prix, montants, strict=True)
        if q is not None and p is not None and m is not None and q != 0 and p != 0 and not (abs(q) == 1 or abs(p) == 1)
    ]
    if len(preuves) < 2:
        return 0.0
    return sum(preuves) / len(preuves)


def _entiers(valeurs: list[float | None]) -> float:
    lus = [valeur for valeur in valeurs if valeur is not None]
    return sum(valeur == int(valeur) for valeur in lus) / max(len(lus), 1)


def _nombres(echantillon: pl.DataFrame, entete: str) -> list[float | None]:
    lus = (lire_nombre(texte or "").valeur for texte in echantillon[entete].head(LIGNES).to_list())
    return [None if lu is None else float(lu) for lu in lus]
