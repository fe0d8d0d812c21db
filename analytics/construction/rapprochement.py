"""Ask the other modules which lines are the same fournisseur and the same article, and lay their answers down as tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from analytics.articles import rapprocher as rapprocher_articles
from analytics.articles.identifiants import draw
from analytics.articles.rapprochement import Memoire
from analytics.decisions import Decision, Sujet, select
from analytics.fournisseurs import rapprocher as rapprocher_fournisseurs
from analytics.prix.frais import est_frais_annexe
from analytics.prix.motifs import MOTIFS
from analytics.recherche import plier
from ingest.familles import Nomenclature
from ingest.quantites.nomenclature import unite_reference, unites
from ingest.vocabulaire import FAMILLE_A_CLASSER

QUESTION: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("cle", "libelle", "article_id", "avec", "avec_libelle", "avec_article_id"), pl.String),
    "score": pl.Float64,
    "nb_lignes": pl.Int64,
    "montant_ht": pl.Float64,
    "differences": pl.List(pl.String),
}
TIERS = ("fournisseur", "fournisseur_siret")


def conversions(nomenclature: Nomenclature) -> pl.DataFrame:
    """From the base unit a packaging was resolved in to the unit people compare in: `famille, contenu_unite, unite_reference, facteur`.

    A base unit that the famille admits without being its own (paper rolls counted in metres) keeps its own name: prices in two
    different units are never mixed. A famille added by the club admits every base.
    """
    bases = tuple(sorted({unite.base for unite in unites().values()}))
    rangs = [(FAMILLE_A_CLASSER, base, base, Decimal(1)) for base in bases]
    for famille in nomenclature.familles:
        reference = unite_reference(famille.code)
        choisie = famille.unite_choisie or (reference.unite if reference else "")
        if not choisie:
            continue
        for base in reference.unites_base if reference else bases:
            a_soi = base == unites()[choisie].base
            rangs.append((famille.code, base, choisie if a_soi else base, 1 / unites()[choisie].facteur if a_soi else Decimal(1)))
    return pl.DataFrame(
        [(f, b, u, facteur.quantize(Decimal("1e-8"))) for f, b, u, facteur in rangs],
        schema={"famille": pl.String, "contenu_unite": pl.String, "unite_reference": pl.String, "facteur": pl.Decimal(18, 8)},
        orient="row",
    )


def familles(nomenclature: Nomenclature) -> pl.DataFrame:
    """The familles homogènes in force: `code, libelle, unite_reference, nature, groupement, remarque`."""
    champs = ("code", "libelle", "unite_reference", "nature", "groupement", "remarque")
    return pl.DataFrame(
        [tuple(getattr(famille, champ) for champ in champs) for famille in nomenclature.familles],
        schema=dict.fromkeys(champs, pl.String),
        orient="row",
    )


def mots_familles(nomenclature: Nomenclature) -> pl.DataFrame:
    """The key words of the familles in force, folded as searches are: `famille, mot`."""
    mots = sorted({(famille.code, plier(mot)) for famille in nomenclature.familles for mot in famille.mots_cles})
    return pl.DataFrame(mots, schema={"famille": pl.String, "mot": pl.String}, orient="row")


def fournisseurs(noms: pl.DataFrame, decisions: Sequence[Decision]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Say which names are one fournisseur: `fournisseur, fournisseur_siret, fournisseur_id`, and `fournisseur_id, nom, siren`."""
    tiers = rapprocher_fournisseurs(noms.with_columns(pl.col(*TIERS).replace("", None)), decisions).filter(
        pl.col("fournisseur_id").is_not_null()
    )
    nommes = tiers.group_by("fournisseur_id").agg(
        pl.col("fournisseur_nom").drop_nulls().min().alias("nom"), pl.col("fournisseur_siren").drop_nulls().min().alias("siren")
    )
    return tiers.select(pl.col(*TIERS).fill_null(""), "fournisseur_id"), nommes.sort("fournisseur_id")


@dataclass(frozen=True)
class Articles:
    """`libelles`: `libelle, famille, cle_libelle, article_id, article, article_bande, article_motif, est_frais`, each label of a
    famille once.

    `noms`: `article_id, article, attributs`. `questions`: what a person may settle, most valuable first, as a table. `alias`: `alias,
    article_id`, identifiers of another day and the article that holds them today. `unites`: `article_id, unite_reference` people chose.
    `memoire`: what was learnt of labels, for the next build.
    """

    libelles: pl.DataFrame
    noms: pl.DataFrame
    questions: pl.DataFrame
    alias: pl.DataFrame
    unites: pl.DataFrame
    memoire: Memoire


def articles(toutes: pl.DataFrame, decisions: Sequence[Decision], nomenclature: Nomenclature, memoire: Memoire | None = None) -> Articles:
    """Say which labels are one article, and which are none because they only name a fee.

    `memoire` is what an earlier build learnt of labels: the result is the same, sooner.
    """
    frais = {libelle for libelle in toutes["libelle"].unique() if est_frais_annexe(libelle)}
    libelles = toutes.filter(~pl.col("libelle").is_in(frais))
    rapproches = rapprocher_articles(libelles, decisions, memoire)
    lignes = rapproches.lignes
    assert lignes["libelle"].equals(libelles["libelle"])  # the rows given, in order
    places = lignes.select(
        pl.col("libelle", "famille").fill_null(""),
        "cle_libelle",
        "article_id",
        "article",
        pl.col("bande").alias("article_bande"),
        "article_motif",
    ).unique(maintain_order=True)
    assert not places.select("libelle", "famille").is_duplicated().any()  # what a label says decides alone
    a_part = toutes.filter(pl.col("libelle").is_in(frais)).select("libelle", "famille").unique(maintain_order=True)
    return Articles(
        libelles=pl.concat(
            [
                places.with_columns(est_frais=pl.lit(value=False)),
                a_part.with_columns(est_frais=pl.lit(value=True), article_motif=pl.lit(MOTIFS["frais_annexes"])),
            ],
            how="diagonal",
        ),
        noms=rapproches.articles.select("article_id", pl.col("libelle").alias("article"), "attributs"),
        questions=pl.DataFrame(
            [(rang, *(getattr(q, nom) for nom in QUESTION)) for rang, q in enumerate(rapproches.questions, start=1)],
            schema={"rang": pl.Int64, **QUESTION},
            orient="row",
        ),
        alias=_alias(rapproches.alias, nomenclature),
        memoire=rapproches.memoire,
        unites=pl.DataFrame(
            sorted(_resolus(select(decisions, Sujet.ARTICLE_UNITE), rapproches.alias, "unite").items()),
            schema=dict.fromkeys(("article_id", "unite_reference"), pl.String),
            orient="row",
        ),
    )


def _alias(alias: Mapping[str, str], nomenclature: Nomenclature) -> pl.DataFrame:
    """Identifiers alone, not the keys of labels; with those that labels gave in the familles that theirs has taken over."""
    heritages: dict[str, list[str]] = {}
    for ancien, vers in nomenclature.remplacees:
        heritages.setdefault(vers, []).append(ancien)
    anciens: dict[str, str] = {}
    for cle, article in alias.items():
        code, espace, mots = cle.partition(" ")
        if espace:
            anciens |= {draw(f"{ancien} {mots}"): article for ancien in heritages.get(code, ())}
    dits = {nom: article for nom, article in alias.items() if " " not in nom and nom != article}
    return pl.DataFrame(sorted({**anciens, **dits}.items()), schema=dict.fromkeys(("alias", "article_id"), pl.String), orient="row")


def _resolus(decisions: Sequence[Decision], alias: Mapping[str, str], champ: str) -> dict[str, str]:
    """What decisions say of articles, by the identifier each has today; those about an article that is no longer are left out."""
    return {alias[d.cle]: str(d.valeur[champ]) for d in decisions if d.cle in alias and champ in d.valeur}


def decisions_prix(decisions: Sequence[Decision], alias: pl.DataFrame) -> pl.DataFrame:
    """The decisions that keep or set aside the price of a membre: `article_id, membre, periode, sens` (« inclure » or « exclure »).

    An identifier of another day is that of the article that holds it today (`alias`).
    """
    actuels = dict(alias.iter_rows())
    prix: list[tuple[str, str, str, str]] = []
    for decision in select(decisions, Sujet.PRIX_INCLURE, Sujet.PRIX_EXCLURE):
        morceaux = decision.cle.split("|")
        if len(morceaux) == 3:
            prix.append((actuels.get(morceaux[0], morceaux[0]), morceaux[1], morceaux[2], _sens(decision)))
    return pl.DataFrame(prix, schema=dict.fromkeys(("article_id", "membre", "periode", "sens"), pl.String), orient="row")


def decisions_de_lignes(decisions: Sequence[Decision]) -> pl.DataFrame:
    """What people decided of one line: `empreinte, famille, sens` (« inclure » or « exclure » its price), each line once."""
    familles_dites = {d.cle: str(d.valeur["famille"]) for d in select(decisions, Sujet.FAMILLE_LIGNE) if "famille" in d.valeur}
    sens = {d.cle: _sens(d) for d in select(decisions, Sujet.PRIX_INCLURE, Sujet.PRIX_EXCLURE) if d.cle.count("|") != 2}
    return pl.DataFrame(
        [(empreinte, familles_dites.get(empreinte), sens.get(empreinte)) for empreinte in sorted(familles_dites.keys() | sens.keys())],
        schema=dict.fromkeys(("empreinte", "famille", "sens"), pl.String),
        orient="row",
    )


def _sens(decision: Decision) -> str:
    return "inclure" if decision.sujet is Sujet.PRIX_INCLURE else "exclure"
