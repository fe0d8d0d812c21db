"""A rule of a person gives its famille to every line that says the same thing, by label, fournisseur or account; counted beforehand."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from analytics.decisions import Decision, Sujet, select
from ingest.quantites.texte import fold

CLES = ("libelle", "fournisseur", "compte", "famille")
"""What a line says that a rule may look at; `famille` is the one proposed."""
_MOT = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Regle:
    """Lines whose label holds `libelle`, whose fournisseur's name holds `fournisseur` and whose account begins with `compte` (each "" when
    it does not matter; at least one is given) are of `famille`. `de` restricts it to those that are then in that famille ("" for all).

    Labels and names are compared by whole words, in the order given: accents, capitals, spaces and punctuation do not matter.
    """

    famille: str
    libelle: str = ""
    fournisseur: str = ""
    compte: str = ""
    de: str = ""

    @classmethod
    def lue(cls, valeur: Mapping[str, Any]) -> "Regle":
        """The rule that a decision holds."""
        return cls(**{champ: str(valeur.get(champ) or "") for champ in ("famille", "libelle", "fournisseur", "compte", "de")})

    @property
    def cle(self) -> str:
        """What the lines must say, as one text: two rules that ask the same thing contradict, and the later wins."""
        return "|".join((_mots(self.libelle), _mots(self.fournisseur), self.compte, self.de))

    @property
    def est_vide(self) -> bool:
        """True when it asks nothing: such a rule is never applied."""
        return not (_mots(self.libelle) or _mots(self.fournisseur) or self.compte)

    def dire(self) -> str:
        """What it asks, in French."""
        demandes = (
            ("le libellé contient", self.libelle),
            ("le fournisseur contient", self.fournisseur),
            ("le compte commence par", self.compte),
        )
        return " et ".join(f"{debut} « {texte} »" for debut, texte in demandes if texte)


def regles(decisions: Sequence[Decision]) -> list[Regle]:
    """The rules in force, the earliest first."""
    lues = [Regle.lue(decision.valeur) for decision in select(decisions, Sujet.FAMILLE_REGLE) if decision.valeur.get("famille")]
    return [regle for regle in lues if not regle.est_vide]


def appliquer(distinctes: pl.DataFrame, demandees: Sequence[Regle]) -> pl.DataFrame:
    """The rows of `distinctes` (columns `CLES`, texts) that a rule names: `CLES`, `famille_dite`, `regle` (French).

    The last rule wins: each finds the lines where the earlier ones left them.
    """
    vide = pl.DataFrame(schema={**dict.fromkeys(CLES, pl.String), "famille_dite": pl.String, "regle": pl.String})
    if not demandees or not distinctes.height:
        return vide
    table = distinctes.select(CLES)
    for champ in ("libelle", "fournisseur"):
        lus = pl.DataFrame({champ: table[champ].unique()}, schema={champ: pl.String})
        lus = lus.with_columns(pl.Series(f"_{champ}", [f" {_mots(texte or '')} " for texte in lus[champ]], dtype=pl.String))
        table = table.join(lus, on=champ, how="left", nulls_equal=True, maintain_order="left")
    nommees = table.with_columns(rang=pl.lit(None, dtype=pl.Int64), _famille=pl.col("famille").fill_null(""))
    for rang, regle in enumerate(demandees):
        convient = _convient(regle)
        nommees = nommees.with_columns(
            rang=pl.when(convient).then(pl.lit(rang, dtype=pl.Int64)).otherwise(pl.col("rang")),
            _famille=pl.when(convient).then(pl.lit(regle.famille)).otherwise(pl.col("_famille")),
        )
    dites = pl.DataFrame(
        [(rang, regle.famille, regle.dire()) for rang, regle in enumerate(demandees)],
        schema={"rang": pl.Int64, "famille_dite": pl.String, "regle": pl.String},
        orient="row",
    )
    return nommees.join(dites, on="rang", how="inner", maintain_order="left").select(vide.columns)


def _convient(regle: Regle) -> pl.Expr:
    demandes = [pl.lit(value=True)]
    if mots := _mots(regle.libelle):
        demandes.append(pl.col("_libelle").str.contains(f" {mots} ", literal=True))
    if mots := _mots(regle.fournisseur):
        demandes.append(pl.col("_fournisseur").str.contains(f" {mots} ", literal=True))
    if regle.compte:
        demandes.append(pl.col("compte").fill_null("").str.starts_with(regle.compte))
    if regle.de:
        demandes.append(pl.col("_famille") == regle.de)
    return pl.all_horizontal(demandes)


def _mots(texte: str) -> str:
    return " ".join(_MOT.findall(fold(texte)))
