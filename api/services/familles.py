"""The nomenclature of the club: what may be done to it, checked against the nomenclature in force; each edit is a decision."""

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.decisions import Sujet
from analytics.nomenclature import SUJETS, effective, unites_possibles
from api.club.modeles import DecisionRetenue, EtatGroupement, Groupement
from api.maison import Maison
from api.services import decisions
from api.visiteur import Introuvable, Visiteur
from ingest.erreurs import Refus
from ingest.familles import Famille, Nomenclature, livree
from ingest.quantites.nomenclature import unites
from ingest.quantites.texte import fold
from ingest.vocabulaire import FAMILLE_A_CLASSER

PREFIXE = "CL"
"""Codes of the familles that a club adds: CL01, CL02…; never given twice, even once undone."""
LIBELLE_MAX = 120
MOT_MAX, MOTS_MAX = 60, 60
NATURES = ("fournitures", "services", "travaux")


def en_vigueur(maison: Maison) -> Nomenclature:
    """The nomenclature of the club now."""
    with maison.club.lecture() as session:
        return lire(session)


def lire(session: Session) -> Nomenclature:
    """The same, within a transaction."""
    return effective(decisions.en_vigueur(session, SUJETS))


def ajouter(
    maison: Maison, visiteur: Visiteur, *, libelle: str, unite: str, mots_cles: Sequence[str], nature: str = "fournitures", motif: str
) -> str:
    """Add a famille and return its code. Raises `Refus` for a name that another has, or an unknown unit."""
    if nature not in NATURES:
        raise Refus("Choisissez si la famille regroupe des fournitures, des services ou des travaux.")
    with maison.club.ecriture() as session:
        presente = lire(session)
        valeur = {
            "libelle": _verifier_libelle(libelle, presente),
            "unite": _verifier_unite(unite, None),
            "mots_cles": _verifier_mots(mots_cles),
            "nature": nature,
        }
        donnes = session.scalars(select(DecisionRetenue.cle).where(DecisionRetenue.sujet == Sujet.FAMILLE_AJOUTER.value))
        rangs = [int(cle.removeprefix(PREFIXE)) for cle in donnes if re.fullmatch(rf"{PREFIXE}\d+", cle)]
        code = f"{PREFIXE}{max(rangs, default=0) + 1:02d}"
        decisions.ajouter(session, visiteur, Sujet.FAMILLE_AJOUTER, code, valeur, motif=_verifier_motif(motif))
    return code


def renommer(maison: Maison, visiteur: Visiteur, code: str, libelle: str, *, motif: str) -> None:
    """Give a famille another name. Raises `Refus` when another has it."""
    with maison.club.ecriture() as session:
        presente = lire(session)
        famille = exiger(presente, code)
        valeur = {"libelle": _verifier_libelle(libelle, presente, sauf=famille)}
        decisions.ajouter(session, visiteur, Sujet.FAMILLE_RENOMMER, code, valeur, motif=_verifier_motif(motif))


def changer_mots(maison: Maison, visiteur: Visiteur, code: str, mots_cles: Sequence[str], *, motif: str) -> None:
    """Replace the key words of a famille: they count for the next dépôts, and for the search."""
    with maison.club.ecriture() as session:
        famille = exiger(lire(session), code)
        mots = _verifier_mots(mots_cles)
        if mots == list(famille.mots_cles):
            raise Refus("Ces mots sont déjà ceux de la famille : il n'y a rien à enregistrer.")
        decisions.ajouter(session, visiteur, Sujet.FAMILLE_MOTS, code, {"mots_cles": mots}, motif=_verifier_motif(motif))


def choisir_unite(maison: Maison, visiteur: Visiteur, code: str, unite: str, *, motif: str) -> None:
    """Compare the prices of a famille in another unit. Raises `Refus` when its packagings cannot be counted in it."""
    with maison.club.ecriture() as session:
        famille = exiger(lire(session), code)
        valeur = {"unite": _verifier_unite(unite, famille)}
        decisions.ajouter(session, visiteur, Sujet.FAMILLE_UNITE, code, valeur, motif=_verifier_motif(motif))


def retirer(maison: Maison, visiteur: Visiteur, code: str, dans: str, *, motif: str) -> None:
    """Retire a famille: its lines go to the famille `dans`, or back to be classified.

    Raises `Refus` when it would go to itself, or while a groupement buys it: its need would change under its acts, and prices that are
    hidden during the consultation would come out under another name.
    """
    with maison.club.ecriture() as session:
        presente = lire(session)
        famille = exiger(presente, code)
        if dans != FAMILLE_A_CLASSER and exiger(presente, dans).code == famille.code:
            raise Refus("Une famille ne peut pas être réunie à elle-même. Choisissez-en une autre.")
        en_cours = session.scalars(select(Groupement).where(Groupement.etat != EtatGroupement.CLOS)).all()
        acheteur = next((groupement for groupement in en_cours if code in groupement.familles.get("codes", ())), None)
        if acheteur is not None:
            raise Refus(
                f"Le groupement {acheteur.id} ({acheteur.objet}) achète cette famille : attendez qu'il soit clos pour la retirer. "
                "Vous pouvez en revanche y réunir une autre famille."
            )
        decisions.ajouter(session, visiteur, Sujet.FAMILLE_RETIRER, code, {"dans": dans}, motif=_verifier_motif(motif))


def exiger(nomenclature: Nomenclature, code: str) -> Famille:
    """The famille in force of this code. Raises `Introuvable` when there is none."""
    famille = nomenclature.par_code.get(code)
    if famille is None:
        raise Introuvable("Cette famille n’existe pas, ou n’est plus, dans la nomenclature du club.")
    return famille


def nommer(nomenclature: Nomenclature, code: str) -> str:
    """Name of a famille, even of one that is no longer."""
    famille = nomenclature.par_code.get(code) or livree().par_code.get(code)
    return famille.libelle if famille else "À classer" if code == FAMILLE_A_CLASSER else code


def _verifier_libelle(libelle: str, nomenclature: Nomenclature, *, sauf: Famille | None = None) -> str:
    net = " ".join(libelle.split())
    if not net or len(net) > LIBELLE_MAX:
        raise Refus(f"Donnez à la famille un nom de {LIBELLE_MAX} caractères au plus.")
    for famille in nomenclature.familles:
        if famille != sauf and fold(famille.libelle) == fold(net):
            raise Refus(f"La famille {famille.code} s'appelle déjà « {famille.libelle} ». Choisissez un autre nom, ou réunissez les deux.")
    if sauf is not None and sauf.libelle == net:
        raise Refus("C'est déjà le nom de cette famille : il n'y a rien à enregistrer.")
    return net


def _verifier_unite(unite: str, famille: Famille | None) -> str:
    if unite not in unites_possibles(famille):
        nom = unites()[unite].nom if unite in unites() else unite
        raise Refus(f"Les conditionnements de cette famille ne se comptent pas en « {nom} ». Choisissez une unité de la liste.")
    return unite


def _verifier_mots(mots: Sequence[str]) -> list[str]:
    nets = list(dict.fromkeys(net for mot in mots if (net := " ".join(mot.split()))))
    trop_long = next((mot for mot in nets if len(mot) > MOT_MAX or "|" in mot), None)
    if trop_long is not None:
        raise Refus(f"« {trop_long[:MOT_MAX]}… » est trop long pour un mot clé : écrivez un mot ou une courte expression par ligne.")
    if len(nets) > MOTS_MAX:
        raise Refus(f"Une famille a {MOTS_MAX} mots clés au plus, et vous en donnez {len(nets)}. Gardez les plus parlants.")
    return nets


def _verifier_motif(motif: str) -> str:
    if not motif.strip():
        raise Refus("Dites pourquoi en quelques mots : la raison est gardée avec votre nom et la date.")
    return motif
