"""A line gets the famille its CPV code says, else the one its words, account and supplier agree on; under a floor, « à classer »."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice, product

import polars as pl

from ingest.familles.indices import complete, mots_par_forme, stems, suites_par_debut
from ingest.familles.nomenclature import familles
from ingest.vocabulaire import FAMILLE_A_CLASSER

# Under this confidence a line stays « à classer »; chosen on the tuning data of `analytics.evaluation`, see its report.
PLANCHER = 0.5
_SURE = 0.75
_TAILLE_MAX = 4
_ESSAIS_MAX = 40
_CLES = ["libelle", "code_cpv", "compte", "fournisseur"]
_SCHEMA = {**dict.fromkeys(_CLES, pl.String), "famille": pl.String, "famille_confiance": pl.Float64, "famille_motif": pl.String}
Proposition = tuple[str, float, str]


def classer(lignes: pl.DataFrame) -> pl.DataFrame:
    """Add `famille`, `famille_confiance` (0 to 1) and `famille_motif` (French reason) to lines.

    Lines have `libelle`, and if known `code_cpv`, `compte` and `fournisseur` (String). « A_CLASSER » when nothing is sure enough.
    What a supplier surely sells elsewhere in the same table weighs on its doubtful lines. Rows keep their order.
    """
    absentes = [nom for nom in _CLES if nom not in lignes.columns]
    completes = lignes.with_columns(pl.lit(None, dtype=pl.String).alias(nom) for nom in absentes)
    distinctes = sorted(completes.select(_CLES).unique().iter_rows(), key=lambda cle: tuple(valeur or "" for valeur in cle))
    premieres = {cle: propose(cle[0], cle[1], cle[2]) for cle in distinctes}
    habitudes = _learn_habitudes(premieres)
    classees = []
    for cle, (famille, confiance, motif) in premieres.items():
        habitude = habitudes.get(cle[3] or "")
        if confiance < _SURE and habitude is not None:
            famille, confiance, motif = propose(cle[0], cle[1], cle[2], habitude, cle[3])
        classees.append((*cle, famille, confiance, motif))
    table = pl.DataFrame(classees, schema=_SCHEMA, orient="row")
    return completes.join(table, on=_CLES, how="left", nulls_equal=True, maintain_order="left").drop(absentes)


def propose(
    libelle: str | None, code_cpv: str | None, compte: str | None, habitude: Counter[str] | None = None, fournisseur: str | None = None
) -> Proposition:
    """Famille, confidence and French reason for one line. `habitude` counts the familles this supplier surely sells."""
    par_cpv = _from_cpv((code_cpv or "").replace(" ", "")[:8])
    if par_cpv is not None:
        return par_cpv
    if habitude is None:
        return _propose_seul(libelle or "", (compte or "").strip())
    return _propose_words(libelle or "", (compte or "").strip(), habitude, fournisseur)


@lru_cache(maxsize=65_536)
def _propose_seul(libelle: str, compte: str) -> Proposition:
    """What label and account say: the same pair comes back with every supplier."""
    return _propose_words(libelle, compte, None, None)


def _propose_words(libelle: str, compte: str, habitude: Counter[str] | None, fournisseur: str | None) -> Proposition:
    points, raisons = _weigh_mots(libelle)
    if not points:
        return FAMILLE_A_CLASSER, 0.0, "aucun mot du libellé n'est connu de la nomenclature"
    _weigh_compte(points, raisons, compte)
    if habitude:
        for code, n in habitude.items():
            if code in points:
                points[code] *= 1 + n / habitude.total()
                raisons[code].append(f"ce que vend {fournisseur}")
    ordre = sorted((code for code in points if points[code] > 0), key=lambda code: (-points[code], code))
    if not ordre:
        return FAMILLE_A_CLASSER, 0.0, "les mots du libellé se contredisent"
    premier = ordre[0]
    total = sum(points[code] ** 2 for code in ordre)
    confiance = round(min(0.99, points[premier] ** 2 / total * min(1.0, points[premier] / 1.2)), 3)
    motif = "libellé : " + ", ".join(dict.fromkeys(raisons[premier]))
    return (premier, confiance, motif) if confiance >= PLANCHER else (FAMILLE_A_CLASSER, confiance, f"trop peu sûr ; {motif}")


def _learn_habitudes(propositions: dict[tuple[str | None, ...], Proposition]) -> dict[str, Counter[str]]:
    habitudes: dict[str, Counter[str]] = defaultdict(Counter)
    for cle, (famille, confiance, _) in propositions.items():
        if cle[3] and confiance >= _SURE and famille != FAMILLE_A_CLASSER:
            habitudes[cle[3]][famille] += 1
    return habitudes


def _from_cpv(code: str) -> Proposition | None:
    """Longest prefix wins: no prefix is shared by two familles."""
    for longueur in range(len(code), 1, -1):
        famille = _prefixes().get(code[:longueur])
        if famille is not None:
            return famille, 0.98, f"code CPV {code}"
    return None


@lru_cache(maxsize=1)
def _prefixes() -> dict[str, str]:
    return {prefixe: famille.code for famille in familles() for prefixe in famille.cpv}


def _weigh_mots(libelle: str) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Points by famille; a longer expression weighs more than the words it is made of."""
    points: dict[str, float] = defaultdict(float)
    raisons: dict[str, list[str]] = defaultdict(list)
    for expression, facteur, trouve in _find_expressions(libelle):
        for code, poids in trouve:
            points[code] += poids * facteur
            raisons[code].append(f"« {expression} »")
    return points, raisons


@lru_cache(maxsize=65_536)
def _find_expressions(libelle: str) -> tuple[tuple[str, float, tuple[tuple[str, float], ...]], ...]:
    """Expressions of the lexicon in a label, longest first: as written, its factor, the familles it points to with their weights."""
    lexique = mots_par_forme()
    mots = stems(libelle)
    formes = [complete(mot) for mot in mots]
    ouvrantes = [_may_begin(formes[rang], formes[rang + 1]) for rang in range(len(formes) - 1)]
    trouvees = []
    for taille in range(min(_TAILLE_MAX, len(mots)), 0, -1):
        for debut in range(len(mots) - taille + 1):
            if taille > 1 and not ouvrantes[debut]:
                continue
            for choix in islice(product(*formes[debut : debut + taille]), _ESSAIS_MAX):
                trouve = lexique.get(" ".join([mot for mot, _ in choix]))
                if trouve is not None:
                    facteur = min(f for _, f in choix) * (1 + 0.6 * (taille - 1)) * (1.15 if debut == 0 else 1.0)
                    trouvees.append((" ".join(mots[debut : debut + taille]), facteur, trouve))
    return tuple(trouvees)


def _may_begin(premieres: Sequence[tuple[str, float]], secondes: Sequence[tuple[str, float]]) -> bool:
    """Does any expression of several words begin by these two? Most pairs of words begin none."""
    suites = suites_par_debut()
    dites = {mot for mot, _ in secondes}
    return any(not dites.isdisjoint(suites[mot]) for mot, _ in premieres if mot in suites)


def _weigh_compte(points: dict[str, float], raisons: dict[str, list[str]], compte: str) -> None:
    """An account is a hint, not a rule (domaine.md §5.2): it only strengthens a famille that the words already name."""
    if len(compte) < 3 or not compte.isdigit():
        return
    for code in points:
        if any(compte.startswith(c) or c.startswith(compte) for c in _comptes()[code]):
            points[code] *= 1.5
            raisons[code].append(f"compte {compte}")


@lru_cache(maxsize=1)
def _comptes() -> dict[str, tuple[str, ...]]:
    return {famille.code: famille.comptes for famille in familles()}
