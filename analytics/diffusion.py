"""The one exit for figures about other members: below the floors a figure becomes an absence with its reason.

What a reader could do with what she already knows (her own prices, those she was allowed to read, the other periods) decides what she
is shown: counting the members is not enough. Rules: `analytics/parametres/politique/` (`plancher_membres`, `plancher_fournisseurs`,
`diffusion`), in force at the date of reference of the observatoire.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple

import duckdb

from analytics import parametres
from analytics.entrepot import executer, version
from analytics.portee import Portee
from analytics.resultat import Effectif, Resultat

ENSEMBLE = "ensemble"
PHRASE_FIGEE = "Un seul membre a changé ses achats depuis : les chiffres attendent un autre changement, pour ne pas révéler les siens."
METHODE = "distribution_membres"


@dataclass(frozen=True)
class Regles:
    """The policy in force, as numbers."""

    membres: int
    fournisseurs: int
    membres_quartiles: int
    membres_extremes: int
    membres_inconnus: int
    part_dominante: float
    chiffres_prix: int
    chiffres_totaux: int


@dataclass(frozen=True)
class Distribution:
    """How members' prices are spread for one article over one period, as this reader may see it.

    Prices in € HT per `unite` (reference unit of the article). Each statistic is a Resultat: a value, or the sentence that says why there
    is none. `publiable` is True when at least the median is shown. `nb_exclus` counts the members set aside (never silently).
    `est_figee`: these figures are those of `arretee_le`, kept because only one membre has changed since (`PHRASE_FIGEE`).
    """

    article_id: str
    libelle: str
    famille: str
    periode: str
    unite: str
    effectif: Effectif
    minimum: Resultat
    p10: Resultat
    q1: Resultat
    mediane: Resultat
    q3: Resultat
    p90: Resultat
    maximum: Resultat
    moyenne_ponderee: Resultat
    quantite_reference: Resultat
    montant_ht: Resultat
    nb_exclus: int
    arretee_le: date
    est_figee: bool

    @property
    def publiable(self) -> bool:
        """True when the median may be shown."""
        return self.mediane.valeur is not None

    @property
    def motif_absence(self) -> str | None:
        """Why nothing is shown, or None when the median is."""
        return self.mediane.motif_absence


def regles(au: date) -> Regles:
    """The diffusion policy in force on this date."""
    finesse = parametres.table("politique/diffusion", au=au)
    return Regles(
        membres=int(parametres.valeur("politique/plancher_membres", au=au)),
        fournisseurs=int(parametres.valeur("politique/plancher_fournisseurs", au=au)),
        membres_quartiles=int(finesse["membres_quartiles"]),
        membres_extremes=int(finesse["membres_extremes"]),
        membres_inconnus=int(finesse["membres_inconnus"]),
        part_dominante=float(finesse["part_dominante"]),
        chiffres_prix=int(finesse["chiffres_prix"]),
        chiffres_totaux=int(finesse["chiffres_totaux"]),
    )


def regles_en_vigueur(curseur: duckdb.DuckDBPyConnection) -> Regles:
    """The diffusion policy at the date of reference of this observatoire."""
    return regles(version(curseur).date_reference)


def visibilite(curseur: duckdb.DuckDBPyConnection, portee: Portee) -> dict[str, object]:
    """The parameters by which queries leave out the articles whose very label would be a line of somebody else."""
    return {
        "tout": portee.tout,
        "lisibles": sorted(portee.membres_lisibles),
        "plancher_membres": regles_en_vigueur(curseur).membres,
    }


def distributions(curseur: duckdb.DuckDBPyConnection, portee: Portee, articles: Sequence[str]) -> dict[tuple[str, str], Distribution]:
    """The distributions of these articles, by (article, periode), for every periode: what this reader may see of them."""
    cadres = executer(curseur, "prix/cadres.sql", articles=list(articles), lisibles=sorted(portee.membres_lisibles)).to_dicts()
    return montrer_cadres(regles_en_vigueur(curseur), portee, cadres)


def montrer_cadres(regle: Regles, portee: Portee, cadres: Sequence[dict[str, Any]]) -> dict[tuple[str, str], Distribution]:
    """The same from the rows of `prix/cadres.sql` for this reader: all the periods of each article, whoever read them."""
    motives = [motifs(regle, portee, cadre["famille"], _effectif(cadre), cadre["nb_inconnus"], cadre["part_inconnue"]) for cadre in cadres]
    return montrer_selon(regle, cadres, motives, exact=portee.tout)


class Motifs(NamedTuple):
    """Why a reader may not be shown the quantiles of a distribution, and its totals: all that what she is shown of it depends on."""

    quantiles: str | None
    totaux: str | None


def motifs(regle: Regles, portee: Portee, famille: str, effectif: Effectif, nb_inconnus: int, part_inconnue: float | None) -> Motifs:
    """The reasons that hold for this reader. `nb_inconnus`, `part_inconnue`: as in `prix/cadres.sql`."""
    if portee.tout:
        return Motifs(None, None)
    commun = motif_verrou(portee, famille) or motif_plancher(regle, effectif) or motif_inconnus(regle, nb_inconnus)
    return Motifs(commun, commun or motif_dominance(regle, part_inconnue))


def montrer_selon(
    regle: Regles, cadres: Sequence[Mapping[str, Any]], motives: Sequence[Motifs], *, exact: bool = False
) -> dict[tuple[str, str], Distribution]:
    """What is shown of these rows to every reader for whom these reasons hold; `exact` is for batch work, never for a page."""
    annees_tues = {
        cadre["article_id"] for cadre, motif in zip(cadres, motives, strict=True) if cadre["periode"] != ENSEMBLE and motif.totaux
    }
    return {
        (cadre["article_id"], cadre["periode"]): _montrer(regle, cadre, motif, part_tue=cadre["article_id"] in annees_tues, exact=exact)
        for cadre, motif in zip(cadres, motives, strict=True)
    }


QUANTILES = {"minimum": 0.0, "p10": 0.1, "q1": 0.25, "mediane": 0.5, "q3": 0.75, "p90": 0.9, "maximum": 1.0}
"""The statistics of a spread between members, and the share of members below each."""


def repartir_membres(
    regle: Regles, portee: Portee, valeurs: Mapping[str, float], effectif: Effectif, motif: str | None = None
) -> dict[str, Decimal | str]:
    """Each of `QUANTILES` of one value per membre, or the reason of its absence; `motif` is a reason that holds for all of them."""
    inconnus = sum(not portee.peut_lire(membre) for membre in valeurs)
    if motif is None and not portee.tout:
        motif = motif_plancher(regle, effectif) or motif_inconnus(regle, inconnus)
    if motif is None and not valeurs:
        motif = f"pas assez de membres (0 sur {regle.membres} requis)"
    planchers = {"q1": regle.membres_quartiles, "mediane": 0, "q3": regle.membres_quartiles}
    rangees = sorted(valeurs.values())
    resultats: dict[str, Decimal | str] = {}
    for nom, part in QUANTILES.items():
        plancher = planchers.get(nom, regle.membres_extremes)
        if motif is not None:
            resultats[nom] = motif
        elif not portee.tout and len(valeurs) < plancher:
            resultats[nom] = f"pas assez de membres pour ce détail ({len(valeurs)} sur {plancher} requis)"
        else:
            resultats[nom] = arrondir(_quantile(rangees, part), regle.chiffres_prix)
    return resultats


def quantiles_membres(regle: Regles, portee: Portee, valeurs: Mapping[str, float]) -> dict[str, Decimal | str]:
    """The same for what is not a unit price: no floor of fournisseurs."""
    return repartir_membres(regle, portee, valeurs, Effectif(len(valeurs), 0, regle.fournisseurs))


def _quantile(rangees: Sequence[float], part: float) -> float:
    """Type 7, as percentile_cont."""
    place = (len(rangees) - 1) * part
    bas = int(place)
    haut = min(bas + 1, len(rangees) - 1)
    return rangees[bas] + (rangees[haut] - rangees[bas]) * (place - bas)


def arrondir(valeur: float | Decimal, chiffres: int) -> Decimal:
    """Round to this number of significant figures."""
    exacte = Decimal(repr(valeur)) if isinstance(valeur, float) else valeur
    if exacte == 0:
        return Decimal(0)
    rang = exacte.adjusted() - chiffres + 1
    arrondie = exacte.quantize(Decimal(1).scaleb(rang), rounding=ROUND_HALF_EVEN)
    return arrondie.quantize(Decimal(1)) if rang > 0 else arrondie  # 160, never 1.6E+2


def motif_plancher(regle: Regles, effectif: Effectif) -> str | None:
    """Why a statistic on so many members and fournisseurs is not shown, or None when it may be."""
    if effectif.nb_membres < regle.membres:
        return f"pas assez de membres ({effectif.nb_membres} sur {regle.membres} requis)"
    if effectif.nb_fournisseurs < regle.fournisseurs:
        return f"pas assez de fournisseurs ({effectif.nb_fournisseurs} sur {regle.fournisseurs} requis)"
    return None


def motif_verrou(portee: Portee, famille: str) -> str | None:
    """Why the prices of this famille are shown to nobody, or None: its consultation is running."""
    if famille in portee.familles_verrouillees:
        return "une consultation est en cours pour cette famille : ses prix sont cachés jusqu'à son terme"
    return None


def motif_inconnus(regle: Regles, nb_inconnus: int) -> str | None:
    """Why a statistic would reveal a membre to a reader who knows all the others, or None."""
    if 0 < nb_inconnus < regle.membres_inconnus:
        return "vous connaissez déjà les prix des autres membres : ce chiffre révélerait celui du dernier"
    return None


def motif_dominance(regle: Regles, part: float | None) -> str | None:
    """Why a total or a mean would come down to one membre, or None."""
    if part is not None and part > regle.part_dominante:
        return f"un seul membre représente plus de {round(regle.part_dominante * 100)} % des achats des autres"
    return None


def motif_somme(regle: Regles, effectif: Effectif, nb_inconnus: int, part_inconnue: float | None) -> str | None:
    """Why a sum over members (quantity, spend) is not shown, or None when it may be."""
    return motif_plancher(regle, effectif) or motif_inconnus(regle, nb_inconnus) or motif_dominance(regle, part_inconnue)


def _montrer(regle: Regles, cadre: Mapping[str, Any], motifs_lecteur: Motifs, *, part_tue: bool, exact: bool) -> Distribution:
    effectif = _effectif(cadre)
    unite_prix = f"€ HT / {cadre['unite_reference']}"
    commun, total = motifs_lecteur
    if total is None and cadre["periode"] == ENSEMBLE and part_tue:
        total = "une des années n'est pas montrée : le total la révélerait par différence"

    def prix(nom: str, plancher: int = 0, motif: str | None = commun) -> Resultat:
        if motif is None and not exact and effectif.nb_membres < plancher:
            motif = f"pas assez de membres pour ce détail ({effectif.nb_membres} sur {plancher} requis)"
        valeur = None if motif else _prix(regle, cadre[nom], exact=exact)
        return Resultat(valeur, unite_prix, effectif, cadre["periode"], METHODE, motif)

    def somme(nom: str, unite: str) -> Resultat:
        valeur = None if total else (cadre[nom] if exact else arrondir(cadre[nom], regle.chiffres_totaux))
        return Resultat(valeur, unite, effectif, cadre["periode"], METHODE, total)

    return Distribution(
        article_id=cadre["article_id"],
        libelle=cadre["libelle"],
        famille=cadre["famille"],
        periode=cadre["periode"],
        unite=cadre["unite_reference"],
        effectif=effectif,
        minimum=prix("minimum", regle.membres_extremes),
        p10=prix("p10", regle.membres_extremes),
        q1=prix("q1", regle.membres_quartiles),
        mediane=prix("mediane"),
        q3=prix("q3", regle.membres_quartiles),
        p90=prix("p90", regle.membres_extremes),
        maximum=prix("maximum", regle.membres_extremes),
        moyenne_ponderee=prix("moyenne_ponderee", motif=total),
        quantite_reference=somme("quantite_reference", cadre["unite_reference"]),
        montant_ht=somme("montant_ht", "€ HT"),
        nb_exclus=cadre["nb_exclus"],
        arretee_le=cadre["arretee_le"],
        est_figee=cadre["est_figee"],
    )


def _prix(regle: Regles, valeur: float, *, exact: bool) -> Decimal:
    return Decimal(repr(valeur)) if exact else arrondir(valeur, regle.chiffres_prix)


def _effectif(cadre: Mapping[str, Any]) -> Effectif:
    return Effectif(cadre["nb_membres"], cadre["nb_lignes"], cadre["nb_fournisseurs"])
