"""One dépôt: what was read, what publishing would do, and the way back; nothing is written before the person says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api import formats
from api import taches as travaux
from api.club.modeles import Depot, EtatDepot
from api.maison import Maison
from api.pages import verdict as vues
from api.pages.depot_acheteurs import annoncer_acheteurs
from api.pages.depot_feuilles import feuilles
from api.pages.depots import ETATS
from api.pages.taches import adresse_des, travail_de
from api.porte import Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Message, Page, rendre
from api.services import depots
from api.services import membres as services_membres
from api.services.depots import Perime
from api.services.lignes_depot import anomalies_vivantes
from api.services.propositions import groupes_d_unites
from api.taches.travail import demander_lecture
from ingest.feuilles import CODE as CODE_FEUILLES
from ingest.publication import Comparaison, Doublons

router = APIRouter()


@dataclass(frozen=True)
class Compte:
    """One figure of the account and the lines it counts; `explication` is why, when the word alone does not say it."""

    nom: str
    nombre: int
    explication: str
    lien: str | None


@dataclass(frozen=True)
class ChoixDoublons:
    """One way to deal with lines that are already there: what it means, and what it would do to this very file."""

    valeur: str
    libelle: str
    effet: str


@dataclass(frozen=True)
class PageDepot(Page):
    """`chapeau` is the verdict in words; `bouton` publishes (None: nothing to publish); `version` proves what was previewed;
    `acheteurs` says whose purchases these are when the file names somebody else; `feuilles` are the sheets of the file when it has
    several, with whether each was read."""

    gabarit: ClassVar[str] = "pages/depot.html"
    identifiant: str
    chapeau: str
    etat: str
    ton: str
    membre: str
    recu: str
    comptes: tuple[Compte, ...]
    choix: tuple[ChoixDoublons, ...]
    bouton: str | None
    version: int | None
    a_confirmer: bool
    publie: bool
    retire: bool
    peut_deposer: bool
    nb_a_corriger: int
    bloquantes: tuple[vues.AnomalieVue, ...]
    remarques_lignes: tuple[vues.AnomalieVue, ...]
    remarques: tuple[str, ...]
    acheteurs: str | None
    tables: tuple[vues.TableVue, ...]
    feuilles: tuple[tuple[str, bool], ...]
    en_cours: Lien | None
    a_preciser: Lien | None


@dataclass(frozen=True)
class PageDepotEnLecture(Page):
    """The file was received and is not read yet: where its reading stands, or the button that asks for it again."""

    gabarit: ClassVar[str] = "pages/depot_en_lecture.html"
    identifiant: str
    suivi: Lien | None
    peut_deposer: bool


@router.get("/depots/{identifiant}", include_in_schema=False)
def show(request: Request, identifiant: str, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_DEPOTS)]) -> Response:
    """The verdict on a dépôt, or where its reading stands."""
    return _montrer(request, visiteur, identifiant)


@router.post("/depots/{identifiant}/enregistrer", include_in_schema=False)
def publish(
    request: Request,
    identifiant: str,
    visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)],
    doublons: Annotated[Doublons, Form()] = Doublons.IGNORER,
    version: Annotated[int | None, Form()] = None,
) -> Response:
    """Publish what was previewed; when it is no longer true, show the new verdict instead."""
    try:
        depots.enregistrer(maison_de(request), visiteur, identifiant, doublons=doublons, version=version)
    except Perime as perime:
        return _montrer(request, visiteur, identifiant, Message("attention", (str(perime),)), 409)
    return RedirectResponse(f"/depots/{identifiant}?fait=depot-enregistre", status_code=303)


@router.post("/depots/{identifiant}/retirer", include_in_schema=False)
def withdraw(request: Request, identifiant: str, visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)]) -> Response:
    """Withdraw a published dépôt whole."""
    depots.retirer(maison_de(request), visiteur, identifiant)
    return RedirectResponse(f"/depots/{identifiant}?fait=depot-retire", status_code=303)


@router.post("/depots/{identifiant}/oublier", include_in_schema=False)
def forget(request: Request, identifiant: str, visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)]) -> Response:
    """Forget a dépôt that was never published."""
    depots.abandonner(maison_de(request), visiteur, identifiant)
    return RedirectResponse("/depots?fait=depot-oublie", status_code=303)


@router.post("/depots/{identifiant}/relire", include_in_schema=False)
def read_again(request: Request, identifiant: str, visiteur: Annotated[Visiteur, exiger(Permission.DEPOSER)]) -> Response:
    """Ask for the reading of a dépôt once more."""
    tache = demander_lecture(maison_de(request), visiteur, identifiant)
    return RedirectResponse(adresse_des([tache]), status_code=303)


def _montrer(request: Request, visiteur: Visiteur, identifiant: str, message: Message | None = None, statut: int = 200) -> Response:
    maison = maison_de(request)
    depot = depots.depot(maison, visiteur, identifiant)
    if depot.etat in (EtatDepot.RECU, EtatDepot.EN_LECTURE):
        suivi = travail_de(maison, visiteur, identifiant, "Voir où en est la lecture")
        page = PageDepotEnLecture(depot.nom_fichier, identifiant, suivi, visiteur.peut(Permission.DEPOSER))
        return rendre(request, page, message=message, statut=statut)
    questions = vues.questions(depot.verdict or {})
    if depot.etat == EtatDepot.A_CONFIRMER and questions and visiteur.peut(Permission.DEPOSER):
        ou = "feuilles" if any(question.code == CODE_FEUILLES for question in questions) else "colonnes"
        return RedirectResponse(f"/depots/{identifiant}/{ou}", status_code=303)
    return rendre(request, _page(maison, visiteur, depot), message=message, statut=statut)


def _page(maison: Maison, visiteur: Visiteur, depot: Depot) -> PageDepot:
    lu = depot.verdict or {}
    publie = depot.etat == EtatDepot.PUBLIE
    essais: dict[Doublons, Comparaison] = {}
    version = None
    if not publie and not vues.questions(lu):
        essais, version = _essayer(maison, visiteur, depot.id)
    comptes = depots.comptes_de(essais[Doublons.IGNORER]) if essais else {**(depot.comptes or {})}
    etat, ton = ETATS[depot.etat]
    presentes = anomalies_vivantes(maison, depot) if comptes.get("identiques") else lu.get("anomalies", [])
    anomalies = vues.anomalies({"anomalies": presentes})
    noms = {membre.siren: membre.nom for membre in services_membres.lister(maison, visiteur)}
    construction = [tache for tache in travaux.en_cours(maison, visiteur) if tache.genre == travaux.CONSTRUIRE]
    return PageDepot(
        titre=depot.nom_fichier,
        identifiant=depot.id,
        chapeau=annoncer(depot.etat, comptes),
        etat=etat,
        ton=ton,
        membre=noms.get(depot.membre, depot.membre),
        acheteurs=annoncer_acheteurs(depot, presentes, noms) or (None if publie else _deja_ailleurs(maison, depot)),
        recu=f"{formats.instant(depot.recu_le)}, {formats.taille(depot.taille)}",
        comptes=tuple(_compter(depot, comptes)),
        choix=_choisir(essais),
        bouton=_bouton(essais.get(Doublons.IGNORER)),
        version=version,
        a_confirmer=depot.etat == EtatDepot.A_CONFIRMER,
        publie=publie,
        retire=depot.etat == EtatDepot.RETIRE,
        peut_deposer=visiteur.peut(Permission.DEPOSER),
        nb_a_corriger=comptes.get("a_corriger", 0),
        bloquantes=tuple(anomalie for anomalie in anomalies if anomalie.bloquante),
        remarques_lignes=tuple(anomalie for anomalie in anomalies if not anomalie.bloquante),
        remarques=_remarques(lu),
        tables=vues.tables(lu),
        feuilles=tuple((feuille["origine"], feuille["lue"]) for feuille in feuilles(depot)),
        en_cours=_suite(adresse_des(construction) if construction else None) if publie else None,
        a_preciser=_a_preciser(maison, visiteur, depot),
    )


def _suite(construction: str | None) -> Lien:
    """Where one goes from a published dépôt: to the update of the observatoire while it lasts, then to one's prices."""
    return Lien("L’observatoire se met à jour", construction) if construction else Lien("Voir où se situent vos prix", "/observatoire")


def _deja_ailleurs(maison: Maison, depot: Depot) -> str | None:
    if not depots.est_deja_ailleurs(maison, depot):
        return None
    return "Ce même fichier est déjà enregistré pour un autre membre du club : vérifiez que vous le déposez pour la bonne collectivité."


def _a_preciser(maison: Maison, visiteur: Visiteur, depot: Depot) -> Lien | None:
    """Lines kept whose unit says nothing of what it holds: they count in amounts, and make no price."""
    if not visiteur.peut(Permission.DEPOSER):
        return None
    unites = groupes_d_unites(maison, visiteur, depot)
    if not unites:
        return None
    nombre = formats.pluriel(sum(len(groupe.cellules) for groupe in unites), "ligne")
    return Lien(f"Préciser {formats.pluriel(len(unites), 'unité')} pour comparer {nombre} de plus", f"/depots/{depot.id}/a-corriger#unites")


def _essayer(maison: Maison, visiteur: Visiteur, identifiant: str) -> tuple[dict[Doublons, Comparaison], int]:
    """The preview; under the three choices only when there is something to choose."""
    vue = depots.previsualiser(maison, visiteur, identifiant, doublons=Doublons.IGNORER)
    essais = {Doublons.IGNORER: vue.comparaison}
    if vue.comparaison.identiques or vue.comparaison.connues_autrement:
        for doublons in (Doublons.REMPLACER, Doublons.CREER):
            essais[doublons] = depots.previsualiser(maison, visiteur, identifiant, doublons=doublons).comparaison
    return essais, vue.version


def annoncer(etat: str, comptes: Mapping[str, int]) -> str:
    """The verdict in one sentence."""
    lues = comptes.get("lues", 0)
    debut = f"{formats.pluriel(lues, 'ligne lue', 'lignes lues')} :"
    if etat == EtatDepot.RETIRE:
        return "Ce dépôt est retiré : aucune de ses lignes ne compte. Le fichier reçu est conservé et peut être enregistré de nouveau."
    if etat == EtatDepot.PUBLIE:
        morceaux = [formats.pluriel(comptes.get("retenues", 0), "enregistrée")]
    else:
        a_creer = comptes.get("a_creer", comptes.get("retenues", 0))
        morceaux = [f"{formats.entier(a_creer)} à créer" if a_creer else "aucune à créer"]
        if comptes.get("a_modifier"):
            morceaux.append(f"{formats.entier(comptes['a_modifier'])} à modifier")
    if comptes.get("identiques"):
        morceaux.append(f"{formats.pluriel(comptes['identiques'], 'identique')} à un dépôt précédent")
    if comptes.get("ecartees"):
        morceaux.append(formats.pluriel(comptes["ecartees"], "écartée"))
    if comptes.get("a_corriger"):
        morceaux.append(f"{formats.entier(comptes['a_corriger'])} à corriger")
    return f"{debut} {formats.enumeration(morceaux)}."


def _compter(depot: Depot, comptes: Mapping[str, int]) -> list[Compte]:
    adresse = f"/depots/{depot.id}/lignes"
    publie = depot.etat == EtatDepot.PUBLIE
    retenues = ("Enregistrées", "retenues") if publie else ("À créer", "a_creer")
    rangees = [
        (retenues[0], comptes.get(retenues[1], 0), "", f"{adresse}?statut=retenue"),
        ("À modifier", 0 if publie else comptes.get("a_modifier", 0), "elles remplacent une ligne déjà enregistrée", None),
        (
            "Identiques",
            comptes.get("identiques", 0),
            "déjà dans un dépôt précédent : elles ne comptent pas deux fois",
            f"{adresse}?statut=identique",
        ),
        ("À corriger", comptes.get("a_corriger", 0), "elles attendent, et ne comptent pas encore", f"/depots/{depot.id}/a-corriger"),
        (
            "Écartées",
            comptes.get("ecartees", 0),
            "totaux, en-têtes répétés, lignes qui ne sont pas des achats",
            f"{adresse}?statut=ecartee",
        ),
    ]
    return [Compte(nom, nombre, explication, lien if nombre else None) for nom, nombre, explication, lien in rangees if nombre]


def _choisir(essais: Mapping[Doublons, Comparaison]) -> tuple[ChoixDoublons, ...]:
    if len(essais) < 2:
        return ()
    libelles = {
        Doublons.IGNORER: "Ne pas compter deux fois les lignes identiques, ajouter toutes les autres",
        Doublons.REMPLACER: "Ce fichier corrige le précédent : les lignes changées prennent la place des anciennes",
        Doublons.CREER: "Ce sont d’autres achats qui se ressemblent : tout ajouter",
    }
    return tuple(ChoixDoublons(doublons.value, libelles[doublons], _effet(essais[doublons])) for doublons in libelles)


def _effet(comparaison: Comparaison) -> str:
    morceaux = [f"{formats.entier(comparaison.a_creer)} à créer"]
    if comparaison.a_modifier:
        morceaux.append(f"{formats.entier(comparaison.a_modifier)} à modifier")
    if comparaison.identiques:
        morceaux.append(formats.pluriel(comparaison.identiques, "identique"))
    if comparaison.a_corriger:
        morceaux.append(f"{formats.entier(comparaison.a_corriger)} à corriger")
    return formats.enumeration(morceaux)


def _bouton(comparaison: Comparaison | None) -> str | None:
    if comparaison is None:
        return None
    nombre = comparaison.a_creer + comparaison.a_modifier
    if nombre and not comparaison.identiques and not comparaison.connues_autrement:
        return f"Enregistrer {'la ligne' if nombre == 1 else f'les {formats.entier(nombre)} lignes'}"
    if nombre or comparaison.identiques:
        return "Enregistrer selon ce choix"
    return "Garder ce fichier, à corriger plus tard" if comparaison.a_corriger else None


def _remarques(lu: Mapping[str, Any]) -> tuple[str, ...]:
    propres = [*lu.get("remarques", []), *(remarque for table in lu.get("tables", []) for remarque in table["remarques"])]
    return tuple(dict.fromkeys(propres))
