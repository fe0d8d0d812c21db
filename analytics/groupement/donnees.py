"""One frozen set of data per groupement: every act is drafted from it, so no two acts can disagree.

Plain strings, dates, decimals and tuples only: it is kept as JSON, hashed, and read by the templates of the acts.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from analytics.groupement.repartition import Cle, repartir
from analytics.groupement.serialisation import from_plain, to_plain
from ingest.vocabulaire import NatureMembre

CENTIME = Decimal("0.01")


class Variante(StrEnum):
    """What the membres entrust to the coordonnateur (CCP L2113-7; CGCT L5211-4-4 for the last one)."""

    A = "A_PASSATION"  # the coordonnateur runs the procedure; each membre signs, notifies and performs its marché
    B = "B_SIGNATURE"  # … and signs and notifies for all; each membre orders, receives, pays
    B2 = "B2_SIGN_ACCORD"  # … and keeps the life of the accord-cadre (avenants, reconduction, résiliation)
    C = "C_INTEGRAL"  # … and orders and pays, refunded by the membres
    D = "D_MULTI"  # several coordonnateurs, each for its lots
    E = "E_EPCI_GRATUIT"  # CGCT L5211-4-4: the EPCI, free of charge, if its statutes say so


class Duree(StrEnum):
    """One consultation, or a standing groupement for the consultations to come."""

    PONCTUEL = "ponctuel"
    PERMANENT = "permanent"


class RegimeCao(StrEnum):
    """Which commission d'appel d'offres is competent (CGCT L1414-3)."""

    MIXTE = "I"  # one elected representative per membre
    COORDONNATEUR = "II"  # that of the coordonnateur


@dataclass(frozen=True)
class Membre:
    """One party: one legal person, one SIREN. A fact not yet known is None and becomes a visible blank in the acts."""

    siren: str
    nom: str  # « Touvre », « Grand Angoulême »
    nature: NatureMembre
    population: int | None = None  # municipal population in force; None for a CCAS or a syndicat
    adresse: str | None = None
    representant: str | None = None  # name of the signatory
    qualite: str | None = None  # « maire », « présidente »…
    representant_designe_le: date | None = None
    deliberation_numero: str | None = None
    deliberation_le: date | None = None
    executoire_le: date | None = None
    delegation_le: date | None = None  # delegation L2122-22 4° (or its equivalent) to sign the marchés
    siret_facturation: str | None = None
    code_service: str | None = None  # Chorus Pro
    contact: str | None = None
    departement: str | None = None
    commune_de_rattachement: str | None = None  # of a CCAS
    adhere_le: date | None = None  # when it joined, if after the first membres


@dataclass(frozen=True)
class Lot:
    """One lot of the consultation. `coordonnateur` is given only with several coordonnateurs (variante D)."""

    numero: int
    intitule: str
    familles: tuple[str, ...]
    description: str = ""
    coordonnateur: str | None = None


@dataclass(frozen=True)
class Poste:
    """One line of the BPU. `catalogue` means: an amount bought on the supplier's catalogue, for which a discount is asked, not a price."""

    code: str  # « 1.03 »
    lot: int
    designation: str
    unite: str  # unit of order: « ramette de 500 feuilles »
    prix_estime_ht: Decimal  # EUR HT per unit, two decimals; 1 for a catalogue line
    catalogue: bool = False
    article_id: str | None = None


@dataclass(frozen=True)
class Besoin:
    """What one membre expects to need of one poste, per year, in the unit of the poste (in EUR HT for a catalogue line)."""

    membre: str  # SIREN
    poste: str  # Poste.code
    quantite_annuelle: Decimal


@dataclass(frozen=True)
class Plafond:
    """Limits of one membre in one lot for the whole duration of the accord-cadre, in EUR HT."""

    membre: str
    lot: int
    maximum_ht: Decimal
    minimum_ht: Decimal | None = None


@dataclass(frozen=True)
class Calendrier:
    """Dates of the project; None when not yet decided."""

    limite_deliberations: date | None = None
    publication: date | None = None
    debut_marche: date | None = None
    fin_convention: date | None = None  # of a permanent groupement; None = no end written


@dataclass(frozen=True)
class DonneesGroupement:
    """Everything the acts need, frozen. Amounts in EUR HT."""

    identifiant: str  # « G1 »
    version: int
    fige_le: date
    objet: str  # « l'achat de papier et de fournitures de bureau »
    nature: str  # fournitures | services
    territoire: str
    familles: tuple[tuple[str, str], ...]  # (code, libellé)
    variante: Variante
    duree: Duree
    cao: RegimeCao
    coordonnateur: str  # SIREN
    membres: tuple[Membre, ...]
    lots: tuple[Lot, ...]
    postes: tuple[Poste, ...]
    besoins: tuple[Besoin, ...]
    plafonds: tuple[Plafond, ...]
    duree_marche_mois: int
    reconductions: str  # « trois fois douze mois », « sans reconduction »
    cle: Cle
    frais_annuels_ht: Decimal  # 0 when the task is free
    calendrier: Calendrier
    date_droit: date  # date at which the law is read: that of the consultation
    exclusivite: bool = True  # membres buy these postes nowhere else during the marché
    preavis_retrait_jours: int = 90
    tribunal: str | None = None
    part_egalite: Decimal = Decimal("0.5")  # of the MIXTE key
    statuts_l5211_4_4_le: date | None = None  # date of the statutes that allow L5211-4-4
    motif_duree_longue: str | None = None  # reason of an accord-cadre over the maximal duration
    coordonnateur_tiers: Membre | None = None  # the EPCI of L5211-4-4, a party without being a membre
    observations: str = ""

    def membre(self, siren: str) -> Membre:
        """The party with this SIREN; KeyError when it is not one."""
        tiers: tuple[Membre, ...] = () if self.coordonnateur_tiers is None else (self.coordonnateur_tiers,)
        for candidat in (*self.membres, *tiers):
            if candidat.siren == siren:
                return candidat
        raise KeyError(siren)

    @property
    def parties(self) -> tuple[Membre, ...]:
        """All who sign the convention, coordonnateur first."""
        premier = self.membre(self.coordonnateur)
        return (premier, *(membre for membre in self.membres if membre.siren != premier.siren))

    def postes_du_lot(self, lot: int) -> tuple[Poste, ...]:
        """Postes of one lot, in order."""
        return tuple(poste for poste in self.postes if poste.lot == lot)

    def quantite(self, poste: str, membre: str | None = None) -> Decimal:
        """Yearly quantity of a poste, of one membre or of all."""
        return sum(
            (besoin.quantite_annuelle for besoin in self.besoins if besoin.poste == poste and membre in (None, besoin.membre)), Decimal(0)
        )

    def montant_poste(self, poste: Poste) -> Decimal:
        """Yearly estimate of a poste, EUR HT: total quantity × estimated price, rounded once. The line of the DQE."""
        return arrondir(self.quantite(poste.code) * poste.prix_estime_ht)

    def montants_du_poste(self, poste: Poste) -> dict[str, Decimal]:
        """The same amount per membre (SIREN); the sum is the line of the DQE, to the cent."""
        poids = {membre.siren: self.quantite(poste.code, membre.siren) for membre in self.membres}
        total = self.montant_poste(poste)
        if not sum(poids.values()):
            return dict.fromkeys(poids, Decimal(0))
        return repartir(total, poids)

    def montants(self) -> dict[tuple[str, int], Decimal]:
        """Yearly estimate in EUR HT by (SIREN, lot): the besoins annex, equal to the DQE to the cent."""
        totaux = {(membre.siren, lot.numero): Decimal(0) for membre in self.membres for lot in self.lots}
        for poste in self.postes:
            for siren, montant in self.montants_du_poste(poste).items():
                totaux[siren, poste.lot] += montant
        return totaux

    def montant_annuel(self, lot: int | None = None, membre: str | None = None) -> Decimal:
        """Yearly estimate in EUR HT, of one lot or all, of one membre or all."""
        return sum((m for (siren, numero), m in self.montants().items() if lot in (None, numero) and membre in (None, siren)), Decimal(0))

    def montant_total(self, lot: int | None = None, membre: str | None = None) -> Decimal:
        """The same over the whole duration of the marché, reconductions included."""
        return sommer(m for (siren, numero), m in self.montants_totaux().items() if lot in (None, numero) and membre in (None, siren))

    def montants_totaux(self) -> dict[tuple[str, int], Decimal]:
        """Estimate over the whole duration by (SIREN, lot): each lot is rounded once, its parts add up to it."""
        annuels = self.montants()
        totaux = dict.fromkeys(annuels, Decimal(0))
        for lot in self.lots:
            parts = {siren: montant for (siren, numero), montant in annuels.items() if numero == lot.numero}
            annuel = sommer(parts.values())
            if annuel:
                for siren, part in repartir(arrondir(annuel * self.duree_marche_mois / 12), parts).items():
                    totaux[siren, lot.numero] = part
        return totaux

    def maximum(self, lot: int | None = None, membre: str | None = None) -> Decimal:
        """Maximum in EUR HT over the whole duration: what counts against the thresholds (CCP R2121-8)."""
        return sum((p.maximum_ht for p in self.plafonds if lot in (None, p.lot) and membre in (None, p.membre)), Decimal(0))

    def to_json(self) -> str:
        """The set as JSON: decimals and dates as text, keys sorted, so that equal data give equal text."""
        return json.dumps(to_plain(asdict(self)), ensure_ascii=False, sort_keys=True, indent=1)

    @classmethod
    def from_json(cls, texte: str) -> "DonneesGroupement":
        """The inverse of `to_json`."""
        donnees: DonneesGroupement = from_plain(cls, json.loads(texte))
        return donnees

    @property
    def empreinte(self) -> str:
        """SHA-256 of the JSON: printed on every act."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def arrondir(montant: Decimal) -> Decimal:
    """To the cent, half up, as invoices do."""
    return montant.quantize(CENTIME, rounding=ROUND_HALF_UP)


def sommer(montants: Iterable[Decimal]) -> Decimal:
    """A Decimal sum, also of nothing."""
    return sum(montants, Decimal(0))
