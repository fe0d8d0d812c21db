"""The nomenclature of the club: every famille with its lines and its spend, and the way to add one; nothing is rewritten, all is undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from analytics.besoins import besoins_consolides
from analytics.nomenclature import SUJETS, unites_possibles
from analytics.resultat import Resultat
from api import formats
from api.maison import Maison
from api.pages.decisions import Prise, ecrire_prises
from api.pages.lecteur import lire_observatoire
from api.porte import Permission, Visiteur, exiger, maison_de
from api.presentation import Message, Page, rendre
from api.services import decisions, familles
from ingest.erreurs import Refus
from ingest.familles import Famille, livree
from ingest.quantites.nomenclature import unite_reference, unites
from ingest.quantites.texte import fold
from ingest.vocabulaire import FAMILLE_A_CLASSER

router = APIRouter()

RECENTES = 8
NATURES = tuple((nature, nature) for nature in familles.NATURES)


@dataclass(frozen=True)
class RangFamille:
    """One famille: `nb_lignes` of all membres, `depense` per year as the rules of diffusion let it be read; None before any build."""

    code: str
    libelle: str
    unite: str
    mots: str
    nb_lignes: int
    depense: Resultat | None
    ajoutee: bool


@dataclass(frozen=True)
class PageFamilles(Page):
    """The list, what matches the search first in mind; `saisie` gives back what was typed after a refusal."""

    gabarit: ClassVar[str] = "pages/familles.html"
    phrase: str
    rangs: tuple[RangFamille, ...]
    retirees: tuple[tuple[str, str, str], ...]
    nb_a_classer: int
    recherche: str
    unites: tuple[tuple[str, str], ...]
    natures: tuple[tuple[str, str], ...]
    saisie: dict[str, str]
    prises: tuple[Prise, ...]
    peut_classer: bool


@dataclass(frozen=True)
class Achats:
    """What the observatoire holds of each famille."""

    nb_lignes: Mapping[str, int]
    depenses: Mapping[str, Resultat]


@router.get("/familles", include_in_schema=False)
def show(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.GERER_NOMENCLATURE)],
    recherche: Annotated[str, Query(max_length=120)] = "",
) -> Response:
    """The list of familles."""
    return rendre(request, _page(request, visiteur, recherche, {}))


@router.post("/familles", include_in_schema=False)
def add(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.GERER_NOMENCLATURE)],
    libelle: Annotated[str, Form(max_length=300)] = "",
    unite: Annotated[str, Form(max_length=40)] = "unite",
    nature: Annotated[str, Form(max_length=40)] = "fournitures",
    mots: Annotated[str, Form(max_length=4000)] = "",
    motif: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Add a famille to the nomenclature of the club."""
    try:
        code = familles.ajouter(
            maison_de(request), visiteur, libelle=libelle, unite=unite, mots_cles=mots.splitlines(), nature=nature, motif=motif
        )
    except Refus as refus:
        saisie = {"libelle": libelle, "unite": unite, "nature": nature, "mots": mots, "motif": motif}
        return rendre(request, _page(request, visiteur, "", saisie), statut=422, message=Message("erreur", (str(refus),)))
    return RedirectResponse(f"/familles/{code}?fait=famille-ajoutee", status_code=303)


def lire_achats(maison: Maison, visiteur: Visiteur) -> Achats:
    """Lines and yearly spend of each famille; empty before any build."""
    if not maison.observatoire.exists():
        return Achats({}, {})
    with lire_observatoire(maison, visiteur) as lecteur:
        nombres: dict[str, int] = dict(
            lecteur.curseur.sql("SELECT famille, sum(nb_lignes)::BIGINT FROM achats_mois GROUP BY famille").fetchall()
        )
        besoins = besoins_consolides(lecteur.curseur, lecteur.portee)
    return Achats(nombres, {besoin.famille: besoin.montant_annuel_ht for besoin in besoins})


def nommer_unite(famille: Famille) -> str:
    """The unit in which prices of this famille are compared, in words."""
    reference = unite_reference(famille.code)
    code = famille.unite_choisie or (reference.unite if reference else "")
    return unites()[code].nom if code else famille.unite_reference


def options_unites(famille: Famille | None) -> tuple[tuple[str, str], ...]:
    """The units one may choose, in words."""
    return tuple((code, unites()[code].pluriel) for code in unites_possibles(famille))


def _page(request: Request, visiteur: Visiteur, recherche: str, saisie: dict[str, str]) -> PageFamilles:
    maison = maison_de(request)
    nomenclature = familles.en_vigueur(maison)
    achats = lire_achats(maison, visiteur)
    trouvees = [famille for famille in nomenclature.familles if _convient(famille, recherche)]
    nombre = formats.pluriel(len(nomenclature.familles), "famille")
    ajoutees = sum(1 for famille in nomenclature.familles if famille.code not in livree().par_code)
    changes = [
        f"{ajoutees} ajoutée{'s' if ajoutees > 1 else ''} par le club" if ajoutees else "",
        f"{len(nomenclature.remplacees)} retirée{'s' if len(nomenclature.remplacees) > 1 else ''}" if nomenclature.remplacees else "",
    ]
    return PageFamilles(
        titre="Les familles d’achats",
        phrase=f"{nombre} en vigueur{''.join(f', {change}' for change in changes if change)}. "
        "C’est dans ces familles que les besoins du club sont comptés.",
        rangs=tuple(_rang(famille, achats) for famille in trouvees),
        retirees=tuple(
            (code, familles.nommer(nomenclature, code), familles.nommer(nomenclature, vers)) for code, vers in nomenclature.remplacees
        ),
        nb_a_classer=achats.nb_lignes.get(FAMILLE_A_CLASSER, 0),
        recherche=recherche,
        unites=options_unites(None),
        natures=NATURES,
        saisie=saisie,
        prises=ecrire_prises(maison, decisions.lister(maison, visiteur, sujets=SUJETS, annulees=True, limite=RECENTES)),
        peut_classer=visiteur.peut(Permission.ARBITRER),
    )


def _rang(famille: Famille, achats: Achats) -> RangFamille:
    return RangFamille(
        code=famille.code,
        libelle=famille.libelle,
        unite=nommer_unite(famille),
        mots=", ".join(famille.mots_cles[:6]) + ("…" if len(famille.mots_cles) > 6 else ""),
        nb_lignes=achats.nb_lignes.get(famille.code, 0),
        depense=achats.depenses.get(famille.code),
        ajoutee=famille.code not in livree().par_code,
    )


def _convient(famille: Famille, recherche: str) -> bool:
    texte = fold(" ".join((famille.code, famille.libelle, *famille.mots_cles)))
    return all(mot in texte for mot in fold(recherche).split())


def decisions_de(maison: Maison, visiteur: Visiteur, code: str) -> tuple[Any, ...]:
    """What was decided of one famille, or sends another to it, newest first, even what was taken back."""
    lues = decisions.lister(maison, visiteur, sujets=SUJETS, annulees=True)
    return tuple(lue for lue in lues if code in (lue.cle, lue.valeur.get("dans")))
