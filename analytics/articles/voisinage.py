"""Keys of one famille are compared all at once, as matrices: the score is that of `similarite.score`, pair by pair, only sooner.

A link depends on its two ends alone, so that adding keys adds rows and touches nothing else. Keys go by their rank in the alphabet.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from scipy import sparse

from analytics.articles.signature import POIDS_INCONNU
from analytics.articles.similarite import (
    DECISIFS,
    POIDS_ATTRIBUT,
    POIDS_CODE,
    PRESQUE,
    SILENCES,
    Desaccord,
    Exclusion,
    Trait,
    agree,
    is_accessory,
    is_slip,
    near,
    weigh_absence,
)

_PAR_FOIS = 400_000  # pairs laid out at once: a few tens of megabytes
LIENS = {"a": pl.Int32, "b": pl.Int32, "score": pl.Float64, "desaccord": pl.Int8, "plus_a": pl.Boolean, "plus_b": pl.Boolean}
SURS = {nom: LIENS[nom] for nom in ("a", "b", "score")}
_Matrice = NDArray[np.float32]
_Rangs = NDArray[np.int64]


class Voisinage:
    """The keys of a rapprochement, filed by famille and by what may not go unsaid; each shelf is laid out once, when needed."""

    def __init__(self, traits: Mapping[str, Trait]) -> None:
        self.cles = sorted(traits)
        self.sont_coupees = np.array([traits[cle].est_coupe for cle in self.cles], dtype=bool)
        rayons: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for rang, cle in enumerate(self.cles):
            rayons[_silences(traits[cle])].append(rang)
        self.rayons = [_Rayon(np.array(rangs, dtype=np.int64), [traits[self.cles[rang]] for rang in rangs]) for rangs in rayons.values()]
        self.rayon_de, self.place_de = np.zeros(len(self.cles), dtype=np.int64), np.zeros(len(self.cles), dtype=np.int64)
        for numero, rangs in enumerate(rayons.values()):
            self.rayon_de[rangs] = numero
            self.place_de[rangs] = np.arange(len(rangs))

    def link(self, seuil: float, sont_neuves: NDArray[np.bool_] | None = None) -> pl.DataFrame:
        """Pairs of keys (by rank) that nothing forbids and whose score is at least `seuil`: `a`, `b` (a < b), `score`, `desaccord`, and
        whether each says something of weight that the other does not (`plus_a`, `plus_b`); sorted.

        Only those that touch a key that is new, when told which are.
        """
        cherchees = np.ones(len(self.cles), dtype=bool) if sont_neuves is None else sont_neuves
        utiles = [rayon for rayon in self.rayons if len(rayon.rangs) > 1 and cherchees[rayon.rangs].any()]
        trouves = [table for rayon in utiles for table in rayon.link(cherchees[rayon.rangs], seuil)]
        return pl.concat([pl.DataFrame(schema=LIENS), *trouves]).sort("a", "b")

    def exclude(self, a: _Rangs, b: _Rangs) -> NDArray[np.int8]:
        """For each pair of ranks, how they exclude each other (`similarite.Exclusion`)."""
        exclues = np.full(len(a), Exclusion.FORMELLE, dtype=np.int8)  # on two shelves: what one says, the other denies by its silence
        ensemble = np.nonzero(self.rayon_de[a] == self.rayon_de[b])[0]
        ordre = ensemble[np.argsort(self.rayon_de[a[ensemble]], kind="stable")]
        bornes = np.nonzero(np.diff(self.rayon_de[a[ordre]], prepend=-1))[0]
        for morceau in np.split(ordre, bornes[1:]):
            if len(morceau):
                rayon = self.rayons[self.rayon_de[a[morceau[0]]]]
                exclues[morceau] = rayon.exclude(self.place_de[a[morceau]], self.place_de[b[morceau]])
        return exclues


def _silences(trait: Trait) -> tuple[str, ...]:
    """Famille and features whose silence means no: they are equal or the two never match."""
    return (trait.famille, *(f"{nom}={trait.attributs[nom]}" for nom in sorted(SILENCES & trait.attributs.keys())))


class _Rayon:
    """Keys of one famille that agree on all that may not go unsaid, laid out as matrices: one row a key."""

    def __init__(self, rangs: _Rangs, traits: Sequence[Trait]) -> None:
        self.rangs = rangs
        self.traits = traits

    def link(self, est_cherchee: NDArray[np.bool_], seuil: float) -> Iterator[pl.DataFrame]:
        """Links of the keys looked for, some rows at a time."""
        cherchees = np.nonzero(est_cherchee)[0]
        pas = max(1, _PAR_FOIS // len(self.rangs))
        for debut in range(0, len(cherchees), pas):
            lignes = cherchees[debut : debut + pas]
            scores = self._score(lignes)
            scores[self._forbid(lignes)] = 0.0
            # each pair once: its other end comes later, or is not looked for itself
            utiles = (np.arange(len(self.rangs))[None, :] > lignes[:, None]) | ~est_cherchee[None, :]
            i, j = np.nonzero((scores >= seuil - 1e-6) & utiles)
            yield self._table(lignes[i], j, scores[i, j], seuil)

    def _table(self, gauche: _Rangs, droite: _Rangs, scores: _Matrice, seuil: float) -> pl.DataFrame:
        a, b = np.minimum(gauche, droite), np.maximum(gauche, droite)
        notes = np.round(scores.astype(np.float64), 4)
        gardes = self.agree(a, b) & (notes >= seuil)
        a, b, notes = a[gardes], b[gardes], notes[gardes]
        desaccords, plus_a, plus_b = self.compare(a, b)
        rangs = self.rangs.astype(np.int32)  # rising, since keys are sorted
        colonnes = {"a": rangs[a], "b": rangs[b], "score": notes, "desaccord": desaccords, "plus_a": plus_a, "plus_b": plus_b}
        return pl.DataFrame(colonnes, schema=LIENS)

    def exclude(self, i: _Rangs, j: _Rangs) -> NDArray[np.int8]:
        """Twin of `similarite.exclude` for pairs of ranks."""
        contredits = _meet(self.noms_simples, self.noms_simples, i, j) > _meet(self.valeurs, self.valeurs, i, j) + 0.5
        contredits |= _meet(self.codes, self.codes, i, j) < np.minimum(self.nb_codes[i], self.nb_codes[j]) - 0.5
        permis = np.nonzero(~contredits)[0]
        permis = permis[self.agree(i[permis], j[permis])]
        exclues = np.full(len(i), Exclusion.FORMELLE, dtype=np.int8)
        i, j = i[permis], j[permis]
        _, plus_i, plus_j = self.compare(i, j)
        divergent = (plus_i & plus_j) | (self.decisifs[i] != self.decisifs[j])
        exclues[permis] = np.where(divergent, Exclusion.DES_SILENCES, Exclusion.AUCUNE)
        return exclues

    def compare(self, i: _Rangs, j: _Rangs) -> tuple[NDArray[np.int8], NDArray[np.bool_], NDArray[np.bool_]]:
        """For pairs of ranks: what `similarite.disagree` says, whether i says something of weight that j does not, whether j does."""
        seuls_i, inconnus_i, traits_i = self._say_alone(i, j)
        seuls_j, inconnus_j, traits_j = self._say_alone(j, i)
        plus_i, plus_j = seuls_i | traits_i, seuls_j | traits_j
        de_choses = traits_i | traits_j | (inconnus_i & inconnus_j)
        tus = (self.decisifs[i] != self.decisifs[j]) | self.muets[i] | self.muets[j]
        unanimes = np.where(tus, Desaccord.DE_MOTS, Desaccord.AUCUN)
        contraires = np.where(de_choses, Desaccord.DE_CHOSES, Desaccord.DE_MOTS)
        return np.where(plus_i & plus_j, contraires, unanimes).astype(np.int8), plus_i, plus_j

    def _say_alone(self, i: _Rangs, j: _Rangs) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
        """Does i say a weighty word, an unknown word, a feature or a code that j does not?"""
        atteints = self.proches[0][1]
        graves = _count(self.mots_graves)[i] > _meet(self.mots_graves, atteints, i, j) + 0.5
        inconnus = _count(self.mots_inconnus)[i] > _meet(self.mots_inconnus, atteints, i, j) + 0.5
        choses = self.nb_codes[i] > _meet(self.codes, self.codes, i, j) + 0.5
        choses |= _count(self.noms_graves)[i] > _meet(self.noms_graves, self.noms_graves, i, j) + 0.5
        return graves, inconnus, choses

    def agree(self, i: _Rangs, j: _Rangs) -> NDArray[np.bool_]:
        """For pairs of ranks: do their features of several values agree? Few keys have any."""
        accords = np.ones(len(i), dtype=bool)
        for rang in np.nonzero(self.ont_plusieurs_valeurs[i] | self.ont_plusieurs_valeurs[j])[0]:
            accords[rang] = agree_partly(self.traits[i[rang]], self.traits[j[rang]])
        return accords

    @cached_property
    def ont_plusieurs_valeurs(self) -> NDArray[np.bool_]:
        return np.array([any("+" in valeur for valeur in trait.attributs.values()) for trait in self.traits], dtype=bool)

    def _score(self, lignes: _Rangs) -> _Matrice:
        """Score of each of these rows with every row, forbidden or not."""
        noms_communs = _times(self.noms[lignes], self.noms)
        absences = self.poids_absences[lignes][:, None] + self.poids_absences[None, :]
        absences -= 2 * _times(self.noms_peses[lignes], self.noms)
        codes_communs = _times(self.codes[lignes], self.codes)
        nombres = self.nb_codes[lignes][:, None] + self.nb_codes[None, :] - 2 * codes_communs
        mots, seuls = self._share_mots(lignes)
        communs = POIDS_ATTRIBUT * noms_communs + POIDS_CODE * codes_communs
        communs = np.where(mots > 0, communs + mots, communs * 0.5)
        total = 2 * communs
        reste = absences + POIDS_CODE * 0.5 * nombres + seuls
        return np.where(total > 0, total / np.maximum(total + reste, 1e-9), 0.0).astype(np.float32)

    def _share_mots(self, lignes: _Rangs) -> tuple[_Matrice, _Matrice]:
        """Weight of the words that have a counterpart (half from each side, times the credit of the best), and of those that have none."""
        communs = np.zeros((len(lignes), len(self.rangs)), dtype=np.float32)
        pourvus = np.zeros_like(communs)
        precedent = 0.0
        for credit, proches in self.proches:
            aller = _times(self.mots_peses[lignes], proches)
            retour = _times(proches[lignes], self.mots_peses)
            communs += (credit - precedent) * 0.5 * (aller + retour)
            if not precedent:
                pourvus = aller + retour
            precedent = credit
        poids = self.poids_mots[lignes][:, None] + self.poids_mots[None, :]
        return communs, np.maximum(poids - pourvus, 0.0)

    def _forbid(self, lignes: _Rangs) -> NDArray[np.bool_]:
        """Pairs that a feature of one value, a side or a code forbids."""
        contredits = _times(self.noms_simples[lignes], self.noms_simples) > _times(self.valeurs[lignes], self.valeurs) + 0.5
        codes_communs = _times(self.codes[lignes], self.codes)
        moins = np.minimum(self.nb_codes[lignes][:, None], self.nb_codes[None, :])
        interdits: NDArray[np.bool_] = contredits | (codes_communs < moins - 0.5)
        return interdits

    @cached_property
    def decisifs(self) -> _Rangs:
        return np.array([sum(1 << rang for rang, nom in enumerate(sorted(DECISIFS)) if nom in trait.attributs) for trait in self.traits])

    @cached_property
    def muets(self) -> NDArray[np.bool_]:
        return np.array([not (trait.mots or trait.codes) for trait in self.traits])

    @cached_property
    def mots_graves(self) -> sparse.csr_matrix:
        return _lay([{m: 1.0 for m, poids in trait.mots.items() if poids >= POIDS_INCONNU} for trait in self.traits], self.vocabulaire)

    @cached_property
    def mots_inconnus(self) -> sparse.csr_matrix:
        return _lay([{m: 1.0 for m, poids in trait.mots.items() if poids == POIDS_INCONNU} for trait in self.traits], self.vocabulaire)

    @cached_property
    def noms_graves(self) -> sparse.csr_matrix:
        return _lay([[nom for nom in trait.attributs if not is_accessory(nom)] for trait in self.traits])

    @cached_property
    def noms(self) -> sparse.csr_matrix:
        return _lay([trait.attributs for trait in self.traits])

    @cached_property
    def noms_peses(self) -> sparse.csr_matrix:
        return _lay([{nom: weigh_absence(nom) for nom in trait.attributs} for trait in self.traits])

    @cached_property
    def poids_absences(self) -> _Matrice:
        return np.array([sum(weigh_absence(nom) for nom in trait.attributs) for trait in self.traits], dtype=np.float32)

    @cached_property
    def noms_simples(self) -> sparse.csr_matrix:
        return _lay([[nom for nom, _ in _singles(trait)] for trait in self.traits])

    @cached_property
    def valeurs(self) -> sparse.csr_matrix:
        return _lay([_singles(trait) for trait in self.traits])

    @cached_property
    def codes(self) -> sparse.csr_matrix:
        return _lay([trait.codes for trait in self.traits])

    @cached_property
    def nb_codes(self) -> _Matrice:
        return np.array([len(trait.codes) for trait in self.traits], dtype=np.float32)

    @cached_property
    def vocabulaire(self) -> list[str]:
        return sorted({mot for trait in self.traits for mot in trait.mots}) or ["-"]  # matrices have a column at least

    @cached_property
    def mots_peses(self) -> sparse.csr_matrix:
        return _lay([trait.mots for trait in self.traits], self.vocabulaire)

    @cached_property
    def poids_mots(self) -> _Matrice:
        return np.array([sum(trait.mots.values()) for trait in self.traits], dtype=np.float32)

    @cached_property
    def proches(self) -> list[tuple[float, sparse.csr_matrix]]:
        """By rising credit: for each key, the words that have in it a counterpart of at least that credit."""
        presences = _lay([dict.fromkeys(trait.mots, 1.0) for trait in self.traits], self.vocabulaire)
        ressemblances = find_near(self.vocabulaire)
        couches = []
        for credit in PRESQUE:
            assez = ressemblances.copy()
            assez.data = (assez.data >= credit - 1e-6).astype(np.float32)
            atteints = sparse.csr_matrix(presences @ assez)
            atteints.data = (atteints.data > 0).astype(np.float32)
            couches.append((credit, atteints))
        return couches


def _singles(trait: Trait) -> list[tuple[str, str]]:
    """Features of one value and sides: equal, or the two never match."""
    cotes = [(f"côté {sujet}", valeur) for sujet, valeur in trait.cotes.items()]
    return cotes + [(nom, valeur) for nom, valeur in trait.attributs.items() if "+" not in valeur]


def agree_partly(a: Trait, b: Trait) -> bool:
    """Do the features of several values (« 16go+512go ») agree?"""
    return all(agree(valeur, b.attributs[nom]) for nom, valeur in a.attributs.items() if nom in b.attributs)


def _lay(rangees: Sequence[Iterable[object]], colonnes: Sequence[str] | None = None) -> sparse.csr_matrix:
    """One row each; columns are what is met (or those given); values are those of a mapping, or 1."""
    rangs: dict[object, int] = {nom: rang for rang, nom in enumerate(colonnes or ())}
    bornes, j, valeurs = [0], [], []
    for rangee in rangees:
        j += [rangs.setdefault(nom, len(rangs)) for nom in rangee]
        if isinstance(rangee, Mapping):
            valeurs += [valeur if isinstance(valeur, float) else 1.0 for valeur in rangee.values()]
        else:
            valeurs += [1.0] * (len(j) - bornes[-1])
        bornes.append(len(j))
    matrice = sparse.csr_matrix((np.array(valeurs, dtype=np.float32), j, bornes), shape=(len(rangees), max(1, len(rangs))))
    matrice.sum_duplicates()
    return matrice


def _times(a: sparse.csr_matrix, b: sparse.csr_matrix) -> _Matrice:
    """a · bᵀ, laid out in full."""
    produit: _Matrice = (a @ b.T).toarray()
    return produit


def _meet(a: sparse.csr_matrix, b: sparse.csr_matrix, i: _Rangs, j: _Rangs) -> _Matrice:
    """Row i of a · row j of b, for each pair."""
    produit: _Matrice = np.asarray(a[i].multiply(b[j]).sum(axis=1)).ravel()
    return produit


def _count(a: sparse.csr_matrix) -> _Matrice:
    comptes: _Matrice = np.asarray(a.sum(axis=1)).ravel()
    return comptes


def find_near(mots: Sequence[str]) -> sparse.csr_matrix:
    """Credit of every pair of words that `similarite.near` finds alike, 1 for a word and itself."""
    rangs = {mot: rang for rang, mot in enumerate(mots)}
    i, j = list(range(len(mots))), list(range(len(mots)))
    notes = [1.0] * len(mots)
    for a, b in _candidates(mots):
        credit = near(a, b)
        if credit > 0:
            i += [rangs[a], rangs[b]]
            j += [rangs[b], rangs[a]]
            notes += [credit, credit]
    return sparse.csr_matrix((np.array(notes, dtype=np.float32), (i, j)), shape=(len(mots), len(mots)))


def _candidates(mots: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs that begin alike in one letter, or one slip apart, each once."""
    simples = [mot for mot in mots if " " not in mot]
    par_initiale: dict[str, list[str]] = defaultdict(list)
    for mot in simples:
        par_initiale[mot[0]].append(mot)
    for groupe in par_initiale.values():
        for rang, a in enumerate(groupe):
            for b in groupe[rang + 1 :]:
                if len(a) != len(b):
                    yield a, b
    longs = [mot for mot in simples if len(mot) >= 5]
    if len(longs) < 2:
        return
    ecarts = process.cdist(longs, longs, scorer=DamerauLevenshtein.distance, score_cutoff=2, dtype=np.uint8)
    for x, y in zip(*np.nonzero(ecarts <= 2), strict=True):
        a, b = longs[int(x)], longs[int(y)]
        if x < y and (a[0] != b[0] or len(a) == len(b)) and is_slip(a, b):
            yield a, b
