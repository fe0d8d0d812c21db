"""Templates are strict and caged; data never become layout; every template has its card."""

import re
from dataclasses import fields
from importlib.resources import files

import pytest
import yaml
from jinja2 import UndefinedError, meta
from jinja2.exceptions import SecurityError

from analytics.actes import rendu
from analytics.actes.blocs import Liste, Paragraphe, Tableau, Titre, lire_blocs, texte_brut
from analytics.actes.contexte_convention import ContexteConvention
from analytics.actes.contexte_deliberation import ContexteDeliberation
from analytics.actes.contexte_note import ContexteNote

ACTES = ("convention", "deliberation", "note")


def render(source: str, **contexte: object) -> str:
    return rendu._environment().from_string(source).render(contexte)


def test_an_unknown_name_fails() -> None:
    with pytest.raises(UndefinedError):
        render("{{ objte }}", objet="x")


@pytest.mark.parametrize("source", ["{{ ''.__class__.__mro__ }}", "{{ x.append(1) }}"])
def test_the_cage_holds(source: str) -> None:
    with pytest.raises(SecurityError):
        render(source, x=[])


def test_only_a_completer_is_given_to_templates() -> None:
    assert set(rendu._environment().globals) == {"a_completer"}


@pytest.mark.parametrize("piege", ["**gras** | barre _souligné_ \\", "# titre", "- puce", "1. liste", "> note", "a\n\n# b", "--- "])
def test_data_never_become_layout(piege: str) -> None:
    blocs = lire_blocs(render("{{ x }}", x=piege))
    assert len(blocs) == 1
    assert isinstance(blocs[0], Paragraphe)
    assert not any(morceau.gras or morceau.italique for morceau in blocs[0].morceaux)
    assert texte_brut(blocs[0].morceaux).split() == piege.split()


def test_a_bar_in_a_cell_does_not_open_a_column() -> None:
    (tableau,) = lire_blocs(render("| a | b |\n|---|---:|\n| {{ x }} | 2 |", x="un | deux"))
    assert isinstance(tableau, Tableau)
    assert [texte_brut(cellule) for cellule in tableau.lignes[0]] == ["un | deux", "2"]
    assert tableau.a_droite == (False, True)
    assert abs(sum(tableau.largeurs) - 1) < 1e-9


def test_blocks() -> None:
    blocs = lire_blocs("# Titre\n\n- un\n- deux **gras**\n\n1. x\n\nfin <b>brut</b>\n")
    assert [type(b) for b in blocs] == [Titre, Liste, Liste, Paragraphe]
    assert texte_brut(blocs[3].morceaux) == "fin <b>brut</b>"


@pytest.mark.parametrize("acte", ACTES)
def test_each_template_has_its_card_and_is_not_called_reviewed(acte: str) -> None:
    carte = rendu.modele(acte)
    assert carte.titre
    assert carte.version
    assert carte.references
    assert carte.statut in {"brouillon", "relu", "publié"}


@pytest.mark.parametrize(
    ("acte", "contexte"), [("convention", ContexteConvention), ("deliberation", ContexteDeliberation), ("note", ContexteNote)]
)
def test_variables_offered_used_and_documented_are_the_same(acte: str, contexte: type) -> None:
    offertes = {champ.name for champ in fields(contexte)}
    carte = yaml.safe_load((files("templates") / "actes" / acte / "acte.yaml").read_text(encoding="utf-8"))
    assert used_variables(acte) == offertes
    assert set(carte["variables"]) == offertes
    assert all(carte["variables"].values())


def used_variables(acte: str) -> set[str]:
    environnement = rendu._environment()
    source = rendu._load(f"{acte}/acte.md.j2")
    sources = [source, *(rendu._load(nom) for nom in re.findall(r'include "(.*?)"', source))]
    return set().union(*(meta.find_undeclared_variables(environnement.parse(s)) for s in sources)) - {"a_completer"}


def test_every_clause_is_included_somewhere() -> None:
    dossier = files("templates") / "actes"
    sources = [(dossier / acte / "acte.md.j2").read_text(encoding="utf-8") for acte in ACTES]
    for clause in (dossier / "clauses").iterdir():
        assert any(f"clauses/{clause.name}" in source for source in sources), clause.name
