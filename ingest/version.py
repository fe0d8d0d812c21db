"""Which rules a file was read by: the code of `ingest` and its data, as one fingerprint; better rules are other rules."""

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_SUFFIXES = (".py", ".yaml", ".csv", ".json", ".txt")


@cache
def empreinte_des_regles() -> str:
    """Sixteen hexadecimal signs that change with any rule of reading."""
    condense = hashlib.sha256()
    for nom, contenu in sorted(_fichiers(files("ingest"), "")):
        condense.update(nom.encode() + b"\0" + contenu)
    return condense.hexdigest()[:16]


def _fichiers(dossier: Traversable, chemin: str) -> list[tuple[str, bytes]]:
    trouves: list[tuple[str, bytes]] = []
    for enfant in dossier.iterdir():
        if enfant.is_dir():
            trouves += _fichiers(enfant, f"{chemin}{enfant.name}/")
        elif enfant.name.endswith(_SUFFIXES):
            trouves.append((chemin + enfant.name, enfant.read_bytes()))
    return trouves
