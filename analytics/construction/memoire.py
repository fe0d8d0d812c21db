"""What was learnt of labels is kept beside the tables: a build brings together only labels never seen, after a restart too."""

import duckdb
import polars as pl

from analytics.articles.rapprochement import Memoire
from analytics.articles.voisinage import LIENS, SURS
from analytics.construction import tables

_TABLES = ("memoire_cles", "memoire_liens", "memoire_surs")


def lire(connexion: duckdb.DuckDBPyConnection) -> Memoire | None:
    """The memory that the former build left in the schema `reprise`, None when it left none."""
    connues = {nom for (nom,) in connexion.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'reprise'").fetchall()}
    if not connues.issuperset(_TABLES):
        return None
    cles, liens, surs = (connexion.sql(f"SELECT * FROM reprise.{nom}").pl() for nom in _TABLES)  # noqa: S608 — names are ours
    return Memoire(
        empreintes=dict(cles.select("cle", "empreinte").iter_rows()),
        liens=liens.select(pl.col(nom).cast(genre) for nom, genre in LIENS.items()),
        surs=surs.select(pl.col(nom).cast(genre) for nom, genre in SURS.items()),
    )


def retenir(connexion: duckdb.DuckDBPyConnection, memoire: Memoire) -> None:
    """Leave this memory to the next build."""
    cles = pl.DataFrame(sorted(memoire.empreintes.items()), schema={"cle": pl.String, "empreinte": pl.String}, orient="row")
    tables.creer(connexion, "reprise.memoire_cles", cles)
    tables.creer(connexion, "reprise.memoire_liens", memoire.liens)
    tables.creer(connexion, "reprise.memoire_surs", memoire.surs)


def reprendre(connexion: duckdb.DuckDBPyConnection, precedent: str, code: str) -> None:
    """Take over into a new observatoire the memory of the one at `precedent`, when the same code left it; whatever the decisions were."""
    try:
        connexion.execute(f"ATTACH '{precedent}' AS avant (READ_ONLY)")
        try:
            etat = connexion.execute("SELECT code FROM avant.reprise.etat").fetchone()
            if etat is not None and etat[0] == code:
                for nom in _TABLES:
                    connexion.execute(f"CREATE TABLE reprise.{nom} AS SELECT * FROM avant.reprise.{nom}")  # noqa: S608 — names are ours
        finally:
            connexion.execute("DETACH avant")
    except duckdb.Error:  # no memory: it only costs time
        return
