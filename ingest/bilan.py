"""The account of a dépôt: every line read is retained, waiting to be corrected, set aside by a named rule, or already known."""

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.vocabulaire import Statut


@dataclass(frozen=True)
class Comptes:
    """How many lines were read and what became of them; the equality is checked when the account is made."""

    lues: int
    retenues: int
    a_corriger: int
    ecartees: int
    identiques: int

    def __post_init__(self) -> None:
        total = self.retenues + self.a_corriger + self.ecartees + self.identiques
        if total != self.lues:
            raise AssertionError(f"{self.lues} lines read but {total} accounted for: {self}")

    def as_json(self) -> dict[str, int]:
        """The five counts, by name."""
        return {
            "lues": self.lues,
            "retenues": self.retenues,
            "a_corriger": self.a_corriger,
            "ecartees": self.ecartees,
            "identiques": self.identiques,
        }


def compter(lues: int, par_statut: Mapping[str, int]) -> Comptes:
    """Make the account from the number of lines the reader gave and the number of lines written under each statut.

    `lues` is counted by the reader, not by summing `par_statut`: the equality then means that nothing was lost on the way.
    Raises AssertionError when a line disappeared or was counted twice, KeyError for a statut that does not exist.
    """
    inconnus = set(par_statut) - {str(statut) for statut in Statut}
    if inconnus:
        raise KeyError(f"unknown statut: {sorted(inconnus)}")
    return Comptes(
        lues=lues,
        retenues=par_statut.get(Statut.RETENUE, 0),
        a_corriger=par_statut.get(Statut.A_CORRIGER, 0),
        ecartees=par_statut.get(Statut.ECARTEE, 0),
        identiques=par_statut.get(Statut.IDENTIQUE, 0),
    )
