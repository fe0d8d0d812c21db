"""Counts, sums and comparisons of habits equal their boring twins on any small world: empty, one membre, all equal."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics import construction
from analytics.entrepot import lecture
from analytics.parangonnage import depenses_par_habitant, proliferations
from analytics.portee import Portee
from tests.analytics.monde import construire
from tests.references import besoins as besoins_references
from tests.references import comptages as reference

LIBELLES = {"RAMETTE PAPIER A4 80G BLANC": "AD01", "RAMETTE PAPIER A3 80G BLANC": "AD01", "ENVELOPPE DL 110X220": "AD03"}
POPULATIONS = {f"10000000{n}": 400 + 100 * n for n in range(6)}
TOUT = Portee(None, frozenset(), tout=True)


def _ligne(membre, libelle, mois, quantite, fournisseur, *, approx):
    return {
        "membre": membre, "libelle": libelle, "famille": LIBELLES[libelle], "date": date(2025, mois, 9), "quantite": Decimal(quantite),
        "prix": "4", "fournisseur": fournisseur, "contenu_approx": approx,
        "contenu_unite": "unite" if libelle.startswith("ENV") else "feuille",
    }  # fmt: skip


lignes = st.builds(
    _ligne,
    st.sampled_from(sorted(POPULATIONS)),
    st.sampled_from(sorted(LIBELLES)),
    st.integers(1, 12),
    st.sampled_from([1, 3, 40]),
    st.sampled_from(["PAPETERIE DU CENTRE", "BURO OUEST", "COOPERATIVE"]),
    approx=st.booleans(),
)
EGAUX = [_ligne(m, "ENVELOPPE DL 110X220", 3, 5, "BURO OUEST", approx=False) for m in POPULATIONS]


@settings(max_examples=25, deadline=None)
@given(st.lists(lignes, max_size=40))
@example([])
@example(EGAUX)
@example(EGAUX[:1])
def test_every_count_equals_its_twin(monde):
    typees = [{**x, "montant_ht": x["quantite"] * 4, "depot": f"D{x['membre']}"} for x in monde]
    membres = [construction.Membre(s, f"Commune {s}", "commune", None, p) for s, p in POPULATIONS.items()]
    with TemporaryDirectory() as dossier, lecture(construire(monde, Path(dossier), membres=membres)) as curseur:
        noms = dict(curseur.sql("SELECT DISTINCT article_id, libelle FROM lignes").fetchall())
        vendeurs = dict(curseur.sql("SELECT DISTINCT fournisseur_id, fournisseur FROM lignes").fetchall())
        articles = curseur.sql("SELECT article_id, nb_lignes, nb_membres, nb_fournisseurs FROM articles").fetchall()
        assert {noms[a]: tuple(n) for a, *n in articles} == reference.par_article(typees)
        fournisseurs = curseur.sql("SELECT fournisseur_id, nb_lignes, nb_membres FROM fournisseurs").fetchall()
        assert {vendeurs[f]: tuple(n) for f, *n in fournisseurs} == reference.par_fournisseur(typees)
        mois = curseur.sql(
            "SELECT article_id, membre, fournisseur_id, mois, montant_ht, montant_prix, nb_lignes FROM achats_mois"
        ).fetchall()
        assert {(noms[a], m, vendeurs[f], j.year, j.month): (t, p or 0, n) for a, m, f, j, t, p, n in mois} == reference.par_mois(typees)
        attendues = reference.proliferation(typees)
        assert {p.famille: (p.nb_articles, float(p.mediane_par_membre.valeur)) for p in proliferations(curseur, TOUT)} == {
            famille: (nombre, pytest.approx(mediane, abs=0.05)) for famille, (nombre, mediane) in attendues.items()
        }
        _same_spend(curseur, typees)


def _same_spend(curseur, typees):
    """Communes of the same class only: all these have fewer than 1 000 inhabitants."""
    attendus = besoins_references.besoins(typees)
    for membre in {ligne["membre"] for ligne in typees}:
        for depense in depenses_par_habitant(curseur, TOUT, membre):
            annuels = {}
            for (autre, libelle), besoin in attendus.items():
                if LIBELLES[libelle] == depense.famille:
                    annuels[autre] = annuels.get(autre, 0.0) + float(besoin["montant"])
            assert float(depense.mediane.valeur) == pytest.approx(reference.par_habitant(annuels, POPULATIONS), rel=1e-3, abs=0.006)
            assert float(depense.mienne.valeur) == pytest.approx(annuels[membre] / POPULATIONS[membre], abs=0.006)
