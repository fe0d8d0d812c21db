"""Read the carnet of the observatoire that is there: a few queries, and one more for each membre whose own figures are asked for."""

from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from weakref import finalize

import duckdb
import polars as pl

from analytics import diffusion, prix
from analytics.carnet.carnet import Article, Carnet
from analytics.carnet.feuillets import Feuillet, Feuillets, places, ranger
from analytics.entrepot import executer, lecture, version


def ouvrir(chemin: Path) -> Carnet:
    """The carnet of the observatoire that stands at `chemin` now; what it reads later comes from the same one, even replaced.

    Raises Refus when no observatoire was built yet.
    """
    with ExitStack() as pile:
        curseur = pile.enter_context(lecture(chemin))
        carnet = _lire(curseur)
        finalize(carnet, pile.pop_all().close)
    return carnet


def _lire(curseur: duckdb.DuckDBPyConnection) -> Carnet:
    regles = diffusion.regles_en_vigueur(curseur)
    publications = executer(curseur, "carnet/publications.sql")
    acheteurs = executer(curseur, "carnet/acheteurs.sql")["membre"].to_list()
    indices = curseur.sql("SELECT * FROM indices ORDER BY famille, trimestre").pl()
    effets = curseur.sql("SELECT * FROM effets_volume").pl()
    return Carnet(
        date_reference=version(curseur).date_reference,
        regles=regles,
        periodes=prix.periodes(curseur),
        noms=dict(curseur.sql("SELECT siren, nom FROM membres").fetchall()),
        articles=_articles(executer(curseur, "carnet/articles.sql", plancher_membres=regles.membres), regles.membres),
        publications=publications.drop("article_id"),
        places=places(publications),
        rangs={membre: rang for rang, membre in enumerate(acheteurs, 1)},
        indices={str(famille): table.to_dicts() for (famille,), table in indices.group_by("famille", maintain_order=True)},
        effets={lu["famille"]: lu for lu in effets.to_dicts()},
        feuillets=_feuillets(curseur),
    )


def _articles(table: pl.DataFrame, plancher_membres: int) -> dict[str, Article]:
    noms = table.columns
    articles = {}
    for rangee in table.iter_rows():
        valeurs = dict(zip(noms, rangee, strict=True))
        rare = valeurs["nb_membres"] < plancher_membres
        articles[valeurs["article_id"]] = Article(**{**valeurs, "acheteurs": frozenset(valeurs["acheteurs"] or ()) if rare else None})
    return articles


def _feuillets(curseur: duckdb.DuckDBPyConnection) -> Feuillets:
    verrou = Lock()

    def lire(membre: str) -> Feuillet:
        with verrou:
            return ranger(
                executer(curseur, "carnet/prix_membre.sql", membre=membre), executer(curseur, "carnet/lignes_membre.sql", membre=membre)
            )

    return Feuillets(lire)
