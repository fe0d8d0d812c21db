"""Put beside the lines what does not come from them: membres, familles, units, fournisseurs, articles, rules, decisions."""

from collections.abc import Sequence
from datetime import date
from importlib.resources import files

import duckdb
import polars as pl

from analytics import parametres
from analytics.construction import corrections, memoire, rapprochement, tables
from analytics.construction.sources import MembreBrut
from analytics.decisions import Decision
from ingest.familles import Nomenclature


def ecrire(
    connexion: duckdb.DuckDBPyConnection,
    membres: Sequence[MembreBrut],
    decisions: Sequence[Decision],
    nomenclature: Nomenclature,
    date_reference: date,
) -> None:
    """Create the reference tables, and `reprise.placements`, which says what fournisseur and what article each combination of words is."""
    tables.creer(
        connexion,
        "membres",
        pl.DataFrame(
            sorted(membres),
            schema={"siren": pl.String, "nom": pl.String, "nature": pl.String, "code_insee": pl.String, "population": pl.Int64},
            orient="row",
        ),
    )
    tables.creer(connexion, "familles", rapprochement.familles(nomenclature))
    tables.creer(connexion, "mots_familles", rapprochement.mots_familles(nomenclature))
    tables.creer(connexion, "regles", regles(date_reference))
    tables.creer(connexion, "conversions", rapprochement.conversions(nomenclature), temporaire=True)

    tiers, noms_tiers = rapprochement.fournisseurs(connexion.sql(_sql("tiers")).pl(), decisions)
    tables.creer(connexion, "fournisseurs_de_nom", tiers, temporaire=True)
    tables.creer(connexion, "noms_fournisseurs", noms_tiers, temporaire=True)

    libelles = connexion.sql(_sql("libelles")).pl().join(tiers, on=["fournisseur", "fournisseur_siret"], how="left")
    articles = rapprochement.articles(libelles, decisions, nomenclature, memoire.lire(connexion))
    memoire.retenir(connexion, articles.memoire)
    tables.creer(connexion, "noms_articles", articles.noms, temporaire=True)
    tables.creer(connexion, "questions_articles", articles.questions)
    tables.creer(connexion, "alias_articles", articles.alias)
    tables.creer(connexion, "unites_decidees", articles.unites, temporaire=True)
    tables.creer(connexion, "articles_de_libelle", articles.libelles, temporaire=True)
    connexion.execute(_sql("100_combinaisons_situees"))
    revises = corrections.contenus_a_revoir(connexion.sql(_sql("lectures")).pl(), connexion.sql(_sql("prix_des_lectures")).pl())
    tables.creer(connexion, "contenus_a_revoir", revises, temporaire=True)
    for fichier in ("102_combinaisons_revues", "104_sujets", "106_placements", "108_contenus_revises"):
        connexion.execute(_sql(fichier))
    tables.creer(connexion, "reprise.decisions_prix_membres", rapprochement.decisions_prix(decisions, articles.alias))


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
