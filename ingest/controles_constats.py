"""From defects to sentences: what each line is told, and what the person is told once per cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ingest.anomalies import Anomalie, format_lignes
from ingest.controles import CHAMPS_ACCESSOIRES, CONSIGNES, Regle
from ingest.lecture.table import ALERTES_BLOQUANTES, MESSAGES_ALERTE, Alerte
from ingest.schema import ANOMALIE_STRUCT, find_champ
from ingest.typage import masquer_colonne

SCHEMA_CONSTATS: Final = {
    "rang": pl.UInt32,
    "ligne": pl.Int64,
    "code": pl.String,
    "colonne": pl.String,
    "lu": pl.String,
    "precision": pl.String,
    "attendu": pl.String,
    "geste": pl.String,
    "bloquante": pl.Boolean,
}
"""One defect of one line: `rang` is the row in its block, `colonne` the header as the person wrote it."""

EXEMPLES: Final = 3
"""Distinct values shown for one cause."""

_LONGUEUR_LU: Final = 60


def constater_defauts(bloc: pl.DataFrame, defauts: Mapping[str, pl.Series], champs: Mapping[str, str]) -> list[pl.DataFrame]:
    """List the cells that could not be read, or were repaired; `bloc` is the raw text, `champs` field → header."""
    constats = []
    for nom, defaut in defauts.items():
        champ, entete = find_champ(nom), champs[nom]
        fautifs = pl.DataFrame(
            {"rang": pl.int_range(bloc.height, dtype=pl.UInt32, eager=True), "ligne": bloc["ligne"], "lu": bloc[entete], "defaut": defaut}
        ).filter(pl.col("defaut").is_not_null())
        for (code,), lot in fautifs.group_by("defaut"):
            consigne = CONSIGNES[str(code)]
            constats.append(
                lot.select(
                    "rang",
                    "ligne",
                    pl.lit(f"{nom}_{code}").alias("code"),
                    pl.lit(entete).alias("colonne"),
                    _montrer(pl.col("lu")).alias("lu"),
                    pl.lit(consigne.precision).alias("precision"),
                    pl.lit(champ.attendu).alias("attendu"),
                    pl.lit(consigne.geste).alias("geste"),
                    pl.lit(consigne.bloquante and nom not in CHAMPS_ACCESSOIRES).alias("bloquante"),
                )
            )
    return constats


def constater_alertes(bloc: pl.DataFrame) -> list[pl.DataFrame]:
    """List the lines whose very reading is doubtful."""
    if "alerte" not in bloc.columns or bloc["alerte"].null_count() == bloc.height:
        return []
    constats = []
    for (alerte,), lot in bloc.with_row_index("rang").filter(pl.col("alerte").is_not_null()).group_by("alerte"):
        sens = Alerte(str(alerte))
        constats.append(
            lot.select(
                pl.col("rang").cast(pl.UInt32),
                "ligne",
                pl.lit(str(sens)).alias("code"),
                pl.lit(None, pl.String).alias("colonne"),
                pl.lit(None, pl.String).alias("lu"),
                pl.lit("").alias("precision"),
                pl.lit("une cellule par colonne").alias("attendu"),
                pl.lit(MESSAGES_ALERTE[sens]).alias("geste"),
                pl.lit(sens in ALERTES_BLOQUANTES).alias("bloquante"),
            )
        )
    return constats


def constater_regles(
    lignes: pl.DataFrame, bloc: pl.DataFrame, regles: Sequence[Regle], sain: pl.Expr, champs: Mapping[str, str]
) -> list[pl.DataFrame]:
    """Run the rules on typed lines (one row per row of the raw `bloc`) and list what they blame; `sain` lines are not looked at."""
    suspectes = (~lignes.select(sain.alias("sain")).to_series()).arg_true()
    if suspectes.is_empty():
        return []
    lignes, bloc = lignes[suspectes].with_columns(suspectes.cast(pl.UInt32).alias("rang")), bloc[suspectes]
    verdicts = lignes.lazy().select(regle.condition.fill_null(False).alias(str(numero)) for numero, regle in enumerate(regles)).collect()
    constats = []
    for numero, regle in enumerate(regles):
        fautives = verdicts[str(numero)].arg_true()
        if fautives.is_empty():
            continue
        entete = _entete(regle.champ, champs)
        cellules = (
            bloc[entete].gather(fautives) if entete in bloc.columns else pl.Series([None], dtype=pl.String).new_from_index(0, len(fautives))
        )
        constats.append(
            lignes[fautives]
            .with_columns(cellules.alias("_cellule"))
            .select(
                "rang",
                "ligne",
                pl.lit(regle.code).alias("code"),
                pl.lit(entete, pl.String).alias("colonne"),
                _montrer(regle.lu if regle.lu is not None else pl.col("_cellule")).alias("lu"),
                pl.lit("").alias("precision"),
                pl.lit(regle.attendu).alias("attendu"),
                pl.lit(regle.geste).alias("geste"),
                pl.lit(regle.bloquante).alias("bloquante"),
            )
        )
    return constats


def reunir(constats: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """All the defects of a block, line by line."""
    if not constats:
        return pl.DataFrame(schema=SCHEMA_CONSTATS)
    return pl.concat([constat.cast(pl.Schema(SCHEMA_CONSTATS)) for constat in constats]).sort("rang", maintain_order=True)


def par_ligne(constats: pl.DataFrame) -> pl.DataFrame:
    """One row per faulty line: `rang`, `anomalies` (list of the schema), `motif` (code of the first blocking one, or null)."""
    colonne = pl.when(pl.col("colonne").is_not_null()).then(pl.format(", colonne « {} »", "colonne")).otherwise(pl.lit(""))
    lu = (
        pl.when(pl.col("lu").is_not_null())
        .then(pl.format("nous avons lu « {} »{}", "lu", "precision"))
        .otherwise(pl.lit("la cellule est vide"))
    )
    alerte = pl.col("code").is_in([str(alerte) for alerte in Alerte])
    message = (
        pl.when(alerte)
        .then(pl.format("Ligne {} : {}", "ligne", "geste"))
        .otherwise(pl.format("Ligne {}{} : nous attendions {}, {}. {}", "ligne", colonne, "attendu", lu, "geste"))
    )
    return (
        constats.with_columns(message.alias("message"))
        .group_by("rang", maintain_order=True)
        .agg(
            pl.struct("code", "colonne", "lu", "attendu", "message", "bloquante").alias("anomalies"),
            pl.col("code").filter("bloquante").first().alias("motif_anomalie"),
        )
        .cast({"anomalies": pl.List(ANOMALIE_STRUCT)})
    )


@dataclass(frozen=True)
class _Cause:
    code: str
    colonne: str | None
    attendu: str
    geste: str
    bloquante: bool
    origine: str
    precision: str


def grouper(constats: pl.DataFrame) -> tuple[Anomalie, ...]:
    """Say each cause once, with all its lines, from the constats of the whole file (plus `origine`): blocking first, then frequent."""
    cles = ["origine", "code", "colonne", "attendu", "geste", "bloquante", "precision"]
    groupes = constats.group_by(cles, maintain_order=True).agg(
        pl.col("ligne").sort(),
        pl.col("lu").drop_nulls().unique(maintain_order=True).head(EXEMPLES),
        pl.col("lu").n_unique().alias("formes"),
    )
    anomalies = []
    for groupe in groupes.iter_rows(named=True):
        cause = _Cause(
            groupe["code"],
            groupe["colonne"],
            groupe["attendu"],
            groupe["geste"],
            groupe["bloquante"],
            groupe["origine"],
            groupe["precision"],
        )
        lignes, lus = tuple(groupe["ligne"]), [str(lu) for lu in groupe["lu"]]
        montre = ", ".join(f"« {lu} »" for lu in lus) + (" …" if groupe["formes"] > len(lus) > 0 else "")
        anomalies.append(
            Anomalie(
                cause.code,
                cause.colonne,
                lignes,
                ", ".join(lus) or None,
                cause.attendu,
                _dire(cause, lignes, montre),
                cause.bloquante,
                cause.origine,
            )
        )
    return tuple(sorted(anomalies, key=lambda anomalie: (not anomalie.bloquante, -len(anomalie.lignes), anomalie.code)))


def _dire(cause: _Cause, lignes: tuple[int, ...], montre: str) -> str:
    """The sentence of one cause: where, what was expected, what was read, what to do."""
    ou = format_lignes(lignes)
    ou = ou[0].upper() + ou[1:]
    if cause.origine:
        ou += f" de « {cause.origine} »"
    if cause.code in set(Alerte):
        return f"{ou} : {cause.geste}"
    if cause.colonne:
        ou += f", colonne « {cause.colonne} »"
    vide = "la cellule est vide" if len(lignes) == 1 else "les cellules sont vides"
    return f"{ou} : nous attendions {cause.attendu}, {f'nous avons lu {montre}{cause.precision}' if montre else vide}. {cause.geste}"


def _entete(champ: str | None, champs: Mapping[str, str]) -> str | None:
    """Header to blame for a rule: that of the field, or of the field that gave the value."""
    recherche = {
        "_p_lu": ("prix_unitaire_ht", "prix_unitaire", "prix_unitaire_ttc"),
        "_m_lu": ("montant_ht", "montant", "montant_ttc"),
        "montant_ht": ("montant_ht", "montant", "montant_ttc"),
        "montant_ttc": ("montant_ttc", "montant"),
    }
    return next((champs[nom] for nom in recherche.get(champ or "", (champ or "",)) if nom in champs), None)


def _montrer(lu: pl.Expr) -> pl.Expr:
    """What was read, short, without personal numbers."""
    court = pl.when(lu.str.len_chars() > _LONGUEUR_LU).then(lu.str.head(_LONGUEUR_LU) + "…").otherwise(lu)
    return court.str.strip_chars().map_batches(masquer_colonne, return_dtype=pl.String)
