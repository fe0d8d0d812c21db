"""The SQL of prices equals its boring twin on any small world: empty, one membre, all equal, avoirs, aberrant prices."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.entrepot import lecture
from tests.analytics.monde import construire
from tests.references import prix as reference

LIBELLES = ("RAMETTE PAPIER A4 80G BLANC", "ENVELOPPE DL 110X220")
STATISTIQUES = ("minimum", "p10", "q1", "mediane", "q3", "p90", "maximum", "moyenne_ponderee")

lignes = st.fixed_dictionaries(
    {
        "membre": st.integers(0, 7).map(lambda n: f"10000000{n}"),
        "libelle": st.sampled_from(LIBELLES),
        "date": st.sampled_from([date(2024, 2, 1), date(2024, 12, 31), date(2025, 1, 1), date(2025, 7, 14)]),
        "quantite": st.sampled_from([Decimal(-2), Decimal(0), Decimal(1), Decimal(3), Decimal("2.5"), Decimal(40)]),
        "prix": st.sampled_from(["0", "3.42", "3.5", "4", "4.35", "5.6", "17.5", "60"]),
        "fournisseur": st.sampled_from(["PAPETERIE DU CENTRE", "BURO OUEST", "COOPERATIVE"]),
        "contenu_approx": st.sampled_from([False, False, False, True]),
    }
).map(lambda ligne: {**ligne, "nature": "avoir" if ligne["quantite"] < 0 else "achat"})

EGAUX = [{"membre": f"10000000{n}", "libelle": LIBELLES[0], "date": date(2025, 1, 1), "quantite": Decimal(n + 1), "prix": "4",
          "fournisseur": "BURO OUEST", "contenu_approx": False, "nature": "achat"} for n in range(6)]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(lignes, max_size=40))
@example([])
@example(EGAUX[:1])
@example(EGAUX)
@example([*EGAUX, {**EGAUX[5], "membre": "100000007", "prix": "60"}])
def test_sql_equals_its_twin(monde):
    with TemporaryDirectory() as dossier, lecture(construire(monde, Path(dossier))) as curseur:
        noms = dict(curseur.sql("SELECT DISTINCT libelle, article_id FROM lignes").fetchall())
        for libelle in LIBELLES:
            attendues = reference.prix_membres([_typee(ligne) for ligne in monde if ligne["libelle"] == libelle])
            _same_prix(curseur, noms.get(libelle), attendues)
            for periode in ("ensemble", "2024", "2025"):
                attendue = reference.distribution([r for (p, _), r in attendues.items() if p == periode])
                _same_distribution(curseur, noms.get(libelle), periode, attendue)


def _typee(ligne):
    prix = Decimal(ligne["prix"])
    return {**ligne, "contenu_quantite": Decimal(500), "montant_ht": (prix * ligne["quantite"]).quantize(Decimal("0.01"))}


def _same_prix(curseur, article, attendues):
    colonnes = "periode, membre, quantite_reference, montant_ht, prix_unitaire_ht, nb_lignes, nb_approx, motif_exclusion"
    lues = curseur.sql(f"SELECT {colonnes} FROM prix_membres WHERE article_id = $a", params={"a": article}).fetchall() if article else []
    assert {(r[0], r[1]) for r in lues} == set(attendues)
    for periode, membre, quantite, montant, prix, nb_lignes, nb_approx, motif in lues:
        attendue = attendues[periode, membre]
        assert (quantite, montant, nb_lignes, nb_approx, motif) == (
            attendue["quantite"], attendue["montant"], attendue["nb_lignes"], attendue["nb_approx"], attendue["motif"],
        )  # fmt: skip
        assert prix == (attendue["prix"] and pytest.approx(attendue["prix"], rel=1e-12))


def _same_distribution(curseur, article, periode, attendue):
    colonnes = ("nb_membres", "nb_lignes", "nb_fournisseurs", "montant_ht", *STATISTIQUES)
    requete = f"SELECT {', '.join(colonnes)} FROM distributions WHERE article_id = $a AND periode = $p"
    lues = curseur.sql(requete, params={"a": article or "", "p": periode}).fetchall()
    if attendue is None:
        assert lues == []
        return
    (lue,) = lues
    for colonne, valeur in zip(colonnes, lue, strict=True):
        proche = attendue[colonne] if colonne.startswith(("nb_", "montant")) else pytest.approx(attendue[colonne], rel=1e-12)
        assert valeur == proche, colonne
