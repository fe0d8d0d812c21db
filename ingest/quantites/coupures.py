"""A label that a software cut says less than it seems: its packaging may have been further, and is then never guessed."""

from ingest.quantites.cellule import UniteLue
from ingest.quantites.decoupe import Decoupe

# Widths at which the software of town halls cut labels.
COUPES = frozenset({40, 50, 60})


def lose_conditionnement(libelle: str, decoupe: Decoupe, lue: UniteLue, admises: tuple[str, ...]) -> bool:
    """Was the packaging lost when a software cut this label?

    A bracket never closed, or capitals of exactly the usual widths (less one when the cut fell on a space). A number at the very end
    may have lost digits; a stump of a word hides what follows; nothing said at all may have been said further.
    """
    longueur = len(libelle)
    est_ouvert = "(" in libelle and libelle.count("(") > libelle.count(")")
    est_large = longueur in COUPES or longueur + 1 in COUPES
    est_en_capitales = est_large and libelle.isupper()
    est_pleine = est_en_capitales and longueur in COUPES
    est_presque = est_en_capitales and longueur + 1 in COUPES
    if not (est_ouvert or est_en_capitales or longueur == max(COUPES)):
        return False
    if decoupe.fin == "moignon":
        return True
    if decoupe.fin == "nombre":
        return est_pleine or est_ouvert or (not decoupe.mesures and admises[0] in {"kg", "l", "feuille"})
    est_muette = lue.contenant is None and (lue.unite is None or lue.unite.code == "unite")
    if est_pleine and ((est_muette and decoupe.moignon_possible) or _is_ramette_nue(decoupe, lue, admises)):
        return True
    est_nue = decoupe.est_nue or (admises == ("unite",) and not decoupe.relations)
    return (est_pleine or est_presque) and est_nue and est_muette


def _is_ramette_nue(decoupe: Decoupe, lue: UniteLue, admises: tuple[str, ...]) -> bool:
    """A ramette whose sheets may have been said further: 250 for card, not the 500 of plain paper."""
    if "feuille" not in admises or any(relation.element == "feuille" for relation in decoupe.relations):
        return False
    noms = {relation.element for relation in decoupe.relations} | {code for code, _ in decoupe.mentions}
    return "ramette" in noms or lue.contenant == "ramette"
