"""The spread of price levels between members over a whole famille: each article against its own median, one membre one voice.

Unlike things cannot be averaged in euros; their distances to the usual price can. The level of a membre is 100 × the geometric mean, over
the articles it buys, of its price divided by the median of the article (an unweighted mean of price relatives: Jevons; ILO, IMF and others,
Consumer Price Index Manual, 2020, ch. 8).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from analytics import diffusion
from analytics.entrepot import executer
from analytics.portee import Portee
from analytics.resultat import Effectif, Resultat

METHODE = "niveau_famille"
UNITE = "base 100 = médiane de chaque article"
PLANCHER_ARTICLES = 3
"""Under so many articles compared, a level would be the price of one or two of them."""


@dataclass(frozen=True)
class NiveauFamille:
    """How dear members buy in one famille over one period: 100 is the median of each article, 105 is five per cent above it.

    `effectif` counts the members that have at least `PLANCHER_ARTICLES` articles compared, their lines and fournisseurs of those
    `nb_articles` articles. Each quantile (type 7) is a Resultat, by the names of `diffusion.QUANTILES`; `mien` is the reader's own
    level, None for who has no membre.
    """

    famille: str
    periode: str
    effectif: Effectif
    nb_articles: int
    quantiles: dict[str, Resultat]
    mien: Resultat | None

    @property
    def mediane(self) -> Resultat:
        """The level of the middle membre."""
        return self.quantiles["mediane"]


def niveau_famille(curseur: duckdb.DuckDBPyConnection, portee: Portee, famille: str, periode: str = diffusion.ENSEMBLE) -> NiveauFamille:
    """The spread of levels in this famille, as this reader may see it; what is absent says why."""
    regle = diffusion.regles_en_vigueur(curseur)
    lus = executer(
        curseur,
        "prix/niveaux_famille.sql",
        famille=famille,
        periode=periode,
        lisibles=sorted(portee.membres_lisibles),
        tout=portee.tout,
        inconnus=regle.membres_inconnus,
    ).to_dicts()
    compares = [lu for lu in lus if len(lu["articles"]) >= PLANCHER_ARTICLES]
    niveaux = {str(lu["membre"]): float(lu["niveau"]) for lu in compares}
    articles = sorted({article for lu in compares for article in lu["articles"]})
    ((nb_lignes, nb_fournisseurs),) = executer(
        curseur, "prix/niveaux_effectif.sql", articles=articles, membres=sorted(niveaux), periode=periode
    ).rows()
    effectif = Effectif(len(niveaux), nb_lignes, nb_fournisseurs)
    motif = diffusion.motif_verrou(portee, famille) or _motif_articles(len({a for lu in lus for a in lu["articles"]}))
    repartition = diffusion.repartir_membres(regle, portee, niveaux, effectif, motif)
    return NiveauFamille(
        famille=famille,
        periode=periode,
        effectif=effectif,
        nb_articles=len(articles),
        quantiles={nom: _resultat(lu, effectif, periode) for nom, lu in repartition.items()},
        mien=None if portee.membre is None else _mien(motif, next((lu for lu in lus if lu["membre"] == portee.membre), None), periode),
    )


def _motif_articles(nb_articles: int) -> str | None:
    """Why articles are too few to speak of a level, or None."""
    if nb_articles < PLANCHER_ARTICLES:
        return f"pas assez d'articles comparables ({nb_articles} sur {PLANCHER_ARTICLES} requis)"
    return None


def _mien(motif: str | None, lu: dict[str, Any] | None, periode: str) -> Resultat:
    """The reader's own level: made of her own prices and of medians that she is shown one by one."""
    nb_articles = len(lu["articles"]) if lu else 0
    effectif = Effectif(1, nb_articles, 0)
    if motif or lu is None or nb_articles < PLANCHER_ARTICLES:
        return _resultat(motif or f"{nb_articles} de vos articles comparés, il en faut {PLANCHER_ARTICLES}", effectif, periode)
    return _resultat(Decimal(repr(lu["niveau"])).quantize(Decimal("0.1")), effectif, periode)


def _resultat(lu: Decimal | str, effectif: Effectif, periode: str) -> Resultat:
    if isinstance(lu, str):
        return Resultat(None, UNITE, effectif, periode, METHODE, lu)
    return Resultat(lu, UNITE, effectif, periode, METHODE)
