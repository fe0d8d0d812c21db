"""The command `mercuriale`: the same use cases as the pages, typed at the machine that holds the data."""

from api.cli.application import main

__all__ = ["main"]
