"""UN/CEFACT Cross Industry Invoice of an invoice or credit note."""

from decimal import Decimal

from lxml import etree
from lxml.builder import ElementMaker

from sample_data.generation.achats import Ligne, libelle_de
from sample_data.generation.ecriture import reference
from sample_data.generation.facture import Facture, base_de_prix, code_unite, gtin, iban_invente, siret_membre


def en_cii(facture: Facture, profil: str = "urn:cen.eu:en16931:2017") -> bytes:
    """UN/CEFACT Cross Industry Invoice, EN 16931 fields."""
    espaces = {
        "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
        "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
        "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    }
    m = ElementMaker(namespace=espaces["rsm"], nsmap=espaces)
    r = ElementMaker(namespace=espaces["ram"])
    u = ElementMaker(namespace=espaces["udt"])

    def partie(balise: str, nom: str, siret: str, siren: str, ville: str) -> etree._Element:
        return r(
            balise,
            r("Name", nom),
            r("SpecifiedLegalOrganization", r("ID", siret or siren, schemeID="0009" if siret else "0002")),
            r("PostalTradeAddress", r("CityName", ville), r("CountryID", "FR")),
        )

    def ligne_cii(numero: int, ligne: Ligne) -> etree._Element:
        libelle = libelle_de(ligne, facture.vocabulaire, dire_mesure=False)[0]
        ref, code, base = reference(ligne, facture.vocabulaire), gtin(ligne), base_de_prix(ligne)
        unite = code_unite(ligne)
        produit = r("SpecifiedTradeProduct")
        if code:
            produit.append(r("GlobalID", code, schemeID="0160"))
        if ref:
            produit.append(r("SellerAssignedID", ref))
        produit.append(r("Name", libelle))
        if ligne.cpv:
            produit.append(r("DesignatedProductClassification", r("ClassCode", ligne.cpv, listID="STI")))
        return r(
            "IncludedSupplyChainTradeLineItem",
            r("AssociatedDocumentLineDocument", r("LineID", str(numero))),
            produit,
            r(
                "SpecifiedLineTradeAgreement",
                r(
                    "NetPriceProductTradePrice",
                    r("ChargeAmount", f"{ligne.prix_unitaire_ht * base:f}"),
                    r("BasisQuantity", str(base), unitCode=unite),
                ),
            ),
            r("SpecifiedLineTradeDelivery", r("BilledQuantity", f"{ligne.quantite * facture.signe}", unitCode=unite)),
            r(
                "SpecifiedLineTradeSettlement",
                r(
                    "ApplicableTradeTax",
                    r("TypeCode", "VAT"),
                    r("CategoryCode", "S" if ligne.taux_tva else "E"),
                    r("RateApplicablePercent", f"{ligne.taux_tva}"),
                ),
                r("SpecifiedTradeSettlementLineMonetarySummation", r("LineTotalAmount", f"{ligne.montant_ht * facture.signe:f}")),
            ),
        )

    total, taxes = facture.montant_ht(), facture.taxes()
    tva = sum((t for _, _, t in taxes), Decimal(0))
    fournisseur = facture.fournisseur
    document = m(
        "CrossIndustryInvoice",
        m("ExchangedDocumentContext", r("GuidelineSpecifiedDocumentContextParameter", r("ID", profil))),
        m(
            "ExchangedDocument",
            r("ID", facture.numero),
            r("TypeCode", "381" if facture.avoir else "380"),
            r("IssueDateTime", u("DateTimeString", f"{facture.date:%Y%m%d}", format="102")),
            r("IncludedNote", r("Content", "données inventées")),
        ),
        m(
            "SupplyChainTradeTransaction",
            *(ligne_cii(numero, ligne) for numero, ligne in enumerate(facture.lignes, 1)),
            r(
                "ApplicableHeaderTradeAgreement",
                partie("SellerTradeParty", fournisseur.nom, fournisseur.siret, fournisseur.siren, fournisseur.ville),
                partie(
                    "BuyerTradeParty",
                    f"Commune de {facture.membre.nom}",
                    siret_membre(facture.membre),
                    facture.membre.siren,
                    facture.membre.nom,
                ),
            ),
            r("ApplicableHeaderTradeDelivery"),
            r(
                "ApplicableHeaderTradeSettlement",
                r("InvoiceCurrencyCode", "EUR"),
                r(
                    "SpecifiedTradeSettlementPaymentMeans",
                    r("TypeCode", "30"),
                    r("PayeePartyCreditorFinancialAccount", r("IBANID", iban_invente(fournisseur.nom))),
                ),
                *(
                    r(
                        "ApplicableTradeTax",
                        r("CalculatedAmount", f"{montant:f}"),
                        r("TypeCode", "VAT"),
                        r("BasisAmount", f"{base:f}"),
                        r("CategoryCode", "S" if taux else "E"),
                        r("RateApplicablePercent", f"{taux}"),
                    )
                    for taux, base, montant in taxes
                ),
                r(
                    "SpecifiedTradeSettlementHeaderMonetarySummation",
                    r("LineTotalAmount", f"{total:f}"),
                    r("TaxBasisTotalAmount", f"{total:f}"),
                    r("TaxTotalAmount", f"{tva:f}", currencyID="EUR"),
                    r("GrandTotalAmount", f"{total + tva:f}"),
                    r("DuePayableAmount", f"{total + tva:f}"),
                ),
            ),
        ),
    )
    return bytes(etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True))
