"""What one commune confirmed of a software serves the others: taken over with a click, or carried from club to club in a file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from api import formats
from api.club.modeles import ValeurRetenue
from api.pages.formulaire import Formulaire, fichiers, texte
from api.porte import Introuvable, Permission, Visiteur, exiger, maison_de
from api.presentation import Message, Page, rendre
from api.services import correspondances as service
from api.services import membres as services_membres
from api.services import valeurs
from ingest.erreurs import Refus
from ingest.schema import find_champ, load_champs

router = APIRouter()

TAILLE_MAX = 1_000_000
FORME = "mercuriale-correspondances-1"
"""Says what the file is, so that another file is refused in words."""


@dataclass(frozen=True)
class LogicielVu:
    """One software, and how many forms of its files are known."""

    nom: str
    formes: str


@dataclass(frozen=True)
class ValeurVue:
    """What one membre says of a value for all its files."""

    numero: int
    phrase: str


@dataclass(frozen=True)
class PageCorrespondances(Page):
    """The software known to the club; `membres` those one may take them over for."""

    gabarit: ClassVar[str] = "pages/correspondances.html"
    logiciels: tuple[LogicielVu, ...]
    membres: tuple[tuple[str, str], ...]
    valeurs: tuple[ValeurVue, ...]


@router.get("/correspondances", include_in_schema=False)
def show(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)]) -> Response:
    """What is known of the software used."""
    return rendre(request, _page(request, visiteur))


@router.post("/correspondances/reprendre", include_in_schema=False)
def take_over(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)],
    logiciel: Annotated[str, Form(max_length=80)],
    membre: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Use for one's membre what the club knows of a software."""
    maison = maison_de(request)
    service.importer(maison, visiteur, membre or visiteur.membre or "", logiciel, service.exporter(maison, visiteur, logiciel))
    return RedirectResponse("/correspondances?fait=correspondances-reprises", status_code=303)


@router.post("/correspondances/valeurs/{numero}/oublier", include_in_schema=False)
def forget_value(request: Request, numero: int, visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)]) -> Response:
    """Read the next files as they are written."""
    valeurs.oublier(maison_de(request), visiteur, numero)
    return RedirectResponse("/correspondances?fait=valeur-oubliee", status_code=303)


@router.get("/correspondances/fichier", include_in_schema=False)
def download(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)],
    logiciel: Annotated[str, Query(max_length=80)],
) -> Response:
    """What is known of a software, as a file for another club: names of columns only."""
    connues = service.exporter(maison_de(request), visiteur, logiciel)
    if not connues:
        raise Introuvable("Rien n’est connu de ce logiciel.")
    contenu = json.dumps({"forme": FORME, "logiciel": logiciel, "correspondances": connues}, ensure_ascii=False, indent=1)
    en_tetes = {"content-disposition": 'attachment; filename="correspondances.json"'}
    return Response(contenu, media_type="application/json", headers=en_tetes)


@router.post("/correspondances", include_in_schema=False)
def bring(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)], formulaire: Formulaire) -> Response:
    """Take in such a file for one's membre."""
    maison = maison_de(request)
    membre = texte(formulaire, "membre") or visiteur.membre or ""
    visiteur.verifie_membre(membre)
    recus = fichiers(formulaire, "fichier")
    try:
        if not recus:
            raise Refus("Choisissez le fichier de correspondances qu’on vous a donné.")
        logiciel, connues = lire(recus[0].file.read(TAILLE_MAX + 1))
        service.importer(maison, visiteur, membre, logiciel, connues)
    except Refus as refus:
        return rendre(request, _page(request, visiteur), statut=422, message=Message("erreur", (str(refus),)))
    return RedirectResponse("/correspondances?fait=correspondances-reprises", status_code=303)


def lire(octets: bytes) -> tuple[str, dict[str, dict[str, str]]]:
    """The software and, by signature of headers, what each header means. Raises `Refus` when the file is something else."""
    if len(octets) > TAILLE_MAX:
        raise Refus("Ce fichier est trop grand pour être un fichier de correspondances. Vérifiez que c’est le bon.")
    try:
        lu: Any = json.loads(octets)
        if lu["forme"] != FORME:
            raise ValueError
        champs = {champ.nom for champ in load_champs()} | {""}
        connues = {
            str(signature): {str(entete): champ for entete, champ in colonnes.items() if champ in champs}
            for signature, colonnes in _mapping(lu["correspondances"]).items()
        }
        return str(lu["logiciel"])[:80], connues
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as erreur:
        raise Refus(
            "Ce fichier n’est pas un fichier de correspondances. Nous attendions celui que l’on télécharge depuis cette page, "
            "dans Mercuriale. Redemandez-le à qui vous l’a donné."
        ) from erreur


def _mapping(valeur: Any) -> Mapping[str, Any]:
    if not isinstance(valeur, dict):
        raise TypeError
    return valeur


def _page(request: Request, visiteur: Visiteur) -> PageCorrespondances:
    maison = maison_de(request)
    connus = service.logiciels(maison, visiteur)
    presents = services_membres.lister(maison, visiteur)
    return PageCorrespondances(
        titre="Les logiciels déjà connus",
        logiciels=tuple(
            LogicielVu(nom, formats.pluriel(nombre, "forme de fichier", "formes de fichier")) for nom, nombre in connus.items()
        ),
        valeurs=tuple(_valeur(retenue, {membre.siren: membre.nom for membre in presents}) for retenue in valeurs.lister(maison, visiteur)),
        membres=()
        if visiteur.membre
        else tuple((membre.siren, membre.nom) for membre in presents if visiteur.peut_lire_membre(membre.siren)),
    )


def _valeur(retenue: ValeurRetenue, noms: Mapping[str, str]) -> ValeurVue:
    titre = find_champ(retenue.champ).titre
    return ValeurVue(retenue.id, f"{noms.get(retenue.membre, '')}, {titre} : « {retenue.lu} » se lit « {retenue.remplacement} »")
