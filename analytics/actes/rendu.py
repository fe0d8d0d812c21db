"""Turn a template of act and a context into restricted Markdown: sandboxed, strict, and every missing fact a visible blank."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from jinja2 import FunctionLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

# A blank travels through Jinja2 and Markdown between two characters that no keyboard types.
DEBUT_BLANC = "\ue000"
FIN_BLANC = "\ue001"
PRECISION = "\ue002"
_BLANC = re.compile(f"{DEBUT_BLANC}(.*?){FIN_BLANC}")
_QUE_DES_BALISES = re.compile(r"^\s*({%[^%]*%}\s*)*$")
_FIN_DE_LIGNE = re.compile(r"(?<!\+)%}$")
_SPECIAUX = re.compile(r"([\\*_|])")
_SANS_ECRITURE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""Characters that are no writing, and that neither a DOCX nor an XML may hold (XML 1.0, 2.2)."""
_DEBUT_DE_BLOC = re.compile(r"^(\s*)([-+#>]|\d+[.)](?=\s|$))")


@dataclass(frozen=True)
class Modele:
    """What `acte.yaml` says of a template."""

    nom: str
    titre: str
    statut: str
    auteur: str
    relecteur: str
    version: str
    mis_a_jour_le: date
    references: tuple[str, ...]


@dataclass(frozen=True)
class Texte:
    """A drafted act: restricted Markdown, and the blanks it holds in order of appearance."""

    modele: Modele
    markdown: str
    blancs: tuple[str, ...]


def a_completer(libelle: str, precision: str = "") -> str:
    """A visible blank, listed before download; `precision` (whose it is) is said in the list only, where the place no longer tells."""
    suite = f"{PRECISION}{precision}" if precision else ""
    return f"{DEBUT_BLANC}{libelle}{suite}{FIN_BLANC}"


def rediger(acte: str, contexte: dict[str, Any]) -> Texte:
    """Render `templates/actes/<acte>/acte.md.j2`; an unknown variable is a programmer's mistake and raises."""
    texte = _environment().get_template(f"{acte}/acte.md.j2").render(contexte)
    texte = re.sub(r"\n{3,}", "\n\n", texte).strip() + "\n"
    return Texte(modele(acte), texte, tuple(dict.fromkeys(_name(libelle) for libelle in _BLANC.findall(texte))))


@cache
def modele(acte: str) -> Modele:
    """The card of a template."""
    lu = yaml.safe_load(_read(f"{acte}/acte.yaml"))
    return Modele(
        nom=acte,
        titre=lu["titre"],
        statut=lu["statut"],
        auteur=lu["auteur"],
        relecteur=lu["relecteur"],
        version=str(lu["version"]),
        mis_a_jour_le=lu["mis_a_jour_le"],
        references=tuple(lu["references"]),
    )


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environnement = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(_load),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_escape,
    )
    environnement.globals.clear()
    environnement.globals["a_completer"] = a_completer
    return environnement


def _load(chemin: str) -> str:
    """A template; a line of text that ends with a tag keeps its end of line, a line of tags alone leaves none.

    Jinja2's `trim_blocks` eats both, and would join two paragraphs behind the back of whoever edits the clause.
    """
    lignes = _read(chemin).split("\n")
    return "\n".join(_FIN_DE_LIGNE.sub("+%}", ligne) if not _QUE_DES_BALISES.match(ligne) else ligne for ligne in lignes)


def _read(chemin: str) -> str:
    return (files("templates") / "actes" / chemin).read_text(encoding="utf-8")


def _escape(valeur: object) -> object:
    """A name that holds a star or a bar stays text: data never becomes layout."""
    if not isinstance(valeur, str):
        return valeur
    ligne = _SPECIAUX.sub(r"\\\1", _SANS_ECRITURE.sub("", " ".join(valeur.split("\n"))))
    return _DEBUT_DE_BLOC.sub(lambda m: f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", ligne)


def _name(libelle: str) -> str:
    """`nom du signataire (Touvre)`, as listed."""
    court, _, precision = re.sub(r"\\(.)", r"\1", libelle).partition(PRECISION)
    return f"{court} ({precision})" if precision else court
