"""Each impossible combination is refused with its article, in a sentence that says what to do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from analytics.groupement.coherence import remarques, verifier
from analytics.groupement.donnees import Besoin, DonneesGroupement, Duree, Membre, Variante
from analytics.groupement.repartition import Cle
from ingest.erreurs import Refus
from ingest.vocabulaire import NatureMembre
from tests.analytics.actes.conftest import exemple

Change = Callable[[DonneesGroupement], DonneesGroupement]
TIERS = Membre("999000060", "Communauté voisine", NatureMembre.EPCI)


def with_first(**champs: object) -> Change:
    return lambda d: replace(d, membres=(replace(d.membres[0], **champs), *d.membres[1:]))


CAS: list[tuple[str, Change, str]] = [
    ("frais sous L5211-4-4", lambda d: replace(d, variante=Variante.E, coordonnateur="999000052"), "L. 5211-4-4.*gratuit"),
    (
        "L5211-4-4 par une commune",
        lambda d: replace(d, variante=Variante.E, cle=Cle.GRATUITE, frais_annuels_ht=Decimal(0)),
        "intercommunalité à fiscalité propre",
    ),
    (
        "L5211-4-4 avec un CCAS",
        lambda d: replace(d, variante=Variante.E, cle=Cle.GRATUITE, frais_annuels_ht=Decimal(0), coordonnateur="999000052"),
        "ne vise que les communes",
    ),
    ("sans maximum", lambda d: replace(d, plafonds=()), "R. 2162-4"),
    (
        "maximum trop bas",
        lambda d: replace(d, plafonds=tuple(replace(p, maximum_ht=Decimal(100)) for p in d.plafonds)),
        "inférieur à l’estimation",
    ),
    (
        "minimum au-dessus",
        lambda d: replace(d, plafonds=tuple(replace(p, minimum_ht=p.maximum_ht + 1) for p in d.plafonds)),
        "dépasse le maximum",
    ),
    ("plus de quatre ans", lambda d: replace(d, duree_marche_mois=49), "L. 2125-1"),
    ("membre ajouté après publication", with_first(adhere_le=date(2027, 3, 16)), "C-216/17"),
    ("délibération après publication", with_first(deliberation_le=date(2027, 3, 20), executoire_le=date(2027, 3, 22)), "L. 2113-7"),
    ("exécutoire avant le vote", with_first(executoire_le=date(2027, 1, 1)), "avant d’avoir été votée"),
    ("coordonnateur étranger", lambda d: replace(d, coordonnateur="999000060"), "L. 2113-7"),
    (
        "coordonnateur tiers hors L5211-4-4",
        lambda d: replace(d, coordonnateur="999000060", coordonnateur_tiers=TIERS),
        "seul l’article L. 5211-4-4",
    ),
    ("un seul membre", lambda d: replace(d, membres=d.membres[:1]), "au moins deux membres"),
    ("membre en double", lambda d: replace(d, membres=(*d.membres, d.membres[0])), "deux fois"),
    ("travaux", lambda d: replace(d, nature="travaux"), "R. 2121-5"),
    ("frais d'une mission gratuite", lambda d: replace(d, cle=Cle.GRATUITE), "mettez les frais à zéro"),
    ("par habitant sans population", lambda d: replace(d, cle=Cle.PRORATA_POP), "population.*CCAS de Valmont"),
    ("lot sans coordonnateur", lambda d: replace(d, variante=Variante.D), "chaque lot a le sien"),
    (
        "coordonnateur de lot de trop",
        lambda d: replace(d, lots=(replace(d.lots[0], coordonnateur="999000011"), d.lots[1])),
        "variante à plusieurs coordonnateurs",
    ),
    ("besoin négatif", lambda d: replace(d, besoins=(Besoin("999000011", "1.01", Decimal(-1)), *d.besoins)), "négative"),
    ("besoin inconnu", lambda d: replace(d, besoins=(Besoin("999000099", "1.01", Decimal(1)), *d.besoins)), "inconnu"),
    ("aucun poste", lambda d: replace(d, postes=(), besoins=()), "Aucun besoin"),
    ("durée nulle", lambda d: replace(d, duree_marche_mois=0), "au moins un mois"),
]


def test_the_example_is_possible() -> None:
    verifier(exemple())


@pytest.mark.parametrize(("change", "attendu"), [cas[1:] for cas in CAS], ids=[cas[0] for cas in CAS])
def test_refused_with_its_reason(change: Change, attendu: str) -> None:
    with pytest.raises(Refus, match=attendu) as refus:
        verifier(change(exemple()))
    assert str(refus.value).endswith(".")


def test_a_long_framework_passes_with_a_written_reason() -> None:
    donnees = replace(exemple(), duree_marche_mois=60, motif_duree_longue="investissement amorti sur cinq ans")
    verifier(replace(donnees, plafonds=tuple(replace(p, maximum_ht=p.maximum_ht * 2) for p in donnees.plafonds)))


def test_late_adhesion_to_a_permanent_groupement_is_for_the_next_consultations() -> None:
    tardif = with_first(adhere_le=date(2027, 3, 16))(replace(exemple(), duree=Duree.PERMANENT))
    with pytest.raises(Refus, match="ne vaudra que pour les consultations suivantes"):
        verifier(tardif)


def test_doubts_are_remarks_not_refusals() -> None:
    donnees = exemple()
    sans_besoin = replace(donnees, membres=(*donnees.membres, TIERS))
    verifier(sans_besoin)
    assert any("Communauté voisine n’a aucun besoin" in remarque for remarque in remarques(sans_besoin))
    ancienne = with_first(delegation_le=date(2021, 1, 4), representant_designe_le=date(2020, 7, 1))(donnees)
    assert sum("mars 2026" in remarque for remarque in remarques(ancienne)) == 2
    assert not any("mars 2026" in remarque for remarque in remarques(donnees))
