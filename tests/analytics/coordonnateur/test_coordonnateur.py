"""The grid is visible, its weights are an argument, and nothing unknown is counted."""

from datetime import date
from decimal import Decimal

import duckdb

from analytics.coordonnateur import Declaration, comparer, comparer_depuis
from analytics.groupement.donnees import Membre
from analytics.portee import Portee
from ingest.vocabulaire import NatureMembre

LANCEMENT = date(2026, 11, 22)
EPCI = Membre("999000052", "Communauté du Val", NatureMembre.EPCI, population=21400)
VILLE = Membre("999000011", "Valmont", NatureMembre.COMMUNE, population=6200)
VILLAGE = Membre("999000029", "Le Brouillet", NatureMembre.COMMUNE, population=840)
MONTANTS = {VILLE.siren: Decimal(6000), VILLAGE.siren: Decimal(1000), EPCI.siren: Decimal(3000)}


def test_candidates_are_ranked_with_reasons_that_say_what_is_presumed() -> None:
    grilles = comparer((VILLAGE, VILLE, EPCI), MONTANTS, LANCEMENT)
    assert [grille.nom for grille in grilles] == ["Communauté du Val", "Valmont", "Le Brouillet"]
    capacite = grilles[0].criteres[0]
    assert (capacite.points, capacite.maximum, capacite.presume) == (Decimal("4.0"), Decimal(4), True)
    assert "à confirmer" in capacite.raison
    assert all(grille.total == sum(c.points for c in grille.criteres) for grille in grilles)


def test_the_unknown_brings_no_point_and_is_counted() -> None:
    (grille,) = comparer((VILLE,), MONTANTS, LANCEMENT)
    inconnus = [critere.code for critere in grille.criteres if critere.raison == "à renseigner."]
    assert inconnus == ["connaissance", "neutralite", "disponibilite"]
    assert grille.inconnus == 3


def test_declarations_replace_presumptions() -> None:
    dite = Declaration(
        capacite=Decimal(0), connaissance=Decimal(1), neutralite=Decimal("0.5"), disponible_du=date(2026, 9, 1), groupements_en_cours=2
    )
    (grille,) = comparer((EPCI,), MONTANTS, LANCEMENT, declarations={EPCI.siren: dite})
    assert {c.code: c.points for c in grille.criteres} == {
        "capacite": Decimal("0.0"),
        "connaissance": Decimal("3.0"),
        "volume": Decimal("2.0"),
        "neutralite": Decimal("1.5"),
        "disponibilite": Decimal("3.0"),
        "charge": Decimal(-2),
    }
    assert grille.inconnus == 0


def test_not_available_yet_or_not_willing_brings_nothing() -> None:
    tard = Declaration(disponible_du=date(2027, 6, 1))
    refus = Declaration(disponible_du=date(2020, 1, 1), volontaire=False)
    for dite in (tard, refus):
        (grille,) = comparer((VILLE,), MONTANTS, LANCEMENT, declarations={VILLE.siren: dite})
        assert next(c.points for c in grille.criteres if c.code == "disponibilite") == 0


def test_the_club_sets_the_weights() -> None:
    poids = {
        "capacite": Decimal(0),
        "connaissance": Decimal(0),
        "volume": Decimal(10),
        "neutralite": Decimal(0),
        "disponibilite": Decimal(0),
    }
    grilles = comparer((EPCI, VILLE, VILLAGE), MONTANTS, LANCEMENT, poids={**poids, "charge": Decimal(0)})
    assert [(g.nom, g.total) for g in grilles] == [("Communauté du Val", 10), ("Valmont", 10), ("Le Brouillet", Decimal("3.3"))]


def test_knowledge_is_presumed_from_what_is_bought() -> None:
    grilles = comparer((VILLE, VILLAGE), MONTANTS, LANCEMENT, articles_achetes={VILLE.siren: 10, VILLAGE.siren: 5})
    points = {g.nom: next(c.points for c in g.criteres if c.code == "connaissance") for g in grilles}
    assert points == {"Valmont": Decimal("3.0"), "Le Brouillet": Decimal("1.5")}


def test_the_spend_of_others_is_only_a_band() -> None:
    with duckdb.connect() as cursor:
        cursor.execute("create table besoins (membre varchar, famille varchar, article_id varchar, montant_annuel_ht decimal(18, 2))")
        for siren, montant in MONTANTS.items():
            cursor.execute("insert into besoins values (?, 'AD01', 'A1', ?), (?, 'ZZ', 'A2', 99999)", [siren, montant, siren])
        candidats = (EPCI, VILLE, VILLAGE)
        entiere = comparer_depuis(cursor, ["AD01"], candidats, LANCEMENT, Portee(None, frozenset(), tout=True))
        vue = comparer_depuis(cursor, ["AD01"], candidats, LANCEMENT, Portee(VILLAGE.siren, frozenset({VILLAGE.siren})))
    raisons = {g.nom: next(c.raison for c in g.criteres if c.code == "volume") for g in vue}
    assert raisons["Valmont"] == "porte une part forte de la dépense concernée"
    assert "1 000" in raisons["Le Brouillet"].replace("\u202f", " ")
    assert {g.nom: next(c.points for c in g.criteres if c.code == "volume") for g in entiere}["Communauté du Val"] == 2
    assert not any("6 000" in c.raison.replace("\u202f", " ") for g in vue for c in g.criteres if g.nom != "Le Brouillet")
