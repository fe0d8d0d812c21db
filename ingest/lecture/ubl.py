"""UBL 2.1 invoices and credit notes: where each business term of EN 16931 stands (CEN/TS 16931-3-2)."""

from decimal import Decimal

from lxml import etree

from ingest.lecture.fiche_article import read_attributs, read_cpv
from ingest.lecture.modele_facture import Ajustement, Facture, LigneFacture, Partie
from ingest.lecture.montants import decimal, prix_de_base, siret_ou_siren
from ingest.lecture.xml_sur import aplatir, enfants, texte

RACINES = (
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice",
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote",
)


def lire_ubl(racine: etree._Element, nom: str) -> Facture:
    """Read one UBL document. Raises `FichierRefuse` when an amount or a quantity is not a number."""
    avoir = etree.QName(racine).localname == "CreditNote"
    return Facture(
        numero=texte(racine, "ID"),
        date=texte(racine, "IssueDate"),
        type_document=texte(racine, "CreditNoteTypeCode" if avoir else "InvoiceTypeCode") or ("381" if avoir else "380"),
        devise=texte(racine, "DocumentCurrencyCode"),
        fournisseur=_partie(racine, "AccountingSupplierParty"),
        acheteur=_partie(racine, "AccountingCustomerParty"),
        marche=texte(racine, "ContractDocumentReference", "ID"),
        commande=texte(racine, "OrderReference", "ID"),
        compte=texte(racine, "AccountingCost"),
        profil=texte(racine, "CustomizationID"),
        lignes=tuple(_ligne(ligne, nom) for ligne in enfants(racine, "CreditNoteLine" if avoir else "InvoiceLine")),
        ajustements=_ajustements(racine, nom),
        total_ht=decimal(texte(racine, "LegalMonetaryTotal", "TaxExclusiveAmount"), "le total hors taxes", nom),
        avoir_ubl=avoir,
    )


def _partie(racine: etree._Element, balise: str) -> Partie:
    trouvees = enfants(racine, balise, "Party")
    if not trouvees:
        return Partie()
    partie = trouvees[0]
    tva = next((texte(t, "CompanyID") for t in enfants(partie, "PartyTaxScheme") if texte(t, "TaxScheme", "ID") in ("VAT", None)), None)
    identifiants = [
        *(texte(e) for e in enfants(partie, "PartyIdentification", "ID")),
        *(texte(e) for e in enfants(partie, "PartyLegalEntity", "CompanyID")),
        *(texte(e) for e in enfants(partie, "EndpointID")),
    ]
    nom = texte(partie, "PartyLegalEntity", "RegistrationName") or texte(partie, "PartyName", "Name")
    return Partie(nom, siret_ou_siren(identifiants, tva), tva)


def _ligne(ligne: etree._Element, nom: str) -> LigneFacture:
    lu = aplatir(ligne).get
    numero = lu("ID")
    lieu = f"la ligne {numero}" if numero else "une ligne"
    quantite = next(ligne.iterchildren("{*}InvoicedQuantity", "{*}CreditedQuantity"), None)
    article = next(ligne.iterchildren("{*}Item"), None)
    prix = decimal(lu("Price/PriceAmount"), f"le prix de {lieu}", nom)
    base = decimal(lu("Price/BaseQuantity"), f"la base de prix de {lieu}", nom)
    return LigneFacture(
        numero=numero,
        designation=lu("Item/Name") or lu("Item/Description"),
        description=lu("Item/Description"),
        reference=lu("Item/SellersItemIdentification/ID"),
        gtin=lu("Item/StandardItemIdentification/ID"),
        cpv=read_cpv(article, "CommodityClassification", "ItemClassificationCode"),
        attributs=read_attributs(article, "AdditionalItemProperty", "Name"),
        quantite=decimal(texte(quantite), f"la quantité de {lieu}", nom),
        unite=quantite.get("unitCode") if quantite is not None else None,
        prix_net=prix_de_base(prix, base),
        net=decimal(lu("LineExtensionAmount"), f"le montant de {lieu}", nom),
        remises=sum((a.montant for a in _ajustements(ligne, nom)), Decimal(0)),
        taux_tva=decimal(lu("Item/ClassifiedTaxCategory/Percent"), f"le taux de TVA de {lieu}", nom),
        compte=lu("AccountingCost"),
        commande=lu("OrderLineReference/OrderReference/ID"),
    )


def _ajustements(parent: etree._Element, nom: str) -> tuple[Ajustement, ...]:
    """Read the allowances and charges of the document or of a line (those of the price are inside it, and already in BT-146)."""
    ajustements = []
    for element in parent.iterchildren("{*}AllowanceCharge"):
        montant = decimal(texte(element, "Amount"), "le montant d'une remise ou d'un frais", nom) or Decimal(0)
        est_frais = (texte(element, "ChargeIndicator") or "").casefold() in ("true", "1")
        taux = decimal(texte(element, "TaxCategory", "Percent"), "le taux de TVA d'une remise ou d'un frais", nom)
        ajustements.append(Ajustement(montant if est_frais else -montant, texte(element, "AllowanceChargeReason"), taux, est_frais))
    return tuple(ajustements)
