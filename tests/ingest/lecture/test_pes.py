"""PES: signs, tax basis, and what must never come out of the reader."""

from pathlib import Path

import polars as pl

from ingest.lecture import lire

FICHIER = Path(__file__).resolve().parents[2] / "cas_fichiers" / "fichiers" / "pes_depense.xml"


def frame() -> pl.DataFrame:
    [table] = lire(FICHIER, FICHIER.name)
    return pl.concat(list(table.blocs()))


def test_each_line_of_mandat_is_accounted_for_by_a_named_rule() -> None:
    assert frame().select("N° de mandat", "N° de ligne", "ecart").rows() == [
        ("101", "1", None),
        ("102", "1", "paie"),
        ("103", "1", "aide"),
        ("104", "1", None),
        ("104", "2", None),
        ("105", "1", None),
        ("106", "1", "hors_achat"),
        ("107", "1", None),
    ]


def test_a_cancellation_is_negative_and_the_tax_basis_is_the_one_of_the_schema() -> None:
    montants = {ligne[0]: ligne[1:] for ligne in frame().select("N° de mandat", "Montant HT", "Montant TVA", "Montant TTC").rows()}
    assert montants["101"] == ("154.00", "30.80", "184.80")
    assert montants["105"] == (None, None, "-15.40")


def test_no_person_no_health_number_no_bank_account_comes_out() -> None:
    cellules = " ".join(str(c) for ligne in frame().rows() for c in ligne)
    for secret in ("NOMDUSALARIE", "185057800608436", "FR76", "INVENTFRPP"):
        assert secret not in cellules
    assert "DUPONT PLOMBERIE" in cellules  # a craftsman is a supplier


def test_a_private_person_paid_for_a_purchase_is_counted_without_a_name() -> None:
    [cachet] = frame().filter(pl.col("N° de mandat") == "107").rows(named=True)
    assert (cachet["Fournisseur"], cachet["Objet"], cachet["Compte"], cachet["Montant TTC"]) == ("Particulier", None, "6232", "300.00")
