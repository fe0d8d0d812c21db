"""One groupement: where it stands, who has voted, its documents and what they still lack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, ClassVar
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from markupsafe import Markup

from analytics.actes import apercu_html, blancs
from analytics.actes.redaction import CONVENTION, DELIBERATION
from analytics.groupement.coherence import remarques
from analytics.groupement.donnees import DonneesGroupement, sommer
from analytics.groupement.repartition import LIBELLES as LIBELLES_CLES
from api import formats
from api.club.modeles import Adhesion, DocumentGroupement, EtapeGroupement, EtatGroupement, Groupement, Membre
from api.pages.agenda import etapes_de
from api.pages.groupements import ETATS
from api.pages.opportunite import CAOS, VARIANTES
from api.porte import Introuvable, Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Page, rendre
from api.services import actes as services_actes
from api.services import groupements as service
from ingest.erreurs import Refus

router = APIRouter()

PREMIER, DERNIER = EtatGroupement.ETUDE, EtatGroupement.CLOS
ACTES = (
    (services_actes.CONVENTION, "Convention constitutive"),
    (services_actes.DELIBERATIONS, "Délibérations"),
    (services_actes.BPU_DQE, "Bordereau des prix et devis estimatif"),
)
NOMS_DOCUMENTS = {
    "convention": "Convention",
    "bpu_dqe": "Bordereau et devis, à envoyer aux candidats",
    "dqe_estimatif": "Estimation de l’acheteur, à garder pour soi",
}
FORMES = {"docx": "à modifier", "pdf": "à signer", "xlsx": "classeur", "ics": "agenda"}


@dataclass(frozen=True)
class EtapeEtat:
    """One state of the line: `position` is "fait", "courant" or "a_venir"."""

    nom: str
    position: str


@dataclass(frozen=True)
class RangAdhesion:
    """Where one membre stands; dates as the form takes them (AAAA-MM-JJ) and as people read them."""

    siren: str
    nom: str
    besoin: str
    maximum: str
    dates: tuple[tuple[str, str, str, str], ...]
    est_le_mien: bool
    modifiable: bool


@dataclass(frozen=True)
class GroupeDocuments:
    """The documents of one kind; `manquants` are the facts still to be completed in it."""

    code: str
    titre: str
    documents: tuple[tuple[Lien, str], ...]
    manquants: tuple[str, ...]


@dataclass(frozen=True)
class PageGroupement(Page):
    """`phrase` says where it stands; `suivant` is the next state, for who may pass it."""

    gabarit: ClassVar[str] = "pages/groupement.html"
    identifiant: str
    phrase: str
    etapes: tuple[EtapeEtat, ...]
    faits: tuple[tuple[str, str], ...]
    adhesions: tuple[RangAdhesion, ...]
    total: str
    maximum: str
    fige: str
    documents: tuple[GroupeDocuments, ...]
    remarques: tuple[str, ...]
    historique: tuple[tuple[str, str], ...]
    calendrier: tuple[tuple[str, str], ...]
    lots: tuple[tuple[str, str, str], ...]
    peut_conduire: bool
    suivant: tuple[str, str] | None
    precedents: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PageApercu(Page):
    """The text of an act, to be read before it is downloaded."""

    gabarit: ClassVar[str] = "pages/apercu.html"
    retour: Lien
    texte: Markup
    manquants: tuple[str, ...]


@router.get("/groupements/{identifiant}", include_in_schema=False)
def show(request: Request, identifiant: str, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_GROUPEMENTS)]) -> Response:
    """The page of a groupement."""
    maison = maison_de(request)
    groupement = service.groupement(maison, visiteur, identifiant)
    donnees = service.donnees_de(maison, visiteur, identifiant)
    adhesions = service.adhesions(maison, visiteur, identifiant)
    etat = EtatGroupement(groupement.etat)
    conduit = visiteur.peut(Permission.FORMER_GROUPEMENT)
    documents = services_actes.documents(maison, visiteur, identifiant)
    montants = donnees.montants()  # every cell of the page is a sum of these
    return rendre(
        request,
        PageGroupement(
            titre=groupement.objet[:1].upper() + groupement.objet[1:],
            identifiant=identifiant,
            phrase=annoncer(etat, adhesions, donnees.calendrier.limite_deliberations),
            etapes=tuple(_etapes(etat)),
            faits=tuple(_faits(donnees)),
            adhesions=tuple(_adhesion(adhesion, membre, donnees, montants, visiteur) for adhesion, membre in adhesions),
            total=formats.euros(sommer(montants.values())),
            maximum=formats.euros(donnees.maximum()),
            fige=f"version {donnees.version}, données figées le {formats.date_longue(donnees.fige_le)}",
            documents=tuple(_groupe(code, titre, groupement, documents, donnees) for code, titre in ACTES),
            remarques=_remarques(donnees),
            historique=tuple(_passage(etape) for etape in service.etapes(maison, visiteur, identifiant)),
            calendrier=tuple(
                (f"du {formats.date_longue(etape.debut)} au {formats.date_longue(etape.fin)}", etape.libelle)
                for etape in etapes_de(donnees)
            ),
            lots=tuple(_lots(donnees, montants)),
            peut_conduire=conduit,
            suivant=_suivant(etat) if conduit else None,
            precedents=tuple((autre.value, ETATS[autre]) for autre in service.ETATS[: service.ETATS.index(etat)] if conduit),
        ),
    )


@router.post("/groupements/{identifiant}/etat", include_in_schema=False)
def advance(
    request: Request,
    identifiant: str,
    visiteur: Annotated[Visiteur, exiger(Permission.FORMER_GROUPEMENT)],
    etat: Annotated[EtatGroupement, Form()],
    remarque: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Pass to the next state, or back to a former one with its reason."""
    service.changer_etat(maison_de(request), visiteur, identifiant, etat, remarque)
    return RedirectResponse(f"/groupements/{identifiant}?fait=etape-franchie", status_code=303)


@router.post("/groupements/{identifiant}/adhesions/{membre}", include_in_schema=False)
def note_adhesion(
    request: Request,
    identifiant: str,
    membre: str,
    visiteur: Annotated[Visiteur, exiger(Permission.LIRE_GROUPEMENTS)],
    convoquee_le: Annotated[str, Form(max_length=10)] = "",
    deliberee_le: Annotated[str, Form(max_length=10)] = "",
    executoire_le: Annotated[str, Form(max_length=10)] = "",
    signee_le: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Write down the dates of one membre; the service checks that it is hers, or that she leads the club."""
    textes = {"convoquee_le": convoquee_le, "deliberee_le": deliberee_le, "executoire_le": executoire_le, "signee_le": signee_le}
    dates = {nom: lire_jour(texte) for nom, texte in textes.items()}
    service.noter_adhesion(maison_de(request), visiteur, identifiant, membre, **dates)
    return RedirectResponse(f"/groupements/{identifiant}?fait=adhesion-notee#membres", status_code=303)


@router.post("/groupements/{identifiant}/actes/{acte}", include_in_schema=False)
def draft(request: Request, identifiant: str, acte: str, visiteur: Annotated[Visiteur, exiger(Permission.FORMER_GROUPEMENT)]) -> Response:
    """Draft one kind of acts from the frozen data."""
    if acte not in services_actes.REDACTEURS:
        raise Introuvable("Cet acte n’existe pas. Choisissez-le sur la page du groupement.")
    services_actes.rediger(maison_de(request), visiteur, identifiant, acte)
    return RedirectResponse(f"/groupements/{identifiant}?fait=actes-rediges#documents", status_code=303)


@router.get("/groupements/{identifiant}/documents/{nom}", include_in_schema=False)
def download(request: Request, identifiant: str, nom: str, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_GROUPEMENTS)]) -> Response:
    """One document, known by the store."""
    chemin = services_actes.chemin_document(maison_de(request), visiteur, identifiant, nom)
    return FileResponse(chemin, filename=nom)


@router.get("/groupements/{identifiant}/apercu/{acte}", include_in_schema=False)
def preview(
    request: Request, identifiant: str, acte: str, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_GROUPEMENTS)], membre: str = ""
) -> Response:
    """The text of the convention, or of the délibération of one membre."""
    donnees = service.donnees_de(maison_de(request), visiteur, identifiant)
    siren = membre or visiteur.membre or donnees.coordonnateur
    if acte not in (CONVENTION, DELIBERATION) or siren not in {partie.siren for partie in donnees.parties}:
        raise Introuvable("Cet acte n’existe pas dans ce groupement.")
    titre = "Convention constitutive" if acte == CONVENTION else f"Délibération : {donnees.membre(siren).nom}"
    return rendre(
        request,
        PageApercu(
            titre=titre,
            retour=Lien(f"Groupement {identifiant}", f"/groupements/{identifiant}"),
            texte=Markup(apercu_html(donnees, donnees.date_droit, acte, siren)),  # noqa: S704 — `apercu_html` escapes all it writes
            manquants=blancs(donnees, donnees.date_droit, acte, siren),
        ),
    )


def annoncer(etat: EtatGroupement, adhesions: Sequence[tuple[Adhesion, Membre]], limite: date | None) -> str:
    """« 14 membres sur 19 ont délibéré. Il reste 5 conseils avant le 28 février. »"""
    votes = sum(adhesion.deliberee_le is not None for adhesion, _ in adhesions)
    reste = len(adhesions) - votes
    if not votes:
        debut = f"Aucun des {len(adhesions)} membres n’a encore délibéré."
    else:
        debut = f"{votes} {'membre' if votes < 2 else 'membres'} sur {len(adhesions)} {'a' if votes < 2 else 'ont'} délibéré."
    if not reste or service.ETATS.index(etat) > service.ETATS.index(EtatGroupement.EN_DELIBERATION):
        return debut
    avant = f" avant le {formats.date_longue(limite)}" if limite else ""
    return f"{debut} Il reste {reste} {'conseil' if reste < 2 else 'conseils'} à réunir{avant}."


def lire_jour(texte: str) -> date | None:
    """A day from a form; empty is none. Raises `Refus` when it is no day."""
    try:
        return date.fromisoformat(texte.strip()) if texte.strip() else None
    except ValueError:
        raise Refus(f"La date « {texte} » est illisible. Écrivez-la comme 2027-02-28.") from None


def _etapes(etat: EtatGroupement) -> list[EtapeEtat]:
    rang = service.ETATS.index(etat)
    return [
        EtapeEtat(ETATS[autre], "fait" if place < rang else ("courant" if place == rang else "a_venir"))
        for place, autre in enumerate(service.ETATS)
        if autre is not EtatGroupement.IDEE
    ]


def _suivant(etat: EtatGroupement) -> tuple[str, str] | None:
    rang = service.ETATS.index(etat)
    if rang + 1 == len(service.ETATS):
        return None
    return service.ETATS[rang + 1].value, ETATS[service.ETATS[rang + 1]]


def _faits(donnees: DonneesGroupement) -> list[tuple[str, str]]:
    faits = [
        ("Chef de file", donnees.membre(donnees.coordonnateur).nom),
        ("Familles", formats.enumeration([libelle for _, libelle in donnees.familles])),
        ("Qui signe et commande", dict(VARIANTES).get(donnees.variante.value, donnees.variante.name)),
        ("Commission d’appel d’offres", dict(CAOS)[donnees.cao.value]),
        (
            "Frais",
            LIBELLES_CLES[donnees.cle] + (f", {formats.euros(donnees.frais_annuels_ht)} HT par an" if donnees.frais_annuels_ht else ""),
        ),
        ("Durée du marché", f"{formats.duree(donnees.duree_marche_mois)}, {donnees.reconductions}"),
        ("Droit appliqué", f"celui du {formats.date_longue(donnees.date_droit)}, date de la consultation"),
    ]
    if donnees.calendrier.debut_marche:
        faits.append(("Début du marché", formats.date_longue(donnees.calendrier.debut_marche)))
    return faits


def _adhesion(
    adhesion: Adhesion, membre: Membre, donnees: DonneesGroupement, montants: Mapping[tuple[str, int], Decimal], visiteur: Visiteur
) -> RangAdhesion:
    champs = (
        ("convoquee_le", "Convocation", adhesion.convoquee_le),
        ("deliberee_le", "Vote", adhesion.deliberee_le),
        ("executoire_le", "Exécutoire", adhesion.executoire_le),
        ("signee_le", "Signature", adhesion.signee_le),
    )
    mien = visiteur.membre == membre.siren
    return RangAdhesion(
        siren=membre.siren,
        nom=membre.nom,
        besoin=formats.euros(sommer(montant for (siren, _), montant in montants.items() if siren == membre.siren)),
        maximum=formats.euros(donnees.maximum(membre=membre.siren)),
        dates=tuple(
            (nom, libelle, jour.isoformat() if jour else "", formats.date_courte(jour) if jour else "") for nom, libelle, jour in champs
        ),
        est_le_mien=mien,
        modifiable=visiteur.peut(Permission.FORMER_GROUPEMENT) or (mien and visiteur.peut(Permission.MODIFIER_BESOINS)),
    )


def _groupe(
    code: str, titre: str, groupement: Groupement, documents: Sequence[DocumentGroupement], donnees: DonneesGroupement
) -> GroupeDocuments:
    siens = [document for document in documents if document.genre == code]
    return GroupeDocuments(
        code=code,
        titre=titre,
        documents=tuple((_lien(groupement, document, donnees), formats.taille(document.taille)) for document in siens),
        manquants=_blancs_de_la_convention(donnees) if code == services_actes.CONVENTION else (),
    )


@lru_cache(maxsize=32)
def _remarques(donnees: DonneesGroupement) -> tuple[str, ...]:
    return remarques(donnees)


@lru_cache(maxsize=32)
def _blancs_de_la_convention(donnees: DonneesGroupement) -> tuple[str, ...]:
    # drafting the whole act takes a second; frozen data always lack the same facts
    return blancs(donnees, donnees.date_droit, CONVENTION)


def _lien(groupement: Groupement, document: DocumentGroupement, donnees: DonneesGroupement) -> Lien:
    forme = document.nom.rpartition(".")[2]
    noms = {partie.siren: partie.nom for partie in donnees.parties}
    genre = document.nom.removesuffix(f"_{groupement.id}.{forme}")
    quoi = noms.get(document.membre or "", "") or NOMS_DOCUMENTS.get(genre, document.nom)
    return Lien(f"{quoi}, {forme.upper()} {FORMES.get(forme, '')}".strip(), f"/groupements/{groupement.id}/documents/{quote(document.nom)}")


def _passage(etape: EtapeGroupement) -> tuple[str, str]:
    remarque = f" : {etape.remarque}" if etape.remarque else ""
    return formats.instant(etape.le), f"{ETATS[EtatGroupement(etape.etat)]}{remarque}"


def _lots(donnees: DonneesGroupement, montants: Mapping[tuple[str, int], Decimal]) -> list[tuple[str, str, str]]:
    return [
        (
            f"Lot {lot.numero} : {lot.intitule}",
            formats.euros(sommer(montant for (_, numero), montant in montants.items() if numero == lot.numero)),
            formats.euros(donnees.maximum(lot.numero)),
        )
        for lot in donnees.lots
    ]
