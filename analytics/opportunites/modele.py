"""The words of an opportunité: its assumptions, its gain with an interval, its three marks, its parts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from analytics.groupement.repartition import Cle
from analytics.procedures import Procedure


class Assiette(StrEnum):
    """Which amounts a key in proportion of amounts is applied to: it changes who pays, so it is always said."""

    COMMANDE = "commande"  # ordered, at the price of the groupement
    PAYE = "paye"  # paid before the groupement


@dataclass(frozen=True)
class Effet:
    """A measured volume effect: elasticity of price to quantity and its 95 % interval (negative: more volume, lower price)."""

    centre: Decimal
    bas: Decimal
    haut: Decimal

    @property
    def mesurable(self) -> bool:
        """False when the interval holds zero or a price that rises with volume: then no effect is assumed."""
        return self.haut < 0


@dataclass(frozen=True)
class Marque:
    """A mark overridden by the club, with its reason."""

    valeur: int
    raison: str


@dataclass(frozen=True)
class Hypotheses:
    """All that is assumed, each named on the page; None means: the dated policy value at the date asked.

    `prix_groupes`: article → price of the groupement in EUR HT per reference unit, paid by everyone (who paid less loses). Without
    it, membres above the first quartile come to it and the others keep their price. `effets`: famille → measured volume
    effect. `contrats_en_cours`: famille → number of membres bound by a contract. `marques`: (code of the opportunité, axis)
    → mark of the club. `populations` of membres for the key per inhabitant, when the observatoire lacks them.
    """

    cle: Cle = Cle.PRORATA_MONTANT
    assiette: Assiette = Assiette.COMMANDE
    part_egalite: Decimal = Decimal("0.5")
    frais_annuels_ht: Decimal | None = None
    couts_procedure: Mapping[str, Decimal] | None = None
    marge_maximum: Decimal | None = None
    prix_groupes: Mapping[str, Decimal] = field(default_factory=dict)
    effets: Mapping[str, Effet] | None = None  # None: those measured in the observatoire
    contrats_en_cours: Mapping[str, int] = field(default_factory=dict)
    marques: Mapping[tuple[str, str], Marque] = field(default_factory=dict)
    ensembles: tuple[tuple[str, ...], ...] | None = None  # sets of familles; None: `ensembles.yaml`


@dataclass(frozen=True)
class Gain:
    """Yearly gain in EUR HT, exact here and rounded when shown. `brut_*` before any cost.

    `brut_bas`: membres above the median come to the median. `brut_central`: membres above the first quartile come to it, or to what the
    measured volume effect gives at the prudent end of its interval, or the given price. `brut_haut`: with the effect at its
    centre. `net_* = brut_* − frais − procédure + évité`.
    """

    brut_bas: Decimal
    brut_central: Decimal
    brut_haut: Decimal
    frais: Decimal
    procedure: Decimal
    evite: Decimal
    part_couverte: Decimal  # share of the spend that the gain is computed on (0 to 1)
    nb_articles: int
    nb_lignes: int
    hypothese: str
    phrase: str

    @property
    def net_bas(self) -> Decimal:
        """Low end of the interval."""
        return self.brut_bas - self.frais - self.procedure + self.evite

    @property
    def net_central(self) -> Decimal:
        """The value that ranks."""
        return self.brut_central - self.frais - self.procedure + self.evite

    @property
    def net_haut(self) -> Decimal:
        """High end of the interval."""
        return self.brut_haut - self.frais - self.procedure + self.evite


@dataclass(frozen=True)
class PartMembre:
    """What it would bring to one membre each year, EUR HT; figures are None with a reason when the reader may not see them."""

    siren: str
    nom: str
    depense_actuelle: Decimal | None
    gain_brut: Decimal | None
    frais: Decimal | None  # its share of coordination and procedure
    evite: Decimal | None
    gain_net: Decimal | None
    phrase: str
    motif_absence: str | None = None

    @property
    def perd(self) -> bool | None:
        """True when it would pay more than it gains; None when not shown."""
        return None if self.gain_net is None else self.gain_net < 0


@dataclass(frozen=True)
class Note:
    """One mark, 1 is best, 3 is worst, and why in one sentence."""

    axe: str  # potentiel | enjeu | faisabilite
    valeur: int
    phrase: str
    par_le_club: bool = False


@dataclass(frozen=True)
class Opportunite:
    """One famille or set of familles worth buying together, or not."""

    code: str  # « AD01 » or « AD01+AD02+AD04 »
    libelle: str
    familles: tuple[str, ...]
    nature: str
    potentiel: Note
    enjeu: Note
    faisabilite: Note
    gain: Gain
    nb_membres: int
    nb_fournisseurs: int
    depense_annuelle_ht: Decimal
    montant_estime_ht: Decimal  # over the whole duration
    maximum_ht: Decimal
    duree_mois: int
    procedure: Procedure | None  # None for travaux
    membres: tuple[PartMembre, ...]
    remarques: tuple[str, ...]
    ecartee: str | None = None  # sentence, when it is not proposed
    alertes_membre: tuple[str, ...] = ()  # for the reader's own membre only

    @property
    def rang(self) -> tuple[bool, int, int, int, bool, Decimal, str]:
        """Lexicographic: kept first, then potentiel, enjeu, faisabilité; among equals, those whose gain is known, then the net gain."""
        return (
            self.ecartee is not None,
            self.potentiel.valeur,
            self.enjeu.valeur,
            self.faisabilite.valeur,
            self.gain.nb_articles == 0,
            -self.gain.net_central,
            self.code,
        )
