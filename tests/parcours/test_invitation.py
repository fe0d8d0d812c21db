import pytest
from playwright.sync_api import Page, expect

from ingest.vocabulaire import Role
from tests.parcours.conftest import se_connecter

pytestmark = pytest.mark.navigateur

PHRASE = "une phrase que je choisis"


def test_somebody_is_invited_by_an_address_whose_code_never_leaves_her_browser(page: Page) -> None:
    se_connecter(page, f"{Role.ANIMATRICE}@essai.fr")
    page.goto("/comptes")
    page.get_by_label("Nom ou fonction").fill("Mairie de Linars")
    page.get_by_label("Adresse électronique").fill("mairie@linars.fr")
    page.get_by_label("Pour quel membre").select_option(label="Linars")
    page.get_by_role("button", name="Ouvrir le compte").click()
    adresse = page.get_by_label("Adresse à remettre").input_value()
    page.get_by_role("button", name="Se déconnecter").click()

    demandees: list[str] = []
    page.on("request", lambda requete: demandees.append(requete.url))
    page.goto(adresse)
    code = adresse.partition("#")[2]
    expect(page.get_by_label("Code de l’invitation")).to_have_value(code)
    assert page.url.endswith("/invitation"), "the code is out of the history of the browser"
    assert demandees
    assert not [url for url in demandees if code in url.partition("#")[0]]
    page.get_by_label("Nouveau mot de passe").fill(PHRASE)
    page.get_by_label("Le même, pour vérifier").fill(PHRASE)
    page.get_by_role("button", name="Choisir ce mot de passe et entrer").click()
    expect(page.get_by_role("status")).to_contain_text("Bienvenue")
    expect(page.locator("header")).to_contain_text("Linars")
