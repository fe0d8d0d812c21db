"""One door for all files: recognise by content, then hand over to the reader of that format."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from ingest.erreurs import FichierRefuse
from ingest.lecture.archive import deplier, dossier_temporaire, verifier_archive
from ingest.lecture.cii import RACINES as RACINES_CII
from ingest.lecture.cii import lire_cii
from ingest.lecture.classeur import lire_classeur, lire_classeur_xml, lire_page_web
from ingest.lecture.entete import MOTS_ENTETE
from ingest.lecture.factures import table_de_factures, verifier_facture
from ingest.lecture.facturx import extraire_xml
from ingest.lecture.formats import Format, reconnaitre
from ingest.lecture.modele_facture import Facture
from ingest.lecture.pes import lire_pes
from ingest.lecture.table import TableBrute
from ingest.lecture.texte import lire_texte
from ingest.lecture.ubl import RACINES as RACINES_UBL
from ingest.lecture.ubl import lire_ubl
from ingest.lecture.xml_sur import Source, lire_arbre, lire_racine
from ingest.sans_cycles import sans_cycles
from ingest.schema import mots_d_entete

_LECTEURS_DE_TABLEAU: dict[Format, Callable[[Path, str, Collection[str]], list[TableBrute]]] = {
    Format.TEXTE: lire_texte,
    Format.CLASSEUR: lire_classeur,
    Format.CLASSEUR_XML: lire_classeur_xml,
    Format.PAGE_WEB: lire_page_web,
}


def lire(chemin: Path, nom: str) -> list[TableBrute]:
    """Read a received file into tables of text, whatever its format; `nom` is the name the person gave it, used in sentences only.

    The content decides, not the extension. The list is never empty and at least one table has a line.
    Raises `FichierRefuse` with a French sentence that says what was read and what to do.
    Hostile files may kill the process that reads them: call this through `ingest.isolement`.
    """
    genre = reconnaitre(chemin, nom)
    if genre is Format.ZIP:
        return _lire_archive(chemin, nom)
    contenu = _lire_un(chemin, genre, nom)
    return [table_de_factures([("", contenu)])] if isinstance(contenu, Facture) else contenu


def lire_facture(source: Source, nom: str) -> Facture:
    """Read one UBL or CII document, whatever its currency and even without lines. Raises `FichierRefuse`."""
    racine = lire_racine(source)
    if racine in RACINES_UBL:
        return lire_ubl(lire_arbre(source, nom), nom)
    if racine in RACINES_CII:
        return lire_cii(lire_arbre(source, nom), nom)
    quoi = "une commande (Order-X)" if racine and "SCRDM" in racine else "des données qui ne sont pas celles d'une facture"
    raise FichierRefuse(f"Le fichier « {nom} » contient {quoi}. Demandez à votre fournisseur la facture au format Factur-X.")


def _lire_un(chemin: Path, genre: Format, nom: str) -> list[TableBrute] | Facture:
    if genre in _LECTEURS_DE_TABLEAU:
        return _LECTEURS_DE_TABLEAU[genre](chemin, nom, _mots())
    if genre is Format.PES:
        return [lire_pes(chemin, nom)]
    match genre:
        case Format.PDF:
            facture = lire_facture(extraire_xml(chemin.read_bytes(), nom), nom)
        case Format.UBL:
            facture = lire_ubl(lire_arbre(chemin, nom), nom)
        case _:
            facture = lire_cii(lire_arbre(chemin, nom), nom)
    verifier_facture(facture, nom)
    return facture


@cache
def _mots() -> frozenset[str]:
    """Words that make a header: ours, and every header the mapping knows, as a whole and longer than two letters."""
    return MOTS_ENTETE | {mot for mot in mots_d_entete() if len(mot) > 2}


def _lire_archive(chemin: Path, nom: str) -> list[TableBrute]:
    """Read every file of a ZIP: tables keep the name of their file, invoices are gathered in one table, refusals become remarks."""
    tables: list[TableBrute] = []
    factures: list[tuple[str, Facture]] = []
    refus: list[str] = []
    dossier = dossier_temporaire()
    with verifier_archive(chemin, nom) as archive, sans_cycles():
        for interne, fichier in deplier(archive, nom, Path(dossier.name)):
            try:
                contenu = _lire_interne(fichier, interne)
            except FichierRefuse as faute:
                refus.append(str(faute))
                continue
            if isinstance(contenu, Facture):
                factures.append((interne, contenu))
            else:
                tables += [_tenir(table, interne, dossier) for table in contenu]
    if factures:
        seule = factures[0][0] if len(factures) == 1 else ""
        tables.append(table_de_factures(factures, seule))
    if not tables:
        detail = f" {refus[0]}" if refus else " Elle est vide."
        raise FichierRefuse(f"L'archive « {nom} » ne contient aucun fichier que nous sachions lire.{detail}")
    return [replace(tables[0], remarques=(*tables[0].remarques, *refus)), *tables[1:]]


def _lire_interne(fichier: Path, interne: str) -> list[TableBrute] | Facture:
    genre = reconnaitre(fichier, interne)
    if genre is Format.ZIP:
        raise FichierRefuse(f"« {interne} » est une archive dans l'archive : elle n'a pas été lue. Déposez-la à part.")
    contenu = _lire_un(fichier, genre, interne)
    if genre is not Format.TEXTE:
        fichier.unlink()
    return contenu


def _tenir(table: TableBrute, interne: str, dossier: "TemporaryDirectory[str]") -> TableBrute:
    """Name a table by its file, and keep the unpacked folder alive as long as the table may be read."""
    origine = f"{interne} / {table.origine}" if table.origine else interne

    def blocs(garde: "TemporaryDirectory[str]" = dossier) -> Iterator[pl.DataFrame]:
        return table.blocs()

    autres = tuple(_tenir(autre, interne, dossier) for autre in table.autres)
    return replace(table, origine=origine, blocs=blocs, fichier=interne, autres=autres)
