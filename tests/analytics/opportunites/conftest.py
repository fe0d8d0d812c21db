"""The ramette of paper of sixteen communes (invented prices and quantities) as tables of the observatoire, built by hand."""

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

RAMETTES = (
    # siren, nom, population, ramettes a year, price EUR HT
    ("211600150", "Angoulême", 41423, 5200, "3.42"),
    ("211601133", "La Couronne", 7759, 850, "3.88"),
    ("211601380", "Fléac", 3856, 390, "4.35"),
    ("211601547", "Gond-Pontouvre", 5884, 640, "4.05"),
    ("211601661", "L'Isle-d'Espagnac", 5691, 600, "3.95"),
    ("211601877", "Linars", 2105, 210, "4.79"),
    ("211601992", "Magnac-sur-Touvre", 3252, 330, "4.28"),
    ("211602321", "Mornac", 2115, 220, "4.90"),
    ("211602446", "Nersac", 2258, 250, "4.55"),
    ("211602719", "Puymoyen", 2394, 240, "4.62"),
    ("211602917", "Ruelle-sur-Touvre", 7396, 800, "3.79"),
    ("211603410", "Saint-Michel", 3220, 330, "4.40"),
    ("211603485", "Saint-Saturnin", 1273, 120, "5.35"),
    ("211603584", "Saint-Yrieix-sur-Charente", 7556, 790, "3.98"),
    ("211603741", "Soyaux", 10057, 1010, "3.70"),
    ("211603857", "Touvre", 1146, 110, "5.60"),
)

TABLES = """
create table membres (siren varchar, nom varchar, nature varchar, code_insee varchar, population integer);
create table familles (code varchar, libelle varchar, unite_reference varchar, nature varchar, groupement varchar, remarque varchar);
create table articles (article_id varchar, libelle varchar, famille varchar, unite_reference varchar);
create table lignes (famille varchar, fournisseur_id varchar);
create table prix_membres (
    article_id varchar, periode varchar, membre varchar, quantite_reference decimal(18, 4), montant_ht decimal(18, 2),
    prix_unitaire_ht decimal(18, 6), exclu boolean
);
create table distributions (
    article_id varchar, periode varchar, nb_membres integer, nb_lignes integer, nb_fournisseurs integer,
    q1 double, mediane double, moyenne_ponderee double
);
create table besoins (
    membre varchar, famille varchar, article_id varchar, unite_reference varchar, quantite_annuelle decimal(18, 4),
    montant_annuel_ht decimal(18, 2), nb_lignes integer
);
create table effets_volume (
    famille varchar, elasticite double, bas double, haut double, mesurable boolean,
    nb_observations bigint, nb_membres bigint, nb_articles bigint, motif_absence varchar
);
"""


def fill(cursor: duckdb.DuckDBPyConnection, nb_fournisseurs: int = 4) -> None:
    cursor.execute(TABLES)
    cursor.execute("insert into familles values ('AD01', 'Papier d''impression', 'ramette', 'fournitures', 'fort', '')")
    cursor.execute("insert into articles values ('A1', 'Ramette A4 80 g blanc', 'AD01', 'ramette')")
    for rang in range(nb_fournisseurs):
        cursor.execute("insert into lignes values ('AD01', ?)", [f"F{rang}"])
    for siren, nom, population, quantite, prix in RAMETTES:
        montant = quantite * Decimal(prix)
        cursor.execute("insert into membres values (?, ?, 'commune', '', ?)", [siren, nom, population])
        cursor.execute("insert into prix_membres values ('A1', 'ensemble', ?, ?, ?, ?, false)", [siren, quantite, montant, Decimal(prix)])
        cursor.execute("insert into besoins values (?, 'AD01', 'A1', 'ramette', ?, ?, 3)", [siren, quantite, montant])
    cursor.execute(
        """
        insert into distributions
        select
            'A1', 'ensemble', count(*), 48, ?, percentile_cont(0.25) within group (order by prix_unitaire_ht),
            percentile_cont(0.5) within group (order by prix_unitaire_ht), sum(montant_ht) / sum(quantite_reference)
        from prix_membres
        """,
        [nb_fournisseurs],
    )


@pytest.fixture
def ramettes() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connexion:
        fill(connexion)
        yield connexion
