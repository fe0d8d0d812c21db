"""A text file is cut in blocks at line ends, so that memory does not grow with it; each block comes out as clean UTF-8 lines."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.lecture.encodage import choisir_encodage, longueur_bom, passages_accentues

TAILLE_BLOC = 16 << 20
_EXTRAITS_MAX = 1 << 18
_RECULS_MAX = 200


@dataclass(frozen=True)
class Ecriture:
    """How a text file is written: its encoding, and the byte that really ends its lines (old Macintosh files only have CR)."""

    encodage: str
    fin_de_ligne: bytes


@dataclass(frozen=True)
class Bloc:
    """Whole lines in UTF-8 ended by LF, the number of the first, and the ranks of those whose letters are doubtful."""

    texte: bytes
    premiere: int
    douteuses: tuple[int, ...] = ()


def observer(chemin: Path) -> Ecriture:
    """Choose the encoding and the line end of a file, looking at all of it for letters that are not plain ASCII."""
    with chemin.open("rb") as fichier:
        debut = fichier.read(1 << 16)
        extraits = [debut, b"\n"] if not debut.isascii() else [debut]
        taille = sum(map(len, extraits))
        morceau = debut
        while taille < _EXTRAITS_MAX and (morceau := fichier.read(4 << 20)):
            if not morceau.isascii():
                passages = b"".join(passages_accentues(morceau))
                extraits += [b"\n", passages]
                taille += len(passages)
    encodage = choisir_encodage(b"".join(extraits))
    clair = debut.replace(b"\x00", b"") if encodage.startswith("utf-16") else debut
    seuls = clair.replace(b"\r\n", b"").count(b"\r")
    fin = b"\r" if seuls > clair.count(b"\n") else b"\n"
    return Ecriture(encodage, fin)


def lire_blocs(chemin: Path, ecriture: Ecriture, taille: int = TAILLE_BLOC) -> Iterator[Bloc]:
    """Yield the file in blocks of whole lines, never cut inside a quoted cell unless its quotes make no sense."""
    premiere = 1
    reste = b""
    for morceau in _morceaux(chemin, ecriture, taille):
        donnees = _fins_de_ligne(reste + morceau, ecriture.fin_de_ligne)
        coupe = couper_apres(donnees)
        if not coupe:
            reste = donnees
            continue
        yield _bloc(donnees[:coupe], premiere, ecriture.encodage)
        premiere += donnees.count(b"\n", 0, coupe)
        reste = donnees[coupe:]
    if reste.endswith(b"\r"):
        reste = reste[:-1] + b"\n"
    if reste:
        yield _bloc(reste, premiere, ecriture.encodage)


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


def _fins_de_ligne(donnees: bytes, fin: bytes) -> bytes:
    if b"\r" not in donnees:
        return donnees
    # A piece may end between CR and LF: the CR is kept for the next piece.
    garde = b"\r" if donnees.endswith(b"\r") else b""
    donnees = donnees[: len(donnees) - len(garde)].replace(b"\r\n", b"\n")
    return (donnees.replace(b"\r", b"\n") if fin == b"\r" else donnees) + garde


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


def _bloc(donnees: bytes, premiere: int, encodage: str) -> Bloc:
    if encodage == "utf-8" or encodage.startswith("utf-16"):
        try:
            donnees.decode("utf-8")
        except UnicodeDecodeError:
            return _bloc_melange(donnees, premiere)
        return Bloc(donnees.replace(b"\x00", b"") if b"\x00" in donnees else donnees, premiere)
    if donnees.isascii():
        return Bloc(donnees.replace(b"\x00", b""), premiere)
    return Bloc(donnees.decode(encodage, errors="replace").replace("\x00", "").encode(), premiere)


def _bloc_melange(donnees: bytes, premiere: int) -> Bloc:
    """Read line by line a file where two programs wrote one after the other in two encodings."""
    lignes, douteuses = [], []
    for rang, ligne in enumerate(donnees.split(b"\n")):
        try:
            lignes.append(ligne.decode("utf-8"))
        except UnicodeDecodeError:
            lignes.append(ligne.decode("cp1252", errors="replace"))
            douteuses.append(premiere + rang)
    return Bloc("\n".join(lignes).replace("\x00", "").encode(), premiere, tuple(douteuses))
