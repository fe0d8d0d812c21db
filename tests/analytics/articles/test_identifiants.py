"""An article keeps its identifier when labels join it, whatever the order of dépôts; an old identifier still leads to it."""

from datetime import UTC, date, datetime

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.articles import Rapprochement, rapprocher
from analytics.articles.identifiants import draw
from analytics.decisions import Decision, Sujet

QUAND = datetime(2026, 3, 1, tzinfo=UTC)
GANTS = [
    ("gants nitrile taille M", "EN08", date(2024, 5, 1)),
    ("GANT NITRILE TENSO T.M B/100", "EN08", date(2025, 1, 9)),
    ("gant nitrile taille M non poudré", "EN08", date(2025, 2, 1)),
    ("a gants nitrile taille M non poudrés", "EN08", date(2025, 3, 1)),
    ("pommes golden", "RE03", date(2025, 3, 1)),
]


def monde(lignes: list[tuple[str, str, date]]) -> pl.DataFrame:
    return pl.DataFrame(lignes, schema={"libelle": pl.String, "famille": pl.String, "premiere_date": pl.Date}, orient="row")


def article(rapproche: Rapprochement, libelle: str) -> str:
    return str(rapproche.lignes.filter(pl.col("libelle") == libelle)["article_id"][0])


@settings(deadline=None, max_examples=30)
@given(suite=st.lists(st.sampled_from(GANTS[1:]), unique=True), tourne=st.booleans())
def test_ce_qui_est_achete_plus_tard_ne_change_pas_le_nom_d_un_article(suite: list[tuple[str, str, date]], *, tourne: bool) -> None:
    seul = article(rapprocher(monde(GANTS[:1])), GANTS[0][0])
    lignes = [*suite, GANTS[0]] if tourne else [GANTS[0], *suite]
    assert article(rapprocher(monde(lignes)), GANTS[0][0]) == seul


def test_un_achat_plus_ancien_renomme_et_l_ancien_nom_reste_un_alias() -> None:
    avant = rapprocher(monde(GANTS[1:2]))
    apres = rapprocher(monde(GANTS[:2]))
    ancien = article(avant, GANTS[1][0])
    assert article(apres, GANTS[1][0]) == article(apres, GANTS[0][0]) != ancien
    assert apres.alias[ancien] == article(apres, GANTS[0][0])


def test_un_article_dont_une_decision_parle_garde_ce_nom() -> None:
    ancien = article(rapprocher(monde(GANTS[1:2])), GANTS[1][0])
    exclu = Decision(Sujet.PRIX_EXCLURE, f"{ancien}|211600317|2025", "animatrice", QUAND)
    assert article(rapprocher(monde(GANTS[:2]), [exclu]), GANTS[0][0]) == ancien


def test_une_decision_qui_parle_d_un_nom_ancien_vaut_pour_l_article_d_aujourd_hui() -> None:
    premier, second = (article(rapprocher(monde(GANTS[rang : rang + 1])), GANTS[rang][0]) for rang in (0, 1))
    decisions = [
        Decision(Sujet.ARTICLE_UNITE, premier, "x", QUAND, {"unite": "unite"}),
        Decision(Sujet.ARTICLE_RENOMMER, second, "x", QUAND.replace(month=4), {"libelle": "Gants M"}),
    ]
    rapproche = rapprocher(monde(GANTS[:2]), decisions)
    assert article(rapproche, GANTS[0][0]) == premier
    assert rapproche.lignes["article"].to_list() == ["Gants M", "Gants M"]


def test_ce_qui_reste_d_un_article_scinde_garde_son_nom_meme_quand_sa_premiere_etiquette_part() -> None:
    avant = rapprocher(monde(GANTS[:3]))
    nom = article(avant, GANTS[0][0])
    partie = str(avant.lignes["cle_libelle"][0])
    apres = rapprocher(monde(GANTS[:3]), [Decision(Sujet.ARTICLE_SCINDER, nom, "x", QUAND, {"cles": [partie]})])
    assert article(apres, GANTS[2][0]) == nom
    assert article(apres, GANTS[0][0]) not in {nom, draw(partie)}
