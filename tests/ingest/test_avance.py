"""Working ahead changes neither the order, nor the faults, nor who is told of them."""

from collections.abc import Iterator

import pytest

from ingest.avance import en_avance


def _compter(jusqua: int, faits: list[int], faute: Exception | None = None) -> Iterator[int]:
    for rang in range(jusqua):
        faits.append(rang)
        yield rang
    if faute:
        raise faute


def test_items_come_in_their_order() -> None:
    assert list(en_avance(_compter(50, []))) == list(range(50))


def test_a_fault_comes_after_the_items_made_before_it() -> None:
    source = en_avance(_compter(3, [], OSError("disque")))
    assert [next(source) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(OSError, match="disque"):
        next(source)


def test_one_item_at_most_is_made_ahead() -> None:
    faits: list[int] = []
    source = en_avance(_compter(50, faits))
    next(source)
    source.close()  # type: ignore[attr-defined] - it is a generator
    assert len(faits) <= 2
