"""What is published depends on the dépôts and their order only: twice is once, a preview is the result, a withdrawal leaves no trace."""

from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.publication import DepotPublie, Doublons, comparer, statuer
from ingest.vocabulaire import Statut
from tests.ingest.atelier import ENTETE, LIGNE, MEMBRE, importer, publie

AUTRE = LIGNE.replace("F1", "F2")


def comptes(depots: list[DepotPublie], depot: str | None = None) -> dict[str, int]:
    lignes = statuer(depots).collect()
    if depot:
        lignes = lignes.filter(pl.col("depot") == depot)
    return dict(lignes["statut"].value_counts().iter_rows())


def retenues(depots: list[DepotPublie]) -> list[str]:
    return sorted(statuer(depots).filter(pl.col("statut") == Statut.RETENUE).collect()["empreinte"].to_list())


def test_nothing_published_is_an_empty_table_with_its_columns() -> None:
    vide = statuer([]).collect()
    assert vide.height == 0
    assert "montant_ht" in vide.columns


def test_same_file_twice_adds_nothing(tmp_path: Path) -> None:
    importer(tmp_path, [LIGNE, AUTRE], depot="A")
    importer(tmp_path, [LIGNE, AUTRE], depot="B")
    assert comptes([publie(tmp_path, "A", 1), publie(tmp_path, "B", 2)], "B") == {"identique": 2}


def test_same_file_with_more_lines_adds_those(tmp_path: Path) -> None:
    importer(tmp_path, [LIGNE], depot="A")
    importer(tmp_path, [LIGNE, *(LIGNE.replace("F1", f"F{n}") for n in range(10, 20))], depot="B")
    assert comptes([publie(tmp_path, "A", 1), publie(tmp_path, "B", 2)], "B") == {"identique": 1, "retenue": 10}


def test_one_more_identical_line_is_one_more_purchase(tmp_path: Path) -> None:
    importer(tmp_path, [LIGNE, LIGNE], depot="A")
    importer(tmp_path, [LIGNE, LIGNE, LIGNE], depot="B")
    assert comptes([publie(tmp_path, "A", 1), publie(tmp_path, "B", 2)], "B") == {"identique": 2, "retenue": 1}


def test_another_membre_is_another_world_but_it_is_said(tmp_path: Path) -> None:
    importer(tmp_path, [LIGNE], depot="A")
    importer(tmp_path, [LIGNE], depot="B")
    ailleurs = publie(tmp_path, "A", 1, membre="210100343")
    assert comptes([ailleurs, publie(tmp_path, "B", 2)], "B") == {"retenue": 1}
    assert comparer(publie(tmp_path, "B", 2), [ailleurs]).identiques_ailleurs == 1


def test_create_all_keeps_lookalikes(tmp_path: Path) -> None:
    importer(tmp_path, [LIGNE], depot="A")
    importer(tmp_path, [LIGNE], depot="B")
    depots = [publie(tmp_path, "A", 1), publie(tmp_path, "B", 2, Doublons.CREER)]
    assert comptes(depots, "B") == {"retenue": 1}


def test_replace_updates_a_changed_line(tmp_path: Path) -> None:
    importer(tmp_path, [LIGNE, AUTRE], depot="A")
    corrigee = AUTRE.replace("12;carton;21,50;258,00;20;309,60", "10;carton;21,50;215,00;20;258,00")
    importer(tmp_path, [LIGNE, corrigee], depot="B")
    depots = [publie(tmp_path, "A", 1), publie(tmp_path, "B", 2, Doublons.REMPLACER)]
    apercu = comparer(depots[1], depots[:1])
    assert (apercu.a_creer, apercu.a_modifier, apercu.identiques) == (0, 1, 1)
    assert comptes(depots, "A") == {"retenue": 1, "ecartee": 1}
    assert comptes(depots, "B") == {"identique": 1, "retenue": 1}
    ecartee = statuer(depots).filter(pl.col("statut") == Statut.ECARTEE).collect()
    assert ecartee["motif"].to_list() == ["remplacee"]


def test_replace_then_back_again(tmp_path: Path) -> None:
    """A line changed, then changed back by a third file: the third is what counts, not a ghost of the first."""
    importer(tmp_path, [LIGNE], depot="A")
    importer(tmp_path, [LIGNE.replace("258,00;20;309,60", "215,00;20;258,00").replace(";12;", ";10;")], depot="B")
    importer(tmp_path, [LIGNE], depot="C")
    depots = [publie(tmp_path, "A", 1), publie(tmp_path, "B", 2, Doublons.REMPLACER), publie(tmp_path, "C", 3, Doublons.REMPLACER)]
    assert comptes(depots, "C") == {"retenue": 1}
    assert len(retenues(depots)) == 1


def test_without_replacing_the_person_is_told_of_lines_known_otherwise(tmp_path: Path) -> None:
    importer(tmp_path, [LIGNE], depot="A")
    importer(tmp_path, [LIGNE.replace("258,00;20;309,60", "215,00;20;258,00").replace(";12;", ";10;")], depot="B")
    apercu = comparer(publie(tmp_path, "B", 2), [publie(tmp_path, "A", 1)])
    assert (apercu.a_creer, apercu.a_modifier, apercu.connues_autrement) == (1, 0, 1)


def test_withdrawal_gives_back_what_a_depot_had_hidden(tmp_path: Path) -> None:
    importer(tmp_path, [LIGNE], depot="A")
    importer(tmp_path, [LIGNE], depot="B")
    assert comptes([publie(tmp_path, "B", 2)]) == {"retenue": 1}


def test_a_line_to_correct_never_sets_a_good_one_aside(tmp_path: Path) -> None:
    importer(tmp_path, [LIGNE], depot="A")
    importer(tmp_path, [LIGNE.replace("21,50", "21,5O")], depot="B")
    depots = [publie(tmp_path, "A", 1), publie(tmp_path, "B", 2, Doublons.REMPLACER)]
    assert comptes(depots, "A") == {"retenue": 1}
    assert comptes(depots, "B") == {"a_corriger": 1}


FORMES = [
    LIGNE,
    AUTRE,
    LIGNE.replace("31/12", "30/12"),
    LIGNE.replace("21,50", "x"),
    "TOTAL;;;;;;;258,00;;309,60",
    LIGNE.replace("12;c", "10;c"),
]
fichiers = st.lists(st.sampled_from(FORMES), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(a=fichiers, b=fichiers, choix=st.sampled_from(Doublons))
def test_preview_is_the_result(tmp_path: Path, a: list[str], b: list[str], choix: Doublons) -> None:
    _write(tmp_path, A=a, B=b)
    depots = [publie(tmp_path, "A", 1), publie(tmp_path, "B", 2, choix)]
    apercu, resultat = comparer(depots[1], depots[:1]), comptes(depots, "B")
    assert apercu.a_creer + apercu.a_modifier == resultat.get("retenue", 0)
    assert apercu.identiques == resultat.get("identique", 0)
    assert apercu.a_corriger == resultat.get("a_corriger", 0)
    assert apercu.ecartees == resultat.get("ecartee", 0)
    remplacees = statuer(depots).filter((pl.col("depot") == "A") & (pl.col("motif") == "remplacee")).collect().height
    assert apercu.a_modifier == remplacees


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(a=fichiers, b=fichiers)
def test_a_then_b_is_b_then_a_and_twice_is_once(tmp_path: Path, a: list[str], b: list[str]) -> None:
    _write(tmp_path, A=a, B=b, C=a)
    aller = retenues([publie(tmp_path, "A", 1), publie(tmp_path, "B", 2)])
    assert aller == retenues([publie(tmp_path, "A", 2), publie(tmp_path, "B", 1)])
    assert aller == retenues([publie(tmp_path, "A", 1), publie(tmp_path, "B", 2), publie(tmp_path, "C", 3)])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(a=fichiers, b=fichiers, choix=st.sampled_from(Doublons))
def test_no_line_disappears(tmp_path: Path, a: list[str], b: list[str], choix: Doublons) -> None:
    _write(tmp_path, A=a, B=b)
    depots = [publie(tmp_path, "B", 2, choix), publie(tmp_path, "A", 1)]
    assert statuer(depots).collect().height == len(a) + len(b)


def _write(dossier: Path, **fichiers: list[str]) -> None:
    for depot, lignes in fichiers.items():
        importer(dossier, lignes, depot=depot)


def test_fingerprint_survives_order_of_columns_encoding_and_writing(tmp_path: Path) -> None:
    importer(tmp_path, [LIGNE.replace("Papeterie", "Crémerie")], depot="A")
    colonnes = ENTETE.split(";")
    cellules = LIGNE.replace("Papeterie", "CREMERIE ").replace("21,50", "21.5 €").replace("31/12/2025", "2025-12-31").split(";")
    importer(tmp_path, [";".join(reversed(cellules))], entete=";".join(reversed(colonnes)), depot="B", encodage="cp1252")
    assert comptes([publie(tmp_path, "A", 1), publie(tmp_path, "B", 2)], "B") == {"identique": 1}


def test_membre_is_the_one_of_the_depot(tmp_path: Path) -> None:
    _, lignes = importer(tmp_path, [LIGNE])
    assert lignes["membre"].to_list() == [MEMBRE]
