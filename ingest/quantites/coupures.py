"""A label that a software cut says less than it seems: its packaging may have been further, and is then never guessed."""

import re

from ingest.quantites.cellule import UniteLue
from ingest.quantites.decoupe import Decoupe

# Widths at which the software of town halls cut labels.
COUPES = frozenset({40, 50, 60})
# « 500M » may be the beginning of « 500ML », « 24X32 F » that of a word: only grams and litres are the same when whole.
_FIN_AMPUTEE = re.compile(r"\d ?[^\W\dGL]$|\d \d{1,2}$")
# « 0,5 LITRE P » may have gone on with a pack.
_MOIGNON_SEUL = re.compile(r"[^\W\d] [BCEFLPRS]$")
# « …, 7 000 », not the number of an invoice, « FACT FA2310-0643 ».
_NOMBRE_A_PART = re.compile(r"(?:,| [-/(]) ?[\d ]+$")
_PEUVENT_CONTENIR = frozenset({None, "carton", "colis", "caisse", "palette", "fardeau"})


def is_coupe(libelle: str) -> bool:
    """Capitals of exactly the usual widths, or one less when the cut fell on a space."""
    return (len(libelle) in COUPES or len(libelle) + 1 in COUPES) and libelle.isupper()


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
    if decoupe.fin == "moignon" or (est_pleine and _FIN_AMPUTEE.search(libelle)):
        return True
    if decoupe.fin == "nombre":
        est_muet = not decoupe.mesures and admises[0] in {"kg", "l", "feuille", "page"}
        return est_pleine or est_ouvert or est_muet or _holds_more(libelle, decoupe, admises)
    est_muette = lue.contenant is None and (lue.unite is None or lue.unite.code == "unite")
    if est_pleine and est_muette and (decoupe.moignon_possible or _MOIGNON_SEUL.search(libelle)):
        return True
    if est_en_capitales and _is_ramette_nue(decoupe, lue, admises):
        return True
    est_nue = not decoupe.relations and (admises == ("unite",) or not any(mesure.unite.base in admises for mesure in decoupe.mesures))
    return (est_pleine or est_presque) and est_nue and est_muette


def _holds_more(libelle: str, decoupe: Decoupe, admises: tuple[str, ...]) -> bool:
    """« CARTON DE 4 », cut at a space, may have gone on with « PAQUETS DE 50 »; so may a number set apart that nothing explains."""
    if any(mesure.unite.base in admises for mesure in decoupe.mesures):
        return False
    if not decoupe.relations:
        return _NOMBRE_A_PART.search(libelle) is not None
    return decoupe.relations[-1].contenant in _PEUVENT_CONTENIR


def _is_ramette_nue(decoupe: Decoupe, lue: UniteLue, admises: tuple[str, ...]) -> bool:
    """A ramette whose sheets may have been said further: 250 for card, not the 500 of plain paper."""
    if "feuille" not in admises or any(relation.element == "feuille" for relation in decoupe.relations):
        return False
    noms = {relation.element for relation in decoupe.relations} | {code for code, _ in decoupe.mentions}
    return "ramette" in noms or lue.contenant == "ramette"
