"""The lines of a famille are all accounted for, and those of a membre are not counted by difference."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.entrepot import lecture
from analytics.portee import Portee
from analytics.prix import comptes_famille
from tests.analytics.monde import construire

TOUT = Portee(None, frozenset(), tout=True)


def _ligne(membre, quantite=1, prix="4", **reste):
    return {"membre": f"10000000{membre}", "quantite": quantite, "prix": prix, "date": date(2025, 3, 1), **reste}


lignes = st.builds(
    _ligne,
    st.integers(0, 5),
    st.sampled_from([-1, 0, 1, 7]),
    st.sampled_from(["0", "4", "4.2", "60"]),
    contenu_approx=st.booleans(),
    famille=st.sampled_from(["AD01", "AD02"]),
).map(lambda ligne: {**ligne, "nature": "avoir" if ligne["quantite"] < 0 else "achat"})


@settings(max_examples=25, deadline=None)
@given(st.lists(lignes, max_size=30))
def test_every_line_is_in_one_count(monde):
    with TemporaryDirectory() as dossier, lecture(construire(monde, Path(dossier))) as curseur:
        for famille in ("AD01", "AD02"):
            compte = comptes_famille(curseur, TOUT, famille)
            assert compte.nb_lignes == sum(ligne["famille"] == famille for ligne in monde)
            assert compte.nb_lignes == compte.nb_prix + compte.nb_approx + compte.nb_aberrantes + compte.nb_autres
            assert min(compte.nb_prix, compte.nb_approx, compte.nb_aberrantes, compte.nb_autres) >= 0
            assert compte.nb_approx <= sum(ligne["famille"] == famille and ligne["contenu_approx"] for ligne in monde)


def test_counts_of_too_few_members_are_only_the_reader_s_own(tmp_path):
    moi = Portee("100000000", frozenset({"100000000"}))
    with lecture(construire([_ligne(0), _ligne(0), _ligne(1)], tmp_path)) as curseur:
        compte = comptes_famille(curseur, moi, "AD01")
        assert (compte.de_tous, compte.nb_lignes) == (False, 2)
    (tmp_path / "trois").mkdir()
    with lecture(construire([_ligne(0), _ligne(0), _ligne(1), _ligne(2)], tmp_path / "trois")) as curseur:
        compte = comptes_famille(curseur, moi, "AD01")
        assert (compte.de_tous, compte.nb_lignes, compte.nb_membres) == (True, 4, 3)
