"""What a statistics library computes from the tables already built, kept beside them so that no page waits for it."""

from importlib.resources import files

import duckdb

from analytics.indices import suite
from analytics.volume import effets


def ecrire(connexion: duckdb.DuckDBPyConnection) -> None:
    """Create `indices` (famille × quarter) and `effets_volume` (famille)."""
    for nom, requete, calculer in (
        ("indices", "indices/releves.sql", suite.calculer),
        ("effets_volume", "volume/observations.sql", effets.calculer),
    ):
        texte = files("analytics").joinpath(requete).read_text(encoding="utf-8")
        connexion.register("a_copier", calculer(connexion.sql(texte).pl()).to_arrow())
        connexion.execute(f"CREATE TABLE {nom} AS SELECT * FROM a_copier")  # noqa: S608 — names are ours
        connexion.unregister("a_copier")
