"""One invoice: what its lines say whatever the syntax, its invented numbers included."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sample_data.generation.achats import Ligne
from sample_data.generation.catalogue import Membre, Vocabulaire
from sample_data.generation.fournisseurs import Fournisseur, avec_cle
from sample_data.generation.hasard import tirage
from sample_data.generation.prix import centimes

CODES_UNITE = {
    "carton": "XCT",
    "boite": "XBX",
    "paquet": "XPK",
    "sac": "XBG",
    "rouleau": "XRO",
    "ramette": "RM",
    "bidon": "XJC",
    "bouteille": "XBO",
    "flacon": "XBO",
    "seau": "XBJ",
    "palette": "XPX",
    "pot": "XPT",
    "colis": "XPC",
    "pack": "XPK",
    "mille": "MIL",
    "cent": "CEN",
    "tonne": "TNE",
    "mwh": "MWH",
    "kWh": "KWH",
    "m3": "MTQ",
    "paire": "PR",
    "kg": "KGM",
    "l": "LTR",
    "m": "MTR",
    "lot": "SET",
}


@dataclass(frozen=True)
class Facture:
    """One invoice or credit note; `lignes` in the order of BT-126."""

    numero: str
    date: date
    fournisseur: Fournisseur
    membre: Membre
    avoir: bool
    lignes: tuple[Ligne, ...]
    vocabulaire: Vocabulaire

    @property
    def signe(self) -> int:
        """A credit note states its quantities and amounts as positive numbers."""
        return -1 if self.avoir else 1

    def montant_ht(self) -> Decimal:
        """Sum of the lines as printed on the document."""
        return sum((ligne.montant_ht for ligne in self.lignes), Decimal(0)) * self.signe

    def par_taux(self) -> dict[Decimal, Decimal]:
        """Taxable amount by VAT rate, as printed."""
        bases: dict[Decimal, Decimal] = {}
        for ligne in self.lignes:
            bases[ligne.taux_tva] = bases.get(ligne.taux_tva, Decimal(0)) + ligne.montant_ht * self.signe
        return dict(sorted(bases.items()))

    def taxes(self) -> list[tuple[Decimal, Decimal, Decimal]]:
        """(rate, taxable amount, tax) for each rate."""
        return [(taux, base, centimes(base * taux / 100)) for taux, base in self.par_taux().items()]


def code_unite(ligne: Ligne) -> str:
    """UN/ECE Rec 20 or 21 code of the selling unit; C62 (one) when there is no better."""
    if ligne.conditionnement is None:
        return "C62"
    niveaux = ligne.conditionnement.niveaux[ligne.vendu :]
    return CODES_UNITE.get(niveaux[0].contenant if niveaux else ligne.conditionnement.compte, "C62")


def base_de_prix(ligne: Ligne) -> int:
    """BT-149: one line in ten is priced for ten units, so that whoever forgets to divide is seen."""
    if ligne.article is None:
        return 1
    return 10 if tirage("base", ligne.article.id, ligne.fournisseur.nom).random() < 0.1 else 1


def gtin(ligne: Ligne) -> str:
    """An invented GTIN-13 of the range kept for internal use (prefix 2), for one article in three, the same at every supplier."""
    if ligne.article is None or ligne.conditionnement is None:
        return ""
    rng = tirage("gtin", ligne.article.id, ligne.conditionnement.niveaux[ligne.vendu :])
    if rng.random() > 0.34:
        return ""
    corps = "2" + "".join(rng.choices("0123456789", k=11))
    somme = sum(int(c) * (3 if rang % 2 else 1) for rang, c in enumerate(corps))
    return corps + str(-somme % 10)


def iban_invente(cle: str) -> str:
    """A well-formed French IBAN of a bank that does not exist: what a reader must leave behind."""
    rng = tirage("iban", cle)
    corps = "99999" + "99999" + "".join(rng.choices("0123456789", k=11)) + "00"
    return f"FR{98 - int(corps + '152700') % 97:02d}{corps}"


def siret_membre(membre: Membre) -> str:
    """A SIRET of the membre with an invented establishment number."""
    return avec_cle(membre.siren + "0001")
