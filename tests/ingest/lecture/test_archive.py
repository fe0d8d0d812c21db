"""Archives: large texts inside are read by blocks from the unpacked folder, which lives as long as its tables and no longer."""

import gc
import zipfile
from pathlib import Path

import pytest

from ingest.erreurs import FichierRefuse
from ingest.lecture import archive, lire


def test_a_large_text_in_an_archive_is_read_by_blocks_then_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "depliage"))
    (tmp_path / "depliage").mkdir()
    lignes = "".join(
        f"{rang % 28 + 1:02d}/03/2025;Article numéro {rang * 7919 % 10_007};{rang % 97};{rang % 9973},00\n" for rang in range(250_000)
    )
    chemin = tmp_path / "achats.zip"
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as ecrit:
        ecrit.writestr("2025/achats.csv", "Date;Désignation;Quantité;Montant HT\n" + lignes)
    [table] = lire(chemin, chemin.name)
    assert table.origine == "2025/achats.csv"
    gc.collect()
    assert [sum(bloc.height for bloc in table.blocs()) for _ in range(2)] == [250_000, 250_000]
    del table
    gc.collect()
    assert list((tmp_path / "depliage").iterdir()) == []


def test_an_archive_whose_announced_sizes_lie_is_stopped_while_unpacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "TAILLE_MAX", 10_000)
    chemin = tmp_path / "menteuse.zip"
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as ecrit:
        ecrit.writestr("a.csv", b"Date;Montant HT\n" * 500)
        ecrit.writestr("b.csv", b"Date;Montant HT\n" * 500)
    with pytest.raises(FichierRefuse, match="démesurée"):
        lire(chemin, chemin.name)


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "FICHIERS_MAX", 3)
    chemin = tmp_path / "nombreuse.zip"
    with zipfile.ZipFile(chemin, "w") as ecrit:
        for rang in range(4):
            ecrit.writestr(f"{rang}.csv", "x")
    with pytest.raises(FichierRefuse, match="contient 4 fichiers"):
        lire(chemin, chemin.name)
