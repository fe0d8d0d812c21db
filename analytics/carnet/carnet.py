"""What is known of the articles in one version of the observatoire, and what a given reader may see of one of them."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import polars as pl

from analytics import diffusion
from analytics.carnet.communs import Communs
from analytics.carnet.feuillets import Feuillets, Place, rangees
from analytics.diffusion import Distribution, Motifs, Regles
from analytics.indices import PointIndice
from analytics.indices.suite import montrer_points
from analytics.portee import Portee
from analytics.prix.fiche import ARTICLE_INCONNU, FicheArticle
from analytics.prix.position import Position, situer
from analytics.resultat import Effectif
from analytics.volume import EffetVolume
from analytics.volume.effets import montrer_effet
from ingest.erreurs import Refus

T = TypeVar("T")


@dataclass(frozen=True)
class Article:
    """A row of `articles` with the name of its famille; `acheteurs` when fewer membres than the floor buy it, else None."""

    article_id: str
    libelle: str
    famille: str
    famille_libelle: str
    unite_reference: str | None
    attributs: str | None
    nb_lignes: int
    nb_membres: int
    nb_fournisseurs: int
    acheteurs: frozenset[str] | None


@dataclass(frozen=True)
class Carnet:
    """Tables of one version of the observatoire; `indices` and `effets` by famille, `rangs` gives the rank of a membre in `publications`.

    Nothing here is for a page to read but what the methods give: `publications` holds what others spent.
    """

    date_reference: date
    regles: Regles
    periodes: tuple[str, ...]
    noms: Mapping[str, str]
    articles: Mapping[str, Article]
    publications: pl.DataFrame
    places: Mapping[str, Place]
    rangs: Mapping[str, int]
    indices: Mapping[str, list[dict[str, Any]]]
    effets: Mapping[str, dict[str, Any]]
    feuillets: Feuillets
    communs: Communs = field(default_factory=Communs, compare=False, repr=False)

    def fiche_article(self, portee: Portee, article_id: str, periode: str) -> FicheArticle:
        """What `prix.fiche_article` gives, but for the columns of `lignes`. Raises Refus when there is no such article for this reader."""
        if portee.tout:
            raise ValueError("the carnet is for readers; batch work queries the tables")
        article = self.articles.get(article_id)
        if article is None or not (article.acheteurs is None or article.acheteurs & portee.membres_lisibles):
            raise Refus(ARTICLE_INCONNU)
        motives = self._motifs(portee, article)
        reparties = self.retenir(("distributions", article_id, motives), lambda: self._distributions(article, motives))
        lisibles = sorted(portee.membres_lisibles)
        siens = [self.feuillets.de(membre) for membre in lisibles]
        prix = [paye for feuillet in siens for paye in feuillet.prix_de(article_id)]
        if len(siens) > 1:
            prix.sort(key=lambda paye: (paye["periode"], paye["nom"] is None, paye["nom"] or "", paye["membre"]))
        return FicheArticle(
            article_id=article_id,
            libelle=article.libelle,
            famille=article.famille,
            famille_libelle=article.famille_libelle,
            unite=article.unite_reference or "",
            attributs=article.attributs,
            nb_membres=article.nb_membres,
            nb_lignes=article.nb_lignes,
            nb_fournisseurs=article.nb_fournisseurs,
            periode=periode,
            periodes=(diffusion.ENSEMBLE, *sorted((p for p in reparties if p != diffusion.ENSEMBLE), reverse=True)),
            distributions=reparties,
            position=_situer(
                prix if portee.membre in lisibles else self.feuillets.de(portee.membre).prix_de(article_id),
                portee.membre,
                article,
                periode,
                reparties.get(periode),
            )
            if portee.membre
            else None,
            lignes=tuple(ligne for feuillet in siens for ligne in feuillet.lignes_de(article_id)),
            prix_lisibles=tuple(prix),
            commun=(article_id, motives, article.famille in portee.familles_verrouillees),
        )

    def compter_lignes(self, portee: Portee, article_id: str) -> int:
        """How many lines the fiche of this article holds for this reader, of the membres whose feuillet is in memory."""
        return sum(self.feuillets.de(membre).nb_lignes_de(article_id) for membre in portee.membres_lisibles)

    def retenir(self, cle: Hashable, calculer: Callable[[], T]) -> T:
        """What `calculer` gives, computed once in this version for all the readers with this key: it names all that it depends on."""
        return self.communs.retenir(cle, calculer)

    def indice_famille(self, portee: Portee, famille: str) -> tuple[PointIndice, ...]:
        """What `indices.indice_famille` gives."""
        return montrer_points(self.regles, portee, famille, self.indices.get(famille, []))

    def effet_volume(self, portee: Portee, famille: str) -> EffetVolume | None:
        """What `volume.effet_volume` gives."""
        lu = self.effets.get(famille)
        return montrer_effet(portee, lu) if lu is not None else None

    def _motifs(self, portee: Portee, article: Article) -> tuple[Motifs, ...]:
        """Why this reader may not be shown what is published of the article, period by period."""
        connus = {self.rangs[membre] for membre in portee.membres_lisibles if membre in self.rangs}
        motives = []
        for cadre in self._cadres(article):
            inconnus = [centimes for rang, centimes in zip(cadre["membres"], cadre["centimes"], strict=True) if rang not in connus]
            total = sum(inconnus)
            # as in prix/cadres.sql: the largest unknown membre in the spend of the unknown ones
            part = (max(inconnus) / 100) / (total / 100) if total else None
            motives.append(diffusion.motifs(self.regles, portee, article.famille, cadre["effectif"], len(inconnus), part))
        return tuple(motives)

    def _distributions(self, article: Article, motives: tuple[Motifs, ...]) -> dict[str, Distribution]:
        montrees = diffusion.montrer_selon(self.regles, self._cadres(article), motives)
        return {periode: montree for (_, periode), montree in montrees.items()}

    def _cadres(self, article: Article) -> list[dict[str, Any]]:
        return self.retenir(
            ("cadres", article.article_id),
            lambda: [_cadrer(rangee, article) for rangee in rangees(self.publications, self.places.get(article.article_id))],
        )


def _situer(prix: Sequence[dict[str, Any]], membre: str, article: Article, periode: str, autres: Distribution | None) -> Position | None:
    """`prix.position`, from the prices of this membre and maybe of others."""
    for paye in prix:
        # as prix/mes_prix.sql, which joins on the months covered
        if paye["membre"] == membre and paye["periode"] == periode and paye["mois_couverts"] is not None:
            sien = {"libelle": article.libelle, "famille": article.famille, "unite_reference": article.unite_reference}
            return situer({**paye, **sien}, periode, autres)
    return None


def _cadrer(rangee: dict[str, Any], article: Article) -> dict[str, Any]:
    """A row of `prix/cadres.sql`, but for what depends on the reader."""
    return {
        **rangee,
        "membres": rangee["membres"] or (),
        "centimes": rangee["centimes"] or (),
        "article_id": article.article_id,
        "famille": article.famille,
        "libelle": article.libelle,
        "unite_reference": article.unite_reference,
        "effectif": Effectif(rangee["nb_membres"], rangee["nb_lignes"], rangee["nb_fournisseurs"]),
    }
