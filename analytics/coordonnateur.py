"""Compare who could be coordonnateur on a grid that everyone can see and discuss; nobody is ever designated by the machine.

The grid is that of the club (`politique/coordonnateur`), its weights are an argument. A mark comes from what people declared, or is
presumed from a stated rule, and says which; what is unknown brings no point and says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb

from analytics.groupement.donnees import Membre
from analytics.parametres import Table, table
from analytics.portee import Portee
from analytics.typographie import date_longue, euros_ronds, nombre, pourcentage
from ingest.vocabulaire import NatureMembre

CRITERES = {
    "capacite": "Capacité à conduire la procédure",
    "connaissance": "Connaissance du segment",
    "volume": "Volume d’achat",
    "neutralite": "Neutralité, acceptation par les autres",
    "disponibilite": "Disponibilité",
    "charge": "Groupements déjà coordonnés",
}


@dataclass(frozen=True)
class Declaration:
    """What a membre or the club said of one candidate; each mark is a share from 0 to 1 of the points of its criterion, None = not said."""

    capacite: Decimal | None = None
    connaissance: Decimal | None = None
    neutralite: Decimal | None = None
    disponible_du: date | None = None
    disponible_au: date | None = None
    groupements_en_cours: int = 0
    volontaire: bool | None = None
    raisons: Mapping[str, str] = field(default_factory=dict)  # criterion → sentence


@dataclass(frozen=True)
class Critere:
    """One line of the grid for one candidate: points out of maximum, and why, in a French sentence."""

    code: str
    libelle: str
    points: Decimal
    maximum: Decimal
    presume: bool
    raison: str


@dataclass(frozen=True)
class Candidature:
    """One candidate with its grid. `total` sums the points; `inconnus` counts the criteria nobody has filled in."""

    siren: str
    nom: str
    criteres: tuple[Critere, ...]
    total: Decimal
    inconnus: int

    @property
    def raison(self) -> str:
        """The two strongest reasons, in one sentence."""
        forts = sorted((c for c in self.criteres if c.points > 0), key=lambda c: c.points / c.maximum, reverse=True)[:2]
        return " ; ".join(c.raison for c in forts) if forts else "Rien ne le distingue encore : complétez la grille."


def comparer(
    candidats: Sequence[Membre],
    montants_ht: Mapping[str, Decimal],
    lancement: date,
    *,
    articles_achetes: Mapping[str, int] | None = None,
    declarations: Mapping[str, Declaration] | None = None,
    poids: Table | None = None,
) -> tuple[Candidature, ...]:
    """Candidates by decreasing total, then by name.

    `montants_ht`: SIREN → yearly spend EUR HT in the familles concerned; `articles_achetes`: SIREN → number of distinct articles
    bought there; `poids`: points of each criterion (default: `politique/coordonnateur`); `lancement`: day the work would begin.
    """
    points = table("politique/coordonnateur", lancement) if poids is None else poids
    dites = declarations or {}
    total_ht = sum(montants_ht.values(), Decimal(0))
    articles = articles_achetes or {}
    grilles = []
    for membre in candidats:
        dite = dites.get(membre.siren, Declaration())
        criteres = (
            _capacite(membre, dite, points["capacite"]),
            _connaissance(dite, articles.get(membre.siren), max(articles.values(), default=0), points["connaissance"]),
            _volume(montants_ht.get(membre.siren, Decimal(0)), total_ht, points["volume"]),
            _declare("neutralite", dite.neutralite, dite, points["neutralite"]),
            _disponibilite(dite, lancement, points["disponibilite"]),
            _charge(dite, points["charge"]),
        )
        inconnus = sum(1 for critere in criteres if critere.raison.endswith("à renseigner."))
        grilles.append(Candidature(membre.siren, membre.nom, criteres, sum((c.points for c in criteres), Decimal(0)), inconnus))
    return tuple(sorted(grilles, key=lambda grille: (-grille.total, grille.nom)))


def comparer_depuis(
    cursor: duckdb.DuckDBPyConnection,
    familles: Sequence[str],
    candidats: Sequence[Membre],
    lancement: date,
    portee: Portee,
    *,
    declarations: Mapping[str, Declaration] | None = None,
    poids: Table | None = None,
) -> tuple[Candidature, ...]:
    """`comparer` with the spend read in the observatoire, as this reader may see it.

    The volume of a membre she may not read is told in three bands (faible, moyenne, forte), for the amount would be its own besoin.
    """
    requete = (Path(__file__).parent / "candidats.sql").read_text(encoding="utf-8")
    lus = cursor.sql(requete, params={"familles": list(familles)}).pl().to_dicts()
    montants = {lu["membre"]: lu["montant_ht"] for lu in lus}
    visibles = {lu["membre"]: lu["nb_articles"] for lu in lus if portee.peut_lire(lu["membre"])}
    exactes = comparer(candidats, montants, lancement, articles_achetes=visibles, declarations=declarations, poids=poids)
    vues = [grille if portee.peut_lire(grille.siren) else _blur(grille) for grille in exactes]
    return tuple(sorted(vues, key=lambda grille: (-grille.total, grille.nom)))


def _blur(grille: Candidature) -> Candidature:
    criteres = tuple(_bande(critere) if critere.code == "volume" else critere for critere in grille.criteres)
    return replace(grille, criteres=criteres, total=sum((c.points for c in criteres), Decimal(0)))


def _bande(volume: Critere) -> Critere:
    part = volume.points / volume.maximum if volume.maximum else Decimal(0)
    nom, rang = ("forte", 1) if part >= Decimal("0.66") else ("moyenne", Decimal("0.5")) if part >= Decimal("0.33") else ("faible", 0)
    return replace(volume, points=volume.maximum * rang, raison=f"porte une part {nom} de la dépense concernée")


def _capacite(membre: Membre, dite: Declaration, maximum: Decimal) -> Critere:
    if dite.capacite is not None:
        return _declare("capacite", dite.capacite, dite, maximum)
    part, raison = _presumed_capacite(membre)
    return _critere("capacite", part, maximum, f"{raison} (présumé, à confirmer)", presume=True)


def _presumed_capacite(membre: Membre) -> tuple[Decimal, str]:
    """A rule of thumb, said as such: size stands for the existence of a service that runs procedures."""
    population = membre.population or 0
    if membre.nature is NatureMembre.EPCI:
        return Decimal(1), "une intercommunalité a d’ordinaire un service marchés et un profil d’acheteur"
    if membre.nature is NatureMembre.COMMUNE and population >= 20_000:
        return Decimal("0.75"), f"une ville de {nombre(population)} habitants a d’ordinaire un service marchés"
    if membre.nature is NatureMembre.COMMUNE and population >= 5_000:
        return Decimal("0.5"), f"une commune de {nombre(population)} habitants passe régulièrement des marchés"
    if membre.nature is NatureMembre.SYNDICAT:
        return Decimal("0.5"), "un syndicat passe régulièrement des marchés"
    return Decimal("0.25"), "peu de marchés passés chaque année"


def _connaissance(dite: Declaration, nb_articles: int | None, nb_maximal: int, maximum: Decimal) -> Critere:
    if dite.connaissance is not None or nb_articles is None or not nb_maximal:
        return _declare("connaissance", dite.connaissance, dite, maximum)
    part = Decimal(nb_articles) / Decimal(nb_maximal)
    raison = f"achète {nombre(nb_articles)} articles différents de ces familles (le plus large en achète {nombre(nb_maximal)})"
    return _critere("connaissance", part, maximum, raison, presume=True)


def _volume(montant: Decimal, total: Decimal, maximum: Decimal) -> Critere:
    part = montant / total if total > 0 else Decimal(0)
    # Full points from three tenths of the spend: beyond, weight no longer adds legitimacy and begins to look like capture.
    raison = f"porte {pourcentage(part)} de la dépense concernée ({euros_ronds(montant)} HT par an)"
    return _critere("volume", min(part / Decimal("0.3"), Decimal(1)), maximum, raison)


def _disponibilite(dite: Declaration, lancement: date, maximum: Decimal) -> Critere:
    if dite.volontaire is False:
        return _critere("disponibilite", Decimal(0), maximum, "n’est pas volontaire")
    if dite.disponible_du is None:
        return _declare("disponibilite", None, dite, maximum)
    libre = dite.disponible_du <= lancement and (dite.disponible_au is None or dite.disponible_au >= lancement)
    raison = f"disponible à partir du {date_longue(dite.disponible_du)}"
    return _critere("disponibilite", Decimal(1) if libre else Decimal(0), maximum, raison)


def _charge(dite: Declaration, par_groupement: Decimal) -> Critere:
    en_cours = dite.groupements_en_cours
    raison = (
        "aucun groupement en cours" if en_cours == 0 else f"coordonne déjà {en_cours} groupement{'s' if en_cours > 1 else ''} cette année"
    )
    return Critere("charge", CRITERES["charge"], -par_groupement * en_cours, Decimal(0), False, raison)


def _declare(code: str, part: Decimal | None, dite: Declaration, maximum: Decimal) -> Critere:
    if part is None:
        return Critere(code, CRITERES[code], Decimal(0), maximum, False, "à renseigner.")
    return _critere(code, part, maximum, dite.raisons.get(code, "déclaré par le club"))


def _critere(code: str, part: Decimal, maximum: Decimal, raison: str, *, presume: bool = False) -> Critere:
    points = (part * maximum).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return Critere(code, CRITERES[code], points, maximum, presume, raison)
