"""Say which road fits a need: a groupement is often not the right answer, and each road shows why it is open, closed or to be checked.

Sources: CCP L2113-2, L2113-4, L2113-6, L2113-7; CGCT L5211-4-3, L5211-4-4. Nothing here decides: the club does.
"""

from dataclasses import dataclass
from enum import StrEnum

from analytics.opportunites.modele import Opportunite
from analytics.opportunites.porteurs import porteurs
from analytics.procedures import Genre
from analytics.typographie import enumerer, euros_ronds


class Etat(StrEnum):
    """Whether a road may be taken."""

    OUVERTE = "ouverte"
    A_VERIFIER = "à vérifier"
    FERMEE = "fermée"


@dataclass(frozen=True)
class Situation:
    """What the club knows beside the prices; None = not said."""

    epci_a_un_besoin: bool | None = None
    statuts_l5211_4_4: bool | None = None  # the statutes of the EPCI allow it expressly
    centrale_proposee: str | None = None  # « UGAP », a syndicat d'énergie…
    bien_unique: bool = False  # one thing used in turn, not many things shared out
    communes_du_meme_epci: bool | None = None


@dataclass(frozen=True)
class Voie:
    """One road: its state, what it asks, what it brings, and its text."""

    code: str
    libelle: str
    etat: Etat
    raison: str
    demande: str
    article: str


def conseiller(opportunite: Opportunite, situation: Situation) -> tuple[Voie, ...]:
    """The roads for one opportunité, open ones first; « ne rien faire » is always one of them."""
    voies = (
        _groupement(opportunite, situation),
        _l5211_4_4(situation),
        _centrale(opportunite, situation),
        _bien_partage(situation),
        _rien(opportunite),
    )
    ordre = list(Etat)
    return tuple(sorted(voies, key=lambda voie: ordre.index(voie.etat)))


def _groupement(opportunite: Opportunite, situation: Situation) -> Voie:
    if situation.bien_unique:
        etat, raison = Etat.FERMEE, "Un seul bien utilisé à tour de rôle se partage, il ne s’achète pas en groupement."
    elif opportunite.ecartee:
        etat, raison = Etat.FERMEE, opportunite.ecartee
    else:
        etat, raison = Etat.OUVERTE, f"{opportunite.nb_membres} membres ont un besoin semblable : {opportunite.gain.phrase}"
    return Voie(
        "groupement",
        "Groupement de commandes",
        etat,
        raison,
        f"Une convention et {opportunite.nb_membres} délibérations avant la consultation.",
        "CCP, articles L. 2113-6 et L. 2113-7",
    )


def _l5211_4_4(situation: Situation) -> Voie:
    if situation.statuts_l5211_4_4 is False or situation.communes_du_meme_epci is False:
        etat, raison = Etat.FERMEE, "Il faut des communes de la même intercommunalité et des statuts qui le prévoient expressément."
    elif situation.statuts_l5211_4_4 and situation.communes_du_meme_epci:
        etat = Etat.OUVERTE
        raison = "Les statuts le permettent" + (
            " et l’intercommunalité n’a pas besoin d’être acheteuse." if situation.epci_a_un_besoin is False else "."
        )
    else:
        etat, raison = Etat.A_VERIFIER, "Vérifiez que les statuts de l’intercommunalité le prévoient expressément."
    return Voie(
        "epci_gratuit",
        "L’intercommunalité, à titre gratuit",
        etat,
        raison,
        "Une convention ; aucun frais ne peut être réparti ; les CCAS et syndicats en sont exclus.",
        "CGCT, article L. 5211-4-4",
    )


def _centrale(opportunite: Opportunite, situation: Situation) -> Voie:
    if situation.centrale_proposee:
        etat, raison = (
            Etat.OUVERTE,
            f"{situation.centrale_proposee} propose déjà ces achats : comparez ses prix avant de refaire une consultation.",
        )
    elif connus := sorted({porteurs()[code] for code in opportunite.familles if code in porteurs()}):
        etat, raison = Etat.A_VERIFIER, f"Ces achats sont souvent proposés par {enumerer(connus)} : comparez d’abord."
    else:
        etat, raison = Etat.A_VERIFIER, "Cherchez si une centrale d’achat ou un syndicat propose déjà ces achats."
    return Voie(
        "centrale",
        "Centrale d’achat",
        etat,
        raison,
        "Une adhésion délibérée par chaque commune ; la mise en concurrence est réputée faite pour ce qui lui est confié.",
        "CCP, articles L. 2113-2 et L. 2113-4",
    )


def _bien_partage(situation: Situation) -> Voie:
    etat = Etat.OUVERTE if situation.bien_unique else Etat.FERMEE
    raison = (
        "Le bien sert à tour de rôle : fixez un planning et un partage des coûts."
        if situation.bien_unique
        else "Les biens sont consommés par chacun."
    )
    return Voie(
        "bien_partage",
        "Bien partagé avec l’intercommunalité",
        etat,
        raison,
        "Un règlement de mise à disposition.",
        "CGCT, article L. 5211-4-3",
    )


def _rien(opportunite: Opportunite) -> Voie:
    if opportunite.procedure is not None and opportunite.procedure.genre is Genre.DISPENSE:
        raison = (
            f"Le besoin de tous ({euros_ronds(opportunite.montant_estime_ht)} HT) reste sous le seuil de dispense : des devis suffisent."
        )
    else:
        raison = "Chacun continue d’acheter seul et compte ses propres besoins pour les seuils."
    return Voie("rien", "Ne rien faire", Etat.OUVERTE, raison, "Rien.", "CCP, article R. 2122-8")
