"""From an opportunité to a signed paper: the journey of the animatrice, and what each membre may do with it."""

import re

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from api.maison import Maison
from api.pages.groupements import lire_montant
from api.services.groupements import dire_reconductions
from ingest.erreurs import Refus
from ingest.vocabulaire import Role
from tests.api.monde import client
from tests.api.outils import ANGOULEME, FLEAC, TOUVRE

CHOIX = {
    "objet": "l’achat de papier",
    "familles": "AD01",
    "membres": [ANGOULEME, TOUVRE],
    "coordonnateur": ANGOULEME,
    "date_droit": "2026-11-22",
    "duree": "48",
    "debut_marche": "2027-11-01",
    "variante": "B_SIGNATURE",
    "cao": "II",
    "cle": "egalite",
    "frais_annuels_ht": "2 400,50 €",
}


def texte(reponse_ou_noeud: object) -> str:
    return re.sub(r"\s+", " ", getattr(reponse_ou_noeud, "text", "")).strip()


@pytest.fixture
def forme(animatrice: TestClient) -> str:
    """Address of a new groupement of Angoulême and Touvre."""
    reponse = animatrice.post("/groupements", data=CHOIX, follow_redirects=False)
    assert reponse.status_code == 303, reponse.text[-800:]
    return str(reponse.headers["location"]).partition("?")[0]


def test_the_list_of_opportunites_leads_to_one_with_its_reasons(animatrice: TestClient) -> None:
    liste = BeautifulSoup(animatrice.get("/opportunites").text, "html.parser")
    lien = liste.select_one("tbody th a, dl.faits dt a")
    if lien is None:
        pytest.skip("this small world shows no opportunité to the animatrice")
    page = BeautifulSoup(animatrice.get(str(lien["href"])).text, "html.parser")
    titres = [texte(titre) for titre in page.select("h2")]
    for attendu in ("Qui gagne, qui perd", "Quelle procédure ?", "Comment se formalise-t-elle ?", "Qui peut être chef de file ?"):
        assert attendu in titres


def test_a_membre_sees_its_own_gain_and_not_that_of_others(secretaire: TestClient) -> None:
    reponse = secretaire.get("/opportunites/AD01")
    assert reponse.status_code == 200
    page = BeautifulSoup(reponse.text, "html.parser")
    rangs = {texte(rang.th): texte(rang) for rang in page.select("tr.moi, tr") if rang.th}
    assert "€" in rangs["Touvre (vous)"]
    assert "Réservé à ce membre" in rangs["Angoulême"]
    assert page.select_one("#former") is None, "only the club forms a groupement"


def test_it_is_formed_drafted_and_downloaded(animatrice: TestClient, forme: str) -> None:
    page = BeautifulSoup(animatrice.get(forme).text, "html.parser")
    assert texte(page.select_one(".chapeau")).startswith("Aucun des 2 membres n’a encore délibéré")
    assert "2 400,50 € HT par an" in texte(page.select_one("dl.faits"))
    assert page.select_one("#documents ~ p") is not None
    assert animatrice.post(f"{forme}/actes/convention").status_code == 200
    page = BeautifulSoup(animatrice.get(forme).text, "html.parser")
    liens = [str(lien["href"]) for lien in page.select("a[href*='/documents/']")]
    assert {lien.rpartition(".")[2] for lien in liens} == {"docx", "pdf"}
    convention = animatrice.get(next(lien for lien in liens if lien.endswith(".pdf")))
    assert convention.content.startswith(b"%PDF-")


def test_its_dates_go_into_an_agenda(animatrice: TestClient, forme: str) -> None:
    agenda = animatrice.get(f"{forme}/calendrier.ics")
    assert agenda.headers["content-type"].startswith("text/calendar")
    lignes = agenda.content.decode().split("\r\n")
    assert lignes[0] == "BEGIN:VCALENDAR"
    assert sum(ligne == "BEGIN:VEVENT" for ligne in lignes) == 8
    assert "DTEND;VALUE=DATE:20271101" in lignes, "the last step ends the day before the marché begins"


def test_the_note_for_the_elus_leaves_in_two_forms(secretaire: TestClient) -> None:
    for forme_de_note, debut in (("pdf", b"%PDF-"), ("docx", b"PK")):
        assert secretaire.get(f"/opportunites/AD01/note.{forme_de_note}").content.startswith(debut)
    assert secretaire.get("/opportunites/AD01/note.exe").status_code == 404


def test_amounts_on_the_page_add_up(animatrice: TestClient, forme: str) -> None:
    page = BeautifulSoup(animatrice.get(forme).text, "html.parser")

    def centimes(noeud: object) -> int:
        return int(re.sub(r"[^\d]", "", texte(noeud)))

    table = page.select_one("#membres ~ .large table")
    assert table is not None
    rangs = [rang.select("td") for rang in table.select("tbody tr")]
    total = table.select("tfoot td")
    assert sum(centimes(rang[0]) for rang in rangs) == centimes(total[0]) > 0
    assert sum(centimes(rang[1]) for rang in rangs) == centimes(total[1])


def test_the_act_is_read_on_the_screen_with_its_blanks(animatrice: TestClient, forme: str) -> None:
    page = BeautifulSoup(animatrice.get(f"{forme}/apercu/convention").text, "html.parser")
    assert re.match(r"\d+ blancs à compléter", texte(page.select_one(".chapeau")))
    assert page.select_one("article.acte mark") is not None
    assert animatrice.get(f"{forme}/apercu/deliberation?membre={FLEAC}").status_code == 404


def test_a_membre_notes_its_own_dates_only(secretaire: TestClient, forme: str) -> None:
    dates = {"convoquee_le": "2027-01-02", "deliberee_le": "2027-01-09"}
    page = secretaire.post(f"{forme}/adhesions/{TOUVRE}", data=dates)
    assert "1 membre sur 2 a délibéré" in texte(BeautifulSoup(page.text, "html.parser").select_one(".chapeau"))
    assert secretaire.post(f"{forme}/adhesions/{ANGOULEME}", data=dates).status_code == 404


def test_dates_out_of_order_are_refused_with_their_reason(animatrice: TestClient, forme: str) -> None:
    reponse = animatrice.post(f"{forme}/adhesions/{TOUVRE}", data={"convoquee_le": "2027-02-02", "deliberee_le": "2027-01-09"})
    assert reponse.status_code == 422
    assert "doivent se suivre" in reponse.text
    assert animatrice.post(f"{forme}/adhesions/{TOUVRE}", data={"deliberee_le": "demain"}).status_code == 422


def test_states_pass_one_by_one_and_go_back_with_a_reason(animatrice: TestClient, forme: str) -> None:
    assert animatrice.post(f"{forme}/etat", data={"etat": "notifie"}).status_code == 422
    page = BeautifulSoup(animatrice.post(f"{forme}/etat", data={"etat": "en_deliberation"}).text, "html.parser")
    assert texte(page.select_one("ol.etapes [aria-current=step]")).startswith("délibérations")
    assert animatrice.post(f"{forme}/etat", data={"etat": "projet"}).status_code == 422
    assert animatrice.post(f"{forme}/etat", data={"etat": "projet", "remarque": "un membre s’ajoute"}).status_code == 200


def test_a_consultation_locks_the_prices_of_its_familles(maison: Maison, animatrice: TestClient, forme: str) -> None:
    secretaire = client(maison, Role.SECRETAIRE)
    for etat in ("en_deliberation", "constitue", "en_consultation"):
        assert animatrice.post(f"{forme}/etat", data={"etat": etat}).status_code == 200
    try:
        page = secretaire.get("/observatoire?periode=2025").text
        assert "une consultation est en cours pour cette famille" in page
        assert "4,25" not in page
        assert "0.0085" not in secretaire.get("/exports/observatoire.json").text
    finally:
        animatrice.post(f"{forme}/etat", data={"etat": "projet", "remarque": "fin de l’essai"})
    assert "4,25" in secretaire.get("/observatoire?periode=2025").text
    assert "0.0085" in secretaire.get("/exports/observatoire.json").text


def test_it_is_nobodys_else(maison: Maison, forme: str) -> None:
    assert client(maison, Role.ADMINISTRATEUR).get(forme).status_code == 403
    assert client(maison, Role.ELU).get(forme).status_code == 200, "an élu of Touvre reads it"
    assert client(maison, Role.ELU).post(f"{forme}/actes/convention").status_code == 403


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"objet": "l’achat\x80 de papier"}, "ne s’imprime pas"),
        ({"frais_annuels_ht": "beaucoup"}, "illisibles"),
        ({"familles": "ZZ99"}, "Aucun besoin n’est connu"),
        ({"coordonnateur": FLEAC}, ""),
        ({"variante": "E_EPCI_GRATUIT"}, "L. 5211-4-4"),
    ],
)
def test_what_the_law_or_good_sense_forbids_is_refused_in_words(animatrice: TestClient, change: dict[str, str], phrase: str) -> None:
    reponse = animatrice.post("/groupements", data={**CHOIX, **change})
    assert reponse.status_code in (404, 422)
    assert phrase in texte(BeautifulSoup(reponse.text, "html.parser").select_one("main"))


@pytest.mark.parametrize(
    ("mois", "phrase"),
    [(12, "sans reconduction"), (24, "reconductible une fois"), (48, "reconductible trois fois"), (18, "sans reconduction")],
)
def test_renewals_follow_the_duration(mois: int, phrase: str) -> None:
    assert phrase in dire_reconductions(mois)


@pytest.mark.parametrize(("saisi", "lu"), [("2 400,50 €", "2400.50"), ("2400.5", "2400.50"), ("", "0.00"), ("2\u202f400", "2400.00")])
def test_an_amount_is_read_as_people_write_it(saisi: str, lu: str) -> None:
    assert str(lire_montant(saisi)) == lu


@pytest.mark.parametrize("saisi", ["-3", "nan", "inf", "1e99", "deux mille"])
def test_an_amount_that_is_none_is_refused(saisi: str) -> None:
    with pytest.raises(Refus, match="illisibles"):
        lire_montant(saisi)
