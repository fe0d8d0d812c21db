"""What the carnet gives of an article equals what the queries give, whoever reads; and one carnet speaks of one observatoire only."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics import prix
from analytics.carnet import Carnet, carnet_de, carnet_pret, feuillets
from analytics.entrepot import executer, lecture
from analytics.indices import indice_famille
from analytics.portee import Portee
from analytics.prix import FicheArticle
from analytics.volume import effet_volume
from ingest.erreurs import Refus
from tests.analytics.monde import construire

MEMBRES = [f"10000000{n}" for n in range(8)]
LIBELLES = {"RAMETTE PAPIER A4 80G BLANC": "AD01", "ENVELOPPE DL 110X220": "AD03"}


def completer_ligne(ligne: dict[str, Any]) -> dict[str, Any]:
    return {**ligne, "famille": LIBELLES[ligne["libelle"]], "nature": "avoir" if ligne["quantite"] < 0 else "achat"}


lignes = st.fixed_dictionaries(
    {
        "membre": st.sampled_from(MEMBRES),
        "libelle": st.sampled_from(sorted(LIBELLES)),
        "date": st.sampled_from([date(2024, 2, 1), date(2024, 12, 31), date(2025, 1, 1), date(2025, 7, 14)]),
        "quantite": st.sampled_from([Decimal(-2), Decimal(1), Decimal(3), Decimal("2.5"), Decimal(400)]),
        "prix": st.sampled_from(["0", "3.42", "3.5", "4", "4.35", "17.5", "60"]),
        "fournisseur": st.sampled_from(["PAPETERIE DU CENTRE", "BURO OUEST", None]),
        "contenu_approx": st.sampled_from([False, False, True]),
    }
).map(completer_ligne)

portees = st.builds(
    lambda membre, autres, verrou: Portee(membre, frozenset({*autres, *([membre] if membre else [])}), familles_verrouillees=verrou),
    st.sampled_from([None, *MEMBRES]),
    st.frozensets(st.sampled_from(MEMBRES)),
    st.sampled_from([frozenset(), frozenset({"AD01"})]),
)

SEPT: list[dict[str, Any]] = [
    {"membre": membre, "libelle": libelle, "famille": famille, "date": date(annee, 3, 1), "prix": str(3 + rang),
     "quantite": Decimal(rang + 1), "fournisseur": f"F{rang % 3}", "contenu_approx": False, "nature": "achat"}
    for annee in (2024, 2025) for libelle, famille in LIBELLES.items() for rang, membre in enumerate(MEMBRES[:7])
]  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(st.lists(lignes, min_size=1, max_size=60), st.lists(portees, min_size=1, max_size=3))
@example(SEPT, [Portee(MEMBRES[0], frozenset(MEMBRES[:1])), Portee(None, frozenset()), Portee(None, frozenset(MEMBRES[:6]))])
@example(SEPT[:1], [Portee(MEMBRES[0], frozenset(MEMBRES[:1])), Portee(MEMBRES[1], frozenset(MEMBRES[1:2])), Portee(None, frozenset())])
def test_the_carnet_equals_the_queries(monde: list[dict[str, Any]], lecteurs: list[Portee]) -> None:
    with TemporaryDirectory() as dossier:
        chemin = construire(monde, Path(dossier))
        carnet = carnet_de(chemin)
        with lecture(chemin) as curseur:
            assert carnet.periodes == prix.periodes(curseur)
            articles = [str(a) for (a,) in curseur.sql("SELECT article_id FROM articles").fetchall()]
            for portee in lecteurs:
                for article in [*articles, "inconnu"]:
                    for periode in ("ensemble", "2025"):
                        directe = _ou_refus(partial(prix.fiche_article, curseur, portee, article, periode))
                        retenue = _ou_refus(partial(carnet.fiche_article, portee, article, periode))
                        assert retenue == _au_meme_detail(directe, retenue)
                for famille in (*LIBELLES.values(), "*", "rien"):
                    assert carnet.indice_famille(portee, famille) == indice_famille(curseur, portee, famille)
                    assert carnet.effet_volume(portee, famille) == effet_volume(curseur, portee, famille)


def _ou_refus(lire: Callable[[], FicheArticle]) -> FicheArticle | str:
    try:
        return lire()
    except Refus as refus:
        return str(refus)


def _au_meme_detail(directe: FicheArticle | str, retenue: FicheArticle | str) -> FicheArticle | str:
    """The same with only the columns the carnet holds, and without those it adds."""
    if isinstance(directe, str) or isinstance(retenue, str):
        return directe
    propres = ({**paye} for paye in directe.prix_lisibles)
    ajoutees = ({nom: paye[nom] for nom in ("mois_couverts", "quantite_annuelle")} for paye in retenue.prix_lisibles)
    return replace(
        directe,
        lignes=tuple({nom: ligne[nom] for nom in retenue.lignes[0]} for ligne in directe.lignes) if retenue.lignes else directe.lignes,
        prix_lisibles=tuple({**paye, **ajout} for paye, ajout in zip(propres, ajoutees, strict=True)),
    )


@pytest.fixture
def observatoire(tmp_path: Path) -> Path:
    return construire(SEPT, tmp_path)


def test_nothing_of_the_others_is_read_without_a_scope(observatoire: Path) -> None:
    with pytest.raises(ValueError, match="readers"):
        carnet_de(observatoire).fiche_article(Portee(None, frozenset(), tout=True), "AD01", "ensemble")


def test_a_new_observatoire_has_a_new_carnet(observatoire: Path) -> None:
    ancien = carnet_de(observatoire)
    assert carnet_pret(observatoire) is ancien
    construire([{**ligne, "prix": "9", "depot": f"E{ligne['membre']}"} for ligne in SEPT], observatoire.parent)
    assert carnet_pret(observatoire) is None
    nouveau = carnet_de(observatoire)
    moi = Portee(MEMBRES[0], frozenset(MEMBRES[:1]))
    assert _mon_prix(nouveau, moi) == Decimal("0.018")
    # What the former reads afterwards comes from the former: never a mixture.
    assert _mon_prix(ancien, moi) == Decimal("0.006")


def _mon_prix(carnet: Carnet, portee: Portee) -> Decimal:
    (article,) = [a.article_id for a in carnet.articles.values() if a.famille == "AD01"]
    position = carnet.fiche_article(portee, article, "ensemble").position
    assert position is not None
    assert position.prix_unitaire_ht.valeur is not None
    return position.prix_unitaire_ht.valeur


def test_the_lines_kept_are_bounded_but_for_the_last(observatoire: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feuillets, "LIGNES_GARDEES", 5)
    carnet = carnet_de(observatoire)
    attendues = {membre: len(carnet.feuillets.de(membre).lignes) for membre in MEMBRES}
    assert attendues == {membre: 4 if membre in MEMBRES[:7] else 0 for membre in MEMBRES}
    assert carnet.feuillets.connus(frozenset(MEMBRES[6:]))
    assert not carnet.feuillets.connus(frozenset(MEMBRES[:1]))


def test_rows_are_found_by_the_article_that_begins_them(observatoire: Path) -> None:
    with lecture(observatoire) as curseur:
        table = executer(curseur, "carnet/prix_membre.sql", membre=MEMBRES[0])
    places = feuillets.places(table)
    assert sum(nombre for _, nombre in places.values()) == table.height
    for article, place in places.items():
        assert {rangee["article_id"] for rangee in feuillets.rangees(table, place)} == {article}
