"""One article, whole: how prices are spread, where I stand, my own lines, period by period."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from analytics import diffusion
from analytics.diffusion import Distribution
from analytics.entrepot import executer
from analytics.portee import Portee
from analytics.prix.position import Position, position
from ingest.erreurs import Refus

ARTICLE_INCONNU = "Cet article n'existe pas ou n'existe plus : les rapprochements ont pu changer. Cherchez-le dans la liste des articles."


@dataclass(frozen=True)
class FicheArticle:
    """What a reader may know of an article.

    `periodes`: those in which it was bought, 'ensemble' first then latest first. `lignes`: rows of the table `lignes` of the membres she
    reads. `prix_lisibles`: rows of `prix_membres` (with `nom`) of the membres she reads by name.
    """

    article_id: str
    libelle: str
    famille: str
    famille_libelle: str
    unite: str
    attributs: str | None
    nb_membres: int
    nb_lignes: int
    nb_fournisseurs: int
    periode: str
    periodes: tuple[str, ...]
    distributions: Mapping[str, Distribution]
    position: Position | None
    lignes: tuple[dict[str, Any], ...]
    prix_lisibles: tuple[dict[str, Any], ...]
    commun: Hashable = field(default=None, compare=False)
    """Equal for the readers to whom the same is shown of the others, when the carnet says so (`analytics.carnet`)."""

    @property
    def distribution(self) -> Distribution | None:
        """The distribution of the period asked for, if the article was bought then."""
        return self.distributions.get(self.periode)


def fiche_article(curseur: duckdb.DuckDBPyConnection, portee: Portee, article_id: str, periode: str = diffusion.ENSEMBLE) -> FicheArticle:
    """Everything of one article that this reader may see. Raises Refus when there is no such article."""
    articles = executer(curseur, "prix/article.sql", article=article_id, **diffusion.visibilite(curseur, portee)).to_dicts()
    if not articles:
        raise Refus(ARTICLE_INCONNU)
    article = articles[0]
    reparties = {p: d for (_, p), d in diffusion.distributions(curseur, portee, [article_id]).items()}
    cle = {"article": article_id, "lisibles": sorted(portee.membres_lisibles), "tout": portee.tout}
    return FicheArticle(
        article_id=article_id,
        libelle=article["libelle"],
        famille=article["famille"],
        famille_libelle=article["famille_libelle"],
        unite=article["unite_reference"] or "",
        attributs=article["attributs"],
        nb_membres=article["nb_membres"],
        nb_lignes=article["nb_lignes"],
        nb_fournisseurs=article["nb_fournisseurs"],
        periode=periode,
        periodes=(diffusion.ENSEMBLE, *sorted((p for p in reparties if p != diffusion.ENSEMBLE), reverse=True)),
        distributions=reparties,
        position=position(curseur, article_id, periode, portee) if portee.membre else None,
        lignes=tuple(executer(curseur, "prix/mes_lignes.sql", **cle).to_dicts()),
        prix_lisibles=tuple(executer(curseur, "prix/prix_lisibles.sql", **cle).to_dicts()),
    )
