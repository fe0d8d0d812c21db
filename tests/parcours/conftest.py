"""A real browser before the real service: pages served on this machine, one worker beside them."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from api.app import create_app
from api.maison import Maison
from api.taches.travailleur import travailler_une_fois
from tests.api.monde import MOT_DE_PASSE, monde

CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE_MS = 30_000


@pytest.fixture(scope="session")
def navigateur() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser: {CHROMIUM} is absent (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        ouvert = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(OPTIONS))
        yield ouvert
        ouvert.close()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[str]:
    """The address of the running service of the small club of `tests.api.monde`."""
    with monde(tmp_path) as maison, _servi(maison) as adresse:
        yield adresse


@pytest.fixture
def page(navigateur: Browser, service: str) -> Iterator[Page]:
    """A page that fails its test when the browser had something to complain of."""
    contexte = navigateur.new_context(base_url=service, locale="fr-FR", viewport={"width": 1280, "height": 900})
    contexte.set_default_timeout(PATIENCE_MS)
    ouverte = contexte.new_page()
    plaintes: list[str] = []
    ouverte.on("pageerror", lambda erreur: plaintes.append(str(erreur)))
    ouverte.on("console", lambda message: plaintes.append(message.text) if message.type == "error" else None)
    yield ouverte
    contexte.close()
    assert plaintes == []


def se_connecter(page: Page, email: str) -> None:
    """Sign in as a person does."""
    page.goto("/connexion")
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/")


@contextmanager
def _servi(maison: Maison) -> Iterator[str]:
    serveur = uvicorn.Server(uvicorn.Config(create_app(maison.settings, maison), host="127.0.0.1", port=0, log_level="warning"))
    fini = threading.Event()

    def travailler() -> None:
        while not fini.is_set():
            if not travailler_une_fois(maison):
                fini.wait(0.2)

    fils = [threading.Thread(target=serveur.run), threading.Thread(target=travailler)]
    for fil in fils:
        fil.start()
    try:
        while not serveur.started:
            time.sleep(0.05)
        port = serveur.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        fini.set()
        serveur.should_exit = True
        for fil in fils:
            fil.join()
