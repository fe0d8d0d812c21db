"""What an electronic invoice says, in the terms of EN 16931, before anything is computed from it."""

from dataclasses import dataclass
from decimal import Decimal

from ingest.lecture.table import Ecart

# UNTDID 1001 codes of credit notes accepted by EN 16931 for BT-3.
TYPES_AVOIR = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
TYPE_ACOMPTE = "386"


@dataclass(frozen=True)
class Partie:
    """Seller (BG-4) or buyer (BG-7): name, SIRET (14 digits) or SIREN (9) when the invoice gives one, VAT number."""

    nom: str | None = None
    siret: str | None = None
    numero_tva: str | None = None


@dataclass(frozen=True)
class LigneFacture:
    """One line (BG-25), amounts as written in the document: a credit note is not yet negative."""

    numero: str | None
    designation: str | None
    description: str | None
    reference: str | None
    gtin: str | None
    cpv: str | None
    attributs: tuple[tuple[str, str], ...]
    quantite: Decimal | None  # BT-129
    unite: str | None  # BT-130, UN/ECE Rec 20 code, or X + Rec 21 code
    prix_net: Decimal | None  # BT-146 ÷ BT-149
    net: Decimal | None  # BT-131, line allowances and charges (BT-136, BT-141) included
    remises: Decimal  # charges minus allowances of the line
    taux_tva: Decimal | None  # BT-152
    compte: str | None  # BT-133
    commande: str | None
    ecart: Ecart | None = None  # sub-total or information line of the EXTENDED profile


@dataclass(frozen=True)
class Ajustement:
    """A document-level allowance (BG-20, `montant` < 0) or charge (BG-21, `est_frais`, `montant` > 0)."""

    montant: Decimal
    motif: str | None
    taux_tva: Decimal | None
    est_frais: bool


@dataclass(frozen=True)
class Facture:
    """An invoice or a credit note, as its file says it."""

    numero: str | None
    date: str | None  # ISO
    type_document: str  # UNTDID 1001
    devise: str | None
    fournisseur: Partie
    acheteur: Partie
    marche: str | None  # BT-12
    commande: str | None  # BT-13
    compte: str | None  # BT-19
    profil: str | None  # BT-24
    lignes: tuple[LigneFacture, ...]
    ajustements: tuple[Ajustement, ...]
    total_ht: Decimal | None  # BT-109
    avoir_ubl: bool = False  # root element CreditNote

    @property
    def est_avoir(self) -> bool:
        """Say whether amounts must be read as negative."""
        return self.avoir_ubl or self.type_document in TYPES_AVOIR
