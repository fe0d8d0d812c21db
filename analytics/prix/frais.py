"""A line that pays for carriage, a deposit, a discount or a fee counts in spend and makes neither article nor price.

Only a label in which every word says so is such a line: « remise en état » and « port USB » are things that are bought.
"""

import re

from ingest.quantites.texte import fold

_MOT = re.compile(r"[a-z]+")
_LIAISONS = frozenset("a au aux d de des du en et eur euro euros ht l la le les ou par pour sur ttc un".split())  # noqa: SIM905
_NOYAUX = frozenset(
    """acompte arrondi consignation consigne deconsignation deconsigne ecocontribution ecoparticipation ecotaxe emballage escompte
    expedition frais livraison port rabais remise ristourne surcharge transport""".split()  # noqa: SIM905
)
"""One of them at least."""
_COMPAGNONS = frozenset(
    """annee assurance bidon bouteille carburant casier client collectivite commande commerciale contribution deee deplacement dossier eco
    energie envoi exceptionnelle express facturation facture fidelite fin fixe forfait forfaitaire france franco fut gazole gestion globale
    inclus manutention minimum mobilier offert palette participation quantitative reprise retour standard total traitement vide""".split()  # noqa: SIM905
)
"""What may go with them."""
_LOCUTIONS = (
    "eco participation",
    "eco contribution",
    "eco taxe",
    "contribution environnementale",
    "minimum de commande",
    "minimum de facturation",
)


def est_frais_annexe(libelle: str) -> bool:
    """True when the whole label is a fee, a discount, a deposit or a carriage; numbers do not count."""
    texte = " ".join(mot for mot in _MOT.findall(fold(libelle)))
    for locution in _LOCUTIONS:
        texte = texte.replace(locution, "frais")
    mots = [mot for mot in texte.split() if mot not in _LIAISONS]
    simples = [mot if mot in _NOYAUX or mot in _COMPAGNONS else mot.removesuffix("s") for mot in mots]
    return any(mot in _NOYAUX for mot in simples) and all(mot in _NOYAUX or mot in _COMPAGNONS for mot in simples)
