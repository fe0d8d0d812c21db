from collections.abc import Iterator
from pathlib import Path

import pytest

from api.maison import Maison, maison_ouverte
from api.services import comptes, connexion, journal, presence
from api.settings import Settings
from api.visiteur import AccesRefuse, Visiteur
from ingest.erreurs import Refus
from ingest.vocabulaire import Role
from tests.api.outils import CLAVIER, FLEAC, peupler, secretaire

PHRASE = "une phrase assez longue"


@pytest.fixture
def maison(tmp_path: Path) -> Iterator[Maison]:
    with maison_ouverte(Settings(donnees=tmp_path), creer=True) as ouverte:
        peupler(ouverte)
        comptes.creer_compte(
            ouverte, CLAVIER, email="Mairie@Fleac.fr ", nom="Mairie", role=Role.SECRETAIRE, membre=FLEAC, mot_de_passe=PHRASE
        )
        yield ouverte


def visiteur(maison: Maison, mot_de_passe: str = PHRASE) -> Visiteur | None:
    jeton = connexion.connecter(maison, "mairie@fleac.fr", mot_de_passe, adresse="192.0.2.1")
    return presence.visiteur_de(maison, jeton)


def test_an_address_is_taken_once_whatever_its_capitals(maison: Maison) -> None:
    with pytest.raises(Refus, match="existe déjà"):
        comptes.creer_compte(maison, CLAVIER, email="MAIRIE@fleac.fr", nom="x", role=Role.ELU, membre=FLEAC, mot_de_passe=PHRASE)


def test_changing_her_password_needs_the_former_one_and_closes_her_sessions(maison: Maison) -> None:
    jeton = connexion.connecter(maison, "mairie@fleac.fr", PHRASE, adresse="192.0.2.1")
    elle = presence.visiteur_de(maison, jeton)
    assert elle is not None
    with pytest.raises(Refus, match="rien n'a changé"):
        comptes.changer_mot_de_passe(maison, elle, "une autre phrase fausse", "une nouvelle phrase longue")
    assert presence.visiteur_de(maison, jeton) is not None
    comptes.changer_mot_de_passe(maison, elle, PHRASE, "une nouvelle phrase longue")
    assert presence.visiteur_de(maison, jeton) is None
    assert visiteur(maison, "une nouvelle phrase longue") is not None


def test_only_who_holds_the_machine_replaces_the_password_of_somebody(maison: Maison) -> None:
    for role in (Role.ANIMATRICE, Role.ADMINISTRATEUR):
        with pytest.raises(AccesRefuse):
            comptes.imposer_mot_de_passe(maison, Visiteur(9, "x@y.fr", "x", role), "mairie@fleac.fr", "une nouvelle phrase longue")
    comptes.imposer_mot_de_passe(maison, CLAVIER, "mairie@fleac.fr", "une nouvelle phrase longue")
    with pytest.raises(connexion.ConnexionRefusee):
        visiteur(maison)


def test_a_membre_sees_no_account_but_reads_in_its_journal_who_was_given_one(maison: Maison) -> None:
    with pytest.raises(AccesRefuse):
        comptes.lister(maison, secretaire(FLEAC))
    ouverts = [entree for entree in journal.lire(maison, secretaire(FLEAC), membre=FLEAC) if entree.action == "compte ouvert"]
    assert [(entree.par, entree.objet, entree.details) for entree in ouverts] == [("commande", "mairie@fleac.fr", {"role": "secretaire"})]


def test_neither_password_nor_token_is_in_the_store(maison: Maison) -> None:
    jeton = connexion.connecter(maison, "mairie@fleac.fr", PHRASE, adresse="192.0.2.1")
    octets = b"".join(chemin.read_bytes() for chemin in maison.donnees.glob("club.sqlite*"))
    assert b"mairie@fleac.fr" in octets
    assert PHRASE.encode() not in octets
    assert jeton.encode() not in octets
    assert b"$argon2id$v=19$m=65536,t=3,p=4$" in octets
