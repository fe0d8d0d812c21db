"""One frozen set: it survives JSON unchanged, its parts add up to its wholes, to the cent."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.groupement.donnees import DonneesGroupement, Poste, Variante
from analytics.groupement.matrice import matrice
from analytics.groupement.repartition import Cle, repartir, repartir_frais
from ingest.erreurs import Refus
from tests.analytics.actes.conftest import exemple

TACHES = (
    "recensement",
    "dossier",
    "publicité",
    "plis",
    "analyse",
    "négociation",
    "commission",
    "attribution",
    "évincés",
    "signature",
    "légalité",
    "notification",
    "avis",
    "données essentielles",
    "bons de commande",
    "réception et vérification",
    "paiement",
    "révision",
    "pénalités",
    "avenants",
    "reconduction",
    "résiliation",
    "contentieux",
    "archivage",
)


def test_json_there_and_back() -> None:
    donnees = exemple()
    relue = DonneesGroupement.from_json(donnees.to_json())
    assert relue == donnees
    assert relue.empreinte == donnees.empreinte
    assert replace(donnees, objet="autre").empreinte != donnees.empreinte


def test_amounts_add_up_every_way() -> None:
    donnees = replace(exemple(), duree_marche_mois=31)
    assert donnees.montant_annuel() == sum(donnees.montant_poste(poste) for poste in donnees.postes)
    for lot in donnees.lots:
        assert donnees.montant_annuel(lot.numero) == sum(donnees.montant_annuel(lot.numero, m.siren) for m in donnees.membres)
        assert donnees.montant_total(lot.numero) == sum(donnees.montant_total(lot.numero, m.siren) for m in donnees.membres)
    assert donnees.montant_total() == sum(donnees.montant_total(lot.numero) for lot in donnees.lots)


@given(st.lists(st.decimals(0, 10_000, places=3), min_size=4, max_size=4), st.decimals("0.01", 500, places=2))
def test_the_line_of_the_dqe_is_the_sum_of_the_membres(quantites: list[Decimal], prix: Decimal) -> None:
    donnees = exemple()
    (poste,) = donnees.postes_du_lot(1)
    besoins = tuple(
        replace(besoin, quantite_annuelle=q)
        for besoin, q in zip([b for b in donnees.besoins if b.poste == poste.code], quantites, strict=True)
    )
    nouveau: Poste = replace(poste, prix_estime_ht=prix)
    monde = replace(donnees, postes=(nouveau,), besoins=besoins)
    assert sum(monde.montants_du_poste(nouveau).values()) == monde.montant_poste(nouveau)


@given(st.decimals(0, 10**6, places=2), st.lists(st.decimals(0, 10**5, places=2), min_size=1, max_size=20).filter(any))
def test_shares_are_whole_cents_that_add_up_and_stay_within_a_cent_of_exact(total: Decimal, poids: list[Decimal]) -> None:
    parts = repartir(total, {str(rang): p for rang, p in enumerate(poids)})
    assert sum(parts.values()) == total
    for rang, p in enumerate(poids):
        part = parts[str(rang)]
        assert part == part.quantize(Decimal("0.01"))
        assert abs(part - total * p / sum(poids)) < Decimal("0.01")
        assert p or not part


def test_each_key() -> None:
    membres = {
        "a": {"population": Decimal(100), "montant": Decimal(10), "quantite": Decimal(1)},
        "b": {"population": Decimal(300), "montant": Decimal(10), "quantite": Decimal(2)},
    }
    attendus = {
        Cle.GRATUITE: (0, 0),
        Cle.EGALITE: (50, 50),
        Cle.PRORATA_POP: (25, 75),
        Cle.PRORATA_MONTANT: (50, 50),
        Cle.MIXTE: (50, 50),
        Cle.UNITAIRE: (Decimal("33.33"), Decimal("66.67")),
    }
    for cle, parts in attendus.items():
        assert tuple(repartir_frais(Decimal(100), cle, membres).values()) == parts


def test_a_key_without_base_is_refused() -> None:
    with pytest.raises(Refus, match="clé de répartition"):
        repartir(Decimal(10), {"a": Decimal(0)})
    with pytest.raises(Refus, match="clé mixte"):
        repartir_frais(Decimal(10), Cle.MIXTE, {"a": {"montant": Decimal(0)}})


@pytest.mark.parametrize("variante", list(Variante))
def test_the_matrix_has_every_task(variante: Variante) -> None:
    taches = matrice(variante)
    textes = " ".join(tache.libelle.lower() for tache in taches)
    assert all(mot in textes for mot in TACHES)
    assert all(tache.coordonnateur and tache.membre for tache in taches)
