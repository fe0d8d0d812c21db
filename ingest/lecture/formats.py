"""What a file is comes from its bytes, never from its name; what we cannot read is refused with what to send instead."""

import zipfile
from enum import StrEnum
from pathlib import Path

from ingest.erreurs import FichierRefuse
from ingest.lecture import cii, pes, spreadsheetml, ubl
from ingest.lecture.archive import FAUTES, classeur_abime, verifier_archive
from ingest.lecture.xml_sur import abime, lire_racine, refuser_dtd


class Format(StrEnum):
    """The kinds of file that are read."""

    TEXTE = "texte"
    CLASSEUR = "classeur"
    CLASSEUR_XML = "classeur_xml"
    PAGE_WEB = "page_web"
    UBL = "ubl"
    CII = "cii"
    PES = "pes"
    PDF = "pdf"
    ZIP = "zip"


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EXPORTEZ = "Exportez-le en Excel ou en CSV depuis votre logiciel de comptabilité, puis déposez-le."
_DEBUT = 8192

# First bytes → what it is, in words. The order matters only for prefixes of one another.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n", "une image"),
    (b"\xff\xd8\xff", "une photo"),
    (b"GIF8", "une image"),
    (b"BM", "une image"),
    (b"II*\x00", "une image numérisée"),
    (b"MM\x00*", "une image numérisée"),
    (b"{\\rtf", "un document de traitement de texte"),
    (b"Rar!", "une archive RAR"),
    (b"7z\xbc\xaf\x27\x1c", "une archive 7z"),
    (b"\x1f\x8b", "une archive GZ"),
    (b"BZh", "une archive BZ2"),
    (b"\xfd7zXZ", "une archive XZ"),
    (b"PAR1", "un fichier de données Parquet"),
    (b"SQLite format 3", "une base de données"),
    (b"MZ", "un programme"),
    (b"\x7fELF", "un programme"),
    (b"ID3", "un enregistrement sonore"),
    (b"OggS", "un enregistrement sonore"),
    (b"MSCF", "une archive CAB"),
)
# Signatures of two letters are also the start of honest texts: believed only when the rest is not text.
_COURTES = (b"BM", b"MZ")

_RACINES_REFUSEES: tuple[tuple[str, str], ...] = (
    (
        "SCRDMCCBDACIOMessageStructure",
        "est une commande (Order-X), pas une facture. Déposez la facture correspondante (Factur-X, UBL ou CII).",
    ),
    ("Order", "est une commande, pas une facture. Déposez la facture correspondante (Factur-X, UBL ou CII)."),
    (
        "marches",
        "décrit des marchés (données essentielles de la commande publique), sans lignes d'achat. Déposez l'export de vos factures.",
    ),
    ("PES_ACQUIT", "est l'accusé de réception d'un flux PES. Déposez le flux des dépenses lui-même (PES Aller)."),
    ("PES_Retour", "est un flux PES retour. Déposez le flux des dépenses (PES Aller)."),
    ("Bordereau", "n'est qu'un morceau de flux PES, sans son en-tête. Déposez le flux complet (PES Aller)."),
    ("marche", "décrit un marché, pas des lignes d'achat. Déposez l'export de vos mandats ou de vos factures."),
    ("svg", "est une image. " + _EXPORTEZ),
)


def reconnaitre(chemin: Path, nom: str) -> Format:
    """Say what a file is. Raises `FichierRefuse` when it is nothing we read, or when it announces what no honest file does."""
    with chemin.open("rb") as fichier:
        debut = fichier.read(_DEBUT)
    if not debut.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise FichierRefuse(f"Le fichier « {nom} » est vide. Exportez-le de nouveau depuis votre logiciel, puis déposez-le.")
    if debut.startswith(_OLE):
        return _ole(chemin, nom)
    if debut.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(chemin, nom)
    if b"%PDF-" in debut[:1024]:
        return Format.PDF
    _refuser_signature(debut, nom)
    utile = debut.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b" \t\r\n\xff\xfe")
    if utile.startswith(b"<"):
        return _xml(chemin, utile, nom)
    if utile.startswith((b"{", b"[{", b"[\n", b"[\r")):
        raise FichierRefuse(f"Le fichier « {nom} » est un échange de données entre logiciels (JSON), pas un tableau. {_EXPORTEZ}")
    if utile.startswith((b"MIME-Version", b"From:", b"Return-Path", b"Received:")):
        raise FichierRefuse(f"Le fichier « {nom} » est un courriel ou une page enregistrée. Déposez sa pièce jointe, en Excel ou en CSV.")
    if _est_binaire(debut):
        raise FichierRefuse(f"Nous n'avons pas reconnu le fichier « {nom} ». {_EXPORTEZ}")
    return Format.TEXTE


def _ole(chemin: Path, nom: str) -> Format:
    contenu = chemin.read_bytes()

    def contient(flux: str) -> bool:
        return flux.encode("utf-16-le") in contenu

    if contient("EncryptedPackage"):
        raise FichierRefuse(mot_de_passe(nom))
    if contient("WordDocument"):
        raise FichierRefuse(f"Le fichier « {nom} » est un document Word, pas un tableau. {_EXPORTEZ}")
    if contient("__substg1.0_"):
        raise FichierRefuse(f"Le fichier « {nom} » est un courriel. Déposez sa pièce jointe, en Excel ou en CSV.")
    return Format.CLASSEUR


def _zip(chemin: Path, nom: str) -> Format:
    with verifier_archive(chemin, nom) as archive:
        noms = set(archive.namelist())
        genre = _lire_partie(archive, "mimetype", nom)
        manifeste = _lire_partie(archive, "META-INF/manifest.xml", nom)
    if "encryption-data" in manifeste:
        raise FichierRefuse(mot_de_passe(nom))
    if "word/document.xml" in noms or "text" in genre:
        raise FichierRefuse(f"Nous n'avons pas pu lire « {nom} » : c'est un document de traitement de texte. {_EXPORTEZ}")
    if any(n.startswith("ppt/") for n in noms) or "presentation" in genre:
        raise FichierRefuse(f"Nous n'avons pas pu lire « {nom} » : c'est une présentation. {_EXPORTEZ}")
    if any(n.endswith(".iwa") for n in noms) or "Index.zip" in noms:
        raise FichierRefuse(
            f"Nous n'avons pas pu lire « {nom} » : c'est un classeur Numbers. Dans Numbers, choisissez Exporter, puis Excel."
        )
    if {"xl/workbook.xml", "xl/workbook.bin"} & noms or "spreadsheet" in genre:
        return Format.CLASSEUR
    return Format.ZIP


def _lire_partie(archive: zipfile.ZipFile, partie: str, nom: str) -> str:
    """Read the beginning of a part of a LibreOffice file, "" when there is none."""
    if partie not in archive.namelist():
        return ""
    try:
        with archive.open(partie) as flux:
            return flux.read(1 << 16).decode("utf-8", errors="replace")
    except FAUTES as faute:
        raise FichierRefuse(classeur_abime(nom)) from faute


def mot_de_passe(nom: str) -> str:
    """Sentence for a workbook protected by a password."""
    return f"Le classeur « {nom} » est protégé par un mot de passe. Enregistrez-en une copie sans mot de passe, puis déposez-la."


def _xml(chemin: Path, utile: bytes, nom: str) -> Format:
    bas = utile[:2048].lower()
    if b"<html" in bas or bas.startswith((b"<!doctype html", b"<table", b"<meta", b"<head")):
        return Format.PAGE_WEB
    refuser_dtd(chemin, nom)
    racine = lire_racine(chemin)
    if racine is None:
        raise FichierRefuse(abime(nom))
    if racine in ubl.RACINES:
        return Format.UBL
    if racine in cii.RACINES:
        return Format.CII
    if racine == pes.RACINE:
        return Format.PES
    if racine == spreadsheetml.RACINE:
        return Format.CLASSEUR_XML
    local = racine.rsplit("}", 1)[-1]
    for refusee, phrase in _RACINES_REFUSEES:
        if local == refusee:
            raise FichierRefuse(f"Le fichier « {nom} » {phrase}")
    raise FichierRefuse(
        f"Le fichier « {nom} » n'est ni une facture électronique (Factur-X, UBL, CII) ni un flux PES de dépenses : nous ne savons pas le "
        f"lire. {_EXPORTEZ}"
    )


def _refuser_signature(debut: bytes, nom: str) -> None:
    for signature, quoi in _SIGNATURES:
        if debut.startswith(signature) and (signature not in _COURTES or _est_binaire(debut)):
            conseil = "Déposez directement les fichiers qu'elle contient, ou une archive ZIP." if "archive" in quoi else _EXPORTEZ
            raise FichierRefuse(f"Le fichier « {nom} » est {quoi}, pas un tableau ni une facture électronique. {conseil}")
    if debut[4:8] == b"ftyp" or (debut.startswith(b"RIFF") and debut[8:12] in (b"WEBP", b"WAVE", b"AVI ")):
        raise FichierRefuse(f"Le fichier « {nom} » est une image ou un film, pas un tableau ni une facture électronique. {_EXPORTEZ}")


def _est_binaire(debut: bytes) -> bool:
    """Say whether bytes cannot be a text: control characters, or zero bytes that are not the halves of UTF-16."""
    moitie = max(len(debut) // 2, 1)
    pairs, impairs = debut[0::2].count(0), debut[1::2].count(0)
    if debut.startswith((b"\xff\xfe", b"\xfe\xff")) or max(pairs, impairs) > 0.6 * moitie > 6 * min(pairs, impairs):
        return False
    controles = sum(debut.count(bytes([code])) for code in (*range(9), *range(14, 27), *range(28, 32)))
    return controles > 0.005 * len(debut) + 1
