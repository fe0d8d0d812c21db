"""What holds for every page: its context is documented and used whole, its words are French, its marks are where readers look for them."""

import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient

from api import pages
from api.maison import Maison
from api.presentation import Page
from ingest.vocabulaire import Role
from tests.api.monde import client

MOTS_DE_MACHINE = re.compile(
    r"\b(null|None|undefined|NaN|UUID|parse|parser|encoding|timeout|upload|download|submit|warning|traceback|boolean|string|datetime|"
    r"[a-z]+_[a-z_]+|True|False)\b"
)
NE_PAS_SUIVRE = re.compile(r"^/connexion")
NOMBREUSES = "/familles/"
"""One page per famille of the nomenclature: five of them say it all."""
TRAITS = {"titre"}
"""Fields that the frame of all pages uses."""


def contextes() -> list[type[Page]]:
    modules = [importlib.import_module(f"{pages.__name__}.{info.name}") for info in pkgutil.iter_modules(pages.__path__)]
    trouves = {
        classe
        for module in modules
        for _, classe in inspect.getmembers(module, inspect.isclass)
        if issubclass(classe, Page) and hasattr(classe, "gabarit")
    }
    return sorted(trouves, key=lambda classe: classe.__name__)


def source(gabarit: str) -> str:
    """A template with those it extends or includes, the frame left out."""
    texte = files("templates").joinpath(gabarit).read_text(encoding="utf-8")
    suites = re.findall(r"{% (?:include|extends) [\"']([\w/.]+)[\"']", texte)
    return texte + "".join(source(suite) for suite in suites if suite != "base.html")


@pytest.mark.parametrize("contexte", contextes(), ids=lambda classe: classe.__name__)
class TestContext:
    def test_it_is_a_frozen_documented_dataclass(self, contexte: type[Page]) -> None:
        assert dataclasses.is_dataclass(contexte)
        assert contexte.__dataclass_params__.frozen  # type: ignore[attr-defined]
        assert contexte.__doc__
        assert not contexte.__doc__.startswith(contexte.__name__ + "("), "a docstring of its own, not the one dataclass writes"

    def test_the_template_asks_for_nothing_else(self, contexte: type[Page]) -> None:
        demandes = set(re.findall(r"\bpage\.(\w+)", source(contexte.gabarit)))
        assert demandes <= {champ.name for champ in dataclasses.fields(contexte)}

    def test_the_template_uses_all_of_it(self, contexte: type[Page]) -> None:
        demandes = set(re.findall(r"\bpage\.(\w+)", source(contexte.gabarit)))
        # a drawing also leaves alone, by `?image=`, even when what the page shows of it was written once for all its readers
        dessins = {champ.name for champ in dataclasses.fields(contexte) if "graphiques." in str(champ.type)}
        assert {champ.name for champ in dataclasses.fields(contexte)} - TRAITS - dessins - demandes == set()


@pytest.mark.parametrize("role", [Role.SECRETAIRE, Role.ANIMATRICE, Role.ELU, Role.ADMINISTRATEUR])
def test_every_page_one_can_walk_to_is_sound(maison: Maison, role: Role) -> None:
    entre = client(maison, role)
    defauts = [f"{adresse}: {defaut}" for adresse, page in marcher(entre) for defaut in defauts_de(page)]
    assert defauts == []


def marcher(entre: TestClient, limite: int = 150) -> Iterator[tuple[str, BeautifulSoup]]:
    """Follow the links from the home page, as a person would; a link that leads nowhere fails here."""
    attente, vues = [("/", "")], {"/"}
    while attente:
        adresse, depuis = attente.pop(0)
        reponse = entre.get(adresse)
        if reponse.status_code == 403 and depuis == "/aide":
            continue  # the help is the same for all
        assert reponse.status_code == 200, (adresse, depuis, reponse.status_code)
        if not reponse.headers["content-type"].startswith("text/html"):
            continue
        page = BeautifulSoup(reponse.text, "html.parser")
        yield adresse, page
        for lien in page.select("a[href^='/']"):
            suite = str(lien["href"]).split("#")[0]
            vue_assez = suite.startswith(NOMBREUSES) and sum(vue.startswith(NOMBREUSES) for vue in vues) >= 5
            if suite not in vues and not vue_assez and not NE_PAS_SUIVRE.search(suite) and len(vues) < limite:
                vues.add(suite)
                attente.append((suite, adresse))


def defauts_de(page: BeautifulSoup) -> Iterator[str]:
    """What would stop a reader, with or without eyes."""
    if not page.html or page.html.get("lang") != "fr":
        yield "no language"
    niveaux = [int(titre.name[1]) for titre in page.select("h1, h2, h3, h4, h5, h6")]
    if niveaux.count(1) != 1 or niveaux[:1] != [1]:
        yield f"headings start with {niveaux[:3]}"
    if any(suivant > precedent + 1 for precedent, suivant in pairwise(niveaux)):
        yield f"a level of heading is skipped: {niveaux}"
    identifiants = [str(noeud["id"]) for noeud in page.select("[id]")]
    if doubles := {nom for nom in identifiants if identifiants.count(nom) > 1}:
        yield f"ids twice: {doubles}"
    for champ in page.select("input:not([type=hidden]), select, textarea"):
        if not _nomme(page, champ):
            yield f"field without a label: {champ.get('name')}"
    for dessin in page.select("svg"):
        if dessin.get("role") == "img" and not (dessin.title and dessin.desc and dessin.title.text and dessin.desc.text):
            yield "a drawing without words"
    for bouton in page.select("button, a"):
        if not bouton.get_text(strip=True) and not bouton.get("aria-label"):
            yield f"nothing to read on {bouton}"
    for tableau in page.select("table"):
        if (
            tableau.select_one("thead")
            and any(not th.get("scope") for th in tableau.select("thead th"))
            and not tableau.find_parent("article")
        ):
            yield "a header without scope"
    yield from (f"machine word: {mot}" for mot in mots_de_machine(page))


def mots_de_machine(page: BeautifulSoup) -> set[str]:
    """Words no town hall should read; names of files are theirs."""
    corps = page.body
    assert corps is not None
    sans_noms = re.sub(r"«[^»]*»|\b\S+\.(csv|xlsx|xls|pdf|docx|txt|ods)\b", " ", corps.get_text(" "))
    return {trouve.group(0) for trouve in MOTS_DE_MACHINE.finditer(sans_noms)}


def _nomme(page: BeautifulSoup, champ: Tag) -> bool:
    if champ.get("aria-label") or champ.get("aria-labelledby") or champ.find_parent("label"):
        return True
    return bool(champ.get("id")) and page.select_one(f"label[for='{champ['id']}']") is not None
