"""From a file to its lines, through the production path: nothing lost, everything said in one pass."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.chaine import Correction, Reglages, lire_depot
from ingest.erreurs import FichierRefuse, Refus
from ingest.schema import SCHEMA_LIGNES
from ingest.vocabulaire import BaseTaxe
from tests.ingest.atelier import ENTETE, LIGNE, MEMBRE, importer, write_csv

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "fixtures" / "ma-cantine" / "achats"


def test_a_line_is_read_typed_and_placed(tmp_path: Path) -> None:
    lecture, lignes = importer(tmp_path, [LIGNE])
    assert lecture.comptes.as_json() == {"lues": 1, "retenues": 1, "a_corriger": 0, "ecartees": 0, "identiques": 0}
    assert (lecture.anomalies, lecture.questions) == ((), ())
    ligne = lignes.row(0, named=True)
    assert (ligne["depot"], ligne["ligne"], ligne["membre"], ligne["nature"]) == ("D0001", 2, MEMBRE, "achat")
    assert (ligne["date"], ligne["quantite"], ligne["prix_unitaire_ht"]) == (date(2025, 12, 31), Decimal(12), Decimal("21.5"))
    assert (ligne["montant_ht"], ligne["montant_ttc"], ligne["taux_tva"]) == (Decimal(258), Decimal("309.6"), Decimal(20))
    assert ligne["prix_unitaire_ttc"] == Decimal("25.8")


def test_a_line_to_look_at_keeps_its_original_cells(tmp_path: Path) -> None:
    _, lignes = importer(tmp_path, [LIGNE, LIGNE.replace("21,50", '21,5O "neuf"')])
    assert lignes["brut"][0] is None
    assert json.loads(lignes["brut"][1])["PU HT"] == '21,5O "neuf"'


def test_columns_written_are_those_of_the_contract(tmp_path: Path) -> None:
    _, lignes = importer(tmp_path, [LIGNE])
    assert lignes.schema == pl.Schema(SCHEMA_LIGNES)


@pytest.mark.parametrize(
    ("entete", "ligne", "attendu"),
    [
        ("Date;Désignation;Qté;PU HT", "31/12/2025;stylo;3;1,10", {"montant_ht": "3.30"}),
        ("Date;Désignation;Qté;Montant HT", "31/12/2025;stylo;3;3,30", {"prix_unitaire_ht": "1.10"}),
        ("Date;Désignation;PU HT;Montant HT", "31/12/2025;stylo;1,10;3,30", {"quantite": "3"}),
        (
            "Date;Désignation;Qté;PU TTC;Taux TVA",
            "31/12/2025;stylo;3;1,20;20",
            {"prix_unitaire_ht": "1", "montant_ht": "3", "montant_ttc": "3.6"},
        ),
        ("Date;Désignation;Montant HT;Montant TTC", "31/12/2025;stylo;100;105,50", {"taux_tva": "5.5"}),
        ("Date;Désignation;Montant HT;Montant TVA", "31/12/2025;stylo;100;20", {"montant_ttc": "120", "taux_tva": "20"}),
        ("Date;Désignation;Qté;PU HT;Remise;Montant HT", "31/12/2025;stylo;10;2,00;10;18,00", {"prix_unitaire_ht": "1.8"}),
        ("Date;Désignation;Qté;PU HT;Remise;Montant HT", "31/12/2025;stylo;10;2,00;10;20,00", {"prix_unitaire_ht": "2"}),
    ],
)
def test_what_is_missing_is_computed(tmp_path: Path, entete: str, ligne: str, attendu: dict[str, str]) -> None:
    lecture, lignes = importer(tmp_path, [ligne], entete=entete)
    assert lecture.comptes.retenues == 1
    assert {nom: lignes[nom][0] for nom in attendu} == {nom: Decimal(valeur) for nom, valeur in attendu.items()}


def test_an_amount_alone_is_a_mandat_not_an_error(tmp_path: Path) -> None:
    lecture, lignes = importer(tmp_path, ["31/12/2025;EDF;électricité école;1 200,00"], entete="Date mandat;Tiers;Objet;Montant HT")
    assert (lecture.comptes.retenues, lecture.anomalies) == (1, ())
    assert lignes["nature"].to_list() == ["mandat"]


@pytest.mark.parametrize(
    "ligne",
    [
        LIGNE.replace(";12;", ";-12;").replace("258,00", "-258,00").replace("309,60", "-309,60"),
        LIGNE.replace("258,00", "(258,00)").replace("309,60", "(309,60)"),
        LIGNE.replace("21,50", "-21,50").replace("258,00", "-258,00").replace("309,60", "-309,60"),
        LIGNE.replace("Papier", "AVOIR Papier"),
    ],
)
def test_a_credit_note_nets_off_and_is_never_a_price(tmp_path: Path, ligne: str) -> None:
    lecture, lignes = importer(tmp_path, [ligne])
    assert lecture.comptes.retenues == 1
    obtenu = lignes.row(0, named=True)
    assert (obtenu["nature"], obtenu["quantite"], obtenu["prix_unitaire_ht"]) == ("avoir", Decimal(-12), Decimal("21.5"))
    assert (obtenu["montant_ht"], obtenu["montant_ttc"]) == (Decimal(-258), Decimal("-309.6"))


def test_all_the_faults_of_all_the_lines_in_one_pass(tmp_path: Path) -> None:
    lecture, lignes = importer(
        tmp_path,
        [
            LIGNE,
            LIGNE.replace("21,50", "21,5O"),
            LIGNE.replace("31/12/2025", "31/02/2025").replace(";20;", ";17;"),
            LIGNE.replace("Papier A4 80 g carton de 5 ramettes", ""),
            LIGNE.replace("31/12/2025", ""),
        ],
    )
    assert lecture.comptes.as_json() == {"lues": 5, "retenues": 1, "a_corriger": 4, "ecartees": 0, "identiques": 0}
    codes = {anomalie.code: anomalie.lignes for anomalie in lecture.anomalies}
    assert codes["prix_unitaire_ht_lettre_o"] == (3,)
    assert codes["date_inexistante"] == (4,)
    assert codes["taux_tva_inconnu"] == (4,)
    assert codes["libelle_absent"] == (5,)
    assert codes["date_absente"] == (6,)
    message = next(a.message for a in lecture.anomalies if a.code == "prix_unitaire_ht_lettre_o")
    assert message == (
        "Ligne 3, colonne « PU HT » : nous attendions un nombre, nous avons lu « 21,5O » (lettre O au lieu du chiffre zéro). "
        "Corrigez la cellule."
    )
    de_la_ligne = lignes.filter(pl.col("ligne") == 4)["anomalies"][0].to_list()
    assert {anomalie["code"] for anomalie in de_la_ligne} >= {"date_inexistante", "taux_tva_inconnu"}


def test_one_cause_one_sentence(tmp_path: Path) -> None:
    lecture, _ = importer(tmp_path, [LIGNE.replace("21,50", faux) for faux in ("a", "b", "c", "d", "d")])
    (anomalie,) = [a for a in lecture.anomalies if a.bloquante]
    assert anomalie.lignes == (2, 3, 4, 5, 6)
    assert anomalie.message.startswith("Lignes 2 à 6, colonne « PU HT » : nous attendions un nombre, nous avons lu « a », « b », « c » …")


@pytest.mark.parametrize(
    ("ligne", "code"),
    [
        (LIGNE.replace(";258,00", ";285,00"), "montant_incoherent"),
        (LIGNE.replace(";12;", ";13;"), "quantite_incoherente"),
        (LIGNE.replace("21,50", "22,37"), "prix_incoherent"),
        (LIGNE.replace("21,50", "2,150"), "virgule_deplacee"),
        (LIGNE.replace("21,50;258,00;20;309,60", "21,50;285,00;20;"), "produit_incoherent"),
        (LIGNE.replace("21,50;258,00;20;309,60", "21,50;309,60;20;"), "base_taxe_melangee"),
        (LIGNE.replace("309,60", "258,00").replace(";258,00;20", ";309,60;20").replace("21,50", "25,80"), "ht_ttc_inverses"),
        (LIGNE.replace("309,60", "319,60"), "ht_ttc_incoherents"),
        (LIGNE.replace(";12;", ";0;"), "quantite_nulle"),
        (LIGNE.replace("309,60", "-309,60"), "signes_contraires"),
        (LIGNE.replace("2025", "1925"), "date_improbable"),
        (LIGNE.replace("31/12/2025", "2025"), "date_annee_seule"),
        (LIGNE.replace("31/12/2025", "12/31/2025"), "date_mois_avant_jour"),
    ],
)
def test_the_rule_says_which_one_disagrees(tmp_path: Path, ligne: str, code: str) -> None:
    lecture, _ = importer(tmp_path, [LIGNE.replace("F1", "F0"), ligne])
    assert lecture.comptes.a_corriger == 1
    assert [a.code for a in lecture.anomalies if a.bloquante] == [code]


@pytest.mark.parametrize(("quantite", "prix", "montant"), [("3", "0,33", "1,00"), ("1000", "0,083", "83,33"), ("7", "1,43", "10,00")])
def test_rounding_is_not_a_fault(tmp_path: Path, quantite: str, prix: str, montant: str) -> None:
    lecture, _ = importer(tmp_path, [f"31/12/2025;stylo;{quantite};{prix};{montant}"], entete="Date;Désignation;Qté;PU HT;Montant HT")
    assert lecture.comptes.retenues == 1


def test_totals_are_counted_and_set_aside(tmp_path: Path) -> None:
    lecture, lignes = importer(tmp_path, [LIGNE, "TOTAL;;;;;;;258,00;;309,60"])
    assert lecture.comptes.as_json() == {"lues": 2, "retenues": 1, "a_corriger": 0, "ecartees": 1, "identiques": 0}
    assert lignes.filter(pl.col("statut") == "ecartee")["motif"].to_list() == ["total"]


def test_personal_numbers_stay_at_the_door(tmp_path: Path) -> None:
    _, lignes = importer(tmp_path, [LIGNE.replace("Papier A4", "Obsèques 1 85 05 78 006 084 91").replace("21,50", "x")])
    ecrit = lignes.write_json()
    assert "185057800608491" not in ecrit.replace(" ", "")
    assert "[donnée personnelle retirée]" in lignes["libelle"][0]
    assert "[donnée personnelle retirée]" in lignes["brut"][0]


@pytest.mark.parametrize("compte", ["64111", "6513", "012"])
def test_staff_and_aid_are_set_aside_without_their_words(tmp_path: Path, compte: str) -> None:
    lecture, lignes = importer(
        tmp_path,
        [f"31/12/2025;Martin Jeanne;aide au loyer;150,00;{compte}", "31/12/2025;EDF;gaz;10,00;60612"],
        entete="Date;Tiers;Objet;Montant HT;Compte",
    )
    assert lecture.comptes.ecartees == 1
    ecartee = lignes.filter(pl.col("statut") == "ecartee")
    assert ecartee["motif"].to_list() == ["donnee_personnelle"]
    assert "Martin" not in ecartee.write_json()
    assert ecartee.select("famille_motif", "contenu_derivation", "contenu_motif", "attributs").row(0) == (None,) * 4


def test_tax_basis_is_asked_when_nothing_says_it(tmp_path: Path) -> None:
    entete, ligne = "Date;Désignation;Qté;PU;Montant", "31/12/2025;stylo;3;1,20;3,60"
    lecture, _ = importer(tmp_path, [ligne], entete=entete)
    assert [question.code for question in lecture.questions] == ["base_taxe"]
    lecture, lignes = importer(tmp_path, [ligne], entete=entete, reglages=Reglages(base_taxe=BaseTaxe.TTC))
    assert lecture.questions == ()
    assert (lignes["montant_ttc"][0], lignes["montant_ht"][0]) == (Decimal("3.6"), None)


def test_a_rule_on_values_and_an_edited_cell(tmp_path: Path) -> None:
    corrections = [
        Correction("boîte", champ="unite", lu="BTE"),
        Correction("21,50", entete="PU HT", ligne=3),
    ]
    lignes_lues = [LIGNE.replace(";carton;", ";BTE;"), LIGNE.replace("21,50", "21,5O"), LIGNE.replace("21,50", "21,5O")]
    lecture, lignes = importer(tmp_path, lignes_lues, reglages=Reglages(corrections=corrections))
    assert lignes["unite"].to_list() == ["boîte", "carton", "carton"]
    assert lignes["statut"].to_list() == ["retenue", "retenue", "a_corriger"]
    assert lecture.comptes.retenues == 2


@pytest.mark.parametrize("contenu", ["", "\r\n\r\n", ENTETE + "\r\n", "nom;ville\r\nJean;Angoulême\r\nLuc;Cognac\r\n"])
def test_a_file_without_purchases_is_refused_and_nothing_is_written(tmp_path: Path, contenu: str) -> None:
    chemin, destination = tmp_path / "x.csv", tmp_path / "lignes.parquet"
    chemin.write_text(contenu, encoding="utf-8")
    with pytest.raises(FichierRefuse):
        lire_depot(chemin, nom="x.csv", depot="D1", membre=MEMBRE, destination=destination)
    assert [fichier.name for fichier in tmp_path.iterdir()] == ["x.csv"]


@pytest.mark.parametrize(("panne", "attendue"), [(OSError(28, "No space left on device"), Refus), (RuntimeError("boum"), RuntimeError)])
def test_a_breakdown_leaves_no_half_file(tmp_path: Path, panne: Exception, attendue: type[Exception]) -> None:
    chemin, destination = write_csv(tmp_path, [LIGNE]), tmp_path / "lignes.parquet"

    def en_panne(fait: int, total: int | None) -> None:
        raise panne

    with pytest.raises(attendue, match=r"place|boum"):
        lire_depot(chemin, nom="x", depot="D1", membre=MEMBRE, destination=destination, avancement=en_panne)
    assert [fichier.name for fichier in tmp_path.iterdir()] == [chemin.name]


CELLULES = st.one_of(
    st.sampled_from(["31/12/2025", "12", "1 234,56", "x", "", "TOTAL", "-3", "2,10E+13", "AVOIR", "carton de 5"]),
    st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=6),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lignes=st.lists(st.lists(CELLULES, min_size=10, max_size=10), min_size=1, max_size=8))
def test_every_line_is_accounted_for_whatever_the_cells(tmp_path: Path, lignes: list[list[str]]) -> None:
    textes = [
        ";".join(cellule.replace(";", " ").replace('"', " ").replace("\n", " ").replace("\r", " ") for cellule in ligne) for ligne in lignes
    ]
    lecture, ecrites = importer(tmp_path, [LIGNE, *textes])
    comptes = lecture.comptes
    assert comptes.lues == comptes.retenues + comptes.a_corriger + comptes.ecartees + comptes.identiques == ecrites.height
    assert ecrites["empreinte"].n_unique() == ecrites.height
    bloquees = {ligne for anomalie in lecture.anomalies if anomalie.bloquante for ligne in anomalie.lignes}
    assert set(ecrites.filter(pl.col("statut") == "a_corriger")["ligne"].to_list()) <= bloquees


ATTENDUS = {
    "purchases_bad.csv": (14, 7),  # two lines bear the SIRET of another buyer
    "purchases_bad_empty_rows.csv": (2, 2),
    "purchases_bad_extra_columns.csv": (1, 1),
    "purchases_bad_no_header.csv": (2, 2),
    "purchases_bad_one_error.csv": (2, 1),
    "purchases_bad_partial_header.csv": (2, 2),
    "purchases_bad_wrong_header.csv": (2, 2),
    "purchases_bad_wrong_header_typo.csv": (1, 1),
    "purchases_good.csv": (8, 8),
    "purchases_good.xlsx": (1, 1),
    "purchases_good_floating_number.csv": (1, 1),
    "purchases_good_separator_tab.tsv": (1, 1),
    "purchases_good_with_empty_columns.xlsx": (2, 2),
}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared fixtures are not beside the repository")
@pytest.mark.parametrize("nom", sorted(ATTENDUS))
def test_canteen_files_are_imported_after_mapping(tmp_path: Path, nom: str) -> None:
    lecture = lire_depot(SHARED / nom, nom=nom, depot="D1", membre="210100343", destination=tmp_path / "l.parquet")
    assert (lecture.comptes.lues, lecture.comptes.retenues) == ATTENDUS[nom]
    if "no_header" not in nom:
        assert lecture.questions == ()
        assert {"libelle", "fournisseur", "date", "montant_ht", "membre_siret"} <= set(lecture.tables[0].champs) | {"membre_siret"}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared fixtures are not beside the repository")
def test_one_extra_column_is_listed_as_ignored(tmp_path: Path) -> None:
    nom = "purchases_bad_extra_columns.csv"
    lecture = lire_depot(SHARED / nom, nom=nom, depot="D1", membre="210100343", destination=tmp_path / "l.parquet")
    assert "famille_produits" in lecture.tables[0].colonnes_ignorees
    assert lecture.questions == ()
