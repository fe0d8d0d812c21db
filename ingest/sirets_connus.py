"""The numbers that can stand behind a SIRET rounded by a spreadsheet: those of this file, of the dépôts already there, of the membre."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from ingest.fournisseurs import normalise_nom
from ingest.valeurs_siret import peut_etre


@dataclass(frozen=True)
class SiretsConnus:
    """What is known before the file is read: the SIREN and the SIRET of its membre, and its published files of lines."""

    membre: str
    siret_membre: str | None = None
    fichiers: tuple[Path, ...] = ()


@dataclass
class MemoireSirets:
    """What is known while a file is read; the dépôts already there are opened at the first rounded number only."""

    connus: SiretsConnus
    du_fichier: dict[str, set[str]] = field(default_factory=dict)
    acheteurs: set[str] = field(default_factory=set)
    _anciens: dict[str, set[str]] | None = None

    def retenir(self, couples: Iterable[tuple[str | None, str]]) -> None:
        """Remember the SIRET that stand beside names of suppliers."""
        for nom, siret in couples:
            if nom:
                self.du_fichier.setdefault(normalise_nom(nom), set()).add(siret)

    def des_fournisseurs(self, noms: Iterable[str | None]) -> Mapping[str | None, tuple[str, ...]]:
        """The known SIRET of each of these suppliers, whatever the spelling of its name."""
        if self._anciens is None:
            self._anciens = _lire_anciens(self.connus.fichiers)
        trouves: dict[str | None, tuple[str, ...]] = {}
        for nom in noms:
            cle = normalise_nom(nom) if nom else ""
            trouves[nom] = tuple(sorted(self.du_fichier.get(cle, set()) | self._anciens.get(cle, set()))) if cle else ()
        return trouves

    def de_l_acheteur(self, arrondis: Iterable[str]) -> Mapping[str | None, tuple[str, ...]]:
        """The numbers of the buyer behind these rounded texts.

        Those of the buyers this file names in full. When it names none, the membre is the one buyer: its SIRET when it fits, else its
        SIREN, provided that all the rounded texts are the same; two different ones are two buyers, and neighbours begin alike.
        """
        textes = set(arrondis)
        if self.acheteurs or len(textes) != 1:
            return {None: tuple(sorted(self.acheteurs))}
        (arrondi,) = textes
        siret = self.connus.siret_membre
        return {None: (siret,) if siret and peut_etre(arrondi, siret) else (self.connus.membre,)}


def _lire_anciens(fichiers: Iterable[Path]) -> dict[str, set[str]]:
    par_nom: dict[str, set[str]] = {}
    for fichier in fichiers:
        complet = (pl.col("fournisseur_siret").str.len_bytes() == 14) & pl.col("fournisseur").is_not_null()
        couples = pl.scan_parquet(fichier).select("fournisseur", "fournisseur_siret").filter(complet).unique().collect()
        for nom, siret in couples.iter_rows():
            par_nom.setdefault(normalise_nom(nom), set()).add(siret)
    return par_nom
