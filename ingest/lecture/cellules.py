"""One line of text becomes cells the careful way: a quote that is never closed is a character, not the end of the file.

Every line is walked once, whatever its quotes: no file can make the cutting slow.
"""

from collections.abc import Iterator, Sequence

# A label may hold a few line breaks; a « quoted » cell longer than this is an inch sign or a typing mistake.
SUITE_MAX = 30
# What stands beyond is kept in the last cell: no list of purchases is that wide, and each cell would be a column.
COLONNES_MAX = 1000

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
    texte = lignes[rang]
    if '"' not in texte:
        return texte.split(separateur, COLONNES_MAX - 1), 1
    prises = 1
    cellules: list[str] = []
    position = 0
    while len(cellules) < COLONNES_MAX - 1:
        ouverture = _ouverture(texte, position, separateur)
        fermeture = _fermeture(texte, ouverture + 1) if ouverture >= 0 else -1
        if ouverture >= 0 and fermeture < 0:
            texte, ajoutees, fermeture = _completer(lignes, rang + prises, texte, separateur)
            prises += ajoutees
        fin = _fin_apres(texte, fermeture, separateur) if fermeture >= 0 else -1
        if fin >= 0:
            cellules.append(texte[ouverture + 1 : fermeture].replace('""', '"'))
        else:
            fin = texte.find(separateur, position)
            fin = len(texte) if fin < 0 else fin
            cellules.append(texte[position:fin])
        if fin >= len(texte):
            return cellules, prises
        position = fin + 1
    return [*cellules, texte[position:]], prises


def _ouverture(texte: str, position: int, separateur: str) -> int:
    """Return where the quote that opens the cell stands, -1 when the cell is not quoted."""
    while position < len(texte) and texte[position] in " \t" and texte[position] != separateur:
        position += 1
    return position if texte.startswith('"', position) else -1


def _fermeture(texte: str, position: int) -> int:
    """Return where the quote that closes a cell stands (a doubled quote closes nothing), -1 when there is none."""
    while (trouve := texte.find('"', position)) >= 0:
        if not texte.startswith('"', trouve + 1):
            return trouve
        position = trouve + 2
    return -1


def _fin_apres(texte: str, fermeture: int, separateur: str) -> int:
    """Return where the cell ends when only blanks follow its closing quote, -1 when something else does."""
    position = fermeture + 1
    while position < len(texte) and texte[position] in " \t" and texte[position] != separateur:
        position += 1
    return position if position == len(texte) or texte.startswith(separateur, position) else -1


def _completer(lignes: Sequence[str], suivante: int, texte: str, separateur: str) -> tuple[str, int, int]:
    """Take more lines until the open cell closes; nothing is taken when none of them closes it properly."""
    longueur = len(texte)
    for ajoutees, ligne in enumerate(lignes[suivante : suivante + SUITE_MAX], 1):
        fermeture = _fermeture(ligne, 0)
        if fermeture >= 0 and _fin_apres(ligne, fermeture, separateur) < 0:
            break
        if fermeture >= 0:
            suite = "\n".join([texte, *lignes[suivante : suivante + ajoutees]])
            return suite, ajoutees, longueur + 1 + fermeture
        longueur += 1 + len(ligne)
    return texte, 0, -1
