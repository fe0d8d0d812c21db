from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.maison import Maison, maison_ouverte
from api.services import depots
from api.settings import Settings
from ingest.vocabulaire import Role
from tests.api.outils import CLAVIER, FLEAC, peupler
from tests.api.pages.navigateur import Navigateur
from tests.api.services.test_relectures import lu_par_d_anciennes_regles, publier

Lancer = Callable[..., tuple[int, str, str]]


@pytest.fixture
def maison(tmp_path: Path) -> Iterator[Maison]:
    with maison_ouverte(Settings(donnees=tmp_path / "donnees"), creer=True) as ouverte:
        peupler(ouverte)
        yield ouverte


def test_the_animatrice_sees_what_changes_reads_again_and_goes_back(maison: Maison, tmp_path: Path) -> None:
    animatrice = Navigateur(maison, Role.ANIMATRICE)
    assert "Tous les dépôts enregistrés ont été lus avec les règles" in animatrice.ouvrir("/relectures")
    depot = publier(maison, tmp_path)
    lu_par_d_anciennes_regles(maison, depot.id)
    assert "1 dépôt de 1 membre" in animatrice.ouvrir("/relectures")
    assert "Essai de relecture des dépôts" in animatrice.envoyer("/relectures/essai")
    vu = animatrice.attendre()
    assert animatrice.adresse == "/relectures"
    assert "1 ligne changerait. Rien n’est encore fait." in vu
    assert "Fléac 1 2 1 famille : 1 · contenu de l’unité : 1" in vu
    assert depots.depot(maison, CLAVIER, depot.id).lecture == 1
    assert "RAMETTE" not in vu, "figures only"
    animatrice.envoyer("/relectures")
    assert "1 ligne a changé." in animatrice.attendre()
    assert "1 dépôt peut reprendre la lecture d’avant" in animatrice.texte
    assert "Les lectures d’avant sont reprises" in animatrice.envoyer("/relectures/annuler")
    assert "1 dépôt de 1 membre" in animatrice.texte


def test_a_secretaire_has_no_such_page_and_the_result_of_another_work_is_none(maison: Maison, tmp_path: Path) -> None:
    secretaire = Navigateur(maison, Role.SECRETAIRE, FLEAC)
    secretaire.ouvrir("/relectures")
    assert secretaire.reponse.status_code == 403
    publier(maison, tmp_path)
    animatrice = Navigateur(maison, Role.ANIMATRICE)
    for adresse in ("/relectures?travail=1", "/relectures?travail=99"):
        animatrice.ouvrir(adresse)
        assert animatrice.reponse.status_code == 404
