"""Which rows are computed again: all of them in a full build, in another those of the article × membre pairs that something touches."""

from collections.abc import Sequence

import duckdb

from analytics.construction.reprise import Plan

_DES_ARTICLES = "WHERE t.article_id IN (SELECT article_id FROM articles_touches)"
VUES = {
    "lignes_des_membres": ("reprise.lignes_en_vigueur", "WHERE t.membre IN (SELECT membre FROM membres_repris)"),
    "lignes_annuelles": ("reprise.lignes_situees", "situees_touchees"),
    "annuels_repris": ("reprise.achats_annuels", _DES_ARTICLES),
    "annuels_a_juger": (
        "reprise.achats_annuels",
        "INNER JOIN paires_touchees AS p ON t.article_id = p.article_id AND t.membre = p.membre",
    ),
    "lignes_a_juger": ("reprise.lignes_jugees", "jugees_touchees"),
    "lignes_mensuelles": ("reprise.lignes_jugees", "jugees_touchees"),
    "lignes_a_verifier": ("lignes", "WHERE t.depot IN (SELECT depot FROM depots_lus)"),
    "prix_repris": ("prix_membres", _DES_ARTICLES),
    "achats_des_membres": ("achats_mois", "WHERE t.membre IN (SELECT membre FROM membres_touches)"),
}
"""View → what it shows, and what restricts it when not everything is computed again (or what it then shows instead)."""
_TOUCHEES = {
    "110_lignes_situees": (
        "VIEW reprise.lignes_situees",
        "TEMPORARY VIEW situees_touchees",
        "reprise.lignes_en_vigueur",
        "lignes_touchees",
    ),
    "150_lignes_jugees": ("VIEW reprise.lignes_jugees", "TEMPORARY VIEW jugees_touchees", "reprise.lignes_situees", "situees_touchees"),
}
PAIRE = "(article_id, membre) IN (SELECT article_id, membre FROM paires_touchees)"
PAIRE_OU_RIEN = "(coalesce(article_id, ''), membre) IN (SELECT article_id, membre FROM paires_touchees)"
ARTICLE = "article_id IN (SELECT article_id FROM articles_touches)"
BESOIN = "membre IN (SELECT membre FROM membres_touches)"
_TABLES = {
    "membres_repris": "membre VARCHAR",
    "paires_touchees": "article_id VARCHAR, membre VARCHAR",
    "articles_touches": "article_id VARCHAR",
    "membres_touches": "membre VARCHAR",
    "familles_touchees": "famille VARCHAR",
}
_COMPTE = "membre, date, nature, quantite, prix_unitaire_ht, montant_ht, decision_prix, combinaison"
"""What of a line counts in the figures."""
_PLACE = "combinaison, article_id, fournisseur_id, famille, contenu_quantite, contenu_approx, unite_reference, facteur, motif"
"""What of a combination does; its other columns are read from it each time."""
_REVISION = "combinaison, prix, contenu_quantite, contenu_approx, unite_reference, facteur"


def masquer(connexion: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Take the lines that stand no more out of the way, kept in `lignes_retirees`, and what is about to be written again likewise."""
    for nom, colonnes in _TABLES.items():
        connexion.execute(f"CREATE TEMPORARY TABLE {nom} ({colonnes})")
    connexion.execute("INSERT INTO membres_repris SELECT unnest($membres)", {"membres": sorted(plan.membres)})
    connexion.execute("CREATE TEMPORARY TABLE depots_perimes AS SELECT unnest($depots) AS depot", {"depots": list(plan.perimes)})
    connexion.execute(
        "CREATE TEMPORARY TABLE lignes_retirees AS "
        "SELECT * FROM reprise.lignes_en_vigueur WHERE depot IN (SELECT depot FROM depots_perimes)"
    )
    connexion.execute("DELETE FROM reprise.lignes_recues WHERE depot IN (SELECT depot FROM depots_perimes)")
    connexion.execute("INSERT INTO reprise.depots_masques SELECT depot FROM depots_perimes EXCEPT SELECT depot FROM reprise.depots_masques")
    connexion.execute("DELETE FROM reprise.depots WHERE depot IN (SELECT depot FROM depots_perimes)")
    for avant, table in (("placements_avant", "placements"), ("revises_avant", "contenus_revises"), ("unites_avant", "unites_articles"),
                         ("reperes_avant", "reperes_articles"), ("decisions_avant", "decisions_prix_membres")):  # fmt: skip
        connexion.execute(f"CREATE TEMPORARY TABLE {avant} AS SELECT * FROM reprise.{table}")  # noqa: S608 — names are ours


def compter(connexion: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Create `lignes_comptees`: every line once in a full build, in another those read (+1) and those taken away (−1)."""
    requete = "SELECT *, 1 AS sens FROM reprise.lignes_en_vigueur"
    if not plan.entier:
        connexion.execute(
            "CREATE TEMPORARY TABLE depots_lus AS SELECT unnest($depots) AS depot", {"depots": [d.depot for d in plan.a_lire]}
        )
        connexion.execute(
            "CREATE TEMPORARY VIEW lignes_ajoutees AS SELECT * FROM reprise.lignes_recues WHERE depot IN (SELECT depot FROM depots_lus)"
        )
        requete = "SELECT *, 1 AS sens FROM lignes_ajoutees UNION ALL SELECT *, -1 AS sens FROM lignes_retirees"
    connexion.execute(f"CREATE TEMPORARY VIEW lignes_comptees AS {requete}")


def oublier_combinaisons(connexion: duckdb.DuckDBPyConnection) -> None:
    """Remove the combinations that no line says any more: what they were read as would decide for others."""
    connexion.execute("DELETE FROM reprise.combinaisons WHERE combinaison NOT IN (SELECT combinaison FROM reprise.achats_combinaisons)")


def montrer(connexion: duckdb.DuckDBPyConnection, plan: Plan, *vues: str) -> None:
    """Create these views: everything, or only what is computed again."""
    for vue in vues:
        table, condition = VUES[vue]
        if not plan.entier and " " not in condition:
            table = condition
        restreinte = "" if plan.entier or table == condition else condition
        connexion.execute(f"CREATE TEMPORARY VIEW {vue} AS SELECT t.* FROM {table} AS t {restreinte}")  # noqa: S608 — ours


def isoler(connexion: duckdb.DuckDBPyConnection) -> None:
    """Put the lines of the pairs touched in `lignes_touchees`: what is computed from them need not look through all the others."""
    connexion.execute(
        "CREATE OR REPLACE TEMPORARY TABLE lignes_touchees AS SELECT l.* FROM reprise.lignes_en_vigueur AS l "
        "INNER JOIN reprise.placements AS p ON l.combinaison = p.combinaison "
        "INNER JOIN paires_touchees AS t ON p.article_ou_rien = t.article_id AND l.membre = t.membre"
    )


def restreindre(connexion: duckdb.DuckDBPyConnection, fichier: str, texte: str) -> None:
    """Create beside this view of all lines the same view of `lignes_touchees`."""
    vue, touchees, source, restreinte = _TOUCHEES[fichier]
    assert vue in texte, fichier
    assert source in texte, fichier
    connexion.execute(texte.replace(vue, touchees, 1).replace(source, restreinte))


def toucher_lignes(connexion: duckdb.DuckDBPyConnection) -> None:
    """Touch the pairs of the lines that came, went or changed, and of those whose words are now placed otherwise."""
    connexion.execute(
        "CREATE TEMPORARY TABLE achats_changes AS SELECT DISTINCT membre, combinaison FROM "  # noqa: S608 — names are ours
        f"({_ecart('lignes_ajoutees', 'lignes_retirees', _COMPTE, 'EXCEPT ALL')})"
    )
    connues = "(SELECT * FROM reprise.placements WHERE combinaison IN (SELECT combinaison FROM placements_avant))"
    connexion.execute(
        "CREATE TEMPORARY TABLE combinaisons_changees AS "  # noqa: S608
        f"SELECT combinaison FROM ({_ecart('placements_avant', connues, _PLACE)}) "
        f"UNION SELECT combinaison FROM ({_ecart('revises_avant', 'reprise.contenus_revises', _REVISION)})"
    )
    connexion.execute(
        "INSERT INTO achats_changes SELECT a.membre, a.combinaison FROM reprise.achats_combinaisons AS a "
        "INNER JOIN combinaisons_changees AS c ON a.combinaison = c.combinaison"
    )
    for placements in ("placements_avant", "reprise.placements"):
        toucher_paires(
            connexion,
            f"SELECT p.article_ou_rien, a.membre FROM achats_changes AS a INNER JOIN {placements} AS p ON a.combinaison = p.combinaison",  # noqa: S608
        )
    toucher_membres(connexion, "SELECT membre FROM paires_touchees UNION SELECT membre FROM membres_repris")


def _ecart(avant: str, apres: str, colonnes: str, sauf: str = "EXCEPT") -> str:
    un, autre = f"SELECT {colonnes} FROM {avant}", f"SELECT {colonnes} FROM {apres}"  # noqa: S608 — names are ours
    return f"({un} {sauf} {autre}) UNION ALL ({autre} {sauf} {un})"


def toucher_decisions(connexion: duckdb.DuckDBPyConnection) -> None:
    """Touch the articles in which people now decide otherwise of the price of a membre."""
    changees = _ecart("decisions_avant", "reprise.decisions_prix_membres", "article_id, membre, periode, sens")
    connexion.execute(f"INSERT INTO articles_touches SELECT article_id FROM ({changees}) EXCEPT SELECT * FROM articles_touches")  # noqa: S608


def toucher_unites(connexion: duckdb.DuckDBPyConnection) -> None:
    """Touch all that is bought of an article which is now compared in another unit."""
    connexion.execute(
        "CREATE TEMPORARY TABLE autres_unites AS SELECT DISTINCT a.article_id, a.membre FROM reprise.achats_annuels AS a "
        "LEFT JOIN unites_avant AS u ON a.article_id = u.article_id "
        "LEFT JOIN reprise.unites_articles AS n ON a.article_id = n.article_id "
        "WHERE u.unite_reference IS DISTINCT FROM n.unite_reference"
    )
    toucher_paires(connexion, "SELECT article_id, membre FROM autres_unites")
    toucher_membres(connexion, "SELECT membre FROM autres_unites")


def toucher_suspectes(connexion: duckdb.DuckDBPyConnection) -> None:
    """Touch the pairs whose extreme prices are too far from the mark of their article, before or now, where that mark has moved."""
    toucher_paires(
        connexion,
        """
        SELECT a.article_id, a.membre FROM reprise.achats_annuels AS a
        LEFT JOIN reperes_avant AS o ON a.article_id = o.article_id
        LEFT JOIN reprise.reperes_articles AS n ON a.article_id = n.article_id
        WHERE (o.centre IS DISTINCT FROM n.centre OR o.seuil IS DISTINCT FROM n.seuil) AND (
            abs(ln(a.rapport_min) - o.centre) > o.seuil OR abs(ln(a.rapport_max) - o.centre) > o.seuil
            OR abs(ln(a.rapport_min) - n.centre) > n.seuil OR abs(ln(a.rapport_max) - n.centre) > n.seuil
        )
        """,
    )


def toucher_paires(connexion: duckdb.DuckDBPyConnection, requete: str) -> None:
    """Add the article × membre pairs of this query, and their articles, to what is computed again."""
    connexion.execute(f"INSERT INTO paires_touchees SELECT DISTINCT * FROM ({requete}) EXCEPT SELECT * FROM paires_touchees")  # noqa: S608 — ours
    connexion.execute(
        "INSERT INTO articles_touches SELECT article_id FROM paires_touchees WHERE article_id <> '' EXCEPT SELECT * FROM articles_touches"
    )


def toucher_membres(connexion: duckdb.DuckDBPyConnection, requete: str) -> None:
    """Add the membres of this query to those whose besoins are computed again."""
    connexion.execute(f"INSERT INTO membres_touches SELECT membre FROM ({requete}) EXCEPT SELECT * FROM membres_touches")  # noqa: S608 — ours


def toucher_familles(connexion: duckdb.DuckDBPyConnection) -> None:
    """Add the familles of the articles touched, as they stand: called before and after they change."""
    connexion.execute(
        "INSERT INTO familles_touchees "
        "SELECT famille FROM reprise.achats_annuels WHERE article_id IN (SELECT article_id FROM articles_touches) "
        "UNION SELECT famille FROM articles WHERE article_id IN (SELECT article_id FROM articles_touches) "
        "EXCEPT SELECT * FROM familles_touchees"
    )


def masquer_paires(connexion: duckdb.DuckDBPyConnection) -> None:
    """Hide the months of the pairs touched in the base: those computed again stand instead."""
    connexion.execute("INSERT INTO reprise.paires_masquees SELECT * FROM paires_touchees EXCEPT SELECT * FROM reprise.paires_masquees")


def ecrire(connexion: duckdb.DuckDBPyConnection, plan: Plan, texte: str, table: str, cle: Sequence[str] | str) -> None:
    """Run `CREATE TABLE … AS` whole, or replace in that table the rows of which `cle` says that they are computed again.

    `cle` is the condition on the rows to replace; « * » means that the table is always written whole (`CREATE OR REPLACE`), « + » that rows
    are only added.
    """
    if plan.entier or cle == "*":
        connexion.execute(texte)
        return
    if cle != "+":
        connexion.execute(f"DELETE FROM {table} WHERE {cle}")  # noqa: S608 — names are ours
    ajout = texte.replace(f"CREATE TABLE {table} AS", f"INSERT INTO {table}", 1)
    assert ajout != texte, table
    connexion.execute(ajout)
