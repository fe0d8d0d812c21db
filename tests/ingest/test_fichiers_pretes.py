"""Every lent file that looks like purchases goes through the whole chain: accounted for line by line, or refused with a sentence."""

from pathlib import Path

import polars as pl
import pytest

from ingest.chaine import lire_depot
from ingest.erreurs import FichierRefuse
from tests.ingest.atelier import MEMBRE

FIXTURES = Path(__file__).resolve().parents[2] / ".." / "shared" / "fixtures"
DOSSIERS = ("einvoice/facturx_akretion", "einvoice/en16931/ubl/examples", "einvoice/en16931/cii/examples", "pes", "ma-cantine/diagnostics")
FICHIERS = [
    fichier
    for dossier in DOSSIERS
    for fichier in sorted((FIXTURES / dossier).rglob("*"))
    if fichier.is_file() and fichier.suffix.lower() in {".xml", ".pdf", ".csv", ".tsv", ".xlsx"} and fichier.stat().st_size < 5_000_000
]


@pytest.mark.skipif(not FICHIERS, reason="the shared fixtures are not beside the repository")
def test_lent_files_are_accounted_for_or_refused(tmp_path: Path) -> None:
    destination = tmp_path / "lignes.parquet"
    refus: dict[Path, str] = {}
    for fichier in FICHIERS:
        try:
            lecture = lire_depot(fichier, nom=fichier.name, depot="D1", membre=MEMBRE, destination=destination)
        except FichierRefuse as refuse:
            refus[fichier] = str(refuse)
            continue
        lignes = pl.read_parquet(destination)
        comptes = lecture.comptes
        assert lignes.height == comptes.lues, fichier
        assert dict(lignes["statut"].value_counts().iter_rows()).get("retenue", 0) == comptes.retenues, fichier
        for anomalie in lecture.anomalies:
            assert anomalie.message.endswith("."), (fichier, anomalie.message)
    assert len(refus) < len(FICHIERS)
    for fichier, phrase in refus.items():
        assert phrase.endswith("."), fichier
        assert fichier.name in phrase, fichier
