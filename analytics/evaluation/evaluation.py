"""The whole comparison is run as in production on generated lines whose truth is known, and each figure says on how much it stands.

Thresholds and word lists were tuned on the vocabularies of `REGLAGE`; any other is unseen data.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from analytics.articles import affiner_contenus, rapprocher
from analytics.articles.questions import Question
from analytics.decisions import Decision, Sujet
from analytics.evaluation.paires import Paires, compare
from analytics.fournisseurs import rapprocher as rapprocher_fournisseurs
from ingest.familles import classer
from ingest.quantites import ajouter_contenu, analyser
from ingest.vocabulaire import FAMILLE_A_CLASSER

REGLAGE = frozenset({"v1", "v2"})
# What issue 4 asks on unseen data.
CIBLES: Mapping[str, float] = {
    "conditionnement_resolu": 0.97,
    "conditionnement_juste": 0.995,
    "article_precision": 0.995,
    "article_rappel": 0.90,
    "article_rappel_avec_revue": 0.98,
    "famille_classee": 0.90,
    "famille_juste": 0.97,
}
# The truth counts some things in words that are all one unit for us.
_COMPTES = {"paire": "unite", "repas": "unite"}
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Mesure:
    """One figure (a share from 0 to 1, None when nothing could be judged), on how many cases."""

    nom: str
    libelle: str
    valeur: float | None
    effectif: int


@dataclass(frozen=True)
class Evaluation:
    """Figures of one run; `est_reglage` when the thresholds were tuned on this vocabulary."""

    graine: int
    vocabulaire: str
    nb_lignes: int
    est_reglage: bool
    mesures: tuple[Mesure, ...]

    def valeur(self, nom: str) -> float | None:
        """Value of a figure by its name. KeyError when there is none of that name."""
        return {mesure.nom: mesure.valeur for mesure in self.mesures}[nom]

    def dire(self) -> str:
        """The report, in French, one figure per line."""
        sorte = "données de réglage" if self.est_reglage else "données jamais vues au réglage"
        entete = f"Graine {self.graine}, vocabulaire {self.vocabulaire} ({sorte}), {self.nb_lignes} lignes"
        return f"{entete}\n{dire_mesures(self.mesures)}"


def dire_mesures(mesures: Sequence[Mesure]) -> str:
    """These figures in French, one per line."""
    return "\n".join(f"  {mesure.libelle} : {_pct(mesure.valeur)} (sur {mesure.effectif})" for mesure in mesures)


def evaluer(graine: int, vocabulaire: str, nb_lignes: int = 12_000, degradations: Mapping[str, Any] | None = None) -> Evaluation:
    """Run the comparison on generated lines and judge it. `degradations` are those of the generator (`coupees`, `fautes`, `cpv`…).

    Needs the sample data package; the generator raises FileNotFoundError for an unknown vocabulary.
    """
    from sample_data.generation.rapide import Degradations, generer_lignes

    lignes, verite = generer_lignes(graine, vocabulaire, nb_lignes, degradations=Degradations(**(degradations or {})))
    return Evaluation(graine, vocabulaire, len(lignes), vocabulaire in REGLAGE, juger(lignes, verite))


def juger(lignes: pl.DataFrame, verite: pl.DataFrame) -> tuple[Mesure, ...]:
    """Figures of the production path on these lines (columns of `generer_lignes`) against their truth."""
    classees = ajouter_contenu(classer(lignes.drop("ligne", strict=False)))
    situees = rapprocher_fournisseurs(classees)
    rapproches = rapprocher(situees)
    affinees = affiner_contenus(rapproches.lignes)
    vraie = verite.rename({nom: f"vrai_{nom}" for nom in verite.columns})
    tout = pl.concat([affinees, vraie], how="horizontal")
    avec_revue = _answer(situees, vraie, rapproches.questions, rapproches.lignes)
    return (
        *_judge_contenus(tout, "conditionnement", "Conditionnement"),
        *_judge_contenus(tout.filter(pl.col("vrai_conditionnement_lisible")), "lisible", "Conditionnement écrit sur la ligne"),
        *_judge_familles(tout),
        *_judge_articles(tout, compare(avec_revue, vraie["vrai_article"].to_list()), len(rapproches.questions)),
        *_judge_fournisseurs(tout),
    )


def evaluer_cas(chemin: Path) -> tuple[Mesure, ...]:
    """Figures over hand-written cases (CSV libelle;unite;famille;quantite;unite_base;forme); no quantite: « à préciser » is expected."""
    with chemin.open(encoding="utf-8", newline="") as fichier:
        cas = list(csv.DictReader(fichier, delimiter=";"))
    lus = [(c, analyser(c["libelle"], c["unite"] or None, c["famille"])) for c in cas]
    attendus = [(c, lu) for c, lu in lus if c["quantite"]]
    resolus = [(c, lu) for c, lu in attendus if lu.quantite is not None]
    justes = [c for c, lu in resolus if lu.quantite == Decimal(c["quantite"]) and lu.unite_base == c["unite_base"]]
    muets = [(c, lu) for c, lu in lus if not c["quantite"]]
    return (
        Mesure("cas_resolus", "Cas écrits à la main, résolus", _share(len(resolus), len(attendus)), len(attendus)),
        Mesure("cas_justes", "Cas écrits à la main, justes parmi les résolus", _share(len(justes), len(resolus)), len(resolus)),
        Mesure(
            "cas_a_preciser",
            "Cas indécidables laissés à préciser",
            _share(sum(lu.quantite is None for _, lu in muets), len(muets)),
            len(muets),
        ),
    )


def _judge_contenus(tout: pl.DataFrame, prefixe: str, libelle: str) -> tuple[Mesure, ...]:
    resolues = tout.filter(pl.col("contenu_quantite").is_not_null())
    rapport = resolues["contenu_quantite"].cast(pl.Float64) / resolues["vrai_contenu"].cast(pl.Float64)
    meme_unite = resolues["contenu_unite"] == resolues["vrai_unite_reference"].replace(_COMPTES)
    approches = int(resolues["contenu_approx"].fill_null(value=False).sum())
    justes = int((((rapport - 1).abs() <= _TOLERANCE) & meme_unite).sum())
    return (
        Mesure(f"{prefixe}_resolu", f"{libelle} : résolu", _share(len(resolues), len(tout)), len(tout)),
        Mesure(f"{prefixe}_juste", f"{libelle} : juste parmi les résolus", _share(justes, len(resolues)), len(resolues)),
        Mesure(f"{prefixe}_approche", f"{libelle} : approché parmi les résolus", _share(approches, len(resolues)), len(resolues)),
    )


def _judge_familles(tout: pl.DataFrame) -> tuple[Mesure, ...]:
    classees = tout.filter(pl.col("famille") != FAMILLE_A_CLASSER)
    justes = int((classees["famille"] == classees["vrai_famille"]).sum())
    sans_cpv = classees.filter(pl.col("code_cpv").is_null())
    justes_sans = int((sans_cpv["famille"] == sans_cpv["vrai_famille"]).sum())
    return (
        Mesure("famille_classee", "Famille : classée", _share(len(classees), len(tout)), len(tout)),
        Mesure("famille_juste", "Famille : juste parmi les classées", _share(justes, len(classees)), len(classees)),
        Mesure("famille_juste_sans_cpv", "Famille : juste sans code CPV", _share(justes_sans, len(sans_cpv)), len(sans_cpv)),
    )


def _judge_articles(tout: pl.DataFrame, revue: Paires, nb_questions: int) -> tuple[Mesure, ...]:
    automatiques = tout.filter(pl.col("bande") == "automatique")
    bande = compare(automatiques["article_id"].to_list(), automatiques["vrai_article"].to_list())
    tous = compare(tout["article_id"].to_list(), tout["vrai_article"].to_list())
    return (
        Mesure("article_precision", "Articles : précision de la bande automatique (paires de lignes)", bande.precision, bande.nb_proposees),
        Mesure("article_rappel", "Articles : rappel de ce qui est automatique (paires de lignes)", tous.rappel, tous.nb_vraies),
        Mesure("article_f1", "Articles : F1", tous.f1, tous.nb_vraies),
        Mesure("article_rappel_avec_revue", "Articles : rappel quand les questions ont leur réponse", revue.rappel, nb_questions),
    )


def _judge_fournisseurs(tout: pl.DataFrame) -> tuple[Mesure, ...]:
    graphies = tout.select("fournisseur", "fournisseur_siret", "fournisseur_id", "vrai_fournisseur_id").unique()
    paires = compare(graphies["fournisseur_id"].to_list(), graphies["vrai_fournisseur_id"].to_list())
    return (Mesure("fournisseur_f1", "Fournisseurs : F1 (paires de graphies)", paires.f1, len(graphies)),)


def _answer(situees: pl.DataFrame, vraie: pl.DataFrame, questions: Sequence[Question], lignes: pl.DataFrame) -> list[str | None]:
    """Articles once somebody who knows the truth answered every question."""
    from datetime import UTC, datetime

    vrais = dict(
        pl.DataFrame({"cle": lignes["cle_libelle"], "article": vraie["vrai_article"]})
        .group_by("cle")
        .agg(pl.col("article").mode().sort().first())
        .iter_rows()
    )
    quand = datetime(2026, 1, 1, tzinfo=UTC)
    decisions = [
        Decision(
            Sujet.ARTICLE_MEME if vrais.get(q.cle) == vrais.get(q.avec) else Sujet.ARTICLE_DIFFERENT,
            q.cle,
            "évaluation",
            quand,
            {"avec": q.avec},
        )
        for q in questions
    ]
    return rapprocher(situees, decisions).lignes["article_id"].to_list()


def _share(n: int, total: int) -> float | None:
    return n / total if total else None


def _pct(valeur: float | None) -> str:
    return "aucun cas à juger" if valeur is None else f"{valeur * 100:.2f} %".replace(".", ",")
