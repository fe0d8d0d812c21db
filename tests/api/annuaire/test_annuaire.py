import json
import tarfile
from pathlib import Path

import polars as pl
import pytest

from api.annuaire import chercher, chercher_epci, communes_de
from api.annuaire.reconstruire import reconstruire
from ingest.erreurs import Refus


@pytest.mark.parametrize(
    "texte",
    ["200071827", "200 071 827", "CA du Grand Angoulême", "grand angouleme", "GRANDANGOULÊME", "Grand-Angouleme", "Grand Angoulme"],
)
def test_an_epci_is_found_however_it_is_written(texte: str) -> None:
    assert chercher_epci(texte).siren == "200071827"


def test_an_exact_name_wins_over_longer_ones() -> None:
    assert chercher_epci("Grand Cognac").nom == "CA du Grand Cognac"


def test_an_ambiguous_name_is_answered_by_the_candidates() -> None:
    with pytest.raises(Refus, match=r"Plusieurs EPCI répondent à « vallees » : .*\(\d{9}\).* autres\. Donnez le SIREN"):
        chercher_epci("vallees")


@pytest.mark.parametrize("texte", ["xyzzy", "123456789", ""])
def test_an_unknown_territory_is_refused_with_a_sentence(texte: str) -> None:
    with pytest.raises(Refus, match=r"\.$"):
        chercher_epci(texte)


def test_the_communes_of_grand_angouleme_have_their_numbers() -> None:
    communes = {commune.nom: commune for commune in communes_de("200071827")}
    assert len(communes) == 38
    assert (communes["Touvre"].siren, communes["Touvre"].code_insee, communes["Touvre"].population) == ("211603857", "16385", 1146)


def test_the_search_field_proposes_the_best_first() -> None:
    assert chercher("angoul")[0].nom == "CA du Grand Angoulême"
    assert chercher("  ") == []


def test_the_script_reads_the_package_and_refuses_an_inconsistent_one(tmp_path: Path) -> None:
    def emballer(communes: list[dict[str, object]], membre: str) -> Path:
        epci = [
            {
                "code": "200000001",
                "nom": "CC d'Essai",
                "type": "CC",
                "populationMunicipale": 10,
                "membres": [{"code": membre, "siren": "210000001", "populationMunicipale": 10}],
            }
        ]
        for nom, contenu in (("communes", communes), ("epci", epci)):
            (tmp_path / f"{nom}.json").write_text(json.dumps(contenu))
        with tarfile.open(tmp_path / "paquet.tgz", "w:gz") as archive:
            for nom in ("communes", "epci"):
                archive.add(tmp_path / f"{nom}.json", f"package/data/{nom}.json")
        return tmp_path / "paquet.tgz"

    commune: dict[str, object] = {"code": "2A004", "nom": "Essai", "type": "commune-actuelle", "siren": "210000001", "population": 9}
    ancienne: dict[str, object] = {"code": "01999", "nom": "Ancienne", "type": "commune-deleguee"}
    assert reconstruire(emballer([commune, ancienne], "2A004"), tmp_path) == (1, 1)
    assert pl.read_parquet(tmp_path / "communes.parquet").rows() == [("2A004", "Essai", "210000001", 10, "200000001")]
    with pytest.raises(ValueError, match="01999"):
        reconstruire(emballer([commune, ancienne], "01999"), tmp_path)
