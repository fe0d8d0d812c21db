"""What was planted in the generated purchases, and what comes back: volume effects and price moves, with every error.

    python -m tests.mesures.recouvrement volume --graines 1 200     share of planted elasticities inside their 95 % interval
    python -m tests.mesures.recouvrement indice --graines 901 903   errors of the index three years on, famille by famille
    python -m tests.mesures.recouvrement indice --graines 901 901 --fois 8   the same with eight times as many membres

Truth never meets labels here: the articles are the planted ones, so that only the statistics are judged.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from statistics import median

import polars as pl

from analytics.indices.tpd import Point, indice
from analytics.volume.elasticite import estimer
from sample_data.generation.achats import acheter
from sample_data.generation.catalogue import lire_familles, lire_membres, lire_vocabulaire
from sample_data.generation.fournisseurs import creer_fournisseurs
from sample_data.generation.prix import niveau_annee

DERNIERE = 2025
COLONNES = ("famille", "article_id", "membre", "fournisseur", "date", "quantite", "montant", "niveau")


@cache
def achats(graine: int, fois: int = 1) -> pl.DataFrame:
    """Every purchase of an article, in its unité de référence, with the planted level of its year; `fois` clones the membres."""
    mots = lire_vocabulaire("v1")
    rayons = creer_fournisseurs(mots, graine)
    membres = [replace(m, slug=f"{m.slug}-{n}", siren=f"{m.siren}{n}") if n else m for n in range(fois) for m in lire_membres()]
    rangees = [
        (
            *(a.article.famille.code, a.article.id, membre.siren, a.fournisseur.nom, a.date),
            *(float(a.quantite_reference or 0), float(a.montant_ht), niveau_annee(a.article, a.date.year)),
        )
        for membre in membres
        for a in acheter(membre, mots, rayons, graine)
        if a.article is not None
    ]
    return pl.DataFrame(rangees, schema=list(COLONNES), orient="row")


def prix(achats_: pl.DataFrame, *par: str) -> pl.DataFrame:
    """Unit values by these columns, avoirs deducted; `niveau` is the planted level of the group."""
    sommes = achats_.group_by("famille", *par).agg(pl.col("quantite").sum(), pl.col("montant").sum(), pl.col("niveau").first())
    return sommes.filter((pl.col("quantite") > 0) & (pl.col("montant") > 0)).with_columns(prix=pl.col("montant") / pl.col("quantite"))


@dataclass(frozen=True)
class Effet:
    """A planted elasticity and the interval that was found for it."""

    famille: str
    plantee: float
    bas: float
    haut: float

    @property
    def dedans(self) -> bool:
        return self.bas <= self.plantee <= self.haut


def effets(graine: int) -> list[Effet]:
    """One for each famille whose elasticity could be estimated, by the rules of the observatoire."""
    observations = prix(achats(graine).with_columns(periode=pl.col("date").dt.year().cast(pl.String)), "article_id", "membre", "periode")
    trouves = []
    for code, table in _par_famille(observations):
        estimee = estimer(table, 5, 20)
        if estimee.bas is not None and estimee.haut is not None:
            trouves.append(Effet(code, lire_familles()[code].elasticite, estimee.bas, estimee.haut))
    return trouves


@dataclass(frozen=True)
class Mouvement:
    """A price move over three years, found against planted (both relative to the first year), and how much it stands on."""

    famille: str
    plante: float
    trouve: float
    dans_intervalle: bool | None
    nb_releves: int

    @property
    def erreur(self) -> float:
        return self.trouve / self.plante - 1


def mouvements(graine: int, fois: int = 1) -> list[Mouvement]:
    """One for each famille whose index reaches the last year, then « * » for all of them.

    What is planted for all together is the same index over prices without noise, volume effect, membre nor fournisseur.
    """
    releves = prix(
        achats(graine, fois).with_columns(
            trimestre=pl.col("date").dt.year() * 4 + pl.col("date").dt.quarter() - 1,
            modele=pl.concat_str("article_id", "membre", "fournisseur", separator="|"),
        ),
        "modele",
        "membre",
        "trimestre",
    )
    trouves = []
    for code, table in [*_par_famille(releves), ("*", releves)]:
        derniers = _derniers(indice(table))
        plantes = _derniers(indice(table.with_columns(prix=pl.col("niveau"))))
        if not derniers:
            continue
        plante = _moyenne(plantes)
        bornes = [(p.bas, p.haut, q.indice) for p, q in zip(derniers, plantes, strict=True) if p.bas is not None and p.haut is not None]
        dedans = sum(bas <= juste <= haut for bas, haut, juste in bornes) / len(bornes) > 0.5 if bornes else None
        trouves.append(Mouvement(code, plante, _moyenne(derniers), dedans, table.height))
    return trouves


def _par_famille(table: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    return sorted(((str(famille), lignes) for (famille,), lignes in table.group_by("famille")), key=lambda paire: paire[0])


def _derniers(points: tuple[Point, ...]) -> list[Point]:
    return [point for point in points if point.trimestre // 4 == DERNIERE]


def _moyenne(points: list[Point]) -> float:
    return sum(point.indice for point in points) / len(points) / 100


def _dire_volume(graines: range) -> Iterator[str]:
    tous: list[Effet] = []
    for graine in graines:
        tous += effets(graine)
        achats.cache_clear()
    nuls = [e for e in tous if e.plantee == 0]
    dedans = sum(e.dedans for e in tous)
    yield f"graines {graines.start} à {graines.stop - 1} : {dedans} valeurs plantées sur {len(tous)} dans leur intervalle"
    yield f"dont sans effet planté : {sum(e.haut < 0 for e in nuls)} effets annoncés à tort sur {len(nuls)}"


def _dire_indice(graines: range, fois: int) -> Iterator[str]:
    for graine in graines:
        tous = mouvements(graine, fois)
        achats.cache_clear()
        familles = [m for m in tous if m.famille != "*"]
        erreurs = [abs(m.erreur) for m in familles]
        ensemble = next(m for m in tous if m.famille == "*")
        yield (
            f"graine {graine}, {19 * fois} membres : {len(familles)} familles, erreur médiane {median(erreurs):.2%}, "
            f"à 0,5 % près {sum(e <= 0.005 for e in erreurs)}, toutes ensemble {ensemble.erreur:+.2%}"
        )
        for m in sorted(familles, key=lambda m: -abs(m.erreur)):
            dedans = {True: "dans l'intervalle", False: "hors de l'intervalle", None: "sans intervalle"}[m.dans_intervalle]
            valeurs = f"planté {m.plante - 1:+.2%}, trouvé {m.trouve - 1:+.2%}, erreur {m.erreur:+.2%}"
            yield f"  {m.famille} : {valeurs}, {m.nb_releves} relevés, {dedans}"


def main() -> None:
    """Print the report that the arguments ask for."""
    lecteur = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    lecteur.add_argument("quoi", choices=("volume", "indice"))
    lecteur.add_argument("--graines", type=int, nargs=2, default=(901, 902))
    lecteur.add_argument("--fois", type=int, default=1)
    options = lecteur.parse_args()
    graines = range(options.graines[0], options.graines[1] + 1)
    for phrase in _dire_volume(graines) if options.quoi == "volume" else _dire_indice(graines, options.fois):
        print(phrase, flush=True)


if __name__ == "__main__":
    main()
