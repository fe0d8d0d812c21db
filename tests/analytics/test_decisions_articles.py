"""What people say of an article reaches the lines: its unit, its name, the labels taken out; and leaves no trace once taken back."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from analytics.decisions import Decision, Sujet
from analytics.entrepot import lecture
from tests.analytics.monde import construire

QUAND = datetime(2026, 3, 1, tzinfo=UTC)
POMMES = {"famille": "RE03", "unite": "colis", "attributs": "{}"}
AU_KILO = {
    **POMMES,
    "libelle": "POMMES GOLDEN COLIS 10 KG",
    "contenu_quantite": Decimal(10),
    "contenu_unite": "kg",
    "contenu_derivation": "colis de 10 kg",
}
A_LA_PIECE = {
    **POMMES,
    "libelle": "POMMES GOLDEN COLIS DE 50",
    "contenu_quantite": Decimal(50),
    "contenu_unite": "unite",
    "contenu_derivation": "colis de 50",
}
LIGNES = [
    {**AU_KILO, "membre": "210000001", "prix": "15.00"},
    {**AU_KILO, "membre": "210000002", "prix": "16.00"},
    {**A_LA_PIECE, "membre": "210000003", "prix": "14.00"},
]


def lire(dossier: Path, decisions: list[Decision], requete: str) -> list[tuple[Any, ...]]:
    dossier.mkdir(exist_ok=True)
    with lecture(construire(LIGNES, dossier, decisions=decisions)) as curseur:
        return curseur.sql(requete).fetchall()


ARTICLE = "SELECT DISTINCT article_id, article FROM lignes"
MOTIFS = "SELECT unite_reference, motif_hors_prix FROM lignes ORDER BY membre"
TOUT = "SELECT * FROM prix_membres ORDER BY ALL"


def test_an_article_is_compared_in_the_unit_people_choose_until_it_is_taken_back(tmp_path: Path) -> None:
    ((article, _),) = lire(tmp_path, [], ARTICLE)
    avant, motifs = lire(tmp_path, [], TOUT), lire(tmp_path, [], MOTIFS)
    assert motifs == [("kg", None), ("kg", None), ("unite", "unite_incompatible")]
    piece = Decision(Sujet.ARTICLE_UNITE, article, "anne", QUAND, {"unite": "unite"}, "vendues à la pièce")
    assert lire(tmp_path, [piece], MOTIFS) == [("kg", "unite_incompatible"), ("kg", "unite_incompatible"), ("unite", None)]
    assert lire(tmp_path, [piece], "SELECT unite_reference FROM articles") == [("unite",)]
    assert lire(tmp_path, [], TOUT) == avant


def test_a_name_and_a_price_follow_an_identifier_of_another_day(tmp_path: Path) -> None:
    ((article, nom),) = lire(tmp_path, [], ARTICLE)
    renomme = Decision(Sujet.ARTICLE_RENOMMER, article, "anne", QUAND, {"libelle": "Pommes golden"}, "plus court")
    assert lire(tmp_path, [renomme], ARTICLE) == [(article, "Pommes golden")]
    reunie = Decision(Sujet.FAMILLE_RETIRER, "RE03", "anne", QUAND, {"dans": "RE08"}, "essai")
    exclu = Decision(Sujet.PRIX_EXCLURE, f"{article}|210000001|ensemble", "anne", QUAND)
    alias = dict(lire(tmp_path, [reunie], "SELECT alias, article_id FROM alias_articles"))
    assert alias[article].startswith("RE08-")
    exclus = lire(tmp_path, [reunie, exclu], "SELECT membre FROM prix_membres WHERE exclu AND periode = 'ensemble'")
    assert ("210000001",) in exclus
    assert lire(tmp_path, [], ARTICLE) == [(article, nom)]
