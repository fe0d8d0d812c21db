"""Which procedure a need calls for at a date, and why: the need is that of all membres, over the whole duration, counted at its maximum.

Sources: code de la commande publique, L2113-10, L2123-1, L2124-2, R2121-1 to R2121-9, R2122-8, R2123-1, R2131-12, R2132-2;
CGCT L1414-2, L1414-3, D2131-5-1. Every amount is read in `analytics/parametres` at the date of the consultation, never of the signature.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from analytics.parametres import ParametreAbsent, valeur
from analytics.typographie import date_longue, euros_ronds, pourcentage
from ingest.erreurs import Refus


class Genre(StrEnum):
    """The three families of procedures."""

    DISPENSE = "dispense"
    ADAPTEE = "adaptee"
    FORMALISEE = "formalisee"


LIBELLES = {
    Genre.DISPENSE: "marché sans publicité ni mise en concurrence préalables",
    Genre.ADAPTEE: "procédure adaptée",
    Genre.FORMALISEE: "appel d’offres ouvert",
}


@dataclass(frozen=True)
class Motif:
    """One reason: a French sentence and the text it rests on."""

    phrase: str
    article: str


@dataclass(frozen=True)
class LotEstime:
    """One lot to be counted: its estimate over the whole duration, EUR HT."""

    intitule: str
    montant_ht: Decimal


@dataclass(frozen=True)
class Procedure:
    """What the law asks for, with its reasons. Amounts in EUR HT over the whole duration."""

    genre: Genre
    libelle: str
    au: date
    nature: str
    montant_compte_ht: Decimal  # what was compared to the thresholds
    montant_estime_ht: Decimal
    publicite: str
    profil_acheteur: bool
    cao: bool
    controle_legalite: bool
    ecrit: bool
    donnees_essentielles: bool
    petits_lots: tuple[str, ...]
    motifs: tuple[Motif, ...]
    alertes: tuple[Motif, ...]

    @property
    def resume(self) -> str:
        """One line: « 512 000 € HT → appel d'offres ouvert (L. 2124-2), CAO, contrôle de légalité »."""
        suites = [self.libelle, "commission d’appel d’offres" if self.cao else "pas de commission d’appel d’offres obligatoire"]
        if self.controle_legalite:
            suites.append("contrôle de légalité")
        return f"{euros_ronds(self.montant_compte_ht)} HT : {', '.join(suites)}"


def procedure(
    montant_ht: Decimal,
    nature: str,
    au: date,
    *,
    maximum_ht: Decimal | None = None,
    options_ht: Decimal = Decimal(0),
    lots: Sequence[LotEstime] = (),
    services_specifiques: bool = False,
) -> Procedure:
    """The procedure for a need of `nature` (`fournitures`, `services`, `travaux`) whose consultation starts on `au`.

    `montant_ht` is the estimate summed over all membres and the whole duration, reconductions included; `maximum_ht` that of the
    accord-cadre, which counts instead when it is higher (R2121-8). Raises Refus on an unknown nature or a negative amount,
    ParametreAbsent when a threshold is not known at this date.
    """
    _check(montant_ht, nature)
    compte = max(montant_ht, maximum_ht or Decimal(0)) + options_ht
    texte = "travaux" if nature == "travaux" else "fournitures_services"
    dispense = valeur(f"seuils/dispense_{texte}", au)
    formalisee = valeur(f"seuils/formalisee_{texte}", au)
    motifs = [_motif_du_compte(montant_ht, maximum_ht, options_ht, compte)]
    if compte < dispense:
        genre = Genre.DISPENSE
        motifs.append(_below("R. 2122-8", "de dispense de publicité et de mise en concurrence", compte, dispense, au))
        motifs.append(
            Motif(
                "La dispense n’exonère pas de choisir une offre pertinente, de bien utiliser les deniers publics et de ne pas "
                "retenir toujours le même fournisseur.",
                "CCP, article R. 2122-8",
            )
        )
    elif services_specifiques:
        genre = Genre.ADAPTEE
        motifs.append(
            Motif(
                "Les services sociaux et autres services spécifiques relèvent de la procédure adaptée quel que soit leur montant.",
                "CCP, article R. 2123-1, 3°",
            )
        )
    elif compte < formalisee:
        genre = Genre.ADAPTEE
        motifs.append(_above("R. 2122-8", "de dispense", compte, dispense, au))
        motifs.append(_below("L. 2123-1", "de procédure formalisée", compte, formalisee, au))
    else:
        genre = Genre.FORMALISEE
        motifs.append(_above("L. 2124-1 et L. 2124-2", "de procédure formalisée", compte, formalisee, au))
    controle = compte >= valeur("seuils/controle_legalite", au)
    motifs.append(_motif_cao(genre))
    motifs.append(_motif_controle(compte, controle, au))
    publicite, motif_publicite = _publicite(genre, compte, services_specifiques, au)
    motifs.append(motif_publicite)
    petits = _petits_lots(lots, texte, au) if genre is Genre.FORMALISEE else ()
    if petits:
        motifs.append(
            Motif(
                f"Peuvent être passés en procédure adaptée, comme petits lots : {', '.join(petits)}.",
                "CCP, article R. 2123-1, 2°",
            )
        )
    return Procedure(
        genre=genre,
        libelle=LIBELLES[genre],
        au=au,
        nature=nature,
        montant_compte_ht=compte,
        montant_estime_ht=montant_ht,
        publicite=publicite,
        profil_acheteur=compte >= valeur("seuils/profil_acheteur", au),
        cao=genre is Genre.FORMALISEE,
        controle_legalite=controle,
        ecrit=compte >= valeur("seuils/ecrit_obligatoire", au),
        donnees_essentielles=compte >= valeur("seuils/decp_publication", au),
        petits_lots=petits,
        motifs=tuple(motifs),
        alertes=tuple(_alertes(genre, montant_ht, compte, {"dispense": dispense, "procédure formalisée": formalisee}, lots, au)),
    )


def _check(montant_ht: Decimal, nature: str) -> None:
    if nature not in ("fournitures", "services", "travaux"):
        raise Refus(f"La nature « {nature} » n’est pas connue : choisissez fournitures, services ou travaux.")
    if montant_ht < 0:
        raise Refus(f"Le montant estimé est négatif ({euros_ronds(montant_ht)}) : vérifiez les besoins et les avoirs de ces familles.")


def _motif_du_compte(montant: Decimal, maximum: Decimal | None, options: Decimal, compte: Decimal) -> Motif:
    phrase = f"Le besoin de tous les membres, sur toute la durée et reconductions comprises, est estimé à {euros_ronds(montant)} HT"
    if maximum is not None and maximum > montant:
        phrase += f" ; le maximum de l’accord-cadre, {euros_ronds(maximum)} HT, compte à sa place"
    if options:
        phrase += f" ; les options ajoutent {euros_ronds(options)} HT"
    return Motif(f"{phrase}. Montant comparé aux seuils : {euros_ronds(compte)} HT.", "CCP, articles R. 2121-1, R. 2121-6 à R. 2121-8")


def _below(article: str, nom: str, compte: Decimal, seuil: Decimal, au: date) -> Motif:
    return Motif(
        f"{euros_ronds(compte)} est inférieur au seuil {nom} en vigueur le {date_longue(au)} : {euros_ronds(seuil)} HT.",
        f"CCP, article {article}",
    )


def _above(article: str, nom: str, compte: Decimal, seuil: Decimal, au: date) -> Motif:
    pluriel = "articles" if " et " in article else "article"
    return Motif(
        f"{euros_ronds(compte)} atteint le seuil {nom} en vigueur le {date_longue(au)} : {euros_ronds(seuil)} HT.",
        f"CCP, {pluriel} {article}",
    )


def _motif_cao(genre: Genre) -> Motif:
    if genre is Genre.FORMALISEE:
        return Motif("La commission d’appel d’offres du groupement choisit le titulaire.", "CGCT, articles L. 1414-2 et L. 1414-3")
    return Motif(
        "Aucune commission d’appel d’offres n’est obligatoire ; une commission consultative reste possible, sous un autre nom.",
        "CGCT, article L. 1414-2",
    )


def _motif_controle(compte: Decimal, controle: bool, au: date) -> Motif:
    seuil = valeur("seuils/controle_legalite", au)
    if controle:
        return Motif(
            "Le marché est transmis au représentant de l’État avant sa notification : "
            f"{euros_ronds(compte)} atteint {euros_ronds(seuil)} HT.",
            "CGCT, articles L. 2131-1, L. 2131-2 et D. 2131-5-1",
        )
    return Motif(
        f"Le marché n’a pas à être transmis au représentant de l’État (seuil de {euros_ronds(seuil)} HT) ; "
        "la convention et les délibérations le sont.",
        "CGCT, articles L. 2131-2 et D. 2131-5-1",
    )


def _publicite(genre: Genre, compte: Decimal, specifiques: bool, au: date) -> tuple[str, Motif]:
    boamp = valeur("seuils/publicite_boamp_jal", au)
    if genre is Genre.DISPENSE:
        return "aucune publicité obligatoire", Motif(
            "Aucune publicité n’est imposée ; plusieurs devis sont de bonne pratique.", "CCP, article R. 2122-8"
        )
    if genre is Genre.FORMALISEE:
        return "BOAMP et JOUE", Motif("L’avis est publié au BOAMP et au Journal officiel de l’Union européenne.", "CCP, article R. 2131-16")
    if specifiques and compte >= (seuil := valeur("seuils/services_sociaux_specifiques", au)):
        return "BOAMP et JOUE", Motif(
            f"À partir de {euros_ronds(seuil)} HT, un avis est publié pour ces services.", "CCP, article R. 2131-14"
        )
    if compte >= boamp:
        return (
            "BOAMP ou journal d’annonces légales",
            Motif(
                f"À partir de {euros_ronds(boamp)} HT, l’avis est publié au BOAMP ou dans un journal d’annonces légales.",
                "CCP, article R. 2131-12",
            ),
        )
    return "publicité adaptée à l’objet et au montant", Motif(
        f"Sous {euros_ronds(boamp)} HT, la publicité est librement adaptée à l’objet et au montant.", "CCP, article R. 2131-12"
    )


def _petits_lots(lots: Sequence[LotEstime], texte: str, au: date) -> tuple[str, ...]:
    """The smallest lots first, while each stays under its limit and together under the share of the total."""
    plafond = valeur(f"seuils/petits_lots_{texte}", au)
    total = sum((lot.montant_ht for lot in lots), Decimal(0))
    reserve = total * valeur("seuils/petits_lots_part", au)
    retenus: list[str] = []
    for lot in sorted(lots, key=lambda lot: lot.montant_ht):
        if lot.montant_ht < plafond and lot.montant_ht <= reserve:
            reserve -= lot.montant_ht
            retenus.append(f"{lot.intitule} ({euros_ronds(lot.montant_ht)})")
    return tuple(retenus)


def _alertes(
    genre: Genre, estime: Decimal, compte: Decimal, seuils: dict[str, Decimal], lots: Sequence[LotEstime], au: date
) -> list[Motif]:
    alertes = []
    for nom, seuil in seuils.items():
        if estime < seuil <= compte:
            alertes.append(
                Motif(
                    f"C’est le maximum, et non l’estimation, qui fait franchir le seuil de {nom} : sous {euros_ronds(seuil)} HT "
                    f"(soit {pourcentage((seuil - estime) / estime if estime else Decimal(0))} au-dessus de l’estimation), "
                    "la procédure serait plus légère.",
                    "CCP, article R. 2121-8",
                )
            )
        elif seuil * Decimal("0.9") <= compte < seuil:
            alertes.append(
                Motif(
                    f"Le montant est à moins de 10 % du seuil de {nom} ({euros_ronds(seuil)} HT) : la moindre hausse le fait franchir.",
                    "CCP, article R. 2121-1",
                )
            )
    if genre is not Genre.DISPENSE:
        try:
            if valeur("droit/criteres_environnement", au):
                alertes.append(
                    Motif(
                        "Le prix ne peut plus être le seul critère : prévoir au moins un critère "
                        "et une condition d’exécution liés à l’environnement.",
                        "CCP, articles L. 2152-7 et R. 2152-7",
                    )
                )
        except ParametreAbsent:
            pass
        if len(lots) <= 1:
            alertes.append(
                Motif("Un lot unique doit être motivé par écrit : l’allotissement est la règle.", "CCP, articles L. 2113-10 et L. 2113-11")
            )
    return alertes
