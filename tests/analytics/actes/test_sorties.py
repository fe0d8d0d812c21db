"""The three outputs of an act say the same text, and the files are real documents: styles, header rows, language, tags."""

import re
from dataclasses import replace
from pathlib import Path

import docx
import pypdf
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from docx.oxml.ns import qn

from analytics.actes import apercu_html, rediger_convention, rediger_deliberations
from analytics.actes.blocs import Tableau, lire_blocs, textes
from analytics.actes.redaction import texte_markdown
from analytics.groupement.donnees import DonneesGroupement


def squeeze(texte: str) -> str:
    return re.sub(r"\s+", "", texte)


@pytest.fixture
def fichiers(donnees: DonneesGroupement, tmp_path: Path) -> tuple[Path, Path]:
    word, pdf = rediger_convention(donnees, tmp_path, donnees.date_droit)
    return word, pdf


@pytest.fixture
def attendus(donnees: DonneesGroupement) -> list[str]:
    return [squeeze(texte) for texte in textes(lire_blocs(texte_markdown(donnees, donnees.date_droit)))]


def docx_texts(chemin: Path) -> list[str]:
    document = docx.Document(str(chemin))
    trouves = [squeeze("".join(noeud.text or "" for noeud in p.iter(qn("w:t")))) for p in document.element.body.iter(qn("w:p"))]
    return [texte for texte in trouves if texte]


def test_docx_says_exactly_the_text(fichiers: tuple[Path, Path], attendus: list[str]) -> None:
    assert docx_texts(fichiers[0]) == attendus


def test_html_says_exactly_the_text(donnees: DonneesGroupement, attendus: list[str]) -> None:
    page = BeautifulSoup(apercu_html(donnees, donnees.date_droit), "html.parser")
    page.footer.extract()
    elements = page.find_all(["h2", "h3", "h4", "h5", "p", "li", "th", "td"])
    assert [squeeze(e.get_text()) for e in elements if squeeze(e.get_text())] == attendus


def test_pdf_says_the_text_in_order(fichiers: tuple[Path, Path], attendus: list[str]) -> None:
    document = pypdfium2.PdfDocument(str(fichiers[1]))
    pages = [document[rang].get_textpage().get_text_range() for rang in range(len(document))]
    # the running footer is the only text of a page that is not of the act
    corps = squeeze("".join(re.sub(r"Convention constitutive du groupement de commandes G7\s+page[\s\S]*$", "", page) for page in pages))
    rang = 0
    for texte in attendus:
        rang = corps.find(texte.replace("\ufffe", ""), rang)
        assert rang >= 0, texte
        rang += len(texte)


def test_pdf_is_tagged_titled_and_french(fichiers: tuple[Path, Path]) -> None:
    lecteur = pypdf.PdfReader(fichiers[1])
    racine = lecteur.trailer["/Root"]
    assert racine["/MarkInfo"]["/Marked"]
    assert racine["/Lang"] == "fr-FR"
    assert lecteur.metadata.title == "Convention constitutive du groupement de commandes G7"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in racine["/Metadata"].get_data()


def test_same_data_give_the_same_pdf(donnees: DonneesGroupement, tmp_path: Path) -> None:
    premier = rediger_convention(donnees, tmp_path / "a", donnees.date_droit)[1].read_bytes()
    assert rediger_convention(donnees, tmp_path / "b", donnees.date_droit)[1].read_bytes() == premier


def test_docx_has_real_styles_headers_and_page_numbers(donnees: DonneesGroupement, fichiers: tuple[Path, Path]) -> None:
    document = docx.Document(str(fichiers[0]))
    styles = {p.style.name for p in document.paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "List Bullet", "Normal"} <= styles
    nb_tableaux = sum(isinstance(b, Tableau) for b in lire_blocs(texte_markdown(donnees, donnees.date_droit)))
    assert len(document.tables) == nb_tableaux
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    champs = [noeud.text for noeud in document.sections[0].footer._element.iter(qn("w:instrText"))]
    assert champs == ["PAGE", "NUMPAGES"]
    langue = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr")).find(qn("w:lang"))
    assert langue.get(qn("w:val")) == "fr-FR"
    assert document.core_properties.title == "Convention constitutive du groupement de commandes G7"


ORDRES = {  # ECMA-376, part 1: children of these elements come in this order
    "tblPr": ("tblStyle", "tblW", "jc", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook"),
    "rPr": ("rStyle", "rFonts", "b", "bCs", "i", "iCs", "color", "sz", "szCs", "highlight", "u", "shd", "lang"),
    "pPr": ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "numPr", "pBdr", "tabs", "spacing", "ind", "jc"),
    "tblBorders": ("top", "left", "bottom", "right", "insideH", "insideV"),
}


def test_docx_keeps_the_order_of_the_schema(donnees: DonneesGroupement, fichiers: tuple[Path, Path]) -> None:
    document = docx.Document(str(fichiers[0]))
    racines = (document.element.body, document.styles.element, document.sections[0].footer._element)
    vus = 0
    for racine in racines:
        for nom, ordre in ORDRES.items():
            for element in racine.iter(qn(f"w:{nom}")):
                rangs = [ordre.index(enfant.tag.split("}")[1]) for enfant in element if enfant.tag.split("}")[1] in ordre]
                assert rangs == sorted(rangs), (nom, [enfant.tag for enfant in element])
                vus += 1
    assert vus > 300


def test_every_document_carries_template_law_and_data(donnees: DonneesGroupement, fichiers: tuple[Path, Path]) -> None:
    preuve = docx.Document(str(fichiers[0])).sections[0].footer.paragraphs[1].text
    assert "Modèle convention 1.0" in preuve
    assert "droit au 1er\u00a0mars\u00a02027" in preuve
    assert donnees.empreinte[:12] in preuve
    page = pypdf.PdfReader(fichiers[1]).pages[0].extract_text()
    assert donnees.empreinte[:12] in page


def test_one_deliberation_per_party_in_both_formats(donnees: DonneesGroupement, tmp_path: Path) -> None:
    ecrits = rediger_deliberations(donnees, tmp_path, donnees.date_droit)
    assert len(ecrits) == 2 * len(donnees.membres)
    assert len({chemin.name for chemin in ecrits}) == len(ecrits)
    assert all(chemin.stat().st_size > 5_000 for chemin in ecrits)
    assert {m.siren for m in donnees.membres} == {chemin.stem[-9:] for chemin in ecrits}


def test_french_spaces(donnees: DonneesGroupement) -> None:
    for texte in textes(lire_blocs(texte_markdown(donnees, donnees.date_droit))):
        assert " ;" not in texte
        assert " :" not in texte
        assert "'" not in texte
        assert not re.search(r"\d \d{3}\b|« | »|\d €", texte), texte


def test_signs_no_page_can_hold_do_not_stop_the_acts(donnees: DonneesGroupement, tmp_path: Path) -> None:
    objet = "l’achat de papier \N{PARTY POPPER}\x0b\x01 recyclé"
    word, pdf = rediger_convention(replace(donnees, objet=objet), tmp_path, donnees.date_droit)
    assert any("papier\N{PARTY POPPER}recyclé" in texte for texte in docx_texts(word))
    assert "papier\N{REPLACEMENT CHARACTER}recyclé" in squeeze("".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages))
