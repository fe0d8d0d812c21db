"""Two lines are the same when what they say is the same: whatever the order of columns, the encoding, the software that wrote them."""

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Entiers = npt.NDArray[np.uint64]

TEXTES: Final = ("fournisseur", "piece", "libelle", "reference", "unite", "compte", "service")
"""Texts of the fingerprint: folded, so that case, accents, punctuation and spaces do not count."""
VALEURS: Final = ("date", "quantite", "prix_unitaire_ht", "montant_ht", "montant_ttc")
"""Values of the fingerprint, in their canonical unit (tenth of thousandth, millionth of euro, cent, day)."""

_VIDE: Final = np.uint64(0x9E3779B97F4A7C15)


def plier(texte: pl.Expr) -> pl.Expr:
    """Fold a text for comparison: lower case, no accents, one space between words, nothing else than letters and digits."""
    return (
        texte.str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.to_lowercase()
        .str.replace_all(r"[^a-z0-9]+", " ")
        .str.strip_chars(" ")
    )


class Empreintes:
    """Fingerprints of the lines of one file, block after block: the rank of a line among identical ones runs over the whole file."""

    def __init__(self) -> None:
        self._lignes = Rangs()
        self._cles = Rangs()
        self._memoire: dict[str, int] = {}

    def ajouter(self, lignes: pl.DataFrame) -> pl.DataFrame:
        """Add `empreinte` and `cle` to typed lines (columns of `SCHEMA_LIGNES`); `_texte_brut` holds the cells that could not be typed.

        `empreinte` = hash of what the line says + rank among identical lines of the file, so that a file with one more identical line adds
        one. `cle` = hash of what names the line (document or date, fournisseur, reference or label) + rank, so that a changed price or
        quantity is a change of the same line.
        """
        textes = {nom: self._hash_texte(lignes[nom]) for nom in (*TEXTES, "_texte_brut") if nom in lignes.columns}
        valeurs = {nom: _hash_valeur(lignes[nom]) for nom in VALEURS}
        ligne = _combiner([*textes.values(), *valeurs.values()])
        identite = np.where(lignes["reference"].is_null().to_numpy(), textes["libelle"], textes["reference"])
        document = np.where(lignes["piece"].is_null().to_numpy(), valeurs["date"], textes["piece"])
        cle = _combiner([document, textes["fournisseur"], identite])
        return lignes.with_columns(
            _nommer(ligne, self._lignes.suivre(ligne)).alias("empreinte"),
            _nommer(cle, self._cles.suivre(cle)).alias("cle"),
        )

    def _hash_texte(self, colonne: pl.Series) -> Entiers:
        """A stable 64-bit hash of each folded text. Not polars' own hash: it may change from one version to the next."""
        uniques = colonne.unique().drop_nulls()
        plies = uniques.to_frame("t").select(plier(pl.col("t"))).to_series().to_list()
        hashes = [_hash(texte) for texte in plies]
        table = pl.DataFrame({"t": uniques, "h": pl.Series(hashes, dtype=pl.UInt64)})
        suite = colonne.rename("t").to_frame().join(table, on="t", how="left", maintain_order="left")["h"]
        return suite.fill_null(int(_VIDE)).to_numpy()


class Rangs:
    """Rank of each line among those of the same hash, over the blocks of one file."""

    def __init__(self) -> None:
        self._vus: list[tuple[Entiers, npt.NDArray[np.int64]]] = []

    def suivre(self, hashes: Entiers) -> npt.NDArray[np.int64]:
        """Give the rank (1 for the first) of each hash, and remember them."""
        bloc = pl.DataFrame({"h": hashes}).with_columns((pl.int_range(pl.len()).over("h") + 1).alias("rang"))
        rangs = bloc["rang"].to_numpy().copy()
        for connus, nombres in self._vus:
            place = np.searchsorted(connus, hashes)
            place[place == len(connus)] = 0
            deja = connus[place] == hashes
            rangs[deja] += nombres[place[deja]]
        uniques, nombres = np.unique(hashes, return_counts=True)
        self._vus.append((uniques, nombres))
        self._fusionner()
        return rangs

    def _fusionner(self) -> None:
        """Keep few sorted tables, each at least twice the next: a search then costs a handful of bisections, whatever the length of the file."""
        while len(self._vus) > 1 and len(self._vus[-2][0]) < 2 * len(self._vus[-1][0]):
            (premiers, combien), (derniers, autant) = self._vus.pop(-2), self._vus.pop()
            uniques, places = np.unique(np.concatenate([premiers, derniers]), return_inverse=True)
            nombres = np.bincount(places, weights=np.concatenate([combien, autant])).astype(np.int64)
            self._vus.append((uniques, nombres))


def _hash(texte: str | None) -> int:
    if not texte:
        return int(_VIDE)
    return int.from_bytes(hashlib.blake2b(texte.encode(), digest_size=8).digest(), "little")


def _hash_valeur(colonne: pl.Series) -> Entiers:
    """Mix an integer well (splitmix64), so that neighbouring amounts do not have neighbouring hashes."""
    physique = colonne.to_physical().cast(pl.Int64)
    nulles = physique.is_null().to_numpy()
    x = physique.fill_null(0).to_numpy().astype(np.uint64)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9) + _VIDE
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x = x ^ (x >> np.uint64(31))
    return np.where(nulles, _VIDE, x)


def _combiner(colonnes: Sequence[Entiers]) -> Entiers:
    """Combine hashes of columns in a fixed order, each turn mixing all the bits."""
    total = np.full(len(colonnes[0]), 0x243F6A8885A308D3, dtype=np.uint64)
    for colonne in colonnes:
        total = (total ^ colonne) * np.uint64(0xFF51AFD7ED558CCD)
        total = total ^ (total >> np.uint64(32))
    return total


def _nommer(hashes: Entiers, rangs: npt.NDArray[np.int64]) -> pl.Series:
    """Write a hash and a rank as a short text, « 1f0c…-2 »."""
    table = pl.DataFrame({"h": hashes, "r": rangs})
    return table.select(pl.concat_str([pl.col("h").cast(pl.String), pl.lit("-"), pl.col("r").cast(pl.String)])).to_series()
