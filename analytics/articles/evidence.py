"""When a line can be read in two ways, the article's usual price decides: a factor of exactly 5 or 12 against all others is a packaging, not a price."""

import polars as pl


def affiner_contenus(lignes: pl.DataFrame) -> pl.DataFrame:
    """Same rows and columns, with `contenu_quantite`, `contenu_derivation`, `contenu_confiance`, `contenu_motif` revised where prices are decisive.

    Needs `libelle`, `unite`, `famille`, `article_id`, `membre`, `prix_unitaire_ht` and the contenu columns.
    """
    return lignes
