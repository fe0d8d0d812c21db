"""The remark of a famille, as people read it."""

import pytest

from analytics.remarques import dire_remarque
from ingest.familles.nomenclature import familles


@pytest.mark.parametrize(
    ("note", "lue"),
    [
        ("Noyau. Groupement : fort.", "intérêt à acheter ensemble : fort."),
        ("Noyau. Groupement : fort. Cas A3V : gobelets réutilisables.", "intérêt à acheter ensemble : fort. Gobelets réutilisables."),
        (
            "Extension. Groupement : moyen. Cité au forum A3V. Maintenance à séparer.",
            "intérêt à acheter ensemble : moyen. Maintenance à séparer.",
        ),
        ("Comparer au litre.", "Comparer au litre."),
        ("", ""),
    ],
)
def test_a_remark_is_read_without_the_words_of_who_drew_it_up(note: str, lue: str) -> None:
    assert dire_remarque(note) == lue


def test_no_famille_keeps_them() -> None:
    lues = [dire_remarque(famille.remarque) for famille in familles()]
    assert len(lues) > 100
    assert not [lue for lue in lues if "Noyau" in lue or "Extension." in lue or lue.startswith("Groupement")]
