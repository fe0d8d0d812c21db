"""A number of readers who ask for pages without pause, each as soon as it has the former one; what they waited for is kept."""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Attente:
    """Pages per second, and seconds waited (median, 99th percentile) by those who asked; `octets` of the last page."""

    nombre: int
    par_seconde: float
    mediane_s: float
    p99_s: float
    octets: int


def charger(port: int, chemins: Iterator[str], cookies: Sequence[str], duree_s: float) -> Attente:
    """Ask for the pages of `chemins` during `duree_s`, one reader per cookie. Raises RuntimeError on any answer but 200."""
    return asyncio.run(_charger(port, chemins, cookies, duree_s))


def toujours(chemin: str) -> Iterator[str]:
    """The same address again and again."""
    return itertools.repeat(chemin)


def jamais_deux_fois(chemins: Sequence[str]) -> Iterator[str]:
    """These pages in turn, under addresses that nobody asked for before: no page kept can serve."""
    return (f"{chemin}{'&' if '?' in chemin else '?'}essai={time.monotonic_ns()}" for chemin in itertools.cycle(chemins))


async def _charger(port: int, chemins: Iterator[str], cookies: Sequence[str], duree_s: float) -> Attente:
    fin = time.perf_counter() + duree_s
    debut = time.perf_counter()
    lectures = await asyncio.gather(*(_lire_sans_cesse(port, chemins, cookie, fin) for cookie in cookies))
    ecoule = time.perf_counter() - debut
    attentes = np.array([attente for lecture in lectures for attente, _ in lecture])
    mediane, p99 = np.quantile(attentes, [0.5, 0.99])
    return Attente(len(attentes), len(attentes) / ecoule, float(mediane), float(p99), lectures[0][-1][1])


async def _lire_sans_cesse(port: int, chemins: Iterator[str], cookie: str, fin: float) -> list[tuple[float, int]]:
    lecteur, scripteur = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
    lectures: list[tuple[float, int]] = []
    while time.perf_counter() < fin:
        debut = time.perf_counter()
        scripteur.write(f"GET {next(chemins)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\nCookie: {cookie}\r\n\r\n".encode())
        tete = (await lecteur.readuntil(b"\r\n\r\n")).lower()
        # while the observatoire is built again with one dépôt more, an article may be joined to another: its address leads there
        if not tete.startswith((b"http/1.1 200", b"http/1.1 307")):
            raise RuntimeError(tete.split(b"\r\n", 1)[0].decode())
        octets = int(tete.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        await lecteur.readexactly(octets)
        lectures.append((time.perf_counter() - debut, octets))
    scripteur.close()
    return lectures
