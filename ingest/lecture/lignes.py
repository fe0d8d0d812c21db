"""Which rows of a table are lines of purchase: blank ones are not lines, totals and repeated headers are set aside by name."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ingest.lecture.table import ALERTE, ECART, LIGNE, Alerte, Ecart
from ingest.lecture.totaux import trouver_totaux_muets

COMPTE = "nb"  # number of cells the row really had, null when the source is a sheet

_TOTAL = (
    r"(?i)^\s*[*=_\-–>]*\s*(?:montant\s+)?(?:(?:sous|s/|s/s|ss)[\s\-.]*)?(?:total|totaux|cumul|report|(?:a|à)\s+reporter|solde|"
    r"nombre\s+(?:de|d['’])\s*\w+|nb\s+(?:de\s+)?lignes?)\b"
)
_NOMBRE = r"^[\s€+\-(]*\d[\d\s.,'\x{00a0}\x{202f}]*(?:€|EUR|%)?[\s)\-]*$"
_FORMULES_TETE = 1000  # a column written as formulas is so from its first lines
_TYPIQUE_MIN = 3  # below three filled cells a line, a lone cell is not a title but a line


@dataclass(frozen=True)
class Plan:
    """How the rows of one table are read.

    `entetes` and the raw column behind each; `attendue`: cells beyond it are in excess; `minimum`: fewer cells than that are missing;
    `typique`: number of filled cells of an ordinary line; `premiere`: position of the first row of data; `remarques`: sentences to say.
    """

    entetes: tuple[str, ...]
    colonnes: tuple[str, ...]
    attendue: int
    minimum: int
    typique: int
    premiere: int
    remarques: tuple[str, ...]


def marquer(brut: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Rename raw columns to headers, drop blank rows, set aside totals, titles and repeated headers, flag rows of uneven width.

    `brut` has `ligne`, `nb` and raw columns c0…cN whose empty cells are null.
    """
    cellules = [c for c in brut.columns if c not in (LIGNE, COMPTE, ALERTE)]
    frame = _sans_formules_de_texte(_sans_vides(brut, cellules), cellules)
    surplus = [c for c in cellules if c not in plan.colonnes and frame[c].null_count() < frame.height]
    manquantes = [pl.lit(None, pl.String).alias(c) for c in plan.colonnes if c not in frame.columns]
    frame = frame.with_columns(_alerte(frame, surplus, plan), *manquantes)
    if surplus:
        # What is in excess stays with the last column, so that nothing of what was received is lost.
        frame = frame.with_columns(
            pl.concat_str([plan.colonnes[-1], *surplus], separator=" | ", ignore_nulls=True).alias(plan.colonnes[-1])
        )
    frame = frame.with_columns(_ecarts(frame, plan))
    noms = [pl.col(colonne).alias(nom) for nom, colonne in zip(plan.entetes, plan.colonnes, strict=True)]
    return frame.select(LIGNE, ECART, ALERTE, *noms)


def _sans_vides(brut: pl.DataFrame, cellules: Sequence[str]) -> pl.DataFrame:
    if not cellules or brut.is_empty():
        return brut.clear()
    # A row of spaces is blank too, but looking at every cell is slow: only rows whose first cell is blank are looked at.
    douteuses = (brut[cellules[0]].str.strip_chars() == "").fill_null(value=True)
    if not douteuses.any():
        return brut
    rangs = douteuses.arg_true()
    pleines = (
        brut[rangs].select(pl.any_horizontal((pl.col(c).str.strip_chars() != "").fill_null(value=False) for c in cellules)).to_series()
    )
    if pleines.all():
        return brut
    gardees = (~douteuses).scatter(rangs, pleines)
    return brut.filter(gardees)


def _sans_formules_de_texte(frame: pl.DataFrame, cellules: Sequence[str]) -> pl.DataFrame:
    """Read ="00123", which programs write so that Excel keeps the zeros, as 00123."""
    debut = frame.head(_FORMULES_TETE)
    presents = debut.select(pl.col(cellules).str.starts_with('="').any()).row(0)
    touchees = [c for c, presente in zip(cellules, presents, strict=True) if presente]
    return frame.with_columns(pl.col(touchees).str.replace(r'^="([^"]*)"$', "$1").replace("", None)) if touchees else frame


def _alerte(frame: pl.DataFrame, surplus: Sequence[str], plan: Plan) -> pl.Expr:
    deja = pl.col(ALERTE) if ALERTE in frame.columns else pl.lit(None, pl.String)
    courtes = frame[COMPTE].min()
    if not surplus and (not isinstance(courtes, int) or courtes >= plan.minimum):
        return deja.alias(ALERTE)
    en_trop = pl.any_horizontal(pl.col(c).is_not_null() for c in surplus) if surplus else pl.lit(value=False)
    return (
        pl.when(en_trop)
        .then(pl.lit(Alerte.CELLULES_EN_TROP.value))
        .when((pl.col(COMPTE) < plan.minimum).fill_null(value=False))
        .then(pl.lit(Alerte.CELLULES_MANQUANTES.value))
        .otherwise(deja)
        .alias(ALERTE)
    )


def _ecarts(frame: pl.DataFrame, plan: Plan) -> pl.Series:
    ecarts = pl.Series(ECART, [None], dtype=pl.String).new_from_index(0, frame.height)
    remplies = frame.select(pl.sum_horizontal(pl.col(c).is_not_null() for c in plan.colonnes)).to_series()
    for masque, juger in ((_ressemble_entete(frame, plan), _juger_entete), (remplies * 2 <= plan.typique + 1, _juger_maigre)):
        rangs = (masque & ecarts.is_null()).arg_true()
        if len(rangs):
            ecarts = ecarts.scatter(rangs, frame[rangs].select(juger(plan)).to_series())
    muets = trouver_totaux_muets(frame, _sans_texte(frame, remplies, plan) & ecarts.is_null(), ecarts.is_not_null(), plan.colonnes)
    return ecarts.scatter(muets, Ecart.TOTAL.value) if muets else ecarts


def _ressemble_entete(frame: pl.DataFrame, plan: Plan) -> pl.Series:
    """Cheap first look: one of the first two named cells is its own header."""
    return frame.select(
        pl.any_horizontal((pl.col(c) == nom).fill_null(value=False) for nom, c in list(zip(plan.entetes, plan.colonnes, strict=True))[:2])
    ).to_series()


def _sans_texte(frame: pl.DataFrame, remplies: pl.Series, plan: Plan) -> pl.Series:
    """Say which rows have few cells, all of them figures."""
    maigres = remplies * 2 <= plan.typique + 1
    rangs = maigres.arg_true()
    if not len(rangs):
        return maigres
    chiffres = (
        frame[rangs].select(pl.all_horizontal(pl.col(c).is_null() | pl.col(c).str.contains(_NOMBRE) for c in plan.colonnes)).to_series()
    )
    return maigres.scatter(rangs, chiffres)


def _juger_entete(plan: Plan) -> pl.Expr:
    remplies = pl.sum_horizontal(pl.col(c).is_not_null() for c in plan.colonnes)
    egales = pl.sum_horizontal(
        (pl.col(c).str.strip_chars() == nom).fill_null(value=False) for nom, c in zip(plan.entetes, plan.colonnes, strict=True)
    )
    return pl.when((egales >= 2) & (egales * 2 >= remplies)).then(pl.lit(Ecart.ENTETE_REPETEE.value)).otherwise(pl.lit(None, pl.String))


def _juger_maigre(plan: Plan) -> pl.Expr:
    """Judge a row with few filled cells: a total says so and has hardly any other text; a lone text is a title."""
    remplies = pl.sum_horizontal(pl.col(c).is_not_null() for c in plan.colonnes)
    textes = pl.sum_horizontal((~pl.col(c).str.contains(_NOMBRE)).fill_null(value=False) for c in plan.colonnes)
    total = pl.any_horizontal(pl.col(c).str.contains(_TOTAL).fill_null(value=False) for c in plan.colonnes)
    titre = (remplies == 1) & (textes == 1) & (plan.typique >= _TYPIQUE_MIN)
    return (
        pl.when(total & (textes <= 2))
        .then(pl.lit(Ecart.TOTAL.value))
        .when(titre)
        .then(pl.lit(Ecart.TITRE.value))
        .otherwise(pl.lit(None, pl.String))
    )
