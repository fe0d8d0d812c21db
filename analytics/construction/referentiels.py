"""Put beside the lines what does not come from them: membres, familles, units, fournisseurs, articles, rules, decisions."""

from collections.abc import Sequence
from datetime import date
from importlib.resources import files

import duckdb
import polars as pl

from analytics import parametres
from analytics.construction import corrections, perimetre, rapprochement
from analytics.construction.reprise import Plan
from analytics.decisions import Decision
from ingest.familles import Nomenclature

MembreBrut = tuple[str, str, str, str | None, int | None]


def ecrire(
    connexion: duckdb.DuckDBPyConnection,
    plan: Plan,
    membres: Sequence[MembreBrut],
    decisions: Sequence[Decision],
    nomenclature: Nomenclature,
    date_reference: date,
) -> None:
    """Create the reference tables, and those that say which fournisseur and which article a line is.

    Raises AElargir when lines that were to be kept are now another fournisseur's, or hold something else.
    """
    _creer(
        connexion,
        "membres",
        pl.DataFrame(
            sorted(membres),
            schema={"siren": pl.String, "nom": pl.String, "nature": pl.String, "code_insee": pl.String, "population": pl.Int64},
            orient="row",
        ),
    )
    _creer(connexion, "familles", rapprochement.familles(nomenclature))
    _creer(connexion, "regles", regles(date_reference))
    _creer(connexion, "conversions", rapprochement.conversions(nomenclature), temporaire=True)

    tiers, noms_tiers = rapprochement.fournisseurs(connexion.sql(_sql("tiers")).pl(), decisions)
    _remplacer(connexion, plan, "fournisseurs_de_nom", tiers, perimetre.TIERS_CHANGES)
    _creer(connexion, "noms_fournisseurs", noms_tiers, temporaire=True)

    libelles = connexion.sql(_sql("libelles")).pl().join(tiers, on=["fournisseur", "fournisseur_siret"], how="left")
    articles = rapprochement.articles(libelles, decisions, nomenclature)
    _creer(connexion, "noms_articles", articles.noms, temporaire=True)
    _creer(connexion, "questions_articles", articles.questions)
    _creer(connexion, "alias_articles", articles.alias)
    _creer(connexion, "unites_decidees", articles.unites, temporaire=True)
    _remplacer(connexion, plan, "articles_de_libelle", articles.libelles)
    revises = corrections.contenus_revises(connexion.sql(_sql("lectures")).pl())
    _remplacer(connexion, plan, "contenus_revises", revises, perimetre.CONTENUS_CHANGES)

    lignes, prix = rapprochement.decisions_prix(decisions, articles.alias)
    _creer(connexion, "decisions_prix_lignes", lignes, temporaire=True)
    _creer(connexion, "decisions_prix_membres", prix, temporaire=True)


def _remplacer(connexion: duckdb.DuckDBPyConnection, plan: Plan, nom: str, table: pl.DataFrame, changes: str | None = None) -> None:
    """Write a table of the schema `reprise`, once it is known what it changes for the lines that are kept."""
    connexion.register("a_comparer", table.to_arrow())
    if not plan.entier:
        if changes is None:
            perimetre.deplacer_articles(connexion)
        else:
            perimetre.refuser_si_change(connexion, changes)
    connexion.execute(f"CREATE OR REPLACE TABLE reprise.{nom} AS SELECT * FROM a_comparer")  # noqa: S608 — names are ours
    connexion.unregister("a_comparer")


def regles(au: date) -> pl.DataFrame:
    """The policy in force at the date of reference, written in the observatoire so that its figures can be explained."""
    aberrants = parametres.table("politique/prix_aberrants", au=au)
    return pl.DataFrame(
        {
            "aberrants_nb_membres": [int(aberrants["nb_membres"])],
            "aberrants_ecarts": [float(aberrants["ecarts"])],
            "aberrants_rapport_ligne": [float(aberrants["rapport_ligne"])],
            "aberrants_rapport_membre": [float(aberrants["rapport_membre"])],
            "plancher_membres": [int(parametres.valeur("politique/plancher_membres", au=au))],
            "plancher_fournisseurs": [int(parametres.valeur("politique/plancher_fournisseurs", au=au))],
            "besoins_mois_minimum": [int(parametres.table("politique/besoins", au=au)["mois_minimum"])],
        }
    )


def _sql(fichier: str) -> str:
    return files(__package__).joinpath(f"{fichier}.sql").read_text(encoding="utf-8")


def _creer(connexion: duckdb.DuckDBPyConnection, nom: str, table: pl.DataFrame, *, temporaire: bool = False) -> None:
    connexion.register("a_copier", table.to_arrow())
    connexion.execute(f"CREATE OR REPLACE {'TEMPORARY ' if temporaire else ''}TABLE {nom} AS SELECT * FROM a_copier")  # noqa: S608 — names are ours
    connexion.unregister("a_copier")
