"""Mark an opportunité on the three axes of the territories, 1 best and 3 worst, each mark computed and told in one sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from analytics.opportunites.modele import Gain, Marque, Note
from analytics.procedures import Genre, Procedure
from analytics.typographie import euros_estimes, nombre, pourcentage


@dataclass(frozen=True)
class Faits:
    """What the marks are computed from."""

    gain: Gain
    nb_membres: int
    nb_membres_club: int
    part_depense: Decimal
    nb_fournisseurs: int
    nb_contrats: int
    groupement_faible: bool
    porteur: str  # who often sells it already, "" when nobody known
    procedure: Procedure | None
    monte_la_procedure: bool  # grouped it is formalised, while nobody alone would be


def noter(code: str, faits: Faits, bornes: Mapping[str, Decimal], marques: Mapping[tuple[str, str], Marque]) -> tuple[Note, Note, Note]:
    """Potentiel, enjeu, faisabilité; a mark of the club replaces the computed one and shows its reason."""
    calculees = (_potentiel(faits, bornes), _enjeu(faits, bornes), _faisabilite(faits, bornes))
    return tuple(_override(note, marques.get((code, note.axe))) for note in calculees)  # type: ignore[return-value]


def _override(note: Note, marque: Marque | None) -> Note:
    if marque is None:
        return note
    return Note(note.axe, marque.valeur, f"Note du club : {marque.raison} (note calculée : {note.valeur}).", par_le_club=True)


def _potentiel(faits: Faits, bornes: Mapping[str, Decimal]) -> Note:
    gain = faits.gain
    if gain.nb_articles == 0:
        return Note("potentiel", 3, "Aucun prix comparable entre assez de membres : le gain n’est pas calculé.")
    net = gain.net_central
    note = 1 if net >= bornes["potentiel_1_gain_net_eur_an"] else 2 if net >= bornes["potentiel_2_gain_net_eur_an"] else 3
    if net <= 0:
        return Note("potentiel", note, f"Les frais dépassent le gain brut ({euros_estimes(gain.brut_central)} par an).")
    return Note("potentiel", note, f"Gain net {euros_estimes(net)} par an pour l’ensemble des membres.")


def _enjeu(faits: Faits, bornes: Mapping[str, Decimal]) -> Note:
    part = Decimal(faits.nb_membres) / faits.nb_membres_club if faits.nb_membres_club else Decimal(0)
    note = 1 if part >= bornes["enjeu_1_part_membres"] else 2 if part >= bornes["enjeu_2_part_membres"] else 3
    if faits.part_depense < bornes["enjeu_1_part_depense"]:
        note = min(3, note + 1)
    phrase = (
        f"{nombre(faits.nb_membres)} membres sur {nombre(faits.nb_membres_club)} en achètent, "
        f"pour {pourcentage(faits.part_depense, 1)} de la dépense connue."
    )
    return Note("enjeu", note, phrase)


def _faisabilite(faits: Faits, bornes: Mapping[str, Decimal]) -> Note:
    freins = []
    couverte = faits.gain.part_couverte
    if faits.gain.nb_articles == 0:
        freins.append("aucun prix comparable")
    elif couverte < bornes["faisabilite_part_couverte_basse"]:
        freins.append(f"articles très divers ({pourcentage(couverte)} de la dépense est comparable)")
    if faits.nb_fournisseurs < bornes["faisabilite_fournisseurs_minimum"]:
        pluriel = "s" if faits.nb_fournisseurs > 1 else ""
        freins.append(f"{nombre(faits.nb_fournisseurs)} fournisseur{pluriel} seulement")
    if faits.nb_contrats * 2 >= faits.nb_membres and faits.nb_contrats:
        freins.append(f"{nombre(faits.nb_contrats)} membres encore liés par un contrat")
    if faits.groupement_faible:
        freins.append("famille peu propice au groupement")
    if faits.porteur:
        freins.append(f"souvent proposé par {faits.porteur}, à comparer d’abord")
    if faits.monte_la_procedure:
        freins.append("regrouper fait passer à une procédure formalisée")
    note = min(3, 1 + len(freins))
    if not freins:
        genre = "procédure adaptée" if faits.procedure and faits.procedure.genre is Genre.ADAPTEE else "procédure connue"
        return Note("faisabilite", note, f"{pourcentage(couverte)} de la dépense est comparable, {genre}, aucun frein relevé.")
    return Note("faisabilite", note, f"{', '.join(freins).capitalize()}.")
