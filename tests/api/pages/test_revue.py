"""The review queue: asked once, answered by one key, undone by one click."""

from collections.abc import Iterator

import duckdb
import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from api.maison import Maison
from api.pages.revue import annoncer, couper, reperer, suivre
from api.services import decisions, membres
from ingest.vocabulaire import Role
from tests.api.monde import client, monde
from tests.api.outils import CLAVIER, FLEAC


@pytest.fixture(scope="module")
def maison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maison]:
    """The small club, with two questions put in its queue as a build would."""
    with monde(tmp_path_factory.mktemp("revue")) as ouverte:
        with duckdb.connect(str(ouverte.observatoire)) as base:
            (article,) = base.execute("SELECT article_id FROM articles WHERE nb_membres = 6").fetchall()[0]
            base.execute("DELETE FROM questions_articles")
            for rang, (cle, avec) in enumerate(
                (("AD01 papier blanc", "AD01 papier recycle"), ("AD01 papier a3", "AD01 papier a4")), start=1
            ):
                base.execute(
                    "INSERT INTO questions_articles (rang, cle, libelle, article_id, avec, avec_libelle, avec_article_id, score, "
                    "nb_lignes, montant_ht, differences) VALUES (?, ?, ?, ?, ?, ?, ?, 0.5, 3, 1000, ['recyclé : oui'])",
                    [rang, cle, "PAPIER BLANC 80G", article, avec, "Papier recyclé 80g", article],
                )
        yield ouverte


@pytest.fixture
def animatrice(maison: Maison) -> Iterator[TestClient]:
    yield client(maison, Role.ANIMATRICE)
    for decision in decisions.lister(maison, CLAVIER):
        decisions.annuler(maison, CLAVIER, decision.id)


def page(entre: TestClient, adresse: str = "/revue") -> BeautifulSoup:
    return BeautifulSoup(entre.get(adresse).text, "html.parser")


def repondre(entre: TestClient, lue: BeautifulSoup, reponse: str) -> BeautifulSoup:
    champs = {str(champ["name"]): str(champ["value"]) for champ in lue.select("form[action='/revue'] input")}
    return BeautifulSoup(entre.post("/revue", data={**champs, "reponse": reponse}).text, "html.parser")


def cle(lue: BeautifulSoup) -> str | None:
    champ = lue.select_one("input[name=cle]")
    return str(champ["value"]) if champ else None


def test_differences_are_marked_and_every_answer_has_its_key(animatrice: TestClient) -> None:
    lue = page(animatrice)
    assert lue.select_one(".chapeau") is not None
    assert [marque.text for marque in lue.select(".face mark")] == ["BLANC", "recyclé"]
    assert [bouton["data-touche"] for bouton in lue.select("form[action='/revue'] button")] == ["m", "d", "p"]


def test_an_answer_is_kept_and_its_question_not_asked_again(maison: Maison, animatrice: TestClient) -> None:
    premiere = page(animatrice)
    suivante = repondre(animatrice, premiere, "different")
    assert cle(suivante) not in (None, cle(premiere))
    (prise,) = decisions.lister(maison, CLAVIER)
    assert (prise.sujet, prise.cle, prise.par) == ("article_different", cle(premiere), "animatrice@essai.fr")
    assert cle(repondre(animatrice, suivante, "meme")) is None
    assert "Plus aucune question" in page(animatrice).select_one(".chapeau").text  # type: ignore[union-attr]


def test_an_answer_is_undone(animatrice: TestClient) -> None:
    premiere = page(animatrice)
    repondre(animatrice, premiere, "meme")
    numero = str(page(animatrice).select_one("input[name=identifiant]")["value"])  # type: ignore[index]
    animatrice.post("/decisions/annuler", data={"identifiant": numero, "retour": "/revue"})
    assert cle(page(animatrice)) == cle(premiere)


def test_later_goes_to_the_next_and_keeps_nothing(maison: Maison, animatrice: TestClient) -> None:
    premiere = page(animatrice)
    assert cle(repondre(animatrice, premiere, "plus-tard")) not in (None, cle(premiere))
    assert decisions.lister(maison, CLAVIER) == []


def test_a_question_that_is_not_asked_cannot_be_answered(animatrice: TestClient) -> None:
    reponse = animatrice.post("/revue", data={"cle": "x", "avec": "y", "rang": "1", "reponse": "meme"})
    assert reponse.status_code == 404


def test_a_price_set_aside_is_told_with_its_reason_and_undone(maison: Maison, animatrice: TestClient) -> None:
    membres.partager_lignes(maison, CLAVIER, FLEAC, partagees=True)
    reponse = animatrice.post("/lignes/D0003/2", data={"compter": "false", "motif": "prix d’un lot abîmé"})
    assert reponse.status_code == 200, reponse.text[-500:]
    (prise,) = decisions.lister(maison, CLAVIER)
    assert (prise.sujet, prise.motif) == ("prix_exclure", "prix d’un lot abîmé")
    lue = page(animatrice)
    assert "prix d’une ligne écarté : prix d’un lot abîmé" in lue.get_text()
    assert client(maison, Role.SECRETAIRE).post("/lignes/D0003/2", data={"compter": "false"}).status_code == 403
    assert animatrice.post("/lignes/D0003/2", data={"famille": "ZZ99"}).status_code == 404
    membres.partager_lignes(maison, CLAVIER, FLEAC, partagees=False)
    assert client(maison, Role.ANIMATRICE).post("/lignes/D0003/2", data={"compter": "true"}).status_code == 404


def test_only_the_club_arbitrates(maison: Maison) -> None:
    assert client(maison, Role.SECRETAIRE).get("/revue").status_code == 403


def test_words_are_compared_without_accents_nor_capitals() -> None:
    assert couper("Papier RECYCLÉ A4", "papier recycle a3") == (("Papier", False), ("RECYCLÉ", False), ("A4", True))


def test_an_empty_queue_says_so() -> None:
    assert annoncer([]).startswith("Plus aucune question")


def test_a_question_put_off_is_found_again_whatever_its_rank(animatrice: TestClient) -> None:
    premiere = page(animatrice)
    seconde = repondre(animatrice, premiere, "plus-tard")
    assert suivre([{"cle": "b", "avec": "a"}, {"cle": "c", "avec": "d"}], reperer("a", "b")) == [{"cle": "c", "avec": "d"}]
    assert len(suivre([{"cle": "c", "avec": "d"}], reperer("a", "b"))) == 1
    fin = repondre(animatrice, seconde, "different")
    assert cle(fin) is None
    assert fin.select_one("a[href='/revue']:-soup-contains('Les reprendre')") is not None
    assert "Le club en a déjà tranché 1" in fin.select_one(".chapeau").text.replace("\u00a0", " ")  # type: ignore[union-attr]
