"""Needs of a year: those of the reader's own membre to the cent, those of all together above the floors of diffusion."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from analytics.besoins import Besoin, BesoinConsolide, besoins_consolides, besoins_membre
from analytics.parangonnage import DepenseParHabitant, depenses_par_habitant
from analytics.resultat import Resultat
from api import formats
from api.maison import Maison
from api.pages.lecteur import Lecteur, rien_encore
from api.pages.memoire import montrer
from api.pages.observatoire import exports_de
from api.porte import Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Origine, Page
from api.services import membres as services_membres

router = APIRouter()


@dataclass(frozen=True)
class BesoinArticle:
    """One article of a famille: quantity and amount of a year, and how they varied over the whole years."""

    article: str
    adresse: str | None
    quantite: str
    montant: str
    etendue: str


@dataclass(frozen=True)
class BesoinFamille:
    """One famille of the membre: its amount of a year is the sum of its articles. `habitant`: spend per inhabitant beside its peers."""

    famille: Lien
    montant: str
    articles: tuple[BesoinArticle, ...]
    habitant: str


@dataclass(frozen=True)
class BesoinClub:
    """One famille of all the membres together."""

    famille: Lien
    montant: Resultat
    nb_membres: int


@dataclass(frozen=True)
class PageBesoins(Page):
    """`propres` are those of the membre `nom_membre` the reader may read (empty for who speaks for none); `club` those of all."""

    gabarit: ClassVar[str] = "pages/besoins.html"
    chapeau: str
    origine: Origine
    nom_membre: str | None
    membres: tuple[tuple[str, str], ...]
    membre: str
    propres: tuple[BesoinFamille, ...]
    total: str
    strate: str | None
    club: tuple[BesoinClub, ...]
    exports: tuple[Lien, ...]


@router.get("/besoins", include_in_schema=False)
def show(
    request: Request, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_BESOINS)], membre: Annotated[str, Query(max_length=14)] = ""
) -> Response:
    """The needs."""
    maison = maison_de(request)
    if vide := rien_encore(request, maison, visiteur, "Besoins"):
        return vide
    choisi = membre or visiteur.membre or ""
    if choisi:
        visiteur.verifie_membre(choisi)

    def calculer(lecteur: Lecteur) -> PageBesoins:
        besoins = besoins_membre(lecteur.curseur, lecteur.portee, choisi) if choisi else ()
        habitants = depenses_par_habitant(lecteur.curseur, lecteur.portee, choisi) if choisi else ()
        club = besoins_consolides(lecteur.curseur, lecteur.portee)
        nom = services_membres.membre(maison, choisi).nom if choisi else None
        return PageBesoins(
            titre="Besoins",
            chapeau=annoncer(besoins, club, nom if choisi != visiteur.membre else None),
            origine=_origine(lecteur, besoins, club),
            nom_membre=nom,
            membres=_lisibles(maison, visiteur),
            membre=choisi,
            propres=tuple(_familles(besoins, habitants)),
            total=formats.euros(sum((besoin.montant_annuel_ht for besoin in besoins), Decimal(0))),
            strate=habitants[0].strate if habitants else None,
            club=_club(club),
            exports=exports_de("besoins") if visiteur.peut(Permission.EXPORTER) else (),
        )

    return montrer(request, visiteur, calculer)


def annoncer(besoins: Sequence[Besoin], club: Sequence[BesoinConsolide], autre: str | None) -> str:
    """The first line: what a year of needs weighs. `autre` is the name of the membre when it is not the reader's."""
    if besoins:
        total = sum((besoin.montant_annuel_ht for besoin in besoins), Decimal(0))
        familles = len({besoin.famille for besoin in besoins})
        qui = f"{autre} achète" if autre else "Vous achetez"
        return f"{qui} pour {formats.euros_entiers(total)} HT par an, dans {formats.pluriel(familles, 'famille')}."
    membres = max((besoin.nb_membres for besoin in club), default=0)
    return f"Les membres achètent dans {formats.pluriel(len(club), 'famille')} ; jusqu’à {formats.pluriel(membres, 'membre')} dans la même."


def _origine(lecteur: Lecteur, besoins: Sequence[Besoin], club: Sequence[BesoinConsolide]) -> Origine:
    lignes = sum(besoin.nb_lignes for besoin in besoins) or sum(besoin.montant_annuel_ht.effectif.nb_lignes for besoin in club)
    mois = {besoin.mois_couverts for besoin in besoins}
    couverture = f" ; {formats.pluriel(max(mois), 'mois couvert', 'mois couverts')}" if mois else ""
    return Origine(
        periode=f"tous les achats reçus jusqu’au {formats.date_longue(lecteur.date_reference)}, ramenés à douze mois",
        effectif=formats.pluriel(lignes, "ligne") + couverture,
        methode="Besoin d’une année",
        lien_methode="/methode#besoin_annuel",
    )


def _lisibles(maison: Maison, visiteur: Visiteur) -> tuple[tuple[str, str], ...]:
    """The membres whose needs she may open, when there are several."""
    lisibles = [
        (membre.siren, membre.nom) for membre in services_membres.lister(maison, visiteur) if visiteur.peut_lire_membre(membre.siren)
    ]
    return (("", "tous ensemble"), *lisibles) if len(lisibles) > 1 else ()


def _familles(besoins: Sequence[Besoin], habitants: Sequence[DepenseParHabitant]) -> list[BesoinFamille]:
    comparees = {depense.famille: depense for depense in habitants}
    familles = []
    for code, groupe in groupby(sorted(besoins, key=lambda besoin: besoin.famille), key=lambda besoin: besoin.famille):
        siens = sorted(groupe, key=lambda besoin: (-besoin.montant_annuel_ht, besoin.article or ""))
        montant = sum((besoin.montant_annuel_ht for besoin in siens), Decimal(0))
        familles.append(
            (
                montant,
                BesoinFamille(
                    famille=Lien(siens[0].famille_libelle, f"/observatoire/familles/{code}"),
                    montant=formats.euros(montant),
                    articles=tuple(_article(besoin) for besoin in siens),
                    habitant=_habitant(comparees.get(code)),
                ),
            )
        )
    return [famille for _, famille in sorted(familles, key=lambda paire: (-paire[0], paire[1].famille.texte))]


def _article(besoin: Besoin) -> BesoinArticle:
    quantite = "" if besoin.quantite_annuelle is None or besoin.unite is None else formats.quantite(besoin.quantite_annuelle, besoin.unite)
    return BesoinArticle(
        article=besoin.article or "achats sans article comparable",
        adresse=f"/observatoire/articles/{besoin.article_id}" if besoin.article_id else None,
        quantite=quantite,
        montant=formats.euros(besoin.montant_annuel_ht),
        etendue=_etendue(besoin),
    )


def _etendue(besoin: Besoin) -> str:
    bas, haut = besoin.montant_min_an, besoin.montant_max_an
    if bas is None or haut is None:
        return ""
    return formats.euros_entiers(bas) if round(bas) == round(haut) else f"{formats.nombre(bas, 0)} à {formats.euros_entiers(haut)}"


def _habitant(depense: DepenseParHabitant | None) -> str:
    """« 0,65 € par habitant ; médiane 0,50 € »."""
    if depense is None or depense.mienne.valeur is None:
        return ""
    mediane = depense.mediane
    autres = f"non affichée, {mediane.motif_absence}" if mediane.valeur is None else formats.euros(mediane.valeur)
    return f"{formats.euros(depense.mienne.valeur)} ; médiane {autres}"


def _club(club: Sequence[BesoinConsolide]) -> tuple[BesoinClub, ...]:
    rangs = [
        BesoinClub(Lien(besoin.famille_libelle, f"/observatoire/familles/{besoin.famille}"), besoin.montant_annuel_ht, besoin.nb_membres)
        for besoin in club
    ]
    return tuple(sorted(rangs, key=lambda rang: (-(rang.montant.valeur or Decimal(-1)), rang.famille.texte)))
