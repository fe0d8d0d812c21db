"""The agenda file: folded by octets, escaped, days that end the day after."""

from hypothesis import given
from hypothesis import strategies as st

from api.pages.agenda import echapper, plier


@given(st.text(alphabet=st.characters(blacklist_characters="\r\n", blacklist_categories=["Cs"])))
def test_folding_loses_nothing_and_keeps_lines_short(ligne: str) -> None:
    morceaux = list(plier(ligne))
    assert all(len(morceau.encode()) <= 75 for morceau in morceaux)
    assert morceaux[0] + "".join(morceau[1:] for morceau in morceaux[1:]) == ligne
    assert all(morceau.startswith(" ") for morceau in morceaux[1:])


def test_signs_of_the_format_are_escaped() -> None:
    assert echapper("papier, toner ; agrafes\\\nfin") == r"papier\, toner \; agrafes\\\nfin"
