"""What can be corrected at once: lines that wait for the same reason, and units that nobody but the person can explain."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from api.club.modeles import Depot
from api.maison import Maison
from api.services.lignes_depot import LigneEnAttente, champs_de, en_attente
from api.visiteur import Permission, Visiteur
from ingest.corrections import Correction
from ingest.erreurs import Refus
from ingest.vocabulaire import Statut

INCOHERENTS = frozenset({"montant_incoherent", "produit_incoherent"})
"""Causes where quantity, price and amount disagree: taking the amount from the two others is one possible answer."""
UNITE_INCONNUE = "l'unité «"
A_PRECISER = ("l'unité «", "la ligne ne dit pas ce que contient")
"""Beginnings of `contenu_motif` for which saying what one unit holds is enough."""
GROUPES_MAX = 30
PROPRES_A_LA_LIGNE = frozenset({"libelle", "quantite", "piece", "reference", "gtin"})
"""Fields whose empty cells never share one answer; prices and amounts are of them too."""


@dataclass(frozen=True)
class Groupe:
    """Lines that one answer corrects. `recalcul`: the amount is emptied, so that it is taken from quantity × price.

    `champ` is given when the answer is a rule on the value `lu`, kept for the whole file; otherwise the cells of `cellules` (origine,
    line) in the column `entete` are written. `exemples` are labels or messages, up to three.
    """

    cle: str
    entete: str
    lu: str
    recalcul: bool
    champ: str | None
    cellules: tuple[tuple[str, int], ...]
    exemples: tuple[str, ...]
    est_unite: bool = False


def groupes(maison: Maison, visiteur: Visiteur, depot: Depot) -> list[Groupe]:
    """The groups of a dépôt: of what waits, then of units."""
    return [*groupes_de_fautes(depot, en_attente(maison, visiteur, depot)), *groupes_d_unites(maison, visiteur, depot)]


def corriger_groupe(maison: Maison, visiteur: Visiteur, depot: Depot, cle: str, remplacement: str) -> list[Correction]:
    """The corrections that this answer means. Raises `Refus` when the group is no longer there, or when nothing was answered."""
    groupe = next((groupe for groupe in groupes(maison, visiteur, depot) if groupe.cle == cle), None)
    if groupe is None:
        raise Refus("Ces lignes ont déjà été corrigées, ou le fichier vient d'être relu. Regardez ce qui reste.")
    if groupe.recalcul:
        remplacement = ""
    elif not remplacement.strip():
        raise Refus(f"Écrivez ce qu'il faut lire au lieu de « {groupe.lu} » dans la colonne « {groupe.entete} ».")
    if groupe.champ is not None:
        return [Correction(remplacement.strip(), champ=groupe.champ, lu=groupe.lu)]
    return [Correction(remplacement.strip(), entete=groupe.entete, ligne=ligne, origine=origine) for origine, ligne in groupe.cellules]


def groupes_de_fautes(depot: Depot, lignes: Sequence[LigneEnAttente]) -> list[Groupe]:
    """The groups among the lines that wait, those of most lines first, at most `GROUPES_MAX`.

    A line alone in its group is left to be corrected in place, unless its amount can be computed.
    """
    champs = champs_de(depot)
    reunies: dict[tuple[bool, str, str], list[LigneEnAttente]] = {}
    for ligne in lignes:
        for defaut in ligne.defauts:
            if defaut.colonne not in champs:
                continue
            recalcul = defaut.code in INCOHERENTS and champs[defaut.colonne].startswith("montant")
            if recalcul or defaut.code not in INCOHERENTS:
                lu = "" if recalcul else ligne.cellules.get(defaut.colonne, "")
                groupe = reunies.setdefault((recalcul, defaut.colonne, lu), [])
                if not groupe or groupe[-1] is not ligne:  # two causes may blame one cell
                    groupe.append(ligne)
    formes = [
        Groupe(
            cle=_cle("faute", str(recalcul), entete, lu),
            entete=entete,
            lu=lu,
            recalcul=recalcul,
            # An empty cell has no value a rule could name: its lines are written one by one.
            champ=champs[entete] if lu and not recalcul else None,
            cellules=tuple((ligne.origine, ligne.ligne) for ligne in fautives),
            exemples=tuple(dict.fromkeys(_libelle(ligne, champs) for ligne in fautives if _libelle(ligne, champs)))[:3],
        )
        for (recalcul, entete, lu), fautives in reunies.items()
    ]
    utiles = [groupe for groupe in formes if groupe.recalcul or (len(groupe.cellules) > 1 and _peut_etre_commune(groupe, champs))]
    return sorted(utiles, key=lambda groupe: -len(groupe.cellules))[:GROUPES_MAX]


def _peut_etre_commune(groupe: Groupe, champs: dict[str, str]) -> bool:
    champ = champs[groupe.entete]
    return bool(groupe.lu) or not (champ in PROPRES_A_LA_LIGNE or champ.startswith(("prix", "montant")))


def _libelle(ligne: LigneEnAttente, champs: dict[str, str]) -> str:
    return next((ligne.cellules.get(entete, "") for entete, champ in champs.items() if champ == "libelle"), "")


def groupes_d_unites(maison: Maison, visiteur: Visiteur, depot: Depot) -> list[Groupe]:
    """Units of retained lines that hold nobody knows what: the lines count in amounts, not in prices, until somebody says.

    Those of most lines first, at most `GROUPES_MAX`.
    """
    visiteur.verifie(Permission.LIRE_LIGNES)
    entete = next((entete for entete, champ in champs_de(depot).items() if champ == "unite"), None)
    if entete is None:
        return []
    lues = (
        pl.scan_parquet(maison.lignes(depot.id, depot.lecture))
        .filter(
            (pl.col("statut") == Statut.RETENUE)
            & pl.col("contenu_quantite").is_null()
            & pl.col("unite").is_not_null()
            & pl.any_horizontal(pl.col("contenu_motif").str.starts_with(debut) for debut in A_PRECISER)
        )
        .select("origine", "ligne", "unite", "libelle", pl.col("contenu_motif").str.starts_with(UNITE_INCONNUE).alias("inconnue"))
        .collect()
    )
    formes = [
        Groupe(
            cle=_cle("unite", str(unite), str(inconnue)),
            entete=entete,
            lu=str(unite),
            recalcul=False,
            # A known word (« carton ») means something else on other lines: only those that say no more are written.
            champ="unite" if inconnue else None,
            cellules=tuple(lot.select("origine", "ligne").iter_rows()),
            exemples=tuple(lot["libelle"].drop_nulls().unique(maintain_order=True).head(3).to_list()),
            est_unite=True,
        )
        for (unite, inconnue), lot in lues.group_by("unite", "inconnue", maintain_order=True)
    ]
    return sorted(formes, key=lambda groupe: -len(groupe.cellules))[:GROUPES_MAX]


def _cle(*morceaux: str) -> str:
    return hashlib.sha256("\x1f".join(morceaux).encode()).hexdigest()[:16]
