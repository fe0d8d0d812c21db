"""Whose purchases a file holds, when it names a buyer other than the membre it was dropped for: said in names, with what was done."""

from collections.abc import Mapping, Sequence
from typing import Any

from api import formats
from api.club.modeles import Depot

CODE = "acheteur_different"
"""The anomaly of a line that bears the number of another buyer."""


def annoncer_acheteurs(depot: Depot, anomalies: Sequence[Mapping[str, Any]], noms: Mapping[str, str]) -> str | None:
    """One sentence or two; None when the file names no buyer but its membre. `noms` are the membres of the club by SIREN."""
    lus: Sequence[str] = (depot.verdict or {}).get("membres_lus", [])
    autres = [siren for siren in lus if siren != depot.membre]
    if not autres:
        return None
    notre = noms.get(depot.membre, depot.membre)
    dits = [noms.get(siren) or f"SIREN {formats.siren(siren)}" for siren in autres]
    if depot.membre not in lus:
        return (
            f"Ce fichier porte le numéro d'un autre acheteur que {notre} : {formats.enumeration(dits)}. "
            f"Toutes ses lignes ont été prises comme des achats de {notre} : "
            "si ce n'est pas le cas, oubliez ou retirez ce fichier, puis déposez-le pour le bon membre."
        )
    nombre = sum(len(anomalie["lignes"]) for anomalie in anomalies if anomalie["code"] == CODE)
    suite = ""
    if nombre:
        accord = "attend, à corriger" if nombre == 1 else "attendent, à corriger"
        suite = f" {formats.pluriel(nombre, 'ligne')} au numéro d'un autre {accord} : ce qui est à lui se dépose pour lui."
    debut = f"Ce fichier porte les achats de plusieurs acheteurs : {formats.enumeration([notre, *dits])}."
    return f"{debut} Seules les lignes de {notre} sont prises.{suite}"
