"""Options every command takes, written before or after its name."""

from pathlib import Path
from typing import Annotated, Any

import typer

from api.settings import Settings


def _reprendre(ctx: typer.Context, dite: Path | None) -> Path | None:
    """The value given to this command, else the one given before its name."""
    parent: Any = ctx.parent
    while dite is None and parent is not None:
        dite, parent = parent.params.get("donnees"), parent.parent
    return dite


Donnees = Annotated[
    Path | None,
    typer.Option(
        "--donnees", metavar="DOSSIER", callback=_reprendre, help="Dossier des données (sinon MERCURIALE_DONNEES, sinon ./donnees)."
    ),
]


def reglages(donnees: Path | None, **options: Any) -> Settings:
    """The settings of the environment, with what the command line says over them."""
    return Settings(**options) if donnees is None else Settings(donnees=donnees, **options)
