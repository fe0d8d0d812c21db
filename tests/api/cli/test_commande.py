import importlib.metadata
import json
import re
from pathlib import Path

import polars as pl
import pytest

from api.maison import maison_ouverte
from api.services import connexion
from api.settings import Settings
from tests.api.cli.conftest import Lancer
from tests.api.outils import FLEAC, ecrire, ligne
from tests.api.services.test_relectures import lu_par_d_anciennes_regles

CLES = ["depot", "membre", "lues", "retenues", "a_corriger", "ecartees", "identiques", "anomalies"]
CLES_ANOMALIE = ["code", "colonne", "lignes", "lu", "attendu", "message"]


@pytest.fixture
def fichier(tmp_path: Path) -> Path:
    lignes = [ligne(f"{jour}/03/2025", "RAMETTE A4 80G 500 FEUILLES", jour, "3,50") for jour in range(10, 16)]
    return ecrire(tmp_path / "achats.csv", lignes)


@pytest.mark.parametrize("commande", ["", "demo", "init", "serve", "import", "build", "export", "draft", "evaluer", "compte"])
def test_help_is_french(lancer: Lancer, commande: str) -> None:
    code, sortie, _ = lancer(*[mot for mot in (commande, "--help") if mot])
    assert code == 0
    assert sortie.startswith("Utilisation : mercuriale")
    assert not re.search(r"\b(Usage|Arguments|Commands|required|default|Show|TEXT|PATH|INTEGER)\b", sortie)


@pytest.mark.parametrize("arguments", [[], ["--donnees", "ailleurs"]])
def test_without_a_command_it_gives_the_help(lancer: Lancer, arguments: list[str]) -> None:
    assert lancer(*arguments) == lancer("--help")


def test_the_version_is_the_one_of_the_package(lancer: Lancer) -> None:
    assert lancer("--version") == (0, f"mercuriale {importlib.metadata.version('mercuriale')}\n", "")


def test_the_data_directory_is_said_before_or_after_the_command(lancer: Lancer, tmp_path: Path) -> None:
    ici, la = tmp_path / "ici", tmp_path / "la"
    assert lancer("--donnees", ici, "init", "--epci", "Grand Angoulême")[0] == 0
    assert lancer("init", "--epci", "Grand Cognac", "--donnees", la)[0] == 0
    assert lancer("--donnees", la, "compte", "lister", "--donnees", ici)[0] == 0
    assert [(chemin / "club.sqlite").exists() for chemin in (ici, la, tmp_path / "donnees")] == [True, True, False]


@pytest.mark.parametrize(
    ("arguments", "attendu"),
    [
        (["inconnue"], "n'existe pas"),
        (["import"], "Il manque FICHIER"),
        (["build", "--vite"], "L'option --vite n'existe pas"),
        (["export", "lignes", "--sortie", "x", "--format", "doc"], "Valeurs possibles : csv, parquet, json, xlsx"),
        (["init"], "Il manque l'option --epci"),
        (["build"], "ne contient pas de club"),
        (["init", "--epci", "xyzzy"], "Aucun EPCI ne s'appelle"),
        (["draft", "convention", "--groupement", "G1", "--sortie", "x"], "ne contient pas de club"),
    ],
)
def test_what_cannot_be_done_is_one_french_sentence_and_the_code_2(lancer: Lancer, arguments: list[str], attendu: str) -> None:
    code, sortie, erreur = lancer(*arguments)
    assert (code, sortie) == (2, "")
    assert attendu in erreur
    assert erreur.count("\n") == 1


def test_init_creates_the_epci_and_its_communes_once(club: Lancer) -> None:
    assert "0 membres ajoutés" in club("init", "--epci", "200071827")[1]
    code, _, erreur = club("init", "--epci", "Grand Cognac")
    assert (code, "contient déjà le club" in erreur) == (2, True)


@pytest.mark.parametrize("texte", ["Grand", "atlantide", " ", "211603857"])
def test_a_territory_that_is_not_found_leaves_no_directory(lancer: Lancer, tmp_path: Path, texte: str) -> None:
    code, sortie, erreur = lancer("init", "--epci", texte)
    assert (code, sortie, erreur.count("\n")) == (2, "", 1)
    assert not (tmp_path / "donnees").exists()


def test_init_opens_the_account_of_the_animatrice_with_a_password_that_works(lancer: Lancer) -> None:
    sortie = lancer("init", "--epci", "Grand Angoulême", "--email", "anim@club.fr")[1]
    (mot_de_passe,) = re.findall(r"Mot de passe : (\S+)", sortie)
    with maison_ouverte(Settings()) as maison:
        assert connexion.connecter(maison, "anim@club.fr", mot_de_passe, adresse="192.0.2.1")


def test_import_prints_a_readable_verdict_and_exits_0(club: Lancer, fichier: Path) -> None:
    code, sortie, _ = club("import", fichier, "--membre", FLEAC)
    assert code == 0
    assert "D0001 · achats.csv · 6 lignes lues : 6 retenues, 0 à corriger, 0 écartée, 0 identique" in sortie


def test_import_json_has_exactly_the_promised_keys_and_exits_1_with_lines_to_correct(club: Lancer, tmp_path: Path) -> None:
    lignes = [ligne("12/03/2025", "RAMETTE A4", 10, "3,50"), "31/02/2025;MARTIN;;STYLO;2;u;1,00;2,00;20"]
    code, sortie, erreur = club("import", ecrire(tmp_path / "a.csv", lignes), "--membre", FLEAC, "--json")
    verdict = json.loads(sortie)
    assert (code, erreur) == (1, "")
    assert list(verdict) == CLES
    assert verdict["lues"] == sum(verdict[cle] for cle in ("retenues", "a_corriger", "ecartees", "identiques")) == 2
    (anomalie,) = verdict["anomalies"]
    assert list(anomalie) == CLES_ANOMALIE
    assert (anomalie["lignes"], anomalie["colonne"], anomalie["lu"]) == ([3], "Date", "31/02/2025")


def test_import_json_names_no_anomaly_of_a_line_an_earlier_depot_holds(club: Lancer, tmp_path: Path) -> None:
    faute = "31/02/2025;MARTIN;;STYLO;2;u;1,00;2,00;20"
    premier = ecrire(tmp_path / "a.csv", [faute])
    second = ecrire(tmp_path / "b.csv", [faute, ligne("12/03/2025", "RAMETTE A4", 10, "3,50"), faute.replace("STYLO", "GOMME")])
    code, sortie, _ = club("import", premier, second, premier, "--membre", FLEAC, "--json")
    verdicts = [json.loads(texte) for texte in sortie.splitlines()]
    assert code == 1
    assert [[anomalie["lignes"] for anomalie in verdict["anomalies"]] for verdict in verdicts] == [[[2]], [[4]], []]
    assert "À corriger" not in club("import", premier, "--membre", FLEAC)[1]


def test_several_files_give_one_object_per_line_and_the_worst_code(club: Lancer, fichier: Path, tmp_path: Path) -> None:
    (tmp_path / "photo.csv").write_bytes(bytes.fromhex("89504e470d0a1a0a") + bytes(200))
    code, sortie, erreur = club("import", fichier, tmp_path / "photo.csv", tmp_path / "absent.csv", fichier, "--membre", FLEAC, "--json")
    verdicts = [json.loads(texte) for texte in sortie.splitlines()]
    assert code == 2
    assert [(v["depot"], v["retenues"], v["identiques"]) for v in verdicts] == [("D0001", 6, 0), ("D0002", 0, 6)]
    assert len(erreur.splitlines()) == 2


@pytest.mark.parametrize(
    ("membre", "attendu"),
    [("211601381", "n'est pas un SIREN"), ("abc", "n'est pas un SIREN"), ("356000000", "Aucun membre du club n'a le SIREN 356000000")],
)
def test_a_wrong_siren_writes_nothing(club: Lancer, fichier: Path, tmp_path: Path, membre: str, attendu: str) -> None:
    code, sortie, erreur = club("import", fichier, "--membre", membre)
    assert (code, sortie) == (2, "")
    assert attendu in erreur
    assert list((tmp_path / "donnees" / "depots").iterdir()) == []


def test_the_columns_can_be_said_beforehand(club: Lancer, tmp_path: Path) -> None:
    chemin = tmp_path / "ttc.csv"
    chemin.write_text(
        "Jour;Objet;Nb;Prix;Total\n" + "\n".join(f"{j}/03/2025;RAMETTE A4;{j};12,00;{j * 12},00" for j in range(10, 20)), encoding="utf-8"
    )
    code, _, erreur = club("import", chemin, "--membre", FLEAC, "--base", "ht", "--colonne", "Objet=libelle", "--colonne", "Inconnue=date")
    assert (code, "n'a pas de colonne « Inconnue »" in erreur) == (2, True)
    code, sortie, _ = club("import", chemin, "--membre", FLEAC, "--base", "ht", "--colonne", "Objet=libelle")
    assert (code, "10 retenues" in sortie) == (0, True)


def test_build_then_export_carries_every_retained_line(club: Lancer, fichier: Path, tmp_path: Path) -> None:
    club("import", fichier, "--membre", FLEAC)
    assert "6 lignes de 1 dépôts" in club("build")[1]
    code, sortie, _ = club("export", "lignes", "--format", "parquet", "--sortie", tmp_path / "lignes.parquet")
    assert (code, "6 lignes" in sortie) == (0, True)
    lignes = pl.read_parquet(tmp_path / "lignes.parquet")
    promises = (
        "depot ligne membre date fournisseur libelle quantite unite prix_unitaire_ht montant_ht taux_tva famille article "
        "quantite_reference unite_reference prix_unitaire_reference_ht derivation approx"
    )
    assert set(promises.split()) <= set(lignes.columns)
    assert lignes.sort("ligne")["ligne"].to_list() == [2, 3, 4, 5, 6, 7]
    assert lignes["quantite_reference"].sum() == sum(range(10, 16)) * 500


def test_export_builds_when_something_was_published_since(club: Lancer, fichier: Path, tmp_path: Path) -> None:
    club("import", fichier, "--membre", FLEAC)
    assert "Lecture des dépôts" in club("export", "lignes", "--sortie", tmp_path / "a.csv")[2]
    assert club("export", "lignes", "--sortie", tmp_path / "a.csv")[2] == ""


def test_an_export_that_cannot_be_written_is_a_sentence(club: Lancer, fichier: Path) -> None:
    club("import", fichier, "--membre", FLEAC)
    code, _, erreur = club("export", "lignes", "--sortie", "/proc/interdit/lignes.csv")
    assert code == 2
    assert "ne peut pas être écrit" in erreur


def test_an_unknown_groupement_is_refused(club: Lancer, tmp_path: Path) -> None:
    code, _, erreur = club("draft", "convention", "--groupement", "G9", "--sortie", tmp_path)
    assert (code, "« G9 » n'existe pas" in erreur) == (2, True)


def test_a_fault_of_the_program_is_an_apology_without_a_trace(club: Lancer, fichier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def planter(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setenv("MERCURIALE_TRACE", "0")
    monkeypatch.setattr("api.services.imports.importer", planter)
    code, sortie, erreur = club("import", fichier, "--membre", FLEAC)
    assert (code, sortie) == (2, "")
    assert "Traceback" not in erreur
    assert "secret" not in erreur


def test_hand_written_cases_are_measured_beside(lancer: Lancer, tmp_path: Path) -> None:
    cas = tmp_path / "cas.csv"
    cas.write_text("libelle;unite;famille;quantite;unite_base;forme\nSUCRE SAC DE 5 KG;sac;RE08;5;kg;sac\n", encoding="utf-8")
    code, sortie, _ = lancer("evaluer", "--vocabulaire", "v1", "--lignes", "200", "--cas", str(cas))
    assert code == 0
    assert "Cas écrits à la main, justes parmi les résolus : 100,00 % (sur 1)" in sortie
    cas.write_text("autre;chose\n1;2\n", encoding="utf-8")
    code, _, erreur = lancer("evaluer", "--vocabulaire", "v1", "--lignes", "200", "--cas", str(cas))
    assert code == 2
    assert "ne peut pas être lu comme une liste de cas" in erreur


def test_the_quality_is_measured_by_the_command(lancer: Lancer) -> None:
    code, sortie, _ = lancer("evaluer", "--vocabulaire", "v3", "--graine", "3", "--lignes", "300")
    assert code == 0
    assert re.search(r"Graine 3, vocabulaire v3 \(données jamais vues au réglage\), 300 lignes", sortie)
    assert re.search(r"Famille : juste parmi les classées : \d+,\d", sortie)
    code, _, erreur = lancer("evaluer", "--vocabulaire", "v9")
    assert (code, "« v9 » n'existe pas" in erreur) == (2, True)


def test_depots_are_read_again_tried_and_taken_back_from_the_keyboard(club: Lancer, fichier: Path) -> None:
    club("import", fichier, "--membre", FLEAC)
    assert "ont été lus avec les règles en vigueur" in club("relire", "--essai")[1]
    with maison_ouverte(Settings()) as maison:
        lu_par_d_anciennes_regles(maison, "D0001")
    essai = club("relire", "--essai")[1]
    assert "D0001, lignes changées : 1 sur 6 (famille 1, contenu de l'unité 1)" in essai
    assert club("relire") == (0, essai, "")
    assert club("relire", "--annuler")[1] == "Lectures d'avant reprises : D0001.\n"
    assert club("relire", "--annuler")[1] == "Aucune relecture à annuler.\n"
