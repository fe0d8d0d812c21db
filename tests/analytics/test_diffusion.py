"""Attacks: what a reader could work out of the others from all that leaves the house, and what she is told instead."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import besoins, diffusion, exports, prix
from analytics.entrepot import lecture
from analytics.portee import Portee
from tests.analytics.monde import construire

A, B, C, D, E, F = (f"10000000{n}" for n in range(6))
STATISTIQUES = ("minimum", "p10", "q1", "mediane", "q3", "p90", "maximum", "moyenne_ponderee", "quantite_reference", "montant_ht")


def _moi(siren, **options):
    return Portee(siren, frozenset({siren}), **options)


def _achat(membre, pu, quantite=10, fournisseur=None, jour=date(2025, 3, 1), **reste):
    fournisseur = fournisseur or ("BURO" if int(membre[-1]) % 2 else "PAPETERIE")
    return {"membre": membre, "prix": pu, "quantite": quantite, "fournisseur": fournisseur, "date": jour, **reste}


def _vues(curseur, portee):
    articles = [ligne[0] for ligne in curseur.sql("SELECT article_id FROM articles").fetchall()]
    return {periode: vue for (_, periode), vue in diffusion.distributions(curseur, portee, articles).items()}


def _montrees(vue):
    return {nom for nom in STATISTIQUES if getattr(vue, nom).valeur is not None}


def test_two_members_are_not_enough(tmp_path):
    with lecture(construire([_achat(A, 4), _achat(B, 5)], tmp_path)) as curseur:
        vue = _vues(curseur, _moi(A))["2025"]
        assert _montrees(vue) == set()
        assert vue.motif_absence == "pas assez de membres (2 sur 3 requis)"
        position = prix.positions(curseur, "2025", _moi(A)).lignes[0]
        assert position.ecart_mediane_an.valeur is None
        assert position.ecart_mediane_an.motif_absence == "pas assez de membres (2 sur 3 requis)"
        assert position.prix_unitaire_ht.valeur == Decimal("0.008")


def test_one_fournisseur_is_not_enough(tmp_path):
    with lecture(construire([_achat(m, 4, fournisseur="BURO") for m in (A, B, C, D)], tmp_path)) as curseur:
        vue = _vues(curseur, _moi(A))["2025"]
        assert _montrees(vue) == set()
        assert vue.motif_absence == "pas assez de fournisseurs (1 sur 2 requis)"


def test_three_members_give_a_median_and_no_quartile(tmp_path):
    # with three members, quartiles and median together are three equations for three prices
    with lecture(construire([_achat(A, 4), _achat(B, 5), _achat(C, 6)], tmp_path)) as curseur:
        vue = _vues(curseur, _moi(A))["2025"]
        assert _montrees(vue) == {"mediane", "moyenne_ponderee", "quantite_reference", "montant_ht"}
        assert vue.q1.motif_absence == "pas assez de membres pour ce détail (3 sur 5 requis)"


def test_extremes_wait_for_ten_members(tmp_path):
    membres = [f"1000000{n:02}" for n in range(10)]
    with lecture(construire([_achat(m, 4 + n / 10) for n, m in enumerate(membres)], tmp_path)) as curseur:
        assert _montrees(_vues(curseur, _moi(membres[0]))["2025"]) == set(STATISTIQUES)
    (tmp_path / "neuf").mkdir()
    with lecture(construire([_achat(m, 4 + n / 10) for n, m in enumerate(membres[:9])], tmp_path / "neuf")) as curseur:
        assert {"minimum", "maximum", "p10", "p90"}.isdisjoint(_montrees(_vues(curseur, _moi(membres[0]))["2025"]))


def test_who_reads_all_but_one_is_shown_nothing(tmp_path):
    with lecture(construire([_achat(A, 4), _achat(B, 5), _achat(C, 6), _achat(D, 7)], tmp_path)) as curseur:
        animatrice = Portee(None, frozenset({A, B, C}))
        assert _montrees(_vues(curseur, animatrice)["2025"]) == set()
        assert (
            "le dernier" in _vues(curseur, animatrice)["2025"].motif_absence
            or "dernier" in _vues(curseur, animatrice)["2025"].motif_absence
        )
        assert "mediane" in _montrees(_vues(curseur, Portee(None, frozenset({A, B})))["2025"])
        assert "mediane" in _montrees(_vues(curseur, Portee(None, frozenset({A, B, C, D})))["2025"])


def test_one_membre_that_weighs_almost_all_hides_totals(tmp_path):
    with lecture(construire([_achat(A, 4), _achat(B, 5, quantite=1000), _achat(C, 6)], tmp_path)) as curseur:
        vue = _vues(curseur, _moi(A))["2025"]
        assert _montrees(vue) == {"mediane"}
        assert vue.moyenne_ponderee.motif_absence == "un seul membre représente plus de 85 % des achats des autres"


def test_a_year_that_is_hidden_does_not_come_back_by_difference(tmp_path):
    lignes = [_achat(m, 4 + n, jour=date(annee, 5, 1)) for annee in (2023, 2024) for n, m in enumerate((A, B, C, D))]
    lignes += [_achat(B, 9, jour=date(2025, 5, 1)), _achat(A, 4, jour=date(2025, 5, 1))]
    with lecture(construire(lignes, tmp_path)) as curseur:
        vues = _vues(curseur, _moi(A))
        assert "montant_ht" in _montrees(vues["2023"])
        assert _montrees(vues["2025"]) == set()
        assert {"montant_ht", "quantite_reference", "moyenne_ponderee"}.isdisjoint(_montrees(vues["ensemble"]))
        assert "différence" in vues["ensemble"].montant_ht.motif_absence


def test_the_figures_of_one_new_depot_do_not_appear_by_difference(tmp_path):
    avant = [_achat(A, 4), _achat(B, 5), _achat(C, 6), _achat(D, 7)]
    with lecture(construire(avant, tmp_path)) as curseur:
        premiere = _vues(curseur, _moi(A))["2025"]
    with lecture(construire([*avant, _achat(E, 9, quantite=7)], tmp_path)) as curseur:
        seconde = _vues(curseur, _moi(A))["2025"]
        assert seconde.est_figee
        assert {nom: getattr(seconde, nom) for nom in STATISTIQUES} == {nom: getattr(premiere, nom) for nom in STATISTIQUES}
    with lecture(construire([*avant, _achat(E, 8, quantite=7), _achat(F, 8, quantite=9)], tmp_path)) as curseur:
        troisieme = _vues(curseur, _moi(A))["2025"]
        assert not troisieme.est_figee
        assert troisieme.effectif.nb_membres == 6


def test_a_withdrawal_under_the_floor_hides_at_once(tmp_path):
    with lecture(construire([_achat(A, 4), _achat(B, 5), _achat(C, 6)], tmp_path)) as curseur:
        assert _vues(curseur, _moi(A))["2025"].publiable
    with lecture(construire([_achat(A, 4), _achat(B, 5)], tmp_path)) as curseur:
        assert not _vues(curseur, _moi(A))["2025"].publiable


def test_a_famille_in_consultation_is_locked_for_everybody(tmp_path):
    verrou = frozenset({"AD01"})
    with lecture(construire([_achat(m, 4 + n) for n, m in enumerate((A, B, C, D, E, F))], tmp_path)) as curseur:
        for portee in (_moi(A, familles_verrouillees=verrou), Portee(None, frozenset({A, B}), familles_verrouillees=verrou)):
            assert _montrees(_vues(curseur, portee)["2025"]) == set()
            assert "consultation" in _vues(curseur, portee)["2025"].motif_absence
        fiche = prix.fiche_article(curseur, _moi(A, familles_verrouillees=verrou), _article(curseur))
        assert len(fiche.lignes) == 1
        assert fiche.position.ecart_mediane_an.valeur is None


def test_no_export_holds_a_price_of_another(tmp_path):
    with lecture(construire([_achat(A, "4.11"), _achat(B, "5.37"), _achat(C, "6.53")], tmp_path)) as curseur:
        for quoi in ("lignes", "articles", "observatoire", "besoins"):
            for format_ in ("csv", "json", "parquet"):
                chemin = tmp_path / f"{quoi}.{format_}"
                exports.exporter(curseur, quoi, format_, chemin, _moi(A))
                texte = (
                    json.dumps(pl.read_parquet(chemin).to_dicts(), default=str)
                    if format_ == "parquet"
                    else chemin.read_text(encoding="utf-8")
                )
                for secret in (B, C, "53.7", "53,7", "65.3", "65,3", "0.01306", "0,01306"):
                    assert secret not in texte, (quoi, format_, secret)


def test_consolidated_needs_go_through_the_same_door(tmp_path):
    with lecture(construire([_achat(A, 4), _achat(B, 5)], tmp_path)) as curseur:
        (besoin,) = besoins.besoins_consolides(curseur, _moi(A))
        assert besoin.montant_annuel_ht.valeur is None
        assert besoin.montant_annuel_ht.motif_absence == "pas assez de membres (2 sur 3 requis)"
        (entier,) = besoins.besoins_consolides(curseur, Portee(None, frozenset(), tout=True))
        assert entier.montant_annuel_ht.valeur == 90


achats = st.builds(
    lambda m, p, q, annee: _achat(f"10000000{m}", p, q, jour=date(annee, 6, 1)),
    st.integers(0, 5), st.integers(3, 9), st.integers(1, 50), st.sampled_from([2024, 2025]),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(achats, min_size=1, max_size=16))
def test_published_totals_never_determine_a_cell_of_another(monde):
    """Every total shown, of years and of all years, as a linear system over what the reader ignores: no single unknown may be solved."""
    with TemporaryDirectory() as dossier, lecture(construire(monde, Path(dossier))) as curseur:
        lisible = monde[0]["membre"]
        vues = _vues(curseur, _moi(lisible))
        cellules = curseur.sql("SELECT membre, periode FROM prix_membres WHERE periode <> 'ensemble' AND NOT exclu").fetchall()
        inconnues = [cellule for cellule in cellules if cellule[0] != lisible]
        equations = [
            [1.0 if periode in ("ensemble", p) else 0.0 for _, p in inconnues]
            for periode, vue in vues.items()
            if vue.montant_ht.valeur is not None
        ]
        if not inconnues or not equations:
            return
        systeme = np.array(equations)
        rang = np.linalg.matrix_rank(systeme)
        for colonne in range(len(inconnues)):
            seule = np.zeros((1, len(inconnues)))
            seule[0, colonne] = 1.0
            assert np.linalg.matrix_rank(np.vstack([systeme, seule])) > rang, inconnues[colonne]


@pytest.mark.parametrize(
    ("valeur", "chiffres", "attendue"),
    [
        (4.315, 4, "4.315"),
        (0.0086349, 4, "0.008635"),
        (46106.3, 2, "46000"),
        (Decimal("162.825"), 2, "160"),
        (0, 3, "0"),
        (-15.25, 2, "-15"),
    ],
)
def test_rounding_to_significant_figures(valeur, chiffres, attendue):
    assert str(diffusion.arrondir(valeur, chiffres)) == attendue


def _article(curseur):
    ((article,),) = curseur.sql("SELECT article_id FROM articles").fetchall()
    return article
