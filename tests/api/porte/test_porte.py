from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from api import porte
from api.maison import Maison, maison_ouverte
from api.porte import Permission, exiger
from api.services import comptes, connexion, membres
from api.services.membres import NouveauMembre
from api.settings import Settings
from api.visiteur import Introuvable, NonConnecte, Visiteur
from ingest.erreurs import Refus
from ingest.vocabulaire import NatureMembre, Role

MOT_DE_PASSE = "une phrase assez longue"
NOUS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def maison(tmp_path: Path) -> Iterator[Maison]:
    with maison_ouverte(Settings(donnees=tmp_path), creer=True) as ouverte:
        clavier = Visiteur.au_clavier()
        communes = [("211600150", "Angoulême"), ("211601380", "Fléac"), ("211602321", "Mornac")]
        membres.ajouter(ouverte, clavier, [NouveauMembre(siren, nom, NatureMembre.COMMUNE) for siren, nom in communes])
        for role, membre in [(Role.SECRETAIRE, "211601380"), (Role.ELU, "211601380"), (Role.ANIMATRICE, None), (Role.ADMINISTRATEUR, None)]:
            comptes.creer_compte(ouverte, clavier, email=f"{role}@fleac.fr", nom=role, role=role, membre=membre, mot_de_passe=MOT_DE_PASSE)
        membres.partager_lignes(ouverte, clavier, "211602321", partagees=True)
        yield ouverte


def application(maison: Maison) -> FastAPI:
    app = FastAPI(openapi_url=None)

    @app.exception_handler(Refus)
    def refuser(request: Request, erreur: Refus) -> object:
        from fastapi.responses import PlainTextResponse

        code = 401 if isinstance(erreur, NonConnecte) else 404 if isinstance(erreur, Introuvable) else 403
        return PlainTextResponse(str(erreur), code)

    @app.get("/lignes/{siren}")
    def lignes(siren: str, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_LIGNES)]) -> str:
        visiteur.verifie_membre(siren)
        return siren

    @app.post("/depots")
    def depots(visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)]) -> str:
        return visiteur.email

    porte.installer(app, maison)
    return app


def entrer(maison: Maison, role: Role, **options: object) -> TestClient:
    client = TestClient(application(maison), **options)
    client.cookies.set(porte.COOKIE, connexion.connecter(maison, f"{role}@fleac.fr", MOT_DE_PASSE, adresse="192.0.2.1"))
    return client


def test_a_route_without_permission_cannot_be_mounted(maison: Maison) -> None:
    app = FastAPI(openapi_url=None)
    app.get("/oubliee")(lambda: "ouverte à tous")
    with pytest.raises(porte.RouteSansPermission, match="GET /oubliee"):
        porte.installer(app, maison)


def test_the_framework_own_pages_are_routes_without_permission(maison: Maison) -> None:
    with pytest.raises(porte.RouteSansPermission, match="/docs"):
        porte.installer(FastAPI(), maison)


def test_nobody_is_let_in_without_session(maison: Maison) -> None:
    client = TestClient(application(maison), client=("127.0.0.1", 5000), base_url="http://127.0.0.1")
    assert client.get("/lignes/211601380").status_code == 401
    client.cookies.set(porte.COOKIE, "inventé".encode().hex())
    assert client.get("/lignes/211601380").status_code == 401


@pytest.mark.parametrize(
    ("role", "siren", "attendu"),
    [
        (Role.SECRETAIRE, "211601380", 200),
        (Role.SECRETAIRE, "211600150", 404),
        (Role.SECRETAIRE, "211602321", 404),
        (Role.ELU, "211601380", 200),
        (Role.ELU, "211602321", 404),
        (Role.ANIMATRICE, "211602321", 200),
        (Role.ANIMATRICE, "211601380", 404),
        (Role.ADMINISTRATEUR, "211601380", 403),
        (Role.ADMINISTRATEUR, "211602321", 403),
    ],
)
def test_lines_are_shown_to_their_membre_and_to_the_animatrice_who_was_allowed(
    maison: Maison, role: Role, siren: str, attendu: int
) -> None:
    assert entrer(maison, role).get(f"/lignes/{siren}").status_code == attendu


def test_unknown_and_foreign_membres_get_the_same_answer(maison: Maison) -> None:
    client = entrer(maison, Role.SECRETAIRE)
    assert client.get("/lignes/211600150").text == client.get("/lignes/999999999").text


@pytest.mark.parametrize(
    ("entetes", "attendu"),
    [
        ({}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "http://testserver"}, 200),
        ({"origin": "http://ailleurs.example"}, 403),
        ({"origin": "null"}, 403),
        ({"referer": "http://testserver/depots"}, 200),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, 403),
    ],
)
def test_a_change_must_come_from_our_own_pages(maison: Maison, entetes: dict[str, str], attendu: int) -> None:
    assert entrer(maison, Role.SECRETAIRE).post("/depots", headers=entetes).status_code == attendu


def test_an_elu_reads_but_sends_nothing(maison: Maison) -> None:
    assert entrer(maison, Role.ELU).post("/depots", headers=NOUS).status_code == 403


def test_signing_out_closes_the_session_in_the_store(maison: Maison) -> None:
    client = entrer(maison, Role.SECRETAIRE)
    connexion.revoquer(maison, client.cookies[porte.COOKIE])
    assert client.get("/lignes/211601380").status_code == 401


def test_closing_an_account_closes_its_sessions(maison: Maison) -> None:
    client = entrer(maison, Role.SECRETAIRE)
    comptes.fermer_compte(maison, Visiteur.au_clavier(), "secretaire@fleac.fr")
    assert client.get("/lignes/211601380").status_code == 401


class TestDemonstration:
    def ouvrir(
        self, tmp_path: Path, depuis: str, hote: str = "127.0.0.1", entetes: dict[str, str] | None = None, **reglages: object
    ) -> int:
        with maison_ouverte(Settings(donnees=tmp_path, hote=hote, demo=True, **reglages), creer=True) as maison:
            clavier = Visiteur.au_clavier()
            membres.ajouter(maison, clavier, [NouveauMembre("211602321", "Mornac", NatureMembre.COMMUNE, lignes_partagees=True)])
            comptes.creer_compte(
                maison, clavier, email=connexion.COMPTE_DEMO, nom="Démo", role=Role.ANIMATRICE, membre=None, mot_de_passe=None
            )
            client = TestClient(application(maison), client=(depuis, 5000), base_url="http://127.0.0.1:8000", headers=entetes)
            return client.get("/lignes/211602321").status_code

    def test_signs_in_by_itself_on_this_machine(self, tmp_path: Path) -> None:
        assert self.ouvrir(tmp_path, "127.0.0.1") == 200

    def test_not_from_another_machine(self, tmp_path: Path) -> None:
        assert self.ouvrir(tmp_path, "192.0.2.7") == 401

    def test_not_when_listening_to_the_network(self, tmp_path: Path) -> None:
        assert self.ouvrir(tmp_path, "127.0.0.1", hote="0.0.0.0") == 401

    @pytest.mark.parametrize("entete", ["x-forwarded-for", "forwarded", "via", "x-real-ip"])
    def test_not_behind_a_relay(self, tmp_path: Path, entete: str) -> None:
        assert self.ouvrir(tmp_path, "127.0.0.1", entetes={entete: "192.0.2.7"}) == 401

    def test_not_under_a_foreign_name_pointed_at_this_machine(self, tmp_path: Path) -> None:
        assert self.ouvrir(tmp_path, "127.0.0.1", entetes={"host": "piege.example"}) == 401
