"""One carnet at a time for each observatoire: that of the file that is there; the former goes when its last reader is done."""

import os
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from analytics.carnet.carnet import Carnet
from analytics.carnet.ouverture import ouvrir
from ingest.erreurs import Refus


class Fichier(NamedTuple):
    """A file of observatoire as it stands: it is replaced, never modified."""

    chemin: str
    numero: int
    modifie_ns: int
    octets: int


def fichier(chemin: Path) -> Fichier:
    """The file that stands at `chemin` now. Raises Refus when no observatoire was built yet."""
    try:
        etat = os.stat(chemin)  # noqa: PTH116 — asked for at each page
    except FileNotFoundError:
        raise Refus("L’observatoire n’est pas encore construit : déposez au moins un fichier d’achats.") from None
    return Fichier(str(chemin), etat.st_ino, etat.st_mtime_ns, etat.st_size)


_gardes: dict[str, tuple[Fichier, Carnet]] = {}
_ouvertures = Lock()


def carnet_pret(chemin: Path) -> Carnet | None:
    """The carnet of the file that is there now, when it is in memory. Reads nothing, waits for nobody."""
    garde = _gardes.get(str(chemin))
    return garde[1] if garde is not None and garde[0] == fichier(chemin) else None


def carnet_de(chemin: Path) -> Carnet:
    """The carnet of the file that is there now, read once however many ask. Raises Refus when no observatoire was built yet."""
    if (pret := carnet_pret(chemin)) is not None:
        return pret
    with _ouvertures:
        if (pret := carnet_pret(chemin)) is not None:
            return pret
        present = fichier(chemin)
        carnet = ouvrir(chemin)
        _gardes[str(chemin)] = (present, carnet)
        return carnet
