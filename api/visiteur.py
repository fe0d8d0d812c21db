"""Who is asking, and what she is entitled to: the one place where roles become rights.

A membre's account sees its own lines and the statistics of the others; the animatrice sees the lines of the membres who agreed to it;
the administrateur keeps the house running and sees nobody's lines (produit.md §1 and §3.6).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from analytics.portee import Portee
from ingest.erreurs import Refus
from ingest.vocabulaire import Role


class Permission(StrEnum):
    """What a route lets one do. A route declares exactly one, and cannot be mounted without."""

    PUBLIC = "public"
    """Open to anybody: sign-in page, proof of life. Nothing about any membre."""
    CONNECTE = "connecte"
    """Any signed-in person, about herself only: home, sign-out, help."""
    LIRE_MEMBRES = "lire_membres"
    GERER_MEMBRES = "gerer_membres"
    LIRE_DEPOTS = "lire_depots"
    DEPOSER = "deposer"
    LIRE_LIGNES = "lire_lignes"
    LIRE_OBSERVATOIRE = "lire_observatoire"
    LIRE_BESOINS = "lire_besoins"
    MODIFIER_BESOINS = "modifier_besoins"
    LIRE_OPPORTUNITES = "lire_opportunites"
    ARBITRER = "arbitrer"
    """Decide about articles, familles of lines, fournisseurs, prices for the whole club."""
    GERER_NOMENCLATURE = "gerer_nomenclature"
    """Add, rename, merge and retire familles."""
    LIRE_GROUPEMENTS = "lire_groupements"
    FORMER_GROUPEMENT = "former_groupement"
    EXPORTER = "exporter"
    ADMINISTRER = "administrer"


_LECTURE = frozenset(
    {
        Permission.PUBLIC,
        Permission.CONNECTE,
        Permission.LIRE_MEMBRES,
        Permission.LIRE_OBSERVATOIRE,
        Permission.LIRE_BESOINS,
        Permission.LIRE_OPPORTUNITES,
        Permission.LIRE_GROUPEMENTS,
    }
)
_LIGNES = frozenset({Permission.LIRE_DEPOTS, Permission.LIRE_LIGNES, Permission.EXPORTER})

DROITS: Mapping[Role, frozenset[Permission]] = {
    Role.ELU: _LECTURE | _LIGNES,
    Role.SECRETAIRE: _LECTURE | _LIGNES | {Permission.DEPOSER, Permission.MODIFIER_BESOINS},
    Role.ANIMATRICE: _LECTURE
    | _LIGNES
    | {
        Permission.DEPOSER,
        Permission.GERER_MEMBRES,
        Permission.MODIFIER_BESOINS,
        Permission.ARBITRER,
        Permission.GERER_NOMENCLATURE,
        Permission.FORMER_GROUPEMENT,
    },
    Role.ADMINISTRATEUR: frozenset(
        {
            Permission.PUBLIC,
            Permission.CONNECTE,
            Permission.LIRE_MEMBRES,
            Permission.GERER_MEMBRES,
            Permission.GERER_NOMENCLATURE,
            Permission.ADMINISTRER,
        }
    ),
}


class NonConnecte(Refus):
    """Nobody is signed in."""


class AccesRefuse(Refus):
    """She is known, and this is not for her."""


class Introuvable(Refus):
    """Does not exist, or belongs to another membre: the same sentence, so that existence is not told."""


class ArticleInconnu(Introuvable):
    """No article bears this identifier today; it may be one of another day (docs/decisions/0008), which then leads to today's."""

    def __init__(self, phrase: str, article_id: str) -> None:
        super().__init__(phrase)
        self.article_id = article_id


@dataclass(frozen=True)
class Visiteur:
    """One asking person.

    `membre` is the SIREN she speaks for, `membres_partages` those who agreed that the club's animatrice sees their lines.
    `tout` is the person at the keyboard of the machine that holds the data (the command): she has the files anyway.
    """

    compte: int | None
    email: str
    nom: str
    role: Role
    membre: str | None = None
    membres_partages: frozenset[str] = field(default=frozenset())
    demo: bool = False
    tout: bool = False

    def peut(self, permission: Permission) -> bool:
        """Whether her role holds this permission."""
        return self.tout or permission in DROITS[self.role]

    def verifie(self, permission: Permission) -> None:
        """Raise `AccesRefuse` unless her role holds this permission."""
        if not self.peut(permission):
            raise AccesRefuse("Votre compte ne donne pas accès à cette page. Demandez à l'animatrice du club si vous en avez besoin.")

    @property
    def membres_lisibles(self) -> frozenset[str]:
        """SIRENs whose own lines, prices and dépôts may be shown to her."""
        lisibles = {self.membre} if self.membre and self.role in (Role.SECRETAIRE, Role.ELU) else set()
        if self.role is Role.ANIMATRICE:
            lisibles |= self.membres_partages | ({self.membre} if self.membre else set())
        return frozenset(lisibles)

    def peut_lire_membre(self, siren: str) -> bool:
        """Whether the dépôts, lines and prices of this membre may be shown to her by name."""
        return self.tout or siren in self.membres_lisibles

    def verifie_membre(self, siren: str) -> None:
        """Object-level check, the only one: raise `Introuvable` when the thing asked belongs to a membre that is not hers to read."""
        if not self.peut_lire_membre(siren):
            raise Introuvable("Cette page n'existe pas, ou elle concerne un autre membre que le vôtre.")

    def portee(self) -> Portee:
        """What analytics may show her."""
        return Portee(membre=self.membre, membres_lisibles=self.membres_lisibles, tout=self.tout)

    @classmethod
    def au_clavier(cls) -> "Visiteur":
        """Whoever types `mercuriale …` on the machine that holds the data."""
        return cls(compte=None, email="commande", nom="Ligne de commande", role=Role.ANIMATRICE, tout=True)
