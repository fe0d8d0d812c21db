"""One famille of the nomenclature: its name, its key words, its unit, another to be reunited with, and all that was ever decided of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from analytics.resultat import Resultat
from api import formats
from api.pages.decisions import Prise, ecrire_prises
from api.pages.familles import decisions_de, lire_achats, nommer_unite, options_unites
from api.porte import Introuvable, Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Message, Page, rendre
from api.services import familles
from ingest.erreurs import Refus
from ingest.familles import Famille, livree
from ingest.quantites.nomenclature import unite_reference
from ingest.vocabulaire import FAMILLE_A_CLASSER

router = APIRouter()


@dataclass(frozen=True)
class PageFamilleModifier(Page):
    """`en_vigueur` is false for a famille that was retired: only its history is shown, with where its lines went."""

    gabarit: ClassVar[str] = "pages/famille_modifier.html"
    code: str
    phrase: str
    en_vigueur: bool
    suite: Lien | None
    observatoire: Lien | None
    depense: Resultat | None
    libelle: str
    mots: str
    unite: str
    unites: tuple[tuple[str, str], ...]
    autres: tuple[tuple[str, str], ...]
    prises: tuple[Prise, ...]


@router.get("/familles/{code}", include_in_schema=False)
def show(request: Request, code: str, visiteur: Annotated[Visiteur, exiger(Permission.GERER_NOMENCLATURE)]) -> Response:
    """The famille, to be edited."""
    return rendre(request, _page(request, visiteur, code))


@router.post("/familles/{code}", include_in_schema=False)
def edit(
    request: Request,
    code: str,
    visiteur: Annotated[Visiteur, exiger(Permission.GERER_NOMENCLATURE)],
    geste: Annotated[str, Form(max_length=20)],
    motif: Annotated[str, Form(max_length=300)] = "",
    libelle: Annotated[str, Form(max_length=300)] = "",
    mots: Annotated[str, Form(max_length=4000)] = "",
    unite: Annotated[str, Form(max_length=40)] = "",
    dans: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Rename it, change its words or its unit, reunite it with another, retire it."""
    maison = maison_de(request)
    gestes: dict[str, Callable[[], None]] = {
        "renommer": lambda: familles.renommer(maison, visiteur, code, libelle, motif=motif),
        "mots": lambda: familles.changer_mots(maison, visiteur, code, mots.splitlines(), motif=motif),
        "unite": lambda: familles.choisir_unite(maison, visiteur, code, unite, motif=motif),
        "reunir": lambda: familles.retirer(maison, visiteur, code, dans, motif=motif),
        "retirer": lambda: familles.retirer(maison, visiteur, code, FAMILLE_A_CLASSER, motif=motif),
    }
    if geste not in gestes:
        raise Introuvable("Cette page ne sait pas faire cela. Revenez à la famille et choisissez l’un des boutons.")
    try:
        gestes[geste]()
    except Introuvable:
        raise
    except Refus as refus:
        return rendre(request, _page(request, visiteur, code), statut=422, message=Message("erreur", (str(refus),)))
    return RedirectResponse(f"/familles/{code}?fait=decision-prise", status_code=303)


def _page(request: Request, visiteur: Visiteur, code: str) -> PageFamilleModifier:
    maison = maison_de(request)
    nomenclature = familles.en_vigueur(maison)
    famille = nomenclature.par_code.get(code)
    remplacante = dict(nomenclature.remplacees).get(code)
    if famille is None and remplacante is None:
        raise Introuvable("Cette famille n’existe pas dans la nomenclature du club.")
    achats = lire_achats(maison, visiteur)
    suite = None
    if remplacante is not None and remplacante != FAMILLE_A_CLASSER:
        suite = Lien(familles.nommer(nomenclature, remplacante), f"/familles/{remplacante}")
    reference = unite_reference(code)
    return PageFamilleModifier(
        titre=familles.nommer(nomenclature, code),
        code=code,
        phrase=_annoncer(famille, achats.nb_lignes.get(code, 0)) if famille else _congedier(suite),
        en_vigueur=famille is not None,
        suite=suite,
        observatoire=Lien("Ses prix dans l’observatoire", f"/observatoire/familles/{code}")
        if famille and achats.nb_lignes.get(code) and visiteur.peut(Permission.LIRE_OBSERVATOIRE)
        else None,
        depense=achats.depenses.get(code),
        libelle=famille.libelle if famille else "",
        mots="\n".join(famille.mots_cles) if famille else "",
        unite=(famille.unite_choisie if famille else "") or (reference.unite if reference else ""),
        unites=options_unites(famille),
        autres=tuple(
            (autre.code, f"{autre.libelle} ({autre.code})")
            for autre in sorted(nomenclature.familles, key=lambda autre: autre.libelle)
            if autre.code != code
        ),
        prises=ecrire_prises(maison, decisions_de(maison, visiteur, code)),
    )


def _annoncer(famille: Famille, nb_lignes: int) -> str:
    rangees = "sont rangées" if nb_lignes > 1 else "est rangée"
    lignes = f"{formats.pluriel(nb_lignes, 'ligne d’achat', 'lignes d’achat')} y {rangees}" if nb_lignes else "Aucune ligne n’y est rangée"
    origine = "" if famille.code in livree().par_code else " Elle a été ajoutée par le club."
    return f"{lignes} ; ses prix se comparent en {nommer_unite(famille)}.{origine}"


def _congedier(suite: Lien | None) -> str:
    ou = "vont maintenant dans une autre famille" if suite else "sont à classer"
    return f"Elle n’est plus dans la nomenclature : ses lignes {ou}."
