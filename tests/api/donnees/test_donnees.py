"""The JSON says what the pages say: same figures, same rights, same reasons; and its description is true."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from fastapi.testclient import TestClient

from analytics import prix
from api.maison import Maison
from api.services import observatoire
from ingest.vocabulaire import Role
from tests.api.monde import client, monde
from tests.api.outils import ANGOULEME, CLAVIER, TOUVRE, secretaire

SUJETS = ("membres", "depots", "articles", "familles", "observatoire", "besoins", "opportunites", "groupements")


@pytest.fixture(scope="module")
def maison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maison]:
    with monde(tmp_path_factory.mktemp("donnees")) as ouverte:
        yield ouverte


@pytest.fixture(scope="module")
def touvre(maison: Maison) -> TestClient:
    return client(maison, Role.SECRETAIRE)


def lire(entre: TestClient, adresse: str) -> Any:
    reponse = entre.get(f"/api/v1/{adresse}")
    assert reponse.status_code == 200, reponse.text
    return json.loads(reponse.text, parse_float=_refuser)


def _refuser(texte: str) -> float:
    raise AssertionError(f"a float would be rounded by who reads it: {texte}")


def chiffres(noeud: Any) -> Iterator[dict[str, Any]]:
    if isinstance(noeud, dict):
        if "motif_absence" in noeud and "valeur" in noeud:
            yield noeud
        for valeur in noeud.values():
            yield from chiffres(valeur)
    elif isinstance(noeud, list):
        for valeur in noeud:
            yield from chiffres(valeur)


@pytest.mark.parametrize("sujet", SUJETS)
def test_every_subject_answers(touvre: TestClient, sujet: str) -> None:
    lu = lire(touvre, sujet)
    assert lu or sujet == "groupements"


@pytest.mark.parametrize("sujet", SUJETS)
def test_a_figure_has_its_unit_and_n_or_its_reason(touvre: TestClient, sujet: str) -> None:
    for chiffre in chiffres(lire(touvre, sujet)):
        assert (chiffre["valeur"] is None) != (chiffre["motif_absence"] is None)
        assert chiffre["unite"]
        assert chiffre["methode"]


def test_a_famille_gives_the_level_of_its_prices_or_why_not(touvre: TestClient) -> None:
    lu = lire(touvre, "familles/AD01?periode=2025")
    assert lu["lignes"]["nb_lignes"] == sum(lu["lignes"][f"nb_{quoi}"] for quoi in ("prix", "approx", "aberrantes", "autres"))
    assert lu["niveau"]["mediane"]["motif_absence"] == "pas assez d'articles comparables (1 sur 3 requis)"
    for chiffre in chiffres(lu):
        assert (chiffre["valeur"] is None) != (chiffre["motif_absence"] is None)
    assert touvre.get("/api/v1/familles/ZZ99").status_code == 404


def test_positions_are_those_of_analytics(maison: Maison, touvre: TestClient) -> None:
    lu = lire(touvre, "observatoire?periode=2025")
    with observatoire.lecture(maison) as curseur:
        attendues = prix.positions(curseur, "2025", secretaire(TOUVRE).portee())
    assert {position["article_id"]: position["prix_unitaire_ht"]["valeur"] for position in lu["positions"]} == {
        position.article_id: str(position.prix_unitaire_ht.valeur) for position in attendues.lignes
    }
    assert lu["total_q1_an"] == str(attendues.total_q1_an) == "1700"


def test_an_article_gives_only_the_lines_one_may_read(touvre: TestClient) -> None:
    (article,) = (lu for lu in lire(touvre, "articles")["articles"] if lu["nb_membres"] == 6)
    fiche = lire(touvre, f"articles/{article['article_id']}?periode=2025")
    assert {ligne["membre"] for ligne in fiche["lignes"]} == {TOUVRE}
    ensemble = next(repartition for repartition in fiche["repartitions"] if repartition["periode"] == "2025")
    assert Decimal(ensemble["mediane"]["valeur"]) == Decimal("0.0085")
    assert ensemble["minimum"]["motif_absence"] == "pas assez de membres pour ce détail (6 sur 10 requis)"


def test_refusals_are_french_sentences(maison: Maison, touvre: TestClient) -> None:
    inconnu = TestClient(touvre.app)
    assert inconnu.get("/api/v1/articles").status_code == 401
    for adresse, statut in (
        (f"besoins?membre={ANGOULEME}", 404),
        ("depots/D0001", 404),
        ("articles/XX", 404),
        ("opportunites?duree=0", 422),
        ("rien", 404),
    ):
        reponse = touvre.get(f"/api/v1/{adresse}")
        assert reponse.status_code == statut, adresse
        assert re.match(r"[A-ZÀÉ].*\.$", reponse.json()["detail"], re.DOTALL), reponse.text
    assert client(maison, Role.ADMINISTRATEUR).get("/api/v1/articles").status_code == 403


def test_the_description_lists_every_address_and_no_page(touvre: TestClient) -> None:
    decrits = lire(touvre, "openapi.json")["paths"]
    assert {f"/api/v1/{sujet}" for sujet in SUJETS} <= set(decrits)
    assert all(adresse.startswith("/api/v1/") for adresse in decrits)
    assert all(operation["summary"] for chemins in decrits.values() for operation in chemins.values())


def test_who_types_on_the_machine_reads_what_the_rules_hide(maison: Maison) -> None:
    with observatoire.lecture(maison) as curseur:
        exact = prix.lister_articles(curseur, CLAVIER.portee(), periode="2025")
    (papier,) = (article for article in exact.articles if article.nb_membres == 6)
    assert papier.distribution is not None
    assert papier.distribution.minimum.valeur is not None
