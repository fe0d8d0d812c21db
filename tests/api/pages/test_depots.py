from collections.abc import Iterator
from pathlib import Path

import pytest

from api.maison import Maison, maison_ouverte
from api.services import depots
from api.settings import Settings
from ingest.vocabulaire import Role
from tests.api.outils import CLAVIER, ENTETE, FLEAC, ligne, peupler
from tests.api.pages.navigateur import Navigateur

RAMETTE = ligne("12/03/2025", "RAMETTE A4 80G 500 FEUILLES", 10, "3,50")
LETTRE_O = "15/05/2025;PAPETERIE MARTIN;;GOMME;1O;unité;3,70;37,00;20"
FAUX_TOTAL = "16/05/2025;PAPETERIE MARTIN;;STYLO;10;unité;3,70;47,00;20"


def fichier(*lignes: str, entete: str = ENTETE) -> bytes:
    return "\r\n".join([entete, *lignes, ""]).encode("cp1252")


@pytest.fixture
def maison(tmp_path: Path) -> Iterator[Maison]:
    with maison_ouverte(Settings(donnees=tmp_path / "donnees"), creer=True) as ouverte:
        peupler(ouverte)
        yield ouverte


@pytest.fixture
def secretaire(maison: Maison) -> Navigateur:
    return Navigateur(maison, Role.SECRETAIRE, FLEAC)


def enregistrer(secretaire: Navigateur, depot: str = "D0001", **champs: str) -> str:
    secretaire.ouvrir(f"/depots/{depot}")
    return secretaire.envoyer(f"/depots/{depot}/enregistrer", {"version": secretaire.champ("version"), **champs})


def test_a_file_is_dropped_read_seen_published_and_withdrawn(secretaire: Navigateur, maison: Maison) -> None:
    vu = secretaire.deposer(("achats.csv", fichier(RAMETTE, LETTRE_O)))
    assert secretaire.adresse == "/depots/D0001"
    assert "2 lignes lues : 1 à créer et 1 à corriger." in vu
    assert "ligne 3" in vu
    assert "« 1O »" in vu
    assert "C’est enregistré." in enregistrer(secretaire)
    assert depots.depot(maison, CLAVIER, "D0001").etat == "publie"
    assert "1 fichier enregistré, 1 ligne retenue, 1 ligne à corriger." in secretaire.ouvrir("/depots")
    assert "aucune de ses lignes ne compte" in secretaire.envoyer("/depots/D0001/retirer")
    assert depots.depot(maison, CLAVIER, "D0001").etat == "retire"
    assert "1 enregistrée et 1 à corriger" in enregistrer(secretaire)


def test_the_verdict_before_is_the_account_after_under_each_choice(secretaire: Navigateur, maison: Maison) -> None:
    secretaire.deposer(("a.csv", fichier(RAMETTE)))
    enregistrer(secretaire)
    plus = ligne("13/03/2025", "RAMETTE A4 80G 500 FEUILLES", 4, "3,50")
    vu = secretaire.deposer(("b.csv", fichier(RAMETTE, plus)))
    assert "2 lignes lues : 1 à créer et 1 identique à un dépôt précédent." in vu
    assert "tout ajouter — 2 à créer" in vu
    enregistrer(secretaire, "D0002", doublons="creer")
    assert (depots.depot(maison, CLAVIER, "D0002").comptes or {})["retenues"] == 2


def test_what_was_previewed_and_is_no_longer_true_is_shown_again(secretaire: Navigateur, maison: Maison) -> None:
    secretaire.deposer(("a.csv", fichier(RAMETTE)))
    secretaire.deposer(("b.csv", fichier(RAMETTE)))
    secretaire.ouvrir("/depots/D0002")
    version = secretaire.champ("version")
    enregistrer(secretaire, "D0001")
    vu = secretaire.envoyer("/depots/D0002/enregistrer", {"version": version})
    assert secretaire.reponse.status_code == 409
    assert "entre-temps" in vu
    assert "aucune à créer et 1 identique" in vu
    assert depots.depot(maison, CLAVIER, "D0002").etat == "a_confirmer"


def test_columns_that_do_not_say_ht_are_asked_once_and_remembered(secretaire: Navigateur, maison: Maison) -> None:
    contenu = fichier("12/03/2025;MARTIN;RAMETTE A4;10;3,60;36,00", entete="Date;Fournisseur;Libellé;Qté;PU;Montant")
    vu = secretaire.deposer(("a.csv", contenu))
    assert secretaire.adresse == "/depots/D0001/colonnes"
    assert "Il reste une question." in vu
    secretaire.envoyer("/depots/D0001/colonnes", {"base_taxe": "ttc", "logiciel": "Compta+"})
    assert "1 ligne lue : 1 à créer." in secretaire.attendre()
    assert "Prix unitaire TTC (confirmé par vous)" in secretaire.texte
    secretaire.deposer(("b.csv", contenu))
    assert secretaire.adresse == "/depots/D0002", "the second file of the same form asks nothing"


def test_two_columns_for_one_meaning_are_refused_in_words(secretaire: Navigateur) -> None:
    secretaire.deposer(("a.csv", fichier(RAMETTE)))
    vu = secretaire.envoyer("/depots/D0001/colonnes", {"colonne-0-1": "libelle"})
    assert secretaire.reponse.status_code == 422
    assert "« Fournisseur » et « Désignation » donnent toutes « Désignation »" in vu


def test_a_cell_is_corrected_in_place_and_taken_back(secretaire: Navigateur, maison: Maison) -> None:
    secretaire.deposer(("a.csv", fichier(RAMETTE, LETTRE_O, FAUX_TOTAL)))
    enregistrer(secretaire)
    secretaire.ouvrir("/depots/D0001/a-corriger")
    vu = secretaire.envoyer("/depots/D0001/a-corriger", {'["", 3, "Quantité"]': "10", '["", 4, "Quantité"]': "10"})
    assert "Une ligne attend votre correction" in vu
    assert "Dernière correction : lire « 10 » dans « Quantité », ligne 3." in vu
    assert "2 lignes attendent" in secretaire.envoyer("/depots/D0001/a-corriger/annuler", {"nombre": "1"})
    assert depots.depot(maison, CLAVIER, "D0001").etat == "publie"


def test_an_unchanged_or_a_foreign_cell_corrects_nothing(secretaire: Navigateur, maison: Maison) -> None:
    secretaire.deposer(("a.csv", fichier(RAMETTE, LETTRE_O)))
    vu = secretaire.envoyer("/depots/D0001/a-corriger", {'["", 3, "Quantité"]': "1O", '["", 2, "Quantité"]': "99", "autre": "1"})
    assert "Aucune cellule n’a changé" in vu
    assert not depots.depot(maison, CLAVIER, "D0001").reglages


def test_one_answer_corrects_all_the_lines_that_say_the_same(secretaire: Navigateur) -> None:
    pareilles = [LETTRE_O.replace("GOMME", nom) for nom in ("GOMME", "REGLE", "COLLE")]
    secretaire.deposer(("a.csv", fichier(RAMETTE, *pareilles)))
    vu = secretaire.ouvrir("/depots/D0001/a-corriger")
    assert "Colonne « Quantité », 3 lignes où nous lisons « 1O » : que faut-il lire ? lignes 3 à 5" in vu
    vu = secretaire.envoyer("/depots/D0001/a-corriger/groupe", {"groupe": secretaire.champ("groupe"), "remplacement": "10"})
    assert secretaire.adresse == "/depots/D0001"
    assert "4 lignes lues : 4 à créer." in vu


def test_an_amount_that_does_not_agree_is_taken_from_quantity_and_price(secretaire: Navigateur) -> None:
    secretaire.deposer(("a.csv", fichier(RAMETTE, FAUX_TOTAL)))
    secretaire.ouvrir("/depots/D0001/a-corriger")
    secretaire.envoyer("/depots/D0001/a-corriger/groupe", {"groupe": secretaire.champ("groupe")})
    assert "2 lignes lues : 2 à créer." in secretaire.texte


def test_a_unit_nobody_knows_is_explained_once(secretaire: Navigateur) -> None:
    lignes = [f"1{jour}/03/2025;MARTIN;;ENVELOPPE DL BLANCHE;2;XQZ;9,00;18,00;20" for jour in range(3)]
    secretaire.deposer(("a.csv", fichier(*lignes)))
    vu = secretaire.ouvrir("/depots/D0001/a-corriger")
    assert "Unité « XQZ », 3 lignes : que contient-elle ?" in vu
    secretaire.envoyer("/depots/D0001/a-corriger/groupe", {"groupe": secretaire.champ("groupe"), "remplacement": "boîte de 100"})
    assert "XQZ" not in secretaire.ouvrir("/depots/D0001/a-corriger").split("Dernière correction")[0]


def test_the_lines_to_correct_are_downloaded_with_their_anomalie_and_dropped_again(secretaire: Navigateur, maison: Maison) -> None:
    secretaire.deposer(("a.csv", fichier(RAMETTE, LETTRE_O)))
    enregistrer(secretaire)
    reponse = secretaire.client.get("/depots/D0001/a-corriger.csv")
    assert "a%20-%20%C3%A0%20corriger.csv" in reponse.headers["content-disposition"]
    texte = reponse.content.decode("utf-8-sig")
    assert texte.splitlines()[0].endswith(";anomalie")
    vu = secretaire.deposer(("corrige.csv", texte.replace("1O;", "10;").encode()))
    assert "1 ligne lue : 1 à créer." in vu
    assert secretaire.client.get("/depots/D0001/a-corriger.xlsx").content[:2] == b"PK"


def test_a_file_that_is_no_table_leaves_nothing_and_says_why(secretaire: Navigateur, maison: Maison) -> None:
    vu = secretaire.deposer(("photo.png", b"\x89PNG\r\n\x1a\n0000"))
    assert "est une image" in vu
    assert "Déposer un autre fichier" in vu
    assert not depots.lister(maison, CLAVIER)


def test_several_files_at_once_the_bad_one_does_not_stop_the_others(secretaire: Navigateur, maison: Maison) -> None:
    vu = secretaire.deposer(("a.csv", fichier(RAMETTE)), ("vide.csv", b""), ("b.csv", fichier(LETTRE_O)))
    assert "« vide.csv » est vide" in vu
    assert [depot.nom_fichier for depot in depots.lister(maison, CLAVIER)] == ["b.csv", "a.csv"]


def test_nothing_chosen_is_said(secretaire: Navigateur) -> None:
    assert "Aucun fichier n’a été choisi." in secretaire.envoyer("/depots")


def test_the_animatrice_drops_only_for_who_agreed(maison: Maison) -> None:
    animatrice = Navigateur(maison, Role.ANIMATRICE)
    assert "Aucun membre ne vous a encore montré ses lignes" in animatrice.ouvrir("/depots")
    animatrice.envoyer("/depots", {"membre": FLEAC}, [("fichiers", ("a.csv", fichier(RAMETTE)))])
    assert animatrice.reponse.status_code == 404
    assert not depots.lister(maison, CLAVIER)


def test_a_work_is_watched_and_stopped(secretaire: Navigateur, maison: Maison) -> None:
    secretaire.envoyer("/depots", {}, [("fichiers", ("a.csv", fichier(RAMETTE)))])
    assert "Lecture de « a.csv »" in secretaire.texte
    assert secretaire.page.select_one("#travaux[hx-get='/taches/etat?n=1']")
    assert secretaire.page.select_one("progress")
    assert "Annulé" in secretaire.envoyer("/taches/1/annuler", {"retour": "/taches?n=1"})
    assert "il n’a pas encore été lu" in secretaire.ouvrir("/depots/D0001")
    secretaire.envoyer("/depots/D0001/relire")
    assert "1 à créer" in secretaire.attendre()
    assert "Le fichier est oublié" in secretaire.envoyer("/depots/D0001/oublier")


def grand_fichier(nombre: int = 5_100) -> bytes:
    """Past the size that a page waits for; one line in fifty has the letter O in its quantity."""
    return fichier(*(LETTRE_O.replace("GOMME", f"GOMME {n % 40}") if n % 50 == 0 else RAMETTE for n in range(nombre)))


def repondre(secretaire: Navigateur, valeur: str = "10") -> str:
    secretaire.ouvrir("/depots/D0001/a-corriger")
    return secretaire.envoyer("/depots/D0001/a-corriger/groupe", {"groupe": secretaire.champ("groupe"), "remplacement": valeur})


def test_correcting_a_large_file_is_a_work_one_may_leave_and_come_back_to(secretaire: Navigateur, maison: Maison) -> None:
    secretaire.deposer(("gros.csv", grand_fichier()))
    enregistrer(secretaire)
    vu = repondre(secretaire)
    assert secretaire.adresse == "/taches"
    assert "Correction de « gros.csv »" in vu
    assert depots.depot(maison, CLAVIER, "D0001").lecture == 1, "nothing was done in the request"
    suivi = str(secretaire.reponse.url)
    assert "Une correction est en cours" in secretaire.ouvrir("/depots/D0001/a-corriger")
    secretaire.ouvrir(suivi)
    assert "5 100 enregistrées" in secretaire.attendre()
    assert secretaire.adresse == "/depots/D0001"
    assert "correction est prise en compte" in secretaire.texte
    secretaire.ouvrir("/depots/D0001/a-corriger")
    secretaire.envoyer("/depots/D0001/a-corriger/annuler", {"nombre": "1"})
    assert "102 lignes attendent" in secretaire.attendre()


def test_a_large_correction_is_stopped_and_leaves_all_as_it_was(secretaire: Navigateur, maison: Maison) -> None:
    secretaire.deposer(("gros.csv", grand_fichier()))
    repondre(secretaire)
    numero = secretaire.reponse.url.params["n"]
    assert "Annulé" in secretaire.envoyer(f"/taches/{numero}/annuler", {"retour": f"/taches?n={numero}"})
    assert "102 lignes attendent" in secretaire.ouvrir("/depots/D0001/a-corriger")
    assert not depots.depot(maison, CLAVIER, "D0001").reglages


def test_two_large_corrections_asked_on_the_same_page_the_second_says_that_the_first_was_done(secretaire: Navigateur) -> None:
    secretaire.deposer(("gros.csv", grand_fichier()))
    repondre(secretaire)
    repondre(secretaire, "11")
    vu = secretaire.attendre()
    assert secretaire.reponse.status_code == 422
    assert "vient d’être relu ou corrigé" in vu
    assert "5 100 à créer" in secretaire.ouvrir("/depots/D0001")


def test_an_empty_answer_is_said_on_the_page_even_for_a_large_file(secretaire: Navigateur) -> None:
    secretaire.deposer(("gros.csv", grand_fichier()))
    assert "Écrivez ce qu’il faut lire" in repondre(secretaire, " ")
    assert secretaire.reponse.status_code == 422


def avec_acheteurs(*acheteurs: str) -> bytes:
    lignes = [f"{acheteur};{RAMETTE.replace('RAMETTE A4', f'RAMETTE {rang}')}" for rang, acheteur in enumerate(acheteurs)]
    return fichier(*lignes, entete=f"SIRET acheteur;{ENTETE}")


def test_a_file_of_several_buyers_says_whose_lines_are_taken(secretaire: Navigateur) -> None:
    vu = secretaire.deposer(("a.csv", avec_acheteurs("21160138000010", "21160138000010", "21160232100013", "73282932000074")))
    assert (
        "Ce fichier porte les achats de plusieurs acheteurs : Fléac, Mornac et SIREN 732 829 320. Seules les lignes de Fléac sont prises."
        in vu
    )
    assert "2 lignes au numéro d’un autre attendent, à corriger : ce qui est à lui se dépose pour lui." in vu
    assert "4 lignes lues : 2 à créer et 2 à corriger." in vu


def test_a_file_of_another_buyer_says_so_by_its_name(secretaire: Navigateur) -> None:
    vu = secretaire.deposer(("a.csv", avec_acheteurs("21160232100013", "21160232100013")))
    assert "Ce fichier porte le numéro d’un autre acheteur que Fléac : Mornac." in vu
    assert "2 lignes lues : 2 à créer." in vu
    assert "Ce fichier porte" not in secretaire.deposer(("b.csv", avec_acheteurs("21160138000010")))


def test_a_double_click_makes_one_depot_and_one_reading(secretaire: Navigateur, maison: Maison) -> None:
    envoi = [("fichiers", ("a.csv", fichier(RAMETTE)))]
    secretaire.envoyer("/depots", {}, envoi)
    premiere = secretaire.reponse.url
    secretaire.envoyer("/depots", {}, envoi)
    assert secretaire.reponse.url == premiere
    assert "1 ligne lue : 1 à créer." in secretaire.attendre()
    assert [depot.id for depot in depots.lister(maison, CLAVIER)] == ["D0001"]
    enregistrer(secretaire)
    secretaire.envoyer("/depots", {}, envoi)
    assert "1 identique" in secretaire.attendre(), "once it is published, the same file is another dépôt, and adds nothing"
    assert [chemin.name for chemin in maison.donnees.joinpath("depots").glob("*.part")] == []


def test_lines_pasted_from_a_spreadsheet_are_a_file_like_another(secretaire: Navigateur, maison: Maison) -> None:
    assert "Coller des lignes copiées d’un tableur" in secretaire.ouvrir("/depots")
    collees = "\r\n".join(rangee.replace(";", "\t") for rangee in (ENTETE, RAMETTE, LETTRE_O))
    secretaire.envoyer("/depots", {"collees": collees})
    assert "2 lignes lues : 1 à créer et 1 à corriger." in secretaire.attendre()
    assert depots.depot(maison, CLAVIER, "D0001").nom_fichier == "lignes collées.txt"
    assert "Aucun fichier n’a été choisi" in secretaire.envoyer("/depots", {"collees": "\r\n"})


def test_a_unit_explained_for_always_serves_the_next_files_until_it_is_taken_back(secretaire: Navigateur, maison: Maison) -> None:
    def envoi(libelle: str) -> bytes:
        return fichier(*(f"1{jour}/03/2025;MARTIN;;{libelle};2;XQZ;9,00;18,00;20" for jour in range(3)))

    secretaire.deposer(("a.csv", envoi("ENVELOPPE DL BLANCHE")))
    assert "Toujours, pour nos prochains fichiers aussi" in secretaire.ouvrir("/depots/D0001/a-corriger")
    reponse = {"groupe": secretaire.champ("groupe"), "remplacement": "boîte de 100", "toujours": "true"}
    secretaire.envoyer("/depots/D0001/a-corriger/groupe", reponse)
    secretaire.deposer(("b.csv", envoi("ENVELOPPE DL KRAFT")))
    assert "XQZ" not in secretaire.ouvrir("/depots/D0002/a-corriger")
    assert "Fléac, Unité : « XQZ » se lit « boîte de 100 »" in secretaire.ouvrir("/correspondances")
    autre = Navigateur(maison, Role.SECRETAIRE, "211602321")
    assert "XQZ" not in autre.ouvrir("/correspondances"), "what a membre says is its own"
    autre.envoyer("/correspondances/valeurs/1/oublier")
    assert autre.reponse.status_code == 404
    assert "C’est oublié" in secretaire.envoyer("/correspondances/valeurs/1/oublier")
    secretaire.deposer(("c.csv", envoi("ENVELOPPE DL GRISE")))
    assert "Unité « XQZ », 3 lignes" in secretaire.ouvrir("/depots/D0003/a-corriger")


def test_taking_a_correction_back_takes_back_what_was_to_hold_for_always(secretaire: Navigateur) -> None:
    secretaire.deposer(("a.csv", fichier(*(f"1{jour}/03/2025;MARTIN;;ENVELOPPE DL;2;XQZ;9,00;18,00;20" for jour in range(3)))))
    secretaire.ouvrir("/depots/D0001/a-corriger")
    reponse = {"groupe": secretaire.champ("groupe"), "remplacement": "boîte de 100", "toujours": "true"}
    secretaire.envoyer("/depots/D0001/a-corriger/groupe", reponse)
    secretaire.envoyer("/depots/D0001/a-corriger/annuler", {"nombre": "1"})
    assert "se lit" not in secretaire.ouvrir("/correspondances")


def test_the_same_file_for_another_membre_is_wondered_at(secretaire: Navigateur, maison: Maison) -> None:
    secretaire.deposer(("a.csv", fichier(RAMETTE)))
    assert "pour un autre membre du club" not in secretaire.texte
    enregistrer(secretaire)
    autre = Navigateur(maison, Role.SECRETAIRE, "211602321")
    vu = autre.deposer(("a.csv", fichier(RAMETTE)))
    assert "Ce même fichier est déjà enregistré pour un autre membre du club" in vu
    assert "1 ligne lue : 1 à créer." in vu, "it is said, not decided"
    assert "Fléac" not in vu


def test_from_a_published_depot_one_goes_to_ones_prices(secretaire: Navigateur) -> None:
    secretaire.deposer(("a.csv", fichier(RAMETTE)))
    assert "L’observatoire se met à jour" in enregistrer(secretaire)
    secretaire.attendre()
    secretaire.ouvrir("/depots/D0001")
    assert secretaire.page.find("a", string="Voir où se situent vos prix", href="/observatoire")
