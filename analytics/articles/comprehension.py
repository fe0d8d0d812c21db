"""What a label says is read in the light of all the others: slips and words cut short are mended, brands weigh little."""

from collections.abc import Collection, Mapping

import polars as pl

from analytics.articles.corrections import learn_corrections
from analytics.articles.signature import Signature, find_marques, mend
from analytics.articles.similarite import Trait, lay_out
from ingest.quantites.coupures import COUPES


def understand(signatures: Mapping[str, Signature], parlantes: Collection[str], coupees: Collection[str]) -> dict[str, Trait]:
    """Traits of all keys. `parlantes`: keys one can learn from; `coupees`: keys of which a software cut every label."""
    corrections = learn_corrections(signatures[cle] for cle in parlantes)
    lues = {cle: mend(signature, corrections) for cle, signature in signatures.items()}
    marques = find_marques(lues[cle] for cle in parlantes)
    return {cle: lay_out(signature, marques, est_coupe=cle in coupees) for cle, signature in lues.items()}


def find_cut(table: pl.DataFrame) -> frozenset[str]:
    """Keys of which a software cut every label: what they do not say may have been said further."""
    longueurs = [n - d for n in sorted(COUPES) for d in (0, 1)]  # one less when the cut fell on a space
    est_coupe = (pl.col("libelle") == pl.col("libelle").str.to_uppercase()) & pl.col("libelle").str.len_chars().is_in(longueurs)
    coupees = table.filter(pl.col("cle_libelle").is_not_null()).group_by("cle_libelle").agg(est_coupe.all().alias("est_coupe"))
    return frozenset(coupees.filter("est_coupe")["cle_libelle"])
