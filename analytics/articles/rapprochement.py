"""A catalogue of articles: one exact key first, then what is surely near, then a person; the order of lines never matters."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

from analytics.articles.noms import name
from analytics.articles.questions import Poids, Question, ask, merge_attributs
from analytics.articles.references import join_by_reference
from analytics.articles.regroupement import Lien, decide, group, link
from analytics.articles.signature import Signature, find_marques, sign
from analytics.articles.similarite import Trait, lay_out
from analytics.decisions import Decision, Sujet, select
from ingest.vocabulaire import FAMILLE_A_CLASSER


class Bande(StrEnum):
    """How sure we are that a label belongs to its article."""

    AUTOMATIQUE = "automatique"
    PROPOSEE = "proposee"  # joined to nothing yet: a person is asked
    A_PART = "a_part"  # nothing near enough


@dataclass(frozen=True)
class Memoire:
    """What a rapprochement learnt and the next can reuse: signatures by key, links between keys, words held for brands."""

    signatures: Mapping[str, Signature] = field(default_factory=dict)
    liens: tuple[Lien, ...] = ()
    marques: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rapprochement:
    """`lignes`: the rows given, in order, with `cle_libelle`, `article_id`, `article` (its name), `bande`, `article_motif` (French).

    `articles`: `article_id, libelle, famille, unite_reference, attributs, nb_libelles`. `questions`: what a person may settle,
    most valuable first. `memoire` makes the next rapprochement quick when most labels are the same.
    """

    lignes: pl.DataFrame
    articles: pl.DataFrame
    questions: tuple[Question, ...]
    memoire: Memoire = field(default_factory=Memoire)


_FACULTATIVES = {
    "gtin": pl.String, "reference": pl.String, "fournisseur_id": pl.String, "contenu_unite": pl.String,
    "nb_lignes": pl.Int64, "montant_ht": pl.Float64,
}  # fmt: skip


def rapprocher(lignes_distinctes: pl.DataFrame, decisions: Sequence[Decision] = (), precedent: Memoire | None = None) -> Rapprochement:
    """Bring labels together. Needs `libelle` and `famille`; uses when present `gtin`, `reference`, `fournisseur_id`, `contenu_unite`,
    `nb_lignes`, `montant_ht`.

    A row without label has no article. The result is the same whatever the order of rows, and whether or not `precedent` (the memory of
    an earlier rapprochement) is given: it only saves time.
    """
    table = _complete(lignes_distinctes)
    signatures = _sign_all(table)
    table = table.join(_cles(table), on=["libelle", "famille"], how="left", nulls_equal=True, maintain_order="left")
    parlantes = {
        cle: signature
        for cle, signature in signatures.items()
        if signature.famille != FAMILLE_A_CLASSER and (signature.mots or signature.codes)
    }
    marques = find_marques(parlantes.values())
    traits = {cle: lay_out(signature, marques) for cle, signature in signatures.items()}
    traits_parlants = {cle: traits[cle] for cle in parlantes}
    bruts = _link(parlantes, traits_parlants, marques, precedent)
    liens = decide(traits_parlants, bruts)
    memes, differents = _pairs(decisions, Sujet.ARTICLE_MEME), _pairs(decisions, Sujet.ARTICLE_DIFFERENT)
    references = join_by_reference(traits_parlants, table.select("cle_libelle", "gtin", "fournisseur_id", "reference").unique().iter_rows())
    par_reference = [Lien(a, b, 1.0, True) for a, b in references]
    groupes = group(traits, [*liens, *par_reference], memes, differents)
    groupes = _split(groupes, decisions)
    articles = _describe(table, signatures, groupes, decisions)
    poids = {r["chef"]: Poids(r["libelle"], r["article_id"], r["nb_lignes"], r["montant_ht"]) for r in articles.iter_rows(named=True)}
    decidees = frozenset(frozenset(paire) for paire in (*memes, *differents))
    questions = ask(traits_parlants, liens, groupes, poids, decidees)
    lignes = _place(table, groupes, articles, questions, frozenset(cle for paire in memes for cle in paire), par_reference)
    finales = [nom for nom in lignes.columns if nom not in _FACULTATIVES or nom in lignes_distinctes.columns]
    return Rapprochement(
        lignes.select(finales),
        articles.select("article_id", "libelle", "famille", "unite_reference", "attributs", "nb_libelles").sort("article_id"),
        questions,
        Memoire(parlantes, tuple(bruts), marques),
    )


def _complete(lignes: pl.DataFrame) -> pl.DataFrame:
    absentes = [pl.lit(None, dtype=genre).alias(nom) for nom, genre in _FACULTATIVES.items() if nom not in lignes.columns]
    textes = [pl.col(nom).replace("", None) for nom in ("gtin", "reference", "fournisseur_id") if nom in lignes.columns]
    return lignes.with_columns(*textes, *absentes)


def _sign_all(table: pl.DataFrame) -> dict[str, Signature]:
    signatures = {}
    for libelle, famille in table.select("libelle", "famille").unique().iter_rows():
        if libelle:
            signature = sign(libelle, famille or FAMILLE_A_CLASSER)
            signatures[signature.cle] = signature
    return dict(sorted(signatures.items()))


def _cles(table: pl.DataFrame) -> pl.DataFrame:
    distincts = table.select("libelle", "famille").unique()
    cles = [sign(libelle, famille or FAMILLE_A_CLASSER).cle if libelle else None for libelle, famille in distincts.iter_rows()]
    return distincts.with_columns(pl.Series("cle_libelle", cles, dtype=pl.String))


def _link(
    signatures: Mapping[str, Signature], traits: Mapping[str, Trait], marques: frozenset[str], precedent: Memoire | None
) -> list[Lien]:
    """Links of all, or those of the memory that still stand and those of the new keys: a link depends on its two ends alone."""
    if precedent is None or precedent.marques != marques:
        return link(traits)
    gardes = [lien for lien in precedent.liens if lien.a in signatures and lien.b in signatures]
    nouvelles = [cle for cle in signatures if cle not in precedent.signatures]
    ajoutes = link(traits, nouvelles) if nouvelles else []
    return sorted({*gardes, *ajoutes}, key=lambda lien: (lien.a, lien.b))


def _pairs(decisions: Sequence[Decision], sujet: Sujet) -> list[tuple[str, str]]:
    en_vigueur = select(decisions, Sujet.ARTICLE_MEME, Sujet.ARTICLE_DIFFERENT)
    return [
        (decision.cle, str(decision.valeur["avec"])) for decision in en_vigueur if decision.sujet == sujet and "avec" in decision.valeur
    ]


def _split(groupes: Mapping[str, str], decisions: Sequence[Decision]) -> dict[str, str]:
    """Keys that people took out of an article make one of their own; the rest keeps its name."""
    separes = dict(groupes)
    for decision in select(decisions, Sujet.ARTICLE_SCINDER):
        parties = sorted(str(cle) for cle in decision.valeur.get("cles", ()) if str(cle) in separes)
        for cle in parties:
            separes[cle] = parties[0]
    membres = defaultdict(list)
    for cle, chef in separes.items():
        membres[(groupes[cle], chef)].append(cle)
    return {cle: min(liste) for liste in membres.values() for cle in liste}


def _identify(chef: str) -> str:
    """Short name of an article, the same on every build: its famille and a digest of its first key."""
    return f"{chef.partition(' ')[0]}-{hashlib.blake2b(chef.encode(), digest_size=4).hexdigest()}"


def _describe(
    table: pl.DataFrame, signatures: Mapping[str, Signature], groupes: Mapping[str, str], decisions: Sequence[Decision]
) -> pl.DataFrame:
    """One row per article, with its `chef` (first key), number of lines and amount."""
    renommes = {
        decision.cle: str(decision.valeur["libelle"])
        for decision in select(decisions, Sujet.ARTICLE_RENOMMER)
        if "libelle" in decision.valeur
    }
    unites = {
        decision.cle: str(decision.valeur["unite"]) for decision in select(decisions, Sujet.ARTICLE_UNITE) if "unite" in decision.valeur
    }
    situees = table.filter(pl.col("cle_libelle").is_not_null()).with_columns(
        pl.col("cle_libelle").replace_strict(groupes, default=None).alias("chef")
    )
    cles: dict[str, list[str]] = defaultdict(list)
    for cle, chef in groupes.items():
        cles[chef].append(cle)
    libelles = situees.group_by("chef", "libelle").agg(pl.col("nb_lignes").fill_null(1).sum())
    noms: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for chef, libelle, n in libelles.select("chef", "libelle", "nb_lignes").iter_rows():
        noms[chef].append((libelle, n))
    resume = situees.group_by("chef").agg(
        pl.col("famille").first(),
        pl.col("contenu_unite").drop_nulls().sort().mode().first().alias("unite_reference"),
        pl.col("libelle").n_unique().alias("nb_libelles"),
        pl.col("nb_lignes").fill_null(1).sum(),
        pl.col("montant_ht").cast(pl.Float64).abs().sum(),
    )
    rangees = []
    for r in resume.sort("chef").iter_rows(named=True):
        chef, article_id = r["chef"], _identify(r["chef"])
        connus = [article_id, *sorted(cles[chef])]
        libelle = next((renommes[cle] for cle in connus if cle in renommes), None) or name(noms[chef])
        unite = next((unites[cle] for cle in connus if cle in unites), r["unite_reference"])
        attributs = merge_attributs([signatures[cle] for cle in sorted(cles[chef])])
        rangees.append((chef, article_id, libelle, r["famille"], unite, attributs, r["nb_libelles"], r["nb_lignes"], r["montant_ht"]))
    schema = {
        "chef": pl.String, "article_id": pl.String, "libelle": pl.String, "famille": pl.String, "unite_reference": pl.String,
        "attributs": pl.String, "nb_libelles": pl.Int64, "nb_lignes": pl.Int64, "montant_ht": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rangees, schema=schema, orient="row")


def _place(
    table: pl.DataFrame,
    groupes: Mapping[str, str],
    articles: pl.DataFrame,
    questions: Sequence[Question],
    decidees: frozenset[str],
    references: Sequence[Lien],
) -> pl.DataFrame:
    """Each row with its article, its band and the reason."""
    tailles: dict[str, int] = defaultdict(int)
    for chef in groupes.values():
        tailles[chef] += 1
    noms = {r["chef"]: (r["article_id"], r["libelle"], r["nb_libelles"]) for r in articles.iter_rows(named=True)}
    en_doute = {article for question in questions for article in (question.article_id, question.avec_article_id)}
    par_reference = {cle for lien in references for cle in (lien.a, lien.b)}
    rangees = []
    for cle, chef in groupes.items():
        article_id, libelle, nb_libelles = noms[chef]
        est_seul = tailles[chef] == 1 and nb_libelles == 1
        bande = Bande.AUTOMATIQUE if not est_seul else Bande.PROPOSEE if article_id in en_doute else Bande.A_PART
        motif = _say_motif(cle in decidees, cle in par_reference, tailles[chef] > 1, bande)
        rangees.append((cle, article_id, libelle, bande.value, motif))
    schema = {"cle_libelle": pl.String, "article_id": pl.String, "article": pl.String, "bande": pl.String, "article_motif": pl.String}
    placees = table.join(pl.DataFrame(rangees, schema=schema, orient="row"), on="cle_libelle", how="left", maintain_order="left")
    return placees.with_columns(
        pl.col("bande").fill_null(Bande.A_PART.value), pl.col("article_motif").fill_null("la ligne n'a pas de libellé")
    )


def _say_motif(est_decide: bool, est_reference: bool, est_groupe: bool, bande: Bande) -> str:
    if est_decide:
        return "rapproché par une décision"
    if est_reference:
        return "même référence du fournisseur ou même code-barres"
    if est_groupe:
        return "libellés équivalents : mêmes mots, mêmes caractéristiques, conditionnement mis à part"
    if bande is Bande.AUTOMATIQUE:
        return "même libellé, conditionnement mis à part"
    return "un article voisin existe : à confirmer" if bande is Bande.PROPOSEE else "aucun article assez proche"


__all__ = ["Bande", "Memoire", "Question", "Rapprochement", "rapprocher"]
