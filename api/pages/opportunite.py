"""One opportunité answers the three questions of the territories: how is it formalised, who leads, who orders; and who wins or loses."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from analytics.actes import rediger_note
from analytics.coordonnateur import Candidature
from analytics.groupement.calendrier import alerte_du_calendrier, planifier
from analytics.groupement.donnees import RegimeCao, Variante
from analytics.opportunites import Gain, Note, Opportunite, PartMembre
from analytics.opportunites.voies import Situation, Voie, conseiller
from analytics.procedures import Genre, Motif
from api import formats, graphiques
from api.pages import images
from api.pages.opportunites import Demandee, Hypothese, ecrire_gain, ecrire_hypothese
from api.porte import Introuvable, Permission, Visiteur, exiger, maison_de
from api.presentation import Origine, Page
from api.services.opportunites import candidats, une

router = APIRouter()

VARIANTES: tuple[tuple[str, str], ...] = (
    (Variante.A.value, "chaque membre signe son marché, commande et paie"),
    (Variante.B.value, "le chef de file signe pour tous, chaque membre commande et paie"),
    (Variante.B2.value, "le chef de file signe et suit l’accord-cadre, chaque membre commande et paie"),
    (Variante.C.value, "le chef de file signe, commande et paie, les membres remboursent"),
    (Variante.E.value, "l’intercommunalité s’en charge à titre gratuit, si ses statuts le permettent"),
)
CAOS: tuple[tuple[str, str], ...] = (
    (RegimeCao.COORDONNATEUR.value, "celle du chef de file"),
    (RegimeCao.MIXTE.value, "un élu de chaque membre"),
)


TYPES_NOTE = {"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf"}


@dataclass(frozen=True)
class MembreConcerne:
    """One membre: what it would bring it each year, in words and figures, or the reason for the absence of figures."""

    siren: str
    nom: str
    phrase: str
    depense: str
    gain_brut: str
    frais: str
    gain_net: str
    perd: bool
    est_le_mien: bool


@dataclass(frozen=True)
class EtapeCalendrier:
    """One step of the calendar counted back."""

    libelle: str
    acte: str
    debut: str
    fin: str


@dataclass(frozen=True)
class Formation:
    """The form that forms the groupement: choices, none of them made by the machine."""

    objet: str
    familles: str
    variantes: tuple[tuple[str, str], ...]
    caos: tuple[tuple[str, str], ...]
    candidats: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PageOpportunite(Page):
    """`phrases` answer first; `barres` draws the membres whose figures the reader may see; `formation` is for who may form a groupement."""

    gabarit: ClassVar[str] = "pages/opportunite.html"
    phrases: tuple[str, ...]
    alertes: tuple[str, ...]
    code: str
    hypothese: Hypothese
    debut: date
    origine: Origine
    notes: tuple[tuple[str, Note], ...]
    compte: tuple[tuple[str, str], ...]
    barres: graphiques.Barres | None
    membres: tuple[MembreConcerne, ...]
    nb_caches: int
    procedure: str
    publicite: str | None
    motifs: tuple[Motif, ...]
    vigilances: tuple[Motif, ...]
    voies: tuple[Voie, ...]
    candidats: tuple[Candidature, ...]
    etapes: tuple[EtapeCalendrier, ...]
    retard: str | None
    remarques: tuple[str, ...]
    formation: Formation | None


@router.get("/opportunites/{code}", include_in_schema=False)
def show(
    request: Request,
    code: str,
    visiteur: Annotated[Visiteur, exiger(Permission.LIRE_OPPORTUNITES)],
    demandee: Demandee,
    debut: Annotated[date | None, Query()] = None,
) -> Response:
    """One opportunité."""
    maison = maison_de(request)
    opportunite = une(maison, visiteur, demandee, code)
    debut_marche = debut or debut_par_defaut(demandee.au)
    genre = opportunite.procedure.genre if opportunite.procedure else Genre.ADAPTEE
    etapes = planifier(debut_marche, demandee.au, genre)
    classement = candidats(maison, visiteur, opportunite, etapes[0].debut)
    voie = opportunite.procedure
    return images.rendre_ou_image(
        request,
        PageOpportunite(
            titre=opportunite.libelle,
            phrases=phrases(opportunite, visiteur.membre),
            alertes=opportunite.alertes_membre,
            code=opportunite.code,
            hypothese=ecrire_hypothese(demandee),
            debut=debut_marche,
            origine=_origine(opportunite),
            notes=(
                ("Potentiel", opportunite.potentiel),
                ("Enjeu communautaire", opportunite.enjeu),
                ("Faisabilité", opportunite.faisabilite),
            ),
            compte=tuple(compter(opportunite.gain)),
            barres=_barres(opportunite),
            membres=tuple(_membre(part, visiteur.membre) for part in opportunite.membres),
            nb_caches=sum(part.motif_absence is not None for part in opportunite.membres),
            procedure=voie.resume if voie else "Les travaux se comptent par opération, pas par famille.",
            publicite=voie.publicite if voie else None,
            motifs=voie.motifs if voie else (),
            vigilances=voie.alertes if voie else (),
            voies=conseiller(opportunite, Situation()),
            candidats=classement,
            etapes=tuple(
                EtapeCalendrier(etape.libelle, etape.acte, formats.date_longue(etape.debut), formats.date_longue(etape.fin))
                for etape in etapes
            ),
            retard=alerte_du_calendrier(etapes, demandee.au),
            remarques=opportunite.remarques,
            formation=_formation(opportunite, classement)
            if visiteur.peut(Permission.FORMER_GROUPEMENT) and opportunite.ecartee is None
            else None,
        ),
    )


@router.get("/opportunites/{code}/note.{forme}", include_in_schema=False)
def download_note(
    request: Request,
    code: str,
    forme: str,
    visiteur: Annotated[Visiteur, exiger(Permission.LIRE_OPPORTUNITES)],
    demandee: Demandee,
    debut: Annotated[date | None, Query()] = None,
) -> Response:
    """The note d'opportunité, with the figures this reader may see, as DOCX to edit or PDF to hand out."""
    if forme not in ("docx", "pdf"):
        raise Introuvable("Cette note n’existe pas sous cette forme. Choisissez-la sur la page de l’opportunité.")
    maison = maison_de(request)
    opportunite = une(maison, visiteur, demandee, code)
    genre = opportunite.procedure.genre if opportunite.procedure else Genre.ADAPTEE
    etapes = planifier(debut or debut_par_defaut(demandee.au), demandee.au, genre)
    with TemporaryDirectory(prefix="mercuriale-") as dossier:
        ecrits = rediger_note(
            opportunite,
            Path(dossier),
            demandee.au,
            voies=conseiller(opportunite, Situation()),
            candidatures=candidats(maison, visiteur, opportunite, etapes[0].debut),
            etapes=etapes,
        )
        (note,) = (chemin for chemin in ecrits if chemin.suffix == f".{forme}")
        octets = note.read_bytes()
    return Response(octets, media_type=TYPES_NOTE[forme], headers={"content-disposition": f'attachment; filename="{note.name}"'})


def debut_par_defaut(au: date) -> date:
    """The first day of the month a year later: enough for every council to vote."""
    return date(au.year + 1, au.month, 1)


def phrases(opportunite: Opportunite, membre: str | None) -> tuple[str, ...]:
    """The answer in words: for all, then for the reader's own membre."""
    dites = [opportunite.ecartee or opportunite.gain.phrase]
    mienne = next((part for part in opportunite.membres if part.siren == membre), None)
    if mienne is not None and mienne.motif_absence is None:
        dites.append(f"Votre membre : {mienne.phrase[0].lower()}{mienne.phrase[1:]}")
    elif membre is not None and mienne is None:
        dites.append("Votre membre n’achète rien dans ces familles.")
    return tuple(dites)


def compter(gain: Gain) -> list[tuple[str, str]]:
    """The gain taken apart: what is added and what is taken away, rounded, then the range of the result."""
    if not gain.nb_articles:
        return []
    return [
        ("Gain brut", formats.environ(gain.brut_central)),
        ("Coordination", formats.environ(-gain.frais, signe=True) if gain.frais else "aucun frais"),
        ("Procédure, ramenée à l’année", formats.environ(-gain.procedure, signe=True) if gain.procedure else "aucun frais"),
        ("Procédures évitées aux membres", formats.environ(gain.evite, signe=True) if gain.evite else "aucune"),
        ("Gain net", f"{formats.environ(gain.net_central, signe=True)} (fourchette : {ecrire_gain(gain)})"),
    ]


def _origine(opportunite: Opportunite) -> Origine:
    gain = opportunite.gain
    return Origine(
        periode="besoins d’une année, tirés de tous les achats reçus",
        effectif=f"{formats.pluriel(opportunite.nb_membres, 'membre')}, {formats.pluriel(gain.nb_lignes, 'ligne')}, "
        f"{formats.pluriel(gain.nb_articles, 'article')} comparables, {formats.pct(gain.part_couverte)} de la dépense",
        methode="Gain net d’un groupement",
        lien_methode="/methode",
        remarque=f"Hypothèse : {gain.hypothese}.",
    )


def _barres(opportunite: Opportunite) -> graphiques.Barres | None:
    connus = [(part.nom, part.gain_net) for part in opportunite.membres if part.gain_net is not None]
    if len(connus) < 2:
        return None
    gagnants = sum(gain >= 0 for _, gain in connus)
    return graphiques.barres(
        "gains",
        "Qui gagne, qui perd",
        [(nom, gain.quantize(Decimal(1))) for nom, gain in connus],
        ecrire=lambda valeur: formats.environ(valeur, signe=True),
        colonnes=("Membre", "Gain net par an"),
        description=f"Gain net HT de chaque membre, en euros par an. {formats.pluriel(gagnants, 'membre gagne', 'membres gagnent')}, "
        f"{len(connus) - gagnants} {'perd' if len(connus) - gagnants < 2 else 'perdent'}.",
    )


def _membre(part: PartMembre, mien: str | None) -> MembreConcerne:
    def montant(valeur: Decimal | None) -> str:
        return "" if valeur is None else formats.environ(valeur)

    return MembreConcerne(
        siren=part.siren,
        nom=part.nom,
        phrase=part.phrase,
        depense=montant(part.depense_actuelle),
        gain_brut=montant(part.gain_brut),
        frais=montant(part.frais),
        gain_net="" if part.gain_net is None else formats.environ(part.gain_net, signe=True),
        perd=bool(part.perd),
        est_le_mien=part.siren == mien,
    )


def _formation(opportunite: Opportunite, classement: tuple[Candidature, ...]) -> Formation:
    libelle = opportunite.libelle
    return Formation(
        objet=f"l’achat de : {libelle[:1].lower()}{libelle[1:]}" if libelle[1:2].islower() else f"l’achat de : {libelle}",
        familles=",".join(opportunite.familles),
        variantes=VARIANTES,
        caos=CAOS,
        candidats=tuple((grille.siren, grille.nom) for grille in classement),
    )
