"""What leaves the pages: the workbook, the page of a commune, the drawings; never more than the reader may see."""

import struct
from io import BytesIO

import pypdf
import pytest
from fastapi.testclient import TestClient
from lxml import etree
from openpyxl import load_workbook

from api.maison import Maison
from ingest.vocabulaire import Role
from tests.api.monde import PAPIER, client
from tests.api.pages.test_observatoire import adresse_de, soupe


def test_the_page_of_a_commune_leaves_from_the_observatoire(secretaire: TestClient) -> None:
    lien = soupe(secretaire, "/observatoire?periode=2025").find("a", string="Notre fiche d’une page (PDF)")
    assert lien is not None
    reponse = secretaire.get(str(lien["href"]))
    assert reponse.headers["content-type"] == "application/pdf"
    lues = pypdf.PdfReader(BytesIO(reponse.content)).pages
    assert len(lues) == 1
    assert "Touvre" in lues[0].extract_text()


def test_the_workbook_shows_the_reader_her_position_and_no_other(secretaire: TestClient) -> None:
    lien = soupe(secretaire, "/observatoire?periode=2025").find("a", string="Classeur Excel, avec graphiques")
    assert lien is not None
    classeur = load_workbook(BytesIO(secretaire.get(str(lien["href"])).content))
    assert classeur.sheetnames[0] == "Ma position"
    assert classeur["Ma position"]["D2"].value == pytest.approx(6 / 500)
    assert "Sources et méthode" in classeur.sheetnames


def test_the_animatrice_speaks_for_no_membre_and_has_no_page_of_one(animatrice: TestClient) -> None:
    adresses = [lien["href"] for lien in soupe(animatrice, "/observatoire").select(".actions a")]
    assert any(str(adresse).startswith("/observatoire/classeur.xlsx") for adresse in adresses)
    assert not any("fiche" in str(adresse) for adresse in adresses)
    refus = animatrice.get("/observatoire/fiche.pdf")
    assert refus.status_code in (400, 422)
    assert "La fiche est celle d" in refus.text


def test_documents_are_closed_to_the_administrateur_and_to_nobody(maison: Maison) -> None:
    administrateur = client(maison, Role.ADMINISTRATEUR)
    for adresse in ("/observatoire/fiche.pdf", "/observatoire/classeur.xlsx"):
        assert administrateur.get(adresse).status_code == 403


def test_a_drawing_leaves_as_a_picture_with_its_words(secretaire: TestClient) -> None:
    page = soupe(secretaire, adresse_de(secretaire, PAPIER))
    lien = page.select_one("figure.dessin a[download]")
    assert lien is not None
    reponse = secretaire.get(str(lien["href"]))
    assert reponse.headers["content-type"].startswith("image/svg+xml")
    assert reponse.headers["content-disposition"] == 'attachment; filename="mercuriale-repartition.svg"'
    dit = " ".join(" ".join(etree.fromstring(reponse.content).itertext()).split())
    assert "6 membres" in dit
    assert "vous : 6,00" in dit


def test_a_picture_is_the_one_of_who_asks(secretaire: TestClient, animatrice: TestClient) -> None:
    adresse = adresse_de(secretaire, PAPIER) + "&image=repartition"
    assert "vous\u00a0: 6,00" in secretaire.get(adresse).text
    assert "vous\u00a0:" not in animatrice.get(adresse).text


def test_a_drawing_that_is_not_there_is_not_found(secretaire: TestClient) -> None:
    reponse = secretaire.get(adresse_de(secretaire, PAPIER) + "&image=inconnue")
    assert reponse.status_code == 404
    assert "Cette image n’existe pas" in reponse.text


def test_a_drawing_also_leaves_as_dots_the_same_and_of_who_asks(secretaire: TestClient, animatrice: TestClient) -> None:
    adresse = adresse_de(secretaire, PAPIER)
    lien = soupe(secretaire, adresse).select("figure.dessin a[download]")[1]
    reponse = secretaire.get(str(lien["href"]))
    assert (reponse.headers["content-type"], reponse.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert reponse.headers["content-disposition"] == 'attachment; filename="mercuriale-repartition.png"'
    largeur, hauteur = struct.unpack(">II", reponse.content[16:24])
    dessin = etree.fromstring(secretaire.get(adresse + "&image=repartition").content)
    assert (largeur, hauteur) == (2 * int(dessin.get("width")), 2 * int(dessin.get("height")))
    assert animatrice.get(adresse + "&image=repartition.png").content != reponse.content
