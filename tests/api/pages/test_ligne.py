"""A line explained from the file to the price: the division itself, what the others pay, its neighbours; its packaging said by a person."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from api.maison import Maison
from api.pages.etapes_ligne import annoncer
from api.services import decisions, imports, membres, observatoire
from ingest.vocabulaire import Role
from tests.api.monde import client, monde
from tests.api.outils import CLAVIER, FLEAC, MORNAC, ecrire

LIGNES = [
    "12/03/2025;PAPETERIE MARTIN;;PAPIER A4 80G BLANC CARTON 5 RAMETTES 500 FEUILLES;2;carton;20,00;40,00;20",
    "12/03/2025;GROSVIVRES;;SUCRE EN POUDRE CARTON;3;carton;9,00;27,00;5,5",
    "12/03/2025;GROSVIVRES;;PORT ET EMBALLAGE;1;unité;6,90;6,90;20",
]


@pytest.fixture(scope="module")
def maison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maison]:
    """The small club, where Fléac opens its lines and buys by the carton, one of which does not say what it holds."""
    dossier = tmp_path_factory.mktemp("ligne")
    with monde(dossier) as ouverte:
        membres.partager_lignes(ouverte, CLAVIER, FLEAC, partagees=True)
        imports.importer(ouverte, CLAVIER, FLEAC, ecrire(dossier / "cartons.csv", LIGNES))
        observatoire.construire(ouverte)
        yield ouverte


@pytest.fixture
def animatrice(maison: Maison) -> Iterator[TestClient]:
    yield client(maison, Role.ANIMATRICE)
    for decision in decisions.lister(maison, CLAVIER):
        decisions.annuler(maison, CLAVIER, decision.id)
    observatoire.construire(maison)


def adresse(maison: Maison, libelle: str) -> str:
    with observatoire.lecture(maison) as curseur:
        ((depot, numero),) = curseur.sql(
            "SELECT depot, ligne FROM lignes WHERE starts_with(libelle, $libelle) AND membre = $membre LIMIT 1",
            params={"libelle": libelle, "membre": FLEAC},
        ).fetchall()
    return f"/lignes/{depot}/{numero}"


def lire(entre: TestClient, adresse: str) -> tuple[str, dict[str, str]]:
    """The first line and the steps, in plain spaces."""
    reponse = entre.get(adresse)
    assert reponse.status_code == 200, (adresse, reponse.status_code)
    page = BeautifulSoup(reponse.text.replace("\u00a0", " ").replace("\u202f", " "), "html.parser")
    etapes = dict(zip((dt.text for dt in page.select("dt")), (dd.text for dd in page.select("dd")), strict=True))
    return page.select_one(".chapeau").text, etapes  # type: ignore[union-attr]


def test_the_division_is_written_down_and_set_beside_the_others(maison: Maison, animatrice: TestClient) -> None:
    phrase, etapes = lire(animatrice, adresse(maison, "PAPIER A4 80G BLANC CARTON"))
    assert phrase == "Cette ligne compte pour 4,00 € HT par ramette de 500."
    assert etapes["Conditionnement"].endswith("= 2 500 feuilles ; en tout 5 000 feuilles")
    assert etapes["Prix comparé"] == "40,00 € ÷ 5 000 feuilles = 0,00800 € HT par feuille, soit 4,00 € HT par ramette de 500"
    assert etapes["Les autres"].startswith("médiane de 6 membres : ")


def test_a_fee_has_no_packaging_to_speak_of(maison: Maison, animatrice: TestClient) -> None:
    phrase, etapes = lire(animatrice, adresse(maison, "PORT ET EMBALLAGE"))
    assert "un port, une remise" in phrase
    assert "Conditionnement" not in etapes
    assert "Prix comparé" not in etapes


def test_a_credit_note_says_that_it_is_one() -> None:
    lue = {"motif_hors_prix": None, "nature": "avoir", "prix_unitaire_reference_ht": Decimal(2), "unite_reference": "kg", "famille": "RE08"}
    assert annoncer(lue).startswith("Cet avoir, à 2,00")
    assert "en déduction" in annoncer(lue)


def test_what_a_carton_holds_is_said_by_a_person_then_taken_back(maison: Maison, animatrice: TestClient) -> None:
    chemin = adresse(maison, "SUCRE EN POUDRE")
    phrase, _ = lire(animatrice, chemin)
    assert "à préciser" in phrase
    reponse = animatrice.post(chemin, data={"contenu": "7,5", "unite": "kg", "motif": "lu sur le carton"})
    assert reponse.status_code == 200
    observatoire.construire(maison)
    phrase, etapes = lire(animatrice, chemin)
    assert etapes["Prix comparé"] == "27,00 € ÷ 22,50 kg = 1,20 € HT par kg"
    (decision,) = decisions.lister(maison, CLAVIER)
    decisions.annuler(maison, CLAVIER, decision.id)
    observatoire.construire(maison)
    assert "à préciser" in lire(animatrice, chemin)[0]


@pytest.mark.parametrize("champs", [{"contenu": "zéro", "unite": "kg"}, {"contenu": "-2", "unite": "kg"}, {"contenu": "2", "unite": "kWh"}])
def test_a_packaging_that_makes_no_sense_is_refused(maison: Maison, animatrice: TestClient, champs: dict[str, str]) -> None:
    assert animatrice.post(adresse(maison, "SUCRE EN POUDRE"), data={**champs, "motif": "x"}).status_code == 422
    assert decisions.lister(maison, CLAVIER) == []


def test_one_goes_from_a_line_to_its_article_its_famille_and_its_group(maison: Maison, animatrice: TestClient) -> None:
    page = BeautifulSoup(animatrice.get(adresse(maison, "PAPIER A4 80G BLANC CARTON")).text, "html.parser")
    liens = [str(lien["href"]) for lien in page.select("main a")]
    (corriger,) = [lien for lien in liens if "/corriger?cle=" in lien]
    assert BeautifulSoup(animatrice.get(corriger).text, "html.parser").select_one("input[name=cles][checked]") is not None
    (groupe,) = [lien for lien in liens if lien.startswith("/classer?")]
    assert "1 ligne de 1 libellé" in animatrice.get(groupe).text.replace("\u00a0", " ")


def test_who_may_not_arbitrate_reads_the_explanation_and_nothing_else(maison: Maison) -> None:
    membres.partager_lignes(maison, CLAVIER, MORNAC, partagees=False)
    entre = client(maison, Role.SECRETAIRE)
    assert entre.get(adresse(maison, "SUCRE EN POUDRE")).status_code == 404
    page = BeautifulSoup(entre.get("/lignes/D0006/2").text, "html.parser")
    assert page.select("main form") == []
    assert page.select("dt")
