"""What is known of each article, and where each line stands: name, unit, features, band, reason."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from analytics.articles.bandes import Bande, say_motif
from analytics.articles.identifiants import Identifiants
from analytics.articles.noms import Nommeur
from analytics.articles.questions import Question, merge_attributs
from analytics.articles.signature import Signature
from analytics.decisions import Decision, Sujet, select

_ARTICLE = {
    "chef": pl.String, "article_id": pl.String, "libelle": pl.String, "famille": pl.String, "unite_reference": pl.String,
    "attributs": pl.String, "nb_libelles": pl.Int64, "nb_lignes": pl.Int64, "montant_ht": pl.Float64,
}  # fmt: skip
_PLACE = {"cle_libelle": pl.String, "article_id": pl.String, "article": pl.String, "bande": pl.String, "article_motif": pl.String}


def first_dates(table: pl.DataFrame) -> dict[str, date]:
    """Date of the first purchase of each key, when lines have `premiere_date`."""
    datees = table.filter(pl.col("premiere_date").is_not_null() & pl.col("cle_libelle").is_not_null())
    return dict(datees.group_by("cle_libelle").agg(pl.col("premiere_date").min()).iter_rows())


def describe(
    table: pl.DataFrame,
    signatures: Mapping[str, Signature],
    groupes: Mapping[str, str],
    identifiants: Identifiants,
    decisions: Sequence[Decision],
) -> pl.DataFrame:
    """One row per article, with its `chef` (first key), number of lines and amount."""
    dites = _Dites.of(decisions, identifiants)
    situees = _situate(table, groupes)
    cles: dict[str, list[str]] = defaultdict(list)
    for cle in sorted(groupes):
        cles[groupes[cle]].append(cle)
    libelles = situees.group_by("chef", "libelle").agg(pl.col("nb_lignes").fill_null(1).sum())
    noms: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for chef, libelle, n in libelles.select("chef", "libelle", "nb_lignes").iter_rows():
        noms[chef].append((libelle, n))
    nommeur = Nommeur(Counter(dict(libelles.group_by("libelle").agg(pl.col("nb_lignes").sum()).iter_rows())))
    rangees = []
    for chef, famille, unite_lue, nb_libelles, nb_lignes, montant in _sum_up(situees).iter_rows():
        article_id = identifiants.par_chef[chef]
        attributs = merge_attributs([signatures[cle] for cle in cles[chef]])
        libelle = dites.libelles.get(article_id) or nommeur.name(noms[chef], famille, attributs)
        unite = dites.unites.get(article_id, unite_lue)
        rangees.append((chef, article_id, libelle, famille, unite, attributs, nb_libelles, nb_lignes, montant))
    return pl.DataFrame(rangees, schema=_ARTICLE, orient="row")


@dataclass(frozen=True)
class _Dites:
    """Names and units that people gave, by the identifier the article has today."""

    libelles: Mapping[str, str]
    unites: Mapping[str, str]

    @classmethod
    def of(cls, decisions: Sequence[Decision], identifiants: Identifiants) -> "_Dites":
        def read(sujet: Sujet, champ: str) -> dict[str, str]:
            dites = [d for d in select(decisions, sujet) if champ in d.valeur]
            return {article: str(d.valeur[champ]) for d in dites if (article := identifiants.resolve(d.cle)) is not None}

        return cls(read(Sujet.ARTICLE_RENOMMER, "libelle"), read(Sujet.ARTICLE_UNITE, "unite"))


def _situate(table: pl.DataFrame, groupes: Mapping[str, str]) -> pl.DataFrame:
    chefs = pl.DataFrame(list(groupes.items()), schema={"cle_libelle": pl.String, "chef": pl.String}, orient="row")
    return table.filter(pl.col("cle_libelle").is_not_null()).join(chefs, on="cle_libelle", how="inner")


def _sum_up(situees: pl.DataFrame) -> pl.DataFrame:
    """chef, famille, unit most lines are resolved in, number of labels, number of lines, amount."""
    resume = situees.group_by("chef").agg(
        pl.col("famille").first(),
        pl.col("libelle").n_unique().alias("nb_libelles"),
        pl.col("nb_lignes").fill_null(1).sum(),
        pl.col("montant_ht").cast(pl.Float64).abs().sum(),
    )
    unites = (
        situees.filter(pl.col("contenu_unite").is_not_null())
        .group_by("chef", "contenu_unite")
        .len()
        .sort("chef", -pl.col("len").cast(pl.Int64), "contenu_unite")
        .unique("chef", keep="first", maintain_order=True)
    )
    return (
        resume.join(unites, on="chef", how="left")
        .sort("chef")
        .select("chef", "famille", "contenu_unite", "nb_libelles", "nb_lignes", "montant_ht")
    )


def place(
    table: pl.DataFrame,
    groupes: Mapping[str, str],
    articles: pl.DataFrame,
    questions: Sequence[Question],
    decidees: Mapping[str, str],
    par_reference: frozenset[str],
    coupees: frozenset[str] = frozenset(),
) -> pl.DataFrame:
    """Each row with its article, its band and the reason. `decidees`: what a person did of a key, in French; `par_reference`: keys that
    a reference joined. An article of which a software cut every label (`coupees`) is never sure.
    """
    tailles = Counter(groupes.values())
    entiers = {chef for cle, chef in groupes.items() if cle not in coupees or cle in decidees or cle in par_reference}
    connus = articles.select("chef", "article_id", "libelle", "nb_libelles").iter_rows()
    noms = {chef: (article_id, libelle, nb_libelles) for chef, article_id, libelle, nb_libelles in connus}
    en_doute = {article for question in questions for article in (question.article_id, question.avec_article_id)}
    rangees = []
    for cle, chef in groupes.items():
        article_id, libelle, nb_libelles = noms[chef]
        est_seul = tailles[chef] == 1 and nb_libelles == 1
        est_sur = not est_seul and chef in entiers
        bande = Bande.AUTOMATIQUE if est_sur else Bande.PROPOSEE if article_id in en_doute else Bande.A_PART
        motif = say_motif(
            bande,
            decision=decidees.get(cle),
            est_reference=cle in par_reference,
            est_groupe=est_sur and tailles[chef] > 1,
            est_coupe=chef not in entiers,
        )
        rangees.append((cle, article_id, libelle, bande.value, motif))
    placees = table.join(pl.DataFrame(rangees, schema=_PLACE, orient="row"), on="cle_libelle", how="left", maintain_order="left")
    return placees.with_columns(
        pl.col("bande").fill_null(Bande.A_PART.value), pl.col("article_motif").fill_null("la ligne n'a pas de libellé")
    )
