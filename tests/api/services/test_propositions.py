import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.club.modeles import Depot
from api.maison import Maison, maison_ouverte
from api.services import corrections, imports, lecture
from api.services.lignes_depot import de_cause, des_lieux, montrer_en_attente, trame_en_attente
from api.services.propositions import corriger_groupe, groupes_de_fautes
from api.settings import Settings
from tests.api.outils import CLAVIER, FLEAC, ecrire, peupler
from tests.references import groupes as reference

DATES = ("12/03/2025", "31/02/2025", "", "hier")
QUANTITES = ("10", "1O", "l0", "", "dix")
PRIX = ("3,70", "", "trois", "3,7O")
MONTANTS = ("37,00", "47,00", "", "37,OO", "36,00")


@pytest.fixture
def maison(tmp_path: Path) -> Iterator[Maison]:
    with maison_ouverte(Settings(donnees=tmp_path / "donnees"), creer=True) as ouverte:
        peupler(ouverte)
        yield ouverte


def lu(maison: Maison, chemin: Path) -> Depot:
    return lecture.lire(maison, CLAVIER, imports.recevoir(maison, CLAVIER, FLEAC, chemin).id)


def lignes_fautives(graine: int, nombre: int) -> list[str]:
    hasard = random.Random(graine)
    return [
        ";".join(
            (
                hasard.choice(DATES), f"MARTIN {hasard.randrange(3)}", hasard.choice(("", "7,53E+13", "123")),
                hasard.choice(("GOMME", "REGLE", "")),
                hasard.choice(QUANTITES), "unité", hasard.choice(PRIX), hasard.choice(MONTANTS), hasard.choice(("20", "vingt")),
            )
        )
        for _ in range(nombre)
    ]  # fmt: skip


@pytest.mark.parametrize("graine", range(4))
def test_groups_are_those_of_the_boring_twin(maison: Maison, tmp_path: Path, graine: int) -> None:
    depot = lu(maison, ecrire(tmp_path / "a.csv", lignes_fautives(graine, 150)))
    trame = trame_en_attente(maison, CLAVIER, depot)
    attendus = reference.groupes_de_fautes(depot, montrer_en_attente(trame, depot))
    assert len(attendus) > 8
    assert groupes_de_fautes(depot, trame) == attendus


def test_a_file_without_fault_has_no_group(maison: Maison, tmp_path: Path) -> None:
    depot = lu(maison, ecrire(tmp_path / "a.csv", ["12/03/2025;MARTIN;;GOMME;10;unité;3,70;37,00;20"]))
    assert groupes_de_fautes(depot, trame_en_attente(maison, CLAVIER, depot)) == []


def test_lines_are_found_by_their_cause_and_by_their_place(maison: Maison, tmp_path: Path) -> None:
    lignes = ["12/03/2025;MARTIN;;GOMME;1O;unité;3,70;37,00;20", "hier;MARTIN;;REGLE;10;unité;3,70;37,00;20"]
    depot = lu(maison, ecrire(tmp_path / "a.csv", lignes))
    trame = trame_en_attente(maison, CLAVIER, depot)
    assert trame["ligne"].to_list() == [2, 3]
    (faute,) = montrer_en_attente(trame[1:], depot)[0].defauts
    assert de_cause(trame, faute.code)["ligne"].to_list() == [3]
    assert des_lieux(trame, [("", 3), ("ailleurs", 2), ("", 99)])["ligne"].to_list() == [3]


def test_thousands_of_empty_cells_are_filled_at_once_and_the_last_word_counts(maison: Maison, tmp_path: Path) -> None:
    """Empty cells have no value a rule could name: each is written for itself, and that must not take a minute."""
    lignes = [f"{1 + rang % 28:02d}/03/2025;FOURNISSEUR {rang};;ARTICLE {rang};10;unité;3,70;;" for rang in range(4000)]
    lignes = [ligne.replace("/03/2025", "/13/2025") for ligne in lignes[:3000]] + lignes[3000:]
    depot = lu(maison, ecrire(tmp_path / "a.csv", lignes))
    assert (depot.comptes or {})["a_corriger"] == 3000
    trame = trame_en_attente(maison, CLAVIER, depot)
    premier = groupes_de_fautes(depot, trame)[0]
    demandees = [corrections.Correction("12/03/2025", entete="Date", ligne=ligne, origine="") for ligne in trame["ligne"].to_list()] + [
        corrections.Correction("encore faux", entete="Date", ligne=2, origine="")
    ]
    assert premier.entete == "Date"
    corrige = corrections.corriger(maison, CLAVIER, depot.id, demandees)
    assert (corrige.comptes or {})["a_corriger"] == 1
    (reste,) = montrer_en_attente(trame_en_attente(maison, CLAVIER, corrige), corrige)
    assert (reste.ligne, "encore faux" in reste.defauts[0].message) == (2, True)


def test_a_group_that_is_gone_is_said(maison: Maison, tmp_path: Path) -> None:
    depot = lu(maison, ecrire(tmp_path / "a.csv", ["12/03/2025;MARTIN;;GOMME;10;unité;3,70;37,00;20"]))
    with pytest.raises(corrections.Refus, match="déjà été corrigées"):
        corriger_groupe(maison, CLAVIER, depot, "0" * 16, "10")


def test_an_interrupted_correction_that_had_succeeded_is_not_done_twice(maison: Maison, tmp_path: Path) -> None:
    depot = lu(maison, ecrire(tmp_path / "a.csv", ["12/03/2025;MARTIN;;GOMME;1O;unité;3,70;37,00;20"]))
    geste = corrections.Geste(cellules=(corrections.Correction("10", entete="Quantité", ligne=2),))
    assert corrections.Geste.de_json(geste.en_json()) == geste
    fait = corrections.executer_geste(maison, CLAVIER, depot.id, geste, lecture=1)
    encore = corrections.executer_geste(maison, CLAVIER, depot.id, geste, lecture=1, reprise=True)
    assert (fait.lecture, encore.lecture, len(encore.reglages["corrections"])) == (2, 2, 1)
    with pytest.raises(corrections.Refus, match="vient d'être relu"):
        corrections.executer_geste(maison, CLAVIER, depot.id, geste, lecture=1)
