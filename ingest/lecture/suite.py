"""A large text is one table: the rows of another one that follows in the same file are counted and set aside, never mixed with it."""

from collections.abc import Collection, Iterator

import polars as pl

from ingest.lecture.cadre import entete_suivante
from ingest.lecture.entete import plier
from ingest.lecture.lignes import Plan, marquer
from ingest.lecture.table import ECART, Ecart


class Suite:
    """Marks the raw rows of a large text piece after piece, and remembers between two of them whether another table has begun."""

    def __init__(self, plan: Plan, mots: Collection[str]) -> None:
        self._plan, self._mots = plan, mots
        self._ailleurs = False
        self._precedente: pl.DataFrame | None = None
        self._entete = {plier(nom) for nom in plan.entetes}

    def marquer(self, brut: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Yield the lines of this piece as `lignes.marquer` does; those of another table have the `ecart` AUTRE_TABLE."""
        # Written anew: a slice would keep all the texts of the piece in memory.
        derniere = pl.DataFrame(brut[-1:].rows(), schema=brut.schema, orient="row")
        while brut.height:
            fin = self._fin(brut)
            morceau = marquer(brut[:fin], self._plan) if fin != 0 else None
            if morceau is not None and morceau.height:
                yield morceau.with_columns(pl.lit(Ecart.AUTRE_TABLE.value).alias(ECART)) if self._ailleurs else morceau
            if fin is None:
                break
            self._ailleurs = not self._ailleurs
            brut, self._precedente = brut[fin:], brut[fin - 1 : fin] if fin else self._precedente
        self._precedente = derniere

    def _fin(self, brut: pl.DataFrame) -> int | None:
        """Where what goes on now ends: at the header of another table, or when ours comes back; None when it goes on."""
        if self._ailleurs:
            return self._retour(brut)
        # A header stands under a blank row, which may have been the last of the piece before.
        avec = brut if self._precedente is None else pl.concat([self._precedente, brut], how="diagonal")
        position = entete_suivante(avec, self._plan, self._mots)
        return None if position is None else max(position - (avec.height - brut.height), 0)

    def _retour(self, brut: pl.DataFrame) -> int | None:
        cellules = [c for c in self._plan.colonnes if c in brut.columns]
        premiers = dict(list(zip(self._plan.colonnes, self._plan.entetes, strict=True))[:2])
        pareilles = [(pl.col(c).str.strip_chars() == nom).fill_null(value=False) for c, nom in premiers.items() if c in brut.columns]
        for position in brut.select(pl.any_horizontal(pareilles)).to_series().arg_true().to_list() if pareilles else []:
            noms = {plier(nom) for nom in brut[position].select(cellules).row(0) if nom and nom.strip()}
            if len(noms & self._entete) * 2 > len(self._entete):
                return int(position)
        return None
