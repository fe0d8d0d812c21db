"""What was read of the club store stays known until anybody commits anything to it: not one request later.

SQLite says so itself: `PRAGMA data_version`, on a connection that is kept and never writes, changes whenever any other connection, of this
process or of another, has committed (sqlite.org/pragma.html#pragma_data_version). It costs two microseconds. On PostgreSQL nothing is kept.
"""

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast

T = TypeVar("T")
TAILLE = 4096
"""Things kept; the one asked for longest ago goes first."""


class Souvenirs:
    """The things read since the last commit. Safe to use from several threads."""

    def __init__(self, fichier: Path | None) -> None:
        self._fichier = fichier
        self._temoin: sqlite3.Connection | None = None
        self._verrou = Lock()
        self._etat: int | None = None
        self._valeurs: OrderedDict[Hashable, Any] = OrderedDict()

    def etat(self) -> int | None:
        """A number that changes with each commit; None when it cannot be known."""
        with self._verrou:
            return self._lire_etat()

    def connu(self, cle: Hashable) -> Any | None:
        """What is kept under this key, None when nothing is or when the store changed since. Reads nothing else."""
        with self._verrou:
            self._oublier_le_perime()
            return self._valeurs.get(cle)

    def retenir(self, cle: Hashable, lire: Callable[[], T]) -> T:
        """What is kept under this key, or what `lire` reads of the store now; a None is not kept."""
        with self._verrou:
            etat = self._oublier_le_perime()
            connue = self._valeurs.get(cle)
            if connue is not None:
                self._valeurs.move_to_end(cle)
                return cast(T, connue)
        valeur = lire()
        with self._verrou:
            # Whatever was committed while it was being read makes it doubtful: it is then used once, as a request that came before.
            if valeur is not None and etat is not None and self._oublier_le_perime() == etat:
                self._valeurs[cle] = valeur
                if len(self._valeurs) > TAILLE:
                    self._valeurs.popitem(last=False)
        return valeur

    def fermer(self) -> None:
        """Forget everything and release the connection."""
        with self._verrou:
            self._valeurs.clear()
            if self._temoin is not None:
                self._temoin.close()
                self._temoin = None

    def _oublier_le_perime(self) -> int | None:
        etat = self._lire_etat()
        if etat is None or etat != self._etat:
            self._valeurs.clear()
            self._etat = etat
        return etat

    def _lire_etat(self) -> int | None:
        if self._fichier is None:
            return None
        try:
            if self._temoin is None:
                self._temoin = sqlite3.connect(self._fichier, isolation_level=None, check_same_thread=False)
                self._etat = None  # the numbers of two connections cannot be compared
            (version,) = self._temoin.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error:  # whoever reads the store itself will say what is wrong with it
            return None
        return int(version)
