"""What is the same for several readers in one version of the observatoire, computed for the first of them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar, cast

T = TypeVar("T")
TAILLE = 6_000
"""Things kept, of some kilobytes at most; the one asked for longest ago goes first."""


class Communs:
    """A memory by key, bounded. Safe to use from several threads: two may compute the same thing, and one of the two is kept."""

    def __init__(self) -> None:
        self._verrou = Lock()
        self._gardes: OrderedDict[Hashable, Any] = OrderedDict()

    def retenir(self, cle: Hashable, calculer: Callable[[], T]) -> T:
        """What is kept under this key, else what `calculer` gives, kept from now on (unless it is None)."""
        with self._verrou:
            connu = self._gardes.get(cle)
            if connu is not None:
                self._gardes.move_to_end(cle)
                return cast(T, connu)
        valeur = calculer()
        with self._verrou:
            self._gardes[cle] = valeur
            if len(self._gardes) > TAILLE:
                self._gardes.popitem(last=False)
        return valeur
