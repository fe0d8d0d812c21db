"""Damage the case files at random for a while and report: `python -m tests.ingest.lecture.fuzz --secondes 60 --graine 1`.

Each file is read in a child process under limits. A file is either read or refused with a sentence; anything else is printed with the
seed that makes it again.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from ingest.erreurs import FichierRefuse
from ingest.isolement import Limites, executer
from ingest.lecture import lire

FICHIERS = Path(__file__).resolve().parents[2] / "cas_fichiers" / "fichiers"
LIMITES = Limites(memoire_octets=4 << 30, duree_s=20)
INTERESSANTS = (
    b"\x00",
    b"\xff",
    b'"',
    b";",
    b"\r",
    b"\n",
    b"<",
    b">",
    b"&",
    b"PK\x03\x04",
    b"<!DOCTYPE x [",
    b"\xff\xfe",
    b"1e999",
    b"-1",
    b"9" * 30,
)


def compter_lignes(chemin: Path) -> int:
    """Read a file whole, as the import does."""
    return sum(bloc.height for table in lire(chemin, chemin.name) for bloc in table.blocs())


def abimer(octets: bytes, hasard: random.Random) -> bytes:
    """Make one to eight random wounds: bytes changed, cut, doubled, inserted."""
    donnees = bytearray(octets)
    for _ in range(hasard.randint(1, 8)):
        position = hasard.randrange(len(donnees) + 1)
        longueur = min(hasard.choice((1, 1, 2, 8, 64, 512)), len(donnees) - position)
        match hasard.randrange(5):
            case 0:
                donnees[position : position + longueur] = hasard.randbytes(longueur)
            case 1:
                del donnees[position : position + longueur]
            case 2:
                donnees[position:position] = donnees[position : position + longueur] * hasard.randint(1, 50)
            case 3:
                donnees[position:position] = hasard.choice(INTERESSANTS)
            case _:
                donnees = donnees[:position] if hasard.random() < 0.2 else donnees
    return bytes(donnees)


def main() -> None:
    lecteur = argparse.ArgumentParser(description=__doc__)
    lecteur.add_argument("--secondes", type=float, default=60)
    lecteur.add_argument("--graine", type=int, default=1)
    options = lecteur.parse_args()
    sources = [(p.name, p.read_bytes()) for p in sorted(FICHIERS.iterdir())]
    issues: Counter[str] = Counter()
    plus_long = (0.0, "")
    fin = time.monotonic() + options.secondes
    graine = options.graine * 1_000_000
    with tempfile.TemporaryDirectory() as dossier:
        while time.monotonic() < fin:
            graine += 1
            hasard = random.Random(graine)
            nom, octets = hasard.choice(sources)
            chemin = Path(dossier) / nom
            chemin.write_bytes(abimer(octets, hasard))
            debut = time.monotonic()
            try:
                executer(compter_lignes, chemin, limites=LIMITES)
                issues["lu"] += 1
            except FichierRefuse as refus:
                arrete = "La lecture de ce fichier a été arrêtée" in str(refus)
                issues[f"arrete {chemin.suffix}" if arrete else "refuse"] += 1
            except Exception as faute:
                issues["FAUTE"] += 1
                print(f"graine {graine} {nom} : {type(faute).__name__} {faute}"[:300])
            plus_long = max(plus_long, (time.monotonic() - debut, f"graine {graine} {nom}"))
            chemin.unlink()
    print(f"{issues.total()} fichiers : {dict(issues)} ; le plus long {plus_long[0]:.2f} s ({plus_long[1]})")


if __name__ == "__main__":
    main()
