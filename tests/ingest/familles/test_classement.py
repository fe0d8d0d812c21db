"""A line is classified by its CPV, else by its words; what nobody can tell stays « à classer »."""

from dataclasses import replace

import polars as pl
import pytest

from ingest.familles import Nomenclature, classer, classer_en_lot, familles, livree
from ingest.familles.classement import PLANCHER, classeur
from ingest.familles.lexique import lexique
from ingest.vocabulaire import FAMILLE_A_CLASSER


def test_les_126_familles_sont_livrees() -> None:
    codes = [famille.code for famille in familles()]
    assert len(codes) == len(set(codes)) == 126
    assert {famille.nature for famille in familles()} == {"fournitures", "services", "travaux"}
    assert next(famille for famille in familles() if famille.code == "AD01").groupement == "fort"


def test_le_lexique_ne_cite_que_des_familles_connues() -> None:
    codes = {famille.code for famille in familles()}
    assert {code for poids in lexique(livree()).formes.values() for code, _ in poids} <= codes


def test_le_code_cpv_l_emporte_par_son_prefixe_le_plus_long() -> None:
    assert classeur(livree()).propose("papier", "30197643-5", None)[0] == "AD01"
    assert classeur(livree()).propose("divers", "30192000", None)[0] == "AD02"
    assert classeur(livree()).propose("divers", "34927100", None)[0] == "VO03"


@pytest.mark.parametrize(
    ("libelle", "famille"),
    [
        ("RAMETTE PAPIER A4 80G", "AD01"),
        ("eau de javel 2,6 %", "EN01"),
        ("SAC POUB 110 L", "EN03"),
        ("GTS NITRILE M BTE 100", "EN08"),
        ("pomme de terre charlotte", "RE03"),
        ("jus de pomme", "RE08"),
        ("gazole non routier", "ER03"),
        ("contrôle annuel aire de jeux", "CR04"),
        ("peinture de marquage routier", "VO05"),
        ("peinture acrylique mate", "BA05"),
        ("recharge extincteur poudre 6 kg", "CR02"),
        ("gants de manutention taille 9", "EP01"),
        ("liquide de rinçage lave-vaisselle", "EN01"),
        ("gazoel B7", "ER06"),
    ],
)
def test_les_mots_du_libelle(libelle: str, famille: str) -> None:
    proposee, confiance, motif = classeur(livree()).propose(libelle, None, None)
    assert proposee == famille, motif
    assert confiance >= PLANCHER


@pytest.mark.parametrize("libelle", [None, "", "facture 12345", "divers", "régularisation"])
def test_ce_qu_on_ignore_reste_a_classer_avec_sa_raison(libelle: str | None) -> None:
    famille, confiance, motif = classeur(livree()).propose(libelle, None, None)
    assert famille == FAMILLE_A_CLASSER
    assert confiance < PLANCHER
    assert motif


def test_classer_garde_les_lignes_et_leur_ordre() -> None:
    lignes = pl.DataFrame({"n": [3, 1, 2], "libelle": ["ramette A4", None, "eau de javel"], "compte": ["6064", None, "60631"]})
    classees = classer(lignes)
    assert classees["n"].to_list() == [3, 1, 2]
    assert classees["famille"].to_list() == ["AD01", FAMILLE_A_CLASSER, "EN01"]
    assert set(classees.columns) == {"n", "libelle", "compte", "famille", "famille_confiance", "famille_motif"}


def test_ce_que_vend_un_fournisseur_aide_ses_lignes_douteuses() -> None:
    libelles = ["yaourt nature", "emmental râpé", "beurre doux", "bio nature"]
    seul = classer(pl.DataFrame({"libelle": libelles}))["famille"].to_list()
    aide = classer(pl.DataFrame({"libelle": libelles, "fournisseur": ["LAITERIE DU VAL"] * 4}))
    assert aide["famille"].to_list()[:3] == seul[:3] == ["RE04"] * 3


def test_lines_are_classified_in_the_nomenclature_given() -> None:
    livres = livree().familles
    drones = replace(livres[0], code="CL01", libelle="Drones", cpv=(), comptes=(), mots_cles=("drone",))
    papier = pl.DataFrame({"libelle": ["drone de peinture", "ramette papier A4"], "code_cpv": [None, "30197643"]})
    sans_papier = Nomenclature((*(famille for famille in livres if famille.code != "AD01"), drones), (("AD01", FAMILLE_A_CLASSER),))
    assert classer(papier)["famille"].to_list()[1] == "AD01"
    assert classer(papier, sans_papier)["famille"][0] == "CL01"
    assert classer(papier, sans_papier)["famille"][1] != "AD01"
    reunies = Nomenclature(tuple(famille for famille in livres if famille.code != "AD01"), (("AD01", "AD02"),))
    assert classer(pl.DataFrame({"libelle": ["ramette papier A4"]}), reunies)["famille"].to_list() == ["AD02"]


def test_carriage_is_not_the_beginning_of_a_carrier() -> None:
    assert set(classer(pl.DataFrame({"libelle": ["PORT ET EMBALLAGE", "Frais de port"]}))["famille"]) == {FAMILLE_A_CLASSER}


def test_a_batch_says_what_lines_say_one_by_one() -> None:
    lignes = pl.DataFrame(
        {
            "libelle": ["Ramette papier A4 80 g", None, "zzz", "Ramette papier A4 80 g", "Gazole non routier"],
            "code_cpv": [None, "30197643", None, None, None],
            "compte": ["6064", None, None, "60622", "60622"],
        }
    )
    en_lot = classer_en_lot(lignes, livree())
    seules = pl.concat([classer(ligne, livree()) for ligne in lignes.iter_slices(1)])
    assert en_lot.equals(seules.drop(lignes.columns), null_equal=True)
    assert en_lot["famille"].n_unique() > 1
