"""Whose lines and prices a reader may see: the only thing analytics knows of who is asking."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Portee:
    """What the reader is entitled to.

    `membres_lisibles`: SIRENs whose own lines and prices may be shown by name (her own membre, and for the animatrice those who agreed).
    `membre`: the membre she speaks for, if any: « ma position » is about it. `tout` is for the club's own batch work (build, acts),
    never for a page. `familles_verrouillees`: codes of the familles whose consultation is running: their prices are shown to nobody.
    """

    membre: str | None
    membres_lisibles: frozenset[str]
    tout: bool = False
    familles_verrouillees: frozenset[str] = frozenset()

    def peut_lire(self, siren: str) -> bool:
        """True when lines and prices of this membre may be shown by name."""
        return self.tout or siren in self.membres_lisibles
