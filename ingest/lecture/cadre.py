"""A sheet or a text, once cut in cells, becomes tables: titles above, header, lines, blank lines, totals, next table."""

from collections.abc import Collection, Iterator, Sequence

import polars as pl

from ingest.erreurs import FichierRefuse
from ingest.lecture.cellules import COLONNES_MAX
from ingest.lecture.entete import MOTS_ENTETE, Cellules, Entete, est_connu, est_valeur, nommer, plier, trouver_entete
from ingest.lecture.lignes import COMPTE, Plan, marquer
from ingest.lecture.table import ALERTE, LIGNE, Genre, TableBrute

_TETE = 100  # rows looked at to find a header
_ECHANTILLON = 2000  # rows looked at to know which columns are filled
_CANDIDATS_MAX = 2000  # rows looked at for another header: a file with more blank lines than that has none to find
_TABLES_MAX = 50  # a file with more headers than that has one table, whose headers come back
_CONNUS_MIN = 3  # known words that make a row the header of another table
SANS_ENTETE = "Aucune ligne d'en-tête : les colonnes ont été nommées par leur lettre."

Ligne = tuple[int, Sequence[str | None]]  # number the person sees, cells


def cadre_de_lignes(lignes: Sequence[Ligne], *, compter: bool = False) -> pl.DataFrame:
    """Build the raw frame (`ligne`, `nb`, c0…cN, empty cells null) of rows of unequal lengths.

    `compter` when a row shorter than the others is a fault (text files).
    """
    largeur = max((len(cellules) for _, cellules in lignes), default=0)
    if largeur > COLONNES_MAX:
        raise trop_de_colonnes("déposé")
    colonnes = {f"c{rang}": [(c[rang] or None) if rang < len(c) else None for _, c in lignes] for rang in range(largeur)}
    return pl.DataFrame(
        {LIGNE: [n for n, _ in lignes], COMPTE: [len(c) if compter else None for _, c in lignes], **colonnes},
        schema={LIGNE: pl.Int64, COMPTE: pl.Int32, **dict.fromkeys(colonnes, pl.String)},
    )


def trop_de_colonnes(nom: str) -> FichierRefuse:
    """Refuse what is so wide that it cannot be a list of purchases: each cell would become a column."""
    return FichierRefuse(
        f"Le fichier « {nom} » a plus de {COLONNES_MAX} colonnes : ce n'est pas une liste d'achats. Exportez-la avec une ligne par achat."
    )


def preparer(brut: pl.DataFrame, mots: Collection[str] = MOTS_ENTETE) -> Plan | None:
    """Find the header of a raw frame and choose its columns; None when there is no filled row at all."""
    cellules = [c for c in brut.columns if c not in (LIGNE, COMPTE, ALERTE)]
    tete = brut[:_ECHANTILLON].select(cellules).rows()
    pleines = [rang for rang, ligne in enumerate(tete) if any(c and c.strip() for c in ligne)]
    if not pleines:
        return None if brut.height <= _ECHANTILLON else preparer(brut[_ECHANTILLON:], mots)
    trouve = trouver_entete(tete[: pleines[min(_TETE, len(pleines)) - 1] + 1], mots)
    noms = [*trouve.noms, *[""] * (len(cellules) - len(trouve.noms))] if trouve else [""] * len(cellules)
    debut = trouve.fin if trouve else 0
    donnees = tete[debut:]
    courante = _largeur_courante(brut, debut)
    gardees = _colonnes_gardees(donnees, noms, courante or len(cellules))
    if not gardees:
        return None
    attendue = gardees[-1] + 1
    uniques = nommer(noms)
    return Plan(
        entetes=tuple(uniques[rang] for rang in gardees),
        colonnes=tuple(cellules[rang] for rang in gardees),
        attendue=attendue,
        minimum=min(attendue, courante or attendue),
        typique=_remplissage_courant(donnees),
        premiere=debut,
        remarques=_remarques(tete, trouve),
    )


def tables_du_cadre(
    brut: pl.DataFrame, origine: str, mots: Collection[str] = MOTS_ENTETE, remarques: tuple[str, ...] = ()
) -> list[TableBrute]:
    """Turn a raw frame held in memory into its tables: as many as it has headers that differ."""
    tables: list[TableBrute] = []
    while (plan := preparer(brut, mots)) is not None:
        brut = brut[plan.premiere :]
        suite = entete_suivante(brut, plan, mots) if len(tables) < _TABLES_MAX else None
        frame = marquer(brut[:suite], plan)
        if frame.height:
            tables.append(table_en_memoire(frame, origine, plan.entetes, (*remarques, *plan.remarques)))
        if suite is None:
            break
        brut = brut[suite:]
    return tables


def table_en_memoire(frame: pl.DataFrame, origine: str, entetes: tuple[str, ...], remarques: tuple[str, ...]) -> TableBrute:
    """Wrap a frame already marked as a `TableBrute` of one block."""

    def blocs() -> Iterator[pl.DataFrame]:
        yield frame

    return TableBrute(origine, Genre.TABLEUR, entetes, blocs, remarques=remarques)


def _colonnes_gardees(donnees: Sequence[Cellules], noms: Sequence[str], courante: int) -> list[int]:
    """Keep named columns, and filled columns without a name as far as ordinary rows go: a cell beyond belongs to a broken line."""
    derniere = max((rang for rang, nom in enumerate(noms) if nom), default=-1)
    remplies = {rang for ligne in donnees for rang, c in enumerate(ligne) if c and c.strip()}
    return [rang for rang, nom in enumerate(noms) if nom or (rang in remplies and (rang < derniere or rang < courante))]


def _largeur_courante(brut: pl.DataFrame, debut: int) -> int | None:
    comptes = brut[COMPTE][debut : debut + _ECHANTILLON].drop_nulls()
    # A line of one cell is blank or a title.
    comptes = comptes.filter(comptes > 1)
    return int(comptes.mode().max()) if len(comptes) else None  # type: ignore[arg-type]


def _remplissage_courant(donnees: Sequence[Cellules]) -> int:
    comptes = sorted(n for n in (sum(1 for c in ligne if c and c.strip()) for ligne in donnees) if n)
    return comptes[len(comptes) // 2] if comptes else 0


def _remarques(tete: Sequence[Cellules], trouve: Entete | None) -> tuple[str, ...]:
    if trouve is None:
        return (SANS_ENTETE,)
    # Excel's own « sep=; » is no title.
    titres = sum(1 for ligne in tete[: trouve.debut] if any(c and c.strip() for c in ligne) and not (ligne[0] or "").startswith("sep="))
    remarques = []
    if titres:
        remarques.append("1 ligne de titre au-dessus de l'en-tête." if titres == 1 else f"{titres} lignes de titre au-dessus de l'en-tête.")
    if trouve.fin - trouve.debut == 2:
        remarques.append("En-tête sur deux lignes : elles ont été réunies.")
    return tuple(remarques)


def entete_suivante(brut: pl.DataFrame, plan: Plan, mots: Collection[str] = MOTS_ENTETE) -> int | None:
    """Find in rows of data where another table starts: known words, other than the current header, under a blank or nearly blank row."""
    cellules = [c for c in brut.columns if c not in (LIGNE, COMPTE, ALERTE)]
    remplies = brut.select(pl.sum_horizontal(pl.col(c).is_not_null() for c in cellules)).to_series()
    apres_vide = (remplies.shift(1) <= 2) & (remplies >= _CONNUS_MIN)
    actuelle = {plier(nom) for nom in plan.entetes}
    positions = apres_vide.arg_true()[:_CANDIDATS_MAX]
    for position, ligne in zip(positions, brut[positions].select(cellules).iter_rows(), strict=True):
        noms = [c for c in ligne if c and c.strip()]
        connus = sum(est_connu(c, mots) for c in noms)
        if connus < _CONNUS_MIN or connus * 5 < len(noms) * 3 or any(map(est_valeur, noms)):
            continue
        if len(actuelle & set(map(plier, noms))) * 2 > len(noms):
            continue  # the same header repeated
        return int(position)
    return None
