"""Price levels over a famille: equal to a boring twin, and telling nothing of a membre that is not already told."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.entrepot import lecture
from analytics.portee import Portee
from analytics.prix import niveau_famille
from analytics.prix.niveaux import PLANCHER_ARTICLES
from tests.analytics.monde import construire
from tests.references.niveaux import niveaux
from tests.references.prix import quantile

LIBELLES = ("RAMETTE PAPIER A4 80G BLANC", "RAMETTE PAPIER A3 80G BLANC", "RAMETTE PAPIER A4 90G BLANC", "RAMETTE PAPIER A4 160G BLANC")
MEMBRES = tuple(f"10000000{n}" for n in range(6))
TOUT = Portee(None, frozenset(), tout=True)


def _achat(membre, libelle, prix, quantite=3, fournisseur="BURO OUEST"):
    return {"membre": membre, "libelle": libelle, "prix": prix, "quantite": quantite, "fournisseur": fournisseur, "date": date(2025, 3, 1)}


achats = st.builds(
    _achat,
    st.sampled_from(MEMBRES),
    st.sampled_from(LIBELLES),
    st.sampled_from(["3.5", "4", "4.35", "5"]),  # near enough for no price to be set aside
    st.sampled_from([1, 3, 40]),
    st.sampled_from(["PAPETERIE DU CENTRE", "BURO OUEST"]),
)
EGAUX = [_achat(m, lib, "4", 5, f) for m in MEMBRES for lib in LIBELLES for f in ("PAPETERIE DU CENTRE", "BURO OUEST")]


@settings(max_examples=25, deadline=None)
@given(st.lists(achats, max_size=60))
@example([])
@example(EGAUX)
@example([achat for achat in EGAUX if achat["membre"] == MEMBRES[0]])
def test_levels_equal_their_twin(monde):
    attendus = {
        membre: niveau
        for membre, (niveau, nb) in niveaux(
            [(a["libelle"], a["membre"], a["fournisseur"], 500.0 * a["quantite"], float(a["prix"]) * a["quantite"]) for a in monde], 1, 1
        ).items()
        if nb >= PLANCHER_ARTICLES
    }
    with TemporaryDirectory() as dossier, lecture(construire(monde, Path(dossier))) as curseur:
        niveau = niveau_famille(curseur, TOUT, "AD01", "2025")
        assert niveau.effectif.nb_membres == len(attendus)
        if not attendus:
            assert niveau.mediane.motif_absence
            return
        for nom, part in (("minimum", 0), ("q1", 0.25), ("mediane", 0.5), ("maximum", 1)):
            assert float(niveau.quantiles[nom].valeur) == pytest.approx(quantile(attendus.values(), part), rel=1e-3)  # four figures shown


def _moi(siren, *autres, **options):
    return Portee(siren, frozenset({siren, *autres}), **options)


@pytest.fixture
def six(tmp_path):
    monde = [
        _achat(m, lib, Decimal(4) + n / Decimal(10), 5, f)
        for n, m in enumerate(MEMBRES)
        for lib in LIBELLES
        for f in ("PAPETERIE DU CENTRE", "BURO OUEST")
    ]
    with lecture(construire(monde, tmp_path)) as curseur:
        yield curseur


def test_a_membre_reads_its_level_among_the_others(six):
    niveau = niveau_famille(six, _moi(MEMBRES[0]), "AD01", "2025")
    assert (niveau.effectif.nb_membres, niveau.nb_articles, niveau.effectif.nb_lignes) == (6, 4, 48)
    assert float(niveau.mien.valeur) == pytest.approx(100 * 4 / 4.25, abs=0.05)
    assert niveau.mediane.valeur == 100
    assert niveau.quantiles["q1"].valeur is not None
    assert niveau.quantiles["minimum"].motif_absence == "pas assez de membres pour ce détail (6 sur 10 requis)"


def test_levels_stay_silent_where_prices_do(six):
    verrou = niveau_famille(six, _moi(MEMBRES[0], familles_verrouillees=frozenset({"AD01"})), "AD01", "2025")
    assert {q.valeur for q in (*verrou.quantiles.values(), verrou.mien)} == {None}
    assert "consultation" in verrou.mediane.motif_absence
    presque_tout = niveau_famille(six, _moi(*MEMBRES[:5]), "AD01", "2025")
    assert {q.valeur for q in (*presque_tout.quantiles.values(), presque_tout.mien)} == {None}


def test_two_articles_make_no_level(tmp_path):
    monde = [_achat(m, lib, "4", 5, f) for m in MEMBRES for lib in LIBELLES[:2] for f in ("PAPETERIE DU CENTRE", "BURO OUEST")]
    with lecture(construire(monde, tmp_path)) as curseur:
        niveau = niveau_famille(curseur, _moi(MEMBRES[0]), "AD01", "2025")
        assert niveau.mediane.motif_absence == "pas assez d'articles comparables (2 sur 3 requis)"
        assert niveau.mien.valeur is None
