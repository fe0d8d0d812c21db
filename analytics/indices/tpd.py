"""The time-product dummy index: each model has its own level, each quarter its own price level, nothing is filled in.

    ln price(model, quarter) = level(model) + index(quarter), weighted by the share of the model in the spend of the quarter

Multilateral, transitive, free of chain drift; a model seen only once weighs nothing. Sources: Eurostat, Guide on Multilateral Methods
in the Harmonised Index of Consumer Prices, 2022, ch. 3; Diewert and Fox, Journal of Business and Economic Statistics 40, 2022.
The interval leaves out one membre at a time (jackknife, CR3: Bell and McCaffrey, Survey Methodology 28, 2002; MacKinnon, Nielsen and Webb,
Journal of Econometrics 232, 2023): members are few and very unequal, and the usual sandwich then says too narrow intervals.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

SEUIL = 0.05
PRECISION = 1e-12
"""Moves of levels whose sum of squares is smaller than this share of the largest are pinned down by nothing but rounding."""
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
    """Log price levels of the quarters (first one 0), of all the membres then without each of them in turn.

    `libres[m]` spans the moves of levels that nothing pins down without the membre m: quarters that only it links to the others.
    """

    niveaux: NDArray[np.float64]
    sans: NDArray[np.float64]
    libres: NDArray[np.float64]

    def ecart(self, contraste: NDArray[np.float64]) -> tuple[float, float | None]:
        """This combination of levels and the margin of its 95 % interval; None when it stands on one membre, or on fewer than three."""
        from scipy.stats import t as student

        valeur = float(contraste @ self.niveaux)
        g = len(self.sans)
        if g < 3 or np.abs(contraste @ self.libres).max() > PRECISION:
            return valeur, None
        variance = (g - 1) / g * float(np.sum((self.sans @ contraste - valeur) ** 2))
        return valeur, float(student.ppf(1 - SEUIL / 2, g - 1)) * math.sqrt(variance)


def _regresser(lies: pl.DataFrame, trimestres: NDArray[np.int64]) -> _Niveaux:
    moments = _moments(lies, trimestres)
    total = moments.sum(axis=0, keepdims=True)
    niveaux, _ = _resoudre(total)
    return _Niveaux(niveaux[0], *_resoudre(total - moments))


def _resoudre(moments: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The levels (first one 0) that least squares give from each of these summed moments, and the directions they leave free."""
    n, t = moments.shape[:2]
    niveaux, libres = np.zeros((n, t)), np.zeros((n, t, t))
    if t > 1:
        valeurs, vecteurs = np.linalg.eigh(moments[:, :-1, :-1])
        tenues = valeurs > PRECISION * np.maximum(valeurs[:, -1:], 1e-300)
        inverses = np.where(tenues, 1 / np.where(tenues, valeurs, 1.0), 0.0)
        produits = np.einsum("nji,nj->ni", vecteurs, moments[:, :-1, -1])
        niveaux[:, 1:] = np.einsum("nij,nj->ni", vecteurs, inverses * produits)
        libres[:, 1:, 1:] = vecteurs * ~tenues[:, None, :]
    return niveaux, libres


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
