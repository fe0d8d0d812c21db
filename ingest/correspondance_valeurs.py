"""A file without headers can still be understood when its values leave little doubt: the person sees low confidences and confirms."""

from collections.abc import Mapping, Sequence
from typing import Final

from ingest.profils import Profil
from ingest.ressemblance import nommer

Affectation = dict[str, tuple[str, float, str]]
"""Header → (field, confidence, reason in French)."""

CONFIANCE: Final = 0.6


def est_sans_noms(entetes: Sequence[str]) -> bool:
    """Say whether no header names anything we know: the first row was probably a line of purchase, or the names are codes."""
    return not any(score >= 0.6 for entete in entetes for score in nommer(entete).values())


def deviner(entetes: Sequence[str], profils: Mapping[str, Profil]) -> Affectation:
    """Propose label, supplier and amount from what the cells look like, for the columns that nothing else claims.

    The label is the text that varies most and is longest, the supplier the next text made of several words, the amount the number that has
    cents. Quantity and price are left to the products of columns (`ingest.arithmetique`).
    """
    affectation: Affectation = {}
    textes = [entete for entete in entetes if _est_texte(profils[entete])]
    if textes:
        libelle = max(textes, key=lambda entete: (profils[entete].distincts, profils[entete].longueur))
        affectation[libelle] = ("libelle", CONFIANCE, "valeurs")
        autres = [entete for entete in textes if entete != libelle and profils[entete].mots >= 1.5]
        if autres:
            affectation[max(autres, key=lambda entete: profils[entete].longueur)] = ("fournisseur", CONFIANCE, "valeurs")
    nombres = [entete for entete in entetes if _est_montant(profils[entete])]
    if len(nombres) == 1:
        affectation[nombres[0]] = ("montant", CONFIANCE, "valeurs")
    return affectation


def _est_texte(profil: Profil) -> bool:
    return profil.remplissage >= 0.5 and profil.lettres >= 0.8 and profil.longueur >= 6 and profil.date < 0.3


def _est_montant(profil: Profil) -> bool:
    return profil.remplissage >= 0.5 and profil.nombre >= 0.9 and profil.entier < 0.9 and profil.siret < 0.5 and profil.date < 0.5
