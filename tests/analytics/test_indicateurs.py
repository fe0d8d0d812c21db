"""Every indicator is whole, and every method named by a figure has its definition."""

import re
from datetime import date
from pathlib import Path

from analytics.indicateurs import indicateurs


def test_all_are_whole():
    for indicateur in indicateurs().values():
        assert all((indicateur.titre, indicateur.sources, indicateur.auteur, indicateur.relecteur))
        assert indicateur.pourquoi.endswith(".")
        assert indicateur.formule.endswith(".")
        assert indicateur.version >= 1


def test_a_review_becomes_overdue():
    indicateur = indicateurs()["ma_position"]
    assert not indicateur.est_a_revoir(date(2027, 6, 30))
    assert indicateur.est_a_revoir(date(2027, 7, 1))


def test_every_method_named_in_the_code_is_defined():
    racine = Path(__file__).resolve().parents[2] / "analytics"
    nommees = {
        nom
        for dossier in ("prix", "besoins", "indices", "volume", "parangonnage")
        for fichier in racine.glob(f"{dossier}/*.py")
        for nom in re.findall(r'^METHODE\w* = "(\w+)"', fichier.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(nommees) >= 4
    assert nommees <= set(indicateurs())
