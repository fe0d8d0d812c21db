"""« Ce n'est pas le même article » on screen: taken out, moved, reunited, renamed; each undone, none asked again."""

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from analytics.decisions import Sujet
from api.maison import Maison
from api.services import decisions, imports, membres, observatoire
from ingest.vocabulaire import Role
from tests.api.monde import client, monde
from tests.api.outils import ANGOULEME, CLAVIER, FLEAC, MORNAC, ecrire, ligne

CRAIE = "CRAIE BLANCHE BOITE DE 100"
AUTRE = "CRAIES BLANCHES ANTI POUSSIERE BOITE DE 100"
GRASSE = "CRAIES GRASSES BOITE DE 12"


@pytest.fixture(scope="module")
def maison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maison]:
    """The small club, where two membres who open their lines also buy chalk written in two ways, and wax crayons."""
    dossier = tmp_path_factory.mktemp("corriger")
    with monde(dossier) as ouverte:
        for rang, siren in enumerate((FLEAC, MORNAC)):
            membres.partager_lignes(ouverte, CLAVIER, siren, partagees=True)
            lignes = [
                ligne(f"1{jour}/03/2025", libelle, 2, "3,00", "BUREAU SERVICES") for jour, libelle in enumerate((CRAIE, AUTRE, GRASSE))
            ]
            imports.importer(ouverte, CLAVIER, siren, ecrire(dossier / f"ecole_{rang}.csv", lignes))
        imports.importer(
            ouverte, CLAVIER, ANGOULEME, ecrire(dossier / "seule.csv", [ligne("02/03/2025", CRAIE + " SECRETE", 2, "9,00", "X")])
        )
        observatoire.construire(ouverte)
        yield ouverte


@pytest.fixture
def animatrice(maison: Maison) -> Iterator[TestClient]:
    yield client(maison, Role.ANIMATRICE)
    for decision in decisions.lister(maison, CLAVIER):
        decisions.annuler(maison, CLAVIER, decision.id)
    observatoire.construire(maison)


def articles(maison: Maison) -> dict[str, str]:
    with observatoire.lecture(maison) as curseur:
        return dict(curseur.sql("SELECT DISTINCT libelle, article_id FROM lignes WHERE article_id IS NOT NULL").fetchall())


def lire(entre: TestClient, adresse: str) -> BeautifulSoup:
    reponse = entre.get(adresse)
    assert reponse.status_code == 200, (adresse, reponse.status_code)
    return BeautifulSoup(reponse.text, "html.parser")


def cle(lue: BeautifulSoup, libelle: str) -> str:
    (champ,) = [champ for champ in lue.select("input[name=cles]") if libelle in [*champ.parent.stripped_strings]]  # type: ignore[union-attr]
    return str(champ["value"])


def reunir(maison: Maison, entre: TestClient, a: str, b: str) -> str:
    """Say that two labels are one article, by the search; give its address."""
    connus = articles(maison)
    if connus[a] != connus[b]:
        adresse = f"/observatoire/articles/{connus[a]}/corriger"
        trouvee = lire(entre, f"{adresse}?recherche={b.split()[1].casefold()}")
        assert connus[b] in {str(champ["value"]) for champ in trouvee.select("input[name=vers]")}
        assert entre.post(adresse, data={"geste": "reunir", "vers": connus[b], "motif": "vu en mairie"}).status_code == 200
        observatoire.construire(maison)
    assert articles(maison)[a] == articles(maison)[b]
    return f"/observatoire/articles/{articles(maison)[a]}/corriger"


def test_two_articles_found_by_search_are_one_until_it_is_undone(maison: Maison, animatrice: TestClient) -> None:
    avant = articles(maison)
    adresse = reunir(maison, animatrice, CRAIE, GRASSE)
    histoire = lire(animatrice, adresse).select("ul.plate li")
    assert "est la même chose que" in histoire[0].text
    assert "« Craie blanche" in histoire[0].text.replace("\u00a0", " ")
    assert "vu en mairie" in histoire[0].text
    for prise in decisions.lister(maison, CLAVIER):
        animatrice.post("/decisions/annuler", data={"identifiant": prise.id, "retour": adresse})
    observatoire.construire(maison)
    assert articles(maison) == avant


def test_a_writing_is_taken_out_moved_and_its_question_never_asked(maison: Maison, animatrice: TestClient) -> None:
    adresse = reunir(maison, animatrice, CRAIE, AUTRE)
    sortie = cle(lire(animatrice, adresse), AUTRE)
    reponse = animatrice.post(adresse, data={"geste": "scinder", "cles": sortie, "motif": "l’anti-poussière est un autre produit"})
    assert "n’est pas" in BeautifulSoup(reponse.text, "html.parser").select("ul.plate li")[0].text
    observatoire.construire(maison)
    assert articles(maison)[CRAIE] != articles(maison)[AUTRE]
    with observatoire.lecture(maison) as curseur:
        posees = curseur.sql("SELECT article_id, avec_article_id FROM questions_articles").fetchall()
        assert not any({articles(maison)[CRAIE], articles(maison)[AUTRE]} == set(posee) for posee in posees)
        (motif,) = curseur.sql("SELECT DISTINCT article_motif FROM lignes WHERE libelle = $l", params={"l": AUTRE}).fetchall()
    assert motif == ("mis à part par une décision",)
    depart = f"/observatoire/articles/{articles(maison)[AUTRE]}/corriger"
    lue = lire(animatrice, f"{depart}?recherche=grasse")
    vers = articles(maison)[GRASSE]
    assert vers in {str(champ["value"]) for champ in lue.select("input[name=vers]")}
    animatrice.post(depart, data={"geste": "scinder", "cles": sortie, "vers": vers, "motif": "rangé là"})
    observatoire.construire(maison)
    assert articles(maison)[AUTRE] == articles(maison)[GRASSE] == vers


def test_an_article_is_renamed_and_gets_its_name_back(maison: Maison, animatrice: TestClient) -> None:
    adresse = f"/observatoire/articles/{articles(maison)[GRASSE]}/corriger"
    avant = lire(animatrice, adresse).h1.text  # type: ignore[union-attr]
    animatrice.post(adresse, data={"geste": "renommer", "libelle": "Craies grasses (étui de douze)", "motif": "plus clair"})
    observatoire.construire(maison)
    assert "Craies grasses (étui de douze)" in lire(animatrice, adresse).h1.text  # type: ignore[union-attr]
    (prise,) = decisions.lister(maison, CLAVIER)
    decisions.annuler(maison, CLAVIER, prise.id)
    observatoire.construire(maison)
    assert lire(animatrice, adresse).h1.text == avant  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"geste": "scinder", "motif": "x"}, "Cochez au moins"),
        ({"geste": "renommer", "libelle": " ", "motif": "x"}, "Donnez à l’article un nom"),
        ({"geste": "renommer", "libelle": "Craie", "motif": " "}, "Dites pourquoi"),
        ({"geste": "unite", "unite": "kWh", "motif": "x"}, "Aucune ligne de l’article"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    maison: Maison, animatrice: TestClient, champs: dict[str, str], phrase: str
) -> None:
    reponse = animatrice.post(f"/observatoire/articles/{articles(maison)[CRAIE]}/corriger", data=champs)
    assert reponse.status_code == 422
    assert phrase in reponse.text


def test_every_writing_cannot_leave_nor_an_article_join_another_famille(maison: Maison, animatrice: TestClient) -> None:
    connus = articles(maison)
    adresse = f"/observatoire/articles/{connus[GRASSE]}/corriger"
    seule = cle(lire(animatrice, adresse), GRASSE)
    assert animatrice.post(adresse, data={"geste": "scinder", "cles": seule, "motif": "x"}).status_code == 422
    papier = next(article for libelle, article in connus.items() if libelle.startswith("PAPIER A4"))
    reponse = animatrice.post(adresse, data={"geste": "reunir", "vers": papier, "motif": "x"})
    assert reponse.status_code == 422
    assert "Changez d’abord la famille des lignes" in reponse.text
    assert animatrice.post(adresse, data={"geste": "reunir", "vers": "XX-inconnu", "motif": "x"}).status_code == 404


def test_what_was_said_different_must_be_undone_first(maison: Maison, animatrice: TestClient) -> None:
    adresse = reunir(maison, animatrice, CRAIE, AUTRE)
    lue = lire(animatrice, adresse)
    moindre = [cle(lue, CRAIE), cle(lue, AUTRE)]
    grasse = cle(lire(animatrice, f"/observatoire/articles/{articles(maison)[GRASSE]}/corriger"), GRASSE)
    for autre in moindre:
        decisions.decider(maison, CLAVIER, Sujet.ARTICLE_DIFFERENT, autre, {"avec": grasse}, motif="essai")
    reponse = animatrice.post(adresse, data={"geste": "reunir", "vers": articles(maison)[GRASSE], "motif": "x"})
    assert reponse.status_code == 422
    assert "déjà dit que ces deux articles sont différents" in reponse.text


def test_a_writing_that_only_its_membre_may_read_is_counted_not_shown(maison: Maison, animatrice: TestClient) -> None:
    texte = animatrice.get(f"/observatoire/articles/{articles(maison)[CRAIE]}/corriger").text
    assert "SECRETE" not in texte
    for role in (Role.SECRETAIRE, Role.ELU, Role.ADMINISTRATEUR):
        assert client(maison, role).get(f"/observatoire/articles/{articles(maison)[CRAIE]}/corriger").status_code == 403


def test_an_address_kept_from_another_day_leads_to_the_article_of_today(maison: Maison, animatrice: TestClient) -> None:
    avant = articles(maison)
    adresse = reunir(maison, animatrice, CRAIE, GRASSE)
    (ancien,) = {avant[CRAIE], avant[GRASSE]} - {articles(maison)[CRAIE]}
    reponse = animatrice.get(f"/observatoire/articles/{ancien}/corriger?recherche=craie")
    assert str(reponse.url).endswith(f"{adresse}?recherche=craie")
    lue = animatrice.get(f"/observatoire/articles/{ancien}?periode=ensemble")
    assert lue.status_code == 200
    assert lue.url.path == f"/observatoire/articles/{articles(maison)[CRAIE]}"
    assert animatrice.get(f"/api/v1/articles/{ancien}").json()["article_id"] == articles(maison)[CRAIE]
    assert animatrice.get("/observatoire/articles/SC01-jamaisvu").status_code == 404


def test_a_price_set_aside_under_a_former_identifier_is_still_set_aside(maison: Maison, animatrice: TestClient) -> None:
    avant = articles(maison)
    decisions.decider(maison, CLAVIER, Sujet.PRIX_EXCLURE, f"{avant[GRASSE]}|{FLEAC}|ensemble", motif="essai")
    decisions.decider(maison, CLAVIER, Sujet.PRIX_EXCLURE, f"{avant[CRAIE]}|{MORNAC}|ensemble", motif="essai")
    reunir(maison, animatrice, CRAIE, GRASSE)
    with observatoire.lecture(maison) as curseur:
        exclus = curseur.sql(
            "SELECT membre FROM prix_membres WHERE article_id = $a AND periode = 'ensemble' AND exclu",
            params={"a": articles(maison)[CRAIE]},
        ).fetchall()
    assert sorted(exclus) == sorted([(FLEAC,), (MORNAC,)])
