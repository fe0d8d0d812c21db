import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.maison import Maison, maison_ouverte
from api.pages.correspondances import FORME, lire
from api.services import membres
from api.settings import Settings
from ingest.erreurs import Refus
from ingest.vocabulaire import Role
from tests.api.outils import CLAVIER, ENTETE, FLEAC, MORNAC, ligne, peupler
from tests.api.pages.navigateur import Navigateur
from tests.api.pages.test_depots import RAMETTE, enregistrer, fichier

TOTAL = ";;;TOTAL GENERAL;;;;35,00;"


@pytest.fixture
def maison(tmp_path: Path) -> Iterator[Maison]:
    with maison_ouverte(Settings(donnees=tmp_path / "donnees"), creer=True) as ouverte:
        peupler(ouverte)
        yield ouverte


@pytest.fixture
def secretaire(maison: Maison) -> Navigateur:
    return Navigateur(maison, Role.SECRETAIRE, FLEAC)


def test_every_line_of_a_depot_is_found_under_what_became_of_it(secretaire: Navigateur) -> None:
    secretaire.deposer(("a.csv", fichier(RAMETTE, TOTAL)))
    enregistrer(secretaire)
    assert "RAMETTE A4 80G 500 FEUILLES 10 ramette 3,50 € 35,00 €" in secretaire.ouvrir("/depots/D0001/lignes?statut=retenue")
    ecartees = secretaire.ouvrir("/depots/D0001/lignes?statut=ecartee")
    assert "1 ligne écartée : la règle est dite en face." in ecartees
    assert "Ligne de total, de sous-total ou de report" in ecartees
    secretaire.deposer(("b.csv", fichier(RAMETTE)))
    enregistrer(secretaire, "D0002")
    assert "1 ligne déjà dans un dépôt précédent" in secretaire.ouvrir("/depots/D0002/lignes?statut=identique")
    assert "Aucune ligne dans ce cas." in secretaire.ouvrir("/depots/D0002/lignes")


def telecharger(secretaire: Navigateur, adresse: str) -> list[list[str]]:
    contenu = secretaire.client.get(adresse).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(contenu), delimiter=";"))


def test_lines_set_aside_leave_as_they_were_with_the_rule_that_did_it(secretaire: Navigateur) -> None:
    secretaire.deposer(("a.csv", fichier(RAMETTE, TOTAL)))
    enregistrer(secretaire)
    entetes, total = telecharger(secretaire, "/depots/D0001/lignes.csv?statut=ecartee")
    assert entetes == ["Feuille ou fichier", "Ligne", *ENTETE.split(";"), "Pourquoi"]
    assert total == ["", "3", *TOTAL.split(";"), "Ligne de total, de sous-total ou de report"]
    corrige = RAMETTE.replace("3,50;35,00", "3,60;36,00")
    secretaire.deposer(("b.csv", fichier(corrige)))
    enregistrer(secretaire, "D0002", doublons="remplacer")
    remplacee = telecharger(secretaire, "/depots/D0001/lignes.csv?statut=ecartee")[1]
    assert remplacee[-1] == "Remplacée par une ligne d’un dépôt plus récent"
    assert remplacee[2:-1] == ["12/03/2025", "PAPETERIE MARTIN", "", "RAMETTE A4 80G 500 FEUILLES", "10", "ramette", "3,5", "35", "20"]
    assert secretaire.client.get("/depots/D0001/lignes.xlsx?statut=ecartee").content[:2] == b"PK"
    assert secretaire.client.get("/depots/D0001/lignes.pdf?statut=ecartee").status_code == 404


def test_lines_already_there_are_seen_before_and_after_publishing_and_leave_in_a_file(secretaire: Navigateur) -> None:
    secretaire.deposer(("a.csv", fichier(RAMETTE)))
    enregistrer(secretaire)
    secretaire.deposer(("b.csv", fichier(RAMETTE, ligne("13/03/2025", "GOMME", 1, "2,00"))))
    for moment in ("before", "after"):
        if moment == "after":
            enregistrer(secretaire, "D0002")
        assert "1 ligne déjà dans un dépôt précédent" in secretaire.ouvrir("/depots/D0002/lignes?statut=identique")
        entetes, *lignes = telecharger(secretaire, "/depots/D0002/lignes.csv?statut=identique")
        assert [dict(zip(entetes, rangee, strict=True))["Désignation"] for rangee in lignes] == ["RAMETTE A4 80G 500 FEUILLES"]
        assert len(telecharger(secretaire, "/depots/D0002/lignes.csv?statut=retenue")) == 2


def test_a_line_that_would_run_in_a_spreadsheet_leaves_harmless(secretaire: Navigateur) -> None:
    secretaire.deposer(("a.csv", fichier(RAMETTE, ";;;=TOTAL();;;;35,00;", ";;;TOTAL =cmd;;;;35,00;")))
    cellules = [cellule for rangee in telecharger(secretaire, "/depots/D0001/lignes.csv?statut=ecartee") for cellule in rangee]
    assert not [cellule for cellule in cellules if cellule[:1] in "=+-@" and cellule]


def test_the_template_is_offered_and_comes_back_as_it_is(secretaire: Navigateur) -> None:
    vu = secretaire.ouvrir("/modele")
    assert "Désignation obligatoire" in vu
    modele = secretaire.client.get("/modele.xlsx")
    assert modele.headers["content-type"].startswith("application/vnd.openxmlformats")
    assert "1 ligne lue : aucune à créer et 1 écartée." in secretaire.deposer(("modele.xlsx", modele.content))
    assert secretaire.client.get("/modele.csv").content.startswith(b"\xef\xbb\xbfDate;")
    assert secretaire.client.get("/modele.pdf").status_code == 404


def test_answers_for_a_software_go_from_one_membre_to_another(secretaire: Navigateur, maison: Maison) -> None:
    contenu = fichier("12/03/2025;MARTIN;RAMETTE A4;10;3,60;36,00", entete="Date;Fournisseur;Libellé;Qté;PU;Montant")
    secretaire.deposer(("a.csv", contenu))
    secretaire.envoyer("/depots/D0001/colonnes", {"base_taxe": "ht", "logiciel": "Compta+"})
    secretaire.attendre()
    autre = Navigateur(maison, Role.SECRETAIRE, MORNAC)
    assert "Compta+ 1 forme de fichier" in autre.ouvrir("/correspondances")
    assert "sont reprises" in autre.envoyer("/correspondances/reprendre", {"logiciel": "Compta+"})
    autre.deposer(("b.csv", contenu))
    assert autre.adresse == "/depots/D0002"
    assert "Prix unitaire HT (confirmé par vous)" in autre.texte


def test_answers_for_a_software_travel_in_a_file(secretaire: Navigateur, maison: Maison) -> None:
    contenu = fichier("12/03/2025;MARTIN;RAMETTE A4;10;3,60;36,00", entete="Date;Fournisseur;Libellé;Qté;PU;Montant")
    secretaire.deposer(("a.csv", contenu))
    secretaire.envoyer("/depots/D0001/colonnes", {"base_taxe": "ht", "logiciel": "Compta+"})
    secretaire.attendre()
    emporte = secretaire.client.get("/correspondances/fichier?logiciel=Compta%2B").content
    assert json.loads(emporte)["logiciel"] == "Compta+"
    assert FLEAC.encode() not in emporte
    autre = Navigateur(maison, Role.SECRETAIRE, MORNAC)
    assert "sont reprises" in autre.envoyer("/correspondances", {}, {"fichier": ("c.json", emporte)})


@pytest.mark.parametrize("faux", [b"", b"PK\x03\x04", b"[1]", b'{"forme": "autre"}', b"[" * 5000, b"x" * 1_000_001])
def test_another_file_is_refused_in_words(secretaire: Navigateur, maison: Maison, faux: bytes) -> None:
    vu = secretaire.envoyer("/correspondances", {}, {"fichier": ("c.json", faux)})
    assert secretaire.reponse.status_code == 422
    assert "fichier de correspondances" in vu


def test_a_territory_enters_by_its_name(tmp_path: Path) -> None:
    with maison_ouverte(Settings(donnees=tmp_path / "vide"), creer=True) as vide:
        animatrice = Navigateur(vide, Role.ANIMATRICE)
        assert "Choisir votre territoire" in animatrice.ouvrir("/")
        vu = animatrice.envoyer("/membres/territoire", {"epci": "pays"})
        assert animatrice.reponse.status_code == 422
        assert "Est-ce l’un de ceux-ci ?" in vu
        vu = animatrice.envoyer("/membres/territoire", {"epci": "Grand Angoulême"})
        assert "sont maintenant membres du club" in vu
        assert "Touvre" in vu
        assert len(membres.lister(vide, CLAVIER)) == 39
        assert "Faire entrer tout un territoire" not in vu


def test_home_says_what_waits_in_order(secretaire: Navigateur) -> None:
    assert "Bonjour. Une chose vous attend." in secretaire.ouvrir("/")
    assert "Déposer vos achats" in secretaire.texte
    faute = ligne("15/05/2025", "GOMME", 1, "3,70").replace(";1;", ";1O;", 1)
    secretaire.deposer(("a.csv", fichier(RAMETTE, faute)))
    assert "Confirmer la lecture de « a.csv »" in secretaire.ouvrir("/")
    enregistrer(secretaire)
    vu = secretaire.ouvrir("/")
    assert "1 ligne à corriger dans « a.csv »" in vu
    assert "1 fichier enregistré, 1 ligne retenue" in vu


def test_a_foreign_mapping_file_names_no_unknown_field() -> None:
    lu = json.dumps({"forme": FORME, "logiciel": "X" * 200, "correspondances": {"s": {"A": "libelle", "B": "mot_de_passe"}}})
    assert lire(lu.encode()) == ("X" * 80, {"s": {"A": "libelle"}})
    with pytest.raises(Refus, match="Redemandez-le"):
        lire(b'{"forme": "mercuriale-correspondances-1", "logiciel": "x", "correspondances": [1]}')
