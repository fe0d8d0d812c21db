"""What is searched is compared folded: neither accents, capitals nor repeated spaces matter."""

import unicodedata


def plier(texte: str) -> str:
    """The same words without accents nor capitals, one space between them."""
    sans_accent = unicodedata.normalize("NFD", texte.casefold())
    return " ".join("".join(c for c in sans_accent if not unicodedata.combining(c)).split())
