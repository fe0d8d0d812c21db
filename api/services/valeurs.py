"""« Toujours »: what a membre says once of a value (« “BTE” est une boîte de 100 ») holds for its next files, until it is taken back."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.club.magasin import maintenant
from api.club.modeles import ValeurRetenue
from api.maison import Maison
from api.services.journal import noter
from api.visiteur import Introuvable, Permission, Visiteur
from ingest.corrections import Correction

DURABLES = frozenset({"unite", "fournisseur", "compte", "code_cpv", "service", "marche"})
"""Fields whose words mean the same from one file to the next; a number that was mistyped once is not of them."""


def peut_durer(champ: str | None) -> bool:
    """Whether an answer about this field may hold for the next files."""
    return champ in DURABLES


def retenir(session: Session, par: str, membre: str, corrections: Sequence[Correction]) -> None:
    """Keep the rules on values among these corrections for the next files of a membre; the last word on a value is the one that counts."""
    for correction in corrections:
        if correction.ligne is not None or not peut_durer(correction.champ):
            continue
        _oublier(session, membre, str(correction.champ), str(correction.lu))
        session.add(
            ValeurRetenue(
                membre=membre,
                champ=str(correction.champ),
                lu=str(correction.lu),
                remplacement=correction.remplacement,
                par=par,
                le=maintenant(),
            )
        )
        noter(session, par, "valeur retenue", str(correction.lu), membre=membre, champ=correction.champ, lire=correction.remplacement)


def reprendre(session: Session, membre: str, corrections: Sequence[Mapping[str, Any]]) -> None:
    """Forget the rules that these corrections, just taken back, had made."""
    for correction in corrections:
        if correction.get("ligne") is None:
            _oublier(session, membre, correction["champ"], correction["lu"], correction["remplacement"])


def regles_de(session: Session, membre: str) -> tuple[Correction, ...]:
    """The rules of a membre as corrections; those of one dépôt come after and are stronger."""
    retenues = session.scalars(select(ValeurRetenue).where(ValeurRetenue.membre == membre).order_by(ValeurRetenue.id))
    return tuple(Correction(retenue.remplacement, champ=retenue.champ, lu=retenue.lu) for retenue in retenues)


def lister(maison: Maison, visiteur: Visiteur) -> Sequence[ValeurRetenue]:
    """The rules of the membres she may read."""
    visiteur.verifie(Permission.DEPOSER)
    with maison.club.lecture() as session:
        demande = select(ValeurRetenue).order_by(ValeurRetenue.membre, ValeurRetenue.champ, ValeurRetenue.lu)
        return [retenue for retenue in session.scalars(demande) if visiteur.peut_lire_membre(retenue.membre)]


def oublier(maison: Maison, visiteur: Visiteur, identifiant: int) -> None:
    """Take a rule back: the next files are read as they are written. Raises `Introuvable` when it is not hers."""
    visiteur.verifie(Permission.DEPOSER)
    with maison.club.ecriture() as session:
        retenue = session.get(ValeurRetenue, identifiant)
        if retenue is None or not visiteur.peut_lire_membre(retenue.membre):
            raise Introuvable("Cette règle n'existe pas, ou elle est celle d'un autre membre.")
        session.delete(retenue)
        noter(session, visiteur.email, "valeur oubliée", retenue.lu, membre=retenue.membre, champ=retenue.champ)


def _oublier(session: Session, membre: str, champ: str, lu: str, remplacement: str | None = None) -> None:
    demande = delete(ValeurRetenue).where(ValeurRetenue.membre == membre, ValeurRetenue.champ == champ, ValeurRetenue.lu == lu)
    session.execute(demande if remplacement is None else demande.where(ValeurRetenue.remplacement == remplacement))
