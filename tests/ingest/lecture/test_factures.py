"""Invoices: EN 16931 line by line, apportionment to the cent, credit notes, identifiers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.erreurs import FichierRefuse
from ingest.lecture import TableBrute
from ingest.lecture.aiguillage import lire_facture
from ingest.lecture.factures import repartir, table_de_factures
from ingest.lecture.montants import decimal, siret_ou_siren
from tests.cas_fichiers.fabrique_factures import factures, ligne_ubl, ubl

CENTIMES = st.integers(-10_000_000, 10_000_000).map(lambda n: Decimal(n) / 100)
POIDS = st.lists(st.integers(0, 10_000_000).map(lambda n: Decimal(n) / 100), min_size=1, max_size=40)


def lire_table(octets: bytes) -> TableBrute:
    return table_de_factures([("", lire_facture(octets, "facture.xml"))])


def colonnes(table: TableBrute, *noms: str) -> list[tuple[object, ...]]:
    return next(table.blocs()).select(noms).rows()


@given(CENTIMES, POIDS)
def test_shares_sum_to_the_amount(total: Decimal, poids: list[Decimal]) -> None:
    parts = repartir(total, poids)
    assert sum(parts) == (total if sum(poids) else 0)
    assert all(part == part.quantize(Decimal("0.01")) for part in parts)


@given(CENTIMES, POIDS)
def test_no_share_is_more_than_a_cent_away_from_its_proportion(total: Decimal, poids: list[Decimal]) -> None:
    if sum(poids):
        for part, p in zip(repartir(total, poids), poids, strict=True):
            assert abs(part - total * p / sum(poids)) <= Decimal("0.01")


def test_a_price_for_a_hundred_is_divided_by_its_base() -> None:
    table = lire_table(factures()["ubl_base_de_prix.xml"])
    assert colonnes(table, "Quantité", "Prix unitaire HT", "Montant HT") == [("200", "0.12", "24.00")]


def test_allowances_lower_the_price_really_paid_and_keep_the_sum() -> None:
    """Ten euros off three equal lines: 3.34 + 3.33 + 3.33; the book, of another rate, is not concerned."""
    table = lire_table(factures()["ubl_remises.xml"])
    lues = colonnes(
        table, "Prix unitaire facturé HT", "Remises et frais de la ligne", "Part des remises de pied", "Prix unitaire HT", "Montant HT"
    )
    assert lues == [
        ("10.00", None, "-3.34", "9.666000", "96.66"),
        ("12.00", "-20.00", "-3.33", "9.667000", "96.67"),
        ("25.00", None, "-3.33", "24.167500", "96.67"),
        ("50.00", None, None, "50.00", "50.00"),
    ]


def test_a_credit_note_is_negative_with_a_positive_price() -> None:
    table = lire_table(factures()["ubl_avoir.xml"])
    assert colonnes(table, "Type", "Quantité", "Code unité", "Prix unitaire HT", "Montant HT") == [
        ("avoir", "-2", "XCT", "19.00", "-38.00")
    ]


def test_charges_are_a_line_of_their_own() -> None:
    table = lire_table(factures()["cii_frais.xml"])
    assert colonnes(table, "Désignation", "Quantité", "Montant HT") == [
        ("Ramette A4 80 g", "40", "154.00"),
        ("Frais de port", "1", "15.00"),
    ]


def test_what_identifies_the_line_is_kept() -> None:
    table = lire_table(factures()["ubl_base_de_prix.xml"])
    [ligne] = next(table.blocs()).rows(named=True)
    par_champ = {champ: ligne[entete] for entete, champ in table.champs.items()}
    assert par_champ == {
        "piece": "F-2025-07",
        "date": "2025-03-12",
        "fournisseur": "Papeterie inventée",
        "fournisseur_siret": "732829320",
        "membre_siret": "21160015000018",
        "libelle": "Chemises cartonnées, blanc",
        "reference": "REF-1",
        "gtin": "4006381333931",
        "quantite": "200",
        "unite": "C62",
        "prix_unitaire_ht": "0.12",
        "montant_ht": "24.00",
        "taux_tva": "20",
        "code_cpv": "39263000-3",
        "compte": None,
        "marche": "M2024-3",
    }
    assert ligne["Caractéristiques"] == "Couleur : blanc"


def test_lines_that_miss_the_written_total_are_told() -> None:
    table = lire_table(ubl(ligne_ubl("1", "2", "C62", "24.00", "12.00"), total="30.00"))
    assert any("24,00\xa0€" in remarque and "30,00\xa0€" in remarque for remarque in table.remarques)


def test_several_invoices_keep_the_name_of_their_file() -> None:
    lues = [(nom, lire_facture(factures()[nom], nom)) for nom in ("ubl_base_de_prix.xml", "ubl_avoir.xml")]
    frame = next(table_de_factures(lues).blocs())
    assert frame.select("_origine", "ligne").rows() == [("ubl_base_de_prix.xml", 1), ("ubl_avoir.xml", 1)]


@pytest.mark.parametrize("texte", ["deux", "1,5", "1e9", "NaN", "9" * 30, "1 000"])
def test_what_is_not_a_number_is_refused(texte: str) -> None:
    with pytest.raises(FichierRefuse, match="devrait être un nombre"):
        decimal(texte, "la quantité", "f.xml")


@pytest.mark.parametrize(
    ("candidats", "tva", "attendu"),
    [
        (["732 829 320 00074"], None, "73282932000074"),
        (["732829320"], None, "732829320"),
        (["73282932000075"], None, None),
        ([None, "GLN 123"], "FR44732829320", "732829320"),
        ([], "DE123456789", None),
        (["35600000000048"], None, "35600000000048"),
        (["356000000 14322"], None, None),
    ],
)
def test_company_identifiers(candidats: list[str | None], tva: str | None, attendu: str | None) -> None:
    assert siret_ou_siren(candidats, tva) == attendu


def test_a_large_attachment_does_not_hide_the_lines() -> None:
    """A scanned invoice attached inside makes a text of twelve megabytes, which no XML parser accepts by default."""
    piece = (
        "<cac:AdditionalDocumentReference><cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode='application/pdf'>{}"
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
    )
    octets = ubl(ligne_ubl("1", "2", "C62", "24.00", "12.00"), pied=piece.format("A" * (12 << 20)))
    assert colonnes(lire_table(octets), "Quantité", "Montant HT") == [("2", "24.00")]
