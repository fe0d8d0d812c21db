"""The committed files are those the generator writes, and the truth points at the right row of each."""

import io
import zipfile
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import polars as pl
import pypdf
import pytest
from lxml import etree

from sample_data.generation.achats import acheter
from sample_data.generation.catalogue import lire_membres, lire_vocabulaire
from sample_data.generation.depots import ecrire_depots
from sample_data.generation.fournisseurs import creer_fournisseurs
from sample_data.generer import generer
from tests.sample_data.lecteurs import contenu, lire_ods, lire_texte, lire_xlsx


def _nombre(texte: str) -> Decimal | None:
    """A French, English or accountant's amount; None when it is none."""
    net = "".join(c for c in texte if not c.isspace() and c != "€")
    if net.startswith("(") and net.endswith(")"):
        net = "-" + net[1:-1]
    if net.endswith("-"):
        net = "-" + net[:-1]
    try:
        return Decimal(net.replace(",", "."))
    except ArithmeticError:
        return None


def test_regeneration_gives_the_committed_files(dossier: Path, tmp_path: Path) -> None:
    """Texts byte for byte; containers and PDF by what they hold, since their compressed bytes depend on the zlib of the machine."""
    generer(tmp_path)
    for racine in ("communes", "verite"):
        ecrits = {p.relative_to(tmp_path): p for p in (tmp_path / racine).rglob("*") if p.is_file()}
        gardes = {p.relative_to(dossier): p for p in (dossier / racine).rglob("*") if p.is_file()}
        assert set(ecrits) == set(gardes)
        differents = [str(nom) for nom, chemin in ecrits.items() if not _pareils(chemin, gardes[nom])]
        assert differents == []


def _pareils(ecrit: Path, garde: Path) -> bool:
    octets, gardes = ecrit.read_bytes(), garde.read_bytes()
    return octets == gardes or contenu(ecrit.name, octets) == contenu(garde.name, gardes)


def test_the_comparison_sees_a_change_inside_a_container_and_nothing_of_its_compression(dossier: Path) -> None:
    octets = (dossier / "communes" / "puymoyen" / "factures_recues_2025.zip").read_bytes()

    def refaire(niveau: int, remplacer: tuple[bytes, bytes] = (b"", b"")) -> bytes:
        sortie = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(octets)) as entree,
            zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED, compresslevel=niveau) as copie,
        ):
            for nom in entree.namelist():
                copie.writestr(nom, entree.read(nom).replace(*remplacer) if remplacer[0] else entree.read(nom))
        return sortie.getvalue()

    assert refaire(1) != octets
    assert contenu("x.zip", refaire(1)) == contenu("x.zip", octets)
    assert contenu("x.zip", refaire(1, (b"2025-01", b"2025-02"))) != contenu("x.zip", octets)


def test_another_seed_gives_other_files(dossier: Path) -> None:
    mots, touvre = lire_vocabulaire("v1"), next(membre for membre in lire_membres() if membre.slug == "touvre")
    (fichier,) = ecrire_depots(touvre, acheter(touvre, mots, creer_fournisseurs(mots, 7), 7), mots, 7)
    assert fichier.octets != (dossier / "communes" / "touvre" / fichier.nom).read_bytes()


def test_the_folder_is_small_and_found_as_a_resource(dossier: Path) -> None:
    assert sum(p.stat().st_size for p in dossier.rglob("*") if p.is_file() and "__pycache__" not in p.parts) < 6_000_000
    assert files("sample_data").joinpath("communes/touvre/depenses_ttc.csv").read_bytes().startswith(b"Commune de Touvre")
    assert (
        files("sample_data").joinpath("membres.csv").read_text(encoding="utf-8").splitlines()[0]
        == "siren;nom;nature;code_insee;code_postal;population;slug"
    )


def test_the_truth_names_every_file_and_only_those(dossier: Path, verite: pl.DataFrame) -> None:
    dits = set(verite.select("slug", "fichier").unique().rows())
    assert dits == {(p.parent.name, p.name) for p in (dossier / "communes").glob("*/*")}


def test_files_of_a_member_are_sent_in_the_order_of_their_names(verite: pl.DataFrame) -> None:
    """So that whoever imports a folder in alphabetical order meets the lines « identique » where the truth says."""
    for slug in ("la-couronne", "soyaux"):
        noms = verite.filter(pl.col("slug") == slug)["fichier"].unique(maintain_order=True).to_list()
        assert noms == sorted(noms)


def _tableaux(dossier: Path, slug: str, fichier: str) -> dict[str, dict[int, list[str]]]:
    chemin = dossier / "communes" / slug / fichier
    if chemin.suffix == ".xlsx":
        return lire_xlsx(chemin)
    if chemin.suffix == ".ods":
        return {"Achats": lire_ods(chemin)}
    return {"": lire_texte(chemin)}


def test_every_row_of_truth_points_at_its_amount_for_a_second_reader(dossier: Path, verite: pl.DataFrame) -> None:
    """For each line kept of each table, the row of that number shows the amount (HT, or TTC recomputed) within a cent."""
    tables = verite.filter(~pl.col("fichier").str.ends_with(".zip") & ~pl.col("fichier").str.ends_with(".xml"))
    verifiees = 0
    for (slug, fichier), lignes in tables.group_by("slug", "fichier"):
        feuilles = _tableaux(dossier, str(slug), str(fichier))
        for origine, ligne, statut, montant, faits in lignes.select("origine", "ligne", "statut", "montant_ht", "faits").rows():
            cellules = feuilles[origine][ligne]
            if statut not in {"retenue", "identique"}:
                continue
            nombres = [n for n in map(_nombre, cellules) if n is not None]
            attendus = [montant] if slug != "touvre" else [montant * taux for taux in (1.0, 1.055, 1.1, 1.2)]
            assert any(abs(float(n) - a) < 0.011 for n in nombres for a in attendus), (slug, fichier, ligne, faits, cellules)
            verifiees += 1
    assert verifiees > 11_000


def test_no_row_of_amounts_is_left_out_of_the_truth(dossier: Path, verite: pl.DataFrame) -> None:
    """Rows of a table with at least two numbers and no line of truth are titles or headers: there are none with an amount."""
    for (slug, fichier), lignes in verite.group_by("slug", "fichier"):
        if str(fichier).endswith((".zip", ".xml")):
            continue
        feuilles = _tableaux(dossier, str(slug), str(fichier))
        for origine, rangees in feuilles.items():
            dites = set(lignes.filter(pl.col("origine") == origine)["ligne"])
            oubliees = [n for n, cellules in rangees.items() if n not in dites and sum(_nombre(c) is not None for c in cellules if c) >= 2]
            assert oubliees == [], (slug, fichier, origine)


@pytest.fixture(scope="module")
def archive(dossier: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(dossier / "communes" / "puymoyen" / "factures_recues_2025.zip") as entree:
        return {nom: entree.read(nom) for nom in entree.namelist()}


def _xml(nom: str, octets: bytes) -> etree._Element:
    if nom.endswith(".pdf"):
        octets = pypdf.PdfReader(io.BytesIO(octets)).attachments["factur-x.xml"][0]
    return etree.fromstring(octets)


def _valeurs(racine: etree._Element, balise: str) -> list[Decimal]:
    return [Decimal(noeud.text) for noeud in racine.iter(f"{{*}}{balise}")]


def test_invoices_add_up_and_carry_the_lines_of_the_truth(archive: dict[str, bytes], verite: pl.DataFrame) -> None:
    vraies = verite.filter(pl.col("fichier") == "factures_recues_2025.zip")
    assert set(vraies["origine"]) == set(archive)
    formes = {nom.rsplit("_", 1)[1] for nom in archive}
    assert formes == {"ubl.xml", "cii.xml", "facturx.pdf"}
    for nom, octets in archive.items():
        racine = _xml(nom, octets)
        ubl = nom.endswith("ubl.xml")
        genre = etree.QName(racine).localname
        signe = -1 if genre == "CreditNote" or "381" in [n.text for n in racine.iter("{*}TypeCode")] else 1
        lignes = list(racine.iter("{*}InvoiceLine", "{*}CreditNoteLine", "{*}IncludedSupplyChainTradeLineItem"))
        nets = [Decimal(ligne.findtext(".//{*}LineExtensionAmount" if ubl else ".//{*}LineTotalAmount")) for ligne in lignes]
        attendus = vraies.filter(pl.col("origine") == nom).sort("ligne")["montant_ht"].to_list()
        assert [float(net) * signe for net in nets] == attendus, nom
        total = _valeurs(racine, "TaxExclusiveAmount" if ubl else "TaxBasisTotalAmount")[0]
        assert sum(nets) == total
        for ligne, net in zip(lignes, nets, strict=True):
            quantite = Decimal(
                ligne.findtext(".//{*}InvoicedQuantity")
                or ligne.findtext(".//{*}CreditedQuantity")
                or ligne.findtext(".//{*}BilledQuantity")
            )
            prix = Decimal(ligne.findtext(".//{*}PriceAmount") or ligne.findtext(".//{*}ChargeAmount"))
            base = Decimal(ligne.findtext(".//{*}BaseQuantity") or ligne.findtext(".//{*}BasisQuantity"))
            assert abs(quantite * prix / base - net) <= Decimal("0.005"), nom


def test_some_prices_are_for_ten_units_and_some_articles_have_a_gtin(archive: dict[str, bytes]) -> None:
    racines = [_xml(nom, octets) for nom, octets in archive.items()]
    bases = [b for racine in racines for b in _valeurs(racine, "BaseQuantity") + _valeurs(racine, "BasisQuantity")]
    assert {Decimal(1), Decimal(10)} == set(bases)
    gtins = [n.text for racine in racines for n in racine.iter("{*}ID", "{*}GlobalID") if n.get("schemeID") == "0160"]
    assert gtins
    for code in gtins:
        assert len(code) == 13
        assert sum(int(c) * (3 if rang % 2 else 1) for rang, c in enumerate(code)) % 10 == 0


def test_a_pes_has_personal_lines_that_the_truth_sets_aside(dossier: Path, verite: pl.DataFrame) -> None:
    for slug in ("mornac", "saint-saturnin"):
        racine = etree.parse(dossier / "communes" / slug / "PES_DEPENSE_2023.xml").getroot()
        pieces = list(racine.iter("LigneDePiece"))
        vraies = verite.filter((pl.col("slug") == slug) & (pl.col("fichier") == "PES_DEPENSE_2023.xml")).sort("ligne")
        assert vraies["ligne"].to_list() == list(range(1, len(pieces) + 1))
        for piece, (statut, montant) in zip(pieces, vraies.select("statut", "montant_ht").rows(), strict=True):
            personnelle = piece.find(".//NatIdTiers") is not None and piece.find(".//NatIdTiers").get("V") == "04"
            assert (statut == "ecartee") == personnelle
            if not personnelle:
                assert abs(float(piece.find(".//MtHT").get("V")) - abs(montant)) < 1e-9
        assert all(int(n.get("V")[4:] + "1527" + n.get("V")[2:4]) % 97 == 1 for n in racine.iter("IBAN"))
        assert all((97 - int(n.get("V")[:13]) % 97) == int(n.get("V")[13:]) for n in racine.iter("IdTiers") if len(n.get("V")) == 15)
