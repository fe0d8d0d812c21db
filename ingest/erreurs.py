"""Refusals that a person can act on: a sentence in French, never a traceback.

Everything else that goes wrong is a programmer's mistake and must crash loudly.
"""


class Refus(Exception):
    """What was asked cannot be done, and the sentence says why and what to do instead.

    `str(refus)` is shown as it is to the person (page, JSON `detail`, command), so it is good French,
    names the place, what was expected, what was read, what to do, and no machine's word.
    """


class FichierRefuse(Refus):
    """A received file cannot be read at all; nothing of it was kept."""
