import io

import pytest

from api.maison import maison_ouverte
from api.services import connexion
from api.settings import Settings
from tests.api.cli.conftest import Lancer
from tests.api.outils import FLEAC

PHRASE = "une phrase assez longue"


@pytest.fixture
def saisir(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PHRASE + "\n"))


def entre(mot_de_passe: str, email: str = "mairie@fleac.fr") -> bool:
    with maison_ouverte(Settings()) as maison:
        try:
            return bool(connexion.connecter(maison, email, mot_de_passe, adresse="192.0.2.1"))
        except connexion.ConnexionRefusee:
            return False


@pytest.mark.usefixtures("saisir")
def test_an_account_is_opened_listed_closed_and_opened_again(club: Lancer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert club("compte", "creer", "mairie@fleac.fr", "--membre", FLEAC) == (0, "Compte ouvert pour mairie@fleac.fr.\n", "")
    assert entre(PHRASE)
    assert club("compte", "lister")[1] == f"mairie@fleac.fr\tsecretaire\t{FLEAC}\touvert\n"
    assert club("compte", "fermer", "mairie@fleac.fr")[0] == 0
    assert not entre(PHRASE)
    assert "\tfermé\n" in club("compte", "lister")[1]
    monkeypatch.setattr("sys.stdin", io.StringIO("une tout autre phrase\n"))
    assert club("compte", "mot-de-passe", "mairie@fleac.fr")[0] == 0
    assert (entre(PHRASE), entre("une tout autre phrase")) == (False, True)


@pytest.mark.usefixtures("saisir")
@pytest.mark.parametrize(
    ("arguments", "attendu"),
    [
        (["creer", "mairie", "--membre", FLEAC], "n'est pas une adresse électronique"),
        (["creer", "mairie@fleac.fr"], "parle pour un membre"),
        (["creer", "mairie@fleac.fr", "--role", "animatrice", "--membre", FLEAC], "parle pour le club"),
        (["creer", "mairie@fleac.fr", "--role", "reine"], "Valeurs possibles : secretaire, elu, animatrice, administrateur"),
        (["creer", "mairie@fleac.fr", "--membre", "356000000"], "Aucun membre du club n'a le SIREN"),
        (["fermer", "personne@fleac.fr"], "Aucun compte n'existe pour personne@fleac.fr"),
        (["mot-de-passe", "personne@fleac.fr"], "Aucun compte n'existe"),
    ],
)
def test_what_cannot_be_opened_is_a_sentence_and_opens_nothing(club: Lancer, arguments: list[str], attendu: str) -> None:
    code, sortie, erreur = club("compte", *arguments)
    assert (code, sortie, erreur.count("\n")) == (2, "", 1)
    assert attendu in erreur
    assert club("compte", "lister")[1].startswith("Aucun compte.")


def test_a_short_password_is_refused_without_being_repeated(club: Lancer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("secret\n"))
    code, _, erreur = club("compte", "creer", "mairie@fleac.fr", "--membre", FLEAC)
    assert (code, "au moins 12" in erreur, "secret" in erreur) == (2, True, False)


def test_on_a_terminal_the_password_is_typed_twice(club: Lancer, monkeypatch: pytest.MonkeyPatch) -> None:
    saisies = iter([PHRASE, PHRASE + "s", PHRASE, PHRASE])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _invite: next(saisies))
    assert "diffèrent" in club("compte", "creer", "mairie@fleac.fr", "--membre", FLEAC)[2]
    assert club("compte", "creer", "mairie@fleac.fr", "--membre", FLEAC)[0] == 0


def test_a_password_is_never_an_argument(lancer: Lancer) -> None:
    for commande in ("creer", "mot-de-passe"):
        assert "passe" not in lancer("compte", commande, "--help")[1].split("Options :")[1]
