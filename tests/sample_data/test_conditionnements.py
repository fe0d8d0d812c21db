"""The notation of packagings reads as people say and write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_data.generation.catalogue import lire_vocabulaire
from sample_data.generation.conditionnements import fragment, lire_conditionnement
from sample_data.generation.libelles import est_lisible

CAS = [
    ("carton*5 ramette*500 feuille", "feuille", 0, 2500, "carton de 5 ramettes de 500 feuilles", "CRT 5 R/500F"),
    ("carton*5 ramette*500 feuille", "feuille", 1, 500, "ramette de 500 feuilles", "CRT 5 R/500F"),
    ("pack*6 bouteille~1.5 l", "l", 0, 9, "pack de 6 bouteilles de 1,5 l", "PK 6 BLLE"),
    ("boite*100 unite:gant", "unite", 0, 100, "boîte de 100 gants", "BT 100"),
    ("palette*40 sac*25 kg", "kg", 0, 1000, "palette de 40 sacs de 25 kg", "PAL 40x25kg"),
    ("flacon*0.75 l", "l", 0, Decimal("0.75"), "flacon de 0,75 l", "FLC 750ml"),
    ("bidon*5 l@0.5", "l", 0, 1000, "bidon de 5 l à diluer à 0,5 %", "BID 5L"),
    ("mille*1000 unite", "unite", 0, 1000, "mille de 1 000 unités", "le mille"),
    ("kg", "kg", 0, 1, "au kg", ""),
    ("unite:repas", "unite", 0, 1, "à l'unité (repas)", ""),
]


@pytest.mark.parametrize(("notation", "base", "vendu", "contenu", "mots", "court"), CAS)
def test_notation(notation: str, base: str, vendu: int, contenu: Decimal, mots: str, court: str) -> None:
    conditionnement = lire_conditionnement(notation, base)
    assert conditionnement.contenu(vendu) == contenu
    assert conditionnement.en_mots(vendu) == mots
    assert fragment(conditionnement, 2, lire_vocabulaire("v1").contenants, dire_mesure=False) == court


def test_a_base_other_than_that_of_the_article_is_refused() -> None:
    with pytest.raises(ValueError, match="expected feuille"):
        lire_conditionnement("bidon*5 l", "feuille")


@given(st.lists(st.integers(1, 500), min_size=1, max_size=4), st.integers(0, 3))
def test_content_is_the_product_of_the_levels_left(nombres: list[int], vendu: int) -> None:
    conditionnement = lire_conditionnement(" ".join(f"carton*{n}" for n in nombres) + " unite", "unite")
    attendu = Decimal(1)
    for nombre in nombres[vendu:]:
        attendu *= nombre
    assert conditionnement.contenu(vendu) == attendu


LISIBLES = [
    ("boite*100 unite", "unite", 0, "GANT NITRILE TAILLE M (BOITE 100)", "BOITE 100", True, False, True),
    ("boite*100 unite", "unite", 0, "GANT NITRILE TAILLE M NON POUDRE (BOITE", "BOITE 100", True, False, False),
    ("colis*24 pot~0.125 kg", "kg", 0, "YAOURT NATURE 125 G COLIS 24 POTS", "COLIS 24 POTS", True, False, True),
    ("colis*24 pot~0.125 kg", "kg", 0, "COLIS 24 POTS YAOURT", "COLIS 24 POTS", True, False, False),
    ("carton*20 paquet*0.25 kg", "kg", 1, "CAFE 20x250g", "20x250g", True, False, False),
    ("carton*20 paquet*0.25 kg", "kg", 1, "CAFE carton 20 paquets 250g", "carton 20 paquets 250g", True, False, True),
    ("carton*20 paquet*0.25 kg", "kg", 1, "CAFE carton 20 paquets 250g", "carton 20 paquets 250g", True, True, False),
    ("kg", "kg", 0, "CAROTTES", "", False, False, False),
    ("kg", "kg", 0, "CAROTTES", "", True, False, True),
]


@pytest.mark.parametrize(("notation", "base", "vendu", "libelle", "morceau", "avec_unite", "vague", "attendu"), LISIBLES)
def test_what_is_still_readable(
    notation: str, base: str, vendu: int, libelle: str, morceau: str, avec_unite: bool, vague: bool, attendu: bool
) -> None:
    conditionnement = lire_conditionnement(notation, base)
    assert est_lisible(conditionnement, vendu, libelle, morceau, avec_unite=avec_unite, vague=vague) is attendu
