"""The next item is made by another thread while the caller works on this one: the order stays, a fault comes where it would have come."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def en_avance(source: Iterator[T]) -> Iterator[T]:
    """Give the items of `source` (never None), one at most being made ahead; whoever stops before the end waits for that one only."""
    with ThreadPoolExecutor(1) as avance:
        suivant = avance.submit(next, source, None)
        while (item := suivant.result()) is not None:
            suivant = avance.submit(next, source, None)
            yield item
