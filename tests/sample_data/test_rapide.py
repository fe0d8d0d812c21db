"""Lines in memory agree with their truth, whatever the seed, the vocabulary and the number."""

import polars as pl
import pytest

from sample_data.generer import Degradations, generer_lignes, main

LIGNES = [
    "ligne",
    "libelle",
    "unite",
    "quantite",
    "prix_unitaire_ht",
    "montant_ht",
    "date",
    "fournisseur",
    "fournisseur_siret",
    "reference",
    "code_cpv",
    "compte",
    "membre",
]


@pytest.mark.parametrize("vocabulaire", ["v1", "v2", "v3", "v4"])
def test_lines_and_truth_are_aligned_and_add_up(vocabulaire: str) -> None:
    lignes, verite = generer_lignes(3, vocabulaire, 4000)
    assert lignes.columns == LIGNES
    assert lignes["ligne"].to_list() == verite["ligne"].to_list() == list(range(1, 4001))
    produit = (lignes["quantite"].cast(float) * lignes["prix_unitaire_ht"].cast(float) - lignes["montant_ht"].cast(float)).abs()
    assert (produit <= 0.00501).all()
    reference = lignes["prix_unitaire_ht"].cast(float) / verite["contenu"].cast(float) - verite["prix_unitaire_reference_ht"]
    assert (reference.abs() <= 5.1e-7).all()
    assert (lignes["quantite"].cast(float) * verite["contenu"].cast(float) - verite["quantite_reference"]).abs().max() < 1e-6
    assert lignes["montant_ht"].min() > 0


def test_the_same_seed_gives_the_same_lines_and_another_gives_others() -> None:
    un, verite_un = generer_lignes(3, "v1", 500)
    deux, verite_deux = generer_lignes(3, "v1", 500)
    trois, _ = generer_lignes(4, "v1", 500)
    assert un.equals(deux)
    assert verite_un.equals(verite_deux)
    assert not un.equals(trois)


@pytest.mark.parametrize("vocabulaire", ["v2", "v3", "v4"])
def test_the_other_vocabularies_are_unseen_material(vocabulaire: str) -> None:
    """No supplier in common, and few labels: what is tuned on v1 can be reported on another."""
    un, _ = generer_lignes(3, "v1", 20_000)
    deux, _ = generer_lignes(3, vocabulaire, 20_000)
    assert not set(un["fournisseur"]) & set(deux["fournisseur"])
    communs = set(un["libelle"]) & set(deux["libelle"])
    assert len(communs) < 0.1 * deux["libelle"].n_unique()


def test_thousands_of_near_twins_for_benchmarks() -> None:
    lignes, verite = generer_lignes(3, "v1", 20_000, nb_articles=3000, nb_membres=50)
    assert verite["article"].n_unique() > 2900
    assert lignes["membre"].n_unique() == 50
    with pytest.raises(ValueError, match="at most"):
        generer_lignes(3, "v1", 10, nb_articles=1_000_000)


def test_degradations_do_what_they_say() -> None:
    lignes, verite = generer_lignes(3, "v1", 3000, degradations=Degradations(majuscules=1, coupees=1, coupe=40, fautes=0, cpv=0, siret=0))
    assert lignes["libelle"].str.len_chars().max() == 40
    assert (lignes["libelle"] == lignes["libelle"].str.to_uppercase()).all()
    assert lignes["code_cpv"].null_count() == lignes["fournisseur_siret"].null_count() == 3000
    assert 0.3 < verite["conditionnement_lisible"].mean() < 0.95


def test_an_unknown_vocabulary_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        generer_lignes(3, "v99", 10)


def test_the_command_writes_parquet_for_benchmarks(tmp_path, capsys) -> None:
    main(["--graine", "5", "--vocabulaire", "v2", "--lignes", "300", "--membres", "4", "--sortie", str(tmp_path)])
    assert "300 lignes écrites" in capsys.readouterr().out
    lignes = pl.read_parquet(tmp_path / "lignes.parquet")
    assert lignes.height == pl.read_parquet(tmp_path / "verite.parquet").height == 300
    assert lignes["membre"].n_unique() == 4
