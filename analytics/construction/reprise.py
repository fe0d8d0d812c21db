"""A build takes up the former observatoire and redoes only what the dépôts of some membres change; the tables are those of a full build.

What a later build needs to know is kept in the schema `reprise` of the observatoire itself, so that it always matches its tables: deleting
the file is deleting that memory, and the next build is then a full one.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import duckdb
import polars as pl

from ingest.publication import DepotPublie

PART_MAXIMALE = 0.25
"""Above this share of lines to take again, a full build costs about as much."""
REPRISES_MAXIMUM = 50
"""A file that is patched keeps holes: after so many times it is written anew."""
_SOURCES = (".py", ".sql", ".yaml", ".csv")
DEPOTS: dict[str, pl.DataType | type[pl.DataType]] = {
    "depot": pl.String, "membre": pl.String, "empreinte": pl.String, "nb_lignes": pl.Int64, "comptes": pl.String,
}  # fmt: skip


class AElargir(Exception):
    """What changed reaches lines of other membres: they are to be taken again too."""

    def __init__(self, membres: frozenset[str]) -> None:
        super().__init__(f"{len(membres)} more membres")
        self.membres = membres


@dataclass(frozen=True)
class Plan:
    """Which membres are taken again: None for all of them, in a new file. `lignes` gives how many lines each membre has."""

    membres: frozenset[str] | None
    lignes: Mapping[str, int]
    nb_reprises: int = 0

    @property
    def entier(self) -> bool:
        """True when nothing is kept from the former observatoire."""
        return self.membres is None

    def elargir(self, membres: frozenset[str]) -> "Plan":
        """The same with more membres, or everything when it would not be worth it."""
        assert self.membres is not None
        return _borner(Plan(self.membres | membres, self.lignes, self.nb_reprises))


def prevoir(precedent: Path | None, depots: Sequence[DepotPublie], code: str) -> Plan:
    """Say what is to be redone: everything when there is no former observatoire, when it cannot be read, or was made by other rules."""
    if precedent is None:
        return TOUT
    try:
        with duckdb.connect(":memory:") as connexion:
            chemin = str(precedent).replace("'", "''")
            connexion.execute(f"ATTACH '{chemin}' AS avant (READ_ONLY)")
            etat = connexion.execute("SELECT code, nb_reprises FROM avant.reprise.etat").fetchone()
            connus = connexion.execute("SELECT membre, empreinte, nb_lignes FROM avant.reprise.depots").fetchall()
    except duckdb.Error:
        return TOUT
    if etat is None or etat[0] != code:
        return TOUT
    avant = {(membre, empreinte) for membre, empreinte, _ in connus}
    apres = {(depot.membre, empreinte_de(depot)) for depot in depots}
    lignes: dict[str, int] = {}
    for membre, empreinte, nb_lignes in connus:
        if (membre, empreinte) in apres:
            lignes[membre] = lignes.get(membre, 0) + nb_lignes
    for depot in depots:
        if (depot.membre, empreinte_de(depot)) not in avant:
            lignes[depot.membre] = lignes.get(depot.membre, 0) + _nombre_de_lignes(depot.chemin)
    return _borner(Plan(frozenset(membre for membre, _ in avant ^ apres), lignes, int(etat[1]) + 1))


def _borner(plan: Plan) -> Plan:
    assert plan.membres is not None
    reprises = sum(plan.lignes.get(membre, 0) for membre in plan.membres)
    est_trop = reprises > PART_MAXIMALE * sum(plan.lignes.values()) or plan.nb_reprises > REPRISES_MAXIMUM
    return TOUT if est_trop else plan


TOUT = Plan(None, {})


def _nombre_de_lignes(chemin: Path) -> int:
    return int(pl.scan_parquet(chemin).select(pl.len()).collect().item())


def empreinte_de(depot: DepotPublie) -> str:
    """Published files are immutable: name, rank and size say which one it is."""
    return repr((depot.depot, depot.membre, depot.rang, str(depot.doublons), depot.chemin.name, depot.chemin.stat().st_size))


def empreinte_du_code(*donnees: str) -> str:
    """Fingerprint of all that makes an observatoire beside the lines: the code, its SQL, its data, and what is given here."""
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


def comptes_gardes(connexion: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    """The account of the dépôts that are not taken again, as the former build kept it."""
    lus = connexion.execute("SELECT depot, comptes FROM reprise.depots WHERE membre NOT IN (SELECT membre FROM membres_repris)").fetchall()
    return {depot: json.loads(comptes) for depot, comptes in lus}


def retenir(
    connexion: duckdb.DuckDBPyConnection, plan: Plan, code: str, depots: Sequence[DepotPublie], comptes: Mapping[str, Mapping[str, int]]
) -> None:
    """Write what the next build will ask `prevoir`."""
    table = pl.DataFrame(
        [
            (d.depot, d.membre, empreinte_de(d), sum(comptes[d.depot].values()), json.dumps(comptes[d.depot], sort_keys=True))
            for d in depots
        ],
        schema=DEPOTS,
        orient="row",
    )
    connexion.register("a_copier", table.to_arrow())
    connexion.execute("CREATE OR REPLACE TABLE reprise.depots AS SELECT * FROM a_copier")
    connexion.unregister("a_copier")
    connexion.execute(
        "CREATE OR REPLACE TABLE reprise.etat AS SELECT cast($code AS VARCHAR) AS code, cast($nb AS BIGINT) AS nb_reprises",
        {"code": code, "nb": plan.nb_reprises},
    )
