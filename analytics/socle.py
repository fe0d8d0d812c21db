"""The base of an observatoire: most of its lines, in a file beside it, written once, named by it, shared by the builds that follow.

Copying millions of lines to add a few thousand would cost as much as building: what changes is in the observatoire itself, which is small
and swapped; what it says of its base (`reprise.etat.socle`, the name of the file) changes with it, in the same instant.
"""

from pathlib import Path

import duckdb

SUFFIXE = ".socle"


def nommer(chemin: Path, jeton: str) -> Path:
    """Where the base of the observatoire at `chemin` is written, under a name that no other has."""
    return chemin.with_name(f"{chemin.name}.{jeton}{SUFFIXE}")


def attacher(connexion: duckdb.DuckDBPyConnection, chemin: Path) -> None:
    """Attach an observatoire as `observatoire` and its base as `socle`, read-only. Raises duckdb.Error when one of them cannot be read."""
    connexion.execute(f"ATTACH '{quote(chemin)}' AS observatoire (READ_ONLY)")
    etat = connexion.execute("SELECT socle FROM observatoire.reprise.etat").fetchone()
    if etat is None:
        raise duckdb.InvalidInputException("the observatoire does not name its base")
    connexion.execute(f"ATTACH '{quote(chemin.with_name(etat[0]))}' AS socle (READ_ONLY)")


def ranger(chemin: Path) -> None:
    """Remove the bases that the observatoire at `chemin` does not name: left by a build that was killed, or replaced since.

    Builds are serialised by whoever calls them.
    """
    nom = _nomme(chemin) if chemin.exists() else None
    for base in chemin.parent.glob(f"{chemin.name}.*{SUFFIXE}*"):
        if nom is None or base.name != nom:
            base.unlink(missing_ok=True)


def _nomme(chemin: Path) -> str | None:
    try:
        with duckdb.connect(":memory:") as connexion:
            connexion.execute(f"ATTACH '{quote(chemin)}' AS observatoire (READ_ONLY)")
            etat = connexion.execute("SELECT socle FROM observatoire.reprise.etat").fetchone()
    except duckdb.Error:
        return None
    return None if etat is None else str(etat[0])


def quote(chemin: Path) -> str:
    """A path inside a statement: ATTACH and SET take no parameter."""
    return str(chemin).replace("'", "''")
