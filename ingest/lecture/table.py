"""What every reader returns: text as it was written, and where each line stands in the person's own software."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl


class Genre(StrEnum):
    """What kind of document a table comes from: decides whether its columns must be mapped."""

    TABLEUR = "tableur"
    FACTURE = "facture"
    PES = "pes"


@dataclass(frozen=True)
class TableBrute:
    """One table of a received file, as text.

    `origine` names the sheet, or the file inside an archive ("" when there is only one table). `entetes` are the headers as the
    person sees them, made unique. Each frame of `blocs()` has the columns `ligne` (Int64, the number the person sees), `ecart`
    (String: name of the rule that sets this line aside while reading, `total`, `entete_repetee`…, else null) and one String column
    per header, named by it. `champs` maps headers to fields when the format itself says so (invoice, PES); empty otherwise.
    `remarques` are French sentences for the verdict.
    """

    origine: str
    genre: Genre
    entetes: tuple[str, ...]
    blocs: Callable[[], Iterator[pl.DataFrame]]
    champs: Mapping[str, str] = field(default_factory=dict)
    remarques: tuple[str, ...] = ()
