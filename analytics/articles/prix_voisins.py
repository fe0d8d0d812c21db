"""Two groups of alike names that cost the same, when nothing else near costs that, are one article under two names.

What words leave undecided (« stylo bille », « bille encre ») the price per reference unit may decide, but only among few neighbours:
in a range of near twins some always cost the same by chance, and a person is asked. A price far off proves nothing: members pay
different prices for one thing, and that is what the observatoire is there to show.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import polars as pl

from analytics.articles.dires import Dires, number_groups
from analytics.articles.similarite import Trait

# Chosen on vocabularies v1 and v2 (analytics/evaluation/README.md).
_RESSEMBLANCE_MIN = 0.5
_ECART_MAX = 0.12  # of logarithms: medians within an eighth of each other
_ECART_FLOU = 0.25  # a third group nearer than this leaves a doubt
_TEMOINS_MIN = 2
_VOISINS_MAX = 6
_VOISINS_LUS_MAX = 60  # alike, before those that a feature forbids are left out: beyond, it is a range
_SURE = 0.9  # confidence from which a packaging is sure, as in `evidence`
_TOURS = 2  # two names joined may leave a third without rival

Paire = tuple[str, str]


def agree_on_price(table: pl.DataFrame, traits: Mapping[str, Trait], liens: pl.DataFrame, groupes: Mapping[str, str]) -> list[Paire]:
    """Groups (by their first keys) that names and prices say are one, in the order to join them.

    `table` has `cle_libelle, contenu_unite, contenu_quantite, contenu_confiance, prix_unitaire_ht, nb_lignes`; `liens` are those of
    `voisinage` between ranks of the keys of `traits`, `groupes` the group of each key.
    """
    cles = sorted(traits)
    rangs = pl.DataFrame({"cle_libelle": cles, "cle": range(len(cles))}, schema={"cle_libelle": pl.String, "cle": pl.Int32})
    prix = _log_prices(table).join(rangs, on="cle_libelle")
    trouvees: list[Paire] = []
    chefs = {cle: groupes[cle] for cle in cles}
    for _ in range(_TOURS):
        nouvelles = _pair(cles, traits, liens, prix, chefs)
        if not nouvelles:
            break
        suivants = {max(paire): min(paire) for paire in nouvelles}
        chefs = {cle: suivants.get(chef, chef) for cle, chef in chefs.items()}
        trouvees += nouvelles
    return trouvees


def _log_prices(table: pl.DataFrame) -> pl.DataFrame:
    """`cle_libelle, base, log_prix, nb_lignes` of the rows whose packaging is sure."""
    prix, contenu = (pl.col(nom).cast(pl.Float64) for nom in ("prix_unitaire_ht", "contenu_quantite"))
    sures = table.filter((pl.col("contenu_confiance") >= _SURE) & (contenu > 0) & (prix > 0) & pl.col("cle_libelle").is_not_null())
    return sures.select("cle_libelle", pl.col("contenu_unite").alias("base"), (prix / contenu).log().alias("log_prix"), "nb_lignes")


def _pair(
    cles: Sequence[str], traits: Mapping[str, Trait], liens: pl.DataFrame, prix: pl.DataFrame, groupes: Mapping[str, str]
) -> list[Paire]:
    """Groups that only each other could be, by name and price: each in one pair at most."""
    noms, chefs = number_groups(cles, groupes)
    juges = _weigh(_neighbours(liens, chefs), _usual_prices(prix, chefs))
    cherches = juges.filter("est_bon", pl.col("nb_voisins") <= _VOISINS_LUS_MAX)["chef_a"].unique()
    lus = juges.filter(pl.col("chef_a").is_in(cherches.implode()))
    dires = Dires(traits, groupes)
    permis = [not dires.contradict(noms[a], noms[b]) for a, b in lus.select("chef_a", "chef_b").iter_rows()]
    comptes = lus.filter(pl.Series(permis, dtype=pl.Boolean)).with_columns(
        possibles=pl.col("est_possible").sum().over("chef_a"), nb_voisins=pl.len().over("chef_a")
    )
    choisies = comptes.filter("est_bon", pl.col("possibles") == 1, pl.col("nb_voisins") <= _VOISINS_MAX).select("chef_a", "chef_b")
    mutuelles = choisies.join(choisies.select(chef_a="chef_b", chef_b="chef_a"), on=["chef_a", "chef_b"])
    paires = mutuelles.filter(pl.col("chef_a") < pl.col("chef_b")).sort("chef_a").iter_rows()
    return _keep_named([(noms[a], noms[b]) for a, b in paires], traits, groupes)


def _neighbours(liens: pl.DataFrame, chefs: pl.Series) -> pl.DataFrame:
    """Pairs of groups (by rank) that are alike, both ways, each with its best score: `chef_a, chef_b, score`."""
    situes = liens.select("score", x=chefs.gather(liens["a"]), y=chefs.gather(liens["b"])).filter(pl.col("x") != pl.col("y"))
    paires = situes.group_by(chef_a=pl.min_horizontal("x", "y"), chef_b=pl.max_horizontal("x", "y")).agg(pl.col("score").max())
    return pl.concat([paires, paires.select(chef_a="chef_b", chef_b="chef_a", score="score")])


def _usual_prices(prix: pl.DataFrame, chefs: pl.Series) -> pl.DataFrame:
    """`chef`, `base` (the unit most of its sure lines are in), `log_prix` (median), `temoins` (lines): one row per group with prices."""
    return (
        prix.with_columns(chef=chefs.gather(prix["cle"]))
        .group_by("chef", "base")
        .agg(pl.col("log_prix").median(), pl.col("nb_lignes").fill_null(1).sum().alias("temoins"))
        .sort("chef", -pl.col("temoins").cast(pl.Int64), "base")
        .unique("chef", keep="first", maintain_order=True)
    )


def _weigh(voisins: pl.DataFrame, prix: pl.DataFrame) -> pl.DataFrame:
    """With each pair: do prices say they are one (`est_bon`), do they leave it open (`est_possible`), how many neighbours `chef_a` has."""
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
    return juges.select("chef_a", "chef_b", est_bon=est_bon, est_possible=est_possible, nb_voisins=pl.len().over("chef_a"))


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
