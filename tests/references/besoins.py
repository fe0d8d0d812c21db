"""Yearly needs, computed the boring way: sets of months, dictionaries and loops."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

MINIMUM = 6


def mois_couverts(lignes):
    """membre → set of (year, month) between the first and the last line of each of its dépôts."""
    bornes = defaultdict(list)
    for ligne in lignes:
        bornes[ligne["membre"], ligne["depot"]].append((ligne["date"].year, ligne["date"].month))
    couverts = defaultdict(set)
    for (membre, _), mois in bornes.items():
        annee, rang = min(mois)
        while (annee, rang) <= max(mois):
            couverts[membre].add((annee, rang))
            annee, rang = (annee, rang + 1) if rang < 12 else (annee + 1, 1)
    return couverts


def besoins(lignes):
    """(membre, libelle) → yearly quantity, yearly amount, covered months, and the range over whole years (None without any)."""
    couverts = mois_couverts(lignes)
    resultat = {}
    for membre, libelle in {(ligne["membre"], ligne["libelle"]) for ligne in lignes}:
        siennes = [ligne for ligne in lignes if (ligne["membre"], ligne["libelle"]) == (membre, libelle)]
        n = len(couverts[membre])
        diviseur = n if n >= MINIMUM else 12
        pleines = [a for a in {a for a, _ in couverts[membre]} if sum(annee == a for annee, _ in couverts[membre]) == 12]
        par_an = [
            (
                sum((x["quantite"] * 500 for x in siennes if x["date"].year == a), Decimal(0)),
                sum((x["montant_ht"] for x in siennes if x["date"].year == a), Decimal(0)),
            )
            for a in pleines
        ]
        resultat[membre, libelle] = {
            "quantite": float(sum(x["quantite"] * 500 for x in siennes)) * 12 / diviseur,
            "montant": _cents(sum(x["montant_ht"] for x in siennes) * 12 / diviseur),
            "mois": n,
            "bornes": (min(q for q, _ in par_an), max(q for q, _ in par_an), min(m for _, m in par_an), max(m for _, m in par_an))
            if par_an
            else (None, None, None, None),
        }
    return resultat


def _cents(montant):
    return montant.quantize(Decimal("0.01"), ROUND_HALF_UP)
