"""The main job on the sample data: files of nineteen membres in, an observatoire, a groupement and its acts out."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import select

from analytics.actes import blancs
from analytics.groupement.calendrier import planifier
from api.club.modeles import Depot, EntreeJournal, EtatDepot
from api.maison import Maison, maison_ouverte
from api.services import actes, connexion, depots, exports, groupements, presence
from api.services.demo import Preparation, preparer
from api.settings import Settings
from ingest.erreurs import Refus
from tests.api.outils import CLAVIER

pytestmark = pytest.mark.lent
STATUTS = ("retenues", "a_corriger", "ecartees", "identiques")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Maison, Preparation]]:
    donnees = tmp_path_factory.mktemp("demo") / "donnees"
    with maison_ouverte(Settings(donnees=donnees, demo=True), creer=True) as maison:
        yield maison, preparer(maison, lambda *_: None)


def publies(maison: Maison) -> list[Depot]:
    return [depot for depot in depots.lister(maison, CLAVIER) if depot.etat == EtatDepot.PUBLIE]


def test_every_sample_file_is_taken_in(demo: tuple[Maison, Preparation]) -> None:
    maison, preparee = demo
    fichiers = [chemin for dossier in resources.files("sample_data").joinpath("communes").iterdir() for chemin in dossier.iterdir()]
    assert preparee.refus == ()
    assert preparee.nb_depots == len(publies(maison)) == len(fichiers)
    assert preparee.nb_membres == 19


def test_every_line_is_accounted_for_file_by_file(demo: tuple[Maison, Preparation], tmp_path: Path) -> None:
    maison, _ = demo
    exports.exporter(maison, CLAVIER, "lignes", "parquet", tmp_path / "lignes.parquet")
    exportees = Counter(pl.read_parquet(tmp_path / "lignes.parquet")["depot"].to_list())
    for depot in publies(maison):
        comptes = depot.comptes or {}
        assert comptes["lues"] == sum(comptes[statut] for statut in STATUTS) > 0, depot.nom_fichier
        assert exportees[depot.id] == comptes["retenues"], depot.nom_fichier


def test_as_many_lines_are_read_as_were_written(demo: tuple[Maison, Preparation]) -> None:
    maison, _ = demo
    ecrites: Counter[tuple[str, str]] = Counter()
    for verite in resources.files("sample_data").joinpath("verite", "lignes").iterdir():
        for rangee in csv.DictReader(verite.read_text(encoding="utf-8").splitlines(), delimiter=";"):
            ecrites[rangee["membre"], rangee["fichier"]] += 1
    lues = {(depot.membre, depot.nom_fichier): (depot.comptes or {})["lues"] for depot in publies(maison)}
    assert lues == dict(ecrites)


def test_the_groupement_has_its_acts(demo: tuple[Maison, Preparation]) -> None:
    maison, preparee = demo
    assert preparee.groupement == "G1"
    donnees = groupements.donnees_de(maison, CLAVIER, "G1")
    noms = [document.nom for document in actes.documents(maison, CLAVIER, "G1")]
    assert preparee.nb_documents == len(noms) == 2 + 2 * len(donnees.parties) + len([nom for nom in noms if nom.endswith(".xlsx")])
    for nom in noms:
        assert actes.chemin_document(maison, CLAVIER, "G1", nom).stat().st_size > 1000
    with pytest.raises(Refus):
        actes.chemin_document(maison, CLAVIER, "G1", "../../club.sqlite")


def test_the_calendar_leaves_every_step_its_time_and_the_law_is_that_of_the_publication(demo: tuple[Maison, Preparation]) -> None:
    maison, _ = demo
    donnees = groupements.donnees_de(maison, CLAVIER, "G1")
    etapes = planifier(donnees.calendrier.debut_marche or donnees.fige_le, donnees.fige_le)
    assert donnees.fige_le <= etapes[0].debut < donnees.fige_le + timedelta(days=31)
    assert (donnees.calendrier.debut_marche or donnees.fige_le).day == 1
    assert donnees.date_droit in (donnees.calendrier.publication, donnees.fige_le)


def test_what_nobody_told_stays_a_listed_blank(demo: tuple[Maison, Preparation]) -> None:
    maison, _ = demo
    donnees = groupements.donnees_de(maison, CLAVIER, "G1")
    manquants = blancs(donnees, donnees.date_droit)
    assert [nom for nom in manquants if nom.startswith("adresse")] == [
        f"adresse du siège ({nom})" for nom in ("GrandAngoulême", "CCAS d'Angoulême", "CCAS de Soyaux")
    ]
    assert sum(nom.startswith("nom du signataire") for nom in manquants) == 19
    assert not [nom for nom in manquants if "tribunal" in nom or nom.startswith("date prévue")]


def test_everybody_agreed_to_share_and_the_journal_says_so(demo: tuple[Maison, Preparation]) -> None:
    maison, _ = demo
    with maison.club.lecture() as session:
        accords = session.scalars(select(EntreeJournal.membre).where(EntreeJournal.action == "lignes partagées")).all()
        animatrice = presence.visiteur_demo(maison)
    assert animatrice is not None
    assert len(accords) == len(set(accords)) == 19
    assert animatrice.membres_lisibles == set(accords)


def test_a_secretaire_of_the_demonstration_meets_the_wall(demo: tuple[Maison, Preparation]) -> None:
    maison, _ = demo
    elle = presence.visiteur_de(maison, connexion.ouvrir_session_demo(maison, "secretaire.touvre@demo.invalid"))
    assert elle is not None
    assert {depot.membre for depot in depots.lister(maison, elle)} == {"211603857"}
    assert elle.membres_lisibles == {"211603857"}


def test_doing_it_again_writes_nothing_more(demo: tuple[Maison, Preparation]) -> None:
    maison, avant = demo

    def traces() -> tuple[int, float, list[float]]:
        with maison.club.lecture() as session:
            entrees = len(session.scalars(select(EntreeJournal.id)).all())
        ecrits = [chemin.stat().st_mtime for chemin in sorted((maison.donnees / "actes").rglob("*")) if chemin.is_file()]
        return entrees, maison.observatoire.stat().st_mtime, ecrits

    laisse = traces()
    assert preparer(maison, lambda *_: None) == avant
    assert traces() == laisse
