"""Rank what is worth buying together: potentiel, enjeu, faisabilité, in that order; « modéré et complexe » is set aside and says so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from importlib.resources import files

import duckdb
import yaml

from analytics.opportunites import partage
from analytics.opportunites.gains import Bilan, calculer
from analytics.opportunites.lecture import LigneBesoin, Monde, lire
from analytics.opportunites.modele import Hypotheses, Opportunite
from analytics.opportunites.notes import Faits, noter
from analytics.opportunites.porteurs import porteurs
from analytics.parametres import table, valeur
from analytics.portee import Portee
from analytics.procedures import Genre, LotEstime, Procedure, procedure
from analytics.remarques import dire_remarque
from analytics.typographie import pourcentage
from ingest.erreurs import Refus
from ingest.vocabulaire import FAMILLE_A_CLASSER

MOIS_PAR_AN = 12


@dataclass(frozen=True)
class Ensemble:
    """Familles looked at together."""

    libelle: str
    familles: tuple[str, ...]

    @property
    def code(self) -> str:
        """`AD01+AD02`."""
        return "+".join(self.familles)


def classer(
    cursor: duckdb.DuckDBPyConnection, au: date, duree_mois: int = 48, hypotheses: Hypotheses | None = None, *, portee: Portee
) -> tuple[Opportunite, ...]:
    """Every famille and set of familles with needs, best first, those set aside last with their reason.

    `au` is the date of the consultation (law and policy are read there), `duree_mois` the whole duration of the marché. Figures of a membre
    the reader may not read are absent with a reason; an opportunité whose totals would tell her of one membre, or whose prices are
    locked by a consultation, is not given (`analytics.diffusion`); totals are rounded unless `portee.tout`. Raises
    Refus on a duration below one month, ParametreAbsent when a threshold is not known at `au`.
    """
    if duree_mois < 1:
        raise Refus("La durée du marché doit être d’au moins un mois.")
    monde = lire(cursor, au, portee)
    choisies = hypotheses or Hypotheses()
    if choisies.effets is None:
        choisies = replace(choisies, effets=monde.effets)
    evaluees = (_evaluate(ensemble, monde, au, duree_mois, choisies) for ensemble in _ensembles(monde, choisies))
    trouvees = [vue for opportunite in evaluees if (vue := partage.montrer(opportunite, monde, portee, au)) is not None]
    return tuple(sorted(trouvees, key=lambda opportunite: opportunite.rang))


def _ensembles(monde: Monde, hypotheses: Hypotheses) -> list[Ensemble]:
    presentes = {ligne.famille for ligne in monde.lignes} & set(monde.familles) - {FAMILLE_A_CLASSER}
    seules = [Ensemble(monde.familles[code].libelle, (code,)) for code in sorted(presentes)]
    if hypotheses.ensembles is None:
        lus = yaml.safe_load((files(__package__) / "ensembles.yaml").read_text(encoding="utf-8"))
        demandes = [Ensemble(lu["libelle"], tuple(lu["familles"])) for lu in lus]
    else:
        demandes = [
            Ensemble(" + ".join(monde.familles[code].libelle for code in codes if code in monde.familles), codes)
            for codes in hypotheses.ensembles
        ]
    gardes = [replace(e, familles=tuple(code for code in e.familles if code in presentes)) for e in demandes]
    return seules + [ensemble for ensemble in gardes if len(ensemble.familles) > 1]


def _evaluate(ensemble: Ensemble, monde: Monde, au: date, duree_mois: int, hypotheses: Hypotheses) -> Opportunite:
    lignes = [ligne for ligne in monde.lignes if ligne.famille in ensemble.familles]
    natures = {code: monde.familles[code].nature for code in ensemble.familles}
    nature = _nature(natures.values())
    annees = Decimal(duree_mois) / MOIS_PAR_AN
    estimes = {code: _estime(lignes, code, hypotheses) * annees for code in ensemble.familles}
    estime = sum(estimes.values(), Decimal(0))
    marge = valeur("politique/marge_maximum", au) if hypotheses.marge_maximum is None else hypotheses.marge_maximum
    maximum = (estime * (1 + marge)).quantize(Decimal("0.01"))
    lots = [LotEstime(monde.familles[code].libelle, montant * (1 + marge)) for code, montant in estimes.items()]
    voie = procedure(estime, nature, au, maximum_ht=maximum, lots=lots)
    bilan = calculer(lignes, monde, hypotheses, voie.genre, natures, au, duree_mois)
    bornes = table("politique/notation", au)
    faits = _faits(ensemble, lignes, monde, bilan, voie, hypotheses, au, annees)
    potentiel, enjeu, faisabilite = noter(ensemble.code, faits, bornes, hypotheses.marques)
    opportunite = Opportunite(
        code=ensemble.code,
        libelle=ensemble.libelle,
        familles=ensemble.familles,
        nature=nature,
        potentiel=potentiel,
        enjeu=enjeu,
        faisabilite=faisabilite,
        gain=bilan.gain,
        nb_membres=faits.nb_membres,
        nb_fournisseurs=faits.nb_fournisseurs,
        depense_annuelle_ht=sum((ligne.montant for ligne in lignes), Decimal(0)),
        montant_estime_ht=estime,
        maximum_ht=maximum,
        duree_mois=duree_mois,
        procedure=None if nature == "travaux" else voie,
        membres=partage.parts(bilan, monde),
        remarques=_remarques(ensemble, monde, bilan, bornes),
    )
    return replace(opportunite, ecartee=_motif_d_ecart(opportunite, ensemble, monde))


def _nature(natures: Iterable[str]) -> str:
    distinctes = set(natures)
    if "travaux" in distinctes:
        return "travaux"
    return "services" if distinctes == {"services"} else "fournitures"


def _estime(lignes: Sequence[LigneBesoin], famille: str, hypotheses: Hypotheses) -> Decimal:
    """Yearly need of one famille: at the given price of the groupement when there is one, else at what is paid today, which is prudent."""
    total = Decimal(0)
    for ligne in lignes:
        if ligne.famille == famille:
            prix = hypotheses.prix_groupes.get(ligne.article or "")
            total += ligne.montant if prix is None or ligne.quantite is None else ligne.quantite * prix
    return total


def _faits(
    ensemble: Ensemble,
    lignes: Sequence[LigneBesoin],
    monde: Monde,
    bilan: Bilan,
    voie: Procedure,
    hypotheses: Hypotheses,
    au: date,
    annees: Decimal,
) -> Faits:
    depense = sum((ligne.montant for ligne in lignes), Decimal(0))
    totale = sum((ligne.montant for ligne in monde.lignes), Decimal(0))
    seuls: dict[str, Decimal] = {}
    for ligne in lignes:
        seuls[ligne.membre] = seuls.get(ligne.membre, Decimal(0)) + ligne.montant * annees
    plus_gros = procedure(max(seuls.values()), voie.nature, au)
    return Faits(
        gain=bilan.gain,
        nb_membres=len(seuls),
        nb_membres_club=len(monde.membres),
        part_depense=depense / totale,
        nb_fournisseurs=max((monde.fournisseurs.get(code, 0) for code in ensemble.familles), default=0),
        nb_contrats=max((hypotheses.contrats_en_cours.get(code, 0) for code in ensemble.familles), default=0),
        groupement_faible=all(monde.familles[code].groupement.lower().startswith("faible") for code in ensemble.familles),
        porteur=next((porteurs()[code] for code in ensemble.familles if code in porteurs()), ""),
        procedure=voie,
        monte_la_procedure=voie.genre is Genre.FORMALISEE and plus_gros.genre is not Genre.FORMALISEE,
    )


def _remarques(ensemble: Ensemble, monde: Monde, bilan: Bilan, bornes: Mapping[str, Decimal]) -> tuple[str, ...]:
    notes = []
    gain = bilan.gain
    if gain.brut_central > 0 and gain.frais + gain.procedure > gain.brut_central * bornes["frais_part_gain_maximale"]:
        part = (gain.frais + gain.procedure) / gain.brut_central
        notes.append(
            f"Les frais absorbent {pourcentage(part)} du gain brut : "
            + ("grouper cette famille seule ne vaut pas la peine." if len(ensemble.familles) == 1 else "comptez-les avant de décider.")
        )
    familles = [monde.familles[code] for code in ensemble.familles]
    notes += [f"{famille.libelle} : {dire_remarque(famille.remarque)}" for famille in familles if famille.remarque]
    return tuple(notes)


def _motif_d_ecart(opportunite: Opportunite, ensemble: Ensemble, monde: Monde) -> str | None:
    if opportunite.nature == "travaux":
        return "Les travaux se comptent par opération et non par famille (CCP, article R. 2121-5) : ils ne se groupent pas ainsi."
    nulles = [code for code in ensemble.familles if monde.familles[code].groupement.lower().startswith("nul")]
    if nulles:
        return f"{monde.familles[nulles[0]].libelle} : service en monopole ou délégué, un groupement n’y change rien."
    if opportunite.nb_membres < 2:
        return "Un seul membre en achète : il n’y a rien à grouper."
    if opportunite.potentiel.valeur == 3 and opportunite.faisabilite.valeur == 3:
        return "Potentiel modéré et mise en œuvre complexe : à écarter selon la grille du club."
    return None
