"""A disk that refuses, said to a person: the libraries each say it their own way."""

import errno

import duckdb
import polars as pl

PLEIN = "le disque est plein."
REFUS_DU_DISQUE = (OSError, duckdb.IOException, pl.exceptions.ComputeError)
"""What the libraries that write files raise when they cannot."""


def cause(erreur: BaseException) -> str:
    """Why the disk refused."""
    if getattr(erreur, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "No space left on device" in str(erreur):
        return PLEIN
    return "le disque a refusé l'écriture."


def vient_du_disque(erreur: BaseException) -> bool:
    """Whether this error of a library is a refusal of the disk, rather than a mistake of ours."""
    signes = ("No space left on device", "Read-only file system", "Permission denied", "Disk quota exceeded")
    return isinstance(erreur, OSError) or any(signe in str(erreur) for signe in signes)
