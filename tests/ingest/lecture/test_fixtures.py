"""Every file lent with the project is read, or refused with the right words (skipped where those files are absent)."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from ingest.erreurs import FichierRefuse
from ingest.lecture import lire
from ingest.lecture.aiguillage import lire_facture
from ingest.lecture.factures import table_de_factures
from ingest.lecture.modele_facture import Facture
from tests.ingest.lecture.test_cas import verifier_contrat

FIXTURES = Path(__file__).resolve().parents[3] / ".." / "shared" / "fixtures"
ATTENDUS: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("fixtures.yaml").read_text(encoding="utf-8"))
FACTURES = [nom for nom in ATTENDUS if nom.startswith("einvoice") and nom.casefold().endswith(".xml") and "order-x" not in nom]

pytestmark = pytest.mark.skipif(not FIXTURES.is_dir(), reason="les fichiers d'exemple partagés (../shared/fixtures) sont absents")


def test_every_fixture_has_its_verdict() -> None:
    presents = {str(p.relative_to(FIXTURES)) for p in FIXTURES.rglob("*") if p.is_file() and "/xsd/" not in str(p)}
    assert presents == set(ATTENDUS)


@pytest.mark.parametrize("nom", sorted(ATTENDUS))
def test_fixture_reads_as_expected(nom: str) -> None:
    attendu = ATTENDUS[nom]
    chemin = FIXTURES / nom
    if "refus" in attendu:
        with pytest.raises(FichierRefuse) as refus:
            lire(chemin, chemin.name)
        assert attendu["refus"] in str(refus.value)
        assert chemin.name in str(refus.value)
        return
    tables = lire(chemin, chemin.name)
    frames = [pl.concat(list(table.blocs())) for table in tables]
    for table, frame in zip(tables, frames, strict=True):
        verifier_contrat(table, frame)
    assert [frame.height for frame in frames] == attendu["lignes"]
    assert tables[0].genre == attendu.get("genre", "tableur")


@pytest.mark.parametrize("nom", FACTURES)
def test_invoice_lines_sum_to_its_written_total(nom: str) -> None:
    """Whatever the currency: the lines given to the observatoire sum, to the cent, to BT-109, negative for a credit note."""
    facture = lire_facture(FIXTURES / nom, nom)
    if not facture.lignes or facture.total_ht is None:
        pytest.skip("facture sans ligne")
    somme = _somme(facture)
    attendu = -facture.total_ht if facture.est_avoir else facture.total_ht
    assert abs(somme - attendu) <= Decimal("0.01")


def _somme(facture: Facture) -> Decimal:
    frame = pl.concat(list(table_de_factures([("", facture)]).blocs()))
    return frame.filter(pl.col("ecart").is_null())["Montant HT"].cast(pl.Decimal(20, 6)).sum()  # type: ignore[no-any-return]
