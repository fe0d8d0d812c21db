"""Forms whose fields depend on the file they are about: read only once the door has let the visitor in."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

CHAMPS_MAX = 20_000
"""Fields of one form: a page of lines to correct has one per cell."""
FICHIERS_MAX = 200
TEXTE_MAX = 8 << 20
"""Bytes of one field that is no file: lines pasted from a spreadsheet; more than that comes as a file."""


async def _lire(request: Request) -> AsyncIterator[FormData]:
    async with request.form(max_files=FICHIERS_MAX, max_fields=CHAMPS_MAX, max_part_size=TEXTE_MAX) as formulaire:
        yield formulaire


Formulaire = Annotated[FormData, Depends(_lire)]
"""What was sent. Declare it after the visitor: FastAPI goes through dependencies in order, so a stranger's file is never taken in."""


def texte(formulaire: FormData, nom: str) -> str:
    """The text of one field; "" when it is absent or is a file."""
    valeur = formulaire.get(nom)
    return valeur if isinstance(valeur, str) else ""


def fichiers(formulaire: FormData, nom: str) -> list[UploadFile]:
    """The files of one field, without the nameless one that a browser sends when nothing was chosen."""
    return [valeur for valeur in formulaire.getlist(nom) if isinstance(valeur, UploadFile) and valeur.filename]
