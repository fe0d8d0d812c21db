"""Compute the gain of a set of familles, gross and net, with its interval and assumptions; what cannot be compared gains nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from analytics.groupement.repartition import Cle
from analytics.opportunites.lecture import LigneBesoin, Monde
from analytics.opportunites.modele import Effet, Gain, Hypotheses
from analytics.opportunites.simulation import Achat, Simulation, simuler
from analytics.parametres import table, valeur
from analytics.procedures import Genre, procedure
from analytics.typographie import euros_estimes, pourcentage

MOIS_PAR_AN = 12


@dataclass(frozen=True)
class Bilan:
    """The gain and what it is made of, membre by membre."""

    gain: Gain
    simulation: Simulation
    evites: Mapping[str, Decimal]  # SIREN → cost of its own procedures avoided, EUR per year


def calculer(
    lignes: Sequence[LigneBesoin], monde: Monde, hypotheses: Hypotheses, genre: Genre, natures: Mapping[str, str], au: date, duree_mois: int
) -> Bilan:
    """Gain of grouping `lignes` for `duree_mois` by a procedure of this genre."""
    annees = Decimal(duree_mois) / MOIS_PAR_AN
    couts = table("politique/cout_procedure", au) if hypotheses.couts_procedure is None else hypotheses.couts_procedure
    frais = valeur("politique/cout_coordination", au) if hypotheses.frais_annuels_ht is None else hypotheses.frais_annuels_ht
    cout = _cents(couts[genre.value] / annees)
    evites = _procedures_evitees(lignes, natures, couts, au, annees)
    comparables = [ligne for ligne in lignes if _priced(ligne, hypotheses)]
    cle = _cle_applicable(hypotheses.cle, comparables, {ligne.membre for ligne in lignes}, monde)
    simulation = simuler(
        [_achat(ligne, hypotheses) for ligne in lignes],
        hypotheses.prix_groupes,
        frais + cout,
        cle,
        assiette=hypotheses.assiette,
        populations=monde.populations,
        part_egalite=hypotheses.part_egalite,
        alignements=_alignements(comparables, hypotheses, prudent=True),
    )
    depense = _sum(ligne.montant for ligne in lignes)
    couverte = _sum(ligne.montant for ligne in comparables)
    brut = simulation.gain_brut
    gain = Gain(
        brut_bas=min(brut, _cents(_sum(_gain_bas(ligne, hypotheses) for ligne in comparables))),
        brut_central=brut,
        brut_haut=max(brut, _gain_haut(comparables, hypotheses)) if _effet_mesure(hypotheses, lignes) else brut,
        frais=frais,
        procedure=cout,
        evite=_sum(evites.values()),
        part_couverte=couverte / depense if depense else Decimal(0),
        nb_articles=len({ligne.article for ligne in comparables}),
        nb_lignes=sum(ligne.nb_lignes for ligne in comparables),
        hypothese=_hypothese(hypotheses, lignes)
        + ("" if cle is hypotheses.cle else " ; frais à parts égales, faute d’assiette pour la clé choisie"),
        phrase="",
    )
    return Bilan(with_phrase(gain), simulation, evites)


def _cle_applicable(cle: Cle, comparables: Sequence[LigneBesoin], membres: Collection[str], monde: Monde) -> Cle:
    """The key asked, or equal shares when nothing it weighs is known here: one famille without quantities must not stop the ranking."""
    if cle is Cle.UNITAIRE and not any(ligne.quantite for ligne in comparables):
        return Cle.EGALITE
    if cle is Cle.PRORATA_POP and not any(monde.populations.get(membre) for membre in membres):
        return Cle.EGALITE
    return cle


def _priced(ligne: LigneBesoin, hypotheses: Hypotheses) -> bool:
    if ligne.article in hypotheses.prix_groupes:
        return ligne.quantite is not None and ligne.prix is not None
    return ligne.comparable


def _achat(ligne: LigneBesoin, hypotheses: Hypotheses) -> Achat:
    if _priced(ligne, hypotheses):
        assert ligne.article is not None
        assert ligne.quantite is not None
        assert ligne.prix is not None
        return Achat(ligne.membre, ligne.article, ligne.quantite, ligne.prix)
    return Achat(ligne.membre, "", Decimal(1), ligne.montant, unitaire=False)


def _gain_bas(ligne: LigneBesoin, hypotheses: Hypotheses) -> Decimal:
    assert ligne.quantite is not None
    assert ligne.prix is not None
    impose = hypotheses.prix_groupes.get(ligne.article or "")
    if impose is not None:
        return ligne.quantite * (ligne.prix - impose)
    assert ligne.mediane is not None
    return ligne.quantite * max(Decimal(0), ligne.prix - ligne.mediane)


def _gain_haut(comparables: Sequence[LigneBesoin], hypotheses: Hypotheses) -> Decimal:
    """With the measured volume effect at its central value."""
    prix = _alignements(comparables, hypotheses, prudent=False)
    total = Decimal(0)
    for ligne in comparables:
        if ligne.article in hypotheses.prix_groupes:
            total += _gain_bas(ligne, hypotheses)
        elif ligne.article is not None and ligne.quantite is not None and ligne.prix is not None:
            total += ligne.quantite * max(Decimal(0), ligne.prix - prix[ligne.article])
    return _cents(total)


def _alignements(comparables: Sequence[LigneBesoin], hypotheses: Hypotheses, *, prudent: bool) -> dict[str, Decimal]:
    """Article → price to which the membres paying more come: the first quartile, or less when a volume effect is measured."""
    par_article: dict[str, list[LigneBesoin]] = {}
    for ligne in comparables:
        if ligne.article is not None and ligne.q1 is not None:
            par_article.setdefault(ligne.article, []).append(ligne)
    effets = hypotheses.effets or {}
    return {article: _prix_au_volume(lignes, effets.get(lignes[0].famille), prudent=prudent) for article, lignes in par_article.items()}


def _prix_au_volume(lignes: Sequence[LigneBesoin], effet: Effet | None, *, prudent: bool) -> Decimal:
    """The price of the largest volume already bought, never of a volume nobody has bought; never above the first quartile.

    `prudent` takes the end of the interval nearest to zero, else its centre.
    """
    q1 = lignes[0].q1
    assert q1 is not None
    moyenne = lignes[0].moyenne
    quantites = [ligne.quantite or Decimal(0) for ligne in lignes]
    if effet is None or not effet.mesurable or moyenne is None or not sum(quantites):
        return q1
    reference = sum(q * q for q in quantites) / sum(quantites)  # the volume at which the weighted mean price is paid
    rapport = float(Decimal(max(quantites)) / Decimal(reference))
    elasticite = float(effet.haut if prudent else effet.centre)
    return min(q1, (moyenne * Decimal(repr(rapport**elasticite))).quantize(Decimal("0.000001")))


def _procedures_evitees(
    lignes: Sequence[LigneBesoin], natures: Mapping[str, str], couts: Mapping[str, Decimal], au: date, annees: Decimal
) -> dict[str, Decimal]:
    """What each membre would spend on its own procedures, famille by famille, if it bought alone for the same duration."""
    montants: dict[tuple[str, str], Decimal] = {}
    for ligne in lignes:
        montants[ligne.membre, ligne.famille] = montants.get((ligne.membre, ligne.famille), Decimal(0)) + ligne.montant
    evites: dict[str, Decimal] = {}
    for (membre, famille), montant in montants.items():
        seul = procedure(montant * annees, natures[famille], au)
        evites[membre] = evites.get(membre, Decimal(0)) + _cents(couts[seul.genre.value] / annees)
    return evites


def _effet_mesure(hypotheses: Hypotheses, lignes: Sequence[LigneBesoin]) -> bool:
    familles = {ligne.famille for ligne in lignes}
    return any(effet.mesurable for famille, effet in (hypotheses.effets or {}).items() if famille in familles)


def _hypothese(hypotheses: Hypotheses, lignes: Sequence[LigneBesoin]) -> str:
    if any(ligne.article in hypotheses.prix_groupes for ligne in lignes):
        phrase = "tous les membres paient le prix groupé indiqué"
    else:
        phrase = "les membres qui paient plus que le premier quartile s’y alignent, les autres gardent leur prix"
    if _effet_mesure(hypotheses, lignes):
        return (
            f"{phrase} ; l’effet du volume mesuré s’ajoute, au bas de son intervalle (en son centre pour le haut de la fourchette), "
            "sans dépasser le plus gros volume déjà acheté"
        )
    return f"{phrase} ; aucun effet de volume n’est supposé"


def with_phrase(gain: Gain) -> Gain:
    """The gain with its sentence, in rounded figures."""
    if gain.nb_articles == 0:
        phrase = "Aucun prix n’est comparable entre assez de membres : le gain ne peut pas être calculé."
    elif gain.net_central <= 0:
        phrase = (
            f"Le gain brut ({euros_estimes(gain.brut_central)} par an, calculé sur {pourcentage(gain.part_couverte)} de la dépense) "
            "ne couvre pas les frais."
        )
    elif gain.net_bas == gain.net_haut:
        phrase = f"Gain net {euros_estimes(gain.net_central)} par an, calculé sur {pourcentage(gain.part_couverte)} de la dépense."
    elif gain.net_central in (gain.net_bas, gain.net_haut):  # a central figure at one end of its own range reads as a slip
        phrase = (
            f"Gain net entre {euros_estimes(gain.net_bas)} et {euros_estimes(gain.net_haut)} par an, "
            f"calculé sur {pourcentage(gain.part_couverte)} de la dépense."
        )
    else:
        phrase = (
            f"Gain net {euros_estimes(gain.net_central)} par an (entre {euros_estimes(gain.net_bas)} et {euros_estimes(gain.net_haut)}), "
            f"calculé sur {pourcentage(gain.part_couverte)} de la dépense."
        )
    return replace(gain, phrase=phrase)


def _cents(montant: Decimal) -> Decimal:
    return montant.quantize(Decimal("0.01"))


def _sum(montants: Iterable[Decimal]) -> Decimal:
    return sum(montants, Decimal(0))
