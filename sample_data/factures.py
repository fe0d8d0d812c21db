"""A year of e-invoices in a ZIP: UBL, CII and Factur-X, credit notes included, numbers and bank details invented."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

import typst
from lxml import etree
from lxml.builder import ElementMaker
from pypdf import PdfReader, PdfWriter

from sample_data.achats import Ligne, centimes, libelle_de
from sample_data.catalogue import Membre, Vocabulaire
from sample_data.classeurs import ecrire_zip
from sample_data.ecriture import reference
from sample_data.fournisseurs import Fournisseur, avec_cle
from sample_data.hasard import tirage
from sample_data.verite import Verite

FACTUR_X_MAXIMUM = 8
CODES_UNITE = {
    "carton": "XCT", "boite": "XBX", "paquet": "XPK", "sac": "XBG", "rouleau": "XRO", "ramette": "RM", "bidon": "XJC", "bouteille": "XBO", "flacon": "XBO",
    "seau": "XBJ", "palette": "XPX", "pot": "XPT", "colis": "XPC", "pack": "XPK", "mille": "MIL", "cent": "CEN", "tonne": "TNE", "mwh": "MWH", "kWh": "KWH",
    "m3": "MTQ", "paire": "PR", "kg": "KGM", "l": "LTR", "m": "MTR", "lot": "SET",
}  # fmt: skip


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


def ecrire_factures(
    membre: Membre, lignes: Sequence[Ligne], vocabulaire: Vocabulaire, graine: int, fichier: str
) -> tuple[bytes, list[Verite]]:
    """The ZIP and its truth: `origine` is the file inside, `ligne` the BT-126 number."""
    entrees: dict[str, bytes] = {}
    verites = []
    pdf = 0
    for facture in _grouper(membre, lignes, vocabulaire):
        forme = tirage(graine, "forme", facture.numero, facture.fournisseur.nom).choice(("ubl", "cii", "facturx"))
        if forme == "facturx" and (pdf >= FACTUR_X_MAXIMUM or facture.avoir):
            forme = "cii"
        pdf += forme == "facturx"
        base = f"{facture.date:%Y%m%d}_{facture.numero.replace('/', '-')}_{facture.fournisseur.id}"
        nom = f"{base}_{forme}.{'pdf' if forme == 'facturx' else 'xml'}"
        entrees[nom] = {"ubl": en_ubl, "cii": en_cii, "facturx": en_facturx}[forme](facture)
        for numero, ligne in enumerate(facture.lignes, 1):
            verites.append(Verite(membre.siren, fichier, nom, numero, "retenue", achat=ligne, faits=[*ligne.faits, forme]))
    return ecrire_zip(entrees), verites


def _grouper(membre: Membre, lignes: Sequence[Ligne], vocabulaire: Vocabulaire) -> list[Facture]:
    def cle(ligne: Ligne) -> tuple[date, str, str]:
        return ligne.date, ligne.piece, ligne.fournisseur.id

    factures = []
    for (jour, piece, _), groupe in groupby(sorted(lignes, key=cle), key=cle):
        suite = tuple(groupe)
        factures.append(Facture(piece, jour, suite[0].fournisseur, membre, suite[0].nature == "avoir", suite, vocabulaire))
    return factures


def code_unite(ligne: Ligne) -> str:
    """UN/ECE Rec 20 or 21 code of the selling unit; C62 (one) when there is no better."""
    if ligne.conditionnement is None:
        return "C62"
    niveaux = ligne.conditionnement.niveaux[ligne.vendu :]
    return CODES_UNITE.get(niveaux[0].contenant if niveaux else ligne.conditionnement.base, "C62")


def base_de_prix(ligne: Ligne) -> int:
    """BT-149: one line in ten is priced for ten units, so that whoever forgets to divide is seen."""
    if ligne.article is None:
        return 1
    return 10 if tirage("base", ligne.article.id, ligne.fournisseur.nom).random() < 0.1 else 1


def gtin(ligne: Ligne) -> str:
    """An invented GTIN-13 of the range kept for internal use (prefix 2), for one article in three; the same in every invoice of the supplier's brand."""
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


def _tva(base: Decimal, taux: Decimal) -> Decimal:
    return centimes(base * taux / 100)


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
        return a(balise, a("Party", a("PartyName", b("Name", nom)), a("PostalAddress", b("CityName", ville), a("Country", b("IdentificationCode", "FR"))),
                           a("PartyLegalEntity", *legale)))  # fmt: skip

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
            f"{genre}Line", b("ID", str(numero)),
            b("CreditedQuantity" if facture.avoir else "InvoicedQuantity", f"{ligne.quantite * facture.signe}", unitCode=unite),
            somme("LineExtensionAmount", ligne.montant_ht * facture.signe), article,
            a("Price", somme("PriceAmount", ligne.prix_unitaire_ht * base), b("BaseQuantity", str(base), unitCode=unite)),
        )  # fmt: skip

    total, taxes = facture.montant_ht(), [(taux, base, _tva(base, taux)) for taux, base in facture.par_taux().items()]
    tva = sum((t for _, _, t in taxes), Decimal(0))
    fournisseur = facture.fournisseur
    document = racine(
        genre,
        b("CustomizationID", "urn:cen.eu:en16931:2017"), b("ID", facture.numero), b("IssueDate", facture.date.isoformat()),
        *([] if facture.avoir else [b("DueDate", (facture.date + timedelta(days=30)).isoformat())]),
        b(f"{genre}TypeCode", "381" if facture.avoir else "380"), b("Note", "données inventées"), b("DocumentCurrencyCode", "EUR"),
        partie("AccountingSupplierParty", fournisseur.nom, fournisseur.siret, fournisseur.siren, fournisseur.ville),
        partie("AccountingCustomerParty", f"Commune de {facture.membre.nom}", siret_membre(facture.membre), facture.membre.siren, facture.membre.nom),
        a("PaymentMeans", b("PaymentMeansCode", "30"), a("PayeeFinancialAccount", b("ID", iban_invente(fournisseur.nom)))),
        a("TaxTotal", somme("TaxAmount", tva), *(
            a("TaxSubtotal", somme("TaxableAmount", base), somme("TaxAmount", montant),
              a("TaxCategory", b("ID", "S" if taux else "E"), b("Percent", f"{taux}"), a("TaxScheme", b("ID", "VAT"))))
            for taux, base, montant in taxes)),
        a("LegalMonetaryTotal", somme("LineExtensionAmount", total), somme("TaxExclusiveAmount", total), somme("TaxInclusiveAmount", total + tva),
          somme("PayableAmount", total + tva)),
        *(ligne_ubl(numero, ligne) for numero, ligne in enumerate(facture.lignes, 1)),
    )  # fmt: skip
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def siret_membre(membre: Membre) -> str:
    """A SIRET of the membre with an invented establishment number."""
    return avec_cle(membre.siren + "0001")


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
        return r(balise, r("Name", nom), r("SpecifiedLegalOrganization", r("ID", siret or siren, schemeID="0009" if siret else "0002")),
                 r("PostalTradeAddress", r("CityName", ville), r("CountryID", "FR")))  # fmt: skip

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
            "IncludedSupplyChainTradeLineItem", r("AssociatedDocumentLineDocument", r("LineID", str(numero))), produit,
            r("SpecifiedLineTradeAgreement", r("NetPriceProductTradePrice", r("ChargeAmount", f"{ligne.prix_unitaire_ht * base:f}"),
                                               r("BasisQuantity", str(base), unitCode=unite))),
            r("SpecifiedLineTradeDelivery", r("BilledQuantity", f"{ligne.quantite * facture.signe}", unitCode=unite)),
            r("SpecifiedLineTradeSettlement",
              r("ApplicableTradeTax", r("TypeCode", "VAT"), r("CategoryCode", "S" if ligne.taux_tva else "E"), r("RateApplicablePercent", f"{ligne.taux_tva}")),
              r("SpecifiedTradeSettlementLineMonetarySummation", r("LineTotalAmount", f"{ligne.montant_ht * facture.signe:f}"))),
        )  # fmt: skip

    total, taxes = facture.montant_ht(), [(taux, base, _tva(base, taux)) for taux, base in facture.par_taux().items()]
    tva = sum((t for _, _, t in taxes), Decimal(0))
    fournisseur = facture.fournisseur
    document = m(
        "CrossIndustryInvoice",
        m("ExchangedDocumentContext", r("GuidelineSpecifiedDocumentContextParameter", r("ID", profil))),
        m("ExchangedDocument", r("ID", facture.numero), r("TypeCode", "381" if facture.avoir else "380"),
          r("IssueDateTime", u("DateTimeString", f"{facture.date:%Y%m%d}", format="102")), r("IncludedNote", r("Content", "données inventées"))),
        m("SupplyChainTradeTransaction",
          *(ligne_cii(numero, ligne) for numero, ligne in enumerate(facture.lignes, 1)),
          r("ApplicableHeaderTradeAgreement",
            partie("SellerTradeParty", fournisseur.nom, fournisseur.siret, fournisseur.siren, fournisseur.ville),
            partie("BuyerTradeParty", f"Commune de {facture.membre.nom}", siret_membre(facture.membre), facture.membre.siren, facture.membre.nom)),
          r("ApplicableHeaderTradeDelivery"),
          r("ApplicableHeaderTradeSettlement", r("InvoiceCurrencyCode", "EUR"),
            r("SpecifiedTradeSettlementPaymentMeans", r("TypeCode", "30"), r("PayeePartyCreditorFinancialAccount", r("IBANID", iban_invente(fournisseur.nom)))),
            *(r("ApplicableTradeTax", r("CalculatedAmount", f"{montant:f}"), r("TypeCode", "VAT"), r("BasisAmount", f"{base:f}"),
                r("CategoryCode", "S" if taux else "E"), r("RateApplicablePercent", f"{taux}")) for taux, base, montant in taxes),
            r("SpecifiedTradeSettlementHeaderMonetarySummation", r("LineTotalAmount", f"{total:f}"), r("TaxBasisTotalAmount", f"{total:f}"),
              r("TaxTotalAmount", f"{tva:f}", currencyID="EUR"), r("GrandTotalAmount", f"{total + tva:f}"), r("DuePayableAmount", f"{total + tva:f}")))),
    )  # fmt: skip
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True)


PAGE_TYPST = """#set page(paper: "a4", margin: 2cm)
#set text(lang: "fr", size: 9pt)
#let f = json(bytes(sys.inputs.facture))
= Facture #f.numero
#f.fournisseur — #f.date — données inventées

Client : #f.client
#table(columns: (auto, 1fr, auto, auto, auto), [n°], [Désignation], [Qté], [PU HT], [Montant HT], ..f.lignes.flatten())
Total HT : #f.total
"""


def en_facturx(facture: Facture) -> bytes:
    """A readable page with the CII XML attached as `factur-x.xml`."""
    import json

    donnees = {
        "numero": facture.numero, "date": f"{facture.date:%d/%m/%Y}", "fournisseur": facture.fournisseur.nom, "client": f"Commune de {facture.membre.nom}",
        "total": f"{facture.montant_ht():f} €".replace(".", ","),
        "lignes": [
            [str(n), libelle_de(x, facture.vocabulaire, dire_mesure=False)[0], f"{x.quantite}", f"{x.prix_unitaire_ht}", f"{x.montant_ht}"]
            for n, x in enumerate(facture.lignes, 1)
        ],
    }  # fmt: skip
    page = typst.compile(
        PAGE_TYPST.encode(), sys_inputs={"facture": json.dumps(donnees, ensure_ascii=False)}, timestamp=1768467600, ignore_system_fonts=True
    )
    ecrivain = PdfWriter(clone_from=PdfReader(io.BytesIO(page)))
    ecrivain.add_attachment("factur-x.xml", en_cii(facture))
    tampon = io.BytesIO()
    ecrivain.write(tampon)
    return tampon.getvalue()
