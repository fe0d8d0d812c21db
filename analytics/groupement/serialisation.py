"""Write frozen dataclasses as plain JSON values and read them back, from their type hints alone."""

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints


def to_plain(valeur: Any) -> Any:
    """Dates, decimals and enumerations as text; containers as dicts and lists."""
    if isinstance(valeur, dict):
        return {cle: to_plain(v) for cle, v in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [to_plain(v) for v in valeur]
    if isinstance(valeur, Enum):
        return valeur.value
    if isinstance(valeur, date):
        return valeur.isoformat()
    return format(valeur, "f") if isinstance(valeur, Decimal) else valeur


def from_plain(genre: Any, lu: Any) -> Any:
    """Rebuild a value of type `genre` from what `to_plain` gave; a field absent from the text keeps its default."""
    if get_origin(genre) in (Union, UnionType):
        possibles = [g for g in get_args(genre) if g is not type(None)]
        return None if lu is None else from_plain(possibles[0], lu)
    if get_origin(genre) is tuple:
        args = get_args(genre)
        if args[-1] is Ellipsis:
            return tuple(from_plain(args[0], v) for v in lu)
        return tuple(from_plain(g, v) for g, v in zip(args, lu, strict=True))
    if is_dataclass(genre):
        types = get_type_hints(genre)
        return genre(**{champ.name: from_plain(types[champ.name], lu[champ.name]) for champ in fields(genre) if champ.name in lu})  # type: ignore[operator]
    if genre is date:
        return date.fromisoformat(lu)
    if isinstance(genre, type) and issubclass(genre, Decimal | Enum):
        return genre(lu)
    return lu
