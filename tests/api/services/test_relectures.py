"""Dépôts read by former rules: what a former release would have written is put in their file of lines, then they are read again."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import update

from api.club.modeles import Depot, LecturePassee
from api.maison import Maison, maison_ouverte
from api.services import corrections, depots, imports, relectures
from api.settings import Settings
from api.visiteur import AccesRefuse
from ingest.corrections import Correction
from ingest.differences import comparer_lectures
from ingest.version import empreinte_des_regles
from tests.api.outils import CLAVIER, FLEAC, MORNAC, ecrire, ligne, peupler, secretaire

LIGNES = [ligne("12/03/2025", "RAMETTE A4 80G 500 FEUILLES", 10, "3,50"), ligne("13/03/2025", "STYLO BLEU", 2, "1,00")]


@pytest.fixture
def maison(tmp_path: Path) -> Iterator[Maison]:
    with maison_ouverte(Settings(donnees=tmp_path / "donnees"), creer=True) as ouverte:
        peupler(ouverte)
        yield ouverte


def lignes_de(maison: Maison, identifiant: str) -> pl.DataFrame:
    depot = depots.depot(maison, CLAVIER, identifiant)
    return pl.read_parquet(maison.lignes(depot.id, depot.lecture))


def lu_par_d_anciennes_regles(maison: Maison, identifiant: str) -> None:
    """As a former release left it: one famille it did not know, one unit it could not explain."""
    depot = depots.depot(maison, CLAVIER, identifiant)
    chemin = maison.lignes(depot.id, depot.lecture)
    lues = pl.read_parquet(chemin)
    premiere = pl.col("ligne") == 2
    lues = lues.with_columns(
        pl.when(premiere).then(pl.lit("A_CLASSER")).otherwise("famille").alias("famille"),
        pl.when(premiere).then(None).otherwise("contenu_quantite").alias("contenu_quantite"),
    )
    lues.write_parquet(chemin)
    with maison.club.ecriture() as session:
        session.execute(update(Depot).where(Depot.id == identifiant).values(regles="anciennes"))


def publier(maison: Maison, dossier: Path, nom: str = "a.csv", membre: str = FLEAC) -> Depot:
    return imports.importer(maison, CLAVIER, membre, ecrire(dossier / nom, LIGNES))


def test_what_was_read_by_the_rules_in_force_is_not_read_again(maison: Maison, tmp_path: Path) -> None:
    assert publier(maison, tmp_path).regles == empreinte_des_regles()
    assert relectures.a_relire(maison, CLAVIER) == []


def test_a_try_says_what_would_change_and_keeps_nothing(maison: Maison, tmp_path: Path) -> None:
    depot = publier(maison, tmp_path)
    lu_par_d_anciennes_regles(maison, depot.id)
    avant = lignes_de(maison, depot.id)
    (essai,) = relectures.essayer(maison, CLAVIER, relectures.a_relire(maison, CLAVIER))
    assert essai.differences is not None
    assert (essai.differences.lues, essai.differences.changees, essai.differences.nombre) == (2, 1, 1)
    assert essai.differences.par_sujet == {"famille": 1, "contenu de l'unité": 1}
    assert lignes_de(maison, depot.id).equals(avant)
    assert [chemin.name for chemin in sorted(maison.dossier_depot(depot.id).iterdir())] == ["lignes.parquet", "original"]
    assert json.dumps(relectures.en_json([essai])), "a tâche keeps it"


def test_reading_again_gives_what_the_try_said_keeps_corrections_and_is_undone(maison: Maison, tmp_path: Path) -> None:
    depot = publier(maison, tmp_path)
    corrections.corriger(maison, CLAVIER, depot.id, [Correction("STYLO NOIR", entete="Désignation", ligne=3)])
    juste = lignes_de(maison, depot.id)
    lu_par_d_anciennes_regles(maison, depot.id)
    ancienne = lignes_de(maison, depot.id)
    choisis = relectures.a_relire(maison, CLAVIER)
    assert relectures.essayer(maison, CLAVIER, choisis) == relectures.appliquer(maison, CLAVIER, choisis)
    assert lignes_de(maison, depot.id).equals(juste)
    assert lignes_de(maison, depot.id)["libelle"].to_list()[1] == "STYLO NOIR"
    relu = depots.depot(maison, CLAVIER, depot.id)
    assert (relu.etat, relu.regles, relu.lecture) == ("publie", empreinte_des_regles(), 3)
    assert relectures.a_relire(maison, CLAVIER) == []

    assert relectures.annuler(maison, CLAVIER) == [depot.id]
    rendu = depots.depot(maison, CLAVIER, depot.id)
    assert lignes_de(maison, depot.id).equals(ancienne)
    assert (rendu.lecture, rendu.regles, rendu.etat) == (4, "anciennes", "publie"), "a number is never used twice"
    assert [retenu.id for retenu in relectures.a_relire(maison, CLAVIER)] == [depot.id]
    assert relectures.annuler(maison, CLAVIER) == []


def test_a_reading_that_changes_nothing_is_only_noted(maison: Maison, tmp_path: Path) -> None:
    depot = publier(maison, tmp_path)
    with maison.club.ecriture() as session:
        session.execute(update(Depot).values(regles=None))
    (relu,) = relectures.appliquer(maison, CLAVIER, relectures.a_relire(maison, CLAVIER))
    assert relu.differences is not None
    assert relu.differences.nombre == 0
    actuel = depots.depot(maison, CLAVIER, depot.id)
    assert (actuel.lecture, actuel.regles) == (1, empreinte_des_regles())
    with maison.club.lecture() as session:
        assert session.query(LecturePassee).count() == 0


def test_a_file_that_can_no_longer_be_read_keeps_its_lines_and_the_others_go_on(maison: Maison, tmp_path: Path) -> None:
    perdu, sain = publier(maison, tmp_path), publier(maison, tmp_path, "b.csv", MORNAC)
    for depot in (perdu, sain):
        lu_par_d_anciennes_regles(maison, depot.id)
    maison.original(perdu.id).write_bytes(b"\x89PNG\r\n\x1a\n0000")
    avant = lignes_de(maison, perdu.id)
    refuse, relu = relectures.appliquer(maison, CLAVIER, relectures.a_relire(maison, CLAVIER))
    assert refuse.differences is None
    assert "image" in str(refuse.refus)
    assert relu.differences is not None
    assert lignes_de(maison, perdu.id).equals(avant)
    assert depots.depot(maison, CLAVIER, perdu.id).etat == "publie"


def test_stopped_half_way_each_depot_is_whole(maison: Maison, tmp_path: Path) -> None:
    premier, second = publier(maison, tmp_path), publier(maison, tmp_path, "b.csv", MORNAC)
    for depot in (premier, second):
        lu_par_d_anciennes_regles(maison, depot.id)

    class ArretError(BaseException):
        pass

    def suivi(fait: int, _total: int) -> None:
        if fait == 1:
            raise ArretError

    with pytest.raises(ArretError):
        relectures.appliquer(maison, CLAVIER, relectures.a_relire(maison, CLAVIER), suivi)
    assert [depots.depot(maison, CLAVIER, depot.id).lecture for depot in (premier, second)] == [2, 1]
    assert [retenu.id for retenu in relectures.a_relire(maison, CLAVIER)] == [second.id]


def test_a_depot_corrected_since_is_not_taken_back(maison: Maison, tmp_path: Path) -> None:
    depot = publier(maison, tmp_path)
    lu_par_d_anciennes_regles(maison, depot.id)
    relectures.appliquer(maison, CLAVIER, relectures.a_relire(maison, CLAVIER))
    corrections.corriger(maison, CLAVIER, depot.id, [Correction("STYLO NOIR", entete="Désignation", ligne=3)])
    assert relectures.annuler(maison, CLAVIER) == []


def test_a_secretaire_reads_nothing_again(maison: Maison) -> None:
    with pytest.raises(AccesRefuse):
        relectures.a_relire(maison, secretaire(FLEAC))


def test_two_readings_that_agree_differ_in_nothing(maison: Maison, tmp_path: Path) -> None:
    depot = publier(maison, tmp_path)
    chemin = maison.lignes(depot.id, depot.lecture)
    pareilles = comparer_lectures(chemin, chemin)
    assert (pareilles.lues, pareilles.nombre, pareilles.par_sujet) == (2, 0, {})
