"""Home: what there is to do now, in order, then where one stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import Response

from analytics.entrepot import version
from analytics.prix import positions
from api import formats
from api.club.modeles import Depot, EtatDepot, EtatGroupement
from api.maison import Maison
from api.pages import classer, revue
from api.pages.lecteur import choisir_periode, lire_observatoire
from api.pages.observatoire import resumer
from api.porte import Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Page, rendre
from api.services import decisions, groupements
from api.services import depots as services_depots
from api.services import membres as services_membres
from ingest.vocabulaire import Role

router = APIRouter()

AVANT_LA_CONSTITUTION = frozenset({EtatGroupement.IDEE, EtatGroupement.ETUDE, EtatGroupement.PROJET, EtatGroupement.EN_DELIBERATION})
"""States in which a membre may still vote to come in."""


ACTIONS = {
    Role.SECRETAIRE: Lien("Déposer mes achats", "/depots"),
    Role.ELU: Lien("Voir ce que nous gagnerions à acheter ensemble", "/opportunites"),
    Role.ANIMATRICE: Lien("Choisir ce qui vaut d’être acheté ensemble", "/opportunites"),
    Role.ADMINISTRATEUR: Lien("Tenir les membres et les comptes", "/membres"),
}


@dataclass(frozen=True)
class AFaire:
    """One thing that waits for the reader: what, how long or until when, and the button that leads there."""

    quoi: str
    delai: str | None
    lien: Lien


@dataclass(frozen=True)
class PageAccueil(Page):
    """`salutation` says how many things wait; `action` is what one comes for; `faits` where the reader stands, each with its figure."""

    gabarit: ClassVar[str] = "pages/accueil.html"
    salutation: str
    a_faire: tuple[AFaire, ...]
    action: Lien
    faits: tuple[Lien, ...]


@router.get("/", include_in_schema=False)
def show(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.CONNECTE)]) -> Response:
    """The home page of whoever is signed in."""
    maison = maison_de(request)
    a_faire = tuple(taches(maison, visiteur))
    return rendre(
        request,
        PageAccueil(
            titre="Accueil",
            salutation=saluer(len(a_faire)),
            a_faire=a_faire,
            action=ACTIONS[visiteur.role],
            faits=tuple(situation(maison, visiteur)),
        ),
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
    if visiteur.role is Role.ANIMATRICE:
        yield from _taches_du_club(maison, visiteur)
    if visiteur.peut(Permission.ARBITRER):
        yield from _taches_des_articles(maison, visiteur)
    depots = services_depots.lister(maison, visiteur) if visiteur.peut(Permission.LIRE_DEPOTS) else ()
    if visiteur.peut(Permission.DEPOSER):
        yield from _taches_des_depots(depots, visiteur)
    if visiteur.membre and visiteur.peut(Permission.LIRE_GROUPEMENTS):
        yield from _taches_des_groupements(maison, visiteur)


def _taches_des_depots(depots: Sequence[Depot], visiteur: Visiteur) -> Iterator[AFaire]:
    if visiteur.membre is None:
        yield from _taches_des_depots_du_club(depots)
        return
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
    if not any(depot.etat == EtatDepot.PUBLIE for depot in depots):
        yield AFaire("Déposer vos achats : aucun fichier n’est encore enregistré", "10 min", Lien("Déposer", "/depots"))


def _taches_des_depots_du_club(depots: Sequence[Depot]) -> Iterator[AFaire]:
    """For who watches over many membres: one line for all of them, each membre having its own at home."""
    a_confirmer = [depot for depot in depots if depot.etat == EtatDepot.A_CONFIRMER]
    if a_confirmer:
        yield AFaire(f"Confirmer la lecture de {formats.pluriel(len(a_confirmer), 'fichier')}", None, Lien("Voir les dépôts", "/depots"))
    en_attente = [depot for depot in depots if depot.etat == EtatDepot.PUBLIE and (depot.comptes or {}).get("a_corriger")]
    if en_attente:
        lignes = sum((depot.comptes or {}).get("a_corriger", 0) for depot in en_attente)
        membres = formats.pluriel(len({depot.membre for depot in en_attente}), "membre")
        yield AFaire(
            f"{formats.pluriel(lignes, 'ligne')} à corriger chez {membres}, dans {formats.pluriel(len(en_attente), 'fichier')}",
            "chaque membre les voit à son accueil",
            Lien("Voir les dépôts", "/depots"),
        )


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


def _taches_des_articles(maison: Maison, visiteur: Visiteur) -> Iterator[AFaire]:
    if not maison.observatoire.exists():
        return
    with lire_observatoire(maison, visiteur) as lecteur:
        restantes = revue.attendre(lecteur, decisions.lister(maison, visiteur))
        sans_famille, frais = classer.compter(lecteur)
    if restantes:
        nombre = formats.pluriel(len(restantes), "question")
        yield AFaire(f"{nombre} sur des articles qui se ressemblent", "une touche par question", Lien("Répondre", "/revue"))
    if a_classer := sans_famille - frais:
        nombre = formats.pluriel(a_classer, "ligne d’achat", "lignes d’achat")
        yield AFaire(f"{nombre} sans famille", "une règle en range beaucoup d’un coup", Lien("Classer", "/classer"))


def _taches_des_groupements(maison: Maison, visiteur: Visiteur) -> Iterator[AFaire]:
    for formation in groupements.lister(maison, visiteur):
        if formation.etat not in AVANT_LA_CONSTITUTION:
            continue
        for adhesion, membre in groupements.adhesions(maison, visiteur, formation.id):
            if membre.siren == visiteur.membre and adhesion.deliberee_le is None:
                quoi = f"Délibérer pour adhérer au groupement {formation.id} : {formation.objet}"
                yield AFaire(quoi, None, Lien("Voir la délibération", f"/groupements/{formation.id}"))


def _situation_du_club(maison: Maison, visiteur: Visiteur) -> Iterator[Lien]:
    presents = services_membres.lister(maison, visiteur)
    deposants = sum(1 for nombre in services_depots.compter_par_membre(maison, visiteur).values() if nombre)
    ont = "ont" if deposants > 1 else "a"
    yield Lien(f"{formats.pluriel(deposants, 'membre')} sur {len(presents)} {ont} déposé des achats", "/membres")
    if maison.observatoire.exists():
        with lire_observatoire(maison, visiteur) as lecteur:
            suivis = version(lecteur.curseur).nb_lignes
        yield Lien(f"{formats.pluriel(suivis, 'ligne d’achat', 'lignes d’achat')} dans l’observatoire des prix", "/observatoire")


def situation(maison: Maison, visiteur: Visiteur) -> Iterator[Lien]:
    """Where she stands, one sentence per figure."""
    if visiteur.role is Role.ANIMATRICE:
        yield from _situation_du_club(maison, visiteur)
    elif visiteur.peut(Permission.LIRE_DEPOTS):
        publies = [depot for depot in services_depots.lister(maison, visiteur) if depot.etat == EtatDepot.PUBLIE]
        lignes = sum((depot.comptes or {}).get("retenues", 0) for depot in publies)
        if publies:
            fichiers = formats.pluriel(len(publies), "fichier enregistré")
            yield Lien(f"{fichiers}, {formats.pluriel(lignes, 'ligne retenue')}", "/depots")
    if not maison.observatoire.exists():
        return
    if visiteur.membre and visiteur.peut(Permission.LIRE_OBSERVATOIRE):
        with lire_observatoire(maison, visiteur) as lecteur:
            periode = choisir_periode(lecteur, None)[0]
            yield Lien(resumer(positions(lecteur.curseur, periode, lecteur.portee)), "/observatoire")
        if visiteur.peut(Permission.EXPORTER):
            yield Lien("Notre fiche d’une page, pour le conseil municipal (PDF)", f"/observatoire/fiche.pdf?periode={periode}")
    if visiteur.peut(Permission.LIRE_GROUPEMENTS) and (formes := groupements.lister(maison, visiteur)):
        yield Lien(formats.pluriel(len(formes), "groupement formé"), "/groupements")
