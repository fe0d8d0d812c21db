"""What the README promises of the data is in them: sizes, planted effects, the ramette scenario, planted mistakes."""

import csv
from pathlib import Path

import polars as pl
import pytest

from sample_data.generation.catalogue import lire_articles, lire_familles, lire_membres, lire_prix_aberrants, lire_ramettes_2025
from sample_data.generation.fournisseurs import luhn


def test_counts_are_those_promised(verite: pl.DataFrame) -> None:
    achats = verite.filter(pl.col("article") != "")
    assert 10_000 <= verite.height <= 14_500
    assert achats["famille"].n_unique() >= 24
    assert achats["article"].n_unique() >= 170
    assert achats["fournisseur"].n_unique() >= 45
    assert verite["membre"].n_unique() == 19


def test_real_numbers_of_members_pass_luhn_and_ccas_too(dossier: Path) -> None:
    membres = lire_membres()
    assert all(luhn(m.siren) for m in membres)
    assert [m.nature for m in membres].count("commune") == 16
    assert {m.siren for m in membres if m.nature == "epci"} == {"200071827"}


def test_invented_suppliers_have_valid_numbers_and_several_spellings(dossier: Path) -> None:
    with (dossier / "verite" / "fournisseurs.csv").open(encoding="utf-8") as flux:
        fournisseurs = list(csv.DictReader(flux, delimiter=";"))
    assert all(luhn(f["siren"]) and (not f["siret_ecrit"] or luhn(f["siret_ecrit"])) for f in fournisseurs)
    assert sum(not f["siret_ecrit"] for f in fournisseurs) >= 2
    assert all(len(set(f["graphies"].split("|"))) >= 2 for f in fournisseurs)
    assert len({f["siren"] for f in fournisseurs}) == len(fournisseurs)
    noms = [f["nom"] for f in fournisseurs]
    assert len(noms) > len(set(noms))  # two firms of one name in two towns


def test_statuses_and_facts_cover_the_planted_difficulties(verite: pl.DataFrame) -> None:
    assert set(verite["statut"]) == {"retenue", "a_corriger", "ecartee", "identique"}
    motifs = set(verite["motif"].drop_nulls())
    assert {
        "lettre_o",
        "date_impossible",
        "libelle_vide",
        "montant_faux",
        "total",
        "sous_total",
        "entete_repete",
        "donnee_personnelle",
        "deja_recue",
    } <= motifs
    faits = {fait.split(":")[0] for texte in verite["faits"] for fait in texte.split(",") if fait}
    attendus = {
        "avoir",
        "doublon_saisie",
        "siret_scientifique",
        "faute_de_frappe",
        "frais_de_port",
        "conditionnement_illisible",
        "reduction",
    }
    assert attendus <= faits


def test_credit_notes_are_negative_and_nothing_else_is(verite: pl.DataFrame) -> None:
    assert (verite.filter(pl.col("nature") == "avoir")["montant_ht"] < 0).all()
    assert (verite.filter(pl.col("nature") == "achat")["montant_ht"] > 0).all()


def test_quantity_times_price_is_the_amount(verite: pl.DataFrame) -> None:
    """Within half a cent, plus what six decimals of the reference price can lose on the quantity."""
    achats = verite.filter(pl.col("article") != "")
    ecart = (achats["quantite_reference"] * achats["prix_unitaire_reference_ht"] - achats["montant_ht"]).abs()
    assert (ecart <= 0.0051 + achats["quantite_reference"].abs() * 5.1e-7).all()


def test_ramettes_of_2025_follow_the_scenario(prix_annuels: pl.DataFrame) -> None:
    annee = prix_annuels.filter((pl.col("article") == "AD01-A4-80") & (pl.col("annee") == "2025"))
    lus = {slug: (quantite / 500, prix * 500) for slug, quantite, prix in annee.select("slug", "quantite", "prix").rows()}
    for slug, (ramettes, prix) in lire_ramettes_2025().items():
        assert lus[slug][0] == pytest.approx(ramettes, abs=5)  # a carton holds five
        assert lus[slug][1] == pytest.approx(float(prix), rel=0.015)


@pytest.mark.parametrize("famille", sorted({article.famille.code for article in lire_articles()}))
def test_planted_volume_effect_is_found_again(prix_annuels: pl.DataFrame, famille: str) -> None:
    """Plain least squares of log price on log quantity within article and year, a volume effect of zero included."""
    points = prix_annuels.filter(pl.col("famille") == famille)
    pente = (points["dx"] * points["dy"]).sum() / (points["dx"] ** 2).sum()
    assert pente == pytest.approx(lire_familles()[famille].elasticite, abs=0.03)


def test_planted_inflation_is_found_again(prix_annuels: pl.DataFrame) -> None:
    """Mean change of log price of one membre for one article, volume effect removed, within two points, where there are 70 pairs."""
    elasticites = pl.DataFrame({"famille": list(lire_familles()), "e": [f.elasticite for f in lire_familles().values()]})
    corriges = prix_annuels.join(elasticites, on="famille").with_columns(z=pl.col("y") - pl.col("e") * pl.col("x"))
    larges = corriges.pivot(on="annee", index=["famille", "article", "slug"], values="z")
    vues = 0
    for (code,), lignes in larges.group_by("famille"):
        if lignes.height < 70:
            continue
        for avant, apres in ((2023, 2024), (2024, 2025)):
            mesure = (lignes[str(apres)] - lignes[str(avant)]).mean()
            assert mesure == pytest.approx(lire_familles()[str(code)].inflation[apres], abs=0.02), (code, apres)
            vues += 1
    assert vues >= 10


def test_aberrant_prices_stand_out_and_are_told(verite: pl.DataFrame, prix_annuels: pl.DataFrame) -> None:
    dits = set(verite.filter(pl.col("faits").str.contains("prix_aberrant")).select("slug", "article").unique().rows())
    assert dits == set(lire_prix_aberrants())
    annee = prix_annuels.filter(pl.col("annee") == "2025").with_columns(ecart=pl.col("prix") / pl.col("prix").median().over("article"))
    for slug, article in dits:
        assert annee.filter((pl.col("slug") == slug) & (pl.col("article") == article))["ecart"].item() > 2


def test_angouleme_already_pays_best_on_most_articles(prix_annuels: pl.DataFrame) -> None:
    annee = prix_annuels.filter(pl.col("annee") == "2025").with_columns(
        rang=pl.col("prix").rank("min").over("article"), membres=pl.len().over("article")
    )
    siens = annee.filter((pl.col("slug") == "angouleme") & (pl.col("membres") >= 3))
    assert 0.6 < (siens["rang"] == 1).mean() < 0.9


def test_spend_is_of_a_realistic_order(verite: pl.DataFrame) -> None:
    populations = {m.slug: m.population for m in lire_membres() if m.nature == "commune"}
    retenues = verite.filter((pl.col("statut") != "ecartee") & (pl.col("statut") != "identique") & (pl.col("date").str.starts_with("2025")))
    for slug, montant in retenues.group_by("slug").agg(pl.col("montant_ht").sum()).rows():
        if slug in populations:
            assert 10 <= montant / populations[slug] <= 60, slug


@pytest.mark.parametrize(
    "jumeaux",
    [
        ("AD01-A4-80", "AD01-A3-80", "AD01-A4-90", "AD01-A4-80R"),
        ("EN08-NIT-S", "EN08-NIT-M", "EN08-NIT-L", "EN08-VIN-M"),
        ("EN03-110-40", "EN03-110-50", "EN03-130-50"),
        ("SC04-T3", "SC04-T4", "SC04-T5", "SC04-T4-ECO"),
        ("AD04-HX26-M", "AD04-HX26-C", "AD04-HX26-R"),
    ],
)
def test_near_twins_are_bought_as_different_articles(verite: pl.DataFrame, jumeaux: tuple[str, ...]) -> None:
    assert set(jumeaux) <= set(verite["article"])


def test_one_article_is_sold_in_several_packagings_by_several_suppliers(verite: pl.DataFrame) -> None:
    achats = verite.filter(pl.col("article") != "").group_by("article").agg(pl.col("contenu").n_unique(), pl.col("fournisseur").n_unique())
    assert achats.filter((pl.col("contenu") >= 2) & (pl.col("fournisseur") >= 2)).height > 100


def test_articles_have_several_phrasings_and_a_price() -> None:
    for article in lire_articles():
        assert len(set(article.noms)) == len(article.noms) >= 2, article.id
        assert article.prix > 0
