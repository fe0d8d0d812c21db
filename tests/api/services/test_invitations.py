from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import update

from api.club.magasin import maintenant
from api.club.modeles import Invitation
from api.maison import Maison, maison_ouverte
from api.services import comptes, connexion, invitations, journal, presence
from api.services.invitations import InvitationPerimee
from api.settings import Settings
from api.visiteur import AccesRefuse, Introuvable, Visiteur
from ingest.erreurs import Refus
from ingest.vocabulaire import Role
from tests.api.outils import CLAVIER, FLEAC, peupler, secretaire

ANIMATRICE = Visiteur(compte=None, email="club@essai.fr", nom="Club", role=Role.ANIMATRICE)
PHRASE = "une phrase que je choisis"
EMAIL = "mairie@fleac.fr"


@pytest.fixture
def maison(tmp_path: Path) -> Iterator[Maison]:
    with maison_ouverte(Settings(donnees=tmp_path), creer=True) as ouverte:
        peupler(ouverte)
        comptes.creer_compte(ouverte, ANIMATRICE, email=EMAIL, nom="Mairie", role=Role.SECRETAIRE, membre=FLEAC, mot_de_passe=None)
        yield ouverte


def entrer(maison: Maison, mot_de_passe: str = PHRASE) -> str:
    return connexion.connecter(maison, EMAIL, mot_de_passe, adresse="192.0.2.1")


def test_the_person_alone_chooses_her_password_and_is_signed_in(maison: Maison) -> None:
    emise = invitations.inviter(maison, ANIMATRICE, EMAIL)
    elle = presence.visiteur_de(maison, invitations.accepter(maison, emise.code, PHRASE))
    assert elle is not None
    assert (elle.email, elle.membre) == (EMAIL, FLEAC)
    assert presence.visiteur_de(maison, entrer(maison)) is not None
    assert emise.lien == f"/invitation#{emise.code}"


def test_an_invitation_serves_once(maison: Maison) -> None:
    emise = invitations.inviter(maison, ANIMATRICE, EMAIL)
    invitations.accepter(maison, emise.code, PHRASE)
    with pytest.raises(InvitationPerimee, match="ne sert plus"):
        invitations.accepter(maison, emise.code, "une autre phrase longue")
    entrer(maison)


def test_two_people_with_the_same_link_at_once_one_enters(maison: Maison) -> None:
    emise = invitations.inviter(maison, ANIMATRICE, EMAIL)
    issues: list[str] = []

    def essayer(phrase: str) -> None:
        try:
            invitations.accepter(maison, emise.code, phrase)
            issues.append(phrase)
        except InvitationPerimee:
            issues.append("")

    fils = [Thread(target=essayer, args=(f"phrase numero {rang} assez longue",)) for rang in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    entrees = [phrase for phrase in issues if phrase]
    assert len(issues) == 4
    assert len(entrees) == 1
    entrer(maison, entrees[0])


def test_too_short_a_password_leaves_the_invitation_good(maison: Maison) -> None:
    emise = invitations.inviter(maison, ANIMATRICE, EMAIL)
    with pytest.raises(Refus, match="au moins 12"):
        invitations.accepter(maison, emise.code, "court")
    invitations.accepter(maison, emise.code, PHRASE)


@pytest.mark.parametrize("code", ["", "x", "a" * 300])
def test_a_guessed_code_opens_nothing(maison: Maison, code: str) -> None:
    invitations.inviter(maison, ANIMATRICE, EMAIL)
    with pytest.raises(InvitationPerimee):
        invitations.accepter(maison, code, PHRASE)


def test_an_old_one_a_replaced_one_and_that_of_a_closed_account_open_nothing(maison: Maison) -> None:
    premiere = invitations.inviter(maison, ANIMATRICE, EMAIL)
    seconde = invitations.inviter(maison, ANIMATRICE, EMAIL)
    with pytest.raises(InvitationPerimee):
        invitations.accepter(maison, premiere.code, PHRASE)
    with maison.club.ecriture() as session:
        session.execute(update(Invitation).values(expire_le=maintenant() - timedelta(seconds=1)))
    with pytest.raises(InvitationPerimee):
        invitations.accepter(maison, seconde.code, PHRASE)
    troisieme = invitations.inviter(maison, ANIMATRICE, EMAIL)
    comptes.fermer_compte(maison, ANIMATRICE, EMAIL)
    with pytest.raises(InvitationPerimee):
        invitations.accepter(maison, troisieme.code, PHRASE)
    with pytest.raises(Refus, match="fermé"):
        invitations.inviter(maison, ANIMATRICE, EMAIL)


def test_a_forgotten_password_is_replaced_and_ends_her_sessions_only_then(maison: Maison) -> None:
    invitations.accepter(maison, invitations.inviter(maison, ANIMATRICE, EMAIL).code, PHRASE)
    jeton = entrer(maison)
    emise = invitations.inviter(maison, ANIMATRICE, EMAIL)
    assert presence.visiteur_de(maison, jeton) is not None, "being invited changes nothing yet"
    nouveau = invitations.accepter(maison, emise.code, "une tout autre phrase")
    assert presence.visiteur_de(maison, jeton) is None
    assert presence.visiteur_de(maison, nouveau) is not None
    with pytest.raises(connexion.ConnexionRefusee):
        entrer(maison)


def test_changing_her_password_ends_a_waiting_invitation(maison: Maison) -> None:
    jeton = invitations.accepter(maison, invitations.inviter(maison, ANIMATRICE, EMAIL).code, PHRASE)
    elle = presence.visiteur_de(maison, jeton)
    assert elle is not None
    emise = invitations.inviter(maison, ANIMATRICE, EMAIL)
    autre = comptes.changer_mot_de_passe(maison, elle, PHRASE, "une tout autre phrase")
    assert presence.visiteur_de(maison, jeton) is None
    assert presence.visiteur_de(maison, autre) is not None
    with pytest.raises(InvitationPerimee):
        invitations.accepter(maison, emise.code, "la phrase d'une autre")


def test_the_former_password_is_not_guessed_at_leisure(maison: Maison) -> None:
    elle = presence.visiteur_de(maison, invitations.accepter(maison, invitations.inviter(maison, ANIMATRICE, EMAIL).code, PHRASE))
    assert elle is not None
    for _ in range(maison.settings.essais_connexion):
        with pytest.raises(Refus, match="n'est pas le bon"):
            comptes.changer_mot_de_passe(maison, elle, "faux", "une tout autre phrase")
    with pytest.raises(connexion.ConnexionRefusee, match="Attendez"):
        comptes.changer_mot_de_passe(maison, elle, PHRASE, "une tout autre phrase")


def test_only_who_manages_members_invites_and_it_stands_in_the_journal_of_the_membre(maison: Maison) -> None:
    with pytest.raises(AccesRefuse):
        invitations.inviter(maison, secretaire(FLEAC), EMAIL)
    with pytest.raises(Introuvable):
        invitations.inviter(maison, ANIMATRICE, "personne@fleac.fr")
    emise = invitations.inviter(maison, ANIMATRICE, EMAIL)
    invitations.accepter(maison, emise.code, PHRASE)
    entrees = journal.lire(maison, secretaire(FLEAC), membre=FLEAC)
    assert [(entree.action, entree.details) for entree in entrees if "mot de passe" in entree.action] == [
        ("mot de passe choisi", {"invitation_de": "club@essai.fr"}),
        ("invitation à choisir un mot de passe", {}),
    ]


def test_neither_code_nor_password_is_in_the_store(maison: Maison) -> None:
    emise = invitations.inviter(maison, ANIMATRICE, EMAIL)
    invitations.accepter(maison, emise.code, PHRASE)
    autre = invitations.inviter(maison, CLAVIER, EMAIL)
    octets = b"".join(chemin.read_bytes() for chemin in maison.donnees.glob("club.sqlite*"))
    assert EMAIL.encode() in octets
    for secret in (emise.code, autre.code, PHRASE):
        assert secret.encode() not in octets
