"""The house keeps its shape: these conventions are tests rather than reminders."""

import ast
import importlib
import importlib.metadata
import re
import subprocess
import sys
import tomllib
import unicodedata
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from typer.testing import CliRunner

from analytics import indicateurs, parametres
from api.cli.application import application
from ingest import vocabulaire

RACINE = Path(__file__).resolve().parents[1]
PAQUETS = ("ingest", "analytics", "api", "templates", "sample_data")
VERROUS = ("requirements.lock", "requirements-dev.lock")
LIGNES_MAX = 600


def sources() -> list[Path]:
    return sorted(chemin for paquet in PAQUETS for chemin in (RACINE / paquet).rglob("*.py"))


class TestPackages:
    """Their names are words everybody uses: a third party's `analytics` must never be imported for ours (style of the house, §12)."""

    @pytest.mark.parametrize("paquet", PAQUETS)
    def test_ours_is_the_one_imported(self, paquet: str) -> None:
        assert Path(importlib.import_module(paquet).__file__ or "").is_relative_to(RACINE)

    @pytest.mark.parametrize("paquet", PAQUETS)
    def test_no_installed_distribution_provides_the_same_name(self, paquet: str) -> None:
        assert set(importlib.metadata.packages_distributions().get(paquet, ())) <= {"mercuriale"}

    def test_the_storeys_import_one_way_only(self) -> None:
        lint = subprocess.run([Path(sys.executable).parent / "lint-imports", "--no-logo"], cwd=RACINE, capture_output=True, text=True)
        assert lint.returncode == 0, lint.stdout

    def test_nothing_imports_the_tests_nor_the_sample_data_at_import(self) -> None:
        fautifs = [
            f"{chemin.relative_to(RACINE)}: {nom}"
            for chemin in sources()
            if chemin.relative_to(RACINE).parts[0] != "sample_data"
            for noeud in ast.parse(chemin.read_text(encoding="utf-8")).body
            for nom in _imports(noeud)
            if nom.split(".")[0] in ("tests", "sample_data")
        ]
        assert fautifs == []

    def test_importing_everything_touches_no_file(self, tmp_path: Path) -> None:
        modules = [".".join(chemin.relative_to(RACINE).with_suffix("").parts).removesuffix(".__init__") for chemin in sources()]
        importables = [module for module in modules if ".migrations" not in module and not module.endswith("__main__")]
        essai = f"import importlib\nfor module in {importables!r}:\n    importlib.import_module(module)\n"
        subprocess.run(
            [sys.executable, "-c", essai], cwd=tmp_path, check=True, env={"PYTHONPATH": str(RACINE), "PYTHONDONTWRITEBYTECODE": "1"}
        )
        assert list(tmp_path.iterdir()) == []


class TestSources:
    @pytest.mark.parametrize("chemin", sources(), ids=lambda chemin: str(chemin.relative_to(RACINE)))
    def test_a_file_has_one_subject(self, chemin: Path) -> None:
        texte = chemin.read_text(encoding="utf-8")
        assert ast.get_docstring(ast.parse(texte)), "the rule of the module, in one sentence"
        assert texte.count("\n") <= LIGNES_MAX

    def test_imports_are_absolute(self) -> None:
        relatifs = [
            str(chemin.relative_to(RACINE))
            for chemin in sources()
            for noeud in ast.walk(ast.parse(chemin.read_text(encoding="utf-8")))
            if isinstance(noeud, ast.ImportFrom) and noeud.level
        ]
        assert relatifs == []

    def test_every_sql_file_says_what_it_answers(self) -> None:
        muets = [str(chemin) for chemin in (RACINE / "analytics").rglob("*.sql") if not chemin.read_text(encoding="utf-8").startswith("--")]
        assert muets == []


class TestLocks:
    @pytest.mark.parametrize("verrou", VERROUS)
    def test_names_versions_hashes_and_no_address(self, verrou: str) -> None:
        texte = (RACINE / verrou).read_text(encoding="utf-8")
        assert not re.search(r"://|--(extra-)?index-url|--find-links|@", texte)
        sans_empreinte = [ligne for ligne in _lignes(verrou) if not re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+ .*--hash=sha256:", ligne)]
        assert sans_empreinte == []

    @pytest.mark.parametrize(("verrou", "extras"), [("requirements.lock", {"build"}), ("requirements-dev.lock", {"build", "dev"})])
    def test_the_lock_satisfies_what_the_project_asks(self, verrou: str, extras: set[str]) -> None:
        versions = _versions(verrou)
        insatisfaits = [
            str(demande)
            for demande in _demandes(extras)
            if canonicalize_name(demande.name) not in versions or versions[canonicalize_name(demande.name)] not in demande.specifier
        ]
        assert insatisfaits == []

    @pytest.mark.parametrize(("verrou", "extras"), [("requirements.lock", {"build"}), ("requirements-dev.lock", {"build", "dev"})])
    def test_the_lock_holds_all_that_is_needed_and_nothing_else(self, verrou: str, extras: set[str]) -> None:
        assert _fermeture(extras) == set(_versions(verrou))

    def test_what_is_installed_is_what_is_locked(self) -> None:
        differents = {
            nom: (importlib.metadata.version(nom), version)
            for nom, version in _versions("requirements-dev.lock").items()
            if _installe(nom) and importlib.metadata.version(nom) != version
        }
        assert differents == {}


class TestData:
    def test_every_parameter_loads_and_has_its_references(self) -> None:
        lus = parametres.tous()
        assert len(lus) >= len(list((RACINE / "analytics" / "parametres").rglob("*.yaml"))) > 0
        jour = datetime.now(UTC).date()
        en_retard = [nom for nom, parametre in lus.items() if parametre.en_retard(jour)]
        assert en_retard == [], "a review against the source is overdue"

    def test_every_indicator_loads(self) -> None:
        assert len(indicateurs.indicateurs()) == len(list((RACINE / "analytics" / "indicateurs").glob("*.yaml")))

    def test_every_page_template_is_used(self) -> None:
        gabarits = {str(chemin.relative_to(RACINE / "templates")) for chemin in (RACINE / "templates").rglob("*.html")}
        textes = [*(RACINE / "api").rglob("*.py"), *(RACINE / "templates").rglob("*.html")]
        cites = {nom for chemin in textes for nom in re.findall(r"[\w/-]+\.html", chemin.read_text(encoding="utf-8"))}
        assert gabarits - cites == set()

    def test_every_clause_of_the_acts_is_used(self) -> None:
        clauses = {chemin.name for chemin in (RACINE / "templates" / "actes" / "clauses").glob("*.j2")}
        textes = [*(RACINE / "templates" / "actes").rglob("*.j2"), *(RACINE / "analytics" / "actes").rglob("*.py")]
        cites = {nom for chemin in textes for nom in re.findall(r"[\w-]+\.md\.j2", chemin.read_text(encoding="utf-8"))}
        assert clauses - cites == set()


class TestReadme:
    """What a newcomer is told is true: the commands, the folders, the modules on the way of a line, the words."""

    def test_each_command_exists_with_the_options_shown(self) -> None:
        montrees = re.findall(r"^mercuriale (.+?)(?:   .*)?$", _section("The command"), re.MULTILINE)
        assert len(montrees) >= len(application.registered_commands) + len(application.registered_groups)
        for montree in montrees:
            mots = montree.replace("[", " ").replace("]", " ").split()
            options = [mot for mot in mots if mot.startswith("--")]
            nom = mots[: 2 if mots[0] == "compte" else 1]
            resultat = CliRunner().invoke(application, [*nom, "--help"])
            assert resultat.exit_code == 0, montree
            assert [option for option in options if option not in resultat.output] == [], montree

    def test_every_command_is_told(self) -> None:
        section = _section("The command")
        noms = [commande.name or commande.callback.__name__ for commande in application.registered_commands if commande.callback]
        noms += [str(groupe.name) for groupe in application.registered_groups]
        assert [nom for nom in noms if f"mercuriale {nom}" not in section] == []

    def test_each_folder_exists_and_each_package_is_told(self) -> None:
        dits = set(re.findall(r"^\| `([\w/]+)/` \|", _section("Where each thing lives"), re.MULTILINE))
        assert {dit for dit in dits if not (RACINE / dit).is_dir()} == set()
        assert {*PAQUETS, "tests", "docs"} <= dits

    def test_each_module_on_the_journey_of_a_line_exists(self) -> None:
        dits = re.findall(r"`((?:ingest|analytics|api)[./][\w./]+)`", _section("The journey of a line"))
        assert len(dits) >= 10
        for dit in dits:
            importlib.import_module(dit.replace("/", "."))

    def test_each_word_is_one_the_house_uses(self) -> None:
        mots = re.findall(r"^\| ([^|]+) \|", _section("The words"), re.MULTILINE)[2:]
        assert len(mots) >= 15
        dossiers = [RACINE / dossier for dossier in ("docs", "ingest", "analytics", "api", "templates")]
        textes = [chemin for dossier in dossiers for genre in ("*.md", "*.py", "*.html", "*.j2") for chemin in dossier.rglob(genre)]
        employes = _plier("\n".join(chemin.read_text(encoding="utf-8") for chemin in textes))
        absents = [mot for groupe in mots for mot in re.sub(r" \([^)]*\)", "", groupe).split(", ") if _plier(mot) not in employes]
        assert absents == []

    def test_each_noun_of_the_vocabulary_has_its_word(self) -> None:
        """The enumerations of the vocabulary are of nouns that the table defines."""
        section = _plier(_section("The words"))
        enumerations = [nom for nom, objet in vars(vocabulaire).items() if isinstance(objet, type) and issubclass(objet, StrEnum)]
        assert {"Statut", "Nature", "NatureMembre", "Role", "BaseTaxe"} <= set(enumerations)
        for nom in (
            vocabulaire.DEPOT,
            vocabulaire.LIGNE,
            "membre",
            "famille",
            "anomalie",
            *[statut.value for statut in vocabulaire.Statut],
        ):
            assert nom.replace("_", " ") in section, nom

    def test_the_two_commands_stand_at_the_top(self) -> None:
        (bloc,) = re.findall(r"```sh\n(.*?)```", (RACINE / "README.md").read_text(encoding="utf-8").split("## For whom")[0], re.DOTALL)
        lignes = [ligne for ligne in bloc.splitlines() if ligne and not ligne.startswith("#")]
        assert len(lignes) == 2
        assert lignes[0].endswith("mercuriale demo")
        assert "--require-hashes -r requirements.lock" in lignes[0]
        assert lignes[1] == "sh .ci/check"
        assert "exec sh .ci/check" in (RACINE / ".ci" / "run").read_text(encoding="utf-8")


def _section(titre: str) -> str:
    texte = (RACINE / "README.md").read_text(encoding="utf-8")
    return texte.split(f"## {titre}\n", 1)[1].split("\n## ", 1)[0]


def _plier(texte: str) -> str:
    decompose = unicodedata.normalize("NFKD", texte.lower())
    return "".join(lettre for lettre in decompose if not unicodedata.combining(lettre))


def _imports(noeud: ast.stmt) -> list[str]:
    if isinstance(noeud, ast.Import):
        return [alias.name for alias in noeud.names]
    return [noeud.module or ""] if isinstance(noeud, ast.ImportFrom) else []


@cache
def _lignes(verrou: str) -> tuple[str, ...]:
    texte = (RACINE / verrou).read_text(encoding="utf-8").replace("\\\n", " ")
    return tuple(ligne for ligne in texte.splitlines() if ligne and not ligne.startswith("#"))


@cache
def _versions(verrou: str) -> dict[str, str]:
    """Name → version of the lines that apply to this Python and this system: a lock serves every one of them."""
    demandes = [Requirement(ligne.split("--hash")[0]) for ligne in _lignes(verrou)]
    return {
        canonicalize_name(demande.name): str(demande.specifier).removeprefix("==")
        for demande in demandes
        if demande.marker is None or demande.marker.evaluate()
    }


@cache
def _projet() -> dict[str, list[str]]:
    projet = tomllib.loads((RACINE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"": projet["dependencies"], **projet["optional-dependencies"]}


def _demandes(extras: set[str]) -> list[Requirement]:
    return [Requirement(texte) for extra in ("", *sorted(extras)) for texte in _projet()[extra]]


def _fermeture(extras: set[str]) -> set[str]:
    """Names of all that the project needs on this system, followed through what is installed."""
    a_voir = [(canonicalize_name(demande.name), frozenset(demande.extras)) for demande in _demandes(extras)]
    vus: set[tuple[str, frozenset[str]]] = set()
    while a_voir:
        nom, siens = a_voir.pop()
        if (nom, siens) in vus:
            continue
        vus.add((nom, siens))
        for texte in importlib.metadata.requires(nom) or ():
            demande = Requirement(texte)
            if demande.marker is None or any(demande.marker.evaluate({"extra": extra}) for extra in ("", *siens)):
                a_voir.append((canonicalize_name(demande.name), frozenset(demande.extras)))
    return {nom for nom, _ in vus}


def _installe(nom: str) -> bool:
    try:
        importlib.metadata.version(nom)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
