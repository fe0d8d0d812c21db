"""Create the club of a territory: its EPCI and its communes become membres, from the embedded directory."""

from sqlalchemy.orm import Session

from api.annuaire import Epci, chercher_epci, communes_de
from api.club.magasin import maintenant
from api.club.modeles import Club
from api.maison import Maison
from api.services.journal import noter
from api.services.membres import NouveauMembre, inscrire
from api.visiteur import Permission, Visiteur
from ingest.erreurs import Refus
from ingest.vocabulaire import NatureMembre


def initialiser(maison: Maison, visiteur: Visiteur, texte: str) -> tuple[Epci, int]:
    """Create the club of the EPCI of this name or SIREN; returns it and how many membres were added.

    Run again for the same EPCI, adds only what is missing. Raises `Refus` when the name is unknown or ambiguous, or when the
    directory already holds the club of another territory.
    """
    visiteur.verifie(Permission.GERER_MEMBRES)
    epci = chercher_epci(texte)
    with maison.club.ecriture() as session:
        fonder(session, visiteur, nom=epci.nom, siren_epci=epci.siren)
        nouveaux = [NouveauMembre(epci.siren, epci.nom, NatureMembre.EPCI, population=epci.population)]
        nouveaux += [NouveauMembre(c.siren, c.nom, NatureMembre.COMMUNE, c.code_insee, c.population) for c in communes_de(epci.siren)]
        return epci, len(inscrire(session, visiteur, nouveaux))


def fonder(session: Session, visiteur: Visiteur, *, nom: str, siren_epci: str | None, demo: bool = False) -> None:
    """Write down whose club this is. Raises `Refus` when it is already another's."""
    existant = session.get(Club, 1)
    if existant is None:
        session.add(Club(id=1, nom=nom, siren_epci=siren_epci, demo=demo, cree_le=maintenant()))
        noter(session, visiteur.email, "club créé", nom)
    elif existant.siren_epci != siren_epci or existant.demo != demo:
        raise Refus(
            f"Ce dossier contient déjà le club « {existant.nom} ». Choisissez un autre dossier avec --donnees, "
            "ou ajoutez les membres un par un depuis la page « Membres »."
        )


def est_fonde(maison: Maison) -> bool:
    """Whether the data directory is already the club of a territory."""
    with maison.club.lecture() as session:
        return session.get(Club, 1) is not None


def est_demonstration(maison: Maison) -> bool:
    """Whether the data directory is the one of a demonstration."""
    with maison.club.lecture() as session:
        club = session.get(Club, 1)
        return club is not None and club.demo
