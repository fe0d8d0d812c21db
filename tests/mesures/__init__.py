"""Measures of speed and memory, each a ratio taken in one run: `python -m tests.mesures.<nom> --help`; see docs/mesures.md."""
