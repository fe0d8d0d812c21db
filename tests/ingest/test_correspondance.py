"""Columns are recognised by their names and by their values; a person has the last word."""

from pathlib import Path

import polars as pl
import pytest

from ingest.chaine import Reglages
from ingest.correspondance import proposer, signer
from ingest.lecture.table import Genre, TableBrute
from ingest.ressemblance import base_dite, nommer
from ingest.vocabulaire import BaseTaxe
from tests.ingest.atelier import importer


def comprendre(colonnes: dict[str, list[str]], *, membre: str = "") -> dict[str, str]:
    """Field → header, as proposed for a table of these columns."""
    frame = pl.DataFrame(colonnes).with_columns(pl.int_range(pl.len()).alias("ligne"))
    table = TableBrute("", Genre.TABLEUR, tuple(colonnes), lambda: iter([frame]))
    return proposer(table, frame, membre=membre)[0].champs


@pytest.mark.parametrize(
    ("entete", "champ"),
    [
        ("Date facture", "date"),
        ("DATE_FACTURE", "date"),
        ("Dte fact.", "date"),
        ("N° Mandat", "piece"),
        ("NumMandat", "piece"),
        ("Raison sociale", "fournisseur"),
        ("Fournisseur de la cantine", "fournisseur"),
        ("Fourniseur", "fournisseur"),
        ("SIRET titulaire", "fournisseur_siret"),
        ("canteen siret", "membre_siret"),
        ("Désignation article", "libelle"),
        ("desciption", "libelle"),
        ("Qté livrée", "quantite"),
        ("U.V.", "unite"),
        ("P.U. H.T.", "prix_unitaire_ht"),
        ("MtHTaxe", "montant_ht"),
        ("Total T.T.C.", "montant_ttc"),
        ("Tx TVA", "taux_tva"),
        ("Imputation", "compte"),
        ("Code CPV", "code_cpv"),
        ("N° de marché", "marche"),
        ("Service gestionnaire", "service"),
    ],
)
def test_names(entete: str, champ: str) -> None:
    scores = nommer(entete)
    assert max(scores, key=lambda nom: scores[nom]) == champ
    assert scores[champ] >= 0.6


@pytest.mark.parametrize(
    "entete", ["famille_produits", "Observations", "Code postal", "est_local", "Exercice", "anomalie", "Colonne A", "Colonne 3", ""]
)
def test_names_that_mean_nothing_to_us(entete: str) -> None:
    assert [champ for champ, score in nommer(entete).items() if champ and score >= 0.75] == []


@pytest.mark.parametrize(
    ("entete", "base"),
    [
        ("Montants HT P.U.", BaseTaxe.HT),
        ("Hors taxes (€) Montant", BaseTaxe.HT),
        ("Prix T.T.C.", BaseTaxe.TTC),
        ("MontantTTC", BaseTaxe.TTC),
        ("PuHT", BaseTaxe.HT),
        ("Achat", None),
        ("Montant", None),
    ],
)
def test_tax_basis_said_by_a_header(entete: str, base: BaseTaxe | None) -> None:
    assert base_dite(entete) is base


def test_a_column_of_valid_siret_is_a_siret_whatever_its_name() -> None:
    champs = comprendre(
        {
            "Code X": ["35600000000048", "40483304800022", "55210055400013"],
            "Fournisseur": ["A", "B", "C"],
            "Désignation": ["gaz", "eau", "pain"],
            "Date": ["01/01/2025"] * 3,
            "Montant HT": ["1", "2", "3"],
        }
    )
    assert champs["fournisseur_siret"] == "Code X"


def test_a_lone_siret_is_the_buyer_when_it_is_ours() -> None:
    colonnes = {
        "SIRET": ["21160163800011"] * 3,
        "Fournisseur": ["A", "B", "C"],
        "Désignation": ["gaz", "eau", "pain"],
        "Montant HT": ["1,5", "2", "3"],
    }
    assert comprendre(colonnes, membre="211601638")["membre_siret"] == "SIRET"


def test_products_decide_which_column_is_which() -> None:
    champs = comprendre(
        {
            "Date": ["01/01/2025"] * 4,
            "Désignation": ["stylo", "cahier", "colle", "gomme"],
            "Valeur 1": ["1,10", "2,35", "0,99", "4,20"],
            "Valeur 2": ["10", "4", "7", "3"],
            "Valeur 3": ["11,00", "9,40", "6,93", "12,60"],
        }
    )
    assert (champs["quantite"], champs["prix_unitaire"], champs["montant"]) == ("Valeur 2", "Valeur 1", "Valeur 3")


def test_a_price_without_quantity_is_an_amount() -> None:
    colonnes = {"Date": ["01/01/2025", "02/01/2025"], "Désignation": ["stylo", "colle"], "Prix HT": ["1,10", "5"]}
    assert comprendre(colonnes)["montant_ht"] == "Prix HT"
    avec = comprendre({**colonnes, "Qté": ["2", "3"], "Total HT": ["2,20", "15"]})
    assert (avec["prix_unitaire_ht"] if "prix_unitaire_ht" in avec else avec["prix_unitaire"], avec["montant_ht"]) == (
        "Prix HT",
        "Total HT",
    )


def test_order_of_columns_changes_nothing() -> None:
    colonnes = {
        "Date facture": ["01/01/2025"] * 2,
        "Tiers": ["A", "B"],
        "Objet": ["papier", "colle"],
        "Qté": ["2", "3"],
        "PU": ["1,5", "2"],
        "Montant HT": ["3", "6"],
        "TVA": ["20", "20"],
    }
    assert comprendre(colonnes) == comprendre(dict(reversed(colonnes.items())))


def test_vat_column_is_a_rate_or_an_amount_by_its_values() -> None:
    socle = {"Date": ["01/01/2025"] * 2, "Objet": ["papier", "colle"], "Montant HT": ["100", "33,30"]}
    assert comprendre({**socle, "TVA": ["20", "5,5"]})["taux_tva"] == "TVA"
    assert comprendre({**socle, "TVA": ["20,00", "6,66"]}).get("montant_tva", "TVA") == "TVA"


def test_article_is_a_label_or_an_account_by_its_values() -> None:
    socle = {"Date": ["01/01/2025"] * 2, "Montant HT": ["100", "33,30"]}
    assert comprendre({**socle, "Article": ["Papier A4", "Colle"]})["libelle"] == "Article"
    assert comprendre({**socle, "Objet": ["papier", "colle"], "Article": ["6064", "60632"]})["compte"] == "Article"


def test_two_columns_for_one_field_is_a_question(tmp_path: Path) -> None:
    entete = "Date;Désignation;Montant HT;Total HT"
    lignes = ["01/01/2025;papier;10,00;12,00", "02/01/2025;colle;20,00;25,00"]
    lecture, _ = importer(tmp_path, lignes, entete=entete)
    (question,) = lecture.questions
    assert (question.code, question.champ, {choix.valeur for choix in question.choix}) == (
        "deux_colonnes",
        "montant_ht",
        {"Montant HT", "Total HT"},
    )
    signature = lecture.tables[0].signature
    reponse = Reglages(correspondances={signature: {"Total HT": "montant_ht", "Montant HT": ""}})
    lecture, lignes_lues = importer(tmp_path, lignes, entete=entete, reglages=reponse)
    assert lecture.questions == ()
    assert [str(montant) for montant in lignes_lues["montant_ht"].to_list()] == ["12.00", "25.00"]


def test_a_column_of_years_gives_way_to_one_of_days_whatever_its_name(tmp_path: Path) -> None:
    lignes = ["2025;Papeterie;papier;10,00;14/03/2025", "2025;Papeterie;colle;20,00;02/04/2025"]
    lecture, lues = importer(tmp_path, lignes, entete="Date;Fournisseur;Désignation;Montant HT;Livré")
    assert lecture.tables[0].champs["date"] == "Livré"
    assert [str(date) for date in lues["date"]] == ["2025-03-14", "2025-04-02"]


def test_a_missing_field_is_a_question_with_the_columns_that_are_left(tmp_path: Path) -> None:
    lecture, _ = importer(tmp_path, ["papier;10,00;le 3 du mois"], entete="Désignation;Montant HT;Quand")
    (question,) = lecture.questions
    assert (question.code, question.champ) == ("champ_manquant", "date")
    assert [choix.valeur for choix in question.choix] == ["Quand"]
    assert "null" not in question.texte


def test_signature_ignores_order_case_and_punctuation() -> None:
    assert signer(["Date", "N° facture"]) == signer(["n_facture ", "DATE"])
    assert signer(["Date"]) != signer(["Date", "Montant"])


def test_a_confirmed_mapping_wins_over_any_proposal(tmp_path: Path) -> None:
    entete, ligne = "Date;Objet;Détail;Montant HT", "01/01/2025;fournitures;papier A4;10,00"
    lecture, _ = importer(tmp_path, [ligne], entete=entete)
    signature = lecture.tables[0].signature
    _, lignes = importer(tmp_path, [ligne], entete=entete, reglages=Reglages(correspondances={signature: {"Détail": "libelle"}}))
    assert lignes["libelle"].to_list() == ["papier A4"]


def test_samples_and_confidence_are_given_for_each_column(tmp_path: Path) -> None:
    lecture, _ = importer(tmp_path, ["01/01/2025;papier;10,00;x", "02/01/2025;colle;20,00;y"], entete="Date;Désignation;Montant HT;Autre")
    par_entete = {colonne.entete: colonne for colonne in lecture.tables[0].colonnes}
    assert par_entete["Désignation"].exemples == ("papier", "colle")
    assert par_entete["Désignation"].confiance >= 0.9
    assert lecture.tables[0].colonnes_ignorees == ("Autre",)
