"""One journey for each person of the club: what she comes for, from the first page, in few clicks; each page wide, on a phone and on paper.

`MERCURIALE_VUES=folder` keeps the pictures of what was seen, to be looked at.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ingest.vocabulaire import Role
from tests.api.monde import PAPIER
from tests.api.outils import ecrire, ligne
from tests.parcours.conftest import se_connecter

pytestmark = pytest.mark.navigateur

LARGE, TELEPHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
DEBORDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
MOTS_DE_MACHINE = re.compile(r"\b(encodage|encoding|UUID|null|None|NaN|parse|undefined|SQL|JSON)\b")


def regarder(page: Page, nom: str) -> None:
    """Nothing spills out of the page at 1280 px, on a phone nor on paper; on paper the menus are gone; no word of a machine."""
    assert not MOTS_DE_MACHINE.search(page.locator("main").inner_text())
    for vue, taille, papier in (("large", LARGE, False), ("telephone", TELEPHONE, False), ("papier", LARGE, True)):
        page.set_viewport_size(taille)
        page.emulate_media(media="print" if papier else "screen")
        assert not page.evaluate(DEBORDE), f"{nom}, {vue}"
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        if papier:
            expect(page.get_by_role("navigation").first).to_be_hidden()
        if dossier := os.environ.get("MERCURIALE_VUES"):
            page.screenshot(path=Path(dossier) / f"{nom}-{vue}.png", full_page=True)
    page.emulate_media(media="screen")
    page.set_viewport_size(LARGE)


def test_the_secretaire_drops_corrects_sees_where_she_stands_and_leaves_with_her_page(page: Page, tmp_path: Path) -> None:
    se_connecter(page, f"{Role.SECRETAIRE}@essai.fr")
    regarder(page, "secretaire-accueil")
    page.get_by_role("button", name="Déposer mes achats").click()
    lignes = [ligne("03/11/2025", PAPIER, 30, "6,00"), ligne("04/11/2025", PAPIER, 10, "6,00").replace(";10;", ";1O;")]
    page.get_by_label("Déposez vos fichiers ici").set_input_files(ecrire(tmp_path / "novembre.csv", lignes))
    page.get_by_role("button", name="Déposer ces fichiers").click()
    page.wait_for_url(re.compile(r"/depots/D\d+$"))
    expect(page.locator(".chapeau")).to_have_text("2 lignes lues : 1 à créer et 1 à corriger.")
    regarder(page, "secretaire-verdict")
    page.get_by_role("button", name="Corriger cette ligne").click()
    regarder(page, "secretaire-a-corriger")
    page.locator("input[value='1O']").fill("10")
    page.get_by_role("button", name="Relire avec ces corrections").click()
    page.wait_for_url(re.compile(r"fait=correction-prise"))
    page.get_by_role("button", name="Enregistrer les 2 lignes").click()
    page.get_by_role("link", name="Observatoire").first.click()
    expect(page.locator(".chapeau")).to_contain_text("Vous payez plus que le premier quartile")
    regarder(page, "secretaire-observatoire")
    page.locator("tbody a").first.click()
    expect(page.locator("#vos-lignes")).to_have_text("Vos lignes")
    expect(page.locator("main")).not_to_contain_text("Angoulême")
    regarder(page, "secretaire-article")
    page.get_by_role("link", name="Besoins").first.click()
    regarder(page, "secretaire-besoins")
    page.get_by_role("link", name="Observatoire").first.click()
    with page.expect_download() as telechargement:
        page.get_by_role("link", name="Notre fiche d’une page (PDF)").click()
    assert telechargement.value.suggested_filename.endswith(".pdf")


def test_the_elu_reads_in_two_clicks_what_it_would_bring_us_and_changes_nothing(page: Page) -> None:
    se_connecter(page, f"{Role.ELU}@essai.fr")
    regarder(page, "elu-accueil")
    page.get_by_role("button", name="Voir ce que nous gagnerions à acheter ensemble").click()
    regarder(page, "elu-opportunites")
    page.locator("main tbody a").first.click()
    expect(page.locator("main")).to_contain_text("Touvre")
    expect(page.get_by_role("button", name="Former le groupement")).to_have_count(0)
    regarder(page, "elu-opportunite")
    page.goto("/depots")
    expect(page.get_by_role("button", name="Déposer ces fichiers")).to_have_count(0)


def test_the_animatrice_sees_who_sent_what_arbitrates_and_goes_from_an_opportunite_to_the_acts(page: Page) -> None:
    se_connecter(page, f"{Role.ANIMATRICE}@essai.fr")
    expect(page.locator("main")).to_contain_text("6 membres sur 6 ont déposé des achats")
    regarder(page, "animatrice-accueil")
    page.get_by_role("link", name="Membres").first.click()
    for commune in ("Angoulême", "Touvre", "Mornac"):
        expect(page.locator("main")).to_contain_text(commune)
    regarder(page, "animatrice-membres")
    page.goto("/revue")
    regarder(page, "animatrice-revue")
    page.get_by_role("link", name="Opportunités").first.click()
    page.locator("main tbody a").first.click()
    regarder(page, "animatrice-opportunite")
    page.get_by_role("button", name="Former le groupement").click()
    page.wait_for_url(re.compile(r"/groupements/G1"))
    page.get_by_role("button", name=re.compile("^Rédiger.*[Cc]onvention")).click()
    expect(page.get_by_role("link", name=re.compile("docx", re.IGNORECASE)).first).to_be_visible()
    regarder(page, "animatrice-groupement")
    page.goto("/methode")
    expect(page.locator("main")).to_contain_text("Hyndman")
    regarder(page, "animatrice-methode")


def test_the_administrateur_keeps_the_accounts_and_reads_no_price(page: Page) -> None:
    se_connecter(page, f"{Role.ADMINISTRATEUR}@essai.fr")
    regarder(page, "administrateur-accueil")
    page.get_by_role("button", name="Tenir les membres et les comptes").click()
    regarder(page, "administrateur-membres")
    for adresse in ("/observatoire", "/besoins", "/opportunites", "/depots"):
        reponse = page.request.get(adresse)
        assert reponse.status == 403, adresse
        assert "€" not in reponse.text()
