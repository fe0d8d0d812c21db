"""Units, base quantities and packagings are checked against what others published, computed here by a few independent lines."""

import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest
from lxml import etree

from ingest.chaine import lire_depot
from ingest.erreurs import FichierRefuse
from ingest.quantites import analyser
from ingest.quantites.nomenclature import unites

FIXTURES = Path(__file__).resolve().parents[3] / ".." / "shared" / "fixtures"
REC20 = FIXTURES / "units" / "unece_rec20" / "data" / "units-of-measure.csv"
FACTURES = FIXTURES / "einvoice"
SANS_TABLE = pytest.mark.skipif(not REC20.exists(), reason="the shared copy of UN/ECE Recommendation 20 is not here")
SANS_FACTURES = pytest.mark.skipif(not FACTURES.exists(), reason="the shared invoices of the public test sets are not here")

# Assertions published by Open Food Facts on `normalize_quantity`, in grams or millilitres: tests/unit/units.t of
# openfoodfacts/openfoodfacts-server, commit bcf96da6956252a4b6182297cf08246855bd6911. Those in pounds, in another alphabet or in a language
# no town hall buys in are left out; so is « 5 bottles of 20cl ».
OPEN_FOOD_FACTS = [
    ("250G", "250"),
    ("4 x 25g", "100"),
    ("4 x25g", "100"),
    ("4 * 25g", "100"),
    ("4X2,5L", "10000"),
    ("1 barquette de 40g", "40"),
    ("2 barquettes de 40g", "80"),
    ("6 bouteilles de 33cl", "1980"),
    ("10 unités de 170g", "1700"),
    ("10 unites, 170g", "170"),
    ("4 bouteilles en verre de 20cl", "800"),
    ("2 L", "2000"),
    ("1 litre", "1000"),
    ("2 litres", "2000"),
    ("2 kilogrammes", "2000"),
    ("1.5 gramme", "1.5"),
    ("2.5 grammes", "2.5"),
    ("2 kg", "2000"),
    ("2 kgs", "2000"),
    ("2 kgr", "2000"),
    ("2 kilogramme", "2000"),
    (".33L", "330"),
    (".33 l", "330"),
    ("100g", "100"),
    ("250 g", "250"),
    ("1.5kg", "1500"),
    ("2,5g", "2.5"),
    ("1500ml", "1500"),
]


@pytest.mark.parametrize(("libelle", "attendu"), OPEN_FOOD_FACTS)
def test_les_quantites_publiees_par_open_food_facts(libelle: str, attendu: str) -> None:
    """Sold by the piece, in the grocery famille (kg, else l): what we read, back in grams or millilitres."""
    contenu = analyser(libelle, "U", "RE05")
    assert contenu.unite_base in {"kg", "l"}
    assert contenu.quantite is not None
    assert contenu.quantite * 1000 == Decimal(attendu)


def read_rec20() -> dict[str, dict[str, str]]:
    with REC20.open(encoding="utf-8", newline="") as fichier:
        return {ligne["CommonCode"]: ligne for ligne in csv.DictReader(fichier)}


FACTEUR = re.compile(r"(?P<mantisse>\d[\d ]*(?:,[\d ]+)?)?(?: ?x ?)?(?:10(?P<exposant>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))? ?(?P<base>[a-zA-Z]+[²³]?)?")
EXPOSANTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def read_facteur(texte: str) -> tuple[Decimal, str] | None:
    """« 3,6 x 10⁶ J » is 3 600 000 J; None when the table gives no factor."""
    lu = FACTEUR.fullmatch(texte.replace("\xa0", " ").strip())
    if lu is None or not lu.group():
        return None
    facteur = Decimal((lu["mantisse"] or "1").replace(" ", "").replace(",", "."))
    return facteur.scaleb(int((lu["exposant"] or "0").translate(EXPOSANTS))), lu["base"] or ""


# Our base units, in those of the Recommendation.
EN_SI = {"kg": ("1", "kg"), "l": ("0.001", "m³"), "m": ("1", "m"), "m2": ("1", "m²"), "kWh": ("3600000", "J"), "h": ("3600", "s")}
EN_SI |= {"jour": ("86400", "s"), "semaine": ("604800", "s"), "unite": ("1", "")}
# A pair is sold and compared as one thing (gants, chaussures): decision of the product, not of the Recommendation.
DECIDES = {"PR", "NPR"}


@SANS_TABLE
def test_les_facteurs_sont_ceux_de_la_recommandation_20() -> None:
    table = read_rec20()
    verifies = set()
    for unite in unites().values():
        for code in unite.rec20:
            assert code in table, code
            publie = read_facteur(table[code]["ConversionFactor"])
            if publie is None or unite.base not in EN_SI or code in DECIDES:
                continue
            en_si, base_si = EN_SI[unite.base]
            facteur, base = publie
            if base != base_si:
                continue
            assert abs(unite.facteur * Decimal(en_si) - facteur) <= facteur * Decimal("1e-18"), code
            verifies.add(code)
    assert verifies >= {"KGM", "TNE", "LTR", "HLT", "MTQ", "MTR", "MTK", "KWH", "MWH", "HUR", "MIN", "CEN", "MIL", "DZN"}


def local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def first(element: etree._Element, *noms: str) -> etree._Element | None:
    return next((e for e in element.iter() if local(e) in noms), None)


def nombre(element: etree._Element | None) -> Decimal | None:
    return None if element is None or not (element.text or "").strip() else Decimal(str(element.text).strip())


PIEDS = {"Invoice", "CreditNote", "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement"}


class LigneLue(NamedTuple):
    """One line of an invoice as read here: `prix` is that of one unit, the written price divided by its `base`."""

    quantite: Decimal
    code: str | None
    prix: Decimal
    base: Decimal


def is_remise(ajustement: etree._Element) -> bool:
    """An allowance, or a charge of a negative invoice."""
    indicateur = first(ajustement, "ChargeIndicator")
    montant = nombre(first(ajustement, "Amount", "ActualAmount")) or Decimal(0)
    return montant < 0 or indicateur is None or "true" not in "".join(indicateur.itertext()).lower()


def read_lignes(racine: etree._Element) -> list[LigneLue | None] | None:
    """The lines of an invoice, None for one whose price an allowance or a charge moves; None when an allowance moves them all."""
    pied = (e for e in racine.iter("{*}AllowanceCharge", "{*}SpecifiedTradeAllowanceCharge") if local(e.getparent()) in PIEDS)
    if any(is_remise(ajustement) for ajustement in pied):
        return None
    lignes: list[LigneLue | None] = []
    for ligne in racine.iter("{*}InvoiceLine", "{*}CreditNoteLine", "{*}IncludedSupplyChainTradeLineItem"):
        quantite = first(ligne, "InvoicedQuantity", "CreditedQuantity", "BilledQuantity")
        prix = first(ligne, "Price", "NetPriceProductTradePrice")
        montant = nombre(first(prix, "PriceAmount", "ChargeAmount")) if prix is not None else None
        base = (nombre(first(prix, "BaseQuantity", "BasisQuantity")) if prix is not None else None) or Decimal(1)
        lue = nombre(quantite)
        ajustements = ligne.iter("{*}AllowanceCharge", "{*}SpecifiedTradeAllowanceCharge")
        if quantite is None or lue is None or montant is None or any(local(e.getparent()) != "Price" for e in ajustements):
            lignes.append(None)
        else:
            lignes.append(LigneLue(lue, quantite.get("unitCode"), montant / base, base))
    return lignes


def read_factures(dossier: Path) -> Iterator[tuple[Path, LigneLue, dict[str, Any]]]:
    """Every line of the public test sets that can be compared, read by hand and by the product (whose charges of an invoice come last).

    Amounts in another currency are said to be euros in the copy that is read: the arithmetic of the base of prices is what is checked.
    """
    for fichier in sorted(f for f in FACTURES.rglob("*") if f.suffix.lower() == ".xml"):
        octets = re.sub(rb"\b(NOK|DKK|SEK|GBP|HUF|USD)\b", b"EUR", fichier.read_bytes())
        try:
            racine = etree.fromstring(octets, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError:
            continue
        lignes = read_lignes(racine)
        if not lignes:
            continue
        copie = dossier / "facture.xml"
        copie.write_bytes(octets)
        try:
            lire_depot(copie, nom=copie.name, depot="D1", membre="211601638", destination=dossier / "l.parquet")
        except FichierRefuse:
            continue
        lues = pl.read_parquet(dossier / "l.parquet")
        yield from ((fichier, lue, ligne) for lue, ligne in zip(lignes, lues.iter_rows(named=True), strict=False) if lue is not None)


@SANS_FACTURES
def test_les_prix_unitaires_suivent_la_base_de_prix_des_factures(tmp_path: Path) -> None:
    """BT-146 divided by BT-149 (EN 16931): the price of one unit, and the quantity, are those computed apart."""
    comparees = avec_base = 0
    for fichier, attendue, ligne in read_factures(tmp_path):
        if ligne["prix_unitaire_ht"] is None or ligne["quantite"] is None:
            continue
        assert abs(ligne["quantite"]) == abs(attendue.quantite).quantize(Decimal("0.0001")), (fichier.name, ligne["libelle"])
        assert abs(ligne["prix_unitaire_ht"] - abs(attendue.prix)) <= Decimal("0.000001"), (fichier.name, ligne["libelle"])
        comparees += 1
        avec_base += attendue.base != 1
    assert comparees >= 200
    assert avec_base >= 15


@SANS_FACTURES
@SANS_TABLE
def test_ce_que_contient_une_unite_facturee_est_le_facteur_de_la_recommandation_20(tmp_path: Path) -> None:
    """A line in KWH, HUR, MTR… holds what the Recommendation says of its unit code, in our base unit."""
    table = read_rec20()
    verifiees = 0
    for fichier, attendue, ligne in read_factures(tmp_path):
        publie = read_facteur(table[attendue.code]["ConversionFactor"]) if attendue.code in table else None
        if publie is None or publie[1] not in {"kg", "m³", "m", "m²", "J", "s"} or ligne["contenu_quantite"] is None:
            continue
        en_si, base_si = EN_SI.get(ligne["contenu_unite"], ("1", None))
        if base_si != publie[1]:
            continue
        arrondi = Decimal("0.000001") * Decimal(en_si)
        assert abs(ligne["contenu_quantite"] * Decimal(en_si) - publie[0]) <= arrondi, (fichier.name, ligne["libelle"], attendue.code)
        verifiees += 1
    assert verifiees >= 30
