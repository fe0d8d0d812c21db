from pathlib import Path

import pytest
from playwright.sync_api import Page

from ingest.vocabulaire import Role
from tests.parcours.conftest import se_connecter

pytestmark = pytest.mark.navigateur


def test_too_large_a_file_is_said_before_it_is_sent(page: Page, tmp_path: Path) -> None:
    gros, petit = tmp_path / "gros.csv", tmp_path / "petit.csv"
    gros.write_bytes(b"a" * 100)
    petit.write_bytes(b"a" * 10)
    se_connecter(page, f"{Role.SECRETAIRE}@essai.fr")
    page.goto("/depots")
    champ = page.get_by_label("Déposez vos fichiers ici")
    # fifty bytes rather than the real limit: the test would write 300 MB
    champ.evaluate("champ => { champ.dataset.tailleMax = 50; }")
    champ.set_input_files([petit, gros])
    page.get_by_role("button", name="Déposer ces fichiers").click()
    message = champ.evaluate("champ => champ.validationMessage").replace("\u00a0", " ")
    assert message.startswith("« gros.csv » dépasse 300 Mo : découpez-le")
    assert page.url.endswith("/depots")
    champ.set_input_files(petit)
    assert champ.evaluate("champ => champ.checkValidity()")
