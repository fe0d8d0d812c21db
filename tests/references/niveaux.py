"""Levels of prices by membre over a famille, the boring way."""

import math
from collections import defaultdict

from tests.references.prix import quantile


def niveaux(achats, plancher_membres=3, plancher_fournisseurs=2):
    """membre → (level, number of articles) from (article, membre, fournisseur, quantity, amount) of one period; no outlier, no avoir."""
    sommes = defaultdict(lambda: [0.0, 0.0])
    fournisseurs = defaultdict(set)
    for article, membre, fournisseur, quantite, montant in achats:
        sommes[article, membre][0] += quantite
        sommes[article, membre][1] += montant
        fournisseurs[article].add(fournisseur)
    ecarts = defaultdict(list)
    for article, vus in fournisseurs.items():
        prix = {membre: m / q for (a, membre), (q, m) in sommes.items() if a == article}
        if len(prix) >= plancher_membres and len(vus) >= plancher_fournisseurs:
            milieu = quantile(prix.values(), 0.5)
            for membre, p in prix.items():
                ecarts[membre].append(math.log(p / milieu))
    return {membre: (100 * math.exp(sum(e) / len(e)), len(e)) for membre, e in ecarts.items()}
