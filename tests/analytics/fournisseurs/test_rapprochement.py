"""Ten spellings of one firm are one; two firms of one name in two towns stay two."""

from datetime import UTC, datetime

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions import Decision, Sujet
from analytics.fournisseurs import rapprocher
from ingest.fournisseurs import normalise_nom

MARTIN = "73282932000074"
AUTRE = "81053197000015"
LIGNES: list[tuple[str | None, str | None]] = [
    ("PAPETERIE MARTIN SARL", MARTIN),
    ("Papèterie MARTIN", None),
    ("MARTIN PAPETERIE", None),
    ("S.A.R.L. Papeterie Martin", None),
    ("PAPETERIE MARTTIN", None),
    ("QUINCAILLERIE LEFORT SARL, ARRAS", MARTIN.replace("732829320", "552100554")),
    ("QUINCAILLERIE LEFORT CAMBRAI", AUTRE),
    ("QUINCAILLERIE LEFORT", None),
    ("ETS MOUSSEREAU", None),
    ("ETABLISSEMENTS MOUSSEREAU", None),
    (None, None),
]


def identites(
    lignes: list[tuple[str | None, str | None]], decisions: tuple[Decision, ...] = ()
) -> dict[tuple[str | None, str | None], str | None]:
    table = pl.DataFrame(lignes, schema={"fournisseur": pl.String, "fournisseur_siret": pl.String}, orient="row")
    rapproche = rapprocher(table, decisions)
    return {
        (nom, siret): identite
        for nom, siret, identite in rapproche.select("fournisseur", "fournisseur_siret", "fournisseur_id").iter_rows()
    }


def test_les_graphies_d_une_firme_rejoignent_son_siren() -> None:
    par_nom = identites(LIGNES)
    assert {par_nom[cle] for cle in LIGNES[:5]} == {"S732829320"}


def test_deux_firmes_de_meme_nom_restent_deux_et_le_nom_seul_n_est_a_aucune() -> None:
    par_nom = identites(LIGNES)
    assert len({par_nom[LIGNES[5]], par_nom[LIGNES[6]], par_nom[LIGNES[7]]}) == 3


def test_les_noms_sans_numero_se_rejoignent_par_leurs_abreviations() -> None:
    par_nom = identites(LIGNES)
    assert par_nom[("ETS MOUSSEREAU", None)] == par_nom[("ETABLISSEMENTS MOUSSEREAU", None)] == "Netablissements moussereau"


def test_ni_nom_ni_numero_n_a_pas_d_identite() -> None:
    assert identites(LIGNES)[(None, None)] is None


@settings(deadline=None, max_examples=30)
@given(ordre=st.permutations(LIGNES))
def test_l_ordre_ne_change_rien(ordre: list[tuple[str | None, str | None]]) -> None:
    assert identites(ordre) == identites(LIGNES)


def test_une_decision_joint_deux_identites() -> None:
    meme = Decision(Sujet.FOURNISSEUR_MEME, "Netablissements moussereau", "x", datetime(2026, 1, 1, tzinfo=UTC), {"avec": "S732829320"})
    assert identites(LIGNES, (meme,))[("ETS MOUSSEREAU", None)] == "S732829320"


def test_la_forme_juridique_et_l_ordre_ne_comptent_pas() -> None:
    assert normalise_nom("SARL Papèterie du Val") == normalise_nom("VAL PAPETERIE (S.A.R.L.)")
