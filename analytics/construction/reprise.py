"""A build takes up the former observatoire and redoes only what dépôts and decisions change; the tables are those of a full build.

What a later build needs to know is kept in the schema `reprise` of the observatoire itself, so that it always matches its tables: deleting
the file is deleting that memory, and the next build is then a full one.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import duckdb
import polars as pl

from analytics import socle
from ingest.publication import DepotPublie, decider

PART_MAXIMALE = 0.25
"""Above this share of lines kept out of the base, a full build costs about as much and reads better."""
REPRISES_MAXIMUM = 200
"""A file that is patched keeps holes: after so many times it is written anew."""
_SOURCES = (".py", ".sql", ".yaml", ".csv")
CHANGEMENTS = dict.fromkeys(("depot", "empreinte", "statut_final"), pl.String)


@dataclass(frozen=True)
class Plan:
    """What is read and what is kept.

    `a_lire`: dépôts whose lines are read; `perimes`: those of the former observatoire whose lines stand no more, because they are gone or
    read again; `membres`: whose they are. `changements`: the lines of dépôts to read that others set aside, and `sorts` a fingerprint of
    them by dépôt. `socle` is the base kept, None when everything is built anew.
    """

    a_lire: tuple[DepotPublie, ...]
    perimes: tuple[str, ...]
    membres: frozenset[str]
    changements: pl.DataFrame
    sorts: Mapping[str, str]
    socle: str | None = None
    nb_reprises: int = 0

    @property
    def entier(self) -> bool:
        """True when nothing is kept from the former observatoire."""
        return self.socle is None


@dataclass(frozen=True)
class _Etat:
    """What the former observatoire says of itself. `depots`: dépôt → (membre, fingerprint of file, of its changes, lines)."""

    socle: str
    nb_reprises: int
    nb_lignes_reprises: int
    depots: Mapping[str, tuple[str, str, str, int]]
    decisions: frozenset[tuple[str, str | None, str | None]]


def tout(depots: Sequence[DepotPublie]) -> Plan:
    """Everything anew."""
    changements, sorts = _decider(depots)
    return Plan(tuple(depots), (), frozenset(depot.membre for depot in depots), changements, sorts)


def prevoir(precedent: Path | None, depots: Sequence[DepotPublie], decisions_de_lignes: pl.DataFrame, code: str) -> Plan:
    """Say what is to be redone: everything when there is no former observatoire, when it cannot be read, or was made by other rules."""
    if precedent is None:
        return tout(depots)
    decisions = frozenset(decisions_de_lignes.iter_rows())
    try:
        with duckdb.connect(":memory:") as connexion:
            socle.attacher(connexion, precedent)
            etat = _lire_etat(connexion, code)
            decides = set() if etat is None else _depots_decides(connexion, {empreinte for empreinte, *_ in etat.decisions ^ decisions})
    except duckdb.Error:
        return tout(depots)
    if etat is None or etat.nb_reprises >= REPRISES_MAXIMUM:
        return tout(depots)
    presents = {depot.depot: depot for depot in depots}
    partis = [nom for nom in etat.depots if nom not in presents]
    changes = {d.depot for d in depots if etat.depots.get(d.depot, ("", "", "", 0))[:2] != (d.membre, empreinte_de(d))}
    membres = {etat.depots[nom][0] for nom in (*partis, *changes, *decides) if nom in etat.depots}
    membres |= {presents[nom].membre for nom in changes}
    changements, sorts = _decider([depot for depot in depots if depot.membre in membres])
    changes |= decides & presents.keys()
    changes |= {nom for nom, sort in sorts.items() if nom in etat.depots and etat.depots[nom][2] != sort}
    a_lire = tuple(depot for depot in depots if depot.depot in changes)
    lues = sum(_nombre_de_lignes(depot.chemin) for depot in a_lire)
    gardees = sum(etat.depots[nom][3] for nom in etat.depots.keys() & presents.keys() - changes)
    if lues + etat.nb_lignes_reprises > PART_MAXIMALE * (lues + gardees):
        return tout(depots)
    return Plan(
        a_lire=a_lire,
        perimes=tuple(sorted(nom for nom in etat.depots if nom in changes or nom not in presents)),
        membres=frozenset(membres),
        changements=changements.filter(pl.col("depot").is_in([depot.depot for depot in a_lire])),
        sorts=sorts,
        socle=etat.socle,
        nb_reprises=etat.nb_reprises + 1,
    )


def _lire_etat(connexion: duckdb.DuckDBPyConnection, code: str) -> _Etat | None:
    etat = connexion.execute("SELECT code, socle, nb_reprises FROM observatoire.reprise.etat").fetchone()
    if etat is None or etat[0] != code:
        return None
    nombre = connexion.execute("SELECT count(*) FROM observatoire.reprise.lignes_recues").fetchone()
    assert nombre is not None
    connus = connexion.execute("SELECT depot, membre, empreinte, sort, nb_lignes FROM observatoire.reprise.depots").fetchall()
    decisions = connexion.execute("SELECT empreinte, famille, sens FROM observatoire.reprise.decisions_de_lignes").fetchall()
    return _Etat(etat[1], int(etat[2]), int(nombre[0]), {d[0]: (d[1], d[2], d[3], d[4]) for d in connus}, frozenset(decisions))


def _depots_decides(connexion: duckdb.DuckDBPyConnection, empreintes: set[str]) -> set[str]:
    """The dépôts that hold lines on which people decided otherwise since."""
    if not empreintes:
        return set()
    lus = connexion.execute(
        "SELECT DISTINCT depot FROM observatoire.reprise.lignes_en_vigueur WHERE list_contains($empreintes, empreinte)",
        {"empreintes": sorted(empreintes)},
    )
    return {depot for (depot,) in lus.fetchall()}


def _decider(depots: Sequence[DepotPublie]) -> tuple[pl.DataFrame, dict[str, str]]:
    """The lines that others set aside, dépôt by dépôt, and a fingerprint of them (empty when there is none)."""
    par_membre: dict[str, list[DepotPublie]] = {}
    for depot in depots:
        par_membre.setdefault(depot.membre, []).append(depot)
    sorts = {depot.depot: "" for depot in depots}
    morceaux = [pl.DataFrame(schema=CHANGEMENTS)]
    for siens in par_membre.values():
        if len(siens) == 1:  # a dépôt alone keeps its lines
            continue
        for nom, decides in decider(siens).items():
            if decides.height:
                changements = decides.sort("empreinte", "statut_final").select(pl.lit(nom).alias("depot"), "empreinte", "statut_final")
                sorts[nom] = hashlib.sha256(repr(changements.rows()).encode()).hexdigest()
                morceaux.append(changements)
    return pl.concat(morceaux), sorts


def _nombre_de_lignes(chemin: Path) -> int:
    return int(pl.scan_parquet(chemin).select(pl.len()).collect().item())


def empreinte_de(depot: DepotPublie) -> str:
    """Published files are immutable: name, rank and size say which one it is."""
    return repr((depot.depot, depot.membre, depot.rang, str(depot.doublons), depot.chemin.name, depot.chemin.stat().st_size))


def empreinte_du_code(*donnees: str) -> str:
    """Fingerprint of all that makes an observatoire beside lines and decisions: the code, its SQL, its data, and what is given here."""
    condense = hashlib.sha256(repr(donnees).encode())
    for paquet in ("analytics", "ingest"):
        for nom, contenu in sorted(_textes(files(paquet))):
            condense.update(nom.encode() + b"\0" + contenu)
    return condense.hexdigest()


def _textes(dossier: Traversable) -> list[tuple[str, bytes]]:
    textes = []
    for enfant in dossier.iterdir():
        if enfant.is_dir():
            textes += [(f"{enfant.name}/{nom}", contenu) for nom, contenu in _textes(enfant)]
        elif enfant.name.endswith(_SOURCES):
            textes.append((enfant.name, enfant.read_bytes()))
    return textes


def retenir(connexion: duckdb.DuckDBPyConnection, socle_garde: str, nb_reprises: int, code: str) -> None:
    """Write what the next build will ask `prevoir`."""
    connexion.execute(
        "CREATE OR REPLACE TABLE reprise.etat AS "
        "SELECT cast($code AS VARCHAR) AS code, cast($socle AS VARCHAR) AS socle, cast($nb AS BIGINT) AS nb_reprises",
        {"code": code, "socle": socle_garde, "nb": nb_reprises},
    )
