"""Carriage, discounts, deposits and fees count in spend and make neither article nor price; things whose name begins alike do."""

from decimal import Decimal

import pytest

from analytics.entrepot import lecture
from analytics.prix.frais import est_frais_annexe
from analytics.prix.motifs import MOTIFS
from tests.analytics.monde import construire


@pytest.mark.parametrize(
    "libelle",
    [
        "FRAIS DE PORT", "Frais de port", "PORT ET EMBALLAGE", "Participation frais de livraison", "PORT", "Forfait transport",
        "Frais d'envoi", "FRAIS DE DOSSIER", "Remise 5 %", "REMISE EXCEPTIONNELLE", "Rabais", "ESCOMPTE 2%", "Consigne palette",
        "CONSIGNES BOUTEILLES", "Déconsigne", "Éco-participation", "ECO PARTICIPATION MOBILIER", "Contribution environnementale",
        "Acompte 30 %", "Frais de port et emballage 12,50 €", "FRAIS DE GESTION", "Arrondi", "Emballage",
    ],
)  # fmt: skip
def test_a_fee_is_recognised(libelle):
    assert est_frais_annexe(libelle)


@pytest.mark.parametrize(
    "libelle",
    [
        "PORTE COUPE-FEU", "Port USB", "REMISE EN ETAT DES LOCAUX", "Consigne de sécurité plastifiée",
        "EMBALLAGE ALIMENTAIRE CARTON", "TRANSPORT SCOLAIRE", "Transport piscine élèves",
        "granulés de bois vrac livraison soufflée", "PORTE-DOCUMENTS", "Frais d'inscription au salon", "Palette bois",
        "REMISE DES PRIX COUPE", "", "Livraison de repas",
    ],
)  # fmt: skip
def test_a_thing_is_not(libelle):
    assert not est_frais_annexe(libelle)


def test_a_fee_is_spent_without_article_nor_price(tmp_path):
    lignes = [
        {"membre": "100000001", "libelle": nom, "prix": prix, "quantite": 1} for nom, prix in (("FRAIS DE PORT", 12), ("RAMETTE A4 80G", 4))
    ]
    with lecture(construire(lignes, tmp_path)) as curseur:
        frais = curseur.sql("SELECT article_id, article_motif, motif_hors_prix FROM lignes WHERE libelle = 'FRAIS DE PORT'").fetchall()
        assert frais == [(None, MOTIFS["frais_annexes"], "frais_annexes")]
        assert curseur.sql("SELECT count(*) FROM articles").fetchall() == [(1,)]
        assert curseur.sql("SELECT sum(montant_annuel_ht) FROM besoins").fetchall() == [(Decimal("16.00"),)]
