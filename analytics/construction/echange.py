"""An observatoire is built in a new file, checked, then swapped: until the last instant readers see the former one."""

import logging
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import duckdb

from analytics.construction import reprise
from analytics.construction.chantier import construire, prevoir
from analytics.construction.controle import Inexact
from analytics.construction.reprise import Plan
from analytics.construction.sources import Avancement, Bilan, Entrees, Sources
from analytics.entrepot import CONFIGURATION
from analytics.socle import nommer, quote, ranger

_journal = logging.getLogger(__name__)


def build(sources: Sources, chemin: Path, avancement: Avancement | None = None, *, reprendre: bool = True) -> Bilan:
    """Build the observatoire of these sources at `chemin`, replacing the one that is there in one step.

    Until the last instant readers see the former observatoire; an interruption leaves it as it was. Raises AssertionError when a
    line or a cent is lost on the way: nothing is then swapped. With `reprendre`, what the new dépôts do not touch is kept from the former
    observatoire; the tables are those of a full build.
    """
    chemin = chemin.resolve()
    chemin.parent.mkdir(parents=True, exist_ok=True)
    _remove_vestiges(chemin)
    entrees = Entrees(
        depots=sources.depots,
        membres=[(m.siren, m.nom, m.nature, m.code_insee, m.population) for m in sources.membres],
        decisions=sources.decisions,
        date_reference=sources.date_reference,
        construit_le=datetime.now(UTC),
        precedent=chemin if chemin.exists() else None,
    )
    plan = prevoir(entrees) if reprendre else reprise.tout(sources.depots)
    try:
        return _build(chemin, entrees, plan, avancement or _silence)
    except (duckdb.Error, Inexact) as erreur:
        if plan.entier:
            raise
        _journal.warning("the former observatoire could not be taken up again, a full build follows: %s", erreur)
        return _build(chemin, entrees, reprise.tout(sources.depots), avancement or _silence)


def _build(chemin: Path, entrees: Entrees, plan: Plan, avancement: Avancement) -> Bilan:
    jeton = uuid4().hex
    provisoire = chemin.with_name(f"{chemin.name}.{jeton}.part")
    base = nommer(chemin, jeton) if plan.socle is None else chemin.with_name(plan.socle)
    try:
        if not plan.entier:
            shutil.copyfile(chemin, provisoire)
        with TemporaryDirectory(prefix=f"{chemin.name}.", suffix=".part", dir=chemin.parent) as atelier:
            connexion = duckdb.connect(":memory:", config={**CONFIGURATION, "temp_directory": atelier})
            try:
                connexion.execute("SET enable_progress_bar = false")  # it would draw on the output of the service
                connexion.execute(f"ATTACH '{quote(provisoire)}' AS observatoire")
                connexion.execute(f"ATTACH '{quote(base)}' AS socle" + ("" if plan.entier else " (READ_ONLY)"))
                connexion.execute("USE observatoire")
                resultat = construire(connexion, Path(atelier), entrees, plan, base.name, avancement)
                for attachee in ("socle", "observatoire")[0 if plan.entier else 1 :]:
                    connexion.execute(f"CHECKPOINT {attachee}")
            finally:
                connexion.close()
        if plan.entier:
            _sync(base)
        _sync(provisoire)
        provisoire.replace(chemin)
        _sync(chemin.parent)
    except BaseException:
        if plan.entier:
            base.unlink(missing_ok=True)
            base.with_name(base.name + ".wal").unlink(missing_ok=True)
        raise
    finally:
        provisoire.unlink(missing_ok=True)
        provisoire.with_name(provisoire.name + ".wal").unlink(missing_ok=True)
    return Bilan(**resultat)


def _silence(_quoi: str, _faites: int, _total: int) -> None:
    return None


def _remove_vestiges(chemin: Path) -> None:
    """Remove what a build killed in the middle left beside the observatoire; builds are serialised by whoever calls them."""
    for vestige in chemin.parent.glob(f"{chemin.name}.*.part*"):
        if vestige.is_file():
            vestige.unlink(missing_ok=True)
        else:
            for fichier in vestige.iterdir():
                fichier.unlink(missing_ok=True)
            vestige.rmdir()
    ranger(chemin)


def _sync(chemin: Path) -> None:
    descripteur = os.open(chemin, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)
