"""A layout is how one kind of software or one secretary lays out purchases: headers, formats, encoding, totals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

NBSP = "\N{NO-BREAK SPACE}"
FINE = "\N{NARROW NO-BREAK SPACE}"


def virgule(nombre: Decimal) -> str:
    """`1234,56`."""
    return f"{nombre:f}".replace(".", ",")


def point(nombre: Decimal) -> str:
    """`1234.56`."""
    return f"{nombre:f}"


def milliers(nombre: Decimal) -> str:
    """`1 234,56` with a no-break space."""
    return f"{nombre:,f}".replace(",", NBSP).replace(".", ",")


def euros(nombre: Decimal) -> str:
    """`1 234,56 €` with narrow and ordinary no-break spaces."""
    return f"{nombre:,f}".replace(",", FINE).replace(".", ",") + NBSP + "€"


def parentheses(nombre: Decimal) -> str:
    """`(1 234,56)` for a negative, as accountants print it."""
    return f"({milliers(-nombre)})" if nombre < 0 else milliers(nombre)


def moins_final(nombre: Decimal) -> str:
    """`1234,56-` for a negative, as old software prints it."""
    return f"{virgule(-nombre)}-" if nombre < 0 else virgule(nombre)


def jour_long(jour: date) -> str:
    """`31/12/2025`."""
    return f"{jour:%d/%m/%Y}"


def jour_court(jour: date) -> str:
    """`31/12/25`."""
    return f"{jour:%d/%m/%y}"


def jour_iso(jour: date) -> str:
    """`2025-12-31`."""
    return jour.isoformat()


@dataclass(frozen=True)
class Disposition:
    """Columns are (header, field); fields are those of `ecriture.valeurs`. Amounts are written with `montant`, the rest with `nombre`."""

    colonnes: tuple[tuple[str, str], ...]
    format: str = "csv"  # csv | xlsx | ods
    encodage: str = "cp1252"
    separateur: str = ";"
    fin_de_ligne: str = "\r\n"
    nombre: Callable[[Decimal], str] = virgule
    montant: Callable[[Decimal], str] = virgule
    jour: Callable[[date], str] = jour_long
    titres: tuple[str, ...] = ()
    entete_haute: Mapping[str, str] = field(default_factory=dict)  # field → text above the header of its column
    totaux: str = ""  # "" | bas | fournisseur (interleaved and bottom) | mois (interleaved and bottom)
    repete_entete: int = 0  # header repeated every n lines, as page breaks do
    majuscules: bool = False
    coupe: int | None = None
    guillemets: bool = False
    retours: bool = False  # some labels go on over a second line, inside quotes
    excel: bool = False  # the file went through a spreadsheet that takes a SIRET for a number
    feuilles: str = ""  # "" | parametres (second, irrelevant sheet) | annees (one sheet a year, and the irrelevant one)

    @property
    def a_unite(self) -> bool:
        """Whether a column says the selling unit."""
        return any(champ == "unite" for _, champ in self.colonnes)


FACTURIER = Disposition(
    colonnes=(
        ("Date facture", "date"),
        ("N° facture", "piece"),
        ("Fournisseur", "fournisseur"),
        ("SIRET", "siret"),
        ("Désignation", "libelle"),
        ("Réf.", "reference"),
        ("Qté", "quantite"),
        ("Unité", "unite"),
        ("PU HT", "pu_ht"),
        ("Montant HT", "montant_ht"),
        ("TVA %", "taux_tva"),
        ("Compte", "compte"),
    ),
)
TITRE_ET_EUROS = Disposition(
    colonnes=(
        ("Date", "date"),
        ("Créancier", "fournisseur"),
        ("Libellé de l'article", "libelle"),
        ("Quantité", "quantite"),
        ("U.", "unite"),
        ("Prix unitaire H.T.", "pu_ht"),
        ("Total H.T.", "montant_ht"),
        ("Imputation", "compte"),
        ("Observations", "vide"),
    ),
    encodage="utf-8-sig",
    nombre=milliers,
    montant=euros,
    titres=("MAIRIE DE {nom}", "État des achats – exercice {annees}", ""),
    totaux="fournisseur",
)
OUVERT = Disposition(
    colonnes=(
        ("date_facture", "date"),
        ("tiers", "fournisseur"),
        ("siret_tiers", "siret"),
        ("libelle", "libelle"),
        ("qte", "quantite"),
        ("unite", "unite"),
        ("pu", "pu_ht"),
        ("total_ht", "montant_ht"),
        ("nature", "compte"),
        ("code_cpv", "cpv"),
    ),
    encodage="utf-8",
    separateur=",",
    retours=True,
    fin_de_ligne="\n",
    nombre=point,
    montant=point,
    jour=jour_iso,
)
TEXTE_UNICODE = Disposition(
    colonnes=(
        ("Date", "date"),
        ("N° pièce", "piece"),
        ("Nom", "fournisseur"),
        ("N° SIRET", "siret"),
        ("Désignation", "libelle"),
        ("Qté", "quantite"),
        ("Cond.", "unite"),
        ("P.U.", "pu_ht"),
        ("Montant", "montant_ht"),
    ),
    encodage="utf-16",
    separateur="\t",
    entete_haute={"date": "Facture", "fournisseur": "Fournisseur", "libelle": "Article", "pu_ht": "Hors taxes (€)"},
    excel=True,
    montant=milliers,
    jour=jour_court,
)
VIEUX_MAC = Disposition(
    colonnes=(
        ("DATE", "date"),
        ("FOURNISSEUR", "fournisseur"),
        ("DÉSIGNATION", "libelle"),
        ("QTÉ", "quantite"),
        ("UNITÉ", "unite"),
        ("PRIX H.T.", "pu_ht"),
        ("TOTAL H.T.", "montant_ht"),
    ),
    encodage="mac_roman",
    fin_de_ligne="\r",
    jour=jour_court,
    totaux="bas",
)
SANS_PRIX_UNITAIRE = Disposition(
    colonnes=(
        ("Date mandat", "date"),
        ("Mandat", "piece"),
        ("Raison sociale", "fournisseur"),
        ("Objet", "libelle"),
        ("Nombre", "quantite"),
        ("Unité", "unite"),
        ("Montant HT", "montant_ht"),
        ("Article", "compte"),
    ),
    montant=moins_final,
    nombre=moins_final,
    totaux="mois",
)
BARRES = Disposition(
    colonnes=(
        ("Exercice", "exercice"),
        ("Date fact.", "date"),
        ("Tiers", "fournisseur"),
        ("Libellé", "libelle"),
        ("Référence", "reference"),
        ("Qté livrée", "quantite"),
        ("UV", "unite"),
        ("Prix U. HT", "pu_ht"),
        ("Mt HT", "montant_ht"),
        ("Mt TTC", "montant_ttc"),
        ("Gestionnaire", "service"),
    ),
    encodage="iso8859-15",
    separateur="|",
    fin_de_ligne="\n",
    repete_entete=60,
    majuscules=True,
)
MAGNUS = Disposition(
    colonnes=(
        ("Exercice", "exercice"),
        ("Collectivite", "collectivite"),
        ("Budget", "budget"),
        ("CodeTiers", "code_tiers"),
        ("NomTiers", "fournisseur"),
        ("SiretTiers", "siret"),
        ("Article", "compte"),
        ("Operation", "vide"),
        ("Service", "service"),
        ("Fonction", "fonction"),
        ("NumMandat", "piece"),
        ("DateMandat", "date"),
        ("Libelle", "libelle"),
        ("Quantite", "quantite"),
        ("MtUnitaire", "pu_ht"),
        ("MtHTaxe", "montant_ht"),
        ("TVA", "taux_tva"),
        ("MtTTC", "montant_ttc"),
    ),
    guillemets=True,
    majuscules=True,
    coupe=50,
)
TTC_SEUL = Disposition(
    colonnes=(
        ("Date", "date"),
        ("Fournisseur", "fournisseur"),
        ("Libellé", "libelle"),
        ("Quantité", "quantite"),
        ("Unité", "unite"),
        ("Prix unitaire TTC", "pu_ttc"),
        ("Montant TTC", "montant_ttc"),
        ("Taux TVA", "taux_tva"),
    ),
    encodage="utf-8",
    montant=euros,
    titres=("Commune de {nom} – dépenses {annees} (montants TTC)",),
)
CLASSEUR = Disposition(
    colonnes=(
        ("Date", "date"),
        ("N° facture", "piece"),
        ("Fournisseur", "fournisseur"),
        ("SIRET", "siret"),
        ("Désignation", "libelle"),
        ("Quantité", "quantite"),
        ("Unité", "unite"),
        ("PU HT", "pu_ht"),
        ("Montant HT", "montant_ht"),
        ("Taux de TVA", "taux_tva"),
        ("Compte", "compte"),
        ("Service", "service"),
    ),
    format="xlsx",
    titres=("Suivi des achats {annees} – {nom}", ""),
    totaux="bas",
    feuilles="parametres",
)
CLASSEUR_DEUX_NIVEAUX = Disposition(
    colonnes=(
        ("Date", "date"),
        ("N°", "piece"),
        ("Nom", "fournisseur"),
        ("Désignation", "libelle"),
        ("Cond.", "unite"),
        ("Qté", "quantite"),
        ("P.U.", "pu_ht"),
        ("Total", "montant_ht"),
    ),
    format="xlsx",
    titres=("VILLE DE {nom}",),
    entete_haute={"date": "Facture", "fournisseur": "Fournisseur", "libelle": "Article", "pu_ht": "Montants HT"},
    totaux="fournisseur",
    majuscules=True,
    coupe=40,
)
CLASSEUR_ANNEES = Disposition(
    colonnes=(
        ("Fournisseur", "fournisseur"),
        ("Date", "date"),
        ("Article", "libelle"),
        ("Réf. article", "reference"),
        ("Qté", "quantite"),
        ("U", "unite"),
        ("Prix HT", "pu_ht"),
        ("Total HT", "montant_ht"),
        ("Imput.", "compte"),
    ),
    format="xlsx",
    feuilles="annees",
)
CLASSEUR_MARCHES = Disposition(
    colonnes=(
        ("Date facture", "date"),
        ("N° facture", "piece"),
        ("Titulaire", "fournisseur"),
        ("SIRET titulaire", "siret"),
        ("N° marché", "marche"),
        ("Code CPV", "cpv"),
        ("Libellé", "libelle"),
        ("Référence", "reference"),
        ("Quantité", "quantite"),
        ("UV", "unite"),
        ("Prix unitaire HT", "pu_ht"),
        ("Montant HT", "montant_ht"),
        ("TVA", "taux_tva"),
        ("Imputation", "compte"),
        ("Direction", "service"),
    ),
    format="xlsx",
    feuilles="parametres",
)
CLASSEUR_ODS = Disposition(
    colonnes=(
        ("Date", "date"),
        ("Fournisseur", "fournisseur"),
        ("Libellé", "libelle"),
        ("Quantité", "quantite"),
        ("Unité", "unite"),
        ("Prix HT", "pu_ht"),
        ("Montant HT", "montant_ht"),
    ),
    format="ods",
    titres=("Achats de la commune de {nom}",),
    totaux="bas",
)
