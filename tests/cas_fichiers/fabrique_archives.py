"""The archives: honest, clumsy and hostile."""

import io
import zipfile
from pathlib import Path


def archives(dossier: Path) -> None:
    """Write every archive case in the folder, from files already there."""
    _zip(dossier / "factures.zip", {n: (dossier / n).read_bytes() for n in ("ubl_base_de_prix.xml", "ubl_avoir.xml", "cii_frais.xml")})
    _zip(
        dossier / "dossier_melange.zip",
        {
            "2025/achats.csv": (dossier / "utf8.csv").read_bytes(),
            "2025/facture.xml": (dossier / "ubl_base_de_prix.xml").read_bytes(),
            "2025/photo.jpg": b"\xff\xd8\xff\xe0" + bytes(50),
            "__MACOSX/2025/._achats.csv": b"rien",
            "2025/": b"",
        },
    )
    _zip(dossier / "chemins_hostiles.zip", {"../../etc/achats.csv": (dossier / "utf8.csv").read_bytes()})
    _zip(dossier / "archive_dans_archive.zip", {"interieur.zip": (dossier / "factures.zip").read_bytes()})
    _zip(dossier / "archive_vide.zip", {})
    _zip(dossier / "que_des_images.zip", {"photo.jpg": b"\xff\xd8\xff\xe0" + bytes(50)})
    _zip(dossier / "bombe.zip", {"achats.csv": bytes(60 << 20)})
    _zip(dossier / "document.docx", {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"})
    _zip(dossier / "presentation.pptx", {"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<p:presentation/>"})
    _zip(dossier / "lettre.odt", {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"})
    _zip(
        dossier / "calc_protege.ods",
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>",
            "content.xml": bytes(range(256)),
        },
    )
    _zip(dossier / "classeur_apple.numbers", {"Index/Document.iwa": b"\x00", "Metadata/Properties.plist": b""})
    _bombe_en_classeur(dossier / "bombe.xlsx")
    _entites_en_classeur(dossier / "classeur.xlsx", dossier / "entites.xlsx")
    _chiffree(dossier / "archive_chiffree.zip", (dossier / "utf8.csv").read_bytes())
    entiere = (dossier / "factures.zip").read_bytes()
    (dossier / "archive_tronquee.zip").write_bytes(entiere[: len(entiere) // 2])


def _zip(chemin: Path, contenus: dict[str, bytes]) -> None:
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in contenus.items():
            archive.writestr(zipfile.ZipInfo(nom, (2026, 1, 1, 0, 0, 0)), contenu, zipfile.ZIP_DEFLATED)


def _bombe_en_classeur(chemin: Path) -> None:
    _zip(chemin, {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": bytes(60 << 20)})


def _entites_en_classeur(source: Path, chemin: Path) -> None:
    entites = b'<!ENTITY a0 "lol">' + b"".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">'.encode() for n in range(1, 10))
    with zipfile.ZipFile(source) as lu, zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as ecrit:
        for nom in lu.namelist():
            contenu = lu.read(nom)
            if nom == "xl/worksheets/sheet1.xml":
                contenu = b'<?xml version="1.0"?><!DOCTYPE x [' + entites + b"]>" + contenu.split(b"?>")[-1]
            ecrit.writestr(nom, contenu)


def _chiffree(chemin: Path, contenu: bytes) -> None:
    # The standard library writes no encrypted archive: the flag that announces one is set by hand.
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        archive.writestr(zipfile.ZipInfo("achats.csv", (2026, 1, 1, 0, 0, 0)), contenu)
    octets = bytearray(tampon.getvalue())
    octets[6] |= 1
    octets[octets.index(b"PK\x01\x02") + 8] |= 1
    chemin.write_bytes(bytes(octets))
