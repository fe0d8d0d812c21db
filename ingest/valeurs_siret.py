"""A SIRET rounded by a spreadsheet is given back only when what is known leaves one possibility."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from ingest.valeurs import Defaut, nettoyer

_SCIENTIFIQUE: Final = re.compile(r"(\d)(?:[.,](\d+))?E\+?(1[0-3])")


def peut_etre(arrondi: str, numero: str) -> bool:
    """Say whether `2,10E+13` can be what a spreadsheet shows of this SIRET (or of one of this SIREN): same first digits once rounded."""
    trouve = _SCIENTIFIQUE.fullmatch(re.sub(r"\s", "", nettoyer(arrondi)).upper())
    if not trouve:
        return False
    chiffres = trouve[1] + (trouve[2] or "")
    exposant = int(trouve[3])
    unite = int(10 ** (exposant + 1 - len(chiffres)))
    centre = int(chiffres) * unite
    if len(numero) == 9:
        premier = int(numero) * 100_000
        return premier * 2 <= centre * 2 + unite and centre * 2 - unite <= (premier + 99_999) * 2
    return len(numero) == 14 and abs(int(numero) - centre) * 2 <= unite


def reparer(
    textes: pl.Series, valeurs: pl.Series, defauts: pl.Series, noms: pl.Series | None, connus: Mapping[str | None, Sequence[str]]
) -> tuple[pl.Series, pl.Series]:
    """Give the values and defects of a column of SIRET once the rounded ones are repaired.

    `noms` is the supplier of each line (None when the column is the buyer's), `connus` the known numbers of each name. A rounded number is
    replaced when exactly one of those fits; its defect becomes `repare`, which is said and does not stop the line.
    """
    table = pl.DataFrame(
        {
            "texte": textes,
            "valeur": valeurs,
            "defaut": defauts,
            "nom": noms if noms is not None else pl.Series([None] * len(textes), dtype=pl.String),
        }
    )
    arrondis = table.filter(pl.col("defaut") == Defaut.SCIENTIFIQUE).select("texte", "nom").unique()
    trouves = []
    for texte, nom in arrondis.iter_rows():
        possibles = {siret for siret in connus.get(nom, ()) if peut_etre(texte, siret)}
        if len(possibles) == 1:
            trouves.append((texte, nom, possibles.pop()))
    if not trouves:
        return valeurs, defauts
    rendus = pl.DataFrame(trouves, schema={"texte": pl.String, "nom": pl.String, "rendu": pl.String}, orient="row")
    table = table.join(rendus, on=["texte", "nom"], how="left", nulls_equal=True, maintain_order="left")
    rendu = pl.col("rendu").is_not_null() & (pl.col("defaut") == Defaut.SCIENTIFIQUE)
    final = table.select(
        pl.when(rendu).then("rendu").otherwise("valeur").alias("valeur"),
        pl.when(rendu).then(pl.lit(str(Defaut.REPARE))).otherwise("defaut").alias("defaut"),
    )
    return final["valeur"].alias(valeurs.name), final["defaut"]
