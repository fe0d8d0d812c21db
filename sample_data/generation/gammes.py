"""Benchmarks need thousands of articles: ranges crossed with their axes give them, each a near twin of the next."""

import itertools
from functools import cache
from importlib.resources import files

import yaml

from sample_data.generation.catalogue import Article, lire_articles, lire_familles
from sample_data.generation.conditionnements import lire_conditionnement


@cache
def articles(nombre: int | None = None) -> tuple[Article, ...]:
    """The catalogue, then as many articles of the ranges as needed to reach `nombre`, taken evenly from every range.

    Raises ValueError when the ranges cannot give so many.
    """
    fixes = lire_articles()
    if nombre is None or nombre <= len(fixes):
        return fixes[:nombre]
    derives = _derives()
    manque = nombre - len(fixes)
    if manque > len(derives):
        raise ValueError(f"{len(fixes) + len(derives)} articles at most")
    return fixes + derives[:manque]


@cache
def _derives() -> tuple[Article, ...]:
    familles = lire_familles()
    par_gamme = []
    for rang, gamme in enumerate(yaml.safe_load(files("sample_data").joinpath("catalogue/gammes.yaml").read_text(encoding="utf-8"))):
        if gamme["famille"] not in familles:
            continue
        axes = gamme["axes"]
        suite = []
        for indice, valeurs in enumerate(itertools.product(*axes.values())):
            mots = {cle: str(valeur).replace(".", ",") for cle, valeur in zip(axes, valeurs, strict=True)}
            suite.append(
                Article(
                    id=f"{gamme['famille']}-G{rang:02d}-{indice:04d}",
                    noms=tuple(nom.format(**mots) for nom in gamme["noms"]),
                    famille=familles[gamme["famille"]],
                    unite_reference=gamme["unite"],
                    prix=gamme["prix"] * (1 + 0.37 * (indice % 11)),
                    depense_hab=0.02,
                    diffusion=0.5,
                    conditionnements=tuple(lire_conditionnement(texte, gamme["unite"]) for texte in gamme["conditionnements"]),
                )
            )
        par_gamme.append(suite)
    return tuple(article for tranche in itertools.zip_longest(*par_gamme) for article in tranche if article is not None)
