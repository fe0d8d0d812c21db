"""A line gets the famille its CPV code says, else the one its words, account and supplier agree on; under a floor, « à classer »."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

import polars as pl

from ingest.familles.lexique import Lexique, lexique
from ingest.familles.mots import stems
from ingest.familles.nomenclature import Nomenclature, livree
from ingest.sans_cycles import sans_cycles
from ingest.vocabulaire import FAMILLE_A_CLASSER

# Under this confidence a line stays « à classer »; chosen on the tuning data of `analytics.evaluation`, see its report.
PLANCHER = 0.5
_SURE = 0.75
_TAILLE_MAX = 4
_ESSAIS_MAX = 40
_CLES = ["libelle", "code_cpv", "compte", "fournisseur"]
_SCHEMA = {"famille": pl.String, "famille_confiance": pl.Float64, "famille_motif": pl.String}
# What is said at the beginning of a label is the thing; what follows may only be its colour or its maker.
_AU_DEBUT = 1.15
_MEMOIRE = 65_536
Proposition = tuple[str, float, str]
# An expression as written, its factor, and the familles it points to with their weights.
Trouvee = tuple[str, float, tuple[tuple[str, float], ...]]


class _Lecture(NamedTuple):
    """What a label says by itself: the expressions found, and the weight of the familles they point to."""

    trouvees: list[Trouvee]
    points: Mapping[str, float]


def classer(lignes: pl.DataFrame, nomenclature: Nomenclature | None = None) -> pl.DataFrame:
    """Add `famille`, `famille_confiance` (0 to 1) and `famille_motif` (French reason) to lines.

    Lines have `libelle`, and if known `code_cpv`, `compte` and `fournisseur` (String). « A_CLASSER » when nothing is sure enough.
    What a supplier surely sells elsewhere in the same table weighs on its doubtful lines. Rows keep their order. The familles are those
    of `nomenclature`, or of the one delivered.
    """
    absentes = [nom for nom in _CLES if nom not in lignes.columns]
    completes = lignes.with_columns(pl.lit(None, dtype=pl.String).alias(nom) for nom in absentes)
    distinctes = completes.select(_CLES).unique().sort("libelle")  # labels that begin alike share their words: what is known is at hand
    with sans_cycles():
        table = distinctes.hstack(_propose_all(classeur(nomenclature or livree()), distinctes))
    return completes.join(table, on=_CLES, how="left", nulls_equal=True, maintain_order="left").drop(absentes)


def classer_en_lot(combinaisons: pl.DataFrame, nomenclature: Nomenclature) -> pl.DataFrame:
    """The columns that `classer` adds, and no other, for `libelle`, `code_cpv`, `compte`: one row for each row, in the same order.

    A pure function of each row, since no supplier is known.
    """
    ordre = combinaisons["libelle"].arg_sort()
    triees = combinaisons[ordre].with_columns(pl.lit(None, dtype=pl.String).alias("fournisseur"))
    with sans_cycles():
        return _propose_all(classeur(nomenclature), triees)[ordre.arg_sort()]


def _propose_all(juge: "Classeur", distinctes: pl.DataFrame) -> pl.DataFrame:
    """The three columns of `classer` for distinct lines, in the same order."""
    libelles, codes, comptes, fournisseurs = (distinctes[nom].to_list() for nom in _CLES)
    propositions = [juge.propose(*cle) for cle in zip(libelles, codes, comptes, strict=True)]
    habitudes = _learn_habitudes(fournisseurs, propositions)
    if habitudes:
        for rang, (proposition, fournisseur) in enumerate(zip(propositions, fournisseurs, strict=True)):
            habitude = habitudes.get(fournisseur or "")
            if proposition[1] < _SURE and habitude is not None:
                propositions[rang] = juge.propose(libelles[rang], codes[rang], comptes[rang], habitude, fournisseur)
    return pl.DataFrame({nom: [proposition[rang] for proposition in propositions] for rang, nom in enumerate(_SCHEMA)}, schema=_SCHEMA)


def _learn_habitudes(fournisseurs: list[str | None], propositions: list[Proposition]) -> dict[str, Counter[str]]:
    habitudes: dict[str, Counter[str]] = defaultdict(Counter)
    for fournisseur, (famille, confiance, _) in zip(fournisseurs, propositions, strict=True):
        if fournisseur and confiance >= _SURE and famille != FAMILLE_A_CLASSER:
            habitudes[fournisseur][famille] += 1
    return habitudes


class Classeur:
    """Proposes familles of one nomenclature; what was worked out of a word, a label or a code is kept."""

    def __init__(self, nomenclature: Nomenclature) -> None:
        self._mots: Lexique = lexique(nomenclature)
        self._prefixes = {prefixe: famille.code for famille in nomenclature.familles for prefixe in famille.cpv}
        self._comptes = {famille.code: famille.comptes for famille in nomenclature.familles}
        self._propose_seul = lru_cache(maxsize=_MEMOIRE)(self._propose_label)
        self._say_expressions = lru_cache(maxsize=_MEMOIRE)(self._find_reasons)
        self._from_cpv = lru_cache(maxsize=_MEMOIRE // 4)(self._find_cpv)
        self._read = lru_cache(maxsize=_MEMOIRE)(self._weigh_label)
        self._may_begin = lru_cache(maxsize=_MEMOIRE)(self._begins)
        self._find_longue = lru_cache(maxsize=_MEMOIRE)(self._look_up_words)
        self._find_mot = lru_cache(maxsize=_MEMOIRE)(self._look_up_word)
        self._is_compte_de = lru_cache(maxsize=_MEMOIRE)(self._has_compte)

    def propose(
        self,
        libelle: str | None,
        code_cpv: str | None,
        compte: str | None,
        habitude: Counter[str] | None = None,
        fournisseur: str | None = None,
    ) -> Proposition:
        """Famille, confidence and French reason for one line. `habitude` counts the familles this supplier surely sells."""
        par_cpv = self._from_cpv(code_cpv) if code_cpv else None
        if par_cpv is not None:
            return par_cpv
        if habitude is None:
            return self._propose_seul(libelle or "", (compte or "").strip())
        return self._propose_words(libelle or "", (compte or "").strip(), habitude, fournisseur)

    def _propose_label(self, libelle: str, compte: str) -> Proposition:
        """What label and account say: the same pair comes back with every supplier."""
        return self._propose_words(libelle, compte, None, None)

    def _propose_words(self, libelle: str, compte: str, habitude: Counter[str] | None, fournisseur: str | None) -> Proposition:
        lue = self._read(libelle)
        if not lue.trouvees:
            return FAMILLE_A_CLASSER, 0.0, "aucun mot du libellé n'est connu de la nomenclature"
        points = self._weigh_compte(lue.points, compte)
        if habitude:
            for code, n in habitude.items():
                if code in points:
                    points[code] *= 1 + n / habitude.total()
        ordre = sorted([(-poids, code) for code, poids in points.items() if poids > 0])
        if not ordre:
            return FAMILLE_A_CLASSER, 0.0, "les mots du libellé se contredisent"
        oppose, premier = ordre[0]
        total = sum([poids**2 for poids, _ in ordre])
        confiance = round(min(0.99, oppose**2 / total * min(1.0, -oppose / 1.2)), 3)
        motif = self._say_expressions(libelle, premier)
        if self._is_compte_de(compte, premier):
            motif += f", compte {compte}"
        if habitude and premier in habitude:
            motif += f", ce que vend {fournisseur}"
        return (premier, confiance, motif) if confiance >= PLANCHER else (FAMILLE_A_CLASSER, confiance, f"trop peu sûr ; {motif}")

    def _find_reasons(self, libelle: str, code: str) -> str:
        """Which words of the label point to this famille."""
        raisons = [f"« {expression} »" for expression, _, poids in self._read(libelle).trouvees if code in dict(poids)]
        return "libellé : " + ", ".join(dict.fromkeys(raisons))

    def _find_cpv(self, ecrit: str) -> Proposition | None:
        """Longest prefix wins: no prefix is shared by two familles."""
        code = ecrit.replace(" ", "")[:8]
        for longueur in range(len(code), 1, -1):
            famille = self._prefixes.get(code[:longueur])
            if famille is not None:
                return famille, 0.98, f"code CPV {code}"
        return None

    def _weigh_label(self, libelle: str) -> _Lecture:
        trouvees = self._find_expressions(stems(libelle))
        points: dict[str, float] = {}
        for _, facteur, poids_par_code in trouvees:  # a longer expression weighs more than the words it is made of
            for code, poids in poids_par_code:
                points[code] = points.get(code, 0.0) + poids * facteur
        return _Lecture(trouvees, points)

    def _find_expressions(self, mots: tuple[str, ...]) -> list[Trouvee]:
        """Expressions of the lexicon in the words of a label, longest first."""
        trouvees: list[Trouvee] = []
        ouvrantes = [rang for rang in range(len(mots) - 1) if self._may_begin(mots[rang], mots[rang + 1])]
        if ouvrantes:
            for taille in range(min(_TAILLE_MAX, len(mots)), 1, -1):
                for debut in ouvrantes:
                    if debut + taille <= len(mots):
                        trouvees += _place(self._find_longue(mots[debut : debut + taille]), debut)
        for rang, mot in enumerate(mots):
            trouvees += _place(self._find_mot(mot), rang)
        return trouvees

    def _begins(self, premier: str, second: str) -> bool:
        """Does any expression of several words begin by these two? Most pairs of words begin none."""
        suites = self._mots.suites
        dites = {mot for mot, _ in self._mots.complete(second)}
        return any(not dites.isdisjoint(suites[mot]) for mot, _ in self._mots.complete(premier) if mot in suites)

    def _look_up_words(self, mots: tuple[str, ...]) -> tuple[Trouvee, ...]:
        """What several words point to together."""
        trouvees = []
        for choix in islice(product(*map(self._mots.complete, mots)), _ESSAIS_MAX):
            trouve = self._mots.formes.get(" ".join([mot for mot, _ in choix]))
            if trouve is not None:
                trouvees.append((" ".join(mots), min(f for _, f in choix) * (1 + 0.6 * (len(mots) - 1)), trouve))
        return tuple(trouvees)

    def _look_up_word(self, mot: str) -> tuple[Trouvee, ...]:
        """What a word alone points to."""
        formes = self._mots.formes
        return tuple((mot, facteur, formes[forme]) for forme, facteur in islice(self._mots.complete(mot), _ESSAIS_MAX) if forme in formes)

    def _weigh_compte(self, points: Mapping[str, float], compte: str) -> dict[str, float]:
        """An account is a hint, not a rule (domaine.md §5.2): it only strengthens a famille that the words already name."""
        return {code: poids * 1.5 if self._is_compte_de(compte, code) else poids for code, poids in points.items()}

    def _has_compte(self, compte: str, code: str) -> bool:
        return len(compte) >= 3 and compte.isdigit() and any(compte.startswith(c) or c.startswith(compte) for c in self._comptes[code])


def _place(trouvees: tuple[Trouvee, ...], debut: int) -> Iterable[Trouvee]:
    return trouvees if debut else [(expression, facteur * _AU_DEBUT, poids) for expression, facteur, poids in trouvees]


@lru_cache(maxsize=4)
def classeur(nomenclature: Nomenclature) -> Classeur:
    """The one of this nomenclature, made once."""
    return Classeur(nomenclature)
