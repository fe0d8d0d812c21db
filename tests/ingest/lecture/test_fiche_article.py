"""What an invoice says of an article beside its name is read with it, when it makes it another article."""

import pytest

from ingest.lecture.fiche_article import complete_designation
from ingest.quantites import analyser
from ingest.quantites.attributs import extract_attributs


@pytest.mark.parametrize(
    ("designation", "attributs", "attendu"),
    [
        ("Papier blanc", (("Grammage", "80"), ("FORMAT", "A4")), "Papier blanc, 80 g/m2, format A4"),
        ("Papier blanc", (("GRAMMAGE", "80g"), ("Couleur", "Blanc")), "Papier blanc, 80g"),
        ("Gants nitrile", (("Taille", "L"), ("Numéro de lot", "L2231")), "Gants nitrile, taille L"),
        ("Tube", (("Diamètre", "20 mm"), ("Tension", "230")), "Tube, diamètre 20 mm"),
        ("Papier A4", (("Format", "A4"),), "Papier A4"),
        ("Papier", (), "Papier"),
        (None, (("Couleur", "Vert"),), None),
    ],
)
def test_only_attributes_that_are_known_and_unsaid_are_added(
    designation: str | None, attributs: tuple[tuple[str, str], ...], attendu: str | None
) -> None:
    assert complete_designation(designation, attributs) == attendu


def test_what_is_added_is_read_as_in_a_label() -> None:
    papier = complete_designation("Papier blanc", (("Grammage", "80"), ("Format", "A4"), ("Conditionnement", "carton de 5 ramettes")))
    assert papier is not None
    assert '"grammage": "80"' in extract_attributs(papier, "AD01")
    assert '"format": "a4"' in extract_attributs(papier, "AD01")
    assert analyser(papier, "XCT", "AD01").quantite == 2500
