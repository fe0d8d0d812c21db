"""Any number of lines in memory, with their truth beside them: for evaluations on unseen data and for benchmarks.

Labels and packagings come from the same catalogue and the same writers as the files; only quantities, dates and prices are drawn
by columns. The volume effect bears on the quantity of the line taken four times a year.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl

from sample_data.generation.catalogue import Article, Vocabulaire, lire_vocabulaire
from sample_data.generation.conditionnements import MESURES, Conditionnement
from sample_data.generation.fournisseurs import Fournisseur, avec_cle, creer_fournisseurs
from sample_data.generation.gammes import articles as articles_du_catalogue
from sample_data.generation.hasard import tirage
from sample_data.generation.libelles import ecrire_libelle, est_lisible, fautes, transformer

JOURS = (date(2025, 12, 31) - date(2023, 1, 1)).days + 1


@dataclass(frozen=True)
class Degradations:
    """Shares of the offers put in capitals, cut at `coupe` characters (in capitals), mistyped; shares of lines with a code, a SIRET…"""

    majuscules: float = 0.4
    coupees: float = 0.1
    coupe: int = 40
    fautes: float = 0.01
    cpv: float = 0.3
    compte: float = 0.8
    reference: float = 0.4
    siret: float = 0.85


def generer_lignes(
    graine: int,
    vocabulaire: str,
    nb_lignes: int,
    *,
    nb_membres: int = 16,
    nb_articles: int | None = None,
    degradations: Degradations | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lines as a mapped and typed file would give them, and the truth of each; both have `ligne` (1…n) and the same order.

    Lines: ligne, libelle, unite, quantite Decimal(18,4), prix_unitaire_ht Decimal(18,6), montant_ht Decimal(18,2), date, fournisseur,
    fournisseur_siret, reference, code_cpv, compte, membre. Truth: ligne, article, famille, conditionnement, contenu, unite_reference,
    quantite_reference, prix_unitaire_reference_ht, fournisseur_id, conditionnement_lisible.
    `nb_articles` above that of the catalogue adds near twins of `gammes.yaml`. Raises FileNotFoundError for an unknown vocabulary.
    """
    mots = lire_vocabulaire(vocabulaire)
    defauts = degradations or Degradations()
    rayons = creer_fournisseurs(mots, graine)
    catalogue = articles_du_catalogue(nb_articles)
    offres = _offres(catalogue, rayons, mots, graine, nb_lignes, defauts)
    return _tirer(offres, graine, nb_lignes, nb_membres, defauts)


def _offres(
    catalogue: Sequence[Article],
    rayons: Mapping[str, Sequence[Fournisseur]],
    mots: Vocabulaire,
    graine: int,
    nb_lignes: int,
    defauts: Degradations,
) -> pl.DataFrame:
    """Every way a supplier offers and a town hall records an article in a packaging: one row per label and unit."""
    simples = sum(len(rayons[a.famille.rayon]) * len(a.conditionnements) for a in catalogue)
    variantes = max(1, min(40, math.ceil(nb_lignes / simples / 2)))
    rangees = [
        _offre(article, fournisseur, conditionnement, variante, mots, graine, defauts)
        for article in catalogue
        for fournisseur in rayons[article.famille.rayon]
        for conditionnement in article.conditionnements
        for variante in range(variantes)
    ]
    return pl.DataFrame(rangees, orient="row", schema=dict(_SCHEMA_OFFRE), infer_schema_length=None)


_SCHEMA_OFFRE: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "libelle": pl.String,
    "unite": pl.String,
    "fournisseur": pl.String,
    "fournisseur_siret": pl.String,
    "reference": pl.String,
    "code_cpv": pl.String,
    "compte": pl.String,
    "article": pl.String,
    "famille": pl.String,
    "conditionnement": pl.String,
    "contenu": pl.Decimal(18, 6),
    "unite_reference": pl.String,
    "fournisseur_id": pl.String,
    "conditionnement_lisible": pl.Boolean,
    "prix_repere": pl.Float64,
    "quantite_repere": pl.Float64,
    "elasticite": pl.Float64,
}


def _offre(
    article: Article,
    fournisseur: Fournisseur,
    conditionnement: Conditionnement,
    variante: int,
    mots: Vocabulaire,
    graine: int,
    defauts: Degradations,
) -> tuple[object, ...]:
    rng = tirage(graine, "offre", mots.code, article.id, fournisseur.nom, conditionnement.niveaux, variante)
    libelle, morceau = ecrire_libelle(article, conditionnement, fournisseur, mots, variante=variante)
    coupee = rng.random() < defauts.coupees
    majuscules = coupee or rng.random() < defauts.majuscules
    ecrit = transformer(libelle, majuscules=majuscules, coupe=defauts.coupe if coupee else None)
    if rng.random() < defauts.fautes:
        ecrit = fautes(ecrit, rng)
    vendu = 1 if len(conditionnement.niveaux) >= 2 and rng.random() < 0.12 else 0
    niveaux = conditionnement.niveaux[vendu:]
    if not niveaux:
        unite = rng.choice(mots.mots_unite.get(conditionnement.compte) or mots.mots_unite[conditionnement.base])
    elif niveaux[0].contenant in MESURES:
        unite = rng.choice(mots.mots_unite[niveaux[0].contenant])
    elif not vendu and (niveaux[0].contenant == "cartouche" or rng.random() < 0.3):
        unite = rng.choice(mots.mots_unite["unite"])
    else:
        unite = rng.choice(mots.contenants[niveaux[0].contenant])
    return (
        ecrit,
        unite,
        rng.choice(fournisseur.graphies),
        fournisseur.siret or None,
        f"{fournisseur.nom[:2]}{rng.randrange(10000, 99999)}",
        article.famille.cpv,
        article.famille.compte,
        article.id,
        article.famille.code,
        conditionnement.en_mots(vendu),
        conditionnement.contenu(vendu),
        article.unite_reference,
        fournisseur.id,
        est_lisible(conditionnement, vendu, ecrit, transformer(morceau, majuscules=majuscules, coupe=None), avec_unite=True),
        article.prix * fournisseur.niveau,
        article.quantite_repere,
        article.famille.elasticite,
    )


def _tirer(offres: pl.DataFrame, graine: int, nb_lignes: int, nb_membres: int, defauts: Degradations) -> tuple[pl.DataFrame, pl.DataFrame]:
    rng = np.random.Generator(np.random.PCG64(graine))
    choix = offres[rng.integers(0, offres.height, nb_lignes)]
    contenu = choix["contenu"].cast(pl.Float64).to_numpy()
    repere = choix["quantite_repere"].to_numpy() / 4
    quantite = np.maximum(1, np.rint(repere / contenu * rng.lognormal(0, 0.8, nb_lignes))).astype(np.int64)
    effet = (quantite * contenu / repere) ** choix["elasticite"].to_numpy()
    prix = choix["prix_repere"].to_numpy() * contenu * effet * rng.lognormal(0, 0.025, nb_lignes)
    dix_millieme = np.maximum(1, np.where(prix >= 1, np.rint(prix * 100) * 100, np.rint(prix * 10000))).astype(np.int64)
    centimes = (dix_millieme * quantite + 50) // 100
    membres = [avec_cle(f"2199{rang:04d}") for rang in range(1, nb_membres + 1)]
    tout = choix.with_columns(
        pl.Series("ligne", np.arange(1, nb_lignes + 1)),
        _decimaux("quantite", quantite, 0, 4),
        _decimaux("prix_unitaire_ht", dix_millieme, 4, 6),
        _decimaux("montant_ht", centimes, 2, 2),
        pl.Series("date", (np.datetime64("2023-01-01") + rng.integers(0, JOURS, nb_lignes)).astype("datetime64[D]")).cast(pl.Date),
        pl.Series("membre", np.array(membres)[rng.integers(0, nb_membres, nb_lignes)]),
        *(
            pl.when(pl.Series(rng.random(nb_lignes) < part)).then(pl.col(colonne)).alias(colonne)
            for colonne, part in (
                ("code_cpv", defauts.cpv),
                ("compte", defauts.compte),
                ("reference", defauts.reference),
                ("fournisseur_siret", defauts.siret),
            )
        ),
    ).with_columns(
        (pl.col("quantite").cast(pl.Float64) * pl.col("contenu").cast(pl.Float64)).round(6).alias("quantite_reference"),
        (pl.col("prix_unitaire_ht").cast(pl.Float64) / pl.col("contenu").cast(pl.Float64)).round(6).alias("prix_unitaire_reference_ht"),
    )
    lignes = tout.select(
        "ligne",
        "libelle",
        "unite",
        "quantite",
        "prix_unitaire_ht",
        "montant_ht",
        "date",
        "fournisseur",
        "fournisseur_siret",
        "reference",
        "code_cpv",
        "compte",
        "membre",
    )
    verite = tout.select(
        "ligne",
        "article",
        "famille",
        "conditionnement",
        "contenu",
        "unite_reference",
        "quantite_reference",
        "prix_unitaire_reference_ht",
        "fournisseur_id",
        "conditionnement_lisible",
    )
    return lignes, verite


def _decimaux(nom: str, entiers: np.ndarray[tuple[int], np.dtype[np.int64]], decimales: int, echelle: int) -> pl.Series:
    """Exact decimals from scaled integers: never through a float."""
    distincts, places = np.unique(entiers, return_inverse=True)
    valeurs = pl.Series(nom, [Decimal(int(e)).scaleb(-decimales) for e in distincts], dtype=pl.Decimal(18, echelle))
    return valeurs.gather(places).alias(nom)
