from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api import porte
from api.app import create_app
from api.maison import Maison, maison_ouverte
from api.services import comptes, connexion, presence
from api.settings import Settings
from ingest.vocabulaire import Role
from tests.api.outils import CLAVIER, FLEAC, peupler
from tests.api.pages.navigateur import MOT_DE_PASSE, Navigateur

PHRASE = "une phrase que je choisis"
NOUS = {"sec-fetch-site": "same-origin", "accept": "text/html"}


@pytest.fixture
def maison(tmp_path: Path) -> Iterator[Maison]:
    with maison_ouverte(Settings(donnees=tmp_path / "donnees"), creer=True) as ouverte:
        peupler(ouverte)
        yield ouverte


def inviter_mairie(maison: Maison) -> tuple[Navigateur, str]:
    """The animatrice opens an account; the code she is shown."""
    animatrice = Navigateur(maison, Role.ANIMATRICE)
    vu = animatrice.envoyer(
        "/comptes", {"email": "mairie@fleac.fr", "nom_personne": "Mairie de Fléac", "role": "secretaire", "membre": FLEAC}
    )
    assert "Invitation pour Mairie de Fléac" in vu
    adresse = animatrice.page.select_one("#adresse-invitation")
    assert adresse is not None
    debut, _, code = str(adresse["value"]).partition("#")
    assert debut == "http://testserver/invitation"
    return animatrice, code


def test_a_person_is_invited_chooses_her_password_and_enters(maison: Maison) -> None:
    animatrice, code = inviter_mairie(maison)
    assert "invitation en attente" in animatrice.ouvrir("/comptes")
    assert code not in animatrice.reponse.text, "shown once only"
    elle = TestClient(create_app(maison.settings, maison), headers=NOUS)
    assert "Choisir votre mot de passe" in elle.get("/invitation").text
    differents = elle.post("/invitation", data={"code": code, "mot_de_passe": PHRASE, "encore": PHRASE + "."})
    assert (differents.status_code, "diffèrent" in differents.text) == (422, True)
    entree = elle.post("/invitation", data={"code": code, "mot_de_passe": PHRASE, "encore": PHRASE})
    assert "Bienvenue" in entree.text
    assert "Fléac" in entree.text
    assert "sur une invitation de animatrice-none@essai.fr" in elle.get("/mon-compte").text
    encore = elle.post("/invitation", data={"code": code, "mot_de_passe": PHRASE, "encore": PHRASE})
    assert (encore.status_code, "ne sert plus" in encore.text) == (422, True)


def test_the_whole_address_may_be_pasted(maison: Maison) -> None:
    _, code = inviter_mairie(maison)
    elle = TestClient(create_app(maison.settings, maison), headers=NOUS)
    elle.post("/invitation", data={"code": f"http://testserver/invitation#{code}", "mot_de_passe": PHRASE, "encore": PHRASE})
    assert porte.COOKIE in elle.cookies


def test_her_password_is_changed_and_her_other_browsers_are_signed_out(maison: Maison) -> None:
    ici = Navigateur(maison, Role.SECRETAIRE, FLEAC)
    ailleurs = connexion.connecter(maison, f"secretaire-{FLEAC}@essai.fr", MOT_DE_PASSE, adresse="192.0.2.2")
    faux = ici.envoyer("/mon-compte", {"ancien": "faux", "mot_de_passe": PHRASE, "encore": PHRASE})
    assert (ici.reponse.status_code, "n’est pas le bon" in faux) == (422, True)
    assert "est changé" in ici.envoyer("/mon-compte", {"ancien": MOT_DE_PASSE, "mot_de_passe": PHRASE, "encore": PHRASE})
    assert "Vos dépôts" in ici.ouvrir("/depots"), "still signed in here"
    assert presence.visiteur_de(maison, ailleurs) is None


def test_a_refused_account_gives_back_what_was_typed(maison: Maison) -> None:
    animatrice = Navigateur(maison, Role.ANIMATRICE)
    vu = animatrice.envoyer("/comptes", {"email": "pas une adresse", "nom_personne": "Mairie", "role": "secretaire", "membre": FLEAC})
    assert animatrice.reponse.status_code == 422
    assert "n’est pas une adresse électronique" in vu
    assert animatrice.champ("email") == "pas une adresse"
    assert [compte.email for compte in comptes.lister(maison, CLAVIER)] == ["animatrice-none@essai.fr"]


def test_an_account_is_closed_but_not_ones_own(maison: Maison) -> None:
    animatrice, code = inviter_mairie(maison)
    assert "Le compte est fermé" in animatrice.envoyer("/comptes/fermer", {"email": "mairie@fleac.fr"})
    assert "votre propre compte" in animatrice.envoyer("/comptes/fermer", {"email": "animatrice-none@essai.fr"})
    elle = TestClient(create_app(maison.settings, maison), headers=NOUS)
    assert "ne sert plus" in elle.post("/invitation", data={"code": code, "mot_de_passe": PHRASE, "encore": PHRASE}).text


def test_a_secretaire_sees_no_account(maison: Maison) -> None:
    secretaire = Navigateur(maison, Role.SECRETAIRE, FLEAC)
    secretaire.ouvrir("/comptes")
    assert secretaire.reponse.status_code == 403
