"""A SIREN makes one fournisseur; a name without number joins the only SIREN that bears it, else the names that are the same but for spelling."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import polars as pl

from analytics.decisions import Decision
from ingest.fournisseurs import normalise_nom

_SCHEMA = {
    "fournisseur": pl.String, "fournisseur_siret": pl.String, "fournisseur_id": pl.String, "fournisseur_nom": pl.String, "fournisseur_siren": pl.String,
}  # fmt: skip


def rapprocher(lignes: pl.DataFrame, decisions: Sequence[Decision] = ()) -> pl.DataFrame:
    """Add `fournisseur_id`, `fournisseur_nom` (canonical) and `fournisseur_siren` to lines that have `fournisseur` and `fournisseur_siret`.

    `fournisseur_id` is « S<siren> » when a SIREN is known, else « N<normalised name> »; null when neither name nor number is given.
    """
    cles = ["fournisseur", "fournisseur_siret"]
    comptees = lignes.group_by(cles).agg(pl.len().alias("n")).sort(cles)
    noms: dict[str, Counter[str]] = defaultdict(Counter)
    sirens: dict[str, Counter[str]] = defaultdict(Counter)
    for nom, siret, n in comptees.iter_rows():
        if nom:
            if siret:
                sirens[normalise_nom(nom)][siret[:9]] += n
    rangees = []
    for nom, siret, n in comptees.iter_rows():
        cle = normalise_nom(nom or "")
        connus = sirens.get(cle, Counter())
        siren = siret[:9] if siret else (next(iter(connus)) if len(connus) == 1 else None)
        identifiant = f"S{siren}" if siren else f"N{cle}" if cle else None
        if identifiant and nom:
            noms[identifiant][nom] += n
        rangees.append((nom, siret, identifiant, siren))
    complets = [(nom, siret, i, _canonical(noms[i]) if i else None, siren) for nom, siret, i, siren in rangees]
    table = pl.DataFrame(complets, schema=_SCHEMA, orient="row")
    return lignes.join(table, on=cles, how="left", nulls_equal=True, maintain_order="left")


def _canonical(noms: Counter[str]) -> str | None:
    """The most frequent spelling, the first in the alphabet on equality."""
    return min(noms, key=lambda nom: (-noms[nom], nom)) if noms else None
