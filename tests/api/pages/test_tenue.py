"""What every page around the dépôts owes its reader: plain French, a name on every field, headings in order, nothing of the machine."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup, Tag

from api.maison import maison_ouverte
from api.settings import Settings
from ingest.vocabulaire import Role
from tests.api.outils import FLEAC, ligne, peupler
from tests.api.pages.navigateur import Navigateur
from tests.api.pages.test_depots import FAUX_TOTAL, LETTRE_O, RAMETTE, fichier

PAGES = (
    "/",
    "/depots",
    "/depots/D0001",
    "/depots/D0001/lignes?statut=retenue",
    "/depots/D0001/a-corriger",
    "/depots/D0002",
    "/depots/D0002/colonnes",
    "/depots/D0003",
    "/taches",
    "/modele",
    "/correspondances",
    "/membres",
)
MACHINE = re.compile(
    r"\b(encod\w*|utf|uuid|null|none|true|false|pars\w+|upload\w*|error|undefined|json|sqlite|nan|a_corriger|base_taxe|ht_ou_ttc)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def secretaire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Navigateur]:
    with maison_ouverte(Settings(donnees=tmp_path_factory.mktemp("tenue") / "donnees"), creer=True) as maison:
        peupler(maison)
        presente = Navigateur(maison, Role.SECRETAIRE, FLEAC)
        presente.deposer(("a.csv", fichier(RAMETTE, LETTRE_O, FAUX_TOTAL, ";;;TOTAL;;;;35,00;")))
        presente.envoyer("/depots/D0001/enregistrer", {"version": presente.champ("version")})
        presente.deposer(("b.csv", fichier(RAMETTE, ligne("13/03/2025", "STYLO", 4, "3,50"))))
        presente.envoyer("/depots", {}, [("fichiers", ("c.csv", fichier(RAMETTE)))])
        yield presente


@pytest.mark.parametrize("adresse", PAGES)
def test_a_page_is_whole_french_and_named(secretaire: Navigateur, adresse: str) -> None:
    texte = secretaire.ouvrir(adresse)
    assert secretaire.reponse.status_code == 200
    page = secretaire.page
    assert page.html is not None
    assert page.html["lang"] == "fr"
    assert len(page.find_all("h1")) == 1
    assert not MACHINE.findall(texte)
    assert not MACHINE.findall(" ".join(str(trouve["aria-label"]) for trouve in page.select("[aria-label]")))
    assert niveaux_sautes(page) == []
    assert [str(champ) for champ in page.select("main input, main select, main textarea") if not a_un_nom(page, champ)] == []
    assert [str(table)[:80] for table in page.select("main table") if not table.select("th[scope]")] == []
    identifiants = [str(trouve["id"]) for trouve in page.select("[id]")]
    assert sorted(set(identifiants)) == sorted(identifiants)


def niveaux_sautes(page: BeautifulSoup) -> list[str]:
    """Headings that go down by more than one level."""
    niveaux = [(int(titre.name[1]), titre.get_text()) for titre in page.find_all(["h1", "h2", "h3", "h4"])]
    return [texte for (avant, _), (niveau, texte) in pairwise(niveaux) if niveau > avant + 1]


def a_un_nom(page: BeautifulSoup, champ: Tag) -> bool:
    """Whether a person who does not see the page is told what the field is."""
    if champ.get("type") == "hidden" or champ.get("aria-label"):
        return True
    return champ.find_parent("label") is not None or bool(page.select(f'label[for="{champ.get("id")}"]'))


def test_the_list_is_of_one_membre_when_asked(secretaire: Navigateur) -> None:
    assert "a.csv" in secretaire.ouvrir(f"/depots?membre={FLEAC}")
    secretaire.ouvrir("/depots?membre=211600150")
    assert secretaire.reponse.status_code == 404
