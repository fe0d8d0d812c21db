"""Two groups of alike names that cost the same, when nothing else near costs that, are one article under two names.

What words leave undecided (« stylo bille », « bille encre ») the price per reference unit may decide, but only among few neighbours:
in a range of near twins some always cost the same by chance, and a person is asked. A price far off proves nothing: members pay
different prices for one thing, and that is what the observatoire is there to show.
"""

from collections import defaultdict
from collections.abc import Mapping

import polars as pl

from analytics.articles.dires import Dires
from analytics.articles.similarite import Trait

# Chosen on vocabularies v1 and v2 (analytics/evaluation/README.md).
_RESSEMBLANCE_MIN = 0.5
_ECART_MAX = 0.12  # of logarithms: medians within an eighth of each other
_ECART_FLOU = 0.25  # a third group nearer than this leaves a doubt
_TEMOINS_MIN = 2
_VOISINS_MAX = 6
_SURE = 0.9  # confidence from which a packaging is sure, as in `evidence`
_TOURS = 2  # two names joined may leave a third without rival

Paire = tuple[str, str]


def agree_on_price(table: pl.DataFrame, traits: Mapping[str, Trait], liens: pl.DataFrame, groupes: Mapping[str, str]) -> list[Paire]:
    """Groups (by their first keys) that names and prices say are one, in the order to join them.

    `table` has `cle_libelle, contenu_unite, contenu_quantite, contenu_confiance, prix_unitaire_ht, nb_lignes`; `liens` are those of
    `voisinage`, `groupes` the group of each key.
    """
    prix = _log_prices(table)
    trouvees: list[Paire] = []
    chefs = dict(groupes)
    for _ in range(_TOURS):
        nouvelles = _pair(_neighbours(traits, liens, chefs), _usual_prices(prix, chefs), traits, chefs)
        suivants = {max(paire): min(paire) for paire in nouvelles}
        chefs = {cle: suivants.get(chef, chef) for cle, chef in chefs.items()}
        trouvees += nouvelles
    return trouvees


def _log_prices(table: pl.DataFrame) -> pl.DataFrame:
    """`cle_libelle, base, log_prix, nb_lignes` of the rows whose packaging is sure."""
    prix, contenu = (pl.col(nom).cast(pl.Float64) for nom in ("prix_unitaire_ht", "contenu_quantite"))
    sures = table.filter((pl.col("contenu_confiance") >= _SURE) & (contenu > 0) & (prix > 0) & pl.col("cle_libelle").is_not_null())
    return sures.select("cle_libelle", pl.col("contenu_unite").alias("base"), (prix / contenu).log().alias("log_prix"), "nb_lignes")


def _usual_prices(prix: pl.DataFrame, groupes: Mapping[str, str]) -> pl.DataFrame:
    """`chef`, `base` (the unit most of its sure lines are in), `log_prix` (median), `temoins` (lines): one row per group with prices."""
    return (
        prix.join(_table(groupes), on="cle_libelle")
        .group_by("chef", "base")
        .agg(pl.col("log_prix").median(), pl.col("nb_lignes").fill_null(1).sum().alias("temoins"))
        .sort("chef", -pl.col("temoins").cast(pl.Int64), "base")
        .unique("chef", keep="first", maintain_order=True)
    )


def _neighbours(traits: Mapping[str, Trait], liens: pl.DataFrame, groupes: Mapping[str, str]) -> pl.DataFrame:
    """Pairs of groups that are alike, both ways, each with its best score: `chef_a, chef_b, score`. None is a pair a feature forbids."""
    chefs = _table(groupes)
    paires = (
        liens.select("a", "b", "score")
        .join(chefs.rename({"cle_libelle": "a", "chef": "chef_a"}), on="a")
        .join(chefs.rename({"cle_libelle": "b", "chef": "chef_b"}), on="b")
        .filter(pl.col("chef_a") != pl.col("chef_b"))
        .select(pl.min_horizontal("chef_a", "chef_b").alias("chef_a"), pl.max_horizontal("chef_a", "chef_b").alias("chef_b"), "score")
        .group_by("chef_a", "chef_b")
        .agg(pl.col("score").max())
    )
    dires = Dires(traits, {cle: groupes[cle] for cle in traits})
    permises = [not dires.contradict(a, b) for a, b in paires.select("chef_a", "chef_b").iter_rows()]
    gardees = paires.filter(pl.Series(permises, dtype=pl.Boolean))
    return pl.concat([gardees, gardees.select(chef_a="chef_b", chef_b="chef_a", score="score")])


def _pair(voisins: pl.DataFrame, prix: pl.DataFrame, traits: Mapping[str, Trait], groupes: Mapping[str, str]) -> list[Paire]:
    """Groups that only each other could be, by name and price: each in one pair at most."""
    juges = (
        voisins.join(prix.select(chef_a="chef", base_a="base", log_a="log_prix", temoins_a="temoins"), on="chef_a")
        .join(prix.select(chef_b="chef", base_b="base", log_b="log_prix", temoins_b="temoins"), on="chef_b", how="left")
        .with_columns(ecart=(pl.col("log_a") - pl.col("log_b")).abs())
        .with_columns(comparables=(pl.col("base_a") == pl.col("base_b")).fill_null(value=False))
    )
    est_bon = (
        pl.col("comparables")
        & (pl.col("ecart") <= _ECART_MAX)
        & (pl.min_horizontal("temoins_a", "temoins_b") >= _TEMOINS_MIN)
        & (pl.col("score") >= _RESSEMBLANCE_MIN)
    )
    est_possible = ~pl.col("comparables") | (pl.col("ecart") <= _ECART_FLOU)
    comptes = juges.with_columns(possibles=est_possible.sum().over("chef_a"), nb_voisins=pl.len().over("chef_a"))
    choisies = comptes.filter(est_bon, pl.col("possibles") == 1, pl.col("nb_voisins") <= _VOISINS_MAX).select("chef_a", "chef_b")
    mutuelles = choisies.join(choisies.select(chef_a="chef_b", chef_b="chef_a"), on=["chef_a", "chef_b"])
    return _keep_named(mutuelles.filter(pl.col("chef_a") < pl.col("chef_b")).sort("chef_a").rows(), traits, groupes)


def _keep_named(paires: list[Paire], traits: Mapping[str, Trait], groupes: Mapping[str, str]) -> list[Paire]:
    """Of these pairs, those that name one thing: what heads a label of one is said by the other, and neither is known only cut."""
    nommees = {chef for paire in paires for chef in paire}
    membres: dict[str, list[Trait]] = defaultdict(list)
    for cle, trait in traits.items():
        if groupes[cle] in nommees:
            membres[groupes[cle]].append(trait)
    entiers = {chef for chef, liste in membres.items() if not all(trait.est_coupe for trait in liste)}
    tetes = {chef: {trait.tete for trait in liste} - {""} for chef, liste in membres.items()}
    mots = {chef: {mot for trait in liste for mot in trait.mots} for chef, liste in membres.items()}
    return [(a, b) for a, b in paires if a in entiers and b in entiers and (tetes[a] & mots[b] or tetes[b] & mots[a])]


def _table(groupes: Mapping[str, str]) -> pl.DataFrame:
    return pl.DataFrame(list(groupes.items()), schema={"cle_libelle": pl.String, "chef": pl.String}, orient="row")
