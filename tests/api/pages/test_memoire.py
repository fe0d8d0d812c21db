"""A page kept in memory is never another reader's, never an older observatoire's."""

import re

from fastapi.testclient import TestClient

from analytics.decisions import Sujet
from api.maison import Maison
from api.pages import memoire
from api.pages.aide import PageAide
from api.services import decisions, membres, observatoire
from tests.api.monde import PAPIER
from tests.api.outils import CLAVIER, TOUVRE


def chapeau(client: TestClient, adresse: str = "/observatoire?periode=2025") -> str:
    trouve = re.search(r'class="chapeau">([^<]*)', client.get(adresse).text)
    assert trouve
    return trouve.group(1)


def test_two_readers_never_share_a_page_they_may_not_see_alike(secretaire: TestClient, angouleme: TestClient) -> None:
    assert chapeau(secretaire) != chapeau(angouleme)
    assert chapeau(secretaire) == chapeau(secretaire)


def test_sharing_lines_changes_what_is_kept(maison: Maison, animatrice: TestClient) -> None:
    (adresse,) = set(re.findall(r"/observatoire/articles/AD01-\w+", animatrice.get("/observatoire?recherche=papier&periode=2025").text))
    assert "Touvre" not in animatrice.get(adresse).text
    membres.partager_lignes(maison, CLAVIER, TOUVRE, partagees=True)
    assert "Touvre" in animatrice.get(adresse).text
    membres.partager_lignes(maison, CLAVIER, TOUVRE, partagees=False)
    assert "Touvre" not in animatrice.get(adresse).text


def test_a_new_observatoire_forgets_the_pages_of_the_former(maison: Maison, secretaire: TestClient) -> None:
    avant = secretaire.get("/observatoire?periode=2025").text
    assert PAPIER.split()[0].lower() in avant.lower()
    with observatoire.lecture(maison) as curseur:
        (article,) = curseur.sql("SELECT article_id FROM articles WHERE nb_membres = 6").fetchall()[0]
    decision = decisions.decider(maison, CLAVIER, Sujet.ARTICLE_RENOMMER, article, {"libelle": "Ramette renommée"})
    try:
        observatoire.construire(maison)
        assert "Ramette renommée" in secretaire.get("/observatoire?periode=2025").text
    finally:
        decisions.annuler(maison, CLAVIER, decision.id)
        observatoire.construire(maison)
    assert "Ramette renommée" not in secretaire.get("/observatoire?periode=2025").text


def test_what_is_kept_is_bounded() -> None:
    for rang in range(memoire.TAILLE + 5):
        memoire._garder(("essai", rang), PageAide(titre="Aide"))
    assert len(memoire._pages) == memoire.TAILLE
