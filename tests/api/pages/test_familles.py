"""The nomenclature on screen: added, changed, reunited, taken back; lines classified by group, counted before."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from api.club.magasin import maintenant
from api.club.modeles import EtatGroupement, Groupement
from api.maison import Maison
from api.services import decisions, depots, familles, imports, observatoire
from ingest.vocabulaire import Role
from tests.api.monde import client, monde
from tests.api.outils import ANGOULEME, CLAVIER, FLEAC, ecrire, ligne


@pytest.fixture(scope="module")
def maison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maison]:
    """A club of its own: its nomenclature is edited, and its observatoire built again."""
    with monde(tmp_path_factory.mktemp("familles")) as ouverte:
        yield ouverte


@pytest.fixture
def animatrice(maison: Maison) -> Iterator[TestClient]:
    yield client(maison, Role.ANIMATRICE)
    for decision in decisions.lister(maison, CLAVIER):
        decisions.annuler(maison, CLAVIER, decision.id)


def lire(entre: TestClient, adresse: str) -> BeautifulSoup:
    reponse = entre.get(adresse)
    assert reponse.status_code == 200, (adresse, reponse.status_code)
    return BeautifulSoup(reponse.text, "html.parser")


AJOUT = {
    "libelle": "Drones",
    "unite": "unite",
    "nature": "fournitures",
    "mots": "drone\nhélice de drone\n",
    "motif": "demandé",
}


def test_the_list_counts_lines_and_spend_and_is_searched_by_key_word(animatrice: TestClient) -> None:
    lue = lire(animatrice, "/familles?recherche=ramette")
    (rang,) = [rang for rang in lue.select("tbody tr") if "AD01" in rang.text]
    assert "146" in rang.text
    assert "€" in rang.text
    assert len(lue.select("tbody tr")) < 10
    assert len(lire(animatrice, "/familles").select("tbody tr")) == 126


def test_a_famille_is_added_then_changed_then_taken_back(maison: Maison, animatrice: TestClient) -> None:
    reponse = animatrice.post("/familles", data=AJOUT)
    assert str(reponse.url).endswith("/familles/CL01?fait=famille-ajoutee")
    ajoutee = familles.en_vigueur(maison).par_code["CL01"]
    assert (ajoutee.libelle, ajoutee.mots_cles) == ("Drones", ("drone", "hélice de drone"))
    animatrice.post("/familles/CL01", data={"geste": "renommer", "libelle": "Drones et pièces", "motif": "plus juste"})
    animatrice.post("/familles/CL01", data={"geste": "mots", "mots": "drone\nquadricoptère", "motif": "vu dans un dépôt"})
    lue = lire(animatrice, "/familles/CL01")
    assert lue.h1.text == "Drones et pièces"  # type: ignore[union-attr]
    histoire = lue.select("ul.plate li")
    assert ["quadricoptère" in histoire[0].text, "plus juste" in histoire[1].text] == [True, True]
    numero = str(histoire[0].select_one("input[name=identifiant]")["value"])  # type: ignore[index]
    retour = animatrice.post("/decisions/annuler", data={"identifiant": numero, "retour": "/familles/CL01"})
    assert str(retour.url).endswith("/familles/CL01?fait=decision-annulee")
    assert familles.en_vigueur(maison).par_code["CL01"].mots_cles == ("drone", "hélice de drone")
    assert "annulée le" in lire(animatrice, "/familles/CL01").text


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"libelle": "papier d'impression et de  reprographie"}, "La famille AD01 s’appelle déjà"),
        ({"libelle": " "}, "Donnez à la famille un nom"),
        ({"unite": "parsec"}, "ne se comptent pas en « parsec »"),
        ({"motif": ""}, "Dites pourquoi"),
    ],
)
def test_a_wrong_famille_is_refused_with_a_sentence(animatrice: TestClient, change: dict[str, str], phrase: str) -> None:
    reponse = animatrice.post("/familles", data={**AJOUT, **change})
    assert reponse.status_code == 422
    assert phrase.replace("’", "'") in " ".join(reponse.text.replace("’", "'").replace("\u00a0", " ").split())


def test_a_reunited_famille_takes_its_lines_at_the_next_build_and_gives_them_back(maison: Maison, animatrice: TestClient) -> None:
    animatrice.post("/familles/AD01", data={"geste": "reunir", "dans": "AD02", "motif": "même marché"})
    observatoire.construire(maison)
    assert comptes(maison) == {"AD02": 146}
    assert "Elle n’est plus dans la nomenclature" in lire(animatrice, "/familles/AD01").text
    assert animatrice.post("/familles/AD02", data={"geste": "reunir", "dans": "AD01", "motif": "x"}).status_code == 404
    (decision,) = decisions.lister(maison, CLAVIER)
    decisions.annuler(maison, CLAVIER, decision.id)
    observatoire.construire(maison)
    assert set(comptes(maison)) == {"AD01"}


def test_a_famille_that_a_groupement_buys_is_not_retired(maison: Maison, animatrice: TestClient) -> None:
    with maison.club.ecriture() as session:
        session.add(
            Groupement(
                id="G9",
                numero=9,
                objet="papier",
                etat=EtatGroupement.EN_CONSULTATION,
                coordonnateur=ANGOULEME,
                familles={"codes": ["AD01"]},
                cree_par="x",
                cree_le=maintenant(),
            )
        )
    reponse = animatrice.post("/familles/AD01", data={"geste": "reunir", "dans": "AD02", "motif": "x"})
    assert reponse.status_code == 422
    assert "Le groupement G9 (papier)" in reponse.text
    assert decisions.lister(maison, CLAVIER) == []
    with maison.club.ecriture() as session:
        session.get_one(Groupement, "G9").etat = EtatGroupement.CLOS
    assert animatrice.post("/familles/AD01", data={"geste": "reunir", "dans": "AD02", "motif": "x"}).status_code == 200


def test_the_administrator_edits_the_nomenclature_but_classifies_no_line(maison: Maison, animatrice: TestClient) -> None:
    administrateur = client(maison, Role.ADMINISTRATEUR)
    assert administrateur.post("/familles", data=AJOUT).status_code == 200
    (decision,) = decisions.lister(maison, CLAVIER)
    assert administrateur.post("/decisions/annuler", data={"identifiant": decision.id, "retour": "/familles"}).status_code == 200
    assert administrateur.get("/classer").status_code == 403
    for role in (Role.SECRETAIRE, Role.ELU):
        assert client(maison, role).get("/familles").status_code == 403
        assert client(maison, role).post("/familles", data=AJOUT).status_code == 403


def test_lines_are_classified_by_group_counted_before_and_undone(maison: Maison, animatrice: TestClient) -> None:
    lue = lire(animatrice, "/classer?libelle=papier+a4&de=")
    assert "144 lignes de 1 libellé" in lue.select_one("[role=status]").text.replace("\u00a0", " ")  # type: ignore[union-attr]
    reponse = animatrice.post("/classer", data={"libelle": "papier a4", "de": "", "famille": "AD02", "motif": "essai"})
    assert reponse.status_code == 200
    observatoire.construire(maison)
    assert comptes(maison)["AD02"] == 144
    assert "le libellé contient « papier a4 »" in lire(animatrice, "/classer").text.replace("\u00a0", " ")
    (decision,) = decisions.lister(maison, CLAVIER)
    animatrice.post("/decisions/annuler", data={"identifiant": decision.id, "retour": "/classer"})
    observatoire.construire(maison)
    assert set(comptes(maison)) == {"AD01"}


@pytest.mark.parametrize(
    "champs", [{"famille": "AD02", "motif": "x"}, {"famille": "AD02", "libelle": "…", "motif": "x"}, {"famille": "AD02", "libelle": "a4"}]
)
def test_a_rule_that_asks_nothing_or_has_no_reason_is_refused(animatrice: TestClient, champs: dict[str, str]) -> None:
    assert animatrice.post("/classer", data=champs).status_code == 422
    assert animatrice.post("/classer", data={**champs, "famille": "ZZ99", "libelle": "a4", "motif": "x"}).status_code == 422


def test_a_label_of_one_membre_is_counted_not_shown(animatrice: TestClient) -> None:
    lue = lire(animatrice, "/classer?libelle=carton+a3&de=")
    texte = lue.text.replace("\u00a0", " ")
    assert "2 lignes de 1 libellé, dont 1 que seuls leurs membres peuvent lire" in texte
    assert "CARTON A3 160G" not in texte


def test_one_comes_back_only_where_decisions_are_shown(maison: Maison, animatrice: TestClient) -> None:
    animatrice.post("/familles", data=AJOUT)
    (decision,) = decisions.lister(maison, CLAVIER)
    retour = animatrice.post("/decisions/annuler", data={"identifiant": decision.id, "retour": "//ailleurs.example"})
    assert retour.url.path == "/decisions"


def comptes(maison: Maison) -> dict[str, int]:
    with observatoire.lecture(maison) as curseur:
        return dict(curseur.sql("SELECT famille, count(*) FROM lignes GROUP BY famille").fetchall())


def test_the_next_depot_is_read_in_the_nomenclature_of_the_club(maison: Maison, animatrice: TestClient, tmp_path: Path) -> None:
    fichier = ecrire(tmp_path / "drones.csv", [ligne("02/03/2025", "DRONE DE SURVEILLANCE X4", 2, "900,00")])
    avant = imports.importer(maison, CLAVIER, FLEAC, fichier)
    assert lues(maison, avant.id) == {"A_CLASSER"}
    depots.retirer(maison, CLAVIER, avant.id)
    animatrice.post("/familles", data=AJOUT)
    apres = imports.importer(maison, CLAVIER, FLEAC, fichier)
    (code,) = lues(maison, apres.id)
    assert familles.en_vigueur(maison).par_code[code].libelle == "Drones"
    assert apres.verdict is not None
    assert apres.verdict["nomenclature"] == familles.en_vigueur(maison).version
    depots.retirer(maison, CLAVIER, apres.id)


def test_no_line_that_was_published_is_rewritten(maison: Maison) -> None:
    assert {fichier.name for fichier in maison.donnees.glob("depots/*/*.parquet")} == {"lignes.parquet"}


def lues(maison: Maison, depot: str) -> set[str]:
    """The familles proposed when this dépôt was read."""
    return set(pl.read_parquet(maison.lignes(depot))["famille"].drop_nulls().to_list())
