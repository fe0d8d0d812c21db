"""What was read of a label once need not be read again in the next dépôt, as long as no rule of reading has changed.

Readings are pure functions of a few texts. They are kept beside the dépôts, by fingerprint of these texts (the labels themselves are
not kept), in a file named after the version of the rules: a changed rule or word list makes another file. The file is disposable: absent,
unreadable or deleted, labels are read again, with the same results.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from time import time
from typing import Final

import polars as pl

from ingest.version import empreinte_des_regles

Lire = Callable[[pl.DataFrame], pl.DataFrame]

_EMPREINTE: Final = ("_empreinte", "_contre_empreinte")
_MARQUE: Final = "_connue"
# Below this number at once, reading labels (and all the more those this process has just read) costs little more than opening the file.
_SEUIL: Final = 2000
# About 4 MB of file; the oldest readings leave first.
_CAPACITE: Final = 200_000
_ABANDON_S: Final = 3600


class MemoireLectures:
    """A function of a few columns of texts, whose results outlive the process; each instance serves one thread.

    `lire` gives, for a table of the columns `cles`, one row of results for each row, in the same order; `nom` tells its file from others of
    `dossier`, which is made when something is kept.
    """

    def __init__(self, dossier: Path, nom: str, cles: Sequence[str], lire: Lire) -> None:
        # A library that signs texts otherwise must not find those signed before.
        self._fichier = dossier / f"{nom}-{empreinte_des_regles()}-{pl.__version__}.parquet"
        self._prefixe = f"{nom}-"
        self._cles = list(cles)
        self._lire = lire
        self._connues: pl.DataFrame | None = None
        self._nouvelles: list[pl.DataFrame] = []

    def lire(self, combinaisons: pl.DataFrame) -> pl.DataFrame:
        """Give what `lire` gives, reading only what nobody has read before."""
        if combinaisons.height < _SEUIL and self._connues is None:
            return self._lire(combinaisons)
        empreintes = combinaisons.select(self._sign())
        connues = self._ouvrir()
        if connues is None:
            return self._read_and_keep(empreintes, combinaisons)
        trouvees = empreintes.join(
            connues.with_columns(pl.lit(value=True).alias(_MARQUE)), on=_EMPREINTE, how="left", maintain_order="left"
        )
        manque = trouvees[_MARQUE].is_null()
        if not manque.any():
            return trouvees.drop(*_EMPREINTE, _MARQUE)
        lues = self._read_and_keep(empreintes.filter(manque), combinaisons.filter(manque))
        toutes = pl.concat([trouvees.drop(*_EMPREINTE, _MARQUE).filter(~manque), lues])
        places = pl.concat([(~manque).arg_true(), manque.arg_true()])
        return toutes[places.arg_sort()]

    def enregistrer(self) -> None:
        """Keep what was read, for the next file; a disk that refuses only makes the next reading longer."""
        if not self._nouvelles:
            return
        self._connues = None  # another process may have written since
        connues = self._ouvrir()
        tables = [*self._nouvelles, *([] if connues is None else [connues])]
        self._nouvelles = []
        self._connues = pl.concat(tables).unique(_EMPREINTE, keep="first", maintain_order=True).head(_CAPACITE)
        provisoire = self._fichier.with_name(f".{self._fichier.name}.{os.getpid()}.part")
        try:
            self._fichier.parent.mkdir(parents=True, exist_ok=True)
            self._connues.write_parquet(provisoire)
            provisoire.replace(self._fichier)
            self._clean()
        except (OSError, pl.exceptions.PolarsError):
            provisoire.unlink(missing_ok=True)

    def _read_and_keep(self, empreintes: pl.DataFrame, combinaisons: pl.DataFrame) -> pl.DataFrame:
        lues = self._lire(combinaisons)
        self._nouvelles.append(empreintes.hstack(lues))
        return lues

    def _sign(self) -> list[pl.Expr]:
        """128 bits: two different combinations of texts are never taken one for the other."""
        return [pl.struct(self._cles).hash(graine).alias(nom) for graine, nom in enumerate(_EMPREINTE, start=1)]

    def _ouvrir(self) -> pl.DataFrame | None:
        if self._connues is None and self._fichier.exists():
            try:
                self._connues = pl.read_parquet(self._fichier)
            except (OSError, pl.exceptions.PolarsError):  # cut by a power failure: written again whole next time
                self._connues = None
        return self._connues

    def _clean(self) -> None:
        """Remove readings made by other rules, and what a process killed while writing left."""
        for autre in self._fichier.parent.glob(f"{self._prefixe}*.parquet"):
            if autre != self._fichier:
                autre.unlink(missing_ok=True)
        for reste in self._fichier.parent.glob(f".{self._prefixe}*.part"):
            if time() - reste.stat().st_mtime > _ABANDON_S:
                reste.unlink(missing_ok=True)
