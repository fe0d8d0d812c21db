"""What a commune reads of its prices: the answer in words, exact on a world whose figures are known."""

import re

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from tests.api.monde import PAPIER, RARE


def soupe(client: TestClient, adresse: str) -> BeautifulSoup:
    reponse = client.get(adresse)
    assert reponse.status_code == 200, (adresse, reponse.text[-600:])
    return BeautifulSoup(reponse.text, "html.parser")


def texte(noeud: object) -> str:
    return re.sub(r"\s+", " ", getattr(noeud, "text", "")).strip()


def adresse_de(client: TestClient, libelle: str) -> str:
    for page in ("/observatoire?periode=2025", "/observatoire?periode=ensemble"):
        for lien in soupe(client, page).select("tbody th a"):
            if set(libelle.lower().split()[:2]) <= set(lien.text.lower().split()):
                return str(lien["href"])
    raise AssertionError(f"no article like {libelle}")


def test_the_first_line_says_what_could_be_saved(secretaire: TestClient) -> None:
    page = soupe(secretaire, "/observatoire?periode=2025")
    # 60 reams a month at 6 € against a first quartile of 3,625 €: 720 × 2,375 = 1 710 €
    assert "Vous payez plus que le premier quartile pour 1 article sur 1 comparable" in texte(page.select_one(".chapeau"))
    assert "environ 1 700 € par an" in texte(page.select_one(".chapeau"))


def test_an_article_is_told_in_the_unit_people_order(secretaire: TestClient) -> None:
    page = soupe(secretaire, adresse_de(secretaire, PAPIER))
    assert texte(page.select_one(".chapeau")).startswith(
        "Vous payez 6,00 € HT par ramette de 500 ; la moitié des 6 membres paie moins de 4,25"
    )
    assert "premier quartile (3,6" in texte(page.select_one(".suite"))
    assert "environ 1 700 € par an sur vos 720 ramettes de 500 par an" in texte(page.select_one(".suite"))


def test_the_drawing_has_words_and_a_table(secretaire: TestClient) -> None:
    page = soupe(secretaire, adresse_de(secretaire, PAPIER))
    dessin = page.select_one("figure.dessin svg[role=img]")
    assert dessin is not None
    assert "vous payez 6,00" in texte(dessin.select_one("desc"))
    rangs = {texte(rang.th): texte(rang.td) for rang in page.select("figure.dessin table tbody tr") if rang.th and rang.td}
    assert rangs["votre prix"] == "6,00 €"
    assert rangs["médiane"] == "4,25 €"
    assert "maximum" not in rangs  # not with six membres


def test_who_pays_the_least_is_promised_nothing(angouleme: TestClient) -> None:
    page = soupe(angouleme, adresse_de(angouleme, PAPIER))
    assert "rien à gagner" in texte(page.select_one(".suite"))


def test_below_the_floor_there_is_a_sentence_and_no_figure(angouleme: TestClient) -> None:
    page = soupe(angouleme, adresse_de(angouleme, RARE))
    assert "pas assez de membres (2 sur 3 requis)" in texte(page.select_one(".chapeau"))
    assert page.select_one("#repartition-t") is None
    assert len(page.select("#vos-lignes ~ details tbody tr")) == 1, "her own line stays visible"


def test_only_her_own_lines_are_listed(secretaire: TestClient) -> None:
    page = soupe(secretaire, adresse_de(secretaire, PAPIER))
    assert {texte(rang.select("td")[1]) for rang in page.select("#vos-lignes ~ details tbody tr")} == {"Touvre"}


def test_a_line_explains_its_price(secretaire: TestClient) -> None:
    page = soupe(secretaire, adresse_de(secretaire, PAPIER))
    lien = page.select_one("#vos-lignes ~ details tbody a")
    assert lien is not None
    explication = soupe(secretaire, str(lien["href"]))
    assert texte(explication.select_one(".chapeau")) == "Cette ligne compte pour 6,00 € HT par ramette de 500."
    etapes = [texte(dt) for dt in explication.select("dl.faits dt")]
    assert etapes == ["Lue dans", "Date", "Fournisseur", "Achat", "Famille", "Conditionnement", "Prix comparé", "Les autres", "Article"]


def test_the_lines_of_others_are_not_explained(secretaire: TestClient) -> None:
    assert secretaire.get("/lignes/D0001/2").status_code == 404


def test_filters_live_in_the_address_and_survive_the_form(secretaire: TestClient) -> None:
    page = soupe(secretaire, "/observatoire?recherche=papier&periode=2024&tri=libelle")
    assert page.select_one("#recherche[value=papier]") is not None
    assert texte(page.select_one("#periode option[selected]")) == "année 2024"
    assert soupe(secretaire, "/observatoire?recherche=introuvable").select_one(".vide") is not None


def test_an_unknown_order_is_refused_not_ignored(secretaire: TestClient) -> None:
    assert secretaire.get("/observatoire?tri=prix").status_code == 422


def test_an_unknown_article_is_not_found(secretaire: TestClient) -> None:
    assert secretaire.get("/observatoire/articles/XX99-00000000").status_code == 404


@pytest.mark.parametrize("forme", ["xlsx", "csv", "parquet"])
def test_figures_leave_in_a_file(secretaire: TestClient, forme: str) -> None:
    reponse = secretaire.get(f"/exports/observatoire.{forme}")
    assert reponse.status_code == 200
    assert f"observatoire.{forme}" in reponse.headers["content-disposition"]


def test_lines_without_a_famille_have_their_page_too(secretaire: TestClient) -> None:
    page = soupe(secretaire, "/observatoire/familles/A_CLASSER")
    assert texte(page.select_one("h1")) == "À classer"
    assert secretaire.get("/observatoire/familles/ZZ99").status_code == 404
