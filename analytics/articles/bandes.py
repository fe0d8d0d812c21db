"""Three bands say how sure a label's article is, and one French sentence says why."""

from enum import StrEnum


class Bande(StrEnum):
    """How sure we are that a label belongs to its article."""

    AUTOMATIQUE = "automatique"
    PROPOSEE = "proposee"  # joined to nothing yet: a person is asked
    A_PART = "a_part"  # nothing near enough


def say_motif(bande: Bande, *, decision: str | None, est_reference: bool, est_groupe: bool, est_coupe: bool = False) -> str:
    """Why a label is in its article; `decision` is what a person did of it, `est_coupe` says that every label of the article was cut."""
    if decision is not None:
        return decision
    if est_reference:
        return "même référence du fournisseur ou même code-barres"
    if est_groupe:
        return "libellés équivalents : mêmes mots, mêmes caractéristiques, conditionnement mis à part"
    if bande is Bande.AUTOMATIQUE:
        return "même libellé, conditionnement mis à part"
    if est_coupe:
        return "libellé coupé : ce qui manque a pu distinguer l'article, à confirmer"
    return "un article voisin existe : à confirmer" if bande is Bande.PROPOSEE else "aucun article assez proche"
