"""What can be corrected at once: lines that wait for the same reason, and units that nobody but the person can explain."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from api.club.modeles import Depot
from api.maison import Maison
from api.services.lignes_depot import champs_de, trame_en_attente
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
EXEMPLES = 3
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
    return [*groupes_de_fautes(depot, trame_en_attente(maison, visiteur, depot)), *groupes_d_unites(maison, visiteur, depot)]


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


def groupes_de_fautes(depot: Depot, trame: pl.DataFrame) -> list[Groupe]:
    """The groups among the lines that wait (`trame_en_attente`), those of most lines first, at most `GROUPES_MAX`.

    A line alone in its group is left to be corrected in place, unless its amount can be computed.
    """
    champs = champs_de(depot)
    fautes = _fautes(trame, champs)
    if fautes.is_empty():
        return []
    libelle = next((entete for entete, champ in champs.items() if champ == "libelle"), None)
    cellules = _cellules(trame, {*fautes["colonne"].unique().to_list(), *([libelle] if libelle else [])})
    fautes = _lire_cellules(fautes, cellules)
    # Two causes may blame one cell: the line is then in the group once.
    fautes = fautes.unique(["recalcul", "colonne", "lu", "rang"], keep="first", maintain_order=True)
    tailles = fautes.group_by("recalcul", "colonne", "lu", maintain_order=True).agg(pl.len().alias("nombre"))
    tailles = tailles.filter(pl.col("recalcul") | ((pl.col("nombre") > 1) & _peut_etre_commune(champs)))
    tailles = tailles.sort("nombre", descending=True, maintain_order=True).head(GROUPES_MAX)
    libelles = cellules[libelle] if libelle else pl.Series([None] * trame.height, dtype=pl.String)
    return [
        _groupe(champs, groupe, trame, libelles, fautes.join(pl.DataFrame([groupe]), on=["recalcul", "colonne", "lu"], how="semi")["rang"])
        for groupe in tailles.iter_rows(named=True)
    ]


def _fautes(trame: pl.DataFrame, champs: Mapping[str, str]) -> pl.DataFrame:
    """One row per line and cause that an answer could mend: `rang` of the line in the frame, `colonne`, `recalcul`."""
    fautes = (
        trame.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("rang"), "anomalies")
        .explode("anomalies", empty_as_null=False)
        .select("rang", pl.col("anomalies").struct.field("code"), pl.col("anomalies").struct.field("colonne"))
    )
    montants = [entete for entete, champ in champs.items() if champ.startswith("montant")]
    incoherent = pl.col("code").is_in(list(INCOHERENTS))
    recalcul = incoherent & pl.col("colonne").is_in(montants)
    return fautes.filter(pl.col("colonne").is_in(list(champs)) & (recalcul | ~incoherent)).select(
        "rang", "colonne", recalcul.alias("recalcul")
    )


def _cellules(trame: pl.DataFrame, entetes: Collection[str]) -> pl.DataFrame:
    """The original cells of these columns, one row per line; the others are not even decoded."""
    forme = pl.Struct(dict.fromkeys(sorted(entetes), pl.String))
    return trame.select(pl.col("brut").str.json_decode(forme)).unnest("brut")


def _lire_cellules(fautes: pl.DataFrame, cellules: pl.DataFrame) -> pl.DataFrame:
    """Add `lu`, what stands in the cell each fault is about; nothing when the amount is to be computed."""
    morceaux = [
        lot.with_columns(cellules[str(colonne)].gather(lot["rang"]).fill_null("").alias("lu"))
        for (colonne,), lot in fautes.group_by("colonne", maintain_order=True)
    ]
    lues = pl.concat(morceaux).with_columns(pl.when("recalcul").then(pl.lit("")).otherwise("lu").alias("lu"))
    return lues.sort("rang", maintain_order=True)


def _groupe(champs: Mapping[str, str], groupe: Mapping[str, Any], trame: pl.DataFrame, libelles: pl.Series, rangs: pl.Series) -> Groupe:
    entete, lu, recalcul = groupe["colonne"], groupe["lu"], groupe["recalcul"]
    exemples = libelles.gather(rangs).drop_nulls().unique(maintain_order=True)
    return Groupe(
        cle=cle_de_groupe("faute", str(recalcul), entete, lu),
        entete=entete,
        lu=lu,
        recalcul=recalcul,
        # An empty cell has no value a rule could name: its lines are written one by one.
        champ=champs[entete] if lu and not recalcul else None,
        cellules=tuple(trame.select("origine", "ligne")[rangs].iter_rows()),
        exemples=tuple(exemple for exemple in exemples.to_list() if exemple)[:EXEMPLES],
    )


def _peut_etre_commune(champs: Mapping[str, str]) -> pl.Expr:
    propres = [entete for entete, champ in champs.items() if champ in PROPRES_A_LA_LIGNE or champ.startswith(("prix", "montant"))]
    return (pl.col("lu") != "") | ~pl.col("colonne").is_in(propres)


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
            cle=cle_de_groupe("unite", str(unite), str(inconnue)),
            entete=entete,
            lu=str(unite),
            recalcul=False,
            # A known word (« carton ») means something else on other lines: only those that say no more are written.
            champ="unite" if inconnue else None,
            cellules=tuple(lot.select("origine", "ligne").iter_rows()),
            exemples=tuple(lot["libelle"].drop_nulls().unique(maintain_order=True).head(EXEMPLES).to_list()),
            est_unite=True,
        )
        for (unite, inconnue), lot in lues.group_by("unite", "inconnue", maintain_order=True)
    ]
    return sorted(formes, key=lambda groupe: -len(groupe.cellules))[:GROUPES_MAX]


def cle_de_groupe(*morceaux: str) -> str:
    """The name of a group in a form: the same as long as its lines say the same."""
    return hashlib.sha256("\x1f".join(morceaux).encode()).hexdigest()[:16]
