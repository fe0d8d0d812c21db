"""Price indexes, computed the boring way: all the dummies written out, or every pair of quarters compared."""

import math
from itertools import product

import numpy as np


def tpd(releves):
    """Weighted time-product dummy by least squares with one column per model and per quarter; {quarter: index, first quarter = 1}.

    `releves`: (model, quarter, price, amount); every model is seen twice at least and all quarters are linked.
    """
    modeles = sorted({r[0] for r in releves})
    trimestres = sorted({r[1] for r in releves})
    depense = {t: sum(r[3] for r in releves if r[1] == t) for t in trimestres}
    x = np.zeros((len(releves), len(modeles) + len(trimestres) - 1))
    y = np.zeros(len(releves))
    for rang, (modele, trimestre, prix, montant) in enumerate(releves):
        poids = math.sqrt(montant / depense[trimestre])
        y[rang] = poids * math.log(prix)
        x[rang, modeles.index(modele)] = poids
        if trimestre != trimestres[0]:
            x[rang, len(modeles) + trimestres.index(trimestre) - 1] = poids
    solution = np.linalg.lstsq(x, y, rcond=None)[0]
    return {t: math.exp(solution[len(modeles) + k - 1]) if k else 1.0 for k, t in enumerate(trimestres)}


def geks_tornqvist(releves):
    """GEKS of bilateral Törnqvist indexes over common models (Ivancic, Diewert and Fox, Journal of Econometrics 161, 2011)."""
    trimestres = sorted({r[1] for r in releves})
    vus = {t: {m: (p, a) for m, q, p, a in releves if q == t} for t in trimestres}

    def tornqvist(s, t):
        communs = vus[s].keys() & vus[t].keys()
        total_s = sum(vus[s][m][1] for m in communs)
        total_t = sum(vus[t][m][1] for m in communs)
        return sum((vus[s][m][1] / total_s + vus[t][m][1] / total_t) / 2 * math.log(vus[t][m][0] / vus[s][m][0]) for m in communs)

    base = trimestres[0]
    bilateraux = {(s, t): tornqvist(s, t) for s, t in product(trimestres, repeat=2)}
    return {t: math.exp(sum(bilateraux[base, r] + bilateraux[r, t] for r in trimestres) / len(trimestres)) for t in trimestres}
