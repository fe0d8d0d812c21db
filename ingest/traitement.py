"""One block of raw text becomes typed lines, each with its statut, its anomalies, its fingerprint and its original cells."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl

from ingest.brut import encoder_brut
from ingest.codage import Codage
from ingest.colonnes import Colonne, hacher
from ingest.controles import Regle, regles, sain
from ingest.controles_constats import constater_alertes, constater_defauts, constater_regles, par_ligne, reunir
from ingest.corrections import Correction, appliquer_cellules, regles_de_valeurs
from ingest.correspondance import TableLue
from ingest.deductions import deduire
from ingest.ecriture import BlocTraite, TexteCode
from ingest.empreintes import TEXTES, Empreintes
from ingest.enrichissement import Enrichissement
from ingest.lecteurs import CLES_CONTENU, CLES_FOURNISSEUR
from ingest.modele import MOTIF_EXEMPLE, exemple
from ingest.schema import SCHEMA_LIGNES, TypeChamp, load_champs
from ingest.sirets_connus import MemoireSirets
from ingest.typage import DECIMALES
from ingest.valeurs import Defaut, Style
from ingest.valeurs_siret import reparer
from ingest.vocabulaire import BaseTaxe, Statut

COMPTES_PERSONNELS = ("64", "651", "012")
"""Accounts of staff and of aid to natural persons: such lines are no purchase and hold personal data (domaine §6.4)."""

_STATUT = pl.Enum([str(statut) for statut in Statut])
_CLES = frozenset({*CLES_FOURNISSEUR, *CLES_CONTENU})
_NOMINATIFS = (
    "libelle", "fournisseur", "fournisseur_siret", "piece", "reference", "brut",
    "famille_motif", "contenu_derivation", "contenu_motif", "attributs",
)  # fmt: skip


@dataclass
class Plan:
    """What is the same for all the blocks of one table, and what is remembered from one block to the next."""

    depot: str
    membre: str
    table: TableLue
    base: BaseTaxe
    corrections: tuple[Correction, ...]
    styles: Mapping[str, Style]
    recu_le: date | None
    empreintes: Empreintes
    sirets: MemoireSirets
    enrichissement: Enrichissement
    plusieurs_acheteurs: bool = False
    colonnes: dict[str, Colonne] = field(default_factory=dict)
    membres_lus: set[str] = field(default_factory=set)

    @cached_property
    def controles(self) -> tuple[tuple[Regle, ...], pl.Expr]:
        """The rules of this file, and the expression that says which lines none of them can blame."""
        acheteur = self.membre if self.plusieurs_acheteurs else None
        return regles(self.recu_le, acheteur), sain(self.recu_le, acheteur)


@dataclass(frozen=True)
class BlocType:
    """Lines of a block that lack only what their labels mean: `codages` says which text each line has, `origines` its file, if there are
    several; `constats` lists the defects (`SCHEMA_CONSTATS`)."""

    traite: BlocTraite
    codages: Mapping[str, Codage]
    constats: pl.DataFrame
    origines: pl.Series | None


def typer_bloc(bloc: pl.DataFrame, plan: Plan) -> BlocType:
    """Type, correct, check and fingerprint the lines of a block of raw text. Blocks are given in their order."""
    bloc = appliquer_cellules(bloc, plan.table.origine, plan.corrections)
    typees, defauts = _typer(bloc, plan)
    lues, defauts = _reparer_sirets(bloc, typees, defauts, plan)
    plan.membres_lus.update(siret[:9] for siret in lues["membre_siret"].drop_nulls().unique().to_list())
    lignes = deduire(lues, plan.base)
    constats = _constater(bloc, lignes, defauts, plan)
    lignes = _statuer(lignes, bloc, constats)
    repares = set() if lues is typees else {"fournisseur_siret", "membre_siret"}
    textes = {nom: lue.texte for nom, lue in plan.colonnes.items() if lue.texte and nom not in repares}
    hashes = hacher({nom: plan.colonnes[nom] for nom in TEXTES if nom in plan.colonnes})
    lignes = plan.empreintes.ajouter(lignes, hashes, _textes_fautifs(bloc, defauts, plan.table.champs))
    textes |= {"depot": _partout(plan.depot, bloc.height), "membre": _partout(plan.membre, bloc.height)}
    origines = bloc["_origine"] if "_origine" in bloc.columns else None
    if origines is not None:
        lignes = lignes.with_columns(origines.alias("origine"))
    else:
        textes["origine"] = _partout(plan.table.origine, bloc.height)
    codages = {nom: lue.codage for nom, lue in plan.colonnes.items() if lue.codage}
    lignes = lignes.select(nom for nom in lignes.columns if nom in _CLES or (nom in SCHEMA_LIGNES and nom not in textes))
    return BlocType(BlocTraite(_garder_brut(lignes, bloc, plan.table.entetes), textes), codages, constats, origines)


def enrichir(bloc: BlocType, plan: Plan) -> BlocTraite:
    """Say what the labels of a typed block mean. Blocks are given in their order."""
    lignes, textes = plan.enrichissement.ajouter(bloc.traite.lignes, bloc.codages)
    return _effacer_personnes(BlocTraite(lignes, {**textes, **bloc.traite.textes}))


def _partout(texte: str, hauteur: int) -> TexteCode:
    return TexteCode(pl.Series([texte], dtype=pl.String), pl.Series([0], dtype=pl.UInt32).new_from_index(0, hauteur))


def _constater(bloc: pl.DataFrame, lignes: pl.DataFrame, defauts: Mapping[str, pl.Series], plan: Plan) -> pl.DataFrame:
    """All the defects of the lines that are not set aside."""
    champs = plan.table.champs
    constats = reunir(
        [
            *constater_defauts(bloc, defauts, champs),
            *constater_alertes(bloc),
            *constater_regles(lignes, bloc, *plan.controles, champs),
        ]
    )
    ecartees = bloc["ecart"].is_not_null()
    return constats if constats.is_empty() or not ecartees.any() else constats.filter(~ecartees.gather(constats["rang"]))


def _typer(bloc: pl.DataFrame, plan: Plan) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """Type every field of the schema (null without a column); give the lines, and the defects by field."""
    champs = plan.table.champs
    colonnes: list[pl.Series] = [bloc["ligne"]]
    defauts: dict[str, pl.Series] = {}
    for champ in load_champs():
        if champ.nom not in champs:
            colonnes.append(pl.Series(champ.nom, [None], dtype=_dtype(champ.nom, champ.type)).new_from_index(0, bloc.height))
            continue
        texte = bloc[champs[champ.nom]]
        if champ.nom not in plan.colonnes:
            substitutions = regles_de_valeurs(plan.corrections).get(champ.nom)
            plan.colonnes[champ.nom] = Colonne(champ, texte, plan.styles.get(champ.nom, Style.FRANCAIS), substitutions)
        lue = plan.colonnes[champ.nom].lire(texte)
        colonnes.append(lue.valeurs)
        if lue.defauts is not None:
            defauts[champ.nom] = lue.defauts
    lignes = pl.DataFrame(colonnes).with_columns(
        *(
            defauts[nom].alias(f"_defaut_{nom}") if nom in defauts else pl.lit(None, pl.String).alias(f"_defaut_{nom}")
            for nom in ("date", "quantite", "prix_unitaire_ht", "prix_unitaire_ttc", "montant_ht", "montant_ttc")
        ),
        (pl.col("montant_ht").is_not_null() & pl.col("montant_ttc").is_not_null()).alias("_ht_et_ttc_lus"),
    )
    return lignes, defauts


def _reparer_sirets(
    bloc: pl.DataFrame, lignes: pl.DataFrame, defauts: dict[str, pl.Series], plan: Plan
) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """Remember the SIRET of each supplier, and give back those that a spreadsheet rounded when only one known number fits."""
    champs = plan.table.champs
    if "fournisseur" in champs and "fournisseur_siret" in champs:
        plan.sirets.retenir(_couples(lignes, plan))
    plan.sirets.acheteurs.update(lignes["membre_siret"].drop_nulls().unique().to_list())
    for nom in ("fournisseur_siret", "membre_siret"):
        if nom not in defauts or not (arrondies := (defauts[nom] == Defaut.SCIENTIFIQUE).fill_null(value=False)).any():
            continue
        textes = bloc[champs[nom]]
        noms = lignes["fournisseur"] if nom == "fournisseur_siret" else None
        if noms is not None:
            connus = plan.sirets.des_fournisseurs(noms.filter(arrondies).unique().to_list())
        else:
            connus = plan.sirets.de_l_acheteur(textes.filter(arrondies).unique().to_list())
        valeurs, defauts[nom] = reparer(textes, lignes[nom], defauts[nom], noms, connus)
        lignes = lignes.with_columns(valeurs)
    return lignes, defauts


def _couples(lignes: pl.DataFrame, plan: Plan) -> Iterator[tuple[str | None, str]]:
    """The pairs of a supplier and a SIRET that stand on the same line, found by the places of their texts: texts are slow to compare."""
    places = [codage.codes.alias(nom) for nom in ("fournisseur", "fournisseur_siret") if (codage := plan.colonnes[nom].codage)]
    rangs = pl.DataFrame(places).with_row_index("rang").unique([place.name for place in places], keep="any")["rang"]
    couples = lignes.select("fournisseur", "fournisseur_siret")[rangs].filter(pl.col("fournisseur_siret").str.len_bytes() == 14)
    yield from couples.unique().iter_rows()


def _dtype(nom: str, genre: TypeChamp) -> pl.DataType:
    match genre:
        case TypeChamp.NOMBRE:
            return pl.Decimal(18, DECIMALES.get(nom, 2))
        case TypeChamp.DATE:
            return pl.Date()
        case TypeChamp.TAUX:
            return pl.Decimal(5, 2)
        case _:
            return pl.String()


def _statuer(lignes: pl.DataFrame, bloc: pl.DataFrame, constats: pl.DataFrame) -> pl.DataFrame:
    """Set aside, to correct, or retained; with the rule or the first blocking cause."""
    lignes = lignes.with_columns(bloc["ecart"]).with_row_index("rang").with_columns(pl.col("rang").cast(pl.UInt32))
    if constats.is_empty():
        vides = pl.lit([], dtype=SCHEMA_LIGNES["anomalies"]).alias("anomalies")
        lignes = lignes.with_columns(vides, pl.lit(None, pl.String).alias("motif_anomalie"))
    else:
        lignes = lignes.join(par_ligne(constats), on="rang", how="left", maintain_order="left").with_columns(
            pl.col("anomalies").fill_null(pl.lit([], dtype=SCHEMA_LIGNES["anomalies"]))
        )
    personnel = pl.col("compte").str.contains(rf"^(?:{'|'.join(COMPTES_PERSONNELS)})").fill_null(False)
    modele = exemple()
    recopie = pl.all_horizontal([pl.col(nom) == modele[nom] for nom in ("piece", "libelle", "fournisseur")]).fill_null(False)
    motif = pl.coalesce("ecart", pl.when(personnel).then(pl.lit("donnee_personnelle")), pl.when(recopie).then(pl.lit(MOTIF_EXEMPLE)))
    return lignes.with_columns(motif.alias("ecart")).with_columns(
        pl.when(pl.col("ecart").is_not_null())
        .then(pl.lit(Statut.ECARTEE, _STATUT))
        .when(pl.col("motif_anomalie").is_not_null())
        .then(pl.lit(Statut.A_CORRIGER, _STATUT))
        .otherwise(pl.lit(Statut.RETENUE, _STATUT))
        .alias("statut"),
        pl.coalesce("ecart", "motif_anomalie").alias("motif"),
    )


def _textes_fautifs(bloc: pl.DataFrame, defauts: Mapping[str, pl.Series], champs: Mapping[str, str]) -> pl.Series | None:
    """The cells that could not be typed, in words: two lines with two different mistakes are two lines."""
    if not defauts:
        return None
    morceaux = [pl.when(defaut.is_not_null()).then(pl.col(champs[nom])) for nom, defaut in defauts.items()]
    return bloc.select(pl.concat_str(morceaux, separator="|", ignore_nulls=True).alias("fautifs")).to_series().replace("", None)


def _garder_brut(lignes: pl.DataFrame, bloc: pl.DataFrame, entetes: tuple[str, ...]) -> pl.DataFrame:
    """Keep the original cells of the lines that somebody may have to look at; those of a sound line stand in its columns and its file."""
    rangs = ((lignes["statut"] != Statut.RETENUE) | (lignes["anomalies"].list.len() > 0)).arg_true()
    vide = pl.Series("brut", [None], dtype=pl.String).new_from_index(0, lignes.height)
    return lignes.with_columns(vide if rangs.is_empty() else vide.scatter(rangs, encoder_brut(bloc[rangs], entetes)))


def _effacer_personnes(bloc: BlocTraite) -> BlocTraite:
    """Of a line set aside because it is about a person, keep the amount and nothing that names anybody."""
    personnel = (bloc.lignes["motif"] == "donnee_personnelle").fill_null(value=False)
    if not personnel.any():
        return bloc
    lignes = bloc.lignes.with_columns(
        pl.when(personnel).then(None).otherwise(nom).alias(nom) for nom in _NOMINATIFS if nom in bloc.lignes.columns
    )
    effaces = {nom: TexteCode(texte.valeurs, texte.codes.set(personnel, None)) for nom, texte in bloc.textes.items() if nom in _NOMINATIFS}
    return BlocTraite(lignes, {**bloc.textes, **effaces})
