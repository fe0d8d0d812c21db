"""Files served as they are: vendored ones unchanged since their source, pages that a strict policy lets work."""

import hashlib
import re
from importlib.resources import files
from pathlib import Path

import pytest

from api.app import CSP
from api.presentation import version_statique

STATIQUE = Path(str(files("api"))) / "static"
GABARITS = Path(str(files("templates")))
PAGES = sorted(chemin for chemin in GABARITS.rglob("*.html") if "actes" not in chemin.parts)


def declared() -> dict[str, str]:
    """File name → sha256, as `SOURCES.md` says."""
    texte = (STATIQUE / "vendored" / "SOURCES.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", texte, flags=re.MULTILINE))


def test_vendored_files_are_those_of_their_source() -> None:
    vendored = STATIQUE / "vendored"
    presents = {chemin.name for chemin in vendored.iterdir() if chemin.suffix in {".js", ".css"}}
    assert presents == set(declared())
    for nom, attendu in declared().items():
        assert hashlib.sha256((vendored / nom).read_bytes()).hexdigest() == attendu, nom


def test_each_vendored_file_comes_with_its_licence() -> None:
    noms = {chemin.name.split("-")[0] for chemin in (STATIQUE / "vendored").iterdir() if "LICENSE" in chemin.name}
    assert {nom.split("-")[0] for nom in declared()} == noms


@pytest.mark.parametrize("chemin", PAGES, ids=lambda chemin: str(chemin.relative_to(GABARITS)))
def test_no_page_needs_what_the_policy_refuses(chemin: Path) -> None:
    texte = chemin.read_text(encoding="utf-8")
    assert not re.search(r"<style\b|\sstyle=", texte), "styles are in the style sheet"
    assert not re.search(r"<script(?![^>]*\bsrc=)", texte), "scripts are in files"
    assert not re.search(r"\son[a-z]+=", texte), "no script in an attribute"
    assert not re.search(r"(?:src|href|action)=[\"']https?://", texte), "nothing is asked from another site"


def test_every_static_file_asked_for_exists() -> None:
    demandes = set()
    for chemin in PAGES:
        demandes |= set(re.findall(r"/static/([\w./-]+)", chemin.read_text(encoding="utf-8")))
    assert demandes
    assert [nom for nom in sorted(demandes) if not (STATIQUE / nom).is_file()] == []


def test_the_policy_lets_nothing_in_by_default() -> None:
    assert CSP.startswith("default-src 'none'")
    assert "unsafe" not in CSP
    assert "http" not in CSP


def test_the_fingerprint_of_static_files_is_short_and_stable() -> None:
    assert re.fullmatch(r"[0-9a-f]{10}", version_statique())
    assert version_statique() == version_statique()
