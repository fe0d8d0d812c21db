"""The membres of the club: who they are, who has sent something, and how one more comes in."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api import formats
from api.annuaire import chercher
from api.porte import Permission, Visiteur, exiger, maison_de
from api.presentation import Message, Page, rendre
from api.services import depots as services_depots
from api.services import membres as services_membres
from api.services.initialiser import est_fonde, initialiser
from ingest.erreurs import Refus
from ingest.vocabulaire import NatureMembre

router = APIRouter()

NATURES: dict[str, str] = {
    NatureMembre.COMMUNE: "commune",
    NatureMembre.EPCI: "communauté (EPCI)",
    NatureMembre.CCAS: "CCAS",
    NatureMembre.SYNDICAT: "syndicat",
    NatureMembre.AUTRE: "autre personne publique",
}


@dataclass(frozen=True)
class RangMembre:
    """One membre of the list. `nb_depots` counts the published ones; `partage` says whether the animatrice may see its lines."""

    siren: str
    nom: str
    nature: str
    population: int | None
    nb_depots: int
    partage: bool
    est_le_mien: bool


@dataclass(frozen=True)
class PageMembres(Page):
    """The list, in words first; the forms only for who may add. `saisie` gives back what was typed after a refusal,
    `territoires` those it may mean; `peut_fonder` is for a club that has no territory yet."""

    gabarit: ClassVar[str] = "pages/membres.html"
    rangs: tuple[RangMembre, ...]
    nb_ayant_depose: int
    population_totale: int
    peut_gerer: bool
    peut_partager: bool
    partage_courant: bool
    natures: tuple[tuple[str, str], ...]
    saisie: dict[str, str]
    territoires: tuple[tuple[str, str], ...]
    peut_fonder: bool


@router.get("/membres", include_in_schema=False)
def show(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_MEMBRES)]) -> Response:
    """The list of membres."""
    return rendre(request, _page(request, visiteur, {}))


@router.post("/membres", include_in_schema=False)
def add(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.GERER_MEMBRES)],
    siren: Annotated[str, Form(max_length=40)] = "",
    nom: Annotated[str, Form(max_length=200)] = "",
    nature: Annotated[NatureMembre, Form()] = NatureMembre.CCAS,
) -> Response:
    """Add a CCAS, a syndicat, a commune by hand."""
    try:
        ajoutes = services_membres.ajouter(maison_de(request), visiteur, [services_membres.NouveauMembre(siren, nom, nature)])
        if not ajoutes:
            raise Refus(f"Le SIREN {siren} est déjà celui d'un membre du club.")
    except Refus as refus:
        saisie = {"siren": siren, "nom": nom, "nature": nature.value}
        return rendre(request, _page(request, visiteur, saisie), statut=422, message=Message("erreur", (str(refus),)))
    return RedirectResponse("/membres?fait=membre-ajoute", status_code=303)


@router.post("/membres/territoire", include_in_schema=False)
def add_territory(
    request: Request, visiteur: Annotated[Visiteur, exiger(Permission.GERER_MEMBRES)], epci: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Make an EPCI and all its communes membres at once; when its name is ambiguous, offer those it may be."""
    try:
        initialiser(maison_de(request), visiteur, epci)
    except Refus as refus:
        page = _page(request, visiteur, {"epci": epci}, proposer(epci))
        return rendre(request, page, statut=422, message=Message("erreur", (str(refus),)))
    return RedirectResponse("/membres?fait=club-cree", status_code=303)


@router.post("/membres/partage", include_in_schema=False)
def share(
    request: Request, visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)], partage: Annotated[bool, Form()] = False
) -> Response:
    """The visitor's own membre agrees, or no longer agrees, that the animatrice sees its lines."""
    services_membres.partager_lignes(maison_de(request), visiteur, visiteur.membre or "", partagees=partage)
    return RedirectResponse(f"/membres?fait=partage-{'oui' if partage else 'non'}", status_code=303)


def proposer(texte: str) -> tuple[tuple[str, str], ...]:
    """The territories this text may mean: SIREN, and name with its population."""
    return tuple((epci.siren, f"{epci.nom}, {formats.pluriel(epci.population, 'habitant')}") for epci in chercher(texte))


def _page(request: Request, visiteur: Visiteur, saisie: dict[str, str], territoires: tuple[tuple[str, str], ...] = ()) -> PageMembres:
    maison = maison_de(request)
    presents = services_membres.lister(maison, visiteur)
    depots = services_depots.compter_par_membre(maison, visiteur)
    rangs = tuple(
        RangMembre(
            siren=membre.siren,
            nom=membre.nom,
            nature=NATURES.get(membre.nature, membre.nature),
            population=membre.population,
            nb_depots=depots.get(membre.siren, 0),
            partage=membre.lignes_partagees,
            est_le_mien=membre.siren == visiteur.membre,
        )
        for membre in presents
    )
    return PageMembres(
        titre="Les membres du club",
        rangs=rangs,
        nb_ayant_depose=sum(1 for rang in rangs if rang.nb_depots),
        population_totale=sum(
            rang.population or 0 for rang, membre in zip(rangs, presents, strict=True) if membre.nature == NatureMembre.COMMUNE
        ),
        peut_gerer=visiteur.peut(Permission.GERER_MEMBRES),
        peut_partager=visiteur.membre is not None and visiteur.peut(Permission.DEPOSER),
        partage_courant=any(rang.est_le_mien and rang.partage for rang in rangs),
        natures=tuple(NATURES.items()),
        saisie=saisie,
        territoires=territoires,
        peut_fonder=visiteur.peut(Permission.GERER_MEMBRES) and not est_fonde(maison),
    )
