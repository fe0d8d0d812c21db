"""The dépôts: drop one or many files, see what was received and where each one stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Annotated, BinaryIO, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from api import formats
from api import taches as travaux
from api.club.modeles import Depot, EtatDepot, Tache
from api.maison import Maison
from api.pages.formulaire import Formulaire, fichiers, texte
from api.pages.taches import adresse_des
from api.porte import Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Message, Page, Pagination, paginer, rendre
from api.services import depots
from api.services import membres as services_membres
from api.settings import MEGA
from api.taches.travail import demander_lecture
from ingest.erreurs import Refus

router = APIRouter()

PAR_PAGE = 100
NOM_COLLE = "lignes collées.txt"
"""The name of what came by copy and paste."""

ETATS: dict[str, tuple[str, str]] = {
    EtatDepot.RECU: ("reçu", ""),
    EtatDepot.EN_LECTURE: ("lecture en cours", ""),
    EtatDepot.A_CONFIRMER: ("à confirmer", "attention"),
    EtatDepot.PUBLIE: ("enregistré", "bon"),
    EtatDepot.RETIRE: ("retiré", ""),
}
"""State of a dépôt in words, with the tone of its label."""


@dataclass(frozen=True)
class RangDepot:
    """One dépôt of the list; figures are None as long as the file has not been read."""

    lien: Lien
    membre: str
    recu: str
    etat: str
    ton: str
    lues: int | None
    retenues: int | None
    a_corriger: int | None
    corriger: str | None


@dataclass(frozen=True)
class PageDepots(Page):
    """`membres` are those one may send for (code and name); `taille_max` the largest file; `en_cours` leads to the works in progress."""

    gabarit: ClassVar[str] = "pages/depots.html"
    chapeau: str
    rangs: tuple[RangDepot, ...]
    peut_deposer: bool
    membres: tuple[tuple[str, str], ...]
    plusieurs_membres: bool
    choisi: str
    filtre: str
    pagination: Pagination
    taille_max: str
    taille_max_octets: int
    en_cours: Lien | None


@router.get("/depots", include_in_schema=False)
def show(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.LIRE_DEPOTS)],
    membre: Annotated[str, Query(max_length=20)] = "",
    page: Annotated[int, Query(ge=1)] = 1,
) -> Response:
    """The list of dépôts, of all or of one membre, and the place to drop files."""
    return rendre(request, _page(request, visiteur, membre, filtre=membre, page=page))


@router.post("/depots", include_in_schema=False)
def create(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)], formulaire: Formulaire) -> Response:
    """Receive the files and ask for their reading; those that are refused say why, the others go on."""
    maison = maison_de(request)
    membre = texte(formulaire, "membre") or visiteur.membre or ""
    recus: list[tuple[str, BinaryIO]] = [(fichier.filename or "", fichier.file) for fichier in fichiers(formulaire, "fichiers")]
    if collees := texte(formulaire, "collees").strip("\r\n"):
        recus.append((NOM_COLLE, BytesIO(collees.encode())))
    demandees: list[Tache] = []
    refus: list[str] = []
    if not membre:
        refus.append("Choisissez d’abord le membre dont ce sont les achats.")
    elif not recus:
        refus.append("Aucun fichier n’a été choisi. Choisissez-en un, ou glissez-le dans le cadre.")
    else:
        visiteur.verifie_membre(membre)
        for nom, flux in recus:
            try:
                depot = depots.deposer(maison, visiteur, membre, nom, flux, une_seule_fois=True)
                demandees.append(demander_lecture(maison, visiteur, depot.id))
            except Refus as erreur:
                refus.append(str(erreur))
    if refus:
        if demandees:
            autres = formats.pluriel(len(demandees), "autre fichier")
            refus.append(f"{autres} : la lecture est commencée.")
        return rendre(request, _page(request, visiteur, membre), statut=422, message=Message("erreur", tuple(refus)))
    return RedirectResponse(adresse_des(demandees), status_code=303)


def _page(request: Request, visiteur: Visiteur, choisi: str = "", *, filtre: str = "", page: int = 1) -> PageDepots:
    maison = maison_de(request)
    presents = depots.lister(maison, visiteur, membre=filtre or None)
    pagination = paginer(request, page, PAR_PAGE, len(presents))
    debut = (pagination.page - 1) * PAR_PAGE
    noms = {membre.siren: membre.nom for membre in services_membres.lister(maison, visiteur)}
    accessibles = tuple((siren, nom) for siren, nom in noms.items() if visiteur.peut_lire_membre(siren))
    return PageDepots(
        titre="Vos dépôts" if visiteur.membre else "Les dépôts du club",
        chapeau=annoncer(presents),
        rangs=tuple(_rang(depot, noms) for depot in presents[debut : debut + PAR_PAGE]),
        peut_deposer=visiteur.peut(Permission.DEPOSER),
        membres=accessibles,
        plusieurs_membres=visiteur.membre is None,
        choisi=choisi,
        filtre=filtre,
        pagination=pagination,
        taille_max_octets=maison.settings.taille_max_fichier,
        taille_max=f"{maison.settings.taille_max_fichier // MEGA}{formats.INSECABLE}Mo",
        en_cours=_travaux(maison, visiteur),
    )


def annoncer(presents: Sequence[Depot]) -> str:
    """The first line: how many files count, how many lines, how many wait."""
    publies = [depot for depot in presents if depot.etat == EtatDepot.PUBLIE]
    if not publies:
        return "Aucun fichier n’est encore enregistré."
    retenues = sum((depot.comptes or {}).get("retenues", 0) for depot in publies)
    attente = sum((depot.comptes or {}).get("a_corriger", 0) for depot in publies)
    phrase = f"{formats.pluriel(len(publies), 'fichier enregistré')}, {formats.pluriel(retenues, 'ligne retenue')}"
    return f"{phrase}, {formats.pluriel(attente, 'ligne')} à corriger." if attente else f"{phrase}, aucune ligne à corriger."


def _rang(depot: Depot, noms: dict[str, str]) -> RangDepot:
    etat, ton = ETATS[depot.etat]
    comptes = depot.comptes or {}
    a_corriger = comptes.get("a_corriger")
    vivant = depot.etat in (EtatDepot.PUBLIE, EtatDepot.A_CONFIRMER)
    return RangDepot(
        lien=Lien(depot.nom_fichier, f"/depots/{depot.id}"),
        membre=noms.get(depot.membre, depot.membre),
        recu=formats.date_courte(depot.recu_le),
        etat=etat,
        ton=ton,
        lues=comptes.get("lues"),
        retenues=comptes.get("retenues") if vivant else None,
        a_corriger=a_corriger if vivant else None,
        corriger=f"/depots/{depot.id}/a-corriger" if vivant and a_corriger else None,
    )


def _travaux(maison: Maison, visiteur: Visiteur) -> Lien | None:
    vivants = travaux.en_cours(maison, visiteur)
    if not vivants:
        return None
    return Lien(formats.pluriel(len(vivants), "travail en cours", "travaux en cours"), adresse_des(vivants))
