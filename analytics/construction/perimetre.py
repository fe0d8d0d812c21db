"""Which rows are computed again: all of them in a full build, in another those of the membres taken again and all that they touch."""

from collections.abc import Sequence

import duckdb

from analytics.construction.reprise import AElargir, Plan

VUES = {
    "lignes_a_juger": (
        "SELECT t.*, t.rowid AS rang FROM lignes AS t",
        (
            "t.article_id IN (SELECT article_id FROM articles_touches) "
            "OR (t.article_id IS NULL AND t.membre IN (SELECT membre FROM membres_repris))"
        ),
    ),
    "lignes_reprises": (
        "SELECT t.* FROM lignes AS t",
        "(coalesce(t.article_id, ''), t.membre) IN (SELECT article_id, membre FROM paires_touchees)",
    ),
    "achats_repris": ("SELECT t.* FROM achats_mois AS t", "(t.article_id, t.membre) IN (SELECT article_id, membre FROM paires_touchees)"),
    "annuels_repris": ("SELECT t.* FROM reprise.achats_annuels AS t", "t.article_id IN (SELECT article_id FROM articles_touches)"),
    "prix_repris": ("SELECT t.* FROM prix_membres AS t", "t.article_id IN (SELECT article_id FROM articles_touches)"),
    "achats_des_membres": ("SELECT t.* FROM achats_mois AS t", "t.membre IN (SELECT membre FROM membres_touches)"),
}
"""View → what it shows, and the condition that restricts it when not everything is computed again."""
TABLES = {
    "membres_repris": "membre VARCHAR",
    "paires_touchees": "article_id VARCHAR, membre VARCHAR",
    "articles_touches": "article_id VARCHAR",
    "membres_touches": "membre VARCHAR",
    "familles_touchees": "famille VARCHAR",
}
PAIRES_DES_MEMBRES = "SELECT coalesce(article_id, ''), membre FROM lignes WHERE membre IN (SELECT membre FROM membres_repris)"
MEMBRES_D_UNE_AUTRE_UNITE = """
    SELECT DISTINCT m.membre FROM achats_mois AS m
    LEFT JOIN unites_avant AS a ON m.article_id = a.article_id
    LEFT JOIN reprise.unites_articles AS n ON m.article_id = n.article_id
    WHERE a.unite_reference IS DISTINCT FROM n.unite_reference
"""
TIERS_CHANGES = """
    SELECT DISTINCT t.membre FROM reprise.tiers AS t
    LEFT JOIN reprise.fournisseurs_de_nom AS a ON t.fournisseur = a.fournisseur AND t.fournisseur_siret = a.fournisseur_siret
    LEFT JOIN a_comparer AS n ON t.fournisseur = n.fournisseur AND t.fournisseur_siret = n.fournisseur_siret
    WHERE a.fournisseur_id IS DISTINCT FROM n.fournisseur_id AND t.membre NOT IN (SELECT membre FROM membres_repris)
"""
CONTENUS_CHANGES = """
    SELECT DISTINCT i.membre FROM reprise.identites AS i
    INNER JOIN (
        (SELECT * FROM reprise.contenus_revises EXCEPT SELECT * FROM a_comparer)
        UNION ALL (SELECT * FROM a_comparer EXCEPT SELECT * FROM reprise.contenus_revises)
    ) AS c
    ON i.libelle = c.libelle AND i.famille = c.famille AND i.unite = c.unite AND i.reference = c.reference AND i.gtin = c.gtin
        AND i.fournisseur = c.fournisseur AND i.fournisseur_siret = c.fournisseur_siret
    WHERE i.membre NOT IN (SELECT membre FROM membres_repris)
"""


def ouvrir(connexion: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Create the tables that say what is touched, empty but for the membres taken again."""
    if plan.entier:
        connexion.execute("CREATE SCHEMA reprise")
    for nom, colonnes in TABLES.items():
        connexion.execute(f"CREATE TEMPORARY TABLE {nom} ({colonnes})")
    if plan.membres:
        connexion.executemany("INSERT INTO membres_repris VALUES (?)", [(membre,) for membre in sorted(plan.membres)])


def montrer(connexion: duckdb.DuckDBPyConnection, plan: Plan, *vues: str) -> None:
    """Create these views: everything, or only what is computed again."""
    for vue in vues:
        requete, condition = VUES[vue]
        connexion.execute(f"CREATE TEMPORARY VIEW {vue} AS {requete}" + ("" if plan.entier else f" WHERE {condition}"))


def refuser_si_change(connexion: duckdb.DuckDBPyConnection, requete: str) -> None:
    """Raise AElargir when `requete` (on the registered `a_comparer`) finds membres whose lines would not be what they were."""
    membres = frozenset(membre for (membre,) in connexion.execute(requete).fetchall())
    if membres:
        raise AElargir(membres)


def toucher_paires(connexion: duckdb.DuckDBPyConnection, requete: str) -> None:
    """Add the article × membre pairs of this query, and their articles and membres, to what is computed again."""
    connexion.execute(f"INSERT INTO paires_touchees SELECT DISTINCT * FROM ({requete}) EXCEPT SELECT * FROM paires_touchees")  # noqa: S608 — ours
    connexion.execute(
        "INSERT INTO articles_touches SELECT article_id FROM paires_touchees WHERE article_id <> '' EXCEPT SELECT * FROM articles_touches"
    )
    toucher_membres(connexion, "SELECT membre FROM paires_touchees")


def toucher_membres(connexion: duckdb.DuckDBPyConnection, requete: str) -> None:
    """Add the membres of this query to those whose besoins are computed again."""
    connexion.execute(f"INSERT INTO membres_touches {requete} EXCEPT SELECT * FROM membres_touches")  # noqa: S608 — queries are ours


def toucher_familles(connexion: duckdb.DuckDBPyConnection) -> None:
    """Add the familles of the articles touched, as they stand: called before and after they change."""
    connexion.execute(
        "INSERT INTO familles_touchees SELECT famille FROM reprise.releves WHERE article_id IN (SELECT article_id FROM articles_touches) "
        "UNION SELECT famille FROM articles WHERE article_id IN (SELECT article_id FROM articles_touches) "
        "EXCEPT SELECT * FROM familles_touchees"
    )


def deplacer_articles(connexion: duckdb.DuckDBPyConnection) -> None:
    """Give the lines that are kept what `a_comparer` (the new answer on labels) says of them, and touch what moves."""
    connexion.execute("""
        CREATE TEMPORARY TABLE cles_changees AS
        SELECT DISTINCT n.cle_libelle, a.article_id AS ancien, n.article_id, n.article, n.article_bande, n.article_motif
        FROM reprise.articles_de_libelle AS a INNER JOIN a_comparer AS n ON a.libelle = n.libelle AND a.famille = n.famille
        WHERE a.article_id IS DISTINCT FROM n.article_id OR a.article IS DISTINCT FROM n.article
            OR a.article_bande IS DISTINCT FROM n.article_bande OR a.article_motif IS DISTINCT FROM n.article_motif
    """)
    for cote in ("ancien", "article_id"):
        toucher_paires(
            connexion,
            f"SELECT c.{cote}, l.membre FROM lignes AS l INNER JOIN cles_changees AS c ON l.cle_libelle = c.cle_libelle "  # noqa: S608
            "WHERE c.ancien IS DISTINCT FROM c.article_id",
        )
    connexion.execute(
        "UPDATE lignes SET article_id = c.article_id, article = c.article, article_bande = c.article_bande, "
        "article_motif = c.article_motif FROM cles_changees AS c WHERE lignes.cle_libelle = c.cle_libelle"
    )


def ecrire(connexion: duckdb.DuckDBPyConnection, plan: Plan, texte: str, table: str, cle: Sequence[str] | str) -> None:
    """Run `CREATE TABLE … AS` whole, or replace in that table the rows of which `cle` says that they are computed again.

    `cle` is the condition on the rows to replace; « * » means that the table is always written whole.
    """
    if plan.entier:
        connexion.execute(texte)
    elif cle == "*":
        connexion.execute(f"DROP TABLE {table}")
        connexion.execute(texte)
    else:
        connexion.execute(f"DELETE FROM {table} WHERE {cle}")  # noqa: S608 — names are ours
        connexion.execute(texte.replace(f"CREATE TABLE {table} AS", f"INSERT INTO {table}", 1))
