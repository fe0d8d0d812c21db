"""What was answered or published earlier helps the next file of the same membre."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from api.club.modeles import Depot, Membre
from api.maison import Maison, maison_ouverte
from api.services import correspondances, depots, imports, lecture
from api.settings import Settings
from ingest.vocabulaire import BaseTaxe
from tests.api.outils import CLAVIER, ENTETE, FLEAC, MORNAC, ecrire, peupler

MARTIN, AUTRE = "73282932000074", "73282932000116"
"""Two establishments of one firm: a spreadsheet shows both as 7,33E+13."""
SIRET_FLEAC, SIRET_MORNAC = "21160138000010", "21160232100013"


@pytest.fixture
def maison(tmp_path: Path) -> Iterator[Maison]:
    with maison_ouverte(Settings(donnees=tmp_path / "donnees"), creer=True) as ouverte:
        peupler(ouverte)
        yield ouverte


def achat(fournisseur: str, siret: str, libelle: str = "RAMETTE A4") -> str:
    return f"12/03/2025;{fournisseur};{siret};{libelle};10;ramette;3,50;35,00;20"


def lire(maison: Maison, chemin: Path) -> tuple[Depot, pl.DataFrame]:
    depot = lecture.lire(maison, CLAVIER, imports.recevoir(maison, CLAVIER, FLEAC, chemin).id)
    return depot, pl.read_parquet(maison.lignes(depot.id, depot.lecture))


def codes(depot: Depot) -> list[str]:
    return [anomalie["code"] for anomalie in (depot.verdict or {})["anomalies"]]


def test_a_rounded_siret_is_given_back_from_a_former_depot_of_the_membre_and_said(maison: Maison, tmp_path: Path) -> None:
    imports.importer(maison, CLAVIER, FLEAC, ecrire(tmp_path / "a.csv", [achat("PAPETERIE MARTIN SARL", MARTIN)]))
    depot, lignes = lire(maison, ecrire(tmp_path / "b.csv", [achat("Papeterie Martin", "7,33E+13", "GOMME")]))
    assert lignes["fournisseur_siret"].to_list() == [MARTIN]
    assert codes(depot) == ["fournisseur_siret_repare"]
    assert lignes["statut"].to_list() == ["retenue"]


@pytest.mark.parametrize(
    ("connues", "lue"),
    [
        ([achat("PAPETERIE MARTIN", MARTIN), achat("PAPETERIE MARTIN", AUTRE, "STYLO")], achat("PAPETERIE MARTIN", "7,33E+13", "GOMME")),
        ([achat("PAPETERIE MARTIN", MARTIN)], achat("LIBRAIRIE DUPONT", "7,33E+13", "GOMME")),
        ([achat("PAPETERIE MARTIN", MARTIN)], achat("PAPETERIE MARTIN", "7,53E+12", "GOMME")),
        ([achat("PAPETERIE MARTIN", MARTIN)], achat("", "7,33E+13", "GOMME")),
    ],
    ids=["two numbers fit", "another supplier", "no number fits", "no supplier"],
)
def test_a_rounded_siret_that_may_be_another_is_only_said(maison: Maison, tmp_path: Path, connues: list[str], lue: str) -> None:
    imports.importer(maison, CLAVIER, FLEAC, ecrire(tmp_path / "a.csv", connues))
    depot, lignes = lire(maison, ecrire(tmp_path / "b.csv", [lue]))
    assert lignes["fournisseur_siret"].to_list() == [None]
    assert "fournisseur_siret_scientifique" in codes(depot)


def test_what_another_membre_knows_repairs_nothing(maison: Maison, tmp_path: Path) -> None:
    imports.importer(maison, CLAVIER, MORNAC, ecrire(tmp_path / "a.csv", [achat("PAPETERIE MARTIN", MARTIN)]))
    _, lignes = lire(maison, ecrire(tmp_path / "b.csv", [achat("PAPETERIE MARTIN", "7,33E+13")]))
    assert lignes["fournisseur_siret"].to_list() == [None]


def avec_acheteur(chemin: Path, *acheteurs: str) -> Path:
    lignes = [f"{acheteur};{achat('MARTIN', '', f'ARTICLE {rang}')}" for rang, acheteur in enumerate(acheteurs)]
    chemin.write_text("\r\n".join([f"SIRET acheteur;{ENTETE}", *lignes]), encoding="cp1252")
    return chemin


def test_the_one_buyer_behind_a_rounded_number_is_the_membre(maison: Maison, tmp_path: Path) -> None:
    depot, _ = lire(maison, avec_acheteur(tmp_path / "a.csv", "2,12E+13", "2,12E+13"))
    assert codes(depot) == ["membre_siret_repare"]
    assert (depot.verdict or {})["membres_lus"] == [FLEAC]
    with maison.club.ecriture() as session:
        session.get_one(Membre, FLEAC).siret = SIRET_FLEAC
    depot, _ = lire(maison, avec_acheteur(tmp_path / "b.csv", "2,12E+13", "2,12E+13"))
    assert codes(depot) == ["membre_siret_repare"]


@pytest.mark.parametrize("acheteurs", [("2,12E+13", SIRET_FLEAC, SIRET_MORNAC), ("2,12E+13", "2,1160232E+13"), ("3,12E+13", "3,12E+13")])
def test_a_rounded_buyer_that_may_be_a_neighbour_is_only_said(maison: Maison, tmp_path: Path, acheteurs: tuple[str, ...]) -> None:
    depot, _ = lire(maison, avec_acheteur(tmp_path / "a.csv", *acheteurs))
    assert "membre_siret_scientifique" in codes(depot)
    assert "membre_siret_repare" not in codes(depot)


def test_ttc_once_said_stays_ttc_for_the_next_file_of_that_form(maison: Maison, tmp_path: Path) -> None:
    """« PU » beside « PU TTC »: the second column already has the field, so that only the answer says what the first one is."""

    def fichier(nom: str) -> Path:
        chemin = tmp_path / nom
        chemin.write_text("Date;Fournisseur;Désignation;Qté;Montant\n12/03/2025;MARTIN;RAMETTE A4;10;36,00\n", encoding="cp1252")
        return chemin

    depot, _ = lire(maison, fichier("a.csv"))
    (table,) = (depot.verdict or {})["tables"]
    assert [question["code"] for question in (depot.verdict or {})["questions"]] == ["base_taxe"]
    champs = {colonne["entete"]: colonne["champ"] for colonne in table["colonnes"]}
    correspondances.retenir(maison, CLAVIER, FLEAC, table["signature"], champs, base_taxe=BaseTaxe.TTC)
    depot, lignes = lire(maison, fichier("b.csv"))
    assert (depot.verdict or {})["questions"] == []
    assert lignes.select("montant_ht", "montant_ttc").row(0)[1] == 36
    depots.regler(maison, CLAVIER, depot.id, {"base_taxe": "ht"})
    depot = lecture.lire(maison, CLAVIER, depot.id)
    relues = pl.read_parquet(maison.lignes(depot.id, depot.lecture))
    assert relues["montant_ht"].to_list() == [36], "what is said of this very file is stronger"


def test_the_readings_of_many_labels_are_kept_for_the_next_file_and_change_nothing(maison: Maison, tmp_path: Path) -> None:
    achats = [achat("PAPETERIE", MARTIN, f"RAMETTE A4 LOT DE {n}") for n in range(2, 2402)]
    _, lignes = lire(maison, ecrire(tmp_path / "a.csv", achats))
    assert {fichier.name.partition("-")[0] for fichier in maison.lectures.iterdir()} == {"contenus", "familles"}
    _, relues = lire(maison, ecrire(tmp_path / "b.csv", [*achats, achat("PAPETERIE", MARTIN, "GOMME")]))
    assert relues.drop("depot").head(2400).equals(lignes.drop("depot"))
