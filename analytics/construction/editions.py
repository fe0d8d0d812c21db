"""Carry the last published edition over to the next build, so that the figures of one membre cannot be read between two of them."""

from datetime import datetime
from pathlib import Path

import duckdb

from analytics.diffusion import Regles

EDITION = (
    "article_id VARCHAR, periode VARCHAR, membre VARCHAR, quantite_reference DECIMAL(28, 6), montant_ht DECIMAL(24, 2), exclu BOOLEAN, "
    "arretee_le DATE, publiable BOOLEAN"
)


def preparer(connexion: duckdb.DuckDBPyConnection, precedent: Path | None, regle: Regles, construit_le: datetime) -> None:
    """Create the temporary tables `editions_anciennes`, `publications_anciennes` and `instant`; the first two empty without precedent."""
    connexion.execute("CREATE TEMPORARY TABLE instant AS SELECT cast($le AS TIMESTAMP) AS construit_le", {"le": construit_le})
    connexion.execute(f"CREATE TEMPORARY TABLE editions_anciennes ({EDITION})")
    connexion.execute(
        "CREATE TEMPORARY TABLE publications_anciennes AS SELECT d.*, cast(NULL AS DATE) AS arretee_le, FALSE AS est_figee "
        "FROM distributions AS d LIMIT 0"
    )
    if precedent is None:
        return
    chemin = str(precedent).replace("'", "''")
    connexion.execute(f"ATTACH '{chemin}' AS avant (READ_ONLY)")
    try:
        connues = {
            ligne[0] for ligne in connexion.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'avant'").fetchall()
        }
        if {"publications", "publications_membres"} <= connues:
            connexion.execute("INSERT INTO publications_anciennes BY NAME SELECT * FROM avant.publications")
            connexion.execute(
                "INSERT INTO editions_anciennes BY NAME "
                "SELECT m.article_id, m.periode, m.membre, m.quantite_reference, m.montant_ht, m.exclu, m.arretee_le, "
                "p.nb_membres >= $membres AND p.nb_fournisseurs >= $fournisseurs AS publiable "
                "FROM avant.publications_membres AS m "
                "INNER JOIN avant.publications AS p ON m.article_id = p.article_id AND m.periode = p.periode",
                {"membres": regle.membres, "fournisseurs": regle.fournisseurs},
            )
    finally:
        connexion.execute("DETACH avant")
