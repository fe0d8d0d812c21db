"""The time-product dummy index: each model has its own level, each quarter its own price level, nothing is filled in.

    ln price(model, quarter) = level(model) + index(quarter), weighted by the share of the model in the spend of the quarter

Multilateral, transitive, free of chain drift; a model seen only once weighs nothing. Sources: Eurostat, Guide on Multilateral Methods
in the Harmonised Index of Consumer Prices, 2022, ch. 3; Diewert and Fox, Journal of Business and Economic Statistics 40, 2022.
Regression and its interval (members as clusters) by statsmodels.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

SEUIL = 0.05
RAPPORT_MAXIMAL = 2.5
"""A model whose price was multiplied by more than this is not the same thing any more (another packaging, a mistake): it is left out."""


@dataclass(frozen=True)
class Point:
    """The index at one quarter (first civil year = 100), bounds of its 95 % interval (None when members are too few to tell)."""

    trimestre: int
    indice: float
    bas: float | None
    haut: float | None


def indice(releves: pl.DataFrame) -> tuple[Point, ...]:
    """Index of `modele, membre, trimestre, prix, montant` (trimestre = year × 4 + rank of the quarter, from 0).

    One row per model and quarter. Only the quarters that common models link to the first one have a point; base: geometric mean of the
    quarters of its first year.
    """
    lies = _relies(releves)
    trimestres: NDArray[np.int64] = lies["trimestre"].unique().sort().to_numpy().astype(np.int64)
    if len(trimestres) == 0:
        return ()
    resultats = _regresser(lies, trimestres)
    annee = trimestres // 4
    premiere = annee == annee[0]
    base = premiere.astype(np.float64) / int(premiere.sum())
    points = []
    for rang, trimestre in enumerate(trimestres):
        contraste = np.zeros(len(trimestres))
        contraste[rang] = 1.0
        contraste -= base
        log, marge = resultats.ecart(contraste)
        bas, haut = (None, None) if marge is None else (100 * math.exp(log - marge), 100 * math.exp(log + marge))
        points.append(Point(int(trimestre), 100 * math.exp(log), bas, haut))
    return tuple(points)


@dataclass(frozen=True)
class _Niveaux:
    """Log price levels of the quarters (first one 0) and their covariance."""

    niveaux: NDArray[np.float64]
    covariance: NDArray[np.float64] | None
    student: float

    def ecart(self, contraste: NDArray[np.float64]) -> tuple[float, float | None]:
        valeur = float(contraste @ self.niveaux)
        if self.covariance is None:
            return valeur, None
        return valeur, self.student * math.sqrt(max(0.0, float(contraste @ self.covariance @ contraste)))


def _regresser(lies: pl.DataFrame, trimestres: NDArray[np.int64]) -> _Niveaux:
    from scipy.stats import t as student
    from statsmodels.regression.linear_model import OLS

    t = len(trimestres)
    if t == 1:
        return _Niveaux(np.zeros(1), None, 0.0)
    moments = _moments(lies, trimestres)
    nb_membres = len(moments)
    # Rows of the same moments as those of a membre: same estimate, same sum of scores by cluster, from t rows instead of thousands.
    valeurs, vecteurs = np.linalg.eigh(moments)
    racines = np.sqrt(np.maximum(valeurs, 0.0))[:, :, None] * vecteurs.transpose(0, 2, 1)
    reduites = racines.reshape(-1, t)
    modele = OLS(reduites[:, -1], reduites[:, :-1], hasconst=False)
    if nb_membres < 3:
        return _Niveaux(np.concatenate([[0.0], modele.fit(method="qr").params]), None, 0.0)
    groupes = np.repeat(np.arange(nb_membres), t)
    ajuste = modele.fit(method="qr", cov_type="cluster", cov_kwds={"groups": groupes, "use_correction": False})
    n = lies.height  # the usual correction for few clusters counts the observations, not the reduced rows
    correction = nb_membres / (nb_membres - 1) * (n - 1) / (n - t + 1)
    covariance = np.zeros((t, t))
    covariance[1:, 1:] = ajuste.cov_params() * correction
    return _Niveaux(np.concatenate([[0.0], ajuste.params]), covariance, float(student.ppf(1 - SEUIL / 2, nb_membres - 1)))


def _moments(lies: pl.DataFrame, trimestres: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sums of squares and products of (quarters but the first, log price), net of the levels of models, weighted: one matrix per membre.

    Levels are taken away by their weighted means (Frisch, Waugh and Lovell): thousands of dummies become none. A model is of one membre.
    """
    t = len(trimestres)
    rangees = lies.sort("membre", "modele", "trimestre")
    rang = np.searchsorted(trimestres, rangees["trimestre"].to_numpy())
    montant = rangees["montant"].to_numpy()
    poids = montant / np.bincount(rang, weights=montant)[rang]
    logs = np.log(rangees["prix"].to_numpy())
    modele = rangees["modele"].rle_id().to_numpy().astype(np.int64)
    bornes = np.append(np.flatnonzero(np.diff(rangees["membre"].rle_id().to_numpy().astype(np.int64), prepend=-1)), len(rang))
    moments = np.zeros((len(bornes) - 1, t, t))
    for membre, (debut, fin) in enumerate(pairwise(bornes)):
        lignes = modele[debut:fin] - modele[debut]
        p, y = np.zeros((2, int(lignes[-1]) + 1, t))
        p[lignes, rang[debut:fin]] = poids[debut:fin]
        y[lignes, rang[debut:fin]] = logs[debut:fin]
        total = p.sum(axis=1, keepdims=True)
        py = p * np.where(p > 0, y - (p * y).sum(axis=1, keepdims=True) / total, 0.0)
        xx = np.diag(p.sum(axis=0)) - (p / total).T @ p
        moments[membre, :-1, :-1] = xx[1:, 1:]
        moments[membre, :-1, -1] = moments[membre, -1, :-1] = py.sum(axis=0)[1:]
        moments[membre, -1, -1] = float((py * y).sum())
    return moments


def _relies(releves: pl.DataFrame) -> pl.DataFrame:
    """Keep models seen in two quarters at least, and the quarters they link, from near to near, to the first of them."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    fidele = pl.col("prix").max().over("modele") / pl.col("prix").min().over("modele") <= RAPPORT_MAXIMAL
    repetes = releves.filter((pl.len().over("modele") >= 2) & fidele)
    if repetes.height == 0:
        return repetes
    modele = _codes(repetes["modele"])
    trimestre = _codes(repetes["trimestre"])
    n = int(modele.max()) + 1
    m = int(trimestre.max()) + 1
    graphe = coo_array((np.ones(len(modele)), (modele, n + trimestre)), shape=(n + m, n + m))
    _, composantes = connected_components(graphe, directed=False)
    premier = composantes[n]
    return repetes.filter(pl.Series(composantes[modele] == premier))


def _codes(valeurs: pl.Series) -> NDArray[np.int64]:
    """0, 1, 2… for the distinct values, in their order: sorting few of them is quicker than ranking them all."""
    distinctes = valeurs.unique().sort()
    return valeurs.replace_strict(distinctes, pl.Series(range(len(distinctes)), dtype=pl.Int64)).to_numpy().astype(np.int64)
