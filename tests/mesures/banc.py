"""A timing says something only beside another one of the same run: tasks take turns, each in a fresh process, and medians are kept."""

import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import log
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

REPETITIONS = 3


@dataclass(frozen=True)
class Cout:
    """What a task cost: wall time, processor time of its process (all threads), peak resident memory of its process."""

    duree_s: float
    processeur_s: float
    memoire_mio: float
    resultat: Any = None


@dataclass(frozen=True)
class Serie:
    """The costs of one task over the turns."""

    couts: tuple[Cout, ...]

    @property
    def duree_s(self) -> float:
        return median(cout.duree_s for cout in self.couts)

    @property
    def processeur_s(self) -> float:
        return median(cout.processeur_s for cout in self.couts)

    @property
    def memoire_mio(self) -> float:
        return max(cout.memoire_mio for cout in self.couts)

    @property
    def resultat(self) -> Any:
        return self.couts[-1].resultat


def mesurer(
    taches: Mapping[str, Callable[[], Any]], repetitions: int = REPETITIONS, preparer: Callable[[], Any] | None = None
) -> dict[str, Serie]:
    """Run the tasks in turn, `repetitions` times, each in its own new process; `preparer` runs there first and is not counted.

    Tasks are module-level functions or partials of them (they are pickled). Imports are not counted, what a task loads at first use is.
    """
    couts: dict[str, list[Cout]] = {nom: [] for nom in taches}
    for _ in range(repetitions):
        for nom, tache in taches.items():
            couts[nom].append(dans_un_processus(tache, preparer))
    return {nom: Serie(tuple(liste)) for nom, liste in couts.items()}


def dans_un_processus(tache: Callable[[], Any], preparer: Callable[[], Any] | None = None) -> Cout:
    """Run one task in a new process and say what it cost there. Raises RuntimeError when the process dies."""
    contexte = multiprocessing.get_context("spawn")
    ici, la_bas = contexte.Pipe()
    processus = contexte.Process(target=_executer, args=(tache, preparer, la_bas))
    processus.start()
    la_bas.close()
    try:
        cout: Cout = ici.recv()
    except EOFError:
        raise RuntimeError(f"{nommer(tache)} : le processus est mort") from None
    finally:
        processus.join()
    return cout


def _executer(tache: Callable[[], Any], preparer: Callable[[], Any] | None, lien: Connection) -> None:
    if preparer is not None:
        preparer()
    lien.send(compter(tache))


def compter(tache: Callable[[], Any]) -> Cout:
    """Run a task here and say what it cost."""
    avant, debut = _processeur(), time.perf_counter()
    resultat = tache()
    duree = time.perf_counter() - debut
    return Cout(duree, _processeur() - avant, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, resultat)


def _processeur() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def exposant(tailles: Sequence[float], durees: Sequence[float]) -> float:
    """Slope of log(time) on log(size): 1 is linear, 2 is quadratic."""
    x, y = [log(t) for t in tailles], [log(d) for d in durees]
    mx, my = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / sum((a - mx) ** 2 for a in x)


def nommer(tache: Callable[..., Any]) -> str:
    return str(getattr(tache.func if isinstance(tache, partial) else tache, "__name__", tache))


def presenter(titre: str, entetes: Sequence[str], rangees: Sequence[Sequence[object]], notes: Sequence[str] = ()) -> None:
    """Print one table in Markdown, with the commit and the load of the machine: what docs/mesures.md quotes."""
    charge = "/".join(f"{c:.1f}" for c in os.getloadavg())
    print(f"\n### {titre}\n")
    print(f"{time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC, commit {_commit()}, {os.cpu_count()} cœurs, charge {charge}\n")
    print("| " + " | ".join(entetes) + " |")
    print("|" + "---|" * len(entetes))
    for rangee in rangees:
        print("| " + " | ".join(_ecrire(cellule) for cellule in rangee) + " |")
    for note in notes:
        print(f"\n{note}")


def _ecrire(cellule: object) -> str:
    if isinstance(cellule, float):
        return (f"{cellule:.0f}" if abs(cellule) >= 100 else f"{cellule:.2f}" if abs(cellule) >= 1 else f"{cellule:.3g}").replace(".", ",")
    return f"{cellule:,}".replace(",", "\u202f") if isinstance(cellule, int) else str(cellule)


def _commit() -> str:
    """Short name of the commit, read from the files of the repository; « inconnu » outside one."""
    depot = Path(__file__).resolve().parents[2] / ".git"
    try:
        tete = (depot / "HEAD").read_text().strip()
        if tete.startswith("ref: "):
            tete = (depot / tete[5:]).read_text().strip()
        return tete[:9]
    except OSError:
        return "inconnu"
