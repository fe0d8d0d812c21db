"""Prices between members, computed the boring way: dictionaries, loops and sorting; slow, obvious, and never in the product."""

import math
from collections import defaultdict
from decimal import Decimal

ECARTS, RAPPORT_LIGNE, RAPPORT_MEMBRE, NB_MEMBRES = 3.5, 3.0, 2.5, 5


def quantile(valeurs, part):
    """Type 7: linear interpolation between the two nearest ranks, counted from 0 to n − 1."""
    rangees = sorted(valeurs)
    place = (len(rangees) - 1) * part
    bas = math.floor(place)
    haut = min(bas + 1, len(rangees) - 1)
    return rangees[bas] + (rangees[haut] - rangees[bas]) * (place - bas)


def _loin(prix, autres, rapport):
    """True when a price is far from the others in MADs of its logarithm and in ratio."""
    if len(autres) < NB_MEMBRES:
        return False
    logs = [math.log(p) for p in autres]
    centre = quantile(logs, 0.5)
    mad = quantile([abs(x - centre) for x in logs], 0.5)
    return abs(math.log(prix) - centre) > max(ECARTS * 1.4826 * mad, math.log(rapport))


def motif_propre(ligne):
    """Why a line, taken alone, makes no price. `q` is the quantity in reference unit."""
    q = ligne["quantite"] * ligne["contenu_quantite"]
    if q == 0 or ligne["montant_ht"] == 0:
        return "montant_ou_quantite_nuls"
    if (q > 0) != (ligne["montant_ht"] > 0):
        return "signes_opposes"
    if ligne["contenu_approx"]:
        return "conversion_approchee"
    return None


def prix_par_membre(lignes):
    """membre → (quantity, amount) of these lines."""
    sommes = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for ligne in lignes:
        sommes[ligne["membre"]][0] += ligne["quantite"] * ligne["contenu_quantite"]
        sommes[ligne["membre"]][1] += ligne["montant_ht"]
    return sommes


def motifs_des_lignes(lignes):
    """The reason why each line of one article makes no price, or None, in order."""
    motifs = [motif_propre(ligne) for ligne in lignes]
    sommes = prix_par_membre(ligne for ligne, motif in zip(lignes, motifs, strict=True) if motif is None)
    reperes = [float(m) / float(q) for q, m in sommes.values() if q > 0 and m > 0]
    resultat = []
    for ligne, motif in zip(lignes, motifs, strict=True):
        if motif is None:
            prix = float(ligne["montant_ht"]) / float(ligne["quantite"] * ligne["contenu_quantite"])
            motif = "prix_aberrant" if _loin(prix, reperes, RAPPORT_LIGNE) else None
        resultat.append(motif)
    return resultat


def prix_membres(lignes):
    """(periode, membre) → row of `prix_membres` for the lines of one article."""
    motifs = motifs_des_lignes(lignes)
    tables = {}
    for periode in ["ensemble", *sorted({str(ligne["date"].year) for ligne in lignes})]:
        retenues = [(ligne, motif) for ligne, motif in zip(lignes, motifs, strict=True) if periode in ("ensemble", str(ligne["date"].year))]
        rangees = {}
        for membre in {ligne["membre"] for ligne, _ in retenues}:
            siennes = [(ligne, motif) for ligne, motif in retenues if ligne["membre"] == membre]
            bonnes = [ligne for ligne, motif in siennes if motif is None]
            achats = [ligne for ligne in bonnes if ligne["nature"] == "achat"]
            approx = sum(motif == "conversion_approchee" for _, motif in siennes)
            if not bonnes and not approx:
                continue
            q = sum((ligne["quantite"] * ligne["contenu_quantite"] for ligne in bonnes), Decimal(0))
            m = sum((ligne["montant_ht"] for ligne in bonnes), Decimal(0))
            rangees[membre] = {
                "quantite": q,
                "montant": m,
                "prix": float(m) / float(q) if q > 0 and m > 0 else None,
                "nb_lignes": len(achats),
                "nb_approx": approx,
                "fournisseurs": {ligne["fournisseur"] for ligne in achats},
            }
        connus = [r["prix"] for r in rangees.values() if r["prix"] is not None]
        for membre, rangee in rangees.items():
            if rangee["prix"] is None:
                rangee["motif"] = (
                    "conversion_approchee"
                    if not any(motif is None for ligne, motif in retenues if ligne["membre"] == membre)
                    else "quantite_nette_nulle"
                )
            else:
                rangee["motif"] = "prix_aberrant" if _loin(rangee["prix"], connus, RAPPORT_MEMBRE) else None
            tables[periode, membre] = rangee
    return tables


def distribution(rangees):
    """Statistics of the members that are not excluded, or None when there is none."""
    gardees = [r for r in rangees if r["motif"] is None]
    if not gardees:
        return None
    prix = [r["prix"] for r in gardees]
    return {
        "nb_membres": len(gardees),
        "nb_lignes": sum(r["nb_lignes"] for r in gardees),
        "nb_fournisseurs": len(set().union(*(r["fournisseurs"] for r in gardees))),
        "montant_ht": sum(r["montant"] for r in gardees),
        "minimum": min(prix),
        "p10": quantile(prix, 0.1),
        "q1": quantile(prix, 0.25),
        "mediane": quantile(prix, 0.5),
        "q3": quantile(prix, 0.75),
        "p90": quantile(prix, 0.9),
        "maximum": max(prix),
        "moyenne_ponderee": float(sum(r["montant"] for r in gardees)) / float(sum(r["quantite"] for r in gardees)),
    }
