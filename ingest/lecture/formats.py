"""What a file is comes from its bytes, never from its name; what we cannot read is refused with what to send instead."""

import zipfile
from enum import StrEnum
from pathlib import Path

from ingest.erreurs import FichierRefuse


class Format(StrEnum):
    """The kinds of file that are read."""

    TEXTE = "texte"
    CLASSEUR = "classeur"


def reconnaitre(chemin: Path, nom: str) -> Format:
    """Say what a file is. Raises `FichierRefuse` when it is nothing we read."""
    with chemin.open("rb") as fichier:
        debut = fichier.read(8192)
    if not debut:
        raise FichierRefuse(f"Le fichier « {nom} » est vide. Exportez-le de nouveau depuis votre logiciel, puis déposez-le.")
    if debut.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Format.CLASSEUR
    if debut.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(chemin) as archive:
            noms = set(archive.namelist())
        if "xl/workbook.xml" in noms or "content.xml" in noms:
            return Format.CLASSEUR
    return Format.TEXTE
