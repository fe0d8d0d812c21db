"""What pages ask: list searched and cut, one article, what changed; always what this reader may see."""

from datetime import date
from decimal import Decimal

import pytest

from analytics import prix
from analytics.entrepot import lecture
from analytics.portee import Portee
from ingest.erreurs import Refus
from tests.analytics.monde import construire

MOI = "100000000"
PORTEE = Portee(MOI, frozenset({MOI}))
ARTICLES = {"RAMETTE PAPIER A4 80G BLANC": "AD01", "PAPIER A3 80G BLANC": "AD01", "ENVELOPPE DL 110X220 AVEC FENETRE": "AD03"}


@pytest.fixture(scope="module")
def observatoire(tmp_path_factory):
    lignes = [
        {
            "membre": f"10000000{m}",
            "prix": 4 + m + annee - 2024,
            "quantite": 10 * (rang + 1),
            "date": date(annee, 4, 1),
            "libelle": libelle,
            "famille": famille,
            "fournisseur": f"F{m % 2}",
            "contenu_unite": "feuille" if famille == "AD01" else "unite",
        }
        for rang, (libelle, famille) in enumerate(ARTICLES.items())
        for m in range(5)
        for annee in (2024, 2025)
    ]
    with lecture(construire(lignes, tmp_path_factory.mktemp("pages"))) as curseur:
        yield curseur


@pytest.mark.parametrize(
    ("recherche", "nombre"), [("", 3), ("blanc", 2), ("papier", 3), ("A4 ramette", 1), ("ENVELOPPÉ", 1), ("zzz", 0), ("a4 enveloppe", 0)]
)
def test_every_word_is_searched_without_accents_nor_capitals(observatoire, recherche, nombre):
    assert prix.lister_articles(observatoire, PORTEE, recherche=recherche).nb_articles == nombre


def test_a_keyword_of_a_famille_finds_its_articles_whatever_their_names(observatoire):
    assert {a.famille for a in prix.lister_articles(observatoire, PORTEE, recherche="reprographie").articles} == {"AD01"}
    assert {a.famille for a in prix.lister_articles(observatoire, PORTEE, recherche="Ramette").articles} == {"AD01"}
    assert prix.lister_articles(observatoire, PORTEE, recherche="ra").nb_articles < prix.lister_articles(observatoire, PORTEE).nb_articles


def test_filter_sort_and_pages(observatoire):
    assert prix.lister_articles(observatoire, PORTEE, famille="AD03").nb_articles == 1
    page = prix.lister_articles(observatoire, PORTEE, tri=prix.Tri.DEPENSE, periode="2025", par_page=2)
    assert (page.nb_pages, len(page.articles)) == (2, 2)
    assert "enveloppe" in page.articles[0].libelle.lower()
    suivante = prix.lister_articles(observatoire, PORTEE, tri=prix.Tri.DEPENSE, periode="2025", par_page=2, page=9)
    assert (suivante.page, len(suivante.articles)) == (2, 1)


def test_periods_latest_first(observatoire):
    assert prix.periodes(observatoire) == ("ensemble", "2025", "2024")


def test_a_page_of_an_article(observatoire):
    article = prix.lister_articles(observatoire, PORTEE, recherche="A4").articles[0]
    fiche = prix.fiche_article(observatoire, PORTEE, article.article_id, "2025")
    assert {ligne["membre"] for ligne in fiche.lignes} == {MOI}
    assert len(fiche.lignes) == 2
    assert {p["membre"] for p in fiche.prix_lisibles} == {MOI}
    assert fiche.distribution.mediane.valeur == Decimal("0.01400")
    assert fiche.position.situation is prix.Situation.AU_MIEUX
    assert fiche.position.ecart_q1_an.valeur == 0


def test_an_article_that_does_not_exist(observatoire):
    with pytest.raises(Refus, match="n'existe pas"):
        prix.fiche_article(observatoire, PORTEE, "rien")


def test_my_position_needs_a_membre(observatoire):
    with pytest.raises(Refus, match="choisissez d'abord un membre"):
        prix.positions(observatoire, "2025", Portee(None, frozenset()))


def test_what_changed_is_mine_and_adds_up(observatoire):
    change = prix.changements(observatoire, PORTEE)
    assert (change.avant, change.apres) == ("2024", "2025")
    # one euro more on each unit: 10 + 20 + 30 units
    assert change.total_an == sum(ligne.effet_an for ligne in change.lignes) == Decimal("60.00")
    assert [ligne.effet_an for ligne in change.lignes] == [30, 20, 10]
    assert change.lignes[0].variation_pct == Decimal("25.0")


def test_every_reason_has_its_sentence(observatoire):
    motifs = {m for (m,) in observatoire.sql("SELECT DISTINCT motif_hors_prix FROM lignes WHERE motif_hors_prix IS NOT NULL").fetchall()}
    assert motifs <= set(prix.MOTIFS)
