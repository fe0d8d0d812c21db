"""The elasticity of price to yearly quantity within article and year, all else that belongs to a membre being equal.

    ln price = elasticity × ln quantity + (article × year) + membre

The first fixed effect compares only the same article of the same year; the second takes away how well a membre buys in general, which
is not an effect of volume. Standard errors leave out one membre at a time (jackknife, CR3: Bell and McCaffrey, Survey Methodology 28,
2002; MacKinnon, Nielsen and Webb, Journal of Econometrics 232, 2023): members are few and unequal, and the usual sandwich then says too
narrow intervals (above `TAILLE_JACKKNIFE` it is the sandwich). Regressions by statsmodels; Student's t, (members − 1) degrees of freedom.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Vecteur = NDArray[np.float64]

SEUIL = 0.95
RAPPORT_MAXIMAL = 2.5
"""Prices further apart than this are not a volume effect but another packaging or a mistake: the two ends are left out."""
TAILLE_JACKKNIFE = 200_000
"""Observations × members above which the jackknife would take minutes and differ little from the usual sandwich."""
TOURS_MAX = 500
PRECISION = 1e-11


@dataclass(frozen=True)
class Elasticite:
    """Estimate, bounds of its 95 % interval, and on how much it stands; `motif_absence` says why there is no estimate."""

    elasticite: float | None
    bas: float | None
    haut: float | None
    nb_observations: int
    nb_membres: int
    nb_articles: int
    motif_absence: str | None = None

    @property
    def mesurable(self) -> bool:
        """True when the interval leaves zero out on the side of lower prices for larger quantities."""
        return self.haut is not None and self.haut < 0


def estimer(observations: pl.DataFrame, membres_minimum: int, observations_minimum: int) -> Elasticite:
    """Estimate on `article_id, periode, membre, quantite, prix` of one famille (quantities and prices positive)."""
    from scipy.stats import t as student

    utiles = _comparables(observations)
    effectif = (utiles.height, utiles["membre"].n_unique(), utiles["article_id"].n_unique())
    if effectif[1] < membres_minimum or effectif[0] < observations_minimum:
        motif = f"trop peu d'achats comparables ({effectif[0]} observations de {effectif[1]} membres)"
        return Elasticite(None, None, None, *effectif, motif)
    groupes = _codes(utiles, "article_id", "periode")
    membres = _codes(utiles, "membre")
    y = np.log(utiles["prix"].to_numpy())
    x = np.log(utiles["quantite"].to_numpy())
    central = _pente(y, x, groupes, membres)
    if central is None:
        return Elasticite(None, None, None, *effectif, "les quantités ne varient pas assez pour mesurer un effet")
    if utiles.height * effectif[1] > TAILLE_JACKKNIFE:
        erreur, g = _erreur_groupee(y, x, groupes, membres), effectif[1]
        marge = float(student.ppf(0.5 + SEUIL / 2, g - 1)) * erreur
        return Elasticite(central, central - marge, central + marge, *effectif)
    sans = [_pente(*(v[membres != m] for v in (y, x)), *(v[membres != m] for v in (groupes, membres))) for m in range(membres.max() + 1)]
    partiels = np.array([s for s in sans if s is not None])
    if len(partiels) < membres_minimum:
        return Elasticite(None, None, None, *effectif, "l'effet ne tient qu'à un membre")
    g = len(partiels)
    erreur = float(np.sqrt((g - 1) / g * np.sum((partiels - central) ** 2)))
    marge = float(student.ppf(0.5 + SEUIL / 2, g - 1)) * erreur
    return Elasticite(central, central - marge, central + marge, *effectif)


def _comparables(observations: pl.DataFrame) -> pl.DataFrame:
    """Only the article-years that two members at least bought compare anything, between prices that are of the same thing."""
    groupe = ("article_id", "periode")
    positives = observations.filter((pl.col("prix") > 0) & (pl.col("quantite") > 0))
    proches = positives.filter((pl.col("prix").log() - pl.col("prix").log().median().over(groupe)).abs() <= np.log(RAPPORT_MAXIMAL) / 2)
    return proches.filter(pl.col("membre").n_unique().over(groupe) >= 2)


def _pente(y: Vecteur, x: Vecteur, groupes: NDArray[np.int64], membres: NDArray[np.int64]) -> float | None:
    """Slope of y on x once both fixed effects are taken away (Frisch, Waugh and Lovell), None when x does not vary any more."""
    from statsmodels.regression.linear_model import OLS

    x_net = _centrer(x, groupes, membres)
    if float(x_net @ x_net) < 1e-8 * max(1.0, float(x @ x)):
        return None
    return float(OLS(_centrer(y, groupes, membres), x_net[:, None]).fit(method="qr").params[0])


def _erreur_groupee(y: Vecteur, x: Vecteur, groupes: NDArray[np.int64], membres: NDArray[np.int64]) -> float:
    """Standard error with members as clusters, by the usual sandwich: one fit instead of hundreds."""
    from statsmodels.regression.linear_model import OLS

    x_net = _centrer(x, groupes, membres)
    ajuste = OLS(_centrer(y, groupes, membres), x_net[:, None]).fit(method="qr", cov_type="cluster", cov_kwds={"groups": membres})
    return float(ajuste.bse[0])


def _centrer(v: Vecteur, groupes: NDArray[np.int64], membres: NDArray[np.int64]) -> Vecteur:
    """Take away the means by group and by membre, in turn until nothing moves (alternating projections)."""
    net: Vecteur = v - v.mean()
    for _ in range(TOURS_MAX):
        avant = net
        for cle in (groupes, membres):
            effectifs = np.bincount(cle)
            sommes = np.bincount(cle, weights=net)
            net = net - (sommes / np.maximum(effectifs, 1))[cle]
        if float(np.max(np.abs(net - avant), initial=0.0)) < PRECISION:
            break
    return net


def _codes(table: pl.DataFrame, *colonnes: str) -> NDArray[np.int64]:
    """0, 1, 2… for the distinct values of these columns, in their order."""
    distinctes = table.select(colonnes).unique().sort(colonnes).with_row_index("code")
    return table.join(distinctes, on=list(colonnes), how="left", maintain_order="left")["code"].to_numpy().astype(np.int64)
