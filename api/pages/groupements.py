"""Groupements: the list, and the forming of one from choices a person made."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, ClassVar
from unicodedata import category

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from analytics.groupement.donnees import Calendrier, RegimeCao, Variante
from analytics.groupement.repartition import Cle
from api import formats
from api.club.modeles import EtatGroupement
from api.porte import Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Page, rendre
from api.services import groupements as service
from ingest.erreurs import Refus

router = APIRouter()

ETATS: dict[EtatGroupement, str] = {
    EtatGroupement.IDEE: "idée",
    EtatGroupement.ETUDE: "étude",
    EtatGroupement.PROJET: "projet",
    EtatGroupement.EN_DELIBERATION: "délibérations",
    EtatGroupement.CONSTITUE: "constitué",
    EtatGroupement.EN_CONSULTATION: "consultation",
    EtatGroupement.NOTIFIE: "notifié",
    EtatGroupement.EN_EXECUTION: "exécution",
    EtatGroupement.CLOS: "clos",
}


@dataclass(frozen=True)
class RangGroupement:
    """One groupement of the list."""

    lien: Lien
    etat: str
    coordonnateur: str
    nb_membres: int
    nb_deliberations: int
    montant_annuel: str


@dataclass(frozen=True)
class PageGroupements(Page):
    """The groupements the reader may see."""

    gabarit: ClassVar[str] = "pages/groupements.html"
    chapeau: str
    rangs: tuple[RangGroupement, ...]
    suite: Lien | None


@router.get("/groupements", include_in_schema=False)
def show(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_GROUPEMENTS)]) -> Response:
    """The list."""
    maison = maison_de(request)
    rangs = []
    for groupement in service.lister(maison, visiteur):
        donnees = service.donnees_de(maison, visiteur, groupement.id)
        adhesions = service.adhesions(maison, visiteur, groupement.id)
        rangs.append(
            RangGroupement(
                lien=Lien(f"{groupement.id} : {groupement.objet}", f"/groupements/{groupement.id}"),
                etat=ETATS[EtatGroupement(groupement.etat)],
                coordonnateur=donnees.membre(donnees.coordonnateur).nom,
                nb_membres=len(adhesions),
                nb_deliberations=sum(adhesion.deliberee_le is not None for adhesion, _ in adhesions),
                montant_annuel=formats.euros(donnees.montant_annuel()),
            )
        )
    suite = Lien("Voir ce qui vaut la peine d’être groupé", "/opportunites")
    return rendre(
        request,
        PageGroupements(titre="Groupements", chapeau=annoncer(len(rangs)), rangs=tuple(rangs), suite=suite),
    )


def annoncer(nombre: int) -> str:
    """The first line."""
    return f"{formats.pluriel(nombre, 'groupement')} vous {'concerne' if nombre < 2 else 'concernent'}."


@router.post("/groupements", include_in_schema=False)
def form(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.FORMER_GROUPEMENT)],
    objet: Annotated[str, Form(min_length=3, max_length=300)],
    familles: Annotated[str, Form(max_length=2000)],
    membres: Annotated[list[str], Form()],
    coordonnateur: Annotated[str, Form(max_length=14)],
    date_droit: Annotated[date, Form()],
    duree: Annotated[int, Form(ge=1, le=120)] = 48,
    debut_marche: Annotated[date | None, Form()] = None,
    variante: Annotated[Variante, Form()] = Variante.B,
    cao: Annotated[RegimeCao, Form()] = RegimeCao.COORDONNATEUR,
    cle: Annotated[Cle, Form()] = Cle.GRATUITE,
    frais_annuels_ht: Annotated[str, Form(max_length=30)] = "0",
) -> Response:
    """Freeze the besoins of the chosen membres and open the groupement."""
    projet = service.Projet(
        objet=lire_objet(objet),
        familles=tuple(code for code in familles.split(",") if code),
        membres=tuple(dict.fromkeys(membres)),
        coordonnateur=coordonnateur,
        date_droit=date_droit,
        variante=variante,
        cao=cao,
        cle=cle,
        frais_annuels_ht=lire_montant(frais_annuels_ht),
        duree_marche_mois=duree,
        calendrier=Calendrier(debut_marche=debut_marche),
    )
    groupement = service.former(maison_de(request), visiteur, projet)
    return RedirectResponse(f"/groupements/{groupement.id}?fait=groupement-forme", status_code=303)


def lire_objet(texte: str) -> str:
    """What the groupement is for, on one line. Raises `Refus` for what a document cannot print."""
    objet = " ".join(texte.split())
    if any(category(signe) in ("Cc", "Cs", "Co", "Cn") for signe in objet):
        raise Refus("L’objet du groupement contient un signe qui ne s’imprime pas. Retapez-le au clavier.")
    return objet


def lire_montant(texte: str) -> Decimal:
    """An amount typed by a person: « 2 400 », « 2400,50 € ». Raises `Refus` with what was expected."""
    propre = "".join(texte.replace("€", "").split()).replace(formats.FINE, "").replace(",", ".") or "0"
    try:
        montant = Decimal(propre)
    except InvalidOperation:
        montant = Decimal(-1)
    if not montant.is_finite() or montant < 0 or montant > Decimal(10) ** 9:
        raise Refus(f"Les frais annuels sont illisibles : « {texte} ». Écrivez un montant comme 2 400 ou 2 400,50.")
    return montant.quantize(Decimal("0.01"))
