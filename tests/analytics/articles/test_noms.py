"""The name of an article is one a town hall can read; it depends on the labels, not on their order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.articles.noms import Nommeur, strip_conditionnement

PAPIER = [("PAP A4 80 g BL", 90), ("papier A4 80 g blanc, carton de 5 ramettes", 3), ("RAMETTE PAPIER A4 80G BLANC 500F", 40)]


def nommer(libelles: list[tuple[str, int]], famille: str) -> str:
    return Nommeur(dict(libelles)).name(libelles, famille)


@settings(deadline=None)
@given(st.permutations(PAPIER))
def test_le_plus_lisible_l_emporte_sur_le_plus_frequent_dans_tout_ordre(libelles: list[tuple[str, int]]) -> None:
    assert nommer(libelles, "AD01") == "Papier A4 80 g blanc"


@pytest.mark.parametrize(
    ("libelle", "famille", "nom"),
    [
        ("PAP A4 80 g BL", "AD01", "Papier A4 80 g BL"),  # « BL » is bleu or blanc: left as it is
        ("NETTOY DESINF SURF 4X5L", "EN01", "Nettoyant désinfectant surface"),
        ("EAU DE JAVEL 2.6% CT 4X5L", "EN01", "Eau de javel 2,6 %"),
        ("CLASSEUR A LEVIER A4 DOS 80MM", "AD02", "Classeur à levier A4 dos 80 mm"),
        ("GANTS NITRILE TAILLE M (BT 100)", "EN08", "Gants nitrile taille M"),
        ("LAIT UHT DEMI-ECREME", "SC05", "Lait UHT demi-écrémé"),
    ],
)
def test_un_seul_libelle_est_ecrit_en_clair(libelle: str, famille: str, nom: str) -> None:
    assert nommer([(libelle, 1)], famille) == nom


def test_un_libelle_coupe_ne_nomme_pas_quand_un_autre_est_entier() -> None:
    coupe = "ENVELOPPES A SOUFFLET C4 229X324 KRAFT 1"
    assert len(coupe) == 40
    assert nommer([(coupe, 50), ("enveloppes à soufflet C4 229x324 kraft 120 g", 1)], "AD03").endswith("kraft 120 g")


def test_les_accents_s_apprennent_de_ceux_qui_les_mettent() -> None:
    assert nommer([("MACHIN DEJANTE", 9), ("truc déjanté", 1)], "AD02") in {"Machin déjanté", "Truc déjanté"}
    nommeur = Nommeur({"truc déjanté": 1, "TRUC DEJANTE": 9})
    assert nommeur.name([("TRUC DEJANTE", 9)], "AD02") == "Truc déjanté"


@pytest.mark.parametrize(
    ("libelle", "nom"),
    [
        ("papier A4 80 g blanc, carton de 5 ramettes de 500 feuilles", "papier A4 80 g blanc"),
        ("eau de source plate 1,5 l - pack de 6 bouteilles", "eau de source plate 1,5 l"),
        ("gants nitrile taille M (BT 100)", "gants nitrile taille M"),
        ("STYLO BILLE", "STYLO BILLE"),
        ("mouchoirs boîte 2 plis", "mouchoirs boîte 2 plis"),
    ],
)
def test_le_conditionnement_n_est_pas_dans_le_nom(libelle: str, nom: str) -> None:
    assert strip_conditionnement(libelle) == nom
