from pathlib import Path

import polars as pl

from ingest.chaine import lire_depot

ENTETE = "Date;Désignation;Quantité;PU HT;Montant HT"
JUSTE = "12/03/2025;RAMETTE A4;10;3,50;35,00"


def empreinte_de_la_premiere(dossier: Path, *lignes: str) -> str:
    (dossier / "achats.csv").write_text("\n".join([ENTETE, *lignes]), encoding="utf-8")
    lire_depot(dossier / "achats.csv", nom="achats.csv", depot="D", membre="211601380", destination=dossier / "lignes.parquet")
    return str(pl.read_parquet(dossier / "lignes.parquet")["empreinte"][0])


def test_correcting_a_line_does_not_change_the_fingerprint_of_its_neighbours(tmp_path: Path) -> None:
    avec_faute = empreinte_de_la_premiere(tmp_path, JUSTE, "13/03/2025;STYLO;2;1,O0;2,00")
    assert avec_faute == empreinte_de_la_premiere(tmp_path, JUSTE, "13/03/2025;STYLO;2;1,00;2,00")


def test_two_lines_wrong_in_different_ways_are_two_lines(tmp_path: Path) -> None:
    fautives = ("13/03/2025;STYLO;2;1,O0;", "13/03/2025;STYLO;2;1,I0;")
    (tmp_path / "achats.csv").write_text("\n".join([ENTETE, JUSTE, *fautives]), encoding="utf-8")
    lire_depot(tmp_path / "achats.csv", nom="a", depot="D", membre="211601380", destination=tmp_path / "l.parquet")
    assert pl.read_parquet(tmp_path / "l.parquet")["empreinte"].n_unique() == 3
