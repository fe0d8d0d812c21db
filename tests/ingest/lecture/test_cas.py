"""Every small nasty file gives the tables, or the sentence, written in `cas.yaml`."""

from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from ingest.erreurs import FichierRefuse
from ingest.lecture import Genre, TableBrute, lire

DOSSIER = Path(__file__).resolve().parents[2] / "cas_fichiers"
CAS: list[dict[str, Any]] = yaml.safe_load((DOSSIER / "cas.yaml").read_text(encoding="utf-8"))


def test_every_file_has_its_case() -> None:
    assert sorted(cas["fichier"] for cas in CAS) == sorted(p.name for p in (DOSSIER / "fichiers").iterdir())
    assert len(CAS) >= 60


@pytest.mark.parametrize("cas", CAS, ids=[cas["fichier"] for cas in CAS])
def test_file_reads_as_written(cas: dict[str, Any]) -> None:
    chemin = DOSSIER / "fichiers" / cas["fichier"]
    if "refus" in cas:
        with pytest.raises(FichierRefuse) as refus:
            lire(chemin, chemin.name)
        assert str(refus.value) == cas["refus"]
        return
    tables = lire(chemin, chemin.name)
    assert [_decrire(table, attendue) for table, attendue in zip(tables, cas["tables"], strict=True)] == cas["tables"]


def _decrire(table: TableBrute, attendue: dict[str, Any]) -> dict[str, Any]:
    """Describe a table with the same keys as the case, and hold it to its contract."""
    frame = pl.concat(list(table.blocs()))
    verifier_contrat(table, frame)
    comptes = {cle: dict(Counter(valeur for valeur in frame[cle[:-1]] if valeur)) for cle in ("ecarts", "alertes")}
    description: dict[str, Any] = {
        "origine": table.origine,
        "lignes": frame.height,
        **comptes,
        "remarques": list(table.remarques),
        "temoin": _temoin(frame, attendue["temoin"]),
    }
    if table.genre is Genre.TABLEUR:
        description["entetes"] = list(table.entetes) if isinstance(attendue["entetes"], list) else len(table.entetes)
    return {cle: valeur for cle, valeur in description.items() if valeur not in ({}, [], "")}


def _temoin(frame: pl.DataFrame, attendu: dict[str, Any]) -> dict[str, Any]:
    achats = frame.filter(pl.col("ecart").is_null())
    ligne = achats.row(min(1, achats.height - 1), named=True)
    return {cle: ligne[cle] for cle in attendu}


def verifier_contrat(table: TableBrute, frame: pl.DataFrame) -> None:
    """Check what `TableBrute` promises of the columns of its frames."""
    propres = [c for c in frame.columns if c != "_origine"]
    assert propres == ["ligne", "ecart", "alerte", *table.entetes]
    assert frame.schema["ligne"] == pl.Int64
    assert all(frame.schema[c] == pl.String for c in frame.columns if c != "ligne")
    assert frame["ligne"].null_count() == 0
    assert not any((frame[c] == "").any() for c in table.entetes)
    assert set(table.champs) <= set(table.entetes)
