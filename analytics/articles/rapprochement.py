"""A catalogue that grows: an exact key first, then what is near enough of an article already known, then a person."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from analytics.decisions import Decision
from ingest.quantites.grammaire import decouper


class Bande(StrEnum):
    """How sure we are that a label belongs to its article."""

    AUTOMATIQUE = "automatique"
    PROPOSEE = "proposee"  # left in an article of its own until a person answers
    A_PART = "a_part"  # nothing near enough


@dataclass(frozen=True)
class Question:
    """« Is this label the same article as that one? », asked once for all identical cases, most valuable first.

    `cle` and `avec` are keys of labels for `Decision(ARTICLE_MEME | ARTICLE_DIFFERENT, cle, {"avec": avec})`.
    """

    cle: str
    libelle: str
    article_id: str
    avec: str
    avec_libelle: str
    avec_article_id: str
    score: float
    nb_lignes: int
    montant_ht: float
    differences: tuple[str, ...]


@dataclass(frozen=True)
class Rapprochement:
    """`lignes`: the rows given, in order, with `article_id`, `article` (its name), `cle_libelle`, `bande`, `article_motif`.

    `articles`: `article_id, libelle, famille, unite_reference, attributs, nb_libelles`. `questions`: what a person may settle, most valuable first.
    """

    lignes: pl.DataFrame
    articles: pl.DataFrame
    questions: tuple[Question, ...]


def rapprocher(lignes_distinctes: pl.DataFrame, decisions: Sequence[Decision] = ()) -> Rapprochement:
    """Bring labels together. Needs `libelle` and `famille`; uses when present `attributs` (JSON), `contenu_unite`, `gtin`, `reference`,
    `fournisseur_id`, `nb_lignes`, `montant_ht`. The result does not depend on the order of rows.
    """
    cles = [_cle(libelle or "", famille or "") for libelle, famille in lignes_distinctes.select("libelle", "famille").iter_rows()]
    table = lignes_distinctes.with_columns(pl.Series("cle_libelle", cles, dtype=pl.String))
    noms = table.group_by("cle_libelle").agg(pl.col("libelle").min().alias("article"))
    lignes = table.join(noms, on="cle_libelle", how="left", maintain_order="left").with_columns(
        pl.col("cle_libelle").map_elements(_identify, return_dtype=pl.String).alias("article_id"),
        pl.lit(Bande.AUTOMATIQUE.value).alias("bande"),
        pl.lit("même libellé").alias("article_motif"),
    )
    unite = (
        pl.col("contenu_unite").drop_nulls().mode().sort().first() if "contenu_unite" in lignes.columns else pl.lit(None, dtype=pl.String)
    )
    attributs = pl.col("attributs").first() if "attributs" in lignes.columns else pl.lit(json.dumps({}))
    articles = lignes.group_by("article_id").agg(
        pl.col("article").first().alias("libelle"),
        pl.col("famille").first(),
        unite.alias("unite_reference"),
        attributs.alias("attributs"),
        pl.col("libelle").n_unique().alias("nb_libelles"),
    )
    return Rapprochement(lignes, articles.sort("article_id"), ())


def _cle(libelle: str, famille: str) -> str:
    return f"{famille} {' '.join(sorted(decouper(libelle).restes))}"


def _identify(cle: str) -> str:
    return "A" + hashlib.blake2b(cle.encode(), digest_size=6).hexdigest()
