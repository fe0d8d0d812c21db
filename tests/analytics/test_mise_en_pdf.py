"""A PDF comes out whatever characters people wrote; what cannot be printed is seen, the rest is untouched."""

from datetime import date
from io import BytesIO

import pypdf
import pytest
import typst

from analytics.mise_en_pdf import NON_IMPRIMABLE, composer

GABARIT = b"""#let d = json(bytes(sys.inputs.donnees))
#set document(title: d.titre)
#set text(font: "Libertinus Serif", lang: "fr")
= #d.titre
#for ligne in d.lignes [ #ligne \\ ]"""
LE = date(2026, 11, 22)


def lire(octets: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(octets)).pages)


@pytest.mark.parametrize(
    "signe", ["\N{PARTY POPPER}", "\x01", "漢", "\N{REGIONAL INDICATOR SYMBOL LETTER F}\N{REGIONAL INDICATOR SYMBOL LETTER R}"]
)
def test_what_no_font_prints_is_shown_as_such(signe: str) -> None:
    texte = lire(composer(GABARIT, {"titre": f"Papier {signe}", "lignes": [f"été {signe} 80 g/m²", "≤ 5 µm"]}, LE))
    assert NON_IMPRIMABLE in texte
    assert signe not in texte
    assert "80 g/m²" in texte
    assert "≤ 5" in texte


def test_a_printable_text_is_left_alone() -> None:
    octets = composer(GABARIT, {"titre": "Papier", "lignes": ["Œuvre « ça » – 1\u202f234,56\u00a0€"]}, LE)
    assert NON_IMPRIMABLE not in lire(octets)
    assert octets == composer(GABARIT, {"titre": "Papier", "lignes": ["Œuvre « ça » – 1\u202f234,56\u00a0€"]}, LE)


def test_a_wrong_template_is_not_taken_for_a_wrong_text() -> None:
    with pytest.raises(typst.TypstError):
        composer(b"#inconnu", {"titre": "\N{PARTY POPPER}"}, LE)
