"""The columns of packaging keep rows and their order, and features are read whatever the spelling."""

import json

import polars as pl
import pytest

from ingest.quantites import ajouter_contenu
from ingest.quantites.attributs import extract_attributs, read_identite


def test_les_lignes_gardent_leur_ordre_et_leur_nombre() -> None:
    lignes = pl.DataFrame(
        {
            "n": [1, 2, 3, 4],
            "libelle": ["JAVEL BIDON 5L", None, "JAVEL BIDON 5L", "GANTS BTE 100"],
            "unite": ["BIDON", None, "BIDON", "BTE"],
            "famille": ["EN01", "A_CLASSER", "EN01", "EN08"],
        }
    )
    avec = ajouter_contenu(lignes)
    assert avec["n"].to_list() == [1, 2, 3, 4]
    assert [None if q is None else int(q) for q in avec["contenu_quantite"]] == [5, 1, 5, 100]
    assert avec.schema["contenu_quantite"] == pl.Decimal(18, 6)
    assert avec.filter(pl.col("contenu_quantite").is_null())["contenu_motif"].null_count() == 0


@pytest.mark.parametrize(
    ("a", "b", "famille"),
    [
        ("papier A4 80 g blanc", "PAPIER BLANC A4 80G/M2 CARTON 5 RAMETTES", "AD01"),
        ("dalle LED 600x600 36 W 4000 K", "DALLE LED 60X60 36W 4000K CT 4", "BA03"),
        ("classeur dos 80 mm A4", "CLASSEUR A4 DOS DE 8 CM", "AD02"),
        ("enveloppe DL 110x220 sans fenêtre", "ENVELOPPE DL SS FEN BTE 500", "AD03"),
        ("gants nitrile taille M non poudrés", "GANTS NITRILE T.M NON POUDRES B/100", "EN08"),
    ],
)
def test_les_memes_caracteristiques_sous_deux_ecritures(a: str, b: str, famille: str) -> None:
    assert json.loads(extract_attributs(a, famille)) == json.loads(extract_attributs(b, famille))


@pytest.mark.parametrize(
    ("a", "b", "famille"),
    [
        ("papier A4 80 g", "papier A3 80 g", "AD01"),
        ("papier A4 80 g", "papier A4 90 g", "AD01"),
        ("papier A4 80 g", "papier A4 80 g recyclé", "AD01"),
        ("couches taille 3", "couches taille 4", "SC04"),
        ("sac poubelle 110 l", "sac poubelle 130 l", "EN03"),
        ("toner HX26", "toner HX26 remanufacturé", "AD04"),
        ("câble R2V 3G1,5", "câble R2V 3G2,5", "BA02"),
        ("pommes golden", "pommes golden bio", "RE03"),
        ("eau de source 1,5 l", "eau de source 50 cl", "RE08"),
    ],
)
def test_les_quasi_jumeaux_ne_se_lisent_pas_pareil(a: str, b: str, famille: str) -> None:
    assert extract_attributs(a, famille) != extract_attributs(b, famille)


def test_le_nom_de_la_chose_perd_son_conditionnement() -> None:
    assert read_identite("CARTON DE 5 RAMETTES PAPIER A4 80G", "AD01").mots == ("papier",)
    assert read_identite("SEAU 12 L", "EN04").mots == ("seau",)
