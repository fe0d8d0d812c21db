"""« Ce qui a changé »: what I pay more or less for than the year before, largest effect first, beside the move of the whole famille."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from analytics.entrepot import executer
from analytics.indices import indice_famille
from analytics.portee import Portee
from analytics.resultat import Effectif, Resultat
from ingest.erreurs import Refus

METHODE = "ma_position"


@dataclass(frozen=True)
class Changement:
    """My price of one article in two years. `effet_an`: € HT more (or less, negative) on the quantity of the later year, to the cent.

    `famille_pct`: how prices of the famille moved meanwhile, at equal purchases, all members together.
    """

    article_id: str
    libelle: str
    famille: str
    unite: str
    prix_avant: Resultat
    prix_apres: Resultat
    variation_pct: Decimal
    effet_an: Decimal
    famille_pct: Resultat


@dataclass(frozen=True)
class Changements:
    """All that changed between two years, largest effect first; `total_an` is the sum of the effects."""

    avant: str
    apres: str
    lignes: tuple[Changement, ...]
    total_an: Decimal


def changements(curseur: duckdb.DuckDBPyConnection, portee: Portee) -> Changements | None:
    """Between the last two civil years in which the reader's membre has prices; None with fewer than two. Refus without a membre."""
    if portee.membre is None:
        raise Refus("« Ce qui a changé » suit les prix d'un membre d'une année à l'autre : choisissez d'abord un membre.")
    annees = curseur.sql(
        "SELECT DISTINCT periode FROM prix_membres WHERE membre = $membre AND periode <> 'ensemble' AND NOT exclu "
        "ORDER BY periode DESC LIMIT 2",
        params={"membre": portee.membre},
    ).fetchall()
    if len(annees) < 2:
        return None
    apres, avant = annees[0][0], annees[1][0]
    lues = executer(curseur, "prix/changements.sql", membre=portee.membre, avant=avant, apres=apres).to_dicts()
    familles = {famille: _moved(curseur, portee, famille, avant, apres) for famille in {lue["famille"] for lue in lues}}
    lignes = tuple(_dire(lue, avant, apres, familles[lue["famille"]]) for lue in lues)
    return Changements(avant, apres, lignes, sum((ligne.effet_an for ligne in lignes), Decimal(0)))


def _dire(lue: dict[str, Any], avant: str, apres: str, famille_pct: Resultat) -> Changement:
    effectif = Effectif(1, lue["nb_lignes"], lue["nb_fournisseurs"])
    unite = f"€ HT / {lue['unite_reference']}"
    return Changement(
        article_id=lue["article_id"],
        libelle=lue["libelle"],
        famille=lue["famille"],
        unite=lue["unite_reference"],
        prix_avant=Resultat(Decimal(repr(lue["prix_avant"])), unite, effectif, avant, METHODE),
        prix_apres=Resultat(Decimal(repr(lue["prix_apres"])), unite, effectif, apres, METHODE),
        variation_pct=Decimal(repr(100 * lue["variation"])).quantize(Decimal("0.1")),
        effet_an=Decimal(repr(lue["effet"])).quantize(Decimal("0.01")),
        famille_pct=famille_pct,
    )


def _moved(curseur: duckdb.DuckDBPyConnection, portee: Portee, famille: str, avant: str, apres: str) -> Resultat:
    """Change of the index of the famille between two years, in per cent, or why it is not told."""
    par_an: dict[str, list[Decimal]] = {avant: [], apres: []}
    effectif, absence = Effectif(0, 0, 0), "pas d'indice pour cette famille"
    for point in indice_famille(curseur, portee, famille):
        annee = point.trimestre[:4]
        if annee in par_an:
            effectif = point.indice.effectif
            absence = point.indice.motif_absence or absence
            if point.indice.valeur is not None:
                par_an[annee].append(point.indice.valeur)
    if not all(par_an.values()):
        return Resultat(None, "%", effectif, f"{avant}-{apres}", "indice_prix", absence)
    moyennes = {annee: sum(valeurs, Decimal(0)) / len(valeurs) for annee, valeurs in par_an.items()}
    variation = (100 * (moyennes[apres] / moyennes[avant] - 1)).quantize(Decimal("0.1"))
    return Resultat(variation, "%", effectif, f"{avant}-{apres}", "indice_prix")
