"""A line gets the famille its CPV code says, else the one its words, account and supplier agree on; under a floor it stays « à classer »."""

from collections import defaultdict
from functools import lru_cache

import polars as pl

from ingest.familles.indices import mots_par_forme
from ingest.familles.nomenclature import familles
from ingest.quantites.texte import fold
from ingest.vocabulaire import FAMILLE_A_CLASSER

PLANCHER = 0.5
_CLES = ["libelle", "code_cpv", "compte", "fournisseur"]
_SCHEMA = {**dict.fromkeys(_CLES, pl.String), "famille": pl.String, "famille_confiance": pl.Float64, "famille_motif": pl.String}


def classer(lignes: pl.DataFrame) -> pl.DataFrame:
    """Add `famille`, `famille_confiance` (0 to 1) and `famille_motif` (French reason) to lines that have `libelle`, and if known `code_cpv`,
    `compte` and `fournisseur` (String). « A_CLASSER » when nothing is sure enough. Rows keep their order.
    """
    absentes = [nom for nom in _CLES if nom not in lignes.columns]
    completes = lignes.with_columns(pl.lit(None, dtype=pl.String).alias(nom) for nom in absentes)
    distinctes = completes.select(_CLES).unique()
    classees = pl.DataFrame([(*cle, *_propose(*cle)) for cle in distinctes.iter_rows()], schema=_SCHEMA, orient="row")
    return completes.join(classees, on=_CLES, how="left", nulls_equal=True, maintain_order="left").drop(absentes)


def _propose(libelle: str | None, code_cpv: str | None, compte: str | None, fournisseur: str | None) -> tuple[str, float, str]:
    par_cpv = _from_cpv((code_cpv or "").replace(" ", "")[:8])
    if par_cpv is not None:
        return par_cpv
    points: dict[str, float] = defaultdict(float)
    raisons: dict[str, list[str]] = defaultdict(list)
    for code, poids, mot in _weigh_mots(libelle or ""):
        points[code] += poids
        raisons[code].append(f"« {mot} »")
    if not points:
        return FAMILLE_A_CLASSER, 0.0, "aucun mot du libellé n'est connu de la nomenclature"
    chiffres = (compte or "").strip()
    if len(chiffres) >= 3:
        for famille in familles():
            if famille.code in points and any(chiffres.startswith(c) or c.startswith(chiffres) for c in famille.comptes):
                points[famille.code] *= 1.5
                raisons[famille.code].append(f"compte {chiffres}")
    ordre = sorted(points, key=lambda code: (-points[code], code))
    premier, total = ordre[0], sum(points.values())
    confiance = round(min(0.99, points[premier] / total * min(1.0, points[premier])), 3)
    motif = "libellé : " + ", ".join(dict.fromkeys(raisons[premier]))
    return (premier, confiance, motif) if confiance >= PLANCHER else (FAMILLE_A_CLASSER, confiance, f"trop peu sûr ; {motif}")


def _from_cpv(code: str) -> tuple[str, float, str] | None:
    for longueur in range(len(code), 1, -1):
        famille = _prefixes().get(code[:longueur])
        if famille is not None:
            return famille, 0.98, f"code CPV {code}"
    return None


@lru_cache(maxsize=1)
def _prefixes() -> dict[str, str]:
    return {prefixe: famille.code for famille in familles() for prefixe in famille.cpv}


def _weigh_mots(libelle: str) -> list[tuple[str, float, str]]:
    texte = f" {fold(libelle)} "
    mots = texte.replace("/", " ").replace("-", " ").replace(",", " ").split()
    trouves: list[tuple[str, float, str]] = []
    for taille in (3, 2, 1):
        for debut in range(len(mots) - taille + 1):
            expression = " ".join(mots[debut : debut + taille])
            trouves += [(code, poids * (1 + 0.5 * (taille - 1)), expression) for code, poids in mots_par_forme().get(expression, ())]
    return trouves
