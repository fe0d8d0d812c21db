"""The nomenclature is edited by decisions: published lines follow at the next build, and undoing gives the same observatoire again."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.decisions import Decision, Sujet
from analytics.entrepot import lecture
from analytics.nomenclature import effective, follow, unites_possibles
from analytics.regles_familles import Regle
from ingest.familles import livree
from tests.analytics.monde import construire

DEBUT = datetime(2026, 1, 1, 9, tzinfo=UTC)
VILLE, BOURG = "210000001", "210000002"
PAPIER, CARTON = "RAMETTE PAPIER A4 80G BLANC", "CARTON DE DESSIN BRISTOL A3"


def dire(sujet: Sujet, cle: str, rang: int = 0, **valeur: Any) -> Decision:
    return Decision(sujet, cle, "anne@club.fr", DEBUT + timedelta(minutes=rang), valeur, "essai")


def test_without_edition_the_nomenclature_is_the_one_delivered() -> None:
    assert effective([dire(Sujet.ARTICLE_RENOMMER, "AD01-x", libelle="Papier")]) is livree()
    assert len(livree().familles) == 126


def test_a_famille_is_added_renamed_and_its_words_changed() -> None:
    nomenclature = effective(
        [
            dire(Sujet.FAMILLE_AJOUTER, "CL01", libelle="Drones", unite="unite", mots_cles=["drone"]),
            dire(Sujet.FAMILLE_RENOMMER, "CL01", 1, libelle="Drones et accessoires"),
            dire(Sujet.FAMILLE_MOTS, "CL01", 2, mots_cles=["drone", "helice"]),
            dire(Sujet.FAMILLE_UNITE, "CL01", 3, unite="paire"),
        ]
    )
    ajoutee = nomenclature.par_code["CL01"]
    assert (ajoutee.libelle, ajoutee.mots_cles, ajoutee.unite_choisie, ajoutee.unite_reference) == (
        "Drones et accessoires", ("drone", "helice"), "paire", "paire",
    )  # fmt: skip
    assert len(nomenclature.familles) == 127
    assert nomenclature.version != livree().version


def test_a_merged_famille_leaves_its_words_and_a_chain_is_followed_to_its_end() -> None:
    nomenclature = effective([dire(Sujet.FAMILLE_RETIRER, "AD01", dans="AD02"), dire(Sujet.FAMILLE_RETIRER, "AD02", 1, dans="AD03")])
    assert nomenclature.resolve("AD01") == nomenclature.resolve("AD02") == "AD03"
    assert {"ramette", "stylo"} <= set(nomenclature.par_code["AD03"].mots_cles)
    assert nomenclature.resolve("inconnue") == nomenclature.resolve(None) == "A_CLASSER"


def test_a_circle_of_successors_ends_to_be_classified() -> None:
    nomenclature = effective([dire(Sujet.FAMILLE_RETIRER, "AD01", dans="AD02"), dire(Sujet.FAMILLE_RETIRER, "AD02", 1, dans="AD01")])
    assert (nomenclature.resolve("AD01"), nomenclature.resolve("AD02")) == ("A_CLASSER", "A_CLASSER")


def test_a_unit_the_packagings_are_not_read_in_is_not_taken() -> None:
    assert "kWh" not in unites_possibles(livree().par_code["AD01"])
    assert effective([dire(Sujet.FAMILLE_UNITE, "AD01", unite="kWh")]).par_code["AD01"] == livree().par_code["AD01"]


def test_decisions_on_labels_follow_their_famille() -> None:
    nomenclature = effective([dire(Sujet.FAMILLE_RETIRER, "AD01", dans="AD02")])
    (suivie,) = follow([dire(Sujet.ARTICLE_MEME, "AD01 papier", avec="AD01 papier blanc")], nomenclature)
    assert (suivie.cle, suivie.valeur) == ("AD02 papier", {"avec": "AD02 papier blanc"})


def lignes() -> list[dict[str, Any]]:
    papier = [{"membre": membre, "prix": prix, "compte": "6064"} for membre, prix in ((VILLE, "4.00"), (BOURG, "5.00"))]
    autre = {"libelle": CARTON, "famille": "A_CLASSER", "famille_confiance": 0.2, "contenu_quantite": None, "unite": "boite", "prix": "9"}
    return [*papier, {"membre": VILLE, "fournisseur": "Comptoir des Arts", "compte": "6067", **autre}]


def lire(dossier: Path, decisions: list[Decision], requete: str) -> list[tuple[Any, ...]]:
    dossier.mkdir(exist_ok=True)
    with lecture(construire(lignes(), dossier, decisions=decisions)) as curseur:
        return curseur.sql(requete).fetchall()


FAMILLES = "SELECT libelle, famille, famille_motif, famille_confiance FROM lignes ORDER BY libelle, membre"


def test_published_lines_go_where_their_famille_went(tmp_path: Path) -> None:
    lues = lire(tmp_path, [dire(Sujet.FAMILLE_RETIRER, "AD01", dans="AD02")], FAMILLES)
    assert [(libelle, famille) for libelle, famille, *_ in lues] == [(CARTON, "A_CLASSER"), (PAPIER, "AD02"), (PAPIER, "AD02")]
    assert "la famille AD01 a été réunie à celle-ci par le club" in lues[1][2]
    retirees = lire(tmp_path, [dire(Sujet.FAMILLE_RETIRER, "AD01", dans="A_CLASSER")], FAMILLES)
    assert {famille for _, famille, *_ in retirees} == {"A_CLASSER"}
    (nombre,) = lire(tmp_path, [dire(Sujet.FAMILLE_RETIRER, "AD01", dans="A_CLASSER")], "SELECT count(*) FROM familles")
    assert nombre == (125,)


@pytest.mark.parametrize(
    "regle",
    [
        Regle("AD02", libelle="dessin bristol"),
        Regle("AD02", fournisseur="comptoir DES arts"),
        Regle("AD02", compte="6067"),
        Regle("AD02", libelle="carton", de="A_CLASSER"),
    ],
)
def test_a_rule_names_the_lines_that_say_it_and_no_other(tmp_path: Path, regle: Regle) -> None:
    decision = dire(Sujet.FAMILLE_REGLE, regle.cle, **vars(regle))
    lues = lire(tmp_path, [decision], FAMILLES)
    assert [(famille, confiance) for _, famille, _, confiance in lues] == [("AD02", 1.0), ("AD01", 0.9), ("AD01", 0.9)]
    assert lues[0][2] == f"règle du club : {regle.dire()}"


def test_a_rule_asks_whole_words_and_one_that_asks_nothing_does_nothing(tmp_path: Path) -> None:
    for regle in (Regle("AD02", libelle="dess"), Regle("AD02", libelle="carton", de="AD01"), Regle("AD02")):
        lues = lire(tmp_path, [dire(Sujet.FAMILLE_REGLE, regle.cle, **vars(regle))], FAMILLES)
        assert lues[0][1] == "A_CLASSER"


def test_a_rule_for_lines_to_classify_leaves_those_an_earlier_rule_named(tmp_path: Path) -> None:
    premiere = dire(Sujet.FAMILLE_REGLE, "a", 1, famille="AD02", libelle="carton", de="A_CLASSER")
    seconde = dire(Sujet.FAMILLE_REGLE, "b", 2, famille="AD03", compte="6067", de="A_CLASSER")
    assert lire(tmp_path, [seconde, premiere], FAMILLES)[0][1] == "AD02"
    assert lire(tmp_path, [seconde], FAMILLES)[0][1] == "AD03"


def test_what_is_said_of_a_line_wins_over_its_label_and_its_label_over_a_rule(tmp_path: Path) -> None:
    regle = dire(Sujet.FAMILLE_REGLE, "x", 9, famille="AD03", libelle="carton")
    libelle = dire(Sujet.FAMILLE_LIBELLE, "carton de dessin bristol a3", 5, famille="AD02")
    ligne = dire(Sujet.FAMILLE_LIGNE, f"D{VILLE}/3", famille="SC01")
    assert lire(tmp_path, [regle, libelle], FAMILLES)[0][1] == "AD02"
    assert lire(tmp_path, [regle, libelle, ligne], FAMILLES)[0][1] == "SC01"


def test_a_unit_chosen_converts_prices_exactly(tmp_path: Path) -> None:
    (lue, *_) = lire(
        tmp_path,
        [dire(Sujet.FAMILLE_UNITE, "AD01", unite="main")],
        "SELECT unite_reference, quantite_reference FROM lignes WHERE famille = 'AD01'",
    )
    assert lue == ("main", Decimal("20.000000"))  # a ream of 500 sheets is twenty quires of 25


EDITIONS = st.lists(
    st.one_of(
        st.builds(lambda a, b: (Sujet.FAMILLE_RETIRER, a, {"dans": b}), *[st.sampled_from(["AD01", "AD02", "AD03", "CL01"])] * 2),
        st.builds(lambda a: (Sujet.FAMILLE_RENOMMER, a, {"libelle": "Autre"}), st.sampled_from(["AD01", "CL01"])),
        st.just((Sujet.FAMILLE_AJOUTER, "CL01", {"libelle": "Drones", "unite": "unite", "mots_cles": ["drone"]})),
        st.just((Sujet.FAMILLE_REGLE, "carton", {"famille": "CL01", "libelle": "carton"})),
        st.just((Sujet.FAMILLE_LIGNE, f"D{BOURG}/2", {"famille": "AD02"})),
        st.just((Sujet.FAMILLE_LIBELLE, "carton de dessin bristol a3", {"famille": "AD03"})),
    ),
    max_size=5,
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(editions=EDITIONS, rnd=st.randoms(use_true_random=False))
def test_every_line_has_a_famille_in_force_and_undoing_gives_the_same_observatoire(tmp_path: Path, editions: Any, rnd: Any) -> None:
    decisions = [dire(sujet, cle, rang, **valeur) for rang, (sujet, cle, valeur) in enumerate(editions)]
    melangees = rnd.sample(decisions, len(decisions))
    avant = _tables(construire(lignes(), tmp_path))
    editees = _tables(construire(lignes(), tmp_path, decisions=decisions))
    en_vigueur = {code for code, *_ in editees["familles"]} | {"A_CLASSER"}
    assert {ligne[1] for ligne in editees["lignes"]} <= en_vigueur
    assert sum(ligne[2] for ligne in editees["lignes"]) == sum(ligne[2] for ligne in avant["lignes"])
    assert _tables(construire(lignes(), tmp_path, decisions=melangees)) == editees
    with TemporaryDirectory() as neuf:  # built anew, not taken up again
        assert _tables(construire(lignes(), Path(neuf), decisions=decisions)) == editees
    assert _tables(construire(lignes(), tmp_path)) == avant


def _tables(chemin: Path) -> dict[str, list[tuple[Any, ...]]]:
    with lecture(chemin) as base:
        return {
            "familles": base.execute("SELECT * FROM familles ORDER BY ALL").fetchall(),
            "lignes": base.execute(
                "SELECT empreinte, famille, montant_ht, famille_motif, article_id, quantite_reference FROM lignes ORDER BY ALL"
            ).fetchall(),
            "distributions": base.execute("SELECT * FROM distributions ORDER BY ALL").fetchall(),
            "questions": base.execute("SELECT * FROM questions_articles ORDER BY ALL").fetchall(),
        }
