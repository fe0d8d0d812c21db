"""What readers share is computed for the first of them, and bounded."""

import pytest

from analytics.carnet import communs
from analytics.carnet.communs import Communs


def test_it_is_computed_once_for_each_key() -> None:
    gardes, faites = Communs(), []
    for cle in ("a", "b", "a", "a", "b"):
        assert gardes.retenir(cle, lambda c=cle: faites.append(c) or c.upper()) == cle.upper()  # type: ignore[misc, func-returns-value]
    assert faites == ["a", "b"]


def test_the_one_asked_for_longest_ago_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(communs, "TAILLE", 2)
    gardes = Communs()
    for cle in (1, 2, 1, 3):
        gardes.retenir(cle, lambda c=cle: c)  # type: ignore[misc]
    assert gardes.retenir(1, lambda: 0) == 1
    assert gardes.retenir(2, lambda: 0) == 0
