import errno
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from sqlalchemy import select

from api.club.modeles import Depot, EtatDepot, Tache
from api.maison import Maison, maison_ouverte
from api.services import corrections, correspondances, depots, imports, journal, lecture, observatoire
from api.services.depots import Perime
from api.settings import Settings
from api.visiteur import AccesRefuse, Introuvable, Visiteur
from ingest.corrections import Correction
from ingest.erreurs import FichierRefuse, Refus
from ingest.publication import statuer
from ingest.vocabulaire import Role
from tests.api.outils import ANGOULEME, CLAVIER, FLEAC, ecrire, ligne, peupler, secretaire

RAMETTE = "RAMETTE A4 80G 500 FEUILLES"


@pytest.fixture
def maison(tmp_path: Path) -> Iterator[Maison]:
    with maison_ouverte(Settings(donnees=tmp_path / "donnees"), creer=True) as ouverte:
        peupler(ouverte)
        yield ouverte


@pytest.fixture
def fichier(tmp_path: Path) -> Path:
    return ecrire(
        tmp_path / "achats.csv",
        [
            ligne("12/03/2025", RAMETTE, 10, "3,50"),
            ligne("14/04/2025", RAMETTE, 5, "3,60"),
            "15/05/2025;PAPETERIE MARTIN;;GOMME;2;ramette;3,7O;7,40;20",
        ],
    )


def comptes(depot: Depot) -> tuple[int, ...]:
    lus = depot.comptes or {}
    return tuple(lus[cle] for cle in ("lues", "retenues", "a_corriger", "ecartees", "identiques"))


def restes(maison: Maison) -> list[str]:
    return sorted(str(chemin.relative_to(maison.donnees)) for chemin in (maison.donnees / "depots").rglob("*"))


def deposer(maison: Maison, visiteur: Visiteur, membre: str, chemin: Path) -> Depot:
    with chemin.open("rb") as flux:
        return depots.deposer(maison, visiteur, membre, chemin.name, flux)


def test_a_file_goes_through_and_is_accounted_for(maison: Maison, fichier: Path) -> None:
    depot = imports.importer(maison, CLAVIER, FLEAC, fichier)
    assert (depot.id, depot.etat) == ("D0001", EtatDepot.PUBLIE)
    assert comptes(depot) == (3, 2, 1, 0, 0)
    assert maison.original("D0001").read_bytes() == fichier.read_bytes()


def test_the_same_file_twice_adds_nothing_and_ten_more_lines_add_ten(maison: Maison, fichier: Path, tmp_path: Path) -> None:
    imports.importer(maison, CLAVIER, FLEAC, fichier)
    assert comptes(imports.importer(maison, CLAVIER, FLEAC, fichier)) == (3, 0, 0, 0, 3)
    lignes = [ligne("12/03/2025", RAMETTE, 10, "3,50"), *(ligne("20/06/2025", RAMETTE, n, "3,50") for n in range(1, 11))]
    assert comptes(imports.importer(maison, CLAVIER, FLEAC, ecrire(tmp_path / "suite.csv", lignes))) == (11, 10, 0, 0, 1)


def test_the_preview_is_the_result(maison: Maison, fichier: Path) -> None:
    depot = deposer(maison, CLAVIER, FLEAC, fichier)
    lecture.lire(maison, CLAVIER, depot.id)
    vue = depots.previsualiser(maison, CLAVIER, depot.id)
    publie = depots.enregistrer(maison, CLAVIER, depot.id, version=vue.version)
    assert publie.comptes == depots.comptes_de(vue.comparaison)
    with maison.club.lecture() as session:
        statuts = statuer(depots.publies(session, maison)).collect()["statut"].value_counts().sort("statut").rows()
    assert statuts == [("a_corriger", 1), ("retenue", 2)]


def test_a_preview_that_is_no_longer_true_publishes_nothing(maison: Maison, fichier: Path) -> None:
    premier, second = (deposer(maison, CLAVIER, FLEAC, fichier) for _ in range(2))
    for depot in (premier, second):
        lecture.lire(maison, CLAVIER, depot.id)
    vue = depots.previsualiser(maison, CLAVIER, second.id)
    assert vue.comparaison.a_creer == 2
    depots.enregistrer(maison, CLAVIER, premier.id)
    with pytest.raises(Perime, match="entre-temps"):
        depots.enregistrer(maison, CLAVIER, second.id, version=vue.version)
    assert depots.depot(maison, CLAVIER, second.id).etat == EtatDepot.A_CONFIRMER


def test_the_same_file_published_by_two_people_at_once_counts_once(maison: Maison, fichier: Path) -> None:
    recus = [deposer(maison, CLAVIER, FLEAC, fichier).id for _ in range(4)]
    lecture.lire_ensemble(maison, CLAVIER, recus)
    with ThreadPoolExecutor(4) as executeur:
        publies = list(executeur.map(lambda identifiant: depots.enregistrer(maison, CLAVIER, identifiant), recus))
    assert sorted(comptes(depot)[1] for depot in publies) == [0, 0, 0, 2]
    with maison.club.lecture() as session:
        retenues = statuer(depots.publies(session, maison)).filter(pl.col("statut") == "retenue").collect()
        assert sorted(session.scalars(select(Depot.rang))) == [1, 2, 3, 4]
    assert retenues.height == 2


def test_withdrawing_gives_back_what_the_dépôt_had_made_identical(maison: Maison, fichier: Path) -> None:
    premier = imports.importer(maison, CLAVIER, FLEAC, fichier)
    second = imports.importer(maison, CLAVIER, FLEAC, fichier)
    depots.retirer(maison, CLAVIER, premier.id)
    observatoire.construire(maison)
    assert comptes(depots.depot(maison, CLAVIER, second.id)) == (3, 2, 1, 0, 0)
    with pytest.raises(Refus, match="rien à retirer"):
        depots.retirer(maison, CLAVIER, premier.id)
    assert comptes(depots.enregistrer(maison, CLAVIER, premier.id)) == (3, 0, 0, 0, 3)


@pytest.mark.parametrize(
    ("nom", "octets"),
    [
        ("vide.csv", b""),
        ("photo.csv", bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(300)),
        ("entete.csv", "Date;Désignation;Quantité;PU HT;Montant HT\r\n".encode("cp1252")),
        ("bruit.csv", bytes(range(256)) * 8),
    ],
)
def test_a_file_that_cannot_be_read_leaves_nothing(maison: Maison, tmp_path: Path, nom: str, octets: bytes) -> None:
    (tmp_path / nom).write_bytes(octets)
    with pytest.raises(FichierRefuse, match=r"[.!]$"):
        imports.importer(maison, CLAVIER, FLEAC, tmp_path / nom)
    assert restes(maison) == []
    assert depots.lister(maison, CLAVIER) == []


def test_a_full_disk_is_a_sentence_and_leaves_nothing(maison: Maison, fichier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def plein(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as receiving:
        receiving.setattr("api.services.depots.os.fsync", plein)
        with pytest.raises(FichierRefuse, match="le disque est plein"):
            imports.importer(maison, CLAVIER, FLEAC, fichier)
    with monkeypatch.context() as reading:
        reading.setattr("api.services.lecture.executer", plein)
        with pytest.raises(Refus, match="le disque est plein"):
            imports.importer(maison, CLAVIER, FLEAC, fichier)
    assert restes(maison) == []
    assert depots.lister(maison, CLAVIER) == []


@pytest.mark.parametrize("rangees", [[], [["Date", "Désignation", "Quantité", "PU HT", "Montant HT"]]])
def test_a_sheet_without_line_is_refused(maison: Maison, tmp_path: Path, rangees: list[list[str]]) -> None:
    classeur = xlsxwriter.Workbook(tmp_path / "achats.xlsx")
    feuille = classeur.add_worksheet("Achats")
    for numero, rangee in enumerate(rangees):
        feuille.write_row(numero, 0, rangee)
    classeur.close()
    with pytest.raises(FichierRefuse, match=r"[.!]$"):
        imports.importer(maison, CLAVIER, FLEAC, tmp_path / "achats.xlsx")
    assert restes(maison) == []


def test_a_refused_file_is_in_the_journal_and_its_number_is_given_again(maison: Maison, tmp_path: Path, fichier: Path) -> None:
    (tmp_path / "bruit.csv").write_bytes(bytes(range(256)) * 8)
    with pytest.raises(FichierRefuse):
        imports.importer(maison, CLAVIER, FLEAC, tmp_path / "bruit.csv")
    assert "fichier refusé" in [entree.action for entree in journal.lire(maison, CLAVIER)]
    assert imports.importer(maison, CLAVIER, FLEAC, fichier).id == "D0001"


def test_too_large_a_file_is_refused_while_it_arrives(tmp_path: Path) -> None:
    with maison_ouverte(Settings(donnees=tmp_path, taille_max_fichier=1000), creer=True) as maison:
        peupler(maison)
        with pytest.raises(FichierRefuse, match="dépasse"):
            depots.deposer(maison, CLAVIER, FLEAC, "gros.csv", io.BytesIO(bytes(1001)))
        assert restes(maison) == []


def test_a_name_is_never_a_path(maison: Maison) -> None:
    depot = depots.deposer(maison, CLAVIER, FLEAC, "..\\..\\C:/etc/pass\x00wd\n.csv", io.BytesIO(b"a"))
    assert depot.nom_fichier == "passwd.csv"
    assert restes(maison) == ["depots/D0001", "depots/D0001/original"]


def test_a_folder_left_by_a_power_cut_is_swept(maison: Maison, fichier: Path) -> None:
    maison.dossier_depot("D0001").mkdir()
    maison.original("D0001").write_bytes(b"reste")
    assert imports.importer(maison, CLAVIER, FLEAC, fichier).id == "D0001"
    assert maison.original("D0001").read_bytes() == fichier.read_bytes()


def test_another_membre_s_dépôt_does_not_exist(maison: Maison, fichier: Path) -> None:
    depot = imports.importer(maison, CLAVIER, ANGOULEME, fichier)
    voisine = secretaire(FLEAC)
    phrases = set()
    for geste in (depots.depot, depots.previsualiser, depots.enregistrer, depots.retirer, depots.abandonner, lecture.lire):
        for identifiant in (depot.id, "D9999"):
            with pytest.raises(Introuvable) as refus:
                geste(maison, voisine, identifiant)  # type: ignore[operator]
            phrases.add(str(refus.value))
    assert len(phrases) == 1
    assert depots.lister(maison, voisine) == []
    with pytest.raises(Introuvable):
        depots.lister(maison, voisine, membre=ANGOULEME)
    with pytest.raises(Introuvable), fichier.open("rb") as flux:
        depots.deposer(maison, voisine, ANGOULEME, "x.csv", flux)


def test_an_elu_reads_and_does_not_write(maison: Maison, fichier: Path) -> None:
    depot = imports.importer(maison, CLAVIER, FLEAC, fichier)
    elu = Visiteur(compte=2, email="elu@fleac.fr", nom="Élu", role=Role.ELU, membre=FLEAC)
    assert depots.depot(maison, elu, depot.id).id == depot.id
    with pytest.raises(AccesRefuse):
        depots.retirer(maison, elu, depot.id)


def test_publishing_asks_for_a_build_and_building_answers(maison: Maison, fichier: Path) -> None:
    imports.importer(maison, CLAVIER, FLEAC, fichier)
    imports.importer(maison, CLAVIER, FLEAC, fichier)

    def etats() -> list[str]:
        with maison.club.lecture() as session:
            return list(session.scalars(select(Tache.etat).where(Tache.genre == "construire")))

    assert etats() == ["en_attente"]
    observatoire.construire(maison)
    assert etats() == ["terminee"]


def test_only_one_build_at_a_time(maison: Maison) -> None:
    with observatoire._un_seul(maison, attendre=False), pytest.raises(Refus, match="déjà en cours"):
        observatoire.construire(maison, attendre=False)


def test_a_confirmed_mapping_is_remembered(maison: Maison, tmp_path: Path) -> None:
    chemin = tmp_path / "muet.csv"
    lignes = [f"{jour}/03/2025;RAMETTE A4;{jour};3,50;{jour * 3.5:.2f}".replace(".", ",") for jour in range(10, 20)]
    chemin.write_text("\n".join(["Colonne 1;Colonne 2;Colonne 3;Colonne 4;Colonne 5", *lignes]), encoding="utf-8")
    depot = deposer(maison, CLAVIER, FLEAC, chemin)
    lu = lecture.lire(maison, CLAVIER, depot.id)
    signature = (lu.verdict or {})["tables"][0]["signature"]
    champs = {
        "Colonne 2": "libelle",
        "Colonne 1": "date",
        "Colonne 3": "quantite",
        "Colonne 4": "prix_unitaire_ht",
        "Colonne 5": "montant_ht",
    }
    correspondances.retenir(maison, CLAVIER, FLEAC, signature, champs, logiciel="Essai")
    relu = lecture.lire(maison, CLAVIER, depot.id)
    assert {c["entete"]: c["champ"] for c in (relu.verdict or {})["tables"][0]["colonnes"]} == champs
    assert comptes(relu) == (10, 10, 0, 0, 0)
    assert correspondances.exporter(maison, CLAVIER, "Essai") == {signature: champs}
    assert correspondances.importer(maison, CLAVIER, ANGOULEME, "Essai", {signature: champs}) == 1
    assert correspondances.importer(maison, CLAVIER, ANGOULEME, "Essai", {signature: champs}) == 0


class TestCorrections:
    """In place, by group, on what is already published, and back."""

    @pytest.fixture
    def depot(self, maison: Maison, tmp_path: Path) -> Depot:
        lignes = [f"{jour}/03/2025;MARTIN;;GANTS NITRILE M;{jour};BTZ;1,00;{jour},00;20" for jour in (10, 11)]
        fautive = "12/03/2025;MARTIN;;GANTS NITRILE L;2;boîte;3,7O;7,40;20"
        return imports.importer(maison, CLAVIER, FLEAC, ecrire(tmp_path / "gants.csv", [*lignes, fautive]))

    def test_a_cell_is_corrected_and_the_line_is_retained(self, maison: Maison, depot: Depot) -> None:
        entetes, rangees = corrections.a_corriger(maison, CLAVIER, depot.id)
        assert ("PU HT" in entetes, len(rangees)) == (True, 1)
        corrige = corrections.corriger(maison, CLAVIER, depot.id, [Correction("3,70", entete="PU HT", ligne=4)])
        assert (corrige.etat, comptes(corrige)) == (EtatDepot.PUBLIE, (3, 3, 0, 0, 0))
        assert corrections.a_corriger(maison, CLAVIER, depot.id)[1] == []
        assert observatoire.construire(maison).nb_lignes == 3

    def test_a_group_is_corrected_at_once_and_taken_back(self, maison: Maison, depot: Depot) -> None:
        corrige = corrections.corriger(maison, CLAVIER, depot.id, [Correction("boîte", champ="unite", lu="BTZ")])
        assert pl.read_parquet(maison.lignes(depot.id, corrige.lecture))["unite"].to_list() == ["boîte"] * 3
        observatoire.construire(maison)
        assert not observatoire.mettre_a_jour(maison)
        rendu = corrections.annuler_corrections(maison, CLAVIER, depot.id)
        assert observatoire.mettre_a_jour(maison)
        assert pl.read_parquet(maison.lignes(depot.id, rendu.lecture))["unite"].to_list() == ["BTZ", "BTZ", "boîte"]
        with pytest.raises(Refus, match="il en a 0"):
            corrections.annuler_corrections(maison, CLAVIER, depot.id)

    def test_the_lines_to_correct_are_sent_again_corrected(self, maison: Maison, depot: Depot, tmp_path: Path) -> None:
        assert corrections.ecrire_a_corriger(maison, CLAVIER, depot.id, tmp_path / "a_corriger.csv", "csv") == 1
        texte = (tmp_path / "a_corriger.csv").read_text(encoding="utf-8-sig")
        (tmp_path / "corrige.csv").write_text(texte.replace("3,7O", "3,70"), encoding="utf-8-sig")
        assert comptes(imports.importer(maison, CLAVIER, FLEAC, tmp_path / "corrige.csv"))[:3] == (1, 1, 0)

    def test_two_corrections_at_once_do_not_erase_each_other(self, maison: Maison, depot: Depot) -> None:
        def corriger(correction: Correction) -> bool:
            try:
                corrections.corriger(maison, CLAVIER, depot.id, [correction])
            except Refus:
                return False
            return True

        demandees = [Correction("3,70", entete="PU HT", ligne=4), Correction("boîte", champ="unite", lu="BTZ")]
        with ThreadPoolExecutor(2) as executeur:
            faites = list(executeur.map(corriger, demandees))
        assert len(depots.depot(maison, CLAVIER, depot.id).reglages["corrections"]) == sum(faites) >= 1


def test_a_file_that_kills_its_reader_is_refused_alone(maison: Maison, fichier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recus = [deposer(maison, CLAVIER, FLEAC, fichier).id for _ in range(3)]
    isolee = lecture.executer

    def executer(fonction: object, *arguments: object, **nommes: object) -> object:
        if fonction is lecture.lire_plusieurs or nommes["depot"] == recus[1]:
            raise FichierRefuse("La lecture a été arrêtée.")
        return isolee(fonction, *arguments, **nommes)  # type: ignore[arg-type]

    monkeypatch.setattr(lecture, "executer", executer)
    lus = lecture.lire_ensemble(maison, CLAVIER, recus)
    assert [isinstance(lu, Refus) for lu in lus.values()] == [False, True, False]
    assert sorted(depot.id for depot in depots.lister(maison, CLAVIER)) == [recus[0], recus[2]]
