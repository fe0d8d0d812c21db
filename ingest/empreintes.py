"""Two lines are the same when what they say is the same: whatever the order of columns, the encoding, the software that wrote them."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Entiers = npt.NDArray[np.uint64]

TEXTES: Final = ("fournisseur", "piece", "libelle", "reference", "unite", "compte", "service")
"""Texts of the fingerprint: folded, so that case, accents, punctuation and spaces do not count."""
VALEURS: Final = ("date", "quantite", "prix_unitaire_ht", "montant_ht", "montant_ttc")
"""Values of the fingerprint, in their canonical unit (day, tenth of thousandth, millionth of euro, cent)."""

VIDE: Final = np.uint64(0x9E3779B97F4A7C15)
"""Hash of an empty cell."""

_OCTETS_VIDE: Final = int(VIDE).to_bytes(8, "little")

_BITS_FILTRE: Final = 23
_DECALAGE: Final = np.uint64(64 - _BITS_FILTRE)


def plier(texte: pl.Expr) -> pl.Expr:
    """Fold a text for comparison: lower case, no accents, one space between words, nothing else than letters and digits."""
    return (
        texte.str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.to_lowercase()
        .str.replace_all(r"[^a-z0-9]+", " ")
        .str.strip_chars(" ")
    )


def hacher_textes(textes: pl.Series) -> Entiers:
    """A stable 64-bit hash of each folded text. Not polars' own hash: it may change from one version to the next."""
    plies = textes.alias("t").to_frame().select(plier(pl.col("t"))).to_series().to_list()
    return np.frombuffer(b"".join([_hash(texte) for texte in plies]), dtype="<u8").astype(np.uint64)


class Empreintes:
    """Fingerprints of the lines of one file, block after block: the rank of a line among identical ones runs over the whole file."""

    def __init__(self) -> None:
        self._lignes = Rangs()
        self._cles = Rangs()

    def ajouter(self, lignes: pl.DataFrame, hashes: Mapping[str, Entiers], fautifs: pl.Series | None) -> pl.DataFrame:
        """Add `empreinte` and `cle` to typed lines; `hashes`: those of the texts by field, `fautifs`: the cells that could not be typed.

        `empreinte` = hash of what the line says + rank among identical lines of the file, so that a file with one more identical line adds
        one. `cle` = hash of what names the line (document or date, fournisseur, reference or label) + rank, so that a changed price or
        quantity is a change of the same line.
        """
        vide = np.full(lignes.height, VIDE)
        textes = {nom: hashes.get(nom, vide) for nom in TEXTES}
        valeurs = {nom: _hash_valeurs(lignes[nom]) for nom in VALEURS}
        mots = [*textes.values(), *valeurs.values()]
        ligne = _combiner(mots)
        if fautifs is not None:  # only the faulty lines: correcting one must not change the fingerprint of its neighbours
            fautives = fautifs.is_not_null().arg_true()
            ligne[fautives.to_numpy()] = _combiner([ligne[fautives.to_numpy()], hacher_textes(fautifs.gather(fautives))])
        identite = np.where(lignes["reference"].is_null().to_numpy(), textes["libelle"], textes["reference"])
        document = np.where(lignes["piece"].is_null().to_numpy(), valeurs["date"], textes["piece"])
        cle = _combiner([document, textes["fournisseur"], identite])
        return lignes.with_columns(
            _nommer(ligne, self._lignes.suivre(ligne)).alias("empreinte"), _nommer(cle, self._cles.suivre(cle)).alias("cle")
        )


class Rangs:
    """Rank of each line among those of the same hash, over the blocks of one file."""

    def __init__(self) -> None:
        self._vus: list[Entiers] = []
        self._filtre: npt.NDArray[np.bool_] | None = None

    def suivre(self, hashes: Entiers) -> npt.NDArray[np.int64] | None:
        """Give the rank (1 for the first) of each hash and remember them; None when none was ever seen before: all are first."""
        tries = np.sort(hashes)
        revus = self._revus(tries)
        repetes = np.unique(np.concatenate([tries[1:][tries[1:] == tries[:-1]], *(_communs(vus, revus) for vus in self._vus)]))
        rangs = self._compter(hashes, repetes) if len(repetes) else None
        self._retenir(tries)
        return rangs

    def _revus(self, tries: Entiers) -> Entiers:
        """Those that may have been seen before: one look in a table of their first bits leaves few to be searched for."""
        if self._vus and self._filtre is None:
            self._filtre = np.zeros(1 << _BITS_FILTRE, dtype=np.bool_)
            for vus in self._vus:
                self._filtre[vus >> _DECALAGE] = True
        return tries if self._filtre is None else tries[self._filtre[tries >> _DECALAGE]]

    def _retenir(self, tries: Entiers) -> None:
        if self._filtre is not None:
            self._filtre[tries >> _DECALAGE] = True
        self._vus.append(tries)
        # Few sorted tables, each at least twice the next: a search costs a handful of bisections, whatever the length of the file.
        while len(self._vus) > 1 and len(self._vus[-2]) < 2 * len(self._vus[-1]):
            reunies = np.concatenate([self._vus.pop(), self._vus.pop()])
            reunies.sort()  # in place: at ten million lines a copy would be felt
            self._vus.append(reunies)

    def _compter(self, hashes: Entiers, repetes: Entiers) -> npt.NDArray[np.int64]:
        """Ranks of all the lines; only those whose hash is among `repetes` (sorted) have to be counted."""
        rangs = np.ones(len(hashes), dtype=np.int64)
        lignes = np.flatnonzero(_appartient(repetes, hashes))
        lesquels = hashes[lignes]
        ordre = np.argsort(lesquels, kind="stable")
        suite = lesquels[ordre]
        debuts = np.searchsorted(suite, suite, side="left")
        rangs[lignes[ordre]] = np.arange(len(suite)) - debuts + 1
        for vus in self._vus:
            rangs[lignes] += np.searchsorted(vus, lesquels, side="right") - np.searchsorted(vus, lesquels, side="left")
        return rangs


def _appartient(tries: Entiers, hashes: Entiers) -> npt.NDArray[np.bool_]:
    """Which hashes are among sorted ones."""
    places = np.searchsorted(tries, hashes)
    places[places == len(tries)] = 0
    trouves: npt.NDArray[np.bool_] = tries[places] == hashes
    return trouves


def _communs(vus: Entiers, tries: Entiers) -> Entiers:
    """The hashes of `tries` that were already seen."""
    return tries[_appartient(vus, tries)]


def _hash(texte: str | None) -> bytes:
    """Eight bytes, the lowest first."""
    return blake2b(texte.encode(), digest_size=8).digest() if texte else _OCTETS_VIDE


def _hash_valeurs(colonne: pl.Series) -> Entiers:
    """Mix an integer well (splitmix64), so that neighbouring amounts do not have neighbouring hashes."""
    if colonne.null_count() == colonne.len():
        return np.full(colonne.len(), VIDE)
    physique = colonne.to_physical().cast(pl.Int64)
    x = physique.fill_null(0).to_numpy().astype(np.uint64)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9) + VIDE
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x = x ^ (x >> np.uint64(31))
    return np.where(physique.is_null().to_numpy(), VIDE, x) if physique.null_count() else x


def _combiner(colonnes: Sequence[Entiers]) -> Entiers:
    """Combine hashes of columns in a fixed order, each turn mixing all the bits."""
    total = np.full(len(colonnes[0]), 0x243F6A8885A308D3, dtype=np.uint64)
    for colonne in colonnes:
        total ^= colonne
        total *= np.uint64(0xFF51AFD7ED558CCD)
        total ^= total >> np.uint64(32)
    return total


def _nommer(hashes: Entiers, rangs: npt.NDArray[np.int64] | None) -> pl.Series:
    """Write a hash and a rank as a short text, « 1183273782750319437-2 »."""
    if rangs is None:
        return pl.DataFrame({"h": hashes}).select(pl.col("h").cast(pl.String) + pl.lit("-1")).to_series()
    return pl.DataFrame({"h": hashes, "r": rangs}).select(pl.concat_str(pl.col("h"), pl.lit("-"), pl.col("r"))).to_series()
