"""Law and policy are dated data: a value is asked for a date, and a date the file does not cover is an answer too.

Files: `<domaine>/<nom>.yaml` beside this module, with `titre`, `unite`, `valeurs` (effective date → number, table or null when
repealed), `references` (date → list of titre and lien), `cote` (V read in a source, M from memory, D deduced, P choice of the club),
`verifie_le`, `verifie_par`, `prochaine_revue` and, if useful, `remarque`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ingest.erreurs import Refus

Table = Mapping[str, Decimal]
Valeur = Decimal | Table | None

COTES = {
    "V": "lu dans une source",
    "M": "de mémoire, à relire",
    "D": "déduit d'un texte",
    "P": "choix du club, à valider",
}


class ParametreAbsent(Refus):
    """No value is known for this date: before the first one, or after the text was repealed or expired."""


@dataclass(frozen=True)
class Reference:
    """Where a value was read."""

    titre: str
    lien: str


@dataclass(frozen=True)
class Parametre:
    """One dated parameter, whole: what a page of sources shows."""

    nom: str
    titre: str
    unite: str
    valeurs: Mapping[date, Valeur]
    references: Mapping[date, tuple[Reference, ...]]
    cote: str
    verifie_le: date
    verifie_par: str
    prochaine_revue: date
    remarque: str

    def entree(self, au: date) -> tuple[date, Valeur]:
        """Effective date and value in force on `au`; raises ParametreAbsent when there is none."""
        en_vigueur = [debut for debut in self.valeurs if debut <= au]
        if not en_vigueur:
            premiere = min(self.valeurs)
            raise ParametreAbsent(
                f"« {self.titre} » n'est pas connu au {au:%d/%m/%Y} : la première valeur enregistrée vaut à partir du {premiere:%d/%m/%Y}. "
                "Choisissez une date plus tardive, ou complétez ce paramètre."
            )
        debut = max(en_vigueur)
        valeur_lue = self.valeurs[debut]
        if valeur_lue is None:
            raise ParametreAbsent(
                f"« {self.titre} » n'est plus connu depuis le {debut:%d/%m/%Y} ; la date demandée est le {au:%d/%m/%Y}. "
                "Choisissez une date antérieure, ou enregistrez la valeur en vigueur avec sa source."
            )
        return debut, valeur_lue

    def source(self, au: date) -> str:
        """The title of the text that gives the value in force on `au`."""
        debut, _ = self.entree(au)
        return " ; ".join(reference.titre for reference in self.references[debut])

    def en_retard(self, au: date) -> bool:
        """True when the planned review is overdue on `au`."""
        return self.prochaine_revue < au


def valeur(nom: str, au: date) -> Decimal:
    """The number in force on `au` (unit: see the file). Raises ParametreAbsent when the date is not covered."""
    _, lue = parametre(nom).entree(au)
    if not isinstance(lue, Decimal):
        raise TypeError(f"{nom} is a table: use table()")
    return lue


def table(nom: str, au: date) -> Table:
    """The named numbers in force on `au`. Raises ParametreAbsent when the date is not covered."""
    _, lue = parametre(nom).entree(au)
    if lue is None or isinstance(lue, Decimal):
        raise TypeError(f"{nom} is a single number: use valeur()")
    return lue


def parametre(nom: str) -> Parametre:
    """The whole parameter, for instance `parametre("seuils/controle_legalite")`; KeyError on an unknown name."""
    return tous()[nom]


@cache
def tous() -> Mapping[str, Parametre]:
    """Every parameter by name (`<domaine>/<nom>`), read once."""
    trouves = {}
    for domaine in files(__package__).iterdir():
        if domaine.is_dir() and not domaine.name.startswith("_"):
            for fichier in domaine.iterdir():
                if fichier.name.endswith(".yaml"):
                    nom = f"{domaine.name}/{fichier.name.removesuffix('.yaml')}"
                    trouves[nom] = _read(nom, yaml.safe_load(fichier.read_text(encoding="utf-8")))
    return dict(sorted(trouves.items()))


def _read(nom: str, contenu: dict[str, Any]) -> Parametre:
    valeurs = {_as_date(nom, debut): _as_valeur(nom, lue) for debut, lue in contenu["valeurs"].items()}
    references = {
        _as_date(nom, debut): tuple(Reference(str(source["titre"]), str(source["lien"])) for source in sources)
        for debut, sources in contenu["references"].items()
    }
    if list(valeurs) != sorted(valeurs) or set(valeurs) != set(references):
        raise ValueError(f"{nom}: dates must be in order and each must have its references")
    if contenu["cote"] not in COTES:
        raise ValueError(f"{nom}: unknown cote {contenu['cote']!r}")
    return Parametre(
        nom=nom,
        titre=contenu["titre"],
        unite=contenu["unite"],
        valeurs=valeurs,
        references=references,
        cote=contenu["cote"],
        verifie_le=_as_date(nom, contenu["verifie_le"]),
        verifie_par=contenu["verifie_par"],
        prochaine_revue=_as_date(nom, contenu["prochaine_revue"]),
        remarque=contenu.get("remarque", ""),
    )


def _as_date(nom: str, lue: object) -> date:
    if not isinstance(lue, date):
        raise TypeError(f"{nom}: {lue!r} is not a date")
    return lue


def _as_valeur(nom: str, lue: object) -> Valeur:
    if lue is None:
        return None
    if isinstance(lue, dict):
        return {str(cle): _as_decimal(nom, nombre) for cle, nombre in lue.items()}
    return _as_decimal(nom, lue)


def _as_decimal(nom: str, lue: object) -> Decimal:
    # A YAML float would carry binary noise into a threshold: decimals are written between quotes.
    if isinstance(lue, bool) or not isinstance(lue, int | str):
        raise TypeError(f"{nom}: write {lue!r} as an integer or between quotes")
    return Decimal(lue)
