"""A mapping goes out and comes back; anything else is refused with a sentence."""

import json
from pathlib import Path

import pytest

from ingest.chaine import Reglages
from ingest.correspondance_partage import CorrespondancePartagee, read_correspondances, write_correspondances
from ingest.erreurs import Refus
from ingest.vocabulaire import BaseTaxe
from tests.ingest.atelier import importer

UNE = CorrespondancePartagee("Logiciel de finances", {"Quoi": "libelle", "Quand": "date", "Combien": "montant", "Autre": ""}, BaseTaxe.TTC)


def test_out_and_back() -> None:
    assert read_correspondances(write_correspondances([UNE])) == (UNE,)


def test_another_town_hall_reads_the_same_export_without_a_question(tmp_path: Path) -> None:
    (lue,) = read_correspondances(write_correspondances([UNE]))
    reglages = Reglages(correspondances={lue.signature: lue.champs}, base_taxe=lue.base_taxe)
    lecture, lignes = importer(tmp_path, ["papier;01/01/2025;12,00;x"], entete="Quoi;Quand;Combien;Autre", reglages=reglages)
    assert (lecture.questions, lecture.comptes.retenues) == ((), 1)
    assert str(lignes["montant_ttc"][0]) == "12.00"


@pytest.mark.parametrize(
    "texte",
    [
        "",
        "bonjour",
        "[1]",
        '{"mercuriale": "correspondances", "version": 2, "correspondances": []}',
        json.dumps({"mercuriale": "correspondances", "version": 1, "correspondances": ["x"]}),
        json.dumps({"mercuriale": "correspondances", "version": 1, "correspondances": [{"champs": {"A": "mot_de_passe"}}]}),
        json.dumps({"mercuriale": "correspondances", "version": 1, "correspondances": [{"champs": {"A": "date", "B": "date"}}]}),
        json.dumps({"mercuriale": "correspondances", "version": 1, "correspondances": [{"champs": {"A": "date"}, "base_taxe": "net"}]}),
        "[" * 100_000,
    ],
)
def test_anything_else_is_refused(texte: str) -> None:
    with pytest.raises(Refus, match=r"\.$"):
        read_correspondances(texte)
