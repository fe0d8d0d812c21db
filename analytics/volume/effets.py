"""The measured volume effects, kept in the observatoire at each build and shown above the floors."""

from dataclasses import dataclass
from decimal import Decimal

import duckdb
import polars as pl

from analytics import diffusion
from analytics.portee import Portee
from analytics.volume.elasticite import estimer

METHODE = "effet_volume"
MEMBRES_MINIMUM = 5
OBSERVATIONS_MINIMUM = 20
"""Below, a jackknife over members says nothing."""
SCHEMA = {
    "famille": pl.String, "elasticite": pl.Float64, "bas": pl.Float64, "haut": pl.Float64, "mesurable": pl.Boolean,
    "nb_observations": pl.Int64, "nb_membres": pl.Int64, "nb_articles": pl.Int64, "motif_absence": pl.String,
}  # fmt: skip
SANS_EFFET = "pas d'effet mesurable"


@dataclass(frozen=True)
class EffetVolume:
    """What 1 % more quantity changes to the price in a famille: -0,12 means 0,12 % less. `phrase` says it in French.

    `mesurable` is False when the interval holds zero or is on the wrong side: nothing may then be promised from volume.
    """

    famille: str
    elasticite: Decimal | None
    bas: Decimal | None
    haut: Decimal | None
    mesurable: bool
    nb_observations: int
    nb_membres: int
    nb_articles: int
    motif_absence: str | None
    phrase: str


def calculer(observations: pl.DataFrame) -> pl.DataFrame:
    """The table `effets_volume`, one row per famille, from the observations of `volume/observations.sql`."""
    rangees = []
    for (famille,), siennes in sorted(observations.group_by("famille"), key=lambda paire: str(paire[0][0])):
        e = estimer(siennes, MEMBRES_MINIMUM, OBSERVATIONS_MINIMUM)
        rangees.append((famille, e.elasticite, e.bas, e.haut, e.mesurable, e.nb_observations, e.nb_membres, e.nb_articles, e.motif_absence))
    return pl.DataFrame(rangees, schema=SCHEMA, orient="row")


def effets_volume(curseur: duckdb.DuckDBPyConnection, portee: Portee) -> dict[str, EffetVolume]:
    """The volume effect of each famille that has prices, as this reader may see it."""
    lus = curseur.sql("SELECT * FROM effets_volume ORDER BY famille").pl().to_dicts()
    return {lu["famille"]: montrer_effet(portee, lu) for lu in lus}


def effet_volume(curseur: duckdb.DuckDBPyConnection, portee: Portee, famille: str) -> EffetVolume | None:
    """The volume effect of one famille, or None when it has no price at all."""
    return effets_volume(curseur, portee).get(famille)


def montrer_effet(portee: Portee, lu: dict[str, object]) -> EffetVolume:
    """A row of `effets_volume` as this reader may see it."""
    famille = str(lu["famille"])
    verrou = None if portee.tout else diffusion.motif_verrou(portee, famille)
    motif = verrou or (str(lu["motif_absence"]) if lu["motif_absence"] else None)
    nombres = [None if motif else Decimal(repr(lu[nom])).quantize(Decimal("0.001")) for nom in ("elasticite", "bas", "haut")]
    mesurable = bool(lu["mesurable"]) and motif is None
    return EffetVolume(
        famille=famille,
        elasticite=nombres[0],
        bas=nombres[1],
        haut=nombres[2],
        mesurable=mesurable,
        nb_observations=int(str(lu["nb_observations"])),
        nb_membres=int(str(lu["nb_membres"])),
        nb_articles=int(str(lu["nb_articles"])),
        motif_absence=motif,
        phrase=_phrase(nombres, mesurable, motif),
    )


def _phrase(nombres: list[Decimal | None], mesurable: bool, motif: str | None) -> str:
    elasticite, bas, haut = nombres
    if elasticite is None or bas is None or haut is None:
        return f"{SANS_EFFET} : {motif}"
    if not mesurable:
        return f"{SANS_EFFET} : l'intervalle à 95 % contient zéro ou va dans l'autre sens"
    moins = [_pour_cent(-10 * n) for n in (elasticite, haut, bas)]
    return f"10 % de quantité en plus, {moins[0]} % de moins sur le prix (de {moins[1]} à {moins[2]} %, intervalle à 95 %)"


def _pour_cent(nombre: Decimal) -> str:
    return str(nombre.quantize(Decimal("0.1"))).replace(".", ",")
