"""One line of text becomes cells the careful way: a quote that is never closed is a character, not the end of the file."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

# A label may hold a few line breaks; a « quoted » cell longer than this is an inch sign or a typing mistake.
_SUITE_MAX = 30

Decoupe = tuple[int, list[str]]


def couper(lignes: Sequence[str], separateur: str, premiere: int = 1) -> Iterator[Decoupe]:
    """Cut physical lines in rows of cells, each with the number of the line it starts on.

    A quoted cell may hold separators, doubled quotes and line breaks. A quote that does not end right before a separator or the end
    of a line within 30 lines is kept as a plain character.
    """
    rang = 0
    while rang < len(lignes):
        cellules, prises = couper_une(lignes, rang, separateur)
        yield premiere + rang, cellules
        rang += prises


def couper_une(lignes: Sequence[str], rang: int, separateur: str) -> tuple[list[str], int]:
    """Cut the row that starts on the line of this rank; return its cells and how many physical lines it takes."""
    ligne = lignes[rang]
    return (ligne.split(separateur), 1) if '"' not in ligne else _couper_entre_guillemets(lignes, rang, separateur)


def _couper_entre_guillemets(lignes: Sequence[str], rang: int, separateur: str) -> tuple[list[str], int]:
    cellule, ouverte = _motifs(separateur)
    texte, prises = lignes[rang], 1
    cellules: list[str] = []
    position = 0
    while True:
        trouve = cellule.match(texte, position)
        if trouve is None and ouverte.match(texte, position):
            # The quoted cell goes on below: take more lines until it closes, or give up and read the quote as a character.
            suite, ajoutees = _completer(lignes, rang + prises, texte, position, cellule)
            if suite is not None:
                texte, prises = suite, prises + ajoutees
                trouve = cellule.match(texte, position)
        if trouve is not None:
            cellules.append(trouve.group(1).replace('""', '"'))
            position = trouve.end()
        else:
            fin = texte.find(separateur, position)
            fin = len(texte) if fin < 0 else fin
            cellules.append(texte[position:fin])
            position = fin
        if position >= len(texte):
            return cellules, prises
        position += 1  # the separator
        if position == len(texte):
            return [*cellules, ""], prises


def _completer(lignes: Sequence[str], suivante: int, texte: str, position: int, cellule: re.Pattern[str]) -> tuple[str | None, int]:
    for ajoutees, ligne in enumerate(lignes[suivante : suivante + _SUITE_MAX], 1):
        texte = f"{texte}\n{ligne}"
        if '"' in ligne and cellule.match(texte, position):
            return texte, ajoutees
    return None, 0


@lru_cache(maxsize=8)
def _motifs(separateur: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    fin = re.escape(separateur)
    blancs = "[ ]*" if separateur == "\t" else r"[ \t]*"
    return re.compile(rf'{blancs}"((?:[^"]|"")*)"{blancs}(?={fin}|$)'), re.compile(rf'{blancs}"')
