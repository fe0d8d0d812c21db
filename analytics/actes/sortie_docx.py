"""Write the blocks of an act as DOCX, to be edited: real styles, headings, tables with a header row, French, page numbers."""

from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from analytics.actes.blocs import Bloc, Liste, Morceau, Paragraphe, Saut, Tableau, Titre, annonce, montrer
from analytics.actes.mention import Mention

POLICE = "Times New Roman"
ENCRE = RGBColor(0x1D, 0x35, 0x57)
LARGEUR_UTILE_CM = 16.4


def ecrire_docx(blocs: Sequence[Bloc], mention: Mention, chemin: Path) -> Path:
    """Write the document at `chemin`."""
    document = docx.Document()
    _set_page(document)
    _set_styles(document)
    _set_properties(document, mention)
    _set_footer(document, mention)
    saut_en_attente = False
    for bloc in blocs:
        if isinstance(bloc, Saut):
            saut_en_attente = True
            continue
        ecrit = _write_block(document, bloc)
        if saut_en_attente and ecrit is not None:
            ecrit.paragraph_format.page_break_before = True
        saut_en_attente = False
    document.save(str(chemin))
    return chemin


def _write_block(document: Any, bloc: Bloc) -> Any:
    """The paragraph written, or None for a list or a table."""
    if isinstance(bloc, Titre):
        paragraphe = document.add_paragraph(style="Title" if bloc.niveau == 1 else f"Heading {bloc.niveau - 1}")
        _write_runs(paragraphe, bloc.morceaux)
        return paragraphe
    if isinstance(bloc, Paragraphe):
        paragraphe = document.add_paragraph()
        paragraphe.paragraph_format.keep_with_next = annonce(bloc)
        _write_runs(paragraphe, bloc.morceaux)
        return paragraphe
    if isinstance(bloc, Liste):
        premier = True
        for element in bloc.elements:
            paragraphe = document.add_paragraph(style="List Number" if bloc.ordonnee else "List Bullet")
            if bloc.ordonnee and premier:
                _restart_numbering(document, paragraphe)
            elif bloc.ordonnee:
                _continue_numbering(document, paragraphe)
            premier = False
            _write_runs(paragraphe, element)
        return None
    if isinstance(bloc, Tableau):
        _write_table(document, bloc)
        return None
    raise TypeError(bloc)


def _write_runs(paragraphe: Any, morceaux: Sequence[Morceau], *, gras: bool = False) -> None:
    for morceau in morceaux:
        ecrit = paragraphe.add_run(montrer(morceau))
        ecrit.bold = True if gras or morceau.gras else None
        ecrit.italic = True if morceau.italique else None
        if morceau.blanc:
            _shade(ecrit)


def _shade(ecrit: Any) -> None:
    """A pale ground: the highlighter colours of word processors are too harsh to read through."""
    fond = OxmlElement("w:shd")
    fond.set(qn("w:val"), "clear")
    fond.set(qn("w:color"), "auto")
    fond.set(qn("w:fill"), "FFF1B8")
    ecrit._r.get_or_add_rPr().append(fond)


def _write_table(document: Any, bloc: Tableau) -> None:
    taille = Pt(8.5) if len(bloc.largeurs) > 4 else Pt(9.5)
    table = document.add_table(rows=0, cols=len(bloc.largeurs))
    table.autofit = False
    _set_borders(table)
    for rang, ligne in enumerate((bloc.entete, *bloc.lignes)):
        rangee = table.add_row()
        _mark_row(rangee, entete=rang == 0)
        if bloc.signatures and rang:
            rangee.height = Cm(1.9)
        for colonne, cellule in enumerate(ligne):
            case = rangee.cells[colonne]
            case.width = Cm(LARGEUR_UTILE_CM * bloc.largeurs[colonne])
            paragraphe = case.paragraphs[0]
            paragraphe.style = document.styles["Tableau"]
            if bloc.a_droite[colonne]:
                paragraphe.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _write_runs(paragraphe, cellule, gras=rang == 0)
            for ecrit in paragraphe.runs:
                ecrit.font.size = taille
    for colonne, part in enumerate(bloc.largeurs):
        table.columns[colonne].width = Cm(LARGEUR_UTILE_CM * part)
    document.add_paragraph(style="Après tableau")


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.4)


def _set_styles(document: Any) -> None:
    styles = document.styles
    _set_font(styles["Normal"], 11, espace_apres=6)
    _set_language(styles)
    _set_font(styles["Title"], 17, gras=True, encre=True, espace_apres=14)
    styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _remove_border(styles["Title"])
    _set_font(styles["Heading 1"], 12.5, gras=True, encre=True, espace_avant=12, espace_apres=4)
    _set_font(styles["Heading 2"], 11, gras=True, espace_avant=11, espace_apres=5)
    _set_font(styles["Heading 3"], 11, italique=True, espace_avant=9, espace_apres=4)
    for nom in ("Title", "Heading 1", "Heading 2", "Heading 3"):
        styles[nom].paragraph_format.keep_with_next = True
    for nom in ("List Bullet", "List Number"):
        styles[nom].paragraph_format.space_after = Pt(4)
    tableau = styles.add_style("Tableau", 1)
    tableau.base_style = styles["Normal"]
    tableau.paragraph_format.space_after = Pt(2)
    tableau.paragraph_format.space_before = Pt(2)
    apres = styles.add_style("Après tableau", 1)
    apres.base_style = styles["Normal"]
    apres.font.size = Pt(4)
    apres.paragraph_format.space_after = Pt(2)


def _set_font(
    style: Any,
    taille: float,
    *,
    gras: bool = False,
    italique: bool = False,
    encre: bool = False,
    espace_avant: float = 0,
    espace_apres: float = 6,
) -> None:
    style.font.name = POLICE
    style.font.size = Pt(taille)
    style.font.bold = gras
    style.font.italic = italique
    style.font.color.rgb = ENCRE if encre else RGBColor(0, 0, 0)
    style.paragraph_format.space_before = Pt(espace_avant)
    style.paragraph_format.space_after = Pt(espace_apres)
    polices = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribut in list(polices.attrib):
        if "heme" in attribut:  # a theme font would win over the name
            del polices.attrib[attribut]
    for nom in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        polices.set(qn(nom), POLICE)


def _set_language(styles: Any) -> None:
    proprietes = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    langue = proprietes.find(qn("w:lang"))
    if langue is None:
        langue = OxmlElement("w:lang")
        proprietes.append(langue)
    langue.set(qn("w:val"), "fr-FR")
    langue.set(qn("w:eastAsia"), "fr-FR")


def _remove_border(style: Any) -> None:
    bordure = style.element.pPr.find(qn("w:pBdr"))
    if bordure is not None:
        style.element.pPr.remove(bordure)


def _set_properties(document: Any, mention: Mention) -> None:
    proprietes = document.core_properties
    proprietes.title = mention.titre
    proprietes.author = "Mercuriale"
    proprietes.language = "fr-FR"
    proprietes.comments = mention.preuve
    instant = datetime.combine(mention.date_document, time())
    proprietes.created = proprietes.modified = instant


def _set_footer(document: Any, mention: Mention) -> None:
    pied = document.sections[0].footer
    paragraphe = pied.paragraphs[0]
    document.styles["Footer"].paragraph_format.tab_stops.clear_all()  # its centred stop would catch the page number
    paragraphe.paragraph_format.tab_stops.add_tab_stop(Cm(LARGEUR_UTILE_CM), WD_TAB_ALIGNMENT.RIGHT)
    _small(paragraphe.add_run(f"{mention.courte}\tpage "))
    _add_field(paragraphe, "PAGE")
    _small(paragraphe.add_run(" / "))
    _add_field(paragraphe, "NUMPAGES")
    paragraphe.paragraph_format.space_after = Pt(0)
    preuve = pied.add_paragraph()
    _small(preuve.add_run(mention.preuve))


def _small(ecrit: Any) -> None:
    ecrit.font.size = Pt(7.5)
    ecrit.font.color.rgb = RGBColor(0x55, 0x55, 0x55)


def _add_field(paragraphe: Any, nom: str) -> None:
    for genre, texte in (("begin", None), (None, nom), ("separate", None), ("texte", "1"), ("end", None)):
        ecrit = paragraphe.add_run()
        _small(ecrit)
        if genre in ("begin", "separate", "end"):
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), genre)
            ecrit._r.append(element)
        elif genre == "texte":
            ecrit.text = texte
        else:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = texte
            ecrit._r.append(element)


def _mark_row(rangee: Any, *, entete: bool) -> None:
    proprietes = rangee._tr.get_or_add_trPr()
    proprietes.append(OxmlElement("w:cantSplit"))
    if entete:
        proprietes.append(OxmlElement("w:tblHeader"))


def _set_borders(table: Any) -> None:
    """Thin rules between rows, a stronger one above, none on the sides."""
    proprietes = table._tbl.tblPr
    bordures = OxmlElement("w:tblBorders")
    for cote, epaisseur, couleur in (("top", 8, "1D3557"), ("bottom", 4, "B0B0B0"), ("insideH", 4, "B0B0B0")):
        trait = OxmlElement(f"w:{cote}")
        trait.set(qn("w:val"), "single")
        trait.set(qn("w:sz"), str(epaisseur))
        trait.set(qn("w:space"), "0")
        trait.set(qn("w:color"), couleur)
        bordures.append(trait)
    # The schema fixes the order of these children, and Word refuses a file that breaks it.
    suivants = [enfant for enfant in proprietes if enfant.tag in {qn(f"w:{nom}") for nom in ("shd", "tblLayout", "tblCellMar", "tblLook")}]
    if suivants:
        suivants[0].addprevious(bordures)
    else:
        proprietes.append(bordures)


def _restart_numbering(document: Any, paragraphe: Any) -> None:
    """A new instance of the numbered list, so that each list begins at 1."""
    numerotation = document.part.numbering_part.numbering_definitions._numbering
    num_style = document.styles["List Number"].element.pPr.numPr.numId.val
    abstrait = numerotation.num_having_numId(num_style).abstractNumId.val
    num = numerotation.add_num(abstrait)
    num.add_lvlOverride(ilvl=0).add_startOverride(1)
    paragraphe._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = num.numId


def _continue_numbering(document: Any, paragraphe: Any) -> None:
    numerotation = document.part.numbering_part.numbering_definitions._numbering
    dernier = max(num.numId for num in numerotation.num_lst)
    paragraphe._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = dernier
