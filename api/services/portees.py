"""What a reader may see now: her own scope, less the familles whose consultation is running (analytics.diffusion applies it)."""

from dataclasses import replace

from sqlalchemy import select

from analytics.portee import Portee
from api.club.modeles import EtatGroupement, Groupement
from api.maison import Maison
from api.visiteur import Visiteur


def portee_de(maison: Maison, visiteur: Visiteur) -> Portee:
    """The scope of this visitor. While a groupement is in consultation, the prices of its familles are shown to nobody."""
    return maison.club.souvenirs.retenir(("portee", visiteur), lambda: _lire(maison, visiteur))


def portee_connue(maison: Maison, visiteur: Visiteur) -> Portee | None:
    """The same without a look at the club store; None when it must be read."""
    connue: Portee | None = maison.club.souvenirs.connu(("portee", visiteur))
    return connue


def _lire(maison: Maison, visiteur: Visiteur) -> Portee:
    with maison.club.lecture() as session:
        en_consultation = session.scalars(select(Groupement.familles).where(Groupement.etat == EtatGroupement.EN_CONSULTATION)).all()
    verrouillees = frozenset(code for familles in en_consultation for code in familles["codes"])
    return replace(visiteur.portee(), familles_verrouillees=verrouillees)
