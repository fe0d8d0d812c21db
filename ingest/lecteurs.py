"""What labels mean depends on the familles in force and on nothing else: the readings of many labels may be kept for the next file."""

from pathlib import Path
from typing import Final

import polars as pl

from ingest.familles import Nomenclature, classer, classer_en_lot, livree
from ingest.memoire_lectures import MemoireLectures
from ingest.quantites import lire_en_lot

CLES_FAMILLE: Final = ("libelle", "code_cpv", "compte")
CLES_FOURNISSEUR: Final = (*CLES_FAMILLE, "fournisseur")
CLES_CONTENU: Final = ("libelle", "unite", "famille")


class Lecteurs:
    """Reads distinct combinations of texts, one row of results for each row; `memoire` is a folder where readings are kept, if any."""

    def __init__(self, nomenclature: Nomenclature | None = None, memoire: Path | None = None) -> None:
        self._nomenclature = nomenclature or livree()
        self._memoires: tuple[MemoireLectures, ...] = ()
        self.contenus, self.familles = lire_en_lot, self._classer
        if memoire is not None:
            contenus = MemoireLectures(memoire, "contenus", CLES_CONTENU, lire_en_lot)
            familles = MemoireLectures(memoire, f"familles-{self._nomenclature.version}", CLES_FAMILLE, self._classer)
            self._memoires = (contenus, familles)
            self.contenus, self.familles = contenus.lire, familles.lire

    def familles_fournisseur(self, combinaisons: pl.DataFrame) -> pl.DataFrame:
        """Familles of `CLES_FOURNISSEUR`: what a supplier sells elsewhere in the table counts, so that nothing of it is kept."""
        return classer(combinaisons, self._nomenclature).drop(CLES_FOURNISSEUR)

    def enregistrer(self) -> None:
        """Keep what was read for the next file."""
        for memoire in self._memoires:
            memoire.enregistrer()

    def _classer(self, combinaisons: pl.DataFrame) -> pl.DataFrame:
        return classer_en_lot(combinaisons, self._nomenclature)
