"""What is worth buying together: the ranked list, each mark with its sentence, each gain with its interval and its assumptions."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from analytics.groupement.repartition import LIBELLES as LIBELLES_CLES
from analytics.groupement.repartition import Cle
from analytics.opportunites import Gain, Note, Opportunite
from analytics.procedures import Genre
from api import formats
from api.club.magasin import maintenant
from api.pages.lecteur import rien_encore
from api.pages.observatoire import exports_de
from api.porte import Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Page, rendre
from api.services.opportunites import Demande, classees

router = APIRouter()

DUREES = (("12", "1 an"), ("24", "2 ans"), ("36", "3 ans"), ("48", "4 ans"))
CLES = tuple((cle.value, LIBELLES_CLES[cle]) for cle in Cle)
PROCEDURES = {Genre.DISPENSE: "de gré à gré", Genre.ADAPTEE: "procédure adaptée", Genre.FORMALISEE: "appel d’offres"}


@dataclass(frozen=True)
class Hypothese:
    """What the reader assumed, as the form gives it back."""

    au: date
    duree: str
    cle: str
    durees: tuple[tuple[str, str], ...]
    cles: tuple[tuple[str, str], ...]
    suffixe: str


@dataclass(frozen=True)
class RangOpportunite:
    """One opportunité of the list; `gain` is a range in euros a year, or the sentence that says why there is none."""

    lien: Lien
    potentiel: Note
    enjeu: Note
    faisabilite: Note
    gain: str
    procedure: str
    nb_membres: int
    ecartee: str | None
    mon_gain: str


@dataclass(frozen=True)
class PageOpportunites(Page):
    """`rangs` in the order of the club's grid; `ecartees` are not proposed and say why."""

    gabarit: ClassVar[str] = "pages/opportunites.html"
    chapeau: str
    hypothese: Hypothese
    rangs: tuple[RangOpportunite, ...]
    ecartees: tuple[RangOpportunite, ...]
    avec_membre: bool
    exports: tuple[Lien, ...]


def demande(au: date | None = None, duree: Annotated[int, Query(ge=1, le=120)] = 48, cle: Cle = Cle.PRORATA_MONTANT) -> Demande:
    """What the address assumes: date of the consultation (today when not said), duration in months, sharing key."""
    return Demande(au or maintenant().date(), duree, cle)


Demandee = Annotated[Demande, Depends(demande)]


@router.get("/opportunites", include_in_schema=False)
def show(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_OPPORTUNITES)], demandee: Demandee) -> Response:
    """The ranked list."""
    maison = maison_de(request)
    titre = "Que vaut-il la peine d’acheter ensemble ?"
    if vide := rien_encore(request, maison, visiteur, titre):
        return vide
    toutes = classees(maison, visiteur, demandee)
    hypothese = ecrire_hypothese(demandee)
    rangs = [_rang(opportunite, hypothese.suffixe, visiteur.membre) for opportunite in toutes]
    return rendre(
        request,
        PageOpportunites(
            titre=titre,
            chapeau=annoncer(toutes),
            hypothese=hypothese,
            rangs=tuple(rang for rang in rangs if rang.ecartee is None),
            ecartees=tuple(rang for rang in rangs if rang.ecartee is not None),
            avec_membre=visiteur.membre is not None,
            exports=exports_de("opportunites") if visiteur.peut(Permission.EXPORTER) else (),
        ),
    )


def annoncer(toutes: tuple[Opportunite, ...]) -> str:
    """The first line: the best of them, and how many others."""
    proposees = [opportunite for opportunite in toutes if opportunite.ecartee is None]
    if not proposees:
        return "Rien à grouper pour l’instant : trop peu de membres achètent la même chose, ou leurs achats ne sont pas encore reçus."
    premiere = proposees[0]
    return f"D’abord : {premiere.libelle.lower() if premiere.libelle[1:2].islower() else premiere.libelle}. {premiere.gain.phrase}"


def ecrire_hypothese(demandee: Demande) -> Hypothese:
    """The assumptions, with what one must add to an address to keep them."""
    durees = (
        DUREES if str(demandee.duree_mois) in dict(DUREES) else (*DUREES, (str(demandee.duree_mois), formats.duree(demandee.duree_mois)))
    )
    return Hypothese(
        au=demandee.au,
        duree=str(demandee.duree_mois),
        cle=demandee.cle.value,
        durees=durees,
        cles=CLES,
        suffixe=f"?au={demandee.au.isoformat()}&duree={demandee.duree_mois}&cle={demandee.cle.value}",
    )


def ecrire_gain(gain: Gain) -> str:
    """« 9 000 à 14 000 € », or why nothing is announced."""
    if not gain.nb_articles:
        return "aucun prix comparable"
    if gain.net_haut <= 0:
        return "aucun gain une fois les frais comptés"
    return formats.fourchette(gain.net_bas, gain.net_haut)


def _rang(opportunite: Opportunite, suffixe: str, membre: str | None) -> RangOpportunite:
    mienne = next((part for part in opportunite.membres if part.siren == membre), None)
    return RangOpportunite(
        lien=Lien(opportunite.libelle, f"/opportunites/{opportunite.code}{suffixe}"),
        potentiel=opportunite.potentiel,
        enjeu=opportunite.enjeu,
        faisabilite=opportunite.faisabilite,
        gain=ecrire_gain(opportunite.gain),
        procedure=PROCEDURES[opportunite.procedure.genre] if opportunite.procedure else "se compte par opération",
        nb_membres=opportunite.nb_membres,
        ecartee=opportunite.ecartee,
        mon_gain=formats.environ(mienne.gain_net, signe=True) if mienne and mienne.gain_net is not None else "",
    )
