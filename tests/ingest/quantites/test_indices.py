"""Features are looked for only where a word may say them: looking for all of them everywhere reads the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.quantites import attributs
from ingest.quantites.indices import MotLu, read_mot
from ingest.quantites.nomenclature import unite_reference

_FAMILLES = (
    "AD01", "AD02", "AD03", "EN01", "EN02", "EN03", "EN08", "SC01", "BA02", "BA03", "RE03", "RE08", "VO02", "VO04", "EV02", "NU01", "",
)  # fmt: skip
_MORCEAUX = (
    "12", "1,5", "4000", "3g1,5", "m6x40", "ral 7016", "ral", "12-12-17", "60x60", "x", "20/100", "/", "-", "0/20", "30 µ", "mic",
    "80 g", "g/m2", "5 kg", "75 cl", "l", "dos 50", "diam", "Ø 40", "mm", "cm", "m", "60w", "k", "230 v", "36db", "45 %", "7°",
    "2 plis", "96 p", "a4", "dl", "c5", "t.8", "taille m", "xl", "bio", "issu de l'agri. rais", "ab", "alim", "recy", "reman",
    "compat pour", "eco-label", "lr", "label rouge", "aop", "conc", "bob", "feuille a feuille", "desinf.", "mini jumbo", "non poudré",
    "s/f", "fenêtre 45x100", "bleu", "blche", "tableau blanc", "n°", "1/2", "(", ")", ",", "carton de", "vrac", "classe 2", "cmpatible",
    "ph+n", "courbe c", "e27", "16 go", "pliage z",
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(_MORCEAUX), min_size=1, max_size=8), st.sampled_from(_FAMILLES), st.sampled_from(["", " "]))
def test_les_indices_ne_cachent_aucun_attribut(morceaux: list[str], famille: str, espace: str) -> None:
    libelle = espace.join(morceaux)
    lue = attributs.read_identite.__wrapped__(libelle, famille)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attributs, "read_mot", lambda mot: MotLu(read_mot(mot).texte, -1))
        assert attributs.read_identite.__wrapped__(libelle, famille) == lue


def test_les_familles_de_l_epreuve_existent() -> None:
    assert all(unite_reference(famille) for famille in _FAMILLES if famille)
