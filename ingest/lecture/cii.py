"""Cross Industry Invoice (Factur-X, ZUGFeRD 1 and 2, XRechnung): where each business term of EN 16931 stands (CEN/TS 16931-3-3)."""

from decimal import Decimal

from lxml import etree

from ingest.lecture.fiche_article import read_attributs, read_cpv
from ingest.lecture.modele_facture import Ajustement, Facture, LigneFacture, Partie
from ingest.lecture.montants import decimal, prix_de_base, siret_ou_siren
from ingest.lecture.table import Ecart
from ingest.lecture.xml_sur import enfants, texte

RACINES = (
    "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice",
    "{urn:ferd:CrossIndustryDocument:invoice:1p0}CrossIndustryDocument",
)
# EXTENDED profile, BT-X-8: a GROUP line repeats the sum of its details, an INFORMATION line is not invoiced.
_STATUTS_LIGNE = {"GROUP": Ecart.TOTAL, "INFORMATION": Ecart.TITRE}


def lire_cii(racine: etree._Element, nom: str) -> Facture:
    """Read one CII document. Raises `FichierRefuse` when an amount or a quantity is not a number."""
    document = _un(racine, "ExchangedDocument", "HeaderExchangedDocument")
    transaction = _un(racine, "SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction")
    accord = _un(transaction, "ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement")
    reglement = _un(transaction, "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")
    totaux = _un(reglement, "SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation")
    contexte = _un(racine, "ExchangedDocumentContext", "SpecifiedExchangedDocumentContext")
    lignes = enfants(transaction, "IncludedSupplyChainTradeLineItem") if transaction is not None else []
    return Facture(
        numero=texte(document, "ID"),
        date=_date(texte(document, "IssueDateTime", "DateTimeString")),
        type_document=texte(document, "TypeCode") or "380",
        devise=texte(reglement, "InvoiceCurrencyCode"),
        fournisseur=_partie(accord, "SellerTradeParty"),
        acheteur=_partie(accord, "BuyerTradeParty"),
        marche=_reference(accord, "ContractReferencedDocument"),
        commande=_reference(accord, "BuyerOrderReferencedDocument"),
        compte=texte(reglement, "ReceivableSpecifiedTradeAccountingAccount", "ID"),
        profil=texte(contexte, "GuidelineSpecifiedDocumentContextParameter", "ID"),
        lignes=tuple(_ligne(ligne, nom) for ligne in lignes if _est_article(ligne)),
        ajustements=(*_ajustements(reglement, nom), *_frais_de_livraison(reglement, nom)),
        total_ht=decimal(texte(totaux, "TaxBasisTotalAmount"), "le total hors taxes", nom),
    )


def _ligne(ligne: etree._Element, nom: str) -> LigneFacture:
    document = _un(ligne, "AssociatedDocumentLineDocument")
    numero = texte(document, "LineID")
    lieu = f"la ligne {numero}" if numero else "une ligne"
    article = _un(ligne, "SpecifiedTradeProduct")
    accord = _un(ligne, "SpecifiedLineTradeAgreement", "SpecifiedSupplyChainTradeAgreement")
    livraison = _un(ligne, "SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery")
    reglement = _un(ligne, "SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement")
    totaux = _un(reglement, "SpecifiedTradeSettlementLineMonetarySummation", "SpecifiedTradeSettlementMonetarySummation")
    taxe = _un(reglement, "ApplicableTradeTax")
    quantite = _un(livraison, "BilledQuantity")
    prix_net = _un(accord, "NetPriceProductTradePrice")
    prix = decimal(texte(prix_net, "ChargeAmount"), f"le prix de {lieu}", nom)
    base = decimal(texte(prix_net, "BasisQuantity"), f"la base de prix de {lieu}", nom)
    return LigneFacture(
        numero=numero,
        designation=texte(article, "Name") or texte(article, "Description"),
        description=texte(article, "Description"),
        reference=texte(article, "SellerAssignedID"),
        gtin=texte(article, "GlobalID"),
        cpv=read_cpv(article, "DesignatedProductClassification", "ClassCode"),
        attributs=read_attributs(article, "ApplicableProductCharacteristic", "Description"),
        quantite=decimal(texte(quantite), f"la quantité de {lieu}", nom),
        unite=quantite.get("unitCode") if quantite is not None else None,
        prix_net=prix_de_base(prix, base),
        net=decimal(texte(totaux, "LineTotalAmount"), f"le montant de {lieu}", nom),
        remises=sum((a.montant for a in _ajustements(reglement, nom)), Decimal(0)),
        taux_tva=decimal(_taux(taxe), f"le taux de TVA de {lieu}", nom),
        compte=texte(reglement, "ReceivableSpecifiedTradeAccountingAccount", "ID"),
        commande=_reference(accord, "BuyerOrderReferencedDocument"),
        ecart=_STATUTS_LIGNE.get(texte(document, "LineStatusReasonCode") or ""),
    )


def _est_article(ligne: etree._Element) -> bool:
    # ZUGFeRD 1 EXTENDED writes comments as lines without product, quantity or amount.
    article = _un(ligne, "SpecifiedTradeProduct")
    return article is not None or _un(ligne, "SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery") is not None


def _partie(accord: etree._Element | None, balise: str) -> Partie:
    partie = _un(accord, balise)
    if partie is None:
        return Partie()
    tva = next((texte(e) for e in enfants(partie, "SpecifiedTaxRegistration", "ID") if e.get("schemeID") == "VA"), None)
    identifiants = [
        *(texte(e) for e in enfants(partie, "GlobalID")),
        *(texte(e) for e in enfants(partie, "SpecifiedLegalOrganization", "ID")),
        *(texte(e) for e in enfants(partie, "ID")),
        *(texte(e) for e in enfants(partie, "URIUniversalCommunication", "URIID")),
    ]
    return Partie(texte(partie, "Name"), siret_ou_siren(identifiants, tva), tva)


def _ajustements(reglement: etree._Element | None, nom: str) -> list[Ajustement]:
    if reglement is None:
        return []
    ajustements = []
    for element in enfants(reglement, "SpecifiedTradeAllowanceCharge"):
        montant = decimal(texte(element, "ActualAmount"), "le montant d'une remise ou d'un frais", nom) or Decimal(0)
        est_frais = (texte(element, "ChargeIndicator", "Indicator") or "").casefold() in ("true", "1")
        taux = decimal(_taux(_un(element, "CategoryTradeTax")), "le taux de TVA d'une remise ou d'un frais", nom)
        ajustements.append(Ajustement(montant if est_frais else -montant, texte(element, "Reason"), taux, est_frais))
    return ajustements


def _frais_de_livraison(reglement: etree._Element | None, nom: str) -> list[Ajustement]:
    """Logistics charges of the EXTENDED profile (BG-X-42): they count in the total like a document-level charge."""
    if reglement is None:
        return []
    return [
        Ajustement(
            decimal(texte(element, "AppliedAmount"), "le montant des frais de livraison", nom) or Decimal(0),
            texte(element, "Description") or "Frais de livraison",
            decimal(_taux(_un(element, "AppliedTradeTax")), "le taux de TVA des frais de livraison", nom),
            est_frais=True,
        )
        for element in enfants(reglement, "SpecifiedLogisticsServiceCharge")
    ]


def _reference(accord: etree._Element | None, balise: str) -> str | None:
    return texte(accord, balise, "IssuerAssignedID") or texte(accord, balise, "ID")


def _taux(taxe: etree._Element | None) -> str | None:
    return texte(taxe, "RateApplicablePercent") or texte(taxe, "ApplicablePercent")


def _date(lue: str | None) -> str | None:
    """Turn format 102 (20251231) into 2025-12-31; leave anything else as it was written."""
    if lue and len(lue) == 8 and lue.isdigit():
        return f"{lue[:4]}-{lue[4:6]}-{lue[6:]}"
    return lue


def _un(element: etree._Element | None, *noms: str) -> etree._Element | None:
    """Return the first child bearing one of these names (the first is CII D16B, the next ZUGFeRD 1)."""
    if element is None:
        return None
    return next((enfant for nom in noms for enfant in element.iterchildren(f"{{*}}{nom}")), None)
