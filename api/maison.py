"""The open house: settings, club store and the place of each thing in the data directory (docs/architecture.md §2)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from api.club.magasin import Magasin
from api.settings import Settings
from ingest.erreurs import Refus


@dataclass(frozen=True)
class Maison:
    """What every use case needs: technical settings and the open club store."""

    settings: Settings
    club: Magasin

    @property
    def donnees(self) -> Path:
        """The data directory."""
        return self.settings.donnees

    @cached_property
    def observatoire(self) -> Path:
        """The derived store; absent before the first build."""
        return self.donnees / "observatoire.duckdb"

    def dossier_depot(self, depot: str) -> Path:
        """Folder of one dépôt."""
        return self.donnees / "depots" / depot

    def original(self, depot: str) -> Path:
        """The received bytes of a dépôt."""
        return self.dossier_depot(depot) / "original"

    def lignes(self, depot: str, lecture: int = 1) -> Path:
        """The typed lines of a dépôt, by the number of the reading: a file is never written again."""
        return self.dossier_depot(depot) / ("lignes.parquet" if lecture <= 1 else f"lignes-{lecture}.parquet")

    @property
    def lectures(self) -> Path:
        """Folder where what was read of labels is kept from one file to the next: it may be deleted at any time."""
        return self.donnees / "lectures"

    def actes(self, groupement: str, version: int) -> Path:
        """Folder of the documents of one version of a groupement."""
        return self.donnees / "actes" / groupement / f"v{version}"


def ouvrir(settings: Settings, *, creer: bool = False) -> Maison:
    """Open the data directory, bringing an older club store up to date.

    Raises `Refus` when nothing was ever prepared there and `creer` is false.
    """
    donnees = settings.donnees.resolve()
    settings = settings.model_copy(update={"donnees": donnees})
    fichier = donnees / "club.sqlite"
    if not creer and settings.base_club is None and not fichier.exists():
        raise Refus(
            f"Le dossier « {donnees} » ne contient pas de club. Commencez par « mercuriale demo » pour essayer, "
            "ou « mercuriale init --epci NOM » pour créer le vôtre."
        )
    try:
        (donnees / "depots").mkdir(parents=True, exist_ok=True)
    except OSError as erreur:
        raise Refus(f"Le dossier « {donnees} » ne peut pas être créé ni modifié ({erreur.strerror}). Vérifiez vos droits.") from erreur
    _balayer(donnees / "depots")
    club = Magasin(settings.base_club) if settings.base_club else Magasin.fichier(fichier)
    club.mettre_a_niveau()
    return Maison(settings, club)


def _balayer(dossier: Path) -> None:
    """Remove what arrived by halves more than a day ago: its sender is gone."""
    hier = time.time() - 24 * 3600
    for reste in dossier.glob("*.part"):
        if reste.stat().st_mtime < hier:
            reste.unlink(missing_ok=True)


@contextmanager
def maison_ouverte(settings: Settings, *, creer: bool = False) -> Iterator[Maison]:
    """`ouvrir`, closed at the end of the block."""
    maison = ouvrir(settings, creer=creer)
    try:
        yield maison
    finally:
        maison.club.fermer()
