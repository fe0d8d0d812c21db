"""How many different articles are bought for one use: dispersed volume, and the first thing to agree on before buying together."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

import duckdb

from analytics import diffusion
from analytics.entrepot import executer
from analytics.portee import Portee
from analytics.resultat import Effectif, Resultat

METHODE = "proliferation"
COMMUN_A = 3


@dataclass(frozen=True)
class Proliferation:
    """Of one famille: articles in all, those at least three members buy, median number by membre, and the reader's own number."""

    famille: str
    famille_libelle: str
    nb_articles: int
    nb_articles_communs: int
    nb_membres: int
    mediane_par_membre: Resultat
    mien: int | None


def proliferations(curseur: duckdb.DuckDBPyConnection, portee: Portee) -> tuple[Proliferation, ...]:
    """By famille, most dispersed first. Counts of articles are not prices: only the median between members has a floor."""
    regle = diffusion.regles_en_vigueur(curseur)
    totaux = {
        famille: (nb, communs)
        for famille, nb, communs in curseur.sql(
            f"SELECT famille, count(*), count(CASE WHEN nb_membres >= {COMMUN_A} THEN 1 END) FROM articles GROUP BY famille"  # noqa: S608 — a constant
        ).fetchall()
    }
    lues = executer(curseur, "parangonnage/proliferation.sql").to_dicts()
    resultats = []
    for famille, groupe in groupby(lues, key=lambda lue: str(lue["famille"])):
        membres = list(groupe)
        valeurs = {membre["membre"]: float(membre["nb_articles"]) for membre in membres}
        effectif = Effectif(len(valeurs), 0, 0)
        mediane = diffusion.quantiles_membres(regle, portee, valeurs)["mediane"]
        resultats.append(
            Proliferation(
                famille=famille,
                famille_libelle=membres[0]["famille_libelle"],
                nb_articles=totaux[famille][0],
                nb_articles_communs=totaux[famille][1],
                nb_membres=len(valeurs),
                mediane_par_membre=Resultat(None, "articles", effectif, diffusion.ENSEMBLE, METHODE, mediane)
                if isinstance(mediane, str)
                else Resultat(mediane.quantize(Decimal("0.1")), "articles", effectif, diffusion.ENSEMBLE, METHODE),
                mien=int(valeurs[portee.membre]) if portee.membre in valeurs else None,
            )
        )
    return tuple(sorted(resultats, key=lambda p: (-p.nb_articles, p.famille)))
