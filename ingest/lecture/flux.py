"""A text file is cut in blocks at line ends, so that memory does not grow with it; each block comes out as clean UTF-8 lines."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ingest.lecture.encodage import PASSAGES_MAX, choisir_encodage, longueur_bom, passages_accentues

TAILLE_BLOC = 9 << 20
_MORCEAU = 1 << 18
_RECULS_MAX = 200


@dataclass(frozen=True)
class Ecriture:
    """How a text file is written: its encoding, and the byte that really ends its lines (old Macintosh files only have CR)."""

    encodage: str
    fin_de_ligne: bytes


@dataclass(frozen=True)
class Bloc:
    """Whole lines in UTF-8 ended by LF (or CR LF), the number of the first, how many, and those whose letters are doubtful."""

    texte: bytes
    premiere: int
    nombre: int
    douteuses: tuple[int, ...] = ()


def observer(chemin: Path) -> Ecriture:
    """Choose the encoding and the line end of a file, looking at all of it for letters that are not plain ASCII."""
    passages: list[bytes] = []
    with chemin.open("rb") as fichier:
        debut = fichier.read(1 << 16)
        while len(passages) < PASSAGES_MAX and (morceau := fichier.read(4 << 20)):
            if not morceau.isascii():
                passages += passages_accentues(morceau)
    encodage = choisir_encodage(debut, passages)
    clair = debut.replace(b"\x00", b"") if encodage.startswith("utf-16") else debut
    seuls = clair.count(b"\r") - clair.count(b"\r\n")
    return Ecriture(encodage, b"\r" if seuls > clair.count(b"\n") else b"\n")


def lire_blocs(chemin: Path, ecriture: Ecriture, taille: int = TAILLE_BLOC) -> Iterator[Bloc]:
    """Yield the file in blocks of whole lines, never cut inside a quoted cell unless its quotes make no sense."""
    premiere = 1
    reste = b""
    for morceau in _morceaux(chemin, ecriture, taille):
        donnees = reste + morceau
        if ecriture.fin_de_ligne == b"\r":
            # A piece may end between CR and LF: the CR waits for the next piece.
            garde = b"\r" if donnees.endswith(b"\r") else b""
            donnees = donnees[: len(donnees) - len(garde)].replace(b"\r\n", b"\n").replace(b"\r", b"\n") + garde
        coupe = couper_apres(donnees)
        if not coupe:
            reste = donnees
            continue
        bloc, reste = _bloc(donnees[:coupe], premiere, ecriture.encodage), donnees[coupe:]
        premiere += bloc.nombre
        del donnees, morceau  # nobody reads them any more, and what follows takes its time
        yield bloc
    if reste:
        yield _bloc(reste.removesuffix(b"\r"), premiere, ecriture.encodage)


def couper_apres(donnees: bytes) -> int:
    """Return the position after the last line end that stands outside quotes, 0 when there is none."""
    dernier = donnees.rfind(b"\n")
    if dernier < 0 or b'"' not in donnees:
        return dernier + 1
    guillemets = donnees.count(b'"', 0, dernier)
    position = dernier
    for _ in range(_RECULS_MAX):
        if guillemets % 2 == 0:
            return position + 1
        precedent = donnees.rfind(b"\n", 0, position)
        if precedent < 0:
            break
        guillemets -= donnees.count(b'"', precedent, position)
        position = precedent
    return dernier + 1


def compter_lignes(texte: bytes) -> int:
    """Count physical lines, the last one with or without its line end."""
    return compter(texte, b"\n") + (bool(texte) and not texte.endswith(b"\n"))


def compter(texte: bytes, octet: bytes) -> int:
    """Count a byte that comes back often: several times faster than `bytes.count`, which stops at each."""
    return int(np.count_nonzero(_octets(texte) == ord(octet)))


def places(texte: bytes, octet: bytes) -> npt.NDArray[np.intp]:
    """Find all the places of a byte."""
    return np.flatnonzero(_octets(texte) == ord(octet))


def _octets(texte: bytes) -> npt.NDArray[np.uint8]:
    return np.frombuffer(texte, dtype=np.uint8)


def _morceaux(chemin: Path, ecriture: Ecriture, taille: int) -> Iterator[bytes]:
    """Yield the file by pieces: as it is when its line ends are the bytes CR and LF, turned into UTF-8 when it is UTF-16."""
    with chemin.open("rb") as fichier:
        debut = fichier.read(4)
        fichier.seek(longueur_bom(debut))
        if not ecriture.encodage.startswith("utf-16"):
            while morceau := fichier.read(taille):
                yield morceau
            return
        decodeur = codecs.getincrementaldecoder(ecriture.encodage)(errors="replace")
        while morceau := fichier.read(taille):
            yield decodeur.decode(morceau).encode("utf-8", errors="replace")
        yield decodeur.decode(b"", final=True).encode("utf-8", errors="replace")


def _bloc(donnees: bytes, premiere: int, encodage: str) -> Bloc:
    nombre = compter_lignes(donnees)
    if b"\x00" in donnees:
        donnees = donnees.replace(b"\x00", b"")
    if donnees.isascii():
        return Bloc(donnees, premiere, nombre)
    if encodage != "utf-8" and not encodage.startswith("utf-16"):
        return Bloc(_transcoder(donnees, encodage), premiere, nombre)
    try:
        donnees.decode("utf-8")
    except UnicodeDecodeError:
        return _bloc_melange(donnees, premiere, nombre)
    return Bloc(donnees, premiere, nombre)


def _transcoder(donnees: bytes, encodage: str) -> bytes:
    """Write in UTF-8 an encoding of one byte a letter, by pieces that stay in the cache of the processor: half the time of one piece."""
    vue = memoryview(donnees)
    return b"".join([str(vue[debut : debut + _MORCEAU], encodage, "replace").encode() for debut in range(0, len(donnees), _MORCEAU)])


def _bloc_melange(donnees: bytes, premiere: int, nombre: int) -> Bloc:
    """Read line by line a file where two programs wrote one after the other in two encodings."""
    lignes, douteuses = [], []
    for rang, ligne in enumerate(donnees.split(b"\n")):
        try:
            lignes.append(ligne.decode("utf-8"))
        except UnicodeDecodeError:
            lignes.append(ligne.decode("cp1252", errors="replace"))
            douteuses.append(premiere + rang)
    return Bloc("\n".join(lignes).encode(), premiere, nombre, tuple(douteuses))
