"""Home: what there is to do now, in order, then where one stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import formats
from api.club.modeles import Depot, EtatDepot
from api.maison import Maison
from api.porte import Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Page, rendre
from api.services import depots as services_depots
from api.services import membres as services_membres
from ingest.vocabulaire import Role

router = APIRouter()


@dataclass(frozen=True)
class AFaire:
    """One thing that waits for the reader: what, how long or until when, and the button that leads there."""

    quoi: str
    delai: str | None
    lien: Lien


@dataclass(frozen=True)
class PageAccueil(Page):
    """`salutation` says how many things wait; `faits` where the reader stands, each a sentence with its figure."""

    gabarit: ClassVar[str] = "pages/accueil.html"
    salutation: str
    a_faire: tuple[AFaire, ...]
    faits: tuple[Lien, ...]


@router.get("/", include_in_schema=False)
def show(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.CONNECTE)]) -> Response:
    """The home page of whoever is signed in."""
    maison = maison_de(request)
    a_faire = tuple(taches(maison, visiteur))
    return rendre(
        request,
        PageAccueil(titre="Accueil", salutation=saluer(len(a_faire)), a_faire=a_faire, faits=tuple(situation(maison, visiteur))),
    )


def saluer(nombre: int) -> str:
    """« Bonjour. Deux choses vous attendent. »"""
    if nombre == 0:
        return "Bonjour. Rien ne vous attend."
    mots = {
        1: "Une chose vous attend",
        2: "Deux choses vous attendent",
        3: "Trois choses vous attendent",
        4: "Quatre choses vous attendent",
    }
    return f"Bonjour. {mots.get(nombre, f'{nombre} choses vous attendent')}."


def taches(maison: Maison, visiteur: Visiteur) -> Iterator[AFaire]:
    """What waits for her, the most pressing first."""
    depots = services_depots.lister(maison, visiteur) if visiteur.peut(Permission.LIRE_DEPOTS) else ()
    if visiteur.peut(Permission.DEPOSER):
        yield from _taches_des_depots(depots, visiteur)
    if visiteur.role is Role.ANIMATRICE:
        yield from _taches_du_club(maison, visiteur)


def _taches_des_depots(depots: Sequence[Depot], visiteur: Visiteur) -> Iterator[AFaire]:
    for depot in depots:
        lien = f"/depots/{depot.id}"
        if depot.etat == EtatDepot.A_CONFIRMER:
            yield AFaire(f"Confirmer la lecture de « {depot.nom_fichier} »", "2 min", Lien("Confirmer", lien))
        elif depot.etat == EtatDepot.PUBLIE and (nombre := (depot.comptes or {}).get("a_corriger", 0)):
            yield AFaire(
                f"{formats.pluriel(nombre, 'ligne')} à corriger dans « {depot.nom_fichier} »",
                "environ 1 min" if nombre < 5 else "5 min",
                Lien("Corriger", f"{lien}/a-corriger"),
            )
    if visiteur.membre and not any(depot.etat == EtatDepot.PUBLIE for depot in depots):
        yield AFaire("Déposer vos achats : aucun fichier n’est encore enregistré", "10 min", Lien("Déposer", "/depots"))


def _taches_du_club(maison: Maison, visiteur: Visiteur) -> Iterator[AFaire]:
    presents = services_membres.lister(maison, visiteur)
    if len(presents) < 2:
        yield AFaire("Choisir votre territoire : le club n’a pas encore de membres", "2 min", Lien("Choisir", "/membres"))
        return
    comptes = services_depots.compter_par_membre(maison, visiteur)
    muets = [membre for membre in presents if not comptes.get(membre.siren)]
    if muets:
        noms = formats.enumeration([membre.nom for membre in muets[:3]] + ([f"{len(muets) - 3} autres"] if len(muets) > 3 else []))
        yield AFaire(f"Relancer {formats.pluriel(len(muets), 'membre')} sans dépôt : {noms}", None, Lien("Voir les membres", "/membres"))


def situation(maison: Maison, visiteur: Visiteur) -> Iterator[Lien]:
    """Where she stands, one sentence per figure."""
    if visiteur.peut(Permission.LIRE_DEPOTS):
        publies = [depot for depot in services_depots.lister(maison, visiteur) if depot.etat == EtatDepot.PUBLIE]
        lignes = sum((depot.comptes or {}).get("retenues", 0) for depot in publies)
        if publies:
            fichiers = formats.pluriel(len(publies), "fichier enregistré")
            yield Lien(f"{fichiers}, {formats.pluriel(lignes, 'ligne retenue')}", "/depots")
