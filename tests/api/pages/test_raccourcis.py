"""What may no longer be seen is not seen at the very next request, even when the page was given a moment ago; whoever decided it."""

import multiprocessing
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from analytics.carnet.garde import fichier
from api.club.magasin import maintenant
from api.club.modeles import Compte, EtatGroupement, Groupement, SessionOuverte
from api.maison import Maison, maison_ouverte
from api.pages import raccourcis
from api.pages.raccourcis import Raccourci, Raccourcis
from api.porte import COOKIE
from api.services import connexion, membres, observatoire, presence
from api.settings import Settings
from ingest.vocabulaire import Role
from tests.api.monde import MOT_DE_PASSE, client
from tests.api.outils import CLAVIER, TOUVRE

Changement = Callable[[Maison], None]


@pytest.fixture
def article(maison: Maison) -> str:
    with observatoire.lecture(maison) as curseur:
        (trouve,) = curseur.sql("SELECT article_id FROM articles WHERE nb_membres = 6").fetchall()
    return f"/observatoire/articles/{trouve[0]}?periode=2025"


@pytest.fixture
def servies(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each request, whether its page was given again."""
    faites: list[bool] = []
    trouver = Raccourcis.trouver

    def noter(*arguments: object) -> bytes | None:
        texte = trouver(*arguments)  # type: ignore[arg-type]
        faites.append(texte is not None)
        return texte

    monkeypatch.setattr(Raccourcis, "trouver", noter)
    return faites


def ailleurs(maison: Maison, changement: Changement) -> None:
    """Make this change in another process."""
    processus = multiprocessing.get_context("spawn").Process(target=_dans_une_autre_maison, args=(maison.donnees, changement))
    processus.start()
    processus.join(60)
    assert processus.exitcode == 0


def _dans_une_autre_maison(donnees: Path, changement: Changement) -> None:
    with maison_ouverte(Settings(donnees=donnees)) as maison:
        changement(maison)


def ici(maison: Maison, changement: Changement) -> None:
    changement(maison)


def lue_deux_fois(qui: TestClient, adresse: str, servies: list[bool]) -> str:
    """The page, once it is one that is given again."""
    premiere = qui.get(adresse)
    seconde = qui.get(adresse)
    assert (premiere.status_code, seconde.status_code) == (200, 200)
    assert servies[-1], "the page was not given again: this test would show nothing"
    assert premiere.text == seconde.text
    assert {nom: valeur for nom, valeur in premiere.headers.items() if nom != "set-cookie"} == dict(seconde.headers)
    return str(seconde.text)


def revoquer(maison: Maison) -> None:
    with maison.club.ecriture() as session:
        session.execute(update(SessionOuverte).values(revoquee_le=maintenant()))


def fermer_le_compte(maison: Maison) -> None:
    with maison.club.ecriture() as session:
        session.execute(update(Compte).where(Compte.email == f"{Role.ELU}@essai.fr").values(actif=False))


def rouvrir_le_compte(maison: Maison) -> None:
    with maison.club.ecriture() as session:
        session.execute(update(Compte).values(actif=True))


def nommer_administrateur(maison: Maison) -> None:
    with maison.club.ecriture() as session:
        session.execute(update(Compte).where(Compte.email == f"{Role.ELU}@essai.fr").values(role=Role.ADMINISTRATEUR, membre=None))


def renommer_elu(maison: Maison) -> None:
    with maison.club.ecriture() as session:
        session.execute(update(Compte).where(Compte.email == f"{Role.ELU}@essai.fr").values(role=Role.ELU, membre=TOUVRE))


def partager(maison: Maison) -> None:
    membres.partager_lignes(maison, CLAVIER, TOUVRE, partagees=True)


def ne_plus_partager(maison: Maison) -> None:
    membres.partager_lignes(maison, CLAVIER, TOUVRE, partagees=False)


def consulter(maison: Maison) -> None:
    with maison.club.ecriture() as session:
        session.add(
            Groupement(
                id="G90",
                numero=90,
                objet="papier",
                coordonnateur=TOUVRE,
                etat=EtatGroupement.EN_CONSULTATION,
                familles={"codes": ["AD01"]},
                cree_le=maintenant(),
                cree_par="essai",
            )
        )


def clore_la_consultation(maison: Maison) -> None:
    with maison.club.ecriture() as session:
        session.delete(session.scalars(select(Groupement).where(Groupement.id == "G90")).one())


@pytest.fixture(params=[ici, ailleurs])
def faire(request: pytest.FixtureRequest) -> Callable[[Maison, Changement], None]:
    choisie: Callable[[Maison, Changement], None] = request.param
    return choisie


Faire = Callable[[Maison, Changement], None]


def test_a_session_closed_is_closed_at_the_next_request(maison: Maison, article: str, servies: list[bool], faire: Faire) -> None:
    elle = client(maison, Role.SECRETAIRE)
    lue_deux_fois(elle, article, servies)
    faire(maison, revoquer)
    assert "Se connecter" in elle.get(article).text


def test_an_account_closed_is_closed_at_the_next_request(maison: Maison, article: str, servies: list[bool], faire: Faire) -> None:
    elu = client(maison, Role.ELU)
    lue_deux_fois(elu, article, servies)
    try:
        faire(maison, fermer_le_compte)
        assert "Se connecter" in elu.get(article).text
    finally:
        rouvrir_le_compte(maison)


def test_another_role_has_other_rights_at_the_next_request(maison: Maison, article: str, servies: list[bool], faire: Faire) -> None:
    elu = client(maison, Role.ELU)
    lue_deux_fois(elu, article, servies)
    try:
        faire(maison, nommer_administrateur)
        assert elu.get(article).status_code == 403
    finally:
        renommer_elu(maison)


def test_lines_no_longer_shared_are_no_longer_seen(maison: Maison, article: str, servies: list[bool], faire: Faire) -> None:
    partager(maison)
    animatrice = client(maison, Role.ANIMATRICE)
    try:
        assert "Touvre" in lue_deux_fois(animatrice, article, servies)
    finally:
        faire(maison, ne_plus_partager)
    assert "Touvre" not in animatrice.get(article).text


def test_a_consultation_hides_prices_at_the_next_request_and_its_end_gives_them_back(
    maison: Maison, article: str, servies: list[bool], faire: Faire
) -> None:
    elle = client(maison, Role.SECRETAIRE)
    avant = lue_deux_fois(elle, article, servies)
    assert "consultation est en cours" not in avant
    faire(maison, consulter)
    try:
        pendant = lue_deux_fois(elle, article, servies)
        assert "consultation est en cours" in pendant
    finally:
        faire(maison, clore_la_consultation)
    assert elle.get(article).text == avant


def test_a_session_is_not_given_pages_past_its_time(
    maison: Maison, article: str, servies: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    elle = client(maison, Role.SECRETAIRE)
    lue_deux_fois(elle, article, servies)
    plus_tard = maintenant() + timedelta(hours=maison.settings.session_heures)
    for module in (raccourcis, presence, connexion):
        monkeypatch.setattr(module, "maintenant", lambda: plus_tard)
    assert "Se connecter" in elle.get(article).text


def test_reading_does_not_write_but_once_a_minute_for_all(
    maison: Maison, article: str, servies: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    lectrices = [client(maison, Role.SECRETAIRE) for _ in range(3)]
    for elle in lectrices:
        lue_deux_fois(elle, article, servies)
    etat = maison.club.souvenirs.etat()
    for elle in lectrices * 3:
        elle.get(article)
    assert maison.club.souvenirs.etat() == etat
    minute = maintenant() + timedelta(seconds=61)
    for module in (raccourcis, presence):
        monkeypatch.setattr(module, "maintenant", lambda: minute)
    lectrices[0].get(article)
    assert maison.club.souvenirs.etat() != etat
    with maison.club.lecture() as session:
        jetons = [connexion.hacher_jeton(str(elle.cookies.get(COOKIE))) for elle in lectrices]
        vues = session.scalars(select(SessionOuverte.vue_le).where(SessionOuverte.jeton.in_(jetons))).all()
    assert len(vues) == 3
    assert max(vues) == minute
    assert all(vue >= minute - timedelta(seconds=120) for vue in vues)


def test_nobody_is_given_the_page_of_another(maison: Maison, article: str, servies: list[bool]) -> None:
    touvre, angouleme = client(maison, Role.SECRETAIRE), client(maison, Role.SECRETAIRE, "secretaire.angouleme@essai.fr")
    pages = [lue_deux_fois(elle, article, servies) for elle in (touvre, angouleme)]
    prix = [re.search(r'class="chapeau">([^<]*)', page) for page in pages]
    assert prix[0] is not None
    assert prix[1] is not None
    assert prix[0].group(1) != prix[1].group(1)
    inconnue = TestClient(touvre.app, headers=touvre.headers, follow_redirects=True)
    inconnue.cookies.set(COOKIE, connexion.connecter(maison, f"{Role.ADMINISTRATEUR}@essai.fr", MOT_DE_PASSE, adresse="192.0.2.1"))
    assert inconnue.get(article).status_code == 403


def test_the_texts_kept_are_bounded_by_their_size(monkeypatch: pytest.MonkeyPatch, maison: Maison) -> None:
    monkeypatch.setattr(raccourcis, "OCTETS_GARDES", 1000)
    gardes = Raccourcis()
    observatoire_la = fichier(maison.observatoire)
    for rang in range(50):
        etat = maison.club.souvenirs.etat()
        assert etat is not None
        gardes.garder(
            ("", b"", f"/{rang}", b""), Raccourci(etat, observatoire_la, "x", maintenant() + timedelta(minutes=1), b"x" * (100 + rang))
        )
    assert gardes.trouver(maison, ("", b"", "/0", b"")) is None
    assert gardes.trouver(maison, ("", b"", "/49", b"")) == b"x" * 149
    assert gardes._octets == sum(len(garde.texte) for garde in gardes._gardes.values()) <= 1000
