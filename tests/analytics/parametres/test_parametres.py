"""Dated law: every file is sourced and ordered, the value depends on the date asked, and silence is a refusal in French."""

from datetime import date
from decimal import Decimal

import pytest

from analytics import parametres
from analytics.parametres import ParametreAbsent, parametre, table, tous, valeur


@pytest.mark.parametrize("nom", sorted(tous()))
def test_each_parameter_is_titled_sourced_and_checked(nom: str) -> None:
    lu = parametre(nom)
    assert lu.titre
    assert lu.unite
    assert all(references and all(r.titre and r.lien for r in references) for references in lu.references.values())
    assert set(lu.references) == set(lu.valeurs)
    assert lu.verifie_par
    assert lu.verifie_le < lu.prochaine_revue
    assert lu.cote in parametres.COTES
    assert "juriste" in lu.verifie_par or "club" in lu.verifie_par  # nobody may believe that a jurist has read it


@pytest.mark.parametrize(
    ("nom", "jour", "attendu"),
    [
        # every line of the dated table of the notes de domaine, §3.1
        ("seuils/dispense_fournitures_services", date(2019, 12, 31), 25000),
        ("seuils/dispense_fournitures_services", date(2020, 1, 1), 40000),
        ("seuils/dispense_fournitures_services", date(2026, 3, 31), 40000),
        ("seuils/dispense_fournitures_services", date(2026, 4, 1), 60000),
        ("seuils/dispense_travaux", date(2020, 12, 8), 100000),
        ("seuils/dispense_travaux", date(2026, 1, 1), 100000),
        ("seuils/profil_acheteur", date(2026, 3, 31), 40000),
        ("seuils/profil_acheteur", date(2026, 4, 1), 60000),
        ("seuils/publicite_boamp_jal", date(2012, 1, 1), 90000),
        ("seuils/formalisee_fournitures_services", date(2021, 12, 31), 214000),
        ("seuils/formalisee_fournitures_services", date(2022, 1, 1), 215000),
        ("seuils/formalisee_fournitures_services", date(2025, 12, 31), 221000),
        ("seuils/formalisee_fournitures_services", date(2026, 1, 1), 216000),
        ("seuils/formalisee_fournitures_services", date(2027, 12, 31), 216000),
        ("seuils/formalisee_travaux", date(2023, 12, 31), 5382000),
        ("seuils/formalisee_travaux", date(2025, 12, 31), 5538000),
        ("seuils/formalisee_travaux", date(2026, 1, 1), 5404000),
        ("seuils/formalisee_entite_adjudicatrice", date(2026, 6, 1), 432000),
        ("seuils/services_sociaux_specifiques", date(2016, 4, 1), 750000),
        ("seuils/controle_legalite", date(2026, 1, 1), 216000),
        ("seuils/ecrit_obligatoire", date(2016, 4, 1), 25000),
        ("seuils/decp_publication", date(2020, 1, 1), 40000),
        ("seuils/petits_lots_fournitures_services", date(2026, 1, 1), 80000),
        ("droit/accord_cadre_duree_maximale", date(2026, 1, 1), 48),
    ],
)
def test_value_in_force(nom: str, jour: date, attendu: int) -> None:
    assert valeur(nom, au=jour) == Decimal(attendu)


@pytest.mark.parametrize("jour", [date(2028, 1, 1), date(2035, 1, 1)])
def test_after_the_known_period_silence_is_said(jour: date) -> None:
    with pytest.raises(ParametreAbsent, match="n'est plus connu depuis le 01/01/2028"):
        valeur("seuils/formalisee_fournitures_services", au=jour)


def test_before_the_first_date_too() -> None:
    with pytest.raises(ParametreAbsent, match="à partir du 08/12/2020"):
        valeur("seuils/dispense_travaux", au=date(2020, 12, 7))


def test_a_table_and_a_number_are_not_confused() -> None:
    assert table("droit/cao", au=date(2026, 1, 1))["population_seuil"] == 3500
    with pytest.raises(TypeError):
        valeur("droit/cao", au=date(2026, 1, 1))
    with pytest.raises(TypeError):
        table("seuils/controle_legalite", au=date(2026, 1, 1))


def test_a_binary_number_is_refused_at_loading() -> None:
    with pytest.raises(TypeError, match="between quotes"):
        parametres._as_valeur("x", 0.2)


def test_source_and_overdue_review() -> None:
    lu = parametre("seuils/dispense_fournitures_services")
    assert "2025-1386" in lu.source(date(2026, 4, 1))
    assert not lu.en_retard(lu.prochaine_revue)
    assert lu.en_retard(date(2099, 1, 1))
