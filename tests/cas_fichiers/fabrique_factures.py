# ruff: noqa: E501 - an XML element reads better whole
"""The invoice and PES cases, built from the few elements each needs."""

import io

from pypdf import PdfWriter

_UBL = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
_CII = (
    'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
    'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" '
    'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"'
)
_PES = 'xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller"'


def factures() -> dict[str, bytes]:
    """Return the name and the bytes of each invoice and PES case."""
    base_de_prix = ubl(ligne_ubl("1", "200", "C62", "24.00", "12.00", base="100", cpv="39263000-3", nom="Chemises cartonnées"))
    return {
        "ubl_base_de_prix.xml": base_de_prix,
        "ubl_en_latin1.xml": base_de_prix.decode().replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        "ubl_avoir.xml": ubl(ligne_ubl("1", "2", "XCT", "38.00", "19.00", avoir=True), avoir=True, total="38.00"),
        "ubl_remises.xml": _ubl_remises(),
        "ubl_en_dollars.xml": base_de_prix.replace(b">EUR<", b">USD<"),
        "ubl_sans_ligne.xml": ubl(""),
        "ubl_quantite_illisible.xml": ubl(ligne_ubl("1", "deux", "C62", "24.00", "12.00")),
        "ubl_tronquee.xml": base_de_prix[:-300],
        "ubl_bombe.xml": _avec_dtd(base_de_prix, _entites()),
        "ubl_entite_externe.xml": _avec_dtd(base_de_prix, '<!ENTITY secret SYSTEM "file:///etc/hostname">'),
        "commande_ubl.xml": b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>',
        "xml_inconnu.xml": b"<?xml version='1.0'?><catalogue><produit/></catalogue>",
        "cii_frais.xml": _cii(_LIGNES_CII, frais="15.00", total="169.00"),
        "cii_minimum.xml": _cii("", total="154.00", profil="urn:factur-x.eu:1p0:minimum"),
        "facturx.pdf": _pdf(_cii(_LIGNES_CII, total="154.00")),
        "facturx_minimum.pdf": _pdf(_cii("", total="154.00", profil="urn:factur-x.eu:1p0:minimum")),
        "pdf_sans_donnees.pdf": _pdf(None),
        "pdf_protege.pdf": _pdf(_cii(_LIGNES_CII, total="154.00"), mot_de_passe="secret"),
        "pdf_tronque.pdf": _pdf(None)[:120],
        "pes_depense.xml": _pes_depense(),
        "pes_recette.xml": _pes("<PES_RecetteAller><Bordereau/></PES_RecetteAller>"),
        "pes_fragment.xml": b"<Bordereau><BlocBordereau><Exer V='2025'/></BlocBordereau></Bordereau>",
        "pes_acquit.xml": b"<n:PES_ACQUIT xmlns:n='http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour'/>",
    }


def ligne_ubl(
    numero: str,
    quantite: str,
    unite: str,
    net: str,
    prix: str,
    *,
    base: str = "",
    cpv: str = "",
    nom: str = "Ramette A4",
    avoir: bool = False,
    remise: str = "",
    taux: str = "20",
) -> str:
    """Write one UBL line."""
    balise, combien = ("CreditNoteLine", "CreditedQuantity") if avoir else ("InvoiceLine", "InvoicedQuantity")
    classement = f'<cac:CommodityClassification><cbc:ItemClassificationCode listID="STI">{cpv}</cbc:ItemClassificationCode></cac:CommodityClassification>'
    rabais = f"<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount>{remise}</cbc:Amount></cac:AllowanceCharge>"
    return (
        f"<cac:{balise}><cbc:ID>{numero}</cbc:ID><cbc:{combien} unitCode='{unite}'>{quantite}</cbc:{combien}>"
        f"<cbc:LineExtensionAmount currencyID='EUR'>{net}</cbc:LineExtensionAmount>{rabais if remise else ''}"
        f"<cac:Item><cbc:Name>{nom}</cbc:Name><cac:SellersItemIdentification><cbc:ID>REF-{numero}</cbc:ID></cac:SellersItemIdentification>"
        f"<cac:StandardItemIdentification><cbc:ID schemeID='0160'>4006381333931</cbc:ID></cac:StandardItemIdentification>{classement if cpv else ''}"
        f"<cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>{taux}</cbc:Percent></cac:ClassifiedTaxCategory>"
        "<cac:AdditionalItemProperty><cbc:Name>Couleur</cbc:Name><cbc:Value>blanc</cbc:Value></cac:AdditionalItemProperty></cac:Item>"
        f"<cac:Price><cbc:PriceAmount>{prix}</cbc:PriceAmount>{f'<cbc:BaseQuantity>{base}</cbc:BaseQuantity>' if base else ''}</cac:Price></cac:{balise}>"
    )


def ubl(lignes: str, *, avoir: bool = False, total: str = "24.00", pied: str = "") -> bytes:
    """Write a UBL invoice or credit note around its lines."""
    racine = "CreditNote" if avoir else "Invoice"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{racine} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{racine}-2" {_UBL}>'
        "<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID><cbc:ID>F-2025-07</cbc:ID><cbc:IssueDate>2025-03-12</cbc:IssueDate>"
        f"<cbc:{racine}TypeCode>{381 if avoir else 380}</cbc:{racine}TypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
        "<cac:OrderReference><cbc:ID>BC-12</cbc:ID></cac:OrderReference><cac:ContractDocumentReference><cbc:ID>M2024-3</cbc:ID></cac:ContractDocumentReference>"
        "<cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>Papeterie inventée</cbc:RegistrationName>"
        "<cbc:CompanyID schemeID='0002'>732829320</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>"
        "<cac:AccountingCustomerParty><cac:Party><cbc:EndpointID schemeID='0009'>21160015000018</cbc:EndpointID><cac:PartyLegalEntity>"
        "<cbc:RegistrationName>Commune inventée</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:AccountingCustomerParty>"
        f"{pied}<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID='EUR'>{total}</cbc:TaxExclusiveAmount></cac:LegalMonetaryTotal>"
        f"{lignes}</{racine}>"
    ).encode()


def _ubl_remises() -> bytes:
    """Three equal lines, one with its own allowance, and ten euros off the whole: thirds do not fall on cents."""
    pied = (
        "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:AllowanceChargeReason>Remise fidélité</cbc:AllowanceChargeReason>"
        "<cbc:Amount>10.00</cbc:Amount><cac:TaxCategory><cbc:Percent>20</cbc:Percent></cac:TaxCategory></cac:AllowanceCharge>"
    )
    lignes = (
        ligne_ubl("1", "10", "H87", "100.00", "10.00")
        + ligne_ubl("2", "10", "H87", "100.00", "12.00", remise="20.00")
        + ligne_ubl("3", "4", "KGM", "100.00", "25.00")
        + ligne_ubl("4", "1", "C62", "50.00", "50.00", taux="5.5", nom="Livre")
    )
    return ubl(lignes, total="340.00", pied=pied)


_LIGNES_CII = """<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
<ram:SpecifiedTradeProduct><ram:GlobalID schemeID="0160">4006381333931</ram:GlobalID><ram:SellerAssignedID>R80</ram:SellerAssignedID><ram:Name>Ramette A4 80 g</ram:Name>
<ram:ApplicableProductCharacteristic><ram:Description>Grammage</ram:Description><ram:Value>80 g</ram:Value></ram:ApplicableProductCharacteristic></ram:SpecifiedTradeProduct>
<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>3.85</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="RM">40</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
<ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax><ram:RateApplicablePercent>20</ram:RateApplicablePercent></ram:ApplicableTradeTax>
<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>154.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>
</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>"""


def _cii(lignes: str, *, total: str, frais: str = "", profil: str = "urn:cen.eu:en16931:2017") -> bytes:
    pied = (
        "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>true</udt:Indicator></ram:ChargeIndicator>"
        f"<ram:ActualAmount>{frais}</ram:ActualAmount><ram:Reason>Frais de port</ram:Reason></ram:SpecifiedTradeAllowanceCharge>"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rsm:CrossIndustryInvoice {_CII}><rsm:ExchangedDocumentContext>'
        f"<ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>{profil}</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter>"
        "</rsm:ExchangedDocumentContext><rsm:ExchangedDocument><ram:ID>FX-88</ram:ID><ram:TypeCode>380</ram:TypeCode>"
        '<ram:IssueDateTime><udt:DateTimeString format="102">20250312</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>'
        f"<rsm:SupplyChainTradeTransaction>{lignes}<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>Papeterie inventée</ram:Name>"
        "<ram:SpecifiedLegalOrganization><ram:ID schemeID='0002'>732829320</ram:ID></ram:SpecifiedLegalOrganization></ram:SellerTradeParty>"
        "<ram:BuyerTradeParty><ram:Name>Commune inventée</ram:Name><ram:SpecifiedTaxRegistration><ram:ID schemeID='VA'>FR75211600150</ram:ID>"
        "</ram:SpecifiedTaxRegistration></ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeSettlement>"
        f"<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>{pied if frais else ''}<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        f"<ram:TaxBasisTotalAmount>{total}</ram:TaxBasisTotalAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        "</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
    ).encode()


def _entites() -> str:
    return '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


def _avec_dtd(facture: bytes, declarations: str) -> bytes:
    tete, _, reste = facture.partition(b"?>")
    return tete + b"?><!DOCTYPE Invoice [" + declarations.encode() + b"]>" + reste.replace(b"Ramette", b"&a11;")


def _pdf(facture: bytes | None, mot_de_passe: str = "") -> bytes:
    ecrivain = PdfWriter()
    ecrivain.add_blank_page(200, 200)
    if facture is not None:
        ecrivain.add_attachment("factur-x.xml", facture)
    if mot_de_passe:
        ecrivain.encrypt(mot_de_passe)
    sortie = io.BytesIO()
    ecrivain.write(sortie)
    return sortie.getvalue()


def _pes(contenu: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="ISO-8859-1"?><n:PES_Aller {_PES}><EnTetePES><DteStr V="2025-04-01"/><IdColl V="21160015000018"/>'
        f'<LibelleColBud V="COMMUNE INVENTÉE"/></EnTetePES>{contenu}</n:PES_Aller>'
    ).encode("latin-1")


def _pes_depense() -> bytes:
    societe = _tiers("50", "03", "PAPETERIE INVENTÉE", "<IdTiers V='73282932000074'/><NatIdTiers V='01'/>")
    salarie = _tiers("01", "01", "NOMDUSALARIE", "<IdTiers V='185057800608436'/><NatIdTiers V='04'/>")
    artisan = _tiers("01", "02", "DUPONT PLOMBERIE", "<IdTiers V='732829320'/><NatIdTiers V='02'/>")
    return _pes(
        "<PES_DepenseAller>"
        + _bordereau("01", _piece("101", "01", "01", "Ramettes de papier", _ligne("1", "6064", "154.00", societe, tva="30.80")))
        + _bordereau("01", _piece("102", "01", "11", "Paie de mars NOMDUSALARIE", _ligne("1", "64111", "2100.00", salarie)))
        + _bordereau("01", _piece("103", "01", "01", "Secours NOMDUSALARIE", _ligne("1", "65134", "80.00", salarie)))
        + _bordereau(
            "01",
            _piece("104", "01", "01", "Fuite école", _ligne("1", "615221", "240.00", artisan) + _ligne("2", "6068", "60.00", artisan)),
        )
        + _bordereau("02", _piece("105", "02", "06", "Annulation partielle mandat 101", _ligne("1", "6064", "15.40", societe)))
        + _bordereau("01", _piece("106", "03", "01", "Dotation aux amortissements", _ligne("1", "6811", "900.00", societe)))
        + _bordereau("01", _piece("107", "01", "01", "Cachet de NOMDUSALARIE", _ligne("1", "6232", "300.00", salarie)))
        + "</PES_DepenseAller>"
    )


def _bordereau(genre: str, piece: str) -> str:
    return f'<Bordereau><BlocBordereau><Exer V="2025"/><IdBord V="12"/><DteBordEm V="2025-03-28"/><TypBord V="{genre}"/></BlocBordereau>{piece}</Bordereau>'


def _piece(numero: str, genre: str, nature: str, objet: str, lignes: str) -> str:
    return f'<Piece><BlocPiece><InfoPce><IdPce V="{numero}"/><TypPce V="{genre}"/><NatPce V="{nature}"/><Obj V="{objet}"/></InfoPce></BlocPiece>{lignes}</Piece>'


def _ligne(numero: str, compte: str, montant: str, tiers: str, tva: str = "") -> str:
    taxe = f'<MtTVA V="{tva}"/>' if tva else ""
    return (
        f'<LigneDePiece><BlocLignePiece><InfoLignePce><IdLigne V="{numero}"/><Nature V="{compte}"/><MtHT V="{montant}"/>{taxe}</InfoLignePce>'
        f"</BlocLignePiece>{tiers}</LigneDePiece>"
    )


def _tiers(categorie: str, nature: str, nom: str, identifiants: str) -> str:
    return (
        f'<Tiers><InfoTiers>{identifiants}<CatTiers V="{categorie}"/><NatJur V="{nature}"/><Nom V="{nom}"/></InfoTiers>'
        '<CpteBancaire><BIC V="INVENTFRPP"/><IBAN V="FR7630006000011234567890189"/></CpteBancaire></Tiers>'
    )
