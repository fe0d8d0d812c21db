"""From the tables of the observatoire to frozen needs: floors, units of order, catalogue, maxima, conservation."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from analytics.groupement.donnees import Membre
from analytics.groupement.figement import Choix, figer
from ingest.erreurs import Refus
from ingest.vocabulaire import NatureMembre
from tests.analytics.opportunites.conftest import RAMETTES, fill

JOUR = date(2026, 11, 22)
MEMBRES = tuple(Membre(siren, nom, NatureMembre.COMMUNE, population=population) for siren, nom, population, *_ in RAMETTES)


@pytest.fixture
def cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connexion:
        fill(connexion)
        yield connexion


def choose(**autres: object) -> Choix:
    return Choix(
        **{
            "identifiant": "G1",
            "objet": "l'achat de papier",
            "familles": ("AD01",),
            "membres": MEMBRES,
            "coordonnateur": "211600150",
            "date_droit": JOUR,
            "fige_le": JOUR,
            **autres,
        }  # type: ignore[arg-type]
    )


def test_quantities_are_kept_and_the_shared_price_is_the_weighted_mean(cursor: duckdb.DuckDBPyConnection) -> None:
    donnees = figer(cursor, choose())
    (poste,) = donnees.postes
    assert (poste.unite, poste.prix_estime_ht) == ("ramette", Decimal("3.81"))
    assert donnees.quantite(poste.code) == 12_090
    assert donnees.montant_annuel() == Decimal("46062.90")
    assert donnees.montant_total() == Decimal("184251.60")


def test_maxima_are_the_estimate_and_its_margin_rounded_up(cursor: duckdb.DuckDBPyConnection) -> None:
    donnees = figer(cursor, choose(marge_maximum=Decimal("0.2")))
    for plafond in donnees.plafonds:
        estime = donnees.montant_total(membre=plafond.membre) * Decimal("1.2")
        assert estime <= plafond.maximum_ht < estime + 10
        assert plafond.maximum_ht % 10 == 0


def test_a_sheet_of_paper_is_ordered_by_the_ream(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute("update articles set unite_reference = 'feuille'")
    cursor.execute("update besoins set quantite_annuelle = quantite_annuelle * 500")
    cursor.execute("update distributions set moyenne_ponderee = moyenne_ponderee / 500")
    (poste,) = figer(cursor, choose()).postes
    assert (poste.unite, poste.prix_estime_ht) == ("ramette de 500 feuilles", Decimal("3.81"))


def test_small_things_are_ordered_by_the_hundred_without_swelling_small_needs(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute("update articles set unite_reference = 'unite', libelle = 'chemise'")
    cursor.execute("update distributions set moyenne_ponderee = 0.05")
    cursor.execute("update besoins set quantite_annuelle = 24 where membre = '211603857'")
    donnees = figer(cursor, choose())
    (poste,) = donnees.postes
    assert (poste.designation, poste.unite, poste.prix_estime_ht) == ("Chemise", "cent unités", Decimal("5.00"))
    assert donnees.quantite("1.01", "211603857") == Decimal("0.24")


def test_below_the_floors_the_need_goes_to_the_catalogue_and_no_price_leaves(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute("update distributions set nb_fournisseurs = 1")
    donnees = figer(cursor, choose())
    (poste,) = donnees.postes
    assert poste.catalogue
    assert poste.prix_estime_ht == 1
    exact = sum(quantite * Decimal(prix) for *_, quantite, prix in RAMETTES)
    assert abs(donnees.montant_annuel() - exact) <= len(RAMETTES)  # each membre rounded to the euro


def test_confirmed_quantities_replace_history(cursor: duckdb.DuckDBPyConnection) -> None:
    donnees = figer(cursor, choose(besoins_confirmes={("211603857", "A1"): Decimal(50)}))
    assert donnees.quantite("1.01", "211603857") == 50
    sans = figer(cursor, choose(besoins_confirmes={("211603857", "A1"): Decimal(0)}))
    assert sans.quantite("1.01", "211603857") == 0


def test_needs_without_article_or_quantity_are_not_lost(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute("insert into besoins values ('211603857', 'AD01', null, null, null, 321.40, 2)")
    cursor.execute("update besoins set quantite_annuelle = null where membre = '211601877'")
    donnees = figer(cursor, choose())
    assert [poste.catalogue for poste in donnees.postes] == [False, True]
    assert donnees.quantite("1.02", "211603857") == 321
    assert donnees.quantite("1.02", "211601877") == 1006


def test_nothing_known_or_unknown_famille_is_refused(cursor: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(Refus, match="Aucun besoin"):
        figer(cursor, choose(familles=("EN01",)))
    cursor.execute("delete from besoins")
    with pytest.raises(Refus, match="Aucun besoin"):
        figer(cursor, choose())


def test_works_are_refused(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute("update familles set nature = 'travaux'")
    with pytest.raises(Refus, match="opération"):
        figer(cursor, choose())
