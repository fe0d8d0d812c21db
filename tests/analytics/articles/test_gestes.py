"""Labels taken out, moved and reunited by people: replayed in the order of time, never asked about again, undone by leaving it out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.articles import Rapprochement, rapprocher
from analytics.articles.gestes import read, replay
from analytics.decisions import Decision, Sujet

QUAND = datetime(2026, 3, 1, tzinfo=UTC)
GANTS = ["gants nitrile taille M", "gants nitrile taille M bleus", "gants nitrile taille M noirs", "gants nitrile taille L"]
POMMES = ["pommes golden", "pommes golden bio", "raccord laiton coude 18"]
FAMILLES = {**dict.fromkeys(GANTS, "EN08"), **dict.fromkeys(POMMES[:2], "RE03"), POMMES[2]: "BA04"}


def monde(libelles: list[str] | None = None) -> pl.DataFrame:
    lus = libelles if libelles is not None else list(FAMILLES)
    return pl.DataFrame({"libelle": lus, "famille": [FAMILLES[libelle] for libelle in lus], "montant_ht": [100.0] * len(lus)})


def articles(rapproche: Rapprochement) -> dict[str, str]:
    return dict(rapproche.lignes.select("libelle", "article_id").iter_rows())


CLES = dict(rapprocher(monde()).lignes.select("libelle", "cle_libelle").iter_rows())


def sortir(libelle: str, rang: int = 0, vers: str | None = None) -> Decision:
    valeur: dict[str, Any] = {"cles": [CLES[libelle]]} | ({"vers": CLES[vers]} if vers else {})
    return Decision(Sujet.ARTICLE_SCINDER, "EN08-quelconque", "anne", QUAND + timedelta(hours=rang), valeur)


def paire(sujet: Sujet, a: str, b: str, rang: int = 0) -> Decision:
    return Decision(sujet, CLES[a], "anne", QUAND + timedelta(hours=rang), {"avec": CLES[b]})


UN_ARTICLE = [paire(Sujet.ARTICLE_MEME, GANTS[rang], GANTS[rang + 1], rang - 2) for rang in (0, 1)]
"""The three colours are one article, whatever the machine thinks of it."""


def faire(*decisions: Decision) -> Rapprochement:
    return rapprocher(monde(), [*UN_ARTICLE, *decisions])


def partis(decisions: list[Decision]) -> set[frozenset[str]]:
    """The labels of each article, those that are alone left out."""
    par_article: dict[str, set[str]] = {}
    for libelle, article in articles(faire(*decisions)).items():
        par_article.setdefault(article, set()).add(libelle)
    return {frozenset(groupe) for groupe in par_article.values() if len(groupe) > 1}


def test_the_three_colours_are_one_article_at_first() -> None:
    assert partis([]) == {frozenset(GANTS[:3])}


def test_a_label_taken_out_is_alone_and_says_why() -> None:
    rapproche = faire(sortir(GANTS[2]))
    assert articles(rapproche)[GANTS[2]] not in {articles(rapproche)[autre] for autre in FAMILLES if autre != GANTS[2]}
    motifs = dict(rapproche.lignes.select("libelle", "article_motif").iter_rows())
    assert motifs[GANTS[2]] == "mis à part par une décision"
    assert motifs[GANTS[0]] != motifs[GANTS[2]]


def test_a_label_moved_joins_the_other_article_which_keeps_its_identifier() -> None:
    avant, apres = faire(), faire(sortir(GANTS[2], vers=GANTS[3]))
    assert articles(apres)[GANTS[2]] == articles(apres)[GANTS[3]] == articles(avant)[GANTS[3]]
    assert articles(apres)[GANTS[0]] == articles(apres)[GANTS[1]] == articles(avant)[GANTS[0]]


def test_an_article_whose_every_label_was_moved_leads_to_the_other() -> None:
    avant = faire()
    decisions = [sortir(libelle, rang, vers=GANTS[3]) for rang, libelle in enumerate(GANTS[:3])]
    apres = faire(*decisions)
    assert {articles(apres)[libelle] for libelle in GANTS} == {articles(avant)[GANTS[3]]}
    assert apres.alias[CLES[GANTS[0]]] == articles(avant)[GANTS[3]]


def test_same_said_after_a_label_was_taken_out_speaks_of_where_it_went() -> None:
    assert partis([sortir(GANTS[2]), paire(Sujet.ARTICLE_MEME, GANTS[2], GANTS[3], 1)]) == {frozenset(GANTS[:2]), frozenset(GANTS[2:])}
    assert partis([sortir(GANTS[2]), paire(Sujet.ARTICLE_MEME, GANTS[2], GANTS[0], 1)]) == {frozenset(GANTS[:3])}


def test_same_said_before_made_the_article_it_left() -> None:
    assert partis([paire(Sujet.ARTICLE_MEME, GANTS[2], GANTS[3], -1), sortir(GANTS[2], 1)]) == {frozenset((*GANTS[:2], GANTS[3]))}


def test_what_was_said_different_is_not_reunited() -> None:
    decisions = [sortir(GANTS[2]), paire(Sujet.ARTICLE_DIFFERENT, GANTS[1], GANTS[2], 1), paire(Sujet.ARTICLE_MEME, GANTS[2], GANTS[0], 2)]
    assert partis(decisions) == {frozenset(GANTS[:2])}


def test_whoever_took_a_label_out_is_not_asked_about_it() -> None:
    posees = {frozenset((q.libelle, q.avec_libelle)) for q in faire(sortir(GANTS[2])).questions}
    assert not any(GANTS[2] in paire and paire & set(GANTS[:2]) for paire in posees)


def test_a_label_to_join_that_is_there_no_more_is_as_none() -> None:
    gestes = read([sortir(GANTS[2], vers="pommes golden")])
    assert replay({CLES[GANTS[2]]: CLES[GANTS[0]], CLES[GANTS[0]]: CLES[GANTS[0]]}, gestes) == {
        CLES[GANTS[2]]: CLES[GANTS[2]],
        CLES[GANTS[0]]: CLES[GANTS[0]],
    }


LIBELLES = st.sampled_from(list(FAMILLES))
DECISIONS = st.lists(
    st.one_of(
        st.builds(sortir, LIBELLES, st.integers(0, 9)),
        st.builds(sortir, LIBELLES, st.integers(0, 9), LIBELLES),
        st.builds(paire, st.sampled_from([Sujet.ARTICLE_MEME, Sujet.ARTICLE_DIFFERENT]), LIBELLES, LIBELLES, st.integers(0, 9)),
    ),
    max_size=6,
)


@settings(deadline=None, max_examples=40)
@given(decisions=DECISIONS, rnd=st.randoms(use_true_random=False))
def test_decisions_replayed_give_the_same_articles_whatever_the_order_and_the_memory(decisions: list[Decision], rnd: Any) -> None:
    avant = rapprocher(monde())
    apres = rapprocher(monde(), decisions)
    melange = rapprocher(monde(rnd.sample(list(FAMILLES), len(FAMILLES))), rnd.sample(decisions, len(decisions)), apres.memoire)
    assert articles(melange) == articles(apres)
    assert melange.questions == apres.questions
    assert set(articles(apres).values()) == set(apres.articles["article_id"]) <= set(apres.alias.values())
    assert articles(rapprocher(monde(), [], apres.memoire)) == articles(avant)
