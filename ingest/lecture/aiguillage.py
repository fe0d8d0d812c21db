"""One door for all files: recognise by content, then hand over to the reader of that format."""

from pathlib import Path

from ingest.lecture.classeur import lire_classeur
from ingest.lecture.formats import Format, reconnaitre
from ingest.lecture.table import TableBrute
from ingest.lecture.texte import lire_texte


def lire(chemin: Path, nom: str) -> list[TableBrute]:
    """Read a received file into tables of text, whatever its format; `nom` is the name the person gave it, used in sentences only.

    The content decides, not the extension. The list is never empty and at least one table has a line.
    Raises `FichierRefuse` with a French sentence that says what was read and what to do.
    Hostile files may kill the process that reads them: call this through `ingest.isolement`.
    """
    if reconnaitre(chemin, nom) is Format.CLASSEUR:
        return lire_classeur(chemin, nom)
    return lire_texte(chemin, nom)
