"""Membres, dépôts and groupements in JSON."""

from typing import Annotated

from fastapi import APIRouter, Request

from analytics.groupement.donnees import DonneesGroupement, sommer
from api.club import modeles as club
from api.donnees.modeles import Depot, Groupement, Membre, MembreGroupement
from api.maison import Maison
from api.porte import Permission, Visiteur, exiger, maison_de
from api.services import actes, depots, groupements, membres

router = APIRouter(tags=["club"])


@router.get("/membres", summary="Les membres du club")
def list_membres(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_MEMBRES)]) -> list[Membre]:
    """Every membre, with the number of its published dépôts."""
    maison = maison_de(request)
    comptes = depots.compter_par_membre(maison, visiteur)
    return [
        Membre(
            siren=membre.siren,
            nom=membre.nom,
            nature=membre.nature,
            code_insee=membre.code_insee,
            population=membre.population,
            nb_depots=comptes.get(membre.siren, 0),
        )
        for membre in membres.lister(maison, visiteur)
    ]


@router.get("/depots", summary="Les dépôts que l'on peut lire")
def list_depots(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_DEPOTS)]) -> list[Depot]:
    """The dépôts of the membres the visitor may read, newest first."""
    return [_depot(depot) for depot in depots.lister(maison_de(request), visiteur)]


@router.get("/depots/{identifiant}", summary="Un dépôt")
def get_depot(request: Request, identifiant: str, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_DEPOTS)]) -> Depot:
    """One dépôt."""
    return _depot(depots.depot(maison_de(request), visiteur, identifiant))


@router.get("/groupements", summary="Les groupements")
def list_groupements(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_GROUPEMENTS)]) -> list[Groupement]:
    """The groupements the visitor may see."""
    maison = maison_de(request)
    return [_groupement(maison, visiteur, groupement) for groupement in groupements.lister(maison, visiteur)]


@router.get("/groupements/{identifiant}", summary="Un groupement")
def get_groupement(request: Request, identifiant: str, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_GROUPEMENTS)]) -> Groupement:
    """One groupement."""
    maison = maison_de(request)
    return _groupement(maison, visiteur, groupements.groupement(maison, visiteur, identifiant))


def _depot(depot: club.Depot) -> Depot:
    return Depot(
        identifiant=depot.id,
        membre=depot.membre,
        nom_fichier=depot.nom_fichier,
        etat=depot.etat,
        recu_le=depot.recu_le,
        publie_le=depot.publie_le,
        comptes={nom: nombre for nom, nombre in (depot.comptes or {}).items() if isinstance(nombre, int)},
    )


def _groupement(maison: Maison, visiteur: Visiteur, groupement: club.Groupement) -> Groupement:
    donnees = groupements.donnees_de(maison, visiteur, groupement.id)
    adhesions = groupements.adhesions(maison, visiteur, groupement.id)
    return Groupement(
        identifiant=groupement.id,
        objet=groupement.objet,
        etat=groupement.etat,
        version=donnees.version,
        coordonnateur=donnees.coordonnateur,
        familles=[code for code, _ in donnees.familles],
        montant_annuel_ht=donnees.montant_annuel(),
        duree_marche_mois=donnees.duree_marche_mois,
        membres=_membres(donnees, [(adhesion, membre) for adhesion, membre in adhesions]),
        documents=[document.nom for document in actes.documents(maison, visiteur, groupement.id)],
    )


def _membres(donnees: DonneesGroupement, adhesions: list[tuple[club.Adhesion, club.Membre]]) -> list[MembreGroupement]:
    montants = donnees.montants()
    return [
        MembreGroupement(
            siren=membre.siren,
            nom=membre.nom,
            montant_annuel_ht=sommer(montant for (siren, _), montant in montants.items() if siren == membre.siren),
            maximum_ht=donnees.maximum(membre=membre.siren),
            convoquee_le=adhesion.convoquee_le,
            deliberee_le=adhesion.deliberee_le,
            executoire_le=adhesion.executoire_le,
            signee_le=adhesion.signee_le,
        )
        for adhesion, membre in adhesions
    ]
