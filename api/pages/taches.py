"""Long work, watched: a bar that says what is being done and how long is left; the page can be closed, and works by itself again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from api import formats, taches
from api.club.modeles import EtatTache, Tache
from api.maison import Maison
from api.porte import Introuvable, Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Page, rendre, rendre_fragment
from api.services import depots

router = APIRouter()

SUR_UN_DEPOT: Mapping[str, str] = {taches.LIRE: "Lecture de", taches.CORRIGER: "Correction de"}
"""Works on one dépôt, in words, before the name of its file."""

Numeros = Annotated[list[int], Query(alias="n", max_length=400)]


@dataclass(frozen=True)
class TravailVu:
    """One work: `fait` out of `total` (None when nobody knows), what is being done, how long is left, where its result is."""

    numero: int
    quoi: str
    vivant: bool
    echec: bool
    fait: int
    total: int | None
    phrase: str
    reste: str | None
    suite: Lien | None


@dataclass(frozen=True)
class PageTaches(Page):
    """The works asked for. `adresse_etat` gives the moving piece again; `aller_a` where to go once the only one has ended."""

    gabarit: ClassVar[str] = "pages/taches.html"
    travaux: tuple[TravailVu, ...]
    en_cours: bool
    adresse: str
    adresse_etat: str
    aller_a: str | None


@dataclass(frozen=True)
class FragmentTaches(PageTaches):
    """The moving piece alone."""

    gabarit: ClassVar[str] = "fragments/taches.html"


@router.get("/taches", include_in_schema=False)
def show(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.CONNECTE)], numeros: Numeros = []) -> Response:  # noqa: B006
    """The works of these numbers, or all those in progress; a single one that ended well leads straight to its result."""
    page = _page(PageTaches, maison_de(request), visiteur, numeros)
    if page.aller_a:
        return RedirectResponse(page.aller_a, status_code=303)
    # Nothing of what was sent could be read: the answer says so to programs too.
    refuse = bool(page.travaux) and all(travail.echec for travail in page.travaux)
    return rendre(request, page, statut=422 if refuse else 200)


@router.get("/taches/etat", include_in_schema=False)
def state(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.CONNECTE)], numeros: Numeros = []) -> Response:  # noqa: B006
    """The moving piece, asked for every second by the page."""
    return rendre_fragment(_page(FragmentTaches, maison_de(request), visiteur, numeros))


@router.post("/taches/{numero}/annuler", include_in_schema=False)
def cancel(
    request: Request,
    numero: int,
    visiteur: Annotated[Visiteur, exiger(Permission.CONNECTE)],
    retour: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Stop a work."""
    taches.annuler(maison_de(request), visiteur, numero)
    return RedirectResponse(retour if retour.startswith("/taches?") else f"/taches?n={numero}", status_code=303)


def adresse_des(suivies: Sequence[Tache]) -> str:
    """The page that watches these works."""
    return adresse([tache.id for tache in suivies])


def adresse(numeros: Sequence[int], chemin: str = "/taches") -> str:
    """The address of the works of these numbers."""
    return f"{chemin}?{urlencode([('n', numero) for numero in numeros])}" if numeros else chemin


def travail_de(maison: Maison, visiteur: Visiteur, depot: str, texte: str) -> Lien | None:
    """The way to the work on this dépôt that waits or runs, under this text."""
    miens = [tache for tache in taches.en_cours(maison, visiteur) if tache.parametres.get("depot") == depot]
    return Lien(texte, adresse_des(miens)) if miens else None


def suite_de_correction(depot: str, comptes: Mapping[str, int] | None) -> str:
    """Where a correction leads: to what is left to correct, or to the dépôt."""
    suite = "/a-corriger" if (comptes or {}).get("a_corriger", 0) else ""
    return f"/depots/{depot}{suite}?fait=correction-prise"


def _page(genre: type[PageTaches], maison: Maison, visiteur: Visiteur, numeros: Sequence[int]) -> PageTaches:
    presentes = list(_retrouver(maison, visiteur, numeros)) if numeros else list(taches.en_cours(maison, visiteur))
    travaux = tuple(_travail(maison, visiteur, tache) for tache in presentes)
    en_cours = any(travail.vivant for travail in travaux)
    seul = travaux[0] if len(travaux) == 1 and (len(numeros) == 1 or en_cours) else None
    return genre(
        titre="Travaux en cours",
        travaux=travaux,
        en_cours=en_cours,
        # By number even when none was asked for: a work that ends must not vanish from under the reader's eyes.
        adresse=adresse([tache.id for tache in presentes]),
        adresse_etat=adresse([tache.id for tache in presentes], "/taches/etat"),
        aller_a=seul.suite.adresse if seul and seul.suite and not seul.vivant and not seul.echec else None,
    )


def _retrouver(maison: Maison, visiteur: Visiteur, numeros: Sequence[int]) -> Iterator[Tache]:
    for numero in dict.fromkeys(numeros):
        try:
            yield taches.voir(maison, visiteur, numero)
        except Introuvable:
            continue


def _travail(maison: Maison, visiteur: Visiteur, tache: Tache) -> TravailVu:
    vivant = tache.etat in taches.VIVANTES
    reste = taches.temps_restant(tache)
    return TravailVu(
        numero=tache.id,
        quoi=_quoi(maison, visiteur, tache),
        vivant=vivant,
        echec=tache.etat in (EtatTache.ECHOUEE, EtatTache.ANNULEE),
        fait=tache.fait,
        total=tache.total,
        phrase=_phrase(tache),
        reste=formats.temps_restant(reste.total_seconds()) if reste else None,
        suite=None if vivant else _suite(tache),
    )


def _quoi(maison: Maison, visiteur: Visiteur, tache: Tache) -> str:
    if tache.genre == taches.RELIRE:
        return "Essai de relecture des dépôts" if tache.parametres["essai"] else "Relecture des dépôts"
    if tache.genre not in SUR_UN_DEPOT:
        return "Mise à jour de l’observatoire"
    try:
        nom = depots.depot(maison, visiteur, str(tache.parametres["depot"])).nom_fichier
        return f"{SUR_UN_DEPOT[tache.genre]} « {nom} »"
    except Introuvable:
        return "Fichier refusé"


def _phrase(tache: Tache) -> str:
    if tache.etat == EtatTache.EN_ATTENTE:
        return "En attente de son tour."
    if tache.etat == EtatTache.EN_COURS:
        if tache.genre == taches.LIRE:
            return f"{formats.pluriel(tache.fait, 'ligne lue', 'lignes lues')}." if tache.fait else "Ouverture du fichier."
        if tache.genre == taches.RELIRE:
            return f"{formats.pluriel(tache.fait, 'dépôt relu', 'dépôts relus')} sur {tache.total}." if tache.total else "Commencé."
        if tache.genre == taches.CORRIGER:
            return (
                f"{formats.pluriel(tache.fait, 'ligne relue', 'lignes relues')}."
                if tache.fait
                else "Le fichier est relu avec vos corrections."
            )
        return f"{tache.message}." if tache.message else "Commencé."
    if tache.etat == EtatTache.TERMINEE:
        return tache.message or "Terminé."
    return tache.message or "Interrompu."


def _suite(tache: Tache) -> Lien | None:
    if tache.genre == taches.CORRIGER:
        fini = tache.etat == EtatTache.TERMINEE
        adresse_suite = suite_de_correction(str(tache.parametres["depot"]), (tache.resultat or {}).get("comptes"))
        return Lien("Voir ce qui reste à corriger", adresse_suite if fini else f"/depots/{tache.parametres['depot']}/a-corriger")
    if tache.genre == taches.RELIRE:
        return Lien("Voir ce qui change" if tache.parametres["essai"] else "Voir ce qui a été relu", f"/relectures?travail={tache.id}")
    if tache.genre != taches.LIRE:
        return Lien("Voir l’observatoire", "/observatoire")
    if tache.etat == EtatTache.TERMINEE:
        return Lien("Voir ce qui a été lu", f"/depots/{tache.parametres['depot']}")
    return Lien("Déposer un autre fichier", "/depots")
