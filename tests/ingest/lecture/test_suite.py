"""Two tables in one large text: what small texts give as two tables is here one table and lines set aside, never a mixture."""

from pathlib import Path

import polars as pl
import pytest

from ingest.chaine import lire_depot
from ingest.lecture import Ecart
from ingest.lecture.texte import lire_texte

ACHATS = "Date;Désignation;Quantité;Montant HT"
AUTRE = "Fournisseur;Ville;Nombre de factures;Montant total TTC"
LIGNES = [f"{1 + rang % 28:02d}/03/2025;Ramette A4;{rang};154,00" for rang in range(300)]
PAR_FOURNISSEUR = [f"PAPETERIE {rang};COGNAC;{rang};1 000,00" for rang in range(40)]


def lire_en_flux(chemin: Path, lignes: list[str], bloc: int) -> pl.DataFrame:
    chemin.write_text("\n".join(lignes) + "\n", encoding="cp1252")
    [table] = lire_texte(chemin, chemin.name, en_memoire=0, taille_bloc=bloc)
    assert table.entetes == tuple(ACHATS.split(";"))
    return pl.concat(list(table.blocs()))


@pytest.mark.parametrize("bloc", [60, 150, 1000, 1 << 20])
def test_the_second_table_is_counted_and_set_aside_whole(tmp_path: Path, bloc: int) -> None:
    lue = lire_en_flux(tmp_path / "a.csv", [ACHATS, *LIGNES, "", AUTRE, *PAR_FOURNISSEUR], bloc)
    assert lue.height == len(LIGNES) + 1 + len(PAR_FOURNISSEUR), "every line that is not blank is counted"
    gardees = lue.filter(pl.col("ecart").is_null())
    assert gardees["ligne"].to_list() == list(range(2, 302))
    assert set(lue.filter(pl.col("ecart").is_not_null())["ecart"]) == {Ecart.AUTRE_TABLE}
    assert lue["ligne"].to_list()[-1] == 2 + len(LIGNES) + 1 + len(PAR_FOURNISSEUR)


@pytest.mark.parametrize("bloc", [60, 150, 1000, 1 << 20])
def test_our_table_is_taken_up_again_under_its_own_header(tmp_path: Path, bloc: int) -> None:
    lignes = [ACHATS, *LIGNES[:100], ";;;", AUTRE, *PAR_FOURNISSEUR, "", ACHATS, *LIGNES[100:]]
    lue = lire_en_flux(tmp_path / "a.csv", lignes, bloc)
    gardees = lue.filter(pl.col("ecart").is_null())
    assert gardees["Quantité"].to_list() == [str(rang) for rang in range(300)]
    assert lue.filter(pl.col("ecart") == Ecart.AUTRE_TABLE).height == 1 + len(PAR_FOURNISSEUR)
    assert lue.filter(pl.col("ecart") == Ecart.ENTETE_REPETEE).height == 1


def test_small_and_large_agree_on_the_lines_of_purchase(tmp_path: Path) -> None:
    lignes = [ACHATS, *LIGNES, "", AUTRE, *PAR_FOURNISSEUR]
    lue = lire_en_flux(tmp_path / "a.csv", lignes, 1000)
    premiere = lire_texte(tmp_path / "a.csv", "a.csv")[0]
    petite = pl.concat(list(premiere.blocs()))
    assert lue.filter(pl.col("ecart").is_null()).equals(petite.filter(pl.col("ecart").is_null()))


def test_the_verdict_says_it_and_the_account_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.lecture.texte.lire_texte.__kwdefaults__", {"en_memoire": 0, "taille_bloc": 1 << 20}, raising=False)
    chemin = tmp_path / "a.csv"
    chemin.write_text("\n".join([ACHATS, *LIGNES, "", AUTRE, *PAR_FOURNISSEUR]) + "\n", encoding="cp1252")
    lue = lire_depot(chemin, nom="a.csv", depot="D0001", membre="211601380", destination=tmp_path / "lignes.parquet")
    assert lue.comptes.as_json() == {"lues": 341, "retenues": 299, "a_corriger": 1, "ecartees": 41, "identiques": 0}
    assert any("41 lignes font partie d'un second tableau" in remarque for remarque in lue.remarques)
