"""A browser without a screen: the pages as a secrétaire de mairie would go through them, the work done when she waits."""

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient
from httpx import Response

from api import porte
from api.app import create_app
from api.maison import Maison
from api.services import comptes, connexion
from api.taches.travailleur import travailler_une_fois
from ingest.vocabulaire import Role
from tests.api.outils import CLAVIER

MOT_DE_PASSE = "une phrase assez longue"


class Navigateur:
    """One signed-in person; `page` is the last page she saw."""

    def __init__(self, maison: Maison, role: Role, membre: str | None = None) -> None:
        self.maison = maison
        email = f"{role}-{membre}@essai.fr"
        comptes.creer_compte(maison, CLAVIER, email=email, nom="Essai", role=role, membre=membre, mot_de_passe=MOT_DE_PASSE)
        self.client = TestClient(create_app(maison.settings, maison), headers={"sec-fetch-site": "same-origin", "accept": "text/html"})
        self.client.cookies.set(porte.COOKIE, connexion.connecter(maison, email, MOT_DE_PASSE, adresse="192.0.2.1"))
        self.reponse: Response
        self.page: BeautifulSoup

    def ouvrir(self, adresse: str) -> str:
        """Go to a page; returns its text."""
        return self._vu(self.client.get(adresse))

    def envoyer(self, adresse: str, champs: dict[str, Any] | None = None, fichiers: Any = None) -> str:
        """Send a form; returns the text of the page that follows."""
        return self._vu(self.client.post(adresse, data=champs or {}, files=fichiers))

    def deposer(self, *fichiers: tuple[str, bytes], **champs: str) -> str:
        """Drop files and wait for the end of their reading; returns the text of the page that follows."""
        self.envoyer("/depots", champs, [("fichiers", fichier) for fichier in fichiers])
        return self.attendre() if "/taches" in self.adresse else self.texte

    def attendre(self) -> str:
        """Let the worker finish, then look at the same page again."""
        while travailler_une_fois(self.maison):
            pass
        return self.ouvrir(str(self.reponse.url))

    def champ(self, nom: str) -> str:
        """The value of a field of the page."""
        trouve = self.page.find("input", attrs={"name": nom})
        assert isinstance(trouve, Tag), f"no field {nom}"
        return str(trouve.get("value") or "")

    @property
    def adresse(self) -> str:
        """Where she is."""
        return self.reponse.url.path

    @property
    def texte(self) -> str:
        """What the page says, spaces made plain."""
        principal = self.page.select_one("main") or self.page
        return re.sub(r"[\s\u00a0\u202f]+", " ", principal.get_text(" ")).strip()

    def _vu(self, reponse: Response) -> str:
        self.reponse, self.page = reponse, BeautifulSoup(reponse.text, "html.parser")
        return self.texte
