"""For every route and every role, nothing of another membre comes out and nothing of another membre changes."""

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import product

import polars as pl
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select

from api import porte, taches
from api.app import create_app
from api.club.modeles import Depot, EtatDepot, Membre, Tache
from api.maison import Maison, maison_ouverte
from api.porte import Permission
from api.services import comptes, connexion, imports, observatoire
from api.settings import Settings
from ingest.vocabulaire import Role
from tests.api.outils import ANGOULEME, CLAVIER, FLEAC, MORNAC, TOUVRE, ecrire, ligne, peupler

MOT_DE_PASSE = "une phrase assez longue"
SECRETS = re.compile(r"zygomatique|confidentiel_angouleme|ombrageux|7[\s\u202f\u00a0.]?391[,.]37|7391", re.IGNORECASE)
"""The words and the price that only the lines, the supplier and the file of Angoulême hold."""
COMPTES = [(Role.SECRETAIRE, FLEAC), (Role.ELU, FLEAC), (Role.ANIMATRICE, None), (Role.ADMINISTRATEUR, None)]
RAMETTE = "RAMETTE A4 80G 500 FEUILLES"
FILTRES = (
    f"?membre={ANGOULEME}&siren={ANGOULEME}&depot=D0001&q=zygomatique&recherche=zygomatique&fournisseur=ombrageux&famille=A_CLASSER&page=1"
)
FORMULAIRE = {"membre": ANGOULEME, "siren": ANGOULEME, "depot": "D0001", "confirmer": "oui", "doublons": "creer", "version": "1"}
FICHIER = ("x.csv", b"a;b\n1;2\n")
NOUS = {"sec-fetch-site": "same-origin", "accept": "text/html"}


@pytest.fixture(scope="module")
def maison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maison]:
    dossier = tmp_path_factory.mktemp("routes")
    with maison_ouverte(Settings(donnees=dossier / "donnees"), creer=True) as ouverte:
        peupler(ouverte)
        secret = [ligne("12/03/2025", "LAMPE ZYGOMATIQUE", 3, "7391,37", "ETABLISSEMENTS OMBRAGEUX")]
        imports.importer(ouverte, CLAVIER, ANGOULEME, ecrire(dossier / "confidentiel_angouleme.csv", secret))
        for rang, siren in enumerate((ANGOULEME, FLEAC, MORNAC, TOUVRE)):
            lignes = [
                ligne(f"{jour}/03/2025", "RAMETTE A4 80G 500 FEUILLES", jour, f"3,{50 + rang}", f"PAPIER {rang % 3}") for jour in (10, 20)
            ]
            imports.importer(ouverte, CLAVIER, siren, ecrire(dossier / f"achats_{rang}.csv", lignes))
        observatoire.construire(ouverte)
        taches.creer(ouverte, CLAVIER, "lire", {"depot": "D0001"}, membre=ANGOULEME)
        for role, membre in COMPTES:
            comptes.creer_compte(ouverte, CLAVIER, email=f"{role}@essai.fr", nom=role, role=role, membre=membre, mot_de_passe=MOT_DE_PASSE)
        yield ouverte


@pytest.fixture(scope="module")
def app(maison: Maison) -> FastAPI:
    return create_app(maison.settings, maison)


def routes(app: FastAPI) -> list[tuple[str, str, Permission]]:
    return [
        (methode, chemin, permission)
        for chemin, methodes, permission in porte.permissions_des_routes(app)
        for methode in sorted(methodes - {"HEAD"})
        if permission is not None
    ]


def adresses(maison: Maison, chemin: str) -> list[str]:
    """The route with everything of Angoulême that could be asked through it, alone and with filters."""
    trous = re.findall(r"{(\w+)(?::\w+)?}", chemin)
    troue = re.sub(r"{(\w+):\w+}", r"{\1}", chemin)
    pleines = [troue.format(**dict(zip(trous, choix, strict=True))) for choix in product(*(_valeurs(maison, trou) for trou in trous))]
    return [*pleines, *(pleine + FILTRES for pleine in pleines[:20])]


def _valeurs(maison: Maison, trou: str) -> list[str]:
    with observatoire.lecture(maison) as curseur:
        articles, familles = zip(*curseur.sql("SELECT article_id, famille FROM articles").fetchall(), strict=True)
    propres = {
        "article_id": articles,
        "famille": sorted(set(familles)),
        "code": sorted(set(familles)),
        "membre": [ANGOULEME],
        "siren": [ANGOULEME],
        "depot": ["D0001"],
        "quoi": ["lignes", "articles", "observatoire", "besoins", "opportunites", "groupements", "classeur", "fiche"],
        "forme": ["csv", "json", "parquet", "xlsx", "pdf"],
    }
    return list(propres.get(trou, [ANGOULEME, "D0001", "G1", "1", "2", "convention", *articles]))


def texte_de(reponse: Response) -> str:
    """What a reader of the answer would find, workbooks and column files opened."""
    if reponse.content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(reponse.content)) as archive:
            return "".join(archive.read(nom).decode("utf-8", "replace") for nom in archive.namelist())
    if reponse.content[:4] == b"PAR1":
        return str(pl.read_parquet(io.BytesIO(reponse.content)).to_dicts())
    # What was asked is repeated by search fields: only what was not asked is a leak.
    return reponse.text.replace("zygomatique", "").replace("ombrageux", "")


def client(app: FastAPI, maison: Maison, role: Role) -> TestClient:
    entre = TestClient(app, follow_redirects=True, raise_server_exceptions=True, headers=NOUS)
    entre.cookies.set(porte.COOKIE, connexion.connecter(maison, f"{role}@essai.fr", MOT_DE_PASSE, adresse="192.0.2.1"))
    return entre


def test_the_secrets_are_there_for_who_may_see_them(maison: Maison) -> None:
    with observatoire.lecture(maison) as curseur:
        assert any(
            SECRETS.search(str(ligne)) for ligne in curseur.sql("SELECT libelle, fournisseur, prix_unitaire_ht FROM lignes").fetchall()
        )


def test_every_route_but_the_public_ones_sends_a_stranger_to_the_door(app: FastAPI, maison: Maison) -> None:
    inconnu = TestClient(app, follow_redirects=False, headers=NOUS)
    ouvertes = []
    for methode, chemin, permission in routes(app):
        if permission is Permission.PUBLIC:
            continue
        reponse = inconnu.request(methode, adresses(maison, chemin)[0])
        if not (reponse.status_code in (401, 403) or (reponse.status_code == 303 and reponse.headers["location"].startswith("/connexion"))):
            ouvertes.append((methode, chemin, reponse.status_code))
    assert ouvertes == []


def test_public_routes_are_few_and_say_nothing_of_anybody(app: FastAPI, maison: Maison) -> None:
    inconnu = TestClient(app, follow_redirects=True, headers=NOUS)
    for methode, chemin, permission in routes(app):
        if permission is Permission.PUBLIC and methode == "GET":
            assert not SECRETS.search(inconnu.get(adresses(maison, chemin)[0]).text), chemin
            assert "Fléac" not in inconnu.get(adresses(maison, chemin)[0]).text, chemin


@pytest.mark.parametrize(("role", "membre"), COMPTES)
def test_nothing_of_another_membre_comes_out(app: FastAPI, maison: Maison, role: Role, membre: str | None) -> None:
    entre = client(app, maison, role)
    fuites = []
    for methode, chemin, _ in routes(app):
        if methode != "GET":
            continue
        fuites += [adresse for adresse in adresses(maison, chemin) if SECRETS.search(texte_de(entre.get(adresse)))]
    assert fuites == []


@pytest.mark.parametrize(("role", "membre"), COMPTES)
def test_nothing_of_another_membre_changes(app: FastAPI, maison: Maison, role: Role, membre: str | None) -> None:
    entre = client(app, maison, role)
    avant = etat(maison)
    for methode, chemin, _ in routes(app):
        if methode in ("GET", "OPTIONS") or "deconnexion" in chemin:
            continue
        for adresse in adresses(maison, chemin)[:40]:
            formulaire = {
                "membre": ANGOULEME,
                "siren": ANGOULEME,
                "depot": "D0001",
                "confirmer": "oui",
                "doublons": "creer",
                "version": "1",
            }
            reponse = entre.request(
                methode, adresse, data=formulaire, files={"fichiers": ("x.csv", b"a;b\n1;2\n"), "fichier": ("x.csv", b"a;b\n1;2\n")}
            )
            assert not SECRETS.search(reponse.text), (methode, adresse)
    assert etat(maison) == avant


def etat(maison: Maison) -> object:
    """All that Angoulême holds in the store."""
    with maison.club.lecture() as session:
        colonnes = (Depot.id, Depot.etat, Depot.reglages, Depot.doublons)
        depots = session.execute(select(*colonnes).where(Depot.membre == ANGOULEME).order_by(Depot.id))
        fiche = session.execute(select(Membre.nom, Membre.lignes_partagees, Membre.version_publiee).where(Membre.siren == ANGOULEME))
        travaux = session.execute(select(Tache.id, Tache.annulation_demandee).where(Tache.membre == ANGOULEME))
        trouves = [[tuple(rangee) for rangee in reponse.all()] for reponse in (depots, fiche, travaux)]
    assert trouves[0][0][1] == EtatDepot.PUBLIE
    return trouves


def test_the_store_of_accounts_never_leaves(app: FastAPI, maison: Maison) -> None:
    entre = client(app, maison, Role.ADMINISTRATEUR)
    for methode, chemin, _ in routes(app):
        if methode == "GET" and "{" not in chemin:
            assert "$argon2" not in entre.get(chemin).text, chemin


def test_data_is_not_within_reach_of_the_static_files(app: FastAPI, maison: Maison) -> None:
    entre = client(app, maison, Role.ANIMATRICE)
    for essai in ("/static/../club.sqlite", "/static/%2e%2e/api/settings.py", "/static/..%2fsettings.py", "/club.sqlite"):
        assert entre.get(essai).status_code == 404
