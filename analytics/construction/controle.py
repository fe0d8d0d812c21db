"""Nothing is lost on the way: each check is a query for the rows that should not exist, and one such row stops the build."""

from collections.abc import Mapping

import duckdb

from ingest.vocabulaire import Statut

CONTROLES: Mapping[str, str] = {
    "amount of a dépôt differs between received and built lines": """
        SELECT d.depot FROM reprise.depots AS d
        INNER JOIN (SELECT depot, sum(montant_ht) AS m FROM lignes_a_verifier GROUP BY depot) AS l ON d.depot = l.depot
        WHERE d.montant_ht <> coalesce(l.m, 0)
    """,
    "the monthly purchases do not add up to the lines": """
        SELECT 1 FROM (SELECT coalesce(sum(montant_ht), 0) AS m, coalesce(sum(nb_retenues), 0) AS n FROM reprise.depots) AS d
        CROSS JOIN (SELECT coalesce(sum(montant_ht), 0) AS m, coalesce(sum(nb_lignes), 0) AS n FROM achats_mois) AS a
        WHERE d.m <> a.m OR d.n <> a.n
    """,
    "the yearly purchases do not hold the lines of articles": """
        SELECT 1 FROM (SELECT coalesce(sum(nb_lignes), 0) AS n FROM achats_mois WHERE article_id IS NOT NULL) AS m
        CROSS JOIN (SELECT coalesce(sum(nb_lignes), 0) AS n FROM reprise.achats_annuels) AS a
        WHERE m.n <> a.n
    """,
    "a price is not positive": "SELECT 1 FROM prix_membres WHERE NOT exclu AND NOT (prix_unitaire_ht > 0)",
    "a distribution is out of order": """
        SELECT 1 FROM distributions
        CROSS JOIN (SELECT 1 + 1e-12 AS presque) -- interpolating between equal prices may move the last digit
        WHERE NOT (
            minimum <= p10 * presque AND p10 <= q1 * presque AND q1 <= mediane * presque
            AND mediane <= q3 * presque AND q3 <= p90 * presque AND p90 <= maximum * presque
        )
    """,
}


class Inexact(AssertionError):
    """The observatoire that was built does not account for all that was received."""


def verifier(connexion: duckdb.DuckDBPyConnection, comptes: Mapping[str, Mapping[str, int]]) -> None:
    """Raise Inexact when a line or a cent of the dépôts read (`comptes`, `lignes_a_verifier`) is missing or counted twice, or when what
    membres bought does not add up to what all their dépôts hold.
    """
    construites = dict(connexion.execute("SELECT depot, count(*) FROM lignes_a_verifier GROUP BY depot").fetchall())
    for depot, statuts in comptes.items():
        if construites.get(depot, 0) != statuts.get(Statut.RETENUE, 0):
            raise Inexact(f"{depot}: {statuts.get(Statut.RETENUE, 0)} lines retained, {construites.get(depot, 0)} built")
    for nom, requete in CONTROLES.items():
        if connexion.execute(requete).fetchone() is not None:
            raise Inexact(nom)
