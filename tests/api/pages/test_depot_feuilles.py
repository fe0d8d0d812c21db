import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from api.maison import Maison, maison_ouverte
from api.services import depots, imports
from api.services.imports import Reponses
from api.settings import Settings
from ingest.erreurs import Refus
from ingest.vocabulaire import Role
from tests.api.outils import CLAVIER, ENTETE, FLEAC, ecrire, ligne, peupler
from tests.api.pages.navigateur import Navigateur

FACTURES = [ENTETE.split(";"), *(ligne(f"{jour}/03/2025", "RAMETTE A4", 10, "3,50").split(";") for jour in (10, 11, 12, 13))]
MANDATS = [["Date", "Mandat", "Tiers", "Objet", "Montant TTC"], ["10/03/2025", "12", "PAPETERIE MARTIN", "RAMETTES", "42,00"]]
NOTES = [["Lisez-moi"], ["Ceci est le classeur des achats"], ["NIR 1 85 05 78 006 084 91"]]


@pytest.fixture
def maison(tmp_path: Path) -> Iterator[Maison]:
    with maison_ouverte(Settings(donnees=tmp_path / "donnees"), creer=True) as ouverte:
        peupler(ouverte)
        yield ouverte


@pytest.fixture
def secretaire(maison: Maison) -> Navigateur:
    return Navigateur(maison, Role.SECRETAIRE, FLEAC)


def classeur(feuilles: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    tampon = io.BytesIO()
    with xlsxwriter.Workbook(tampon) as livre:
        for nom, rangees in feuilles.items():
            feuille = livre.add_worksheet(nom)
            for numero, rangee in enumerate(rangees):
                feuille.write_row(numero, 0, rangee)
    return tampon.getvalue()


def test_two_sheets_that_tell_of_purchases_differently_are_asked_about(secretaire: Navigateur, maison: Maison) -> None:
    vu = secretaire.deposer(("a.xlsx", classeur({"Factures": FACTURES, "Mandats": MANDATS, "Notes": NOTES})))
    assert secretaire.adresse == "/depots/D0001/feuilles"
    assert "« Factures », « Mandats » ressemblent toutes à des achats" in vu
    assert "3 tableaux" in vu
    assert "12/03/2025 PAPETERIE MARTIN" in vu
    assert "13/03/2025" not in vu, "three lines are enough to recognise a sheet"
    assert "006 084" not in secretaire.reponse.text, "a personal number is never shown"
    coches = [str(case["value"]) for case in secretaire.page.select("input[name=feuille][checked]")]
    assert coches == ["0", "1"], "what looks like purchases is ticked"
    with pytest.raises(Refus, match="Lesquelles faut-il lire"):
        depots.enregistrer(maison, CLAVIER, "D0001")
    secretaire.envoyer("/depots/D0001/feuilles", {"feuille": ["0"]})
    assert "4 lignes lues : 4 à créer." in secretaire.attendre()
    assert "Factures : lue Mandats : laissée de côté Notes : laissée de côté" in secretaire.texte
    assert "Notes » n’a pas été retenue" in secretaire.texte


def test_the_choice_is_kept_for_this_depot_and_can_be_changed(secretaire: Navigateur, maison: Maison) -> None:
    secretaire.deposer(("a.xlsx", classeur({"Factures": FACTURES, "Mandats": MANDATS})))
    secretaire.envoyer("/depots/D0001/feuilles", {"feuille": ["1"]})
    assert "1 ligne lue : 1 à créer." in secretaire.attendre()
    secretaire.envoyer("/depots/D0001/colonnes", {})
    assert "1 ligne lue" in secretaire.attendre(), "columns confirmed later do not bring the other sheet back"
    assert "Mandats" in secretaire.ouvrir("/depots/D0001/feuilles")
    secretaire.envoyer("/depots/D0001/feuilles", {"feuille": ["0", "1"]})
    assert "5 lignes lues" in secretaire.attendre()
    assert depots.depot(maison, CLAVIER, "D0001").reglages["origines"] == ["Factures", "Mandats"]


def test_nothing_ticked_or_a_foreign_rank_reads_nothing(secretaire: Navigateur, maison: Maison) -> None:
    secretaire.deposer(("a.xlsx", classeur({"Factures": FACTURES, "Mandats": MANDATS})))
    for envoi in ({}, {"feuille": ["7", "x"]}):
        assert "Cochez au moins une feuille" in secretaire.envoyer("/depots/D0001/feuilles", envoi)
        assert secretaire.reponse.status_code == 422
    assert depots.depot(maison, CLAVIER, "D0001").lecture == 1


def test_a_sheet_left_out_by_itself_may_be_asked_for(secretaire: Navigateur, maison: Maison) -> None:
    autre = [["Code", "Valeur", "Signe"], ["A", "12", "+"], ["B", "13", "-"]]
    secretaire.deposer(("a.xlsx", classeur({"Factures": FACTURES, "Table": autre})))
    assert secretaire.adresse == "/depots/D0001", "one sheet of purchases: nothing to ask"
    secretaire.envoyer("/depots/D0001/feuilles", {"feuille": ["1"]})
    secretaire.attendre()
    assert secretaire.adresse == "/depots/D0001/colonnes", "nobody knows what its columns are: asked, not forgotten"
    assert depots.depot(maison, CLAVIER, "D0001").etat == "a_confirmer"


def test_twelve_sheets_of_one_form_are_twelve_months(secretaire: Navigateur) -> None:
    mois = {f"{rang:02d}-2025": FACTURES for rang in range(1, 13)}
    assert "48 lignes lues" in secretaire.deposer(("a.xlsx", classeur(mois)))
    assert secretaire.adresse == "/depots/D0001"
    assert "12-2025 : lue" in secretaire.texte


def test_the_files_of_an_archive_are_read_whole_and_may_be_chosen(secretaire: Navigateur, tmp_path: Path) -> None:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        archive.writestr("factures.csv", "\r\n".join(";".join(rangee) for rangee in FACTURES))
        archive.writestr("mandats.csv", "\r\n".join(";".join(rangee) for rangee in MANDATS))
        archive.writestr("classeur.xlsx", classeur({"A": FACTURES, "B": FACTURES}))
    vu = secretaire.deposer(("a.zip", tampon.getvalue()))
    assert "13 lignes lues" in vu
    assert "classeur.xlsx / B : lue" in vu
    vu = secretaire.ouvrir("/depots/D0001/feuilles")
    assert "4 tableaux" in vu
    secretaire.envoyer("/depots/D0001/feuilles", {"feuille": ["1"]})
    assert "1 ligne lue" in secretaire.attendre()


def test_the_command_names_the_sheets_and_takes_one(maison: Maison, tmp_path: Path) -> None:
    chemin = tmp_path / "a.xlsx"
    chemin.write_bytes(classeur({"Factures": FACTURES, "Mandats": MANDATS}))
    with pytest.raises(Refus, match="« Factures », « Mandats »"):
        imports.importer(maison, CLAVIER, FLEAC, chemin)
    with pytest.raises(Refus, match=r"n'a pas de feuille « Achats »[.] Ses feuilles : « Factures », « Mandats »"):
        imports.importer(maison, CLAVIER, FLEAC, chemin, reponses=Reponses(origines=("Achats",)))
    depot = imports.importer(maison, CLAVIER, FLEAC, chemin, reponses=Reponses(origines=("Factures",)))
    assert (depot.comptes or {})["lues"] == 4
    with pytest.raises(Refus, match="Il n'en a qu'une"):
        imports.importer(maison, CLAVIER, FLEAC, ecrire(tmp_path / "b.csv", [";".join(FACTURES[1])]), reponses=Reponses(origines=("X",)))
