"""Which procedure at which amount and date; legal cases a buyer can read."""

import itertools
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.groupement.calendrier import alerte_du_calendrier, planifier
from analytics.parametres import ParametreAbsent
from analytics.procedures import Genre, LotEstime, procedure
from ingest.erreurs import Refus

AVANT, APRES = date(2026, 3, 31), date(2026, 4, 1)
ORDRE = list(Genre)


@pytest.mark.parametrize(
    ("montant", "nature", "au", "genre"),
    [
        (39_999, "fournitures", AVANT, Genre.DISPENSE),
        (40_000, "fournitures", AVANT, Genre.ADAPTEE),
        (59_999, "fournitures", APRES, Genre.DISPENSE),
        (60_000, "services", APRES, Genre.ADAPTEE),
        (215_999, "fournitures", APRES, Genre.ADAPTEE),
        (216_000, "fournitures", APRES, Genre.FORMALISEE),
        (220_999, "fournitures", date(2025, 12, 31), Genre.ADAPTEE),
        (220_999, "fournitures", date(2026, 1, 1), Genre.FORMALISEE),
        (216_000, "travaux", APRES, Genre.ADAPTEE),
        (5_404_000, "travaux", APRES, Genre.FORMALISEE),
    ],
)
def test_thresholds_belong_to_the_side_above(montant: int, nature: str, au: date, genre: Genre) -> None:
    trouvee = procedure(Decimal(montant), nature, au)
    assert trouvee.genre is genre
    assert trouvee.cao is (genre is Genre.FORMALISEE)


def test_the_maximum_counts_and_the_options_too() -> None:
    assert procedure(Decimal(200_000), "fournitures", APRES, maximum_ht=Decimal(216_000)).genre is Genre.FORMALISEE
    assert procedure(Decimal(200_000), "fournitures", APRES, options_ht=Decimal(16_000)).genre is Genre.FORMALISEE
    assert procedure(Decimal(200_000), "fournitures", APRES, maximum_ht=Decimal(100)).montant_compte_ht == 200_000


def test_every_reason_cites_a_text_and_says_the_date() -> None:
    trouvee = procedure(Decimal(100_000), "fournitures", APRES)
    assert all(motif.article.startswith(("CCP", "CGCT")) for motif in (*trouvee.motifs, *trouvee.alertes))
    assert any("1er\u00a0avril\u00a02026" in motif.phrase for motif in trouvee.motifs)
    assert trouvee.publicite == "BOAMP ou journal d’annonces légales"
    assert procedure(Decimal(89_999), "fournitures", APRES).publicite == "publicité adaptée à l’objet et au montant"


def test_control_of_legality_follows_its_own_threshold_even_for_travaux() -> None:
    assert procedure(Decimal(216_000), "travaux", APRES).controle_legalite
    assert not procedure(Decimal(215_999), "travaux", APRES).controle_legalite


def test_small_lots_stay_under_a_fifth_of_the_whole() -> None:
    lots = [
        LotEstime("A", Decimal(300_000)),
        LotEstime("B", Decimal(70_000)),
        LotEstime("C", Decimal(30_000)),
        LotEstime("D", Decimal(85_000)),
    ]
    petits = procedure(Decimal(485_000), "fournitures", APRES, lots=lots).petits_lots
    assert [petit[0] for petit in petits] == ["C"]  # C (30 000) leaves 67 000 of the 97 000 allowed: B no longer fits, D is too large
    assert procedure(Decimal(100_000), "fournitures", APRES, lots=lots).petits_lots == ()


def test_price_alone_is_no_longer_a_criterion_from_august_2026() -> None:
    def warned(au: date) -> bool:
        return any(
            "prix ne peut plus être le seul critère" in alerte.phrase for alerte in procedure(Decimal(100_000), "services", au).alertes
        )

    assert not warned(date(2026, 8, 20))
    assert warned(date(2026, 8, 22))


def test_specific_services_stay_adapted_whatever_the_amount() -> None:
    trouvee = procedure(Decimal(800_000), "services", APRES, services_specifiques=True)
    assert trouvee.genre is Genre.ADAPTEE
    assert trouvee.publicite == "BOAMP et JOUE"


def test_what_cannot_be_answered_is_refused() -> None:
    with pytest.raises(Refus, match="nature"):
        procedure(Decimal(1), "fourniture", APRES)
    with pytest.raises(Refus, match="négatif"):
        procedure(Decimal(-1), "fournitures", APRES)
    with pytest.raises(ParametreAbsent):
        procedure(Decimal(1), "fournitures", date(2028, 1, 1))


@given(st.decimals(0, 10**7, places=2), st.decimals(0, 10**6, places=2), st.sampled_from(["fournitures", "services", "travaux"]))
def test_more_money_never_lightens_the_procedure(montant: Decimal, plus: Decimal, nature: str) -> None:
    petite, grande = procedure(montant, nature, APRES), procedure(montant + plus, nature, APRES)
    assert ORDRE.index(petite.genre) <= ORDRE.index(grande.genre)
    assert petite.controle_legalite <= grande.controle_legalite


def test_the_calendar_is_contiguous_and_ends_on_the_eve() -> None:
    etapes = planifier(date(2027, 9, 1), APRES)
    assert [etape.code for etape in etapes][:3] == ["recensement", "choix", "deliberations"]
    assert etapes[-1].fin == date(2027, 8, 31)
    assert all((suivante.debut - etape.fin).days == 1 for etape, suivante in itertools.pairwise(etapes))
    assert next(e for e in etapes if e.code == "signature").fin < next(e for e in etapes if e.code == "publicite").debut
    assert alerte_du_calendrier(etapes, APRES) is None
    assert "aurait dû débuter" in alerte_du_calendrier(etapes, date(2027, 5, 1))
