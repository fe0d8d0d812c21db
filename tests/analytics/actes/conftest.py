"""The example shipped with the templates, as frozen data."""

from importlib.resources import files

import pytest
import yaml

from analytics.groupement.donnees import DonneesGroupement
from analytics.groupement.serialisation import from_plain


def exemple() -> DonneesGroupement:
    lu = yaml.safe_load((files("templates") / "actes" / "exemple.yaml").read_text(encoding="utf-8"))
    donnees: DonneesGroupement = from_plain(DonneesGroupement, lu)
    return donnees


@pytest.fixture
def donnees() -> DonneesGroupement:
    return exemple()
