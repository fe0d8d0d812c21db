"""Pairs are numbered in the order in which they are met, whatever the way their numbers are kept."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import enrichissement
from ingest.codage import VIDE

PAIRES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20) | st.just(VIDE)), max_size=30)


@pytest.mark.parametrize("cases", [1 << 22, 64, 0], ids=["table", "table puis tri", "tri"])
@given(blocs=st.lists(PAIRES, max_size=5))
def test_pairs_have_the_numbers_of_a_dictionary(cases: int, blocs: list[list[tuple[int, int]]]) -> None:
    connues: dict[tuple[int, int], int] = {}
    with pytest.MonkeyPatch.context() as reglage:
        reglage.setattr(enrichissement, "_CASES_MAX", cases)
        numeroteur = enrichissement._Paires()
        for bloc in blocs:
            attendus, premieres = [], []
            for rang, paire in enumerate(bloc):
                if paire not in connues:
                    premieres.append(rang)
                attendus.append(connues.setdefault(paire, len(connues)))
            colonnes = [np.array([paire[cote] for paire in bloc], dtype=np.uint32) for cote in (0, 1)]
            numeros, nouvelles = numeroteur.numeroter(colonnes[0], colonnes[1])
            assert (numeros.tolist(), nouvelles.tolist()) == (attendus, premieres)
