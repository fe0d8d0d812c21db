"""The membres of the club: who they are, and whether they let the animatrice see their lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.club.magasin import maintenant
from api.club.modeles import Membre
from api.maison import Maison
from api.services.journal import noter
from api.visiteur import Introuvable, Permission, Visiteur
from ingest.erreurs import Refus
from ingest.identifiants import est_siren
from ingest.vocabulaire import NatureMembre


@dataclass(frozen=True)
class NouveauMembre:
    """What is needed to add a membre."""

    siren: str
    nom: str
    nature: NatureMembre
    code_insee: str | None = None
    population: int | None = None
    adresse: str | None = None
    lignes_partagees: bool = False


def lister(maison: Maison, visiteur: Visiteur) -> Sequence[Membre]:
    """The membres present, EPCI first, then by population."""
    visiteur.verifie(Permission.LIRE_MEMBRES)
    with maison.club.lecture() as session:
        presents = session.scalars(select(Membre).where(Membre.parti_le.is_(None))).all()
    return sorted(presents, key=lambda membre: (membre.nature != NatureMembre.EPCI, -(membre.population or 0), membre.nom))


def membre(maison: Maison, siren: str) -> Membre:
    """One membre. Raises `Introuvable` when this SIREN is not in the club, saying so."""
    with maison.club.lecture() as session:
        return exiger_membre(session, siren)


def exiger_membre(session: Session, siren: str) -> Membre:
    """The membre of this SIREN, within a transaction. Raises `Refus` for a malformed SIREN, `Introuvable` for an unknown one."""
    siren = verifier_siren(siren)
    trouve = session.get(Membre, siren)
    if trouve is None:
        raise Introuvable(
            f"Aucun membre du club n'a le SIREN {siren}. Vérifiez-le dans la liste des membres, ou faites-le ajouter par l'animatrice."
        )
    return trouve


def verifier_siren(siren: str) -> str:
    """The nine digits, spaces removed. Raises `Refus` when they are not a SIREN."""
    serre = "".join(siren.split())
    if not est_siren(serre):
        raise Refus(
            f"« {siren} » n'est pas un SIREN : un SIREN a neuf chiffres, dont le dernier vérifie les autres. "
            "Recopiez-le depuis l'avis de situation INSEE ou une facture."
        )
    return serre


def ajouter(maison: Maison, visiteur: Visiteur, nouveaux: Sequence[NouveauMembre]) -> list[Membre]:
    """Add membres; one already there is left as it is. Returns those added."""
    visiteur.verifie(Permission.GERER_MEMBRES)
    with maison.club.ecriture() as session:
        return inscrire(session, visiteur, nouveaux)


def inscrire(session: Session, visiteur: Visiteur, nouveaux: Sequence[NouveauMembre]) -> list[Membre]:
    """`ajouter`, within a transaction."""
    presents = set(session.scalars(select(Membre.siren)))
    ajoutes = []
    for nouveau in nouveaux:
        siren = verifier_siren(nouveau.siren)
        if siren in presents:
            continue
        if not nouveau.nom.strip():
            raise Refus(f"Le membre de SIREN {siren} n'a pas de nom. Indiquez sa dénomination.")
        ajoute = Membre(
            siren=siren,
            nom=nouveau.nom.strip(),
            nature=nouveau.nature.value,
            code_insee=nouveau.code_insee,
            population=nouveau.population,
            adresse=nouveau.adresse,
            lignes_partagees=nouveau.lignes_partagees,
            version_publiee=0,
            cree_le=maintenant(),
        )
        session.add(ajoute)
        presents.add(siren)
        ajoutes.append(ajoute)
        noter(session, visiteur.email, "membre ajouté", nouveau.nom, membre=siren)
        if nouveau.lignes_partagees:
            noter(session, visiteur.email, "lignes partagées", siren, membre=siren)
    session.flush()
    return ajoutes


def partager_lignes(maison: Maison, visiteur: Visiteur, siren: str, *, partagees: bool) -> None:
    """The membre itself (never the animatrice for it) agrees, or no longer agrees, that the animatrice sees its lines."""
    visiteur.verifie(Permission.DEPOSER)
    if not visiteur.tout and visiteur.membre != siren:
        raise Introuvable("Seul le membre concerné peut décider de partager ses lignes.")
    with maison.club.ecriture() as session:
        exiger_membre(session, siren).lignes_partagees = partagees
        noter(session, visiteur.email, "lignes partagées" if partagees else "lignes réservées", siren, membre=siren)
