"""Take a file in from end to end, as the command and the demonstration do: received, read, confirmed as it stands, published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.club.modeles import Depot
from api.maison import Maison
from api.services import depots, lecture
from api.services.depots import Avancement
from api.visiteur import Visiteur
from ingest.erreurs import FichierRefuse, Refus
from ingest.publication import Doublons
from ingest.vocabulaire import BaseTaxe


@dataclass(frozen=True)
class Reponses:
    """What the person says beforehand about the columns: header → field ("" = left aside), tax basis, sheets to keep."""

    colonnes: Mapping[str, str] = field(default_factory=dict)
    base_taxe: BaseTaxe | None = None
    origines: tuple[str, ...] = ()


def importer(
    maison: Maison,
    visiteur: Visiteur,
    membre: str,
    chemin: Path,
    *,
    reponses: Reponses | None = None,
    doublons: Doublons = Doublons.IGNORER,
    avancement: Avancement | None = None,
) -> Depot:
    """Publish the file at `chemin` for this membre; returns the published dépôt with its account.

    Raises `Refus` (`FichierRefuse` for what is wrong with the file itself), and then nothing of it is kept: an unknown membre,
    an unreadable file, a question that only a person can answer.
    """
    depot = recevoir(maison, visiteur, membre, chemin)
    try:
        lu = lecture.lire(maison, visiteur, depot.id, avancement)
        if reponses and (reglages := _reglages(lu, reponses)):
            depots.regler(maison, visiteur, depot.id, reglages)
            lecture.lire(maison, visiteur, depot.id, avancement)
        return depots.enregistrer(maison, visiteur, depot.id, doublons=doublons)
    except FichierRefuse:
        raise  # the reading forgot it already
    except BaseException as refus:
        depots.abandonner(maison, visiteur, depot.id, motif=str(refus))
        raise


def recevoir(maison: Maison, visiteur: Visiteur, membre: str, chemin: Path) -> Depot:
    """`depots.deposer` for a file of this machine. Raises `FichierRefuse` when it cannot be opened."""
    try:
        with chemin.open("rb") as flux:
            return depots.deposer(maison, visiteur, membre, chemin.name, flux)
    except FileNotFoundError:
        raise FichierRefuse(f"« {chemin} » n'existe pas. Vérifiez le nom et le dossier.") from None
    except IsADirectoryError:
        raise FichierRefuse(f"« {chemin} » est un dossier. Donnez les fichiers qu'il contient, par exemple {chemin}/*.") from None
    except PermissionError:
        raise FichierRefuse(f"« {chemin} » ne peut pas être lu : vous n'en avez pas le droit.") from None


def _reglages(lu: Depot, reponses: Reponses) -> dict[str, Any]:
    tables = (lu.verdict or {}).get("tables", [])
    connus = {entete for table in tables for entete in table["entetes"]}
    if inconnus := set(reponses.colonnes) - connus:
        raise Refus(f"« {lu.nom_fichier} » n'a pas de colonne « {min(inconnus)} ». Ses colonnes : {', '.join(sorted(connus))}.")
    reglages: dict[str, Any] = {}
    if reponses.colonnes:
        reglages["correspondances"] = {
            table["signature"]: {entete: champ for entete, champ in reponses.colonnes.items() if entete in table["entetes"]}
            for table in tables
        }
    if reponses.base_taxe:
        reglages["base_taxe"] = reponses.base_taxe.value
    if reponses.origines:
        reglages["origines"] = list(reponses.origines)
    return reglages
