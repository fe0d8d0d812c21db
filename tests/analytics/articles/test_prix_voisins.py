"""Two names that cost the same are one when only they could be; a third at that price, a cut label or another thing leaves the doubt."""

import polars as pl
import pytest

from analytics.articles import Rapprochement, rapprocher

SCHEMA = {
    "libelle": pl.String,
    "famille": pl.String,
    "contenu_unite": pl.String,
    "contenu_quantite": pl.Float64,
    "contenu_confiance": pl.Float64,
    "prix_unitaire_ht": pl.Float64,
}


def rapproche(*lignes: tuple[str, float], famille: str = "BA04") -> Rapprochement:
    rangees = [(libelle, famille, "unite", 1.0, 1.0, prix * facteur) for libelle, prix in lignes for facteur in (1.0, 1.02, 0.99)]
    return rapprocher(pl.DataFrame(rangees, schema=SCHEMA, orient="row"))


def sont_un(rapprochement: Rapprochement, a: str, b: str) -> bool:
    articles = dict(rapprochement.lignes.select("libelle", "article_id").iter_rows())
    return articles[a] == articles[b]


COUDE, ANGLE, BOUCHON = "raccord laiton coude 18", "raccord laiton angle 18", "raccord laiton bouchon 18"


def test_deux_noms_au_meme_prix_sont_un_article() -> None:
    assert sont_un(rapproche((COUDE, 3.0), (ANGLE, 3.05)), COUDE, ANGLE)


def test_sans_prix_ou_a_un_autre_prix_une_personne_est_interrogee() -> None:
    ecartes = rapproche((COUDE, 3.0), (ANGLE, 4.5))
    assert not sont_un(ecartes, COUDE, ANGLE)
    assert len(ecartes.questions) == 1
    sans_prix = rapprocher(pl.DataFrame({"libelle": [COUDE, ANGLE], "famille": ["BA04", "BA04"]}))
    assert not sont_un(sans_prix, COUDE, ANGLE)


def test_un_troisieme_au_meme_prix_laisse_le_doute() -> None:
    trois = rapproche((COUDE, 3.0), (ANGLE, 3.05), (BOUCHON, 3.1))
    assert not sont_un(trois, COUDE, ANGLE)
    assert not sont_un(trois, COUDE, BOUCHON)


def test_un_troisieme_a_un_autre_prix_ne_gene_pas() -> None:
    trois = rapproche((COUDE, 3.0), (ANGLE, 3.05), (BOUCHON, 1.1))
    assert sont_un(trois, COUDE, ANGLE)
    assert not sont_un(trois, COUDE, BOUCHON)


@pytest.mark.parametrize("autre", ["raccord laiton angle 22"])
def test_ce_qu_une_caracteristique_interdit_aucun_prix_ne_le_permet(autre: str) -> None:
    assert not sont_un(rapproche((COUDE, 3.0), (autre, 3.0)), COUDE, autre)


def test_un_seul_prix_ne_prouve_rien() -> None:
    lignes = [(COUDE, "BA04", "unite", 1.0, 1.0, 3.0), (ANGLE, "BA04", "unite", 1.0, 1.0, 3.0)]
    assert not sont_un(rapprocher(pl.DataFrame(lignes, schema=SCHEMA, orient="row")), COUDE, ANGLE)


def test_un_article_dont_tous_les_libelles_sont_coupes_n_est_jamais_sur() -> None:
    coupe = "RACCORD LAITON COUDE DIAMETRE 18 A SOUDE"
    assert len(coupe) == 40
    lignes = pl.DataFrame({"libelle": [coupe, coupe], "famille": ["BA04", "BA04"], "fournisseur_id": ["a", "b"]})
    bandes = rapprocher(lignes).lignes["bande"].unique().to_list()
    assert bandes != ["automatique"]
