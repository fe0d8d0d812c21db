"""Know who often sells a famille to communes already: a groupement that redoes it must say why."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml


@cache
def porteurs() -> Mapping[str, str]:
    """Famille → who often sells it to communes already (`porteurs.yaml`)."""
    lus: dict[str, str] = yaml.safe_load((files(__package__) / "porteurs.yaml").read_text(encoding="utf-8"))
    return lus
