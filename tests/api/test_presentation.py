"""A piece written once for several addresses is, at each of them, what would have been written there."""

from decimal import Decimal
from typing import Any

import pytest

from api import formats, graphiques
from api.presentation import TexteSitue, environnement

ADRESSES = [
    "/observatoire/articles/a",
    "/observatoire/articles/a?periode=2024",
    "/observatoire/articles/a?periode=2024&fait=decision-prise",
    "/observatoire/articles/a?image=indice&essai=%22%3Cb%3E",
    "/observatoire/articles/a<b>\"'&amp;",
]


@pytest.mark.parametrize("adresse", ADRESSES)
def test_a_kept_piece_is_what_would_be_written_at_this_address(adresse: str) -> None:
    points = [("2024", Decimal("4.20")), ("2025", Decimal("4.10"))]
    courbe = graphiques.courbe("indice", "Indice <des prix> & co", points, ecrire=formats.prix, colonnes=("Année", "Médiane HT"))
    macros: Any = environnement().get_template("composants/_graphiques.html").module
    garde = TexteSitue.de(lambda ou: macros.courbe(courbe, ou))
    assert len(garde.morceaux) == 3, "the addresses of its two pictures"
    assert str(garde.situer(adresse)) == str(macros.courbe(courbe, adresse))
