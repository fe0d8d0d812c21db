"""Whatever goes wrong: the same French sentence on a page and in JSON, never a trace, never a way out of this site."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import EN_TETES, create_app
from api.erreurs import PHRASES, installer_erreurs
from api.gabarits import typographier
from api.maison import Maison, maison_ouverte
from api.pages.connexion import suite_sure
from api.porte import AccesRefuse, Introuvable
from api.settings import Settings
from ingest.erreurs import FichierRefuse, Refus

NOUS = {"sec-fetch-site": "same-origin"}


@pytest.fixture(scope="module")
def maison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maison]:
    with maison_ouverte(Settings(donnees=tmp_path_factory.mktemp("erreurs"), taille_max_fichier=1000), creer=True) as ouverte:
        yield ouverte


@pytest.fixture(scope="module")
def app(maison: Maison) -> FastAPI:
    return create_app(maison.settings, maison)


@pytest.fixture
def visiteur(app: FastAPI) -> TestClient:
    return TestClient(app, headers=NOUS, raise_server_exceptions=False)


def sentence(texte: str) -> str:
    principal = BeautifulSoup(texte, "html.parser").select_one("main .message.erreur p")
    assert principal is not None
    # the page prints the sentence as French typography wants it
    return principal.get_text().replace("\u00a0", " ").replace("’", "'")


def test_an_unknown_address_says_the_same_thing_on_a_page_and_in_json(visiteur: TestClient) -> None:
    page, donnee = visiteur.get("/nulle-part", headers={"accept": "text/html"}), visiteur.get("/api/v1/nulle-part")
    assert (page.status_code, donnee.status_code) == (404, 404)
    assert sentence(page.text) == donnee.json()["detail"] == PHRASES[404]


def test_who_is_not_signed_in_goes_to_the_door_and_comes_back(visiteur: TestClient) -> None:
    reponse = visiteur.get("/observatoire?page=2", headers={"accept": "text/html"}, follow_redirects=False)
    assert (reponse.status_code, reponse.headers["location"]) == (303, "/connexion?suite=%2Fobservatoire%3Fpage%3D2")
    assert visiteur.get("/api/v1/membres").status_code == 401


def test_a_form_too_large_is_refused_in_words(visiteur: TestClient) -> None:
    reponse = visiteur.post("/connexion", data={"email": "a" * 2_000_000}, headers={"accept": "text/html"})
    assert (reponse.status_code, sentence(reponse.text)) == (413, PHRASES[413])
    assert {nom: reponse.headers.get(nom) for nom in EN_TETES} == EN_TETES


def test_a_form_that_hides_its_length_is_refused_too(visiteur: TestClient) -> None:
    morceaux = (b"email=" + b"a" * 100_000 for _ in range(30))
    en_tetes = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    reponse = visiteur.post("/connexion", content=morceaux, headers=en_tetes)
    assert (reponse.status_code, reponse.json()) == (413, {"detail": PHRASES[413]})


def test_a_value_of_the_wrong_shape_is_refused_in_words(visiteur: TestClient) -> None:
    reponse = visiteur.post("/connexion", data={"email": "a" * 500}, headers={"accept": "text/html"})
    assert (reponse.status_code, sentence(reponse.text)) == (422, PHRASES[422])


@pytest.mark.parametrize("adresse", ["/", "/connexion", "/nulle-part", "/static/mercuriale.css", "/api/v1/membres", "/sante"])
def test_every_answer_carries_the_security_headers(visiteur: TestClient, adresse: str) -> None:
    recus = visiteur.get(adresse, follow_redirects=False).headers
    assert {nom: recus.get(nom) for nom in EN_TETES} == EN_TETES
    assert recus["cache-control"] == ("public, max-age=86400" if adresse.startswith("/static/") else "private, no-store")


@pytest.mark.parametrize(
    ("refus", "statut"), [(Refus("Non."), 422), (FichierRefuse("Non."), 422), (Introuvable("Non."), 404), (AccesRefuse("Non."), 403)]
)
def test_a_refusal_keeps_its_sentence(refus: Refus, statut: int) -> None:
    reponse = _raising(refus).get("/api/essai")
    assert (reponse.status_code, reponse.json()) == (statut, {"detail": "Non."})


def test_a_programmer_s_mistake_tells_nothing_of_the_inside() -> None:
    reponse = _raising(ZeroDivisionError("table secrète")).get("/api/essai")
    assert (reponse.status_code, reponse.json()) == (500, {"detail": PHRASES[500]})


@pytest.mark.parametrize(
    "suite",
    [
        "https://ailleurs.fr",
        "//ailleurs.fr",
        "/\\ailleurs.fr",
        "\\\\ailleurs.fr",
        "javascript:alert(1)",
        "",
        "/a\r\nSet-Cookie: x",
        "/\t/ailleurs.fr",
    ],
)
def test_nobody_is_sent_to_another_site_after_signing_in(suite: str) -> None:
    assert suite_sure(suite) == "/"


@pytest.mark.parametrize("suite", ["/", "/depots/D0001?page=2", "/observatoire?recherche=a%20b"])
def test_one_goes_back_where_one_was_going(suite: str) -> None:
    assert suite_sure(suite) == suite


@pytest.mark.parametrize(
    ("ecrit", "compose"),
    [
        ("Que faire ?", "Que faire\u00a0?"),
        ("« ramette » : 3", "«\u00a0ramette\u00a0»\u00a0: 3"),
        ("Attention !", "Attention\u00a0!"),
        ("l'export d'un fichier", "l’export d’un fichier"),
        ("déjà\u00a0: composé", "déjà\u00a0: composé"),
        ("https://exemple.fr/a?b=c;d", "https://exemple.fr/a?b=c;d"),
    ],
)
def test_french_signs_keep_to_their_word(ecrit: str, compose: str) -> None:
    assert typographier(ecrit) == compose


def _raising(erreur: Exception) -> TestClient:
    app = FastAPI()
    installer_erreurs(app)

    @app.get("/api/essai")
    def essai() -> None:
        raise erreur

    return TestClient(app, raise_server_exceptions=False)


def test_a_page_that_failed_is_written_down(app: FastAPI, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    client = _raising(ZeroDivisionError("le détail"))
    with caplog.at_level("ERROR", logger="mercuriale"):
        client.get("/api/essai?jeton=secret")
    assert any("/api/essai" in enregistrement.getMessage() for enregistrement in caplog.records)
    assert "secret" not in caplog.text
