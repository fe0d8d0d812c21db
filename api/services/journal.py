"""Who did what, when: one line per change, in the same transaction as the change."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.club.magasin import maintenant
from api.club.modeles import EntreeJournal
from api.maison import Maison
from api.visiteur import Permission, Visiteur


def noter(session: Session, par: str, action: str, objet: str, *, membre: str | None = None, **details: Any) -> None:
    """Add one entry. `details` holds nothing personal and no price."""
    session.add(EntreeJournal(le=maintenant(), par=par, action=action, objet=objet, membre=membre, details=details))


def lire(maison: Maison, visiteur: Visiteur, *, membre: str | None = None, limite: int = 100) -> Sequence[EntreeJournal]:
    """The latest entries, newest first: of one membre she may read, or of the whole club for who administers it."""
    demande = select(EntreeJournal).order_by(EntreeJournal.id.desc()).limit(limite)
    if membre is None:
        visiteur.verifie(Permission.GERER_MEMBRES)
    else:
        visiteur.verifie_membre(membre)
        demande = demande.where(EntreeJournal.membre == membre)
    with maison.club.lecture() as session:
        return session.scalars(demande).all()
