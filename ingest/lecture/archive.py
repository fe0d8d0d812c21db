"""A ZIP is opened with suspicion: sizes are counted while unpacking, names are never used as paths, one level only."""

import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from ingest.erreurs import FichierRefuse

FICHIERS_MAX = 20_000
TAILLE_MAX = 2 << 30  # unpacked, all files together
_GONFLEMENT_MAX = 250  # unpacked ÷ packed, once past…
_GONFLEMENT_DES = 32 << 20  # …this size: repetitive tables shrink 30 times, bombs 1000 times
# What the standard library lets through on damaged archives.
FAUTES = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError)
_IGNORES = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


def verifier_archive(chemin: Path, nom: str) -> zipfile.ZipFile:
    """Open a ZIP (or a workbook, which is one) after checking what it announces. Raises `FichierRefuse`; the caller closes it."""
    est_classeur = _est_classeur(chemin)
    try:
        archive = zipfile.ZipFile(chemin)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as faute:
        raise FichierRefuse(classeur_abime(nom) if est_classeur else _abimee(nom)) from faute
    try:
        _verifier_annonces(archive.infolist(), nom, est_classeur=est_classeur)
        if est_classeur:
            _verifier_parties(archive, nom)
    except BaseException:
        archive.close()
        raise
    return archive


def deplier(archive: zipfile.ZipFile, nom: str, dossier: Path) -> Iterator[tuple[str, Path]]:
    """Unpack the useful files of a ZIP under numbered names; yield each with the name it has inside, made safe to display."""
    restant = TAILLE_MAX
    for rang, entree in enumerate(archive.infolist()):
        affiche = _nom_affiche(entree)
        if entree.is_dir() or affiche.casefold().startswith(_IGNORES[0]) or affiche.casefold().rsplit("/", 1)[-1] in _IGNORES:
            continue
        if stat.S_ISLNK(entree.external_attr >> 16):
            continue
        if entree.flag_bits & 0x1:
            raise FichierRefuse(f"L'archive « {nom} » est protégée par un mot de passe. Déposez ses fichiers sans protection.")
        destination = dossier / f"{rang:05d}"
        restant -= _copier(archive, entree, destination, restant, nom)
        yield affiche, destination


def dossier_temporaire() -> tempfile.TemporaryDirectory[str]:
    """Create the folder of unpacked files; it disappears with the last table that reads from it."""
    return tempfile.TemporaryDirectory(prefix="mercuriale-")


def _verifier_annonces(entrees: list[zipfile.ZipInfo], nom: str, *, est_classeur: bool) -> None:
    gros = sum(entree.file_size for entree in entrees)
    compresse = sum(entree.compress_size for entree in entrees)
    if len(entrees) > FICHIERS_MAX:
        raise FichierRefuse(f"L'archive « {nom} » contient {len(entrees)} fichiers ; nous en lisons {FICHIERS_MAX} au plus. Découpez-la.")
    if gros > TAILLE_MAX or (gros > _GONFLEMENT_DES and gros > _GONFLEMENT_MAX * max(compresse, 1)):
        raise FichierRefuse(_bombe(nom, "Le classeur" if est_classeur else "L'archive"))


def _verifier_parties(archive: zipfile.ZipFile, nom: str) -> None:
    """Refuse a workbook one of whose parts declares a DTD: no spreadsheet program writes any."""
    for entree in archive.infolist():
        if not entree.filename.endswith(".xml") or entree.flag_bits & 0x1:
            continue
        try:
            with archive.open(entree) as flux:
                debut = flux.read(4096)
        except FAUTES as faute:
            raise FichierRefuse(classeur_abime(nom)) from faute
        if b"<!DOCTYPE" in debut or b"<!ENTITY" in debut:
            raise FichierRefuse(
                f"Le classeur « {nom} » contient des déclarations qui peuvent bloquer un ordinateur : par sécurité, il n'a pas été lu. "
                "Enregistrez-le de nouveau depuis votre tableur."
            )


def _copier(archive: zipfile.ZipFile, entree: zipfile.ZipInfo, destination: Path, restant: int, nom: str) -> int:
    lus = 0
    try:
        with archive.open(entree) as source, destination.open("wb") as sortie:
            while morceau := source.read(1 << 20):
                lus += len(morceau)
                # The announced size may lie: what counts is what comes out.
                if lus > restant or (lus > _GONFLEMENT_DES and lus > _GONFLEMENT_MAX * max(entree.compress_size, 1)):
                    raise FichierRefuse(_bombe(nom))
                sortie.write(morceau)
    except FAUTES as faute:
        raise FichierRefuse(_abimee(nom)) from faute
    return lus


def _nom_affiche(entree: zipfile.ZipInfo) -> str:
    parties = [partie for partie in entree.filename.replace("\\", "/").split("/") if partie not in ("", ".", "..")]
    lisible = "/".join(parties)
    return "".join(c for c in lisible if c.isprintable())[:200] or "fichier sans nom"


def _est_classeur(chemin: Path) -> bool:
    """Say whether a ZIP is a workbook, even damaged: its first parts have names of their own."""
    with chemin.open("rb") as fichier:
        debut = fichier.read(2048)
    return any(marque in debut for marque in (b"[Content_Types].xml", b"xl/", b"mimetypeapplication/vnd.oasis"))


def _bombe(nom: str, quoi: str = "L'archive") -> str:
    conseil = (
        "Enregistrez-le de nouveau depuis votre tableur." if "classeur" in quoi else "Déposez directement les fichiers qu'elle contient."
    )
    return f"{quoi} « {nom} » prendrait une taille démesurée : par sécurité, sa lecture a été arrêtée. {conseil}"


def classeur_abime(nom: str) -> str:
    """Sentence for a workbook cut short or damaged."""
    return f"Le classeur « {nom} » est incomplet ou abîmé. Enregistrez-le de nouveau depuis votre tableur, puis déposez-le."


def _abimee(nom: str) -> str:
    return f"L'archive « {nom} » est incomplète ou abîmée. Refaites-la, ou déposez directement les fichiers qu'elle contient."
