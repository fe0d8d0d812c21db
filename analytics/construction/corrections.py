"""What people decided about the famille or the packaging of lines, and what prices reveal of packagings."""

from collections.abc import Mapping, Sequence
from importlib.resources import files

import duckdb
import polars as pl

from analytics.articles.evidence import affiner_lectures
from analytics.decisions import Decision, Sujet, select
from analytics.regles_familles import CLES as CLES_REGLES
from analytics.regles_familles import appliquer, regles
from ingest.familles import Nomenclature
from ingest.quantites import ajouter_contenu
from ingest.quantites.texte import fold
from ingest.vocabulaire import FAMILLE_A_CLASSER

CONTENU: dict[str, pl.DataType | type[pl.DataType]] = {
    "contenu_quantite": pl.Decimal(18, 6),
    "contenu_unite": pl.String,
    "contenu_derivation": pl.String,
    "contenu_approx": pl.Boolean,
    "contenu_confiance": pl.Float64,
    "contenu_motif": pl.String,
    "attributs": pl.String,
}
COMPAREES = ("contenu_quantite", "contenu_unite", "contenu_motif", "contenu_approx")
CLES_CONTENU = ("libelle", "unite", "famille")


def appliquer_decisions(connexion: duckdb.DuckDBPyConnection, decisions: Sequence[Decision], nomenclature: Nomenclature) -> None:
    """Create `combinaisons_corrigees`: what lines say in words, with the famille and the packaging that people decided.

    A famille that changes has its packaging read again in that famille: « 80g » is a weight for sugar and a grammage for paper.
    """
    libelles = {d.cle: str(d.valeur["famille"]) for d in select(decisions, Sujet.FAMILLE_LIBELLE) if "famille" in d.valeur}
    lignes = {str(d.valeur["famille"]) for d in select(decisions, Sujet.FAMILLE_LIGNE) if "famille" in d.valeur}
    contenus = {d.cle: d for d in select(decisions, Sujet.CONTENU) if {"quantite", "unite"} <= d.valeur.keys()}
    demandees = regles(decisions)
    _table(connexion, "familles_de_libelles", _familles_de_libelles(connexion, libelles))
    dites = connexion.sql(_sql("dites")).pl() if demandees else pl.DataFrame(schema=dict.fromkeys(CLES_REGLES, pl.String))
    _table(connexion, "familles_de_regles", appliquer(dites, demandees))
    citees = {*libelles.values(), *lignes, *(regle.famille for regle in demandees)}
    remplacees = _familles_remplacees(connexion, nomenclature, citees)
    _table(connexion, "familles_remplacees", remplacees)
    connexion.execute(_sql("040_combinaisons_classees"))
    connexion.execute(f"CREATE TEMPORARY TABLE contenus_decides ({_colonnes()})")
    if citees or contenus or remplacees.height:
        _remplir(connexion, "contenus_decides", _contenus(connexion, contenus))
    connexion.execute(_sql("050_combinaisons_corrigees"))


def _familles_de_libelles(connexion: duckdb.DuckDBPyConnection, familles: Mapping[str, str]) -> pl.DataFrame:
    """The labels received whose famille was decided, as they are written: `libelle, famille`."""
    if not familles:
        return pl.DataFrame(schema=dict.fromkeys(("libelle", "famille"), pl.String))
    textes: pl.DataFrame = connexion.sql(_sql("distincts")).pl().select("libelle").unique()
    nommees = textes.with_columns(famille=pl.Series([familles.get(fold(t)) for t in textes["libelle"]], dtype=pl.String))
    return nommees.filter(pl.col("famille").is_not_null())


def _familles_remplacees(connexion: duckdb.DuckDBPyConnection, nomenclature: Nomenclature, citees: set[str]) -> pl.DataFrame:
    """The familles met that are not in force: `famille, vers, motif` (French). A line keeps no famille that nobody can look up."""
    lues = {
        str(famille) for (famille,) in connexion.execute("SELECT DISTINCT famille FROM reprise.combinaisons WHERE famille <> ''").fetchall()
    }
    passees = [(famille, nomenclature.resolve(famille)) for famille in sorted({*lues, *citees} - {FAMILLE_A_CLASSER})]
    return pl.DataFrame(
        [
            (
                famille,
                vers,
                f"la famille {famille} n'est plus dans la nomenclature du club"
                if vers == FAMILLE_A_CLASSER
                else f"la famille {famille} a été réunie à celle-ci par le club",
            )
            for famille, vers in passees
            if famille != vers
        ],
        schema=dict.fromkeys(("famille", "vers", "motif"), pl.String),
        orient="row",
    )


def contenus_a_revoir(lectures: pl.DataFrame, prix: pl.DataFrame) -> pl.DataFrame:
    """The packagings that the usual price of their article shows to be another: `combinaison, prix`, and what they hold instead.

    `lectures` is that of `lectures.sql`, `prix` (`combinaison, prix`) that of `prix_des_lectures.sql`. Only readings that are not sure are
    ever revised, each at one price.
    """
    revisees = affiner_lectures(lectures.rename({"combinaison": "lecture"}), prix.rename({"combinaison": "lecture"}))
    avant = lectures.filter(~pl.col("est_sure")).select(pl.col("combinaison").alias("lecture"), *COMPAREES)
    jointes = revisees.join(avant, on="lecture", suffix="_avant", maintain_order="left")
    change = pl.any_horizontal(pl.col(nom).ne_missing(pl.col(f"{nom}_avant")) for nom in COMPAREES)
    voulues = [nom for nom in CONTENU if nom not in ("attributs", "contenu_confiance")]
    return jointes.filter(change).select(pl.col("lecture").alias("combinaison"), "prix", *voulues)


def _contenus(connexion: duckdb.DuckDBPyConnection, decides: dict[str, Decision]) -> pl.DataFrame:
    """Packagings of the labels whose famille was decided, read again, then those that people wrote."""
    changes = connexion.sql(_sql("familles_changees")).pl()
    relus = ajouter_contenu(changes).select(*CLES_CONTENU, *CONTENU).cast(dict(CONTENU.items())) if changes.height else _vide()
    if not decides:
        return relus
    distincts = pl.concat([connexion.sql(_sql("distincts")).pl().select(CLES_CONTENU), changes.select(CLES_CONTENU)]).unique()
    ecrits = [
        (*cle, decision.valeur["quantite"], decision.valeur["unite"], f"décidé par {decision.par}")
        for cle in distincts.iter_rows()
        if (decision := decides.get("|".join(fold(morceau) for morceau in cle))) is not None
    ]
    table = pl.DataFrame(
        ecrits, schema=dict.fromkeys((*CLES_CONTENU, "contenu_quantite", "contenu_unite", "contenu_derivation"), pl.String), orient="row"
    ).with_columns(
        pl.col("contenu_quantite").cast(pl.Decimal(18, 6)),
        contenu_approx=pl.lit(value=False),
        contenu_confiance=pl.lit(1.0),
        contenu_motif=pl.lit(None, dtype=pl.String),
        attributs=pl.lit(None, dtype=pl.String),
    )
    return pl.concat([relus.join(table, on=CLES_CONTENU, how="anti"), table.select(*CLES_CONTENU, *CONTENU)])


def _sql(fichier: str) -> str:
    return files(__package__).joinpath(f"{fichier}.sql").read_text(encoding="utf-8")


def _vide() -> pl.DataFrame:
    return pl.DataFrame(schema={**dict.fromkeys(CLES_CONTENU, pl.String), **CONTENU})


def _table(connexion: duckdb.DuckDBPyConnection, nom: str, table: pl.DataFrame) -> None:
    connexion.register("a_copier", table.to_arrow())
    connexion.execute(f"CREATE TEMPORARY TABLE {nom} AS SELECT * FROM a_copier")  # noqa: S608 — names are ours
    connexion.unregister("a_copier")


def _remplir(connexion: duckdb.DuckDBPyConnection, nom: str, table: pl.DataFrame) -> None:
    connexion.register("a_copier", table.to_arrow())
    connexion.execute(f"INSERT INTO {nom} BY NAME SELECT * FROM a_copier")  # noqa: S608 — names are ours
    connexion.unregister("a_copier")


def _colonnes() -> str:
    return (
        "libelle VARCHAR, unite VARCHAR, famille VARCHAR, contenu_quantite DECIMAL(18, 6), contenu_unite VARCHAR, "
        "contenu_derivation VARCHAR, contenu_approx BOOLEAN, contenu_confiance DOUBLE, contenu_motif VARCHAR, attributs VARCHAR"
    )
