"""What is worth buying together, for one reader: ranked once per observatoire and scope, then read again from memory."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from analytics import entrepot
from analytics.coordonnateur import Candidature, comparer_depuis
from analytics.groupement.repartition import Cle
from analytics.opportunites import Hypotheses, Opportunite, classer
from analytics.portee import Portee
from api.maison import Maison
from api.services import membres as services_membres
from api.services.groupements import partie
from api.services.portees import portee_de
from api.visiteur import Introuvable, Permission, Visiteur


@dataclass(frozen=True)
class Demande:
    """What is assumed: `au` date of the consultation (of the law and policy applied), whole duration in months, key of the costs."""

    au: date
    duree_mois: int = 48
    cle: Cle = Cle.PRORATA_MONTANT


def classees(maison: Maison, visiteur: Visiteur, demande: Demande) -> tuple[Opportunite, ...]:
    """Every opportunité this visitor may see, best first. Raises `Refus` when nothing was built yet."""
    visiteur.verifie(Permission.LIRE_OPPORTUNITES)
    with entrepot.lecture(maison.observatoire) as curseur:
        version = entrepot.version(curseur).version
    return _classees(maison.observatoire, version, portee_de(maison, visiteur), demande)


def une(maison: Maison, visiteur: Visiteur, demande: Demande, code: str) -> Opportunite:
    """One opportunité. Raises `Introuvable` when there is none of this code, or none this visitor may see."""
    for opportunite in classees(maison, visiteur, demande):
        if opportunite.code == code:
            return opportunite
    raise Introuvable("Cette opportunité n’existe pas, ou ses chiffres ne peuvent pas vous être montrés. Revenez à la liste.")


def candidats(maison: Maison, visiteur: Visiteur, opportunite: Opportunite, lancement: date) -> tuple[Candidature, ...]:
    """Who could be coordonnateur among the membres concerned, on the grid of the club, as this visitor may see it."""
    concernes = {part.siren for part in opportunite.membres}
    presents = [partie(membre) for membre in services_membres.lister(maison, visiteur) if membre.siren in concernes]
    with entrepot.lecture(maison.observatoire) as curseur:
        return comparer_depuis(curseur, opportunite.familles, presents, lancement, portee_de(maison, visiteur))


@lru_cache(maxsize=64)
def _classees(observatoire: Path, version: str, portee: Portee, demande: Demande) -> tuple[Opportunite, ...]:
    # `version` is there to forget what an older observatoire said
    with entrepot.lecture(observatoire) as curseur:
        return classer(curseur, demande.au, demande.duree_mois, Hypotheses(cle=demande.cle), portee=portee)
