"""Data files delivered with the code (semicolons, UTF-8, a header) are read one way."""

import csv
import io
from importlib.resources import files


def read_table(paquet: str, nom: str) -> list[dict[str, str]]:
    """Rows of the file `nom` of a package, by header."""
    return list(csv.DictReader(io.StringIO(files(paquet).joinpath(nom).read_text(encoding="utf-8")), delimiter=";"))
