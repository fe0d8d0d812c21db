"""Separators between quotes are counted on the bytes as they are in the cells that polars reads."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ingest.lecture.flux import compter_lignes, places
from ingest.lecture.rapide import _enfermes, _enfermes_dans_les_cellules

CELLULE = st.sampled_from(["a", '"a;b"', '"a""b;"', '""', "", '"x"', '12"', ' "a;b"', '"a" b', '"', '"\r'])
LIGNES = st.lists(st.lists(CELLULE, min_size=1, max_size=4).map(";".join), min_size=1, max_size=4)


@given(lignes=LIGNES, fin=st.sampled_from(["\n", "\r\n"]), derniere=st.booleans())
def test_separators_between_quotes_are_those_of_the_cells(lignes: list[str], fin: str, derniere: bool) -> None:
    texte = (fin.join(lignes) + (fin if derniere else "")).encode()
    compte = _enfermes(texte, places(texte, b'"'), places(texte, b";"), ";")
    schema = {f"c{rang}": pl.String for rang in range(12)}
    try:
        frame = pl.read_csv(
            texte,
            has_header=False,
            separator=";",
            schema=schema,
            missing_columns="insert",
            truncate_ragged_lines=True,
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError:
        return
    if compte is not None and frame.height == compter_lignes(texte):
        assert compte == _enfermes_dans_les_cellules(frame, ";")
