"""Definitions are data: what each indicator means, why it matters, who answers for it, when it is to be reviewed."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True)
class Indicateur:
    """One indicator, in French words: the methods page and « comment est-ce calculé ? » are made of these.

    `code` is the `methode` of the `Resultat`s it defines.
    """

    code: str
    titre: str
    pourquoi: str
    formule: str
    limites: str
    sources: tuple[str, ...]
    auteur: str
    relecteur: str
    prochaine_revue: date
    version: int

    def est_a_revoir(self, au: date) -> bool:
        """True when the planned review is overdue on this date."""
        return self.prochaine_revue < au


@cache
def indicateurs() -> dict[str, Indicateur]:
    """Every indicator by its code, in the order of titles. Raises TypeError or KeyError when a file is not whole."""
    lus = [
        _read(fichier.name.removesuffix(".yaml"), yaml.safe_load(fichier.read_text(encoding="utf-8")))
        for fichier in files(__package__).iterdir()
        if fichier.name.endswith(".yaml")
    ]
    return {indicateur.code: indicateur for indicateur in sorted(lus, key=lambda i: i.titre)}


def _read(code: str, contenu: dict[str, Any]) -> Indicateur:
    revue = contenu.pop("prochaine_revue")
    if not isinstance(revue, date):
        raise TypeError(f"{code}: prochaine_revue is not a date")
    sources = tuple(contenu.pop("sources"))
    return Indicateur(code=code, sources=sources, prochaine_revue=revue, **contenu)
