"""The usual price of an article tells a carton from a ramette; it never tells what it does not know."""

from decimal import Decimal

import polars as pl

from analytics.articles import affiner_contenus
from ingest.quantites import ajouter_contenu

LIBELLE = "PAPIER A4 80G CARTON DE 5 RAMETTES"


def monde(lignes: list[tuple[str, str, str]]) -> pl.DataFrame:
    """(label, unit, price) of lines of one article."""
    brut = pl.DataFrame(lignes, schema=["libelle", "unite", "prix"], orient="row").with_columns(
        pl.lit("AD01").alias("famille"),
        pl.lit("AD01-1").alias("article_id"),
        pl.col("prix").cast(pl.Decimal(18, 6)).alias("prix_unitaire_ht"),
    )
    return ajouter_contenu(brut.drop("prix"))


TEMOINS = [("PAPIER A4 80G R/500F", "RAMETTE", "4.20"), (LIBELLE, "CARTON", "20.50"), ("RAMETTE A4 80G", "RAMETTE", "4.35")]


def test_un_prix_cinq_fois_moindre_est_celui_de_la_ramette() -> None:
    affine = affiner_contenus(monde([*TEMOINS, (LIBELLE, "U", "4.10")]))
    assert affine["contenu_quantite"].to_list()[-1] == Decimal(500)
    assert "confirmé par le prix habituel" in affine["contenu_derivation"].to_list()[-1]
    assert affine["contenu_confiance"].to_list()[-1] > 0.9


def test_un_prix_de_carton_confirme_le_carton() -> None:
    affine = affiner_contenus(monde([*TEMOINS, (LIBELLE, "U", "21.00")]))
    assert affine["contenu_quantite"].to_list()[-1] == Decimal(2500)


def test_un_prix_qui_ne_ressemble_a_rien_laisse_a_preciser() -> None:
    affine = affiner_contenus(monde([*TEMOINS, (LIBELLE, "U", "950.00")]))
    assert affine["contenu_quantite"].to_list()[-1] is None
    assert "le prix ne permet pas de dire" in affine["contenu_motif"].to_list()[-1]


def test_sans_temoin_rien_ne_change() -> None:
    seul = monde([(LIBELLE, "U", "4.10")])
    assert affiner_contenus(seul).equals(seul)


def test_les_lignes_sures_ne_bougent_pas() -> None:
    sures = monde(TEMOINS)
    assert affiner_contenus(sures).equals(sures)


def test_ce_que_la_ligne_ne_dit_pas_vient_de_l_article_et_reste_approche() -> None:
    """Cut at 40 capitals, the label does not say the packaging: the price is that of the cartons of this article."""
    coupe = ("PAPIER REPROGRAPHIE A4 80 G/M2 BLANC / P", "CARTON", "21.20")
    affine = affiner_contenus(monde([*TEMOINS, (LIBELLE, "CARTON", "21.50"), coupe]))
    assert affine["contenu_quantite"].to_list()[-1] == Decimal(2500)
    assert affine["contenu_approx"].to_list()[-1] is True
    assert affine["contenu_confiance"].to_list()[-1] < 0.9
    assert "la ligne ne le dit pas" in affine["contenu_derivation"].to_list()[-1]


def test_un_prix_entre_deux_conditionnements_ne_dit_rien() -> None:
    ramettes = [("PAPIER A4 80G RAMETTE DE 500 FEUILLES", "RAMETTE", prix) for prix in ("4.10", "4.20", "4.30")]
    doubles = [("PAPIER A4 80G CARTON 1000 FEUILLES", "CARTON", prix) for prix in ("8.20", "8.40", "8.60")]
    affine = affiner_contenus(monde([*ramettes, *doubles, ("PAPIER REPROGRAPHIE A4 80 G/M2 BLANC / P", "CARTON", "6.00")]))
    assert affine["contenu_quantite"].to_list()[-1] is None
