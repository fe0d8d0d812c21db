"""The right answer is sometimes not a groupement."""

from datetime import date

import duckdb
import pytest

from analytics.opportunites import Opportunite, classer
from analytics.opportunites.voies import Etat, Situation, conseiller
from analytics.portee import Portee


@pytest.fixture
def opportunite(ramettes: duckdb.DuckDBPyConnection) -> Opportunite:
    return classer(ramettes, date(2026, 11, 22), 48, portee=Portee(None, frozenset(), tout=True))[0]


def states(opportunite: Opportunite, situation: Situation) -> dict[str, Etat]:
    return {voie.code: voie.etat for voie in conseiller(opportunite, situation)}


def test_unknown_facts_are_to_be_checked_not_assumed(opportunite: Opportunite) -> None:
    assert states(opportunite, Situation()) == {
        "groupement": Etat.OUVERTE,
        "rien": Etat.OUVERTE,
        "epci_gratuit": Etat.A_VERIFIER,
        "centrale": Etat.A_VERIFIER,
        "bien_partage": Etat.FERMEE,
    }


def test_each_fact_opens_or_closes_its_road(opportunite: Opportunite) -> None:
    assert states(opportunite, Situation(bien_unique=True))["groupement"] is Etat.FERMEE
    assert states(opportunite, Situation(bien_unique=True))["bien_partage"] is Etat.OUVERTE
    assert states(opportunite, Situation(statuts_l5211_4_4=False))["epci_gratuit"] is Etat.FERMEE
    assert states(opportunite, Situation(statuts_l5211_4_4=True, communes_du_meme_epci=True))["epci_gratuit"] is Etat.OUVERTE
    assert states(opportunite, Situation(centrale_proposee="UGAP"))["centrale"] is Etat.OUVERTE


def test_open_roads_come_first_and_each_cites_its_text(opportunite: Opportunite) -> None:
    voies = conseiller(opportunite, Situation())
    assert [list(Etat).index(voie.etat) for voie in voies] == sorted(list(Etat).index(voie.etat) for voie in voies)
    assert all("article" in voie.article and voie.raison.endswith(".") for voie in voies)
