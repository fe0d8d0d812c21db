"""UBL 2.1 of an invoice or credit note."""

from datetime import timedelta
from decimal import Decimal

from lxml import etree
from lxml.builder import ElementMaker

from sample_data.generation.achats import Ligne, libelle_de
from sample_data.generation.ecriture import reference
from sample_data.generation.facture import Facture, base_de_prix, code_unite, gtin, iban_invente, siret_membre


def en_ubl(facture: Facture) -> bytes:
    """UBL 2.1 Invoice or CreditNote, EN 16931 fields."""
    genre = "CreditNote" if facture.avoir else "Invoice"
    espaces = {
        None: f"urn:oasis:names:specification:ubl:schema:xsd:{genre}-2",
        "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
        "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    }
    racine = ElementMaker(namespace=espaces[None], nsmap=espaces)
    a = ElementMaker(namespace=espaces["cac"])
    b = ElementMaker(namespace=espaces["cbc"])

    def somme(balise: str, montant: Decimal) -> etree._Element:
        return b(balise, f"{montant:f}", currencyID="EUR")

    def partie(balise: str, nom: str, siret: str, siren: str, ville: str) -> etree._Element:
        legale = [b("RegistrationName", nom), *([b("CompanyID", siret or siren, schemeID="0009" if siret else "0002")] if siren else [])]
        return a(
            balise,
            a(
                "Party",
                a("PartyName", b("Name", nom)),
                a("PostalAddress", b("CityName", ville), a("Country", b("IdentificationCode", "FR"))),
                a("PartyLegalEntity", *legale),
            ),
        )

    def ligne_ubl(numero: int, ligne: Ligne) -> etree._Element:
        libelle = libelle_de(ligne, facture.vocabulaire, dire_mesure=False)[0]
        ref, code, base = reference(ligne, facture.vocabulaire), gtin(ligne), base_de_prix(ligne)
        article = a("Item", b("Name", libelle))
        if ref:
            article.append(a("SellersItemIdentification", b("ID", ref)))
        if code:
            article.append(a("StandardItemIdentification", b("ID", code, schemeID="0160")))
        if ligne.cpv:
            article.append(a("CommodityClassification", b("ItemClassificationCode", ligne.cpv, listID="STI")))
        article.append(
            a(
                "ClassifiedTaxCategory",
                b("ID", "S" if ligne.taux_tva else "E"),
                b("Percent", f"{ligne.taux_tva}"),
                a("TaxScheme", b("ID", "VAT")),
            )
        )
        unite = code_unite(ligne)
        return a(
            f"{genre}Line",
            b("ID", str(numero)),
            b("CreditedQuantity" if facture.avoir else "InvoicedQuantity", f"{ligne.quantite * facture.signe}", unitCode=unite),
            somme("LineExtensionAmount", ligne.montant_ht * facture.signe),
            article,
            a("Price", somme("PriceAmount", ligne.prix_unitaire_ht * base), b("BaseQuantity", str(base), unitCode=unite)),
        )

    total, taxes = facture.montant_ht(), facture.taxes()
    tva = sum((t for _, _, t in taxes), Decimal(0))
    fournisseur = facture.fournisseur
    document = racine(
        genre,
        b("CustomizationID", "urn:cen.eu:en16931:2017"),
        b("ID", facture.numero),
        b("IssueDate", facture.date.isoformat()),
        *([] if facture.avoir else [b("DueDate", (facture.date + timedelta(days=30)).isoformat())]),
        b(f"{genre}TypeCode", "381" if facture.avoir else "380"),
        b("Note", "données inventées"),
        b("DocumentCurrencyCode", "EUR"),
        partie("AccountingSupplierParty", fournisseur.nom, fournisseur.siret, fournisseur.siren, fournisseur.ville),
        partie(
            "AccountingCustomerParty",
            f"Commune de {facture.membre.nom}",
            siret_membre(facture.membre),
            facture.membre.siren,
            facture.membre.nom,
        ),
        a("PaymentMeans", b("PaymentMeansCode", "30"), a("PayeeFinancialAccount", b("ID", iban_invente(fournisseur.nom)))),
        a(
            "TaxTotal",
            somme("TaxAmount", tva),
            *(
                a(
                    "TaxSubtotal",
                    somme("TaxableAmount", base),
                    somme("TaxAmount", montant),
                    a("TaxCategory", b("ID", "S" if taux else "E"), b("Percent", f"{taux}"), a("TaxScheme", b("ID", "VAT"))),
                )
                for taux, base, montant in taxes
            ),
        ),
        a(
            "LegalMonetaryTotal",
            somme("LineExtensionAmount", total),
            somme("TaxExclusiveAmount", total),
            somme("TaxInclusiveAmount", total + tva),
            somme("PayableAmount", total + tva),
        ),
        *(ligne_ubl(numero, ligne) for numero, ligne in enumerate(facture.lignes, 1)),
    )
    return bytes(etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True))
