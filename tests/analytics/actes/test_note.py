"""The note says the gain with its interval, its assumption, winners and losers, the procedure and the date of the votes."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
import duckdb
import pytest

from analytics.actes import rediger_note
from analytics.coordonnateur import comparer
from analytics.groupement.calendrier import planifier
from analytics.groupement.donnees import Membre
from analytics.opportunites import Hypotheses, classer
from analytics.opportunites.voies import Situation, conseiller
from analytics.portee import Portee
from ingest.vocabulaire import NatureMembre
from tests.analytics.opportunites.conftest import RAMETTES, fill

AU = date(2026, 11, 22)


@pytest.fixture
def cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connexion:
        fill(connexion)
        yield connexion


def read(cursor: duckdb.DuckDBPyConnection, dossier: Path, portee: Portee) -> str:
    hypotheses = Hypotheses(prix_groupes={"A1": Decimal("3.45")})
    (opportunite,) = classer(cursor, AU, 48, hypotheses, portee=portee)
    membres = [Membre(siren, nom, NatureMembre.COMMUNE, population=population) for siren, nom, population, *_ in RAMETTES]
    word, pdf = rediger_note(
        opportunite,
        dossier,
        AU,
        voies=conseiller(opportunite, Situation()),
        candidatures=comparer(membres, {}, AU),
        etapes=planifier(date(2027, 9, 1), AU),
    )
    assert pdf.read_bytes().startswith(b"%PDF")
    document = docx.Document(str(word))
    cellules = [" | ".join(cellule.text for cellule in rangee.cells) for table in document.tables for rangee in table.rows]
    return "\n".join([*(p.text for p in document.paragraphs), *cellules]).replace("\u202f", " ").replace("\u00a0", " ")


def test_the_note_for_the_club(cursor: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    texte = read(cursor, tmp_path, Portee(None, frozenset(), tout=True))
    assert "tous les membres paient le prix groupé indiqué" in texte
    assert "Angoulême | 18 000 € | −160 €" in texte
    assert "appel d’offres ouvert" in texte
    assert "au plus tard le 11 mai 2027" in texte
    assert "Ne rien faire" in texte
    assert "elle ne désigne pas" in texte
    assert "réservés" not in texte


def test_the_note_for_a_commune_hides_the_others(cursor: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    texte = read(cursor, tmp_path, Portee("211603857", frozenset({"211603857"})))
    assert "Touvre | 620 €" in texte
    assert "Soyaux | " not in texte
    assert "Les montants de 15 membres leur sont réservés." in texte
