import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ingest.vocabulaire import Role
from tests.api.monde import PAPIER
from tests.api.outils import ecrire, ligne
from tests.parcours.conftest import se_connecter

pytestmark = pytest.mark.navigateur


def deposer(page: Page, fichier: Path) -> None:
    page.get_by_role("link", name="Dépôts").first.click()
    page.get_by_label("Déposez vos fichiers ici").set_input_files(fichier)
    page.get_by_role("button", name="Déposer ces fichiers").click()
    page.wait_for_url(re.compile(r"/depots/D\d+"))


def test_from_a_file_to_a_position_then_to_a_signed_convention(page: Page, tmp_path: Path) -> None:
    se_connecter(page, f"{Role.SECRETAIRE}@essai.fr")
    deposer(page, ecrire(tmp_path / "suite_2025.csv", [ligne(f"{jour}/11/2025", PAPIER, 30, "6,00") for jour in (3, 4, 5)]))
    expect(page.locator(".chapeau")).to_have_text("3 lignes lues : 3 à créer.")
    page.get_by_role("button", name="Enregistrer les 3 lignes").click()
    expect(page.get_by_role("status")).to_contain_text("C’est enregistré")
    page.get_by_role("link", name="L’observatoire se met à jour").click()
    page.wait_for_url("**/observatoire")
    expect(page.locator(".chapeau")).to_contain_text("Vous payez plus que le premier quartile pour 1 article")
    page.locator("tbody a").first.click()
    expect(page.locator(".chapeau").first).to_contain_text("Vous payez 6,00 €")
    expect(page.locator("figure.dessin svg").first).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()

    se_connecter(page, f"{Role.ANIMATRICE}@essai.fr")
    page.get_by_role("link", name="Opportunités").first.click()
    page.locator("main tbody a").first.click()
    page.get_by_role("button", name="Former le groupement").click()
    page.wait_for_url(re.compile(r"/groupements/G1"))
    page.get_by_role("button", name=re.compile("^Rédiger.*[Cc]onvention")).click()
    with page.expect_download() as telechargement:
        page.get_by_role("link", name=re.compile(r"docx", re.IGNORECASE)).first.click()
    convention = tmp_path / "convention.docx"
    telechargement.value.save_as(convention)
    with zipfile.ZipFile(convention) as archive:
        texte = archive.read("word/document.xml").decode()
    for attendu in ("Touvre", "Angoulême", "groupement de commandes"):
        assert attendu in texte


def test_a_bad_file_is_mapped_corrected_published_looked_at_and_undone(page: Page, tmp_path: Path) -> None:
    mauvais = tmp_path / "grand livre 2025.csv"
    lignes = [
        "Etat des dépenses;;;;;",
        "Jour;Tiers;Objet;Qté;PU;Montant",
        f"03/02/2025;PAPETERIE MARTIN;{PAPIER};10;4,80;48,00",
        *(f"0{jour}/03/2025;PAPETERIE MARTIN;GOMME BLANCHE;1O;0,60;6,00" for jour in (4, 5, 6)),
        ";;TOTAL;;;66,00",
    ]
    mauvais.write_bytes("\r\n".join(lignes).encode("cp1252"))
    se_connecter(page, f"{Role.SECRETAIRE}@essai.fr")
    deposer(page, mauvais)
    page.wait_for_url("**/colonnes")
    page.get_by_label("toutes taxes comprises (TTC)").check()
    page.get_by_role("button", name="Confirmer les colonnes").click()
    page.wait_for_url(re.compile(r"/depots/D\d+$"))
    expect(page.locator(".chapeau")).to_have_text("5 lignes lues : 1 à créer, 1 écartée et 3 à corriger.")

    page.get_by_role("link", name="Corriger ces lignes").first.click()
    page.get_by_label(re.compile("où nous lisons.*1O")).fill("10")
    page.get_by_role("button", name="Corriger ensemble").first.click()
    page.wait_for_url(re.compile(r"/depots/D\d+\?fait=correction-prise"))
    expect(page.locator(".chapeau")).to_have_text("5 lignes lues : 4 à créer et 1 écartée.")

    page.get_by_role("button", name="Enregistrer les 4 lignes").click()
    page.get_by_role("link", name="Enregistrées").click()
    expect(page.locator("main tbody tr")).to_have_count(4)
    expect(page.locator("main tbody")).to_contain_text("GOMME BLANCHE")
    page.get_by_role("link", name="Écartées").click()
    expect(page.locator("main tbody")).to_contain_text("Ligne de total")

    page.get_by_role("link", name=re.compile("^dépôt D")).click()
    page.get_by_role("button", name="Retirer ce dépôt").click()
    expect(page.locator(".chapeau")).to_contain_text("aucune de ses lignes ne compte")


def test_a_file_is_dropped_on_the_frame(page: Page, tmp_path: Path) -> None:
    se_connecter(page, f"{Role.SECRETAIRE}@essai.fr")
    page.goto("/depots")
    page.evaluate(
        """() => {
            const glisse = new DataTransfer();
            glisse.items.add(new File(["Date;Désignation;Quantité;PU HT\\r\\n03/02/2025;STYLO;2;1,50\\r\\n"], "glisse.csv"));
            const lache = new DragEvent("drop", { dataTransfer: glisse, bubbles: true, cancelable: true });
            document.querySelector("[data-glisser]").dispatchEvent(lache);
        }"""
    )
    page.get_by_role("button", name="Déposer ces fichiers").click()
    page.wait_for_url(re.compile(r"/depots/D\d+$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("glisse.csv")


def test_the_pages_work_without_script_and_on_a_phone(page: Page, tmp_path: Path) -> None:
    contexte = page.context.browser
    assert contexte is not None
    sans = contexte.new_context(
        base_url=re.sub(r"(https?://[^/]+).*", r"\1", _adresse(page)), java_script_enabled=False, viewport={"width": 390, "height": 800}
    )
    try:
        simple = sans.new_page()
        se_connecter(simple, f"{Role.SECRETAIRE}@essai.fr")
        simple.goto("/depots")
        fichier = ecrire(tmp_path / "achats.csv", [ligne("03/11/2025", PAPIER, 3, "6,00")])
        simple.get_by_label("Déposez vos fichiers ici").set_input_files(fichier)
        simple.get_by_role("button", name="Déposer ces fichiers").click()
        for _ in range(60):
            if re.search(r"/depots/D\d+$", simple.url):
                break
            simple.wait_for_timeout(500)
            simple.get_by_role("link", name="Actualiser la page").click()
        expect(simple.locator(".chapeau")).to_have_text("1 ligne lue : 1 à créer.")
        assert simple.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    finally:
        sans.close()


def _adresse(page: Page) -> str:
    page.goto("/connexion")
    return page.url
