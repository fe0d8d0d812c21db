"""The context offered to the template of the note d'opportunité: one or two pages for those who decide."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from analytics.coordonnateur import Candidature
from analytics.groupement.calendrier import Etape
from analytics.opportunites.modele import Opportunite, PartMembre
from analytics.opportunites.voies import Voie
from analytics.typographie import arrondir_estimation, date_longue, euros_estimes, euros_ronds, nombre, pourcentage


@dataclass(frozen=True)
class LigneMembre:
    """One membre: what it gains or loses each year, rounded."""

    nom: str
    depense: str
    gain: str
    frais: str
    evite: str
    net: str


@dataclass(frozen=True)
class ContexteNote:
    """Every variable of `note/acte.md.j2`. Figures are estimates, rounded, in EUR HT per year unless said."""

    libelle: str
    date: str
    phrase: str
    hypothese: str
    ecartee: str  # empty when proposed
    depense: str
    nb_membres: str
    net: str
    fourchette: str  # empty when there is no interval
    brut: str
    frais: str
    cout_procedure: str
    evite: str
    part_couverte: str
    calculable: bool
    notes: list[Any]  # axe, valeur, phrase
    gagnants: str
    perdants: str
    lignes: list[LigneMembre]
    nb_masques: str  # empty when nothing is hidden
    procedure: str
    procedure_motifs: list[str]
    alertes: list[str]
    voies: list[Voie]
    candidats: list[Candidature]
    etapes: list[Any]  # libelle, acte, debut, fin
    limite_deliberations: str
    remarques: list[str]

    def as_dict(self) -> dict[str, Any]:
        """Top-level names for the template."""
        return {champ.name: getattr(self, champ.name) for champ in fields(self)}


def build_contexte_note(
    opportunite: Opportunite, au: date, *, voies: Sequence[Voie], candidatures: Sequence[Candidature], etapes: Sequence[Etape]
) -> ContexteNote:
    """The context for an opportunité already seen through the reader's scope (`classer`)."""
    gain = opportunite.gain
    voie = opportunite.procedure
    montres = [part for part in opportunite.membres if part.gain_net is not None]
    masques = len(opportunite.membres) - len(montres)
    return ContexteNote(
        libelle=opportunite.libelle,
        date=date_longue(au),
        phrase=gain.phrase,
        hypothese=gain.hypothese,
        ecartee=opportunite.ecartee or "",
        depense=euros_estimes(opportunite.depense_annuelle_ht),
        nb_membres=nombre(opportunite.nb_membres),
        net=_rond(gain.net_central),
        fourchette="" if gain.net_bas == gain.net_haut else f"de {_rond(gain.net_bas)} à {_rond(gain.net_haut)}",
        brut=_rond(gain.brut_central),
        frais=_rond(gain.frais),
        cout_procedure=_rond(gain.procedure),
        evite=_rond(gain.evite),
        part_couverte=pourcentage(gain.part_couverte),
        calculable=gain.nb_articles > 0,
        notes=[
            {"axe": axe, "valeur": f"{note.valeur} sur 3", "phrase": note.phrase}
            for axe, note in (
                ("Potentiel", opportunite.potentiel),
                ("Enjeu communautaire", opportunite.enjeu),
                ("Faisabilité", opportunite.faisabilite),
            )
        ],
        gagnants=nombre(sum(1 for part in montres if not part.perd)),
        perdants=nombre(sum(1 for part in montres if part.perd)),
        lignes=[_ligne(part) for part in montres],
        nb_masques=nombre(masques) if masques else "",
        procedure=voie.resume if voie else "sans objet : les travaux se comptent par opération",
        procedure_motifs=[f"{motif.phrase.rstrip('.')} ({motif.article})." for motif in voie.motifs] if voie else [],
        alertes=[f"{motif.phrase.rstrip('.')} ({motif.article})." for motif in voie.alertes] if voie else [],
        voies=list(voies),
        candidats=list(candidatures)[:3],
        etapes=[
            {"libelle": etape.libelle, "acte": etape.acte, "debut": date_longue(etape.debut), "fin": date_longue(etape.fin)}
            for etape in etapes
        ],
        limite_deliberations=next((date_longue(etape.fin) for etape in etapes if etape.code == "deliberations"), ""),
        remarques=list(opportunite.remarques),
    )


def _ligne(part: PartMembre) -> LigneMembre:
    assert part.depense_actuelle is not None
    assert part.gain_brut is not None
    assert part.frais is not None
    assert part.evite is not None
    assert part.gain_net is not None
    return LigneMembre(
        part.nom, _rond(part.depense_actuelle), _rond(part.gain_brut), _rond(part.frais), _rond(part.evite), _rond(part.gain_net)
    )


def _rond(montant: Any) -> str:
    return euros_ronds(arrondir_estimation(montant))
