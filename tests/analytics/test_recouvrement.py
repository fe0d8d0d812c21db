"""What was planted in the generated purchases comes back: price moves and volume effects of each famille, on worlds never used to tune."""

from statistics import median

import polars as pl
import pytest

from analytics.indices.tpd import indice
from analytics.volume.elasticite import estimer
from sample_data.generation.catalogue import lire_articles
from tests.mesures.recouvrement import achats, prix

GRAINES = (901, 902)
FAMILLES = {article.famille.code: article.famille for article in lire_articles()}


@pytest.mark.parametrize("graine", GRAINES)
def test_price_moves_over_three_years(graine):
    achetees = achats(graine).with_columns(
        trimestre=pl.col("date").dt.year() * 4 + pl.col("date").dt.quarter() - 1,
        modele=pl.concat_str("article_id", "membre", "fournisseur", separator="|"),
    )
    releves = prix(achetees, "modele", "membre", "trimestre")
    erreurs, dits, dedans = [], 0, 0
    for code, famille in FAMILLES.items():
        points = indice(releves.filter(pl.col("famille") == code))
        derniers = [p for p in points if p.trimestre // 4 == 2025]
        if not derniers:
            continue
        plante = (1 + famille.inflation[2024]) * (1 + famille.inflation[2025])
        erreurs.append(abs(sum(p.indice for p in derniers) / len(derniers) / 100 / plante - 1))
        bornes = [(p.bas, p.haut) for p in derniers if p.bas is not None]
        dits += len(bornes)
        dedans += sum(bas <= 100 * plante <= haut for bas, haut in bornes)
    assert len(erreurs) >= 40
    assert median(erreurs) < 0.01
    assert dits > 3 * len(erreurs)
    assert dedans / dits > 0.9


@pytest.mark.parametrize("graine", GRAINES)
def test_volume_effects(graine):
    observations = prix(achats(graine).with_columns(periode=pl.col("date").dt.year().cast(pl.String)), "article_id", "membre", "periode")
    estimees = {code: estimer(observations.filter(pl.col("famille") == code), 5, 20) for code in FAMILLES}
    mesurees = {code: e for code, e in estimees.items() if e.elasticite is not None}
    assert len(mesurees) >= 35
    couvertes = sum(e.bas <= FAMILLES[code].elasticite <= e.haut for code, e in mesurees.items())
    assert couvertes / len(mesurees) > 0.85
    sans_effet = [e for code, e in mesurees.items() if FAMILLES[code].elasticite == 0]
    assert sum(e.mesurable for e in sans_effet) <= 1
