"""What a file says is text everywhere: no label becomes a script in a page, a formula in a workbook, a tag or a template in an act."""

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import openpyxl
import pytest
from fastapi.testclient import TestClient

from analytics.actes import apercu_html, rediger_convention
from api import porte
from api.club.magasin import maintenant
from api.maison import Maison
from api.services import exports, groupements, imports, membres, observatoire
from api.services.groupements import Projet
from api.services.membres import NouveauMembre
from ingest.vocabulaire import NatureMembre, Role
from tests.api.monde import client, monde
from tests.api.outils import ANGOULEME, CLAVIER, FLEAC, MORNAC, TOUVRE, ecrire, ligne

SIRENS = (TOUVRE, FLEAC, MORNAC, ANGOULEME)
LIBELLE = 'RAMETTE "><img src=x onerror=alert(2)></text></svg><svg onload=alert(3)> A4 80G 500 FEUILLES'
FORMULE = '=HYPERLINK(""http://exemple.invalid"",""x"")'
NOM = "CCAS <script>alert(4)</script> {{ 7 * 7 }} {% raw %} | **gras** [lien](http://exemple.invalid)"
CCAS = "269900155"
VIVANT = re.compile(r"<script>alert|<img src=x|<svg onload|<i>SARL")
QUESTIONS = (
    '?q=<script>alert(5)</script>&recherche="><script>alert(5)</script>&membre="><script>alert(6)</script>&famille=<svg onload=alert(7)>'
)


@pytest.fixture(scope="module")
def maison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maison]:
    dossier = tmp_path_factory.mktemp("injections")
    with monde(dossier) as ouverte:
        for rang, siren in enumerate(SIRENS):
            lignes = [ligne(f"1{jour}/03/2025", LIBELLE, 5, "4,00", f"=cmd|'/C calc'!A0 <i>SARL</i> {rang}") for jour in range(3)]
            lignes.append(ligne("12/04/2025", f'"{FORMULE}"', 5, "4,00", "@SUM(1)"))
            nom = f"<img src=x onerror=alert(9)>{rang}.csv"
            imports.importer(ouverte, CLAVIER, siren, ecrire(dossier / nom, lignes))
            membres.partager_lignes(ouverte, CLAVIER, siren, partagees=True)
        membres.ajouter(ouverte, CLAVIER, [NouveauMembre(CCAS, NOM, NatureMembre.CCAS, adresse="<b>1</b> rue =1+1")])
        imports.importer(ouverte, CLAVIER, CCAS, ecrire(dossier / "ccas.csv", [ligne("12/03/2025", LIBELLE, 5, "4,00")]))
        observatoire.construire(ouverte)
        yield ouverte


def familles(maison: Maison) -> tuple[str, ...]:
    with observatoire.lecture(maison) as curseur:
        lues = curseur.execute("SELECT DISTINCT famille FROM lignes WHERE libelle LIKE '%onerror%'").fetchall()
    return tuple(famille for (famille,) in lues)


@pytest.fixture(scope="module")
def groupement(maison: Maison) -> str:
    projet = Projet(
        objet="l’achat de <script>alert(8)</script> {{ 7 * 7 }}",
        familles=familles(maison),
        membres=(*SIRENS, CCAS),
        coordonnateur=ANGOULEME,
        date_droit=maintenant().date(),
    )
    return groupements.former(maison, CLAVIER, projet).id


def adresses(maison: Maison, entre: TestClient) -> Iterator[str]:
    with observatoire.lecture(maison) as curseur:
        articles = [article for (article,) in curseur.sql("SELECT article_id FROM articles").fetchall()]
    valeurs = {
        "article_id": articles,
        "famille": familles(maison),
        "code": familles(maison),
        "depot": ["D0007", "D0010"],
        "identifiant": ["G1"],
        "groupement": ["G1"],
        "siren": [TOUVRE, CCAS],
        "membre": [TOUVRE, CCAS],
        "acte": ["convention", "deliberation"],
    }
    for chemin, methodes, _ in porte.permissions_des_routes(entre.app):  # type: ignore[arg-type]
        if "GET" in methodes:
            trous = re.findall(r"{(\w+)(?::\w+)?}", chemin)
            troue = re.sub(r"{(\w+):\w+}", r"{\1}", chemin)
            for choix in product(*(valeurs.get(trou, ["2", "D0007"]) for trou in trous)):
                yield troue.format(**dict(zip(trous, choix, strict=True)))


@pytest.mark.parametrize("role", [Role.ANIMATRICE, Role.SECRETAIRE])
@pytest.mark.usefixtures("groupement")
def test_no_text_of_a_file_nor_of_an_address_becomes_a_tag_of_a_page(maison: Maison, role: Role) -> None:
    entre = client(maison, role)
    vivants, vus = [], 0
    for adresse in adresses(maison, entre):
        for demande in (adresse, adresse + QUESTIONS):
            reponse = entre.get(demande)
            assert reponse.status_code < 500, demande
            if "text/html" in reponse.headers.get("content-type", ""):
                vus += "onerror" in reponse.text
                vivants += [demande] if VIVANT.search(reponse.text) else []
    assert vivants == []
    assert vus > 5, "the hostile label was shown somewhere"


def test_no_cell_of_a_workbook_is_a_formula(maison: Maison, tmp_path: Path) -> None:
    for quoi in ("lignes", "articles", "observatoire"):
        chemin = tmp_path / f"{quoi}.xlsx"
        exports.exporter(maison, CLAVIER, quoi, "xlsx", chemin)
        livre = openpyxl.load_workbook(chemin)
        cellules = [cellule for feuille in livre for rangee in feuille.iter_rows() for cellule in rangee]
        assert cellules
        assert [cellule.coordinate for cellule in cellules if cellule.data_type == "f" or cellule.hyperlink] == []


def test_no_cell_of_a_text_export_is_taken_for_a_formula_by_a_spreadsheet(maison: Maison, tmp_path: Path) -> None:
    chemin = tmp_path / "lignes.csv"
    exports.exporter(maison, CLAVIER, "lignes", "csv", chemin)
    texte = chemin.read_text(encoding="utf-8-sig")
    assert "HYPERLINK" in texte
    assert not re.search(r'(^|[;,])"?[=@]', texte, re.MULTILINE)


def test_names_and_labels_are_text_in_the_acts(maison: Maison, groupement: str, tmp_path: Path) -> None:
    donnees = groupements.donnees_de(maison, CLAVIER, groupement)
    page = apercu_html(donnees, donnees.date_droit)
    assert not VIVANT.search(page)
    assert "&lt;script&gt;alert(4)&lt;/script&gt; {{ 7 * 7 }}" in page
    docx = next(chemin for chemin in rediger_convention(donnees, tmp_path, donnees.date_droit) if chemin.suffix == ".docx")
    with zipfile.ZipFile(io.BytesIO(docx.read_bytes())) as archive:
        corps = archive.read("word/document.xml").decode()
        liens = archive.read("word/_rels/document.xml.rels").decode()
    assert "&lt;script&gt;alert(4)&lt;/script&gt;" in corps
    assert "{{ 7 * 7 }}" in corps
    assert "exemple.invalid" not in liens
