"""Readings make no cycles and are remembered by the ten thousand: going through them to look for cycles took a third of the time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def sans_cycles() -> Iterator[None]:
    """No search for cycles while many small immutable values are made; what was enabled before is enabled again."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
