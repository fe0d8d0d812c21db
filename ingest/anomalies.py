"""What is wrong with which lines, said once per cause: where, what was expected, what was read, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Anomalie:
    """One cause met on one or many lines of a dépôt.

    `code` is stable (`quantite_illisible`), `colonne` is the header as the person wrote it, `lignes` the line numbers she sees,
    `lu` up to three distinct values read, `attendu` what was expected, `message` a whole French sentence with what to do.
    A blocking anomaly sends its lines to « à corriger »; another is a remark and the line is kept.
    """

    code: str
    colonne: str | None
    lignes: tuple[int, ...]
    lu: str | None
    attendu: str
    message: str
    bloquante: bool
    origine: str = ""

    def as_json(self) -> dict[str, object]:
        """The seven keys promised by `mercuriale import --json`, minus those that are for our own use."""
        return {
            "code": self.code,
            "colonne": self.colonne,
            "lignes": list(self.lignes),
            "lu": self.lu,
            "attendu": self.attendu,
            "message": self.message,
        }


def format_lignes(lignes: Iterable[int], limite: int = 8) -> str:
    """Say line numbers as a person would: « lignes 3 à 12, 15 et 40 », cut after `limite` ranges with the number left out."""
    numeros = sorted(set(lignes))
    if not numeros:
        return "aucune ligne"
    plages = []
    for _, groupe in groupby(enumerate(numeros), key=lambda paire: paire[1] - paire[0]):
        suite = [numero for _, numero in groupe]
        plages.append((suite[0], suite[-1]))
    textes = [str(debut) if debut == fin else f"{debut} à {fin}" for debut, fin in plages[:limite]]
    reste = sum(fin - debut + 1 for debut, fin in plages[limite:])
    if reste:
        textes.append(f"{reste:,} autre".replace(",", "\u202f") + ("s" if reste > 1 else ""))
    nom = "ligne" if len(numeros) == 1 else "lignes"
    if len(textes) == 1:
        return f"{nom} {textes[0]}"
    return f"{nom} {', '.join(textes[:-1])} et {textes[-1]}"
