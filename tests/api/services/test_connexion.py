import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api import porte
from api.app import create_app
from api.club.modeles import EssaiConnexion
from api.maison import Maison, maison_ouverte
from api.services import comptes, connexion
from api.services.connexion import ConnexionRefusee, connecter
from api.services.presence import visiteur_de
from api.settings import Settings
from ingest.erreurs import Refus
from ingest.vocabulaire import Role
from tests.api.outils import CLAVIER, FLEAC, peupler

PHRASE = "une phrase assez longue"
EMAIL = "mairie@fleac.fr"
NOUS = {"sec-fetch-site": "same-origin", "accept": "text/html"}


class Horloge:
    """What time it is, moved by hand."""

    def __init__(self) -> None:
        self.heure = datetime(2026, 11, 22, 9, 0, tzinfo=UTC).replace(tzinfo=None)

    def __call__(self) -> datetime:
        return self.heure

    def avancer(self, **duree: int) -> None:
        self.heure += timedelta(**duree)


@pytest.fixture
def horloge(monkeypatch: pytest.MonkeyPatch) -> Horloge:
    horloge = Horloge()
    for module in ("connexion", "presence"):
        monkeypatch.setattr(f"api.services.{module}.maintenant", horloge)
    return horloge


@pytest.fixture
def maison(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Maison]:
    monkeypatch.setattr("api.services.connexion._HACHEUR", connexion.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with maison_ouverte(Settings(donnees=tmp_path), creer=True) as ouverte:
        peupler(ouverte)
        comptes.creer_compte(ouverte, CLAVIER, email=EMAIL, nom="Mairie", role=Role.SECRETAIRE, membre=FLEAC, mot_de_passe=PHRASE)
        yield ouverte


def refuse(maison: Maison, email: str = EMAIL, mot_de_passe: str = "fausse", adresse: str = "192.0.2.1") -> str:
    with pytest.raises(ConnexionRefusee) as refus:
        connecter(maison, email, mot_de_passe, adresse=adresse)
    return str(refus.value)


def nb_essais(maison: Maison) -> int:
    with maison.club.lecture() as session:
        return session.scalar(select(func.count()).select_from(EssaiConnexion)) or 0


def test_five_wrong_passwords_close_the_account_to_the_right_one_for_a_while(maison: Maison, horloge: Horloge) -> None:
    assert {refuse(maison, adresse=f"192.0.2.{rang}") for rang in range(5)} == {
        "Adresse électronique ou mot de passe inexact. Vérifiez les majuscules, puis recommencez."
    }
    assert "Trop d'essais" in refuse(maison, mot_de_passe=PHRASE)
    horloge.avancer(minutes=16)
    assert visiteur_de(maison, connecter(maison, EMAIL, PHRASE, adresse="192.0.2.1")) is not None
    assert nb_essais(maison) == 0, "what is too old to count is not kept"


def test_guesses_sent_all_at_once_are_counted_too(maison: Maison) -> None:
    with ThreadPoolExecutor(12) as executeur:
        phrases = list(executeur.map(lambda _: refuse(maison), range(12)))
    assert sum("inexact." in phrase for phrase in phrases) == 5
    assert sum("Trop d'essais" in phrase for phrase in phrases) == 7


def test_one_address_cannot_try_account_after_account(maison: Maison) -> None:
    stricte = replace(maison, settings=maison.settings.model_copy(update={"essais_connexion": 1}))
    phrases = [refuse(stricte, email=f"inconnue{rang}@exemple.fr") for rang in range(11)]
    assert "Trop d'essais" in phrases[-1]
    assert "Trop d'essais" not in phrases[-2]
    assert visiteur_de(maison, connecter(maison, EMAIL, PHRASE, adresse="192.0.2.2")) is not None


def test_known_and_unknown_accounts_get_the_same_answer(maison: Maison) -> None:
    assert refuse(maison) == refuse(maison, email="inconnue@exemple.fr") == refuse(maison, email="' OR 1=1 --")


def test_the_stand_in_hash_costs_what_a_real_one_costs() -> None:
    assert connexion._EMPREINTE_FACTICE.startswith(connexion.PasswordHasher().hash("x").rsplit("$", 2)[0])


def test_signing_in_right_forgets_the_wrong_tries(maison: Maison) -> None:
    for _ in range(3):
        for _ in range(4):
            refuse(maison)
        connecter(maison, EMAIL, PHRASE, adresse="192.0.2.1")


def test_a_session_dies_when_nothing_is_asked_and_at_a_fixed_age(maison: Maison, horloge: Horloge) -> None:
    jeton = connecter(maison, EMAIL, PHRASE, adresse="192.0.2.1")
    for _ in range(11):
        horloge.avancer(minutes=60)
        assert visiteur_de(maison, jeton) is not None
    horloge.avancer(minutes=61)
    assert visiteur_de(maison, jeton) is None
    autre = connecter(maison, EMAIL, PHRASE, adresse="192.0.2.1")
    horloge.avancer(hours=2)
    assert visiteur_de(maison, autre) is None


def test_a_token_put_in_the_browser_beforehand_is_never_the_one_of_the_session(maison: Maison) -> None:
    client = TestClient(create_app(maison.settings, maison), headers=NOUS, follow_redirects=False)
    client.cookies.set(porte.COOKIE, "pose_par_un_autre")
    reponse = client.post("/connexion", data={"email": EMAIL, "mot_de_passe": PHRASE})
    pose = reponse.headers["set-cookie"]
    assert reponse.status_code == 303
    assert "pose_par_un_autre" not in pose
    assert {"HttpOnly", "SameSite=lax"} <= {morceau.strip() for morceau in pose.split(";")}
    assert visiteur_de(maison, "pose_par_un_autre") is None


def test_outside_this_machine_the_cookie_travels_over_https_only(tmp_path: Path) -> None:
    assert Settings(donnees=tmp_path, hote="0.0.0.0").cookies_https
    assert Settings(donnees=tmp_path, cookies_securises=True).cookies_https
    assert not Settings(donnees=tmp_path).cookies_https


def test_no_secret_reaches_the_logs(maison: Maison, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = TestClient(create_app(maison.settings, maison), headers=NOUS)
    client.post("/connexion", data={"email": EMAIL, "mot_de_passe": "une phrase fausse et longue"})
    client.post("/connexion", data={"email": EMAIL, "mot_de_passe": PHRASE})
    jeton = client.cookies[porte.COOKIE]
    client.get("/")
    for secret in (PHRASE, "une phrase fausse et longue", jeton, "$argon2"):
        assert secret not in caplog.text


def test_outside_the_demonstration_no_account_opens_without_password(maison: Maison) -> None:
    with pytest.raises(Refus, match="n'est pas une démonstration"):
        connexion.ouvrir_session_demo(maison, EMAIL)
