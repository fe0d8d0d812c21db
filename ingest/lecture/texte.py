"""A text file is cut in cells by the separator that makes its lines alike; one column or no line is refused, never accepted."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from ingest.erreurs import FichierRefuse
from ingest.lecture.cadre import cadre_de_lignes, entete_suivante, preparer, table_en_memoire, tables_du_cadre, trop_de_colonnes
from ingest.lecture.cellules import COLONNES_MAX, couper, couper_une
from ingest.lecture.choix import choisir_tables
from ingest.lecture.entete import MOTS_ENTETE, est_connu, est_valeur
from ingest.lecture.flux import TAILLE_BLOC, Bloc, Ecriture, compter_lignes, couper_apres, lire_blocs, observer
from ingest.lecture.lignes import Plan, marquer
from ingest.lecture.rapide import cadre_rapide, douteuses
from ingest.lecture.suite import Suite
from ingest.lecture.table import LIGNE, Genre, TableBrute

SEPARATEURS = (";", ",", "\t", "|")
EN_MEMOIRE = 8 << 20  # up to this size a text is held whole, and may hold several tables
_PETIT_BLOC = 1 << 20
_ECHANTILLON = 1 << 18
_LIGNES_TETE = 200
_LIGNES_LISIBLES = 40
# A line wholly between quotes, its inner quotes doubled: what a spreadsheet writes after reading a CSV as one column.
_EMBALLEE = re.compile(r'"((?:[^"]|"")*)"[;,\s]*')


def lire_texte(
    chemin: Path, nom: str, mots: Collection[str] = MOTS_ENTETE, *, en_memoire: int = EN_MEMOIRE, taille_bloc: int = TAILLE_BLOC
) -> list[TableBrute]:
    """Read a text file whatever its letters, line ends and separator. Raises `FichierRefuse` when it is not a table.

    Up to `en_memoire` bytes the file is held whole and may hold several tables; beyond, it is one table read by blocks.
    """
    ecriture = observer(chemin)
    entier = chemin.stat().st_size <= en_memoire
    debut = _fondre(lire_blocs(chemin, ecriture)) if entier else next(lire_blocs(chemin, ecriture, _PETIT_BLOC), Bloc(b"", 1, 0))
    remarques: tuple[str, ...] = ()
    if entier and _est_emballe(debut):
        debut = _deballer(debut)
        remarques = ("Chaque ligne était enfermée dans une seule cellule : les colonnes ont été retrouvées à l'intérieur.",)
    separateur = choisir_separateur(_tete(debut), mots)
    if separateur is None:
        raise _une_colonne(nom)
    if any(len(cellules) >= COLONNES_MAX for _, cellules in couper(_tete(debut), separateur)):
        raise trop_de_colonnes(nom)
    tables = (
        _tables_en_memoire(debut, separateur, mots) if entier else _table_en_flux(chemin, ecriture, debut, separateur, mots, taille_bloc)
    )
    if not tables:
        raise FichierRefuse(
            f"Le fichier « {nom} » ne contient aucune ligne d'achat : nous n'y avons trouvé qu'un en-tête ou des lignes vides. "
            "Vérifiez la période choisie dans votre logiciel, puis exportez-le de nouveau."
        )
    if any(len(table.entetes) < 2 for table in tables):
        raise _une_colonne(nom)
    if sum(est_connu(entete, mots) for entete in tables[0].entetes) < 2 and not _a_des_valeurs(_tete(debut), separateur):
        raise FichierRefuse(f"Le fichier « {nom} » est un texte, pas un tableau. Exportez vos lignes d'achat en Excel ou en CSV.")
    tables = choisir_tables(tables)
    return [replace(tables[0], remarques=(*remarques, *tables[0].remarques)), *tables[1:]]


def choisir_separateur(lignes: Sequence[str], mots: Collection[str] = MOTS_ENTETE) -> str | None:
    """Choose the separator under which most lines have the same number of cells, more than one; None when there is none."""
    formes = {separateur: _noter_forme(lignes, separateur) for separateur in SEPARATEURS}
    possibles = [separateur for separateur in SEPARATEURS if formes[separateur] > 0]
    if len(possibles) < 2:
        return possibles[0] if possibles else None
    return max(possibles, key=lambda separateur: formes[separateur] * (0.1 + _part_lisible(lignes, separateur, mots)))


def _noter_forme(lignes: Sequence[str], separateur: str) -> float:
    largeurs = Counter(len(cellules) for _, cellules in couper(lignes, separateur) if any(c.strip() for c in cellules))
    total = largeurs.total()
    if largeurs[1] * 2 > total or not total:
        return 0.0  # most lines are not cut at all: prose, or another separator
    return sum(nombre * (largeur - 1) / largeur for largeur, nombre in largeurs.items()) / len(largeurs) / total


def _part_lisible(lignes: Sequence[str], separateur: str, mots: Collection[str]) -> float:
    """Return the share of cells that are values or known headers, on the first lines: a wrong cut makes neither."""
    cellules = [c for _, ligne in couper(lignes[:_LIGNES_LISIBLES], separateur) for c in ligne if c.strip()]
    return sum(est_valeur(c) or est_connu(c, mots) for c in cellules) / max(len(cellules), 1)


def _a_des_valeurs(lignes: Sequence[str], separateur: str) -> bool:
    """Say whether rows without a known header hold numbers or dates: prose does not."""
    cellules = [c for _, ligne in couper(lignes, separateur) for c in ligne if c.strip()]
    return sum(map(est_valeur, cellules)) * 10 >= len(cellules)


def _tables_en_memoire(bloc: Bloc, separateur: str, mots: Collection[str]) -> list[TableBrute]:
    """Read a text held whole: fast when its lines are all alike (then it is one table), carefully when not."""
    prepare = _preparer_flux(bloc, separateur, mots)
    if prepare is not None:
        plan, largeur, premiere = prepare
        frame = cadre_rapide(_a_partir_de(bloc, premiere), separateur, largeur)
        if frame is not None and entete_suivante(frame, plan, mots) is None:
            marquee = marquer(frame, plan)
            return [table_en_memoire(marquee, "", plan.entetes, plan.remarques)] if marquee.height else []
    return tables_du_cadre(_cadre_lent(bloc, separateur), "", mots)


def _table_en_flux(
    chemin: Path, ecriture: Ecriture, debut: Bloc, separateur: str, mots: Collection[str], taille_bloc: int
) -> list[TableBrute]:
    """Read a large text as one table, block by block; only the pieces that need care are cut slowly.

    The lines of another table further down are set aside by their own rule: keeping them would mix two meanings of one column.
    """
    prepare = _preparer_flux(debut, separateur, mots)
    if prepare is None:
        return []
    plan, largeur, premiere = prepare

    def blocs() -> Iterator[pl.DataFrame]:
        suite = Suite(plan, mots)
        for bloc in lire_blocs(chemin, ecriture, taille_bloc):
            for morceau in _cadres(_a_partir_de(bloc, premiere), separateur, largeur):
                yield from suite.marquer(morceau)

    return [TableBrute("", Genre.TABLEUR, plan.entetes, blocs, remarques=plan.remarques)]


def _preparer_flux(bloc: Bloc, separateur: str, mots: Collection[str]) -> tuple[Plan, int, int] | None:
    """Find on the first lines: how to read the rows, how many cells they have, the number of the first line of data."""
    lignes = list(couper(_tete(bloc), separateur, bloc.premiere))
    plan = preparer(cadre_de_lignes(lignes, compter=True), mots)
    if plan is None or plan.premiere >= len(lignes):
        return None
    largeurs = Counter(len(cellules) for _, cellules in lignes[plan.premiere :] if len(cellules) > 1)
    if not largeurs:
        return None
    return plan, max(largeurs, key=lambda largeur: (largeurs[largeur], largeur)), lignes[plan.premiere][0]


def _cadres(bloc: Bloc, separateur: str, largeur: int) -> Iterator[pl.DataFrame]:
    """Cut a block fast; when it cannot be, cut it in small ones so that only those that hold the difficulty are cut slowly."""
    if not bloc.texte:
        return
    frame = cadre_rapide(bloc, separateur, largeur)
    if frame is not None:
        yield frame
    elif len(bloc.texte) <= _PETIT_BLOC:
        yield _cadre_mixte(bloc, separateur, largeur)
    else:
        for petit in _petits(bloc):
            yield from _cadres(petit, separateur, largeur)


def _cadre_lent(bloc: Bloc, separateur: str) -> pl.DataFrame:
    frame = cadre_de_lignes(list(couper(_lignes(bloc.texte), separateur, bloc.premiere)), compter=True)
    return frame.with_columns(*douteuses(bloc, pl.col(LIGNE)))


def _cadre_mixte(bloc: Bloc, separateur: str, largeur: int) -> pl.DataFrame:
    """Cut a block whose plain lines go through polars together, and whose difficult ones are cut one by one."""
    lignes = _lignes(bloc.texte)
    simples, numeros, difficiles = [], [], []
    rang = 0
    while rang < len(lignes):
        ligne = lignes[rang]
        if ligne.count(separateur) == largeur - 1 and '"' not in ligne:
            simples.append(ligne)
            numeros.append(bloc.premiere + rang)
            rang += 1
            continue
        cellules, prises = couper_une(lignes, rang, separateur)
        difficiles.append((bloc.premiere + rang, cellules))
        rang += prises
    frame = cadre_rapide(Bloc("\n".join(simples).encode(), 1, len(simples)), separateur, largeur) if simples else None
    if frame is None:
        return _cadre_lent(bloc, separateur)
    rapide = frame.with_columns(pl.Series(LIGNE, numeros, dtype=pl.Int64))
    ensemble = pl.concat([rapide, cadre_de_lignes(difficiles, compter=True)], how="diagonal").sort(LIGNE)
    return ensemble.with_columns(*douteuses(bloc, pl.col(LIGNE)))


def _petits(bloc: Bloc) -> Iterator[Bloc]:
    position, premiere = 0, bloc.premiere
    while position < len(bloc.texte):
        fin = position + couper_apres(bloc.texte[position : position + _PETIT_BLOC])
        if fin == position:
            fin = len(bloc.texte)
        texte = bloc.texte[position:fin]
        petit = Bloc(texte, premiere, compter_lignes(texte), bloc.douteuses)
        yield petit
        premiere += petit.nombre
        position = fin


def _a_partir_de(bloc: Bloc, premiere: int) -> Bloc:
    """Leave out the lines above number `premiere`."""
    position, numero = 0, bloc.premiere
    while numero < premiere:
        suivante = bloc.texte.find(b"\n", position)
        if suivante < 0:
            return Bloc(b"", premiere, 0)
        position, numero = suivante + 1, numero + 1
    return Bloc(bloc.texte[position:], numero, bloc.nombre - (numero - bloc.premiere), bloc.douteuses) if position else bloc


def _fondre(blocs: Iterator[Bloc]) -> Bloc:
    tous = list(blocs)
    if len(tous) == 1:
        return tous[0]
    texte = b"".join(bloc.texte for bloc in tous)
    return Bloc(texte, 1, compter_lignes(texte), tuple(rang for bloc in tous for rang in bloc.douteuses))


def _tete(bloc: Bloc) -> list[str]:
    debut, fin = bloc.texte[:_ECHANTILLON], 0
    for _ in range(_LIGNES_TETE):
        fin = debut.find(b"\n", fin) + 1
        if not fin:
            break
    else:
        return _lignes(debut[:fin])
    lignes = _lignes(debut)
    # The last line of the sample may be cut.
    return lignes[: min(_LIGNES_TETE, max(len(lignes) - (len(bloc.texte) > _ECHANTILLON), 1))]


def _lignes(texte: bytes) -> list[str]:
    """Split in physical lines, without the CR that many programs write before the LF."""
    decode = texte.decode("utf-8", errors="replace").removesuffix("\n")
    return [ligne.removesuffix("\r") for ligne in decode.split("\n")]


def _est_emballe(bloc: Bloc) -> bool:
    lignes = [ligne.strip() for ligne in _tete(bloc) if ligne.strip()]
    emballees = [m for m in map(_EMBALLEE.fullmatch, lignes) if m and any(s in m.group(1) for s in SEPARATEURS)]
    return bool(lignes) and len(emballees) * 5 >= len(lignes) * 4


def _deballer(bloc: Bloc) -> Bloc:
    lignes = []
    for ligne in _lignes(bloc.texte):
        trouve = _EMBALLEE.fullmatch(ligne.strip())
        lignes.append(trouve.group(1).replace('""', '"') if trouve else ligne)
    return Bloc("\n".join(lignes).encode(), bloc.premiere, len(lignes), bloc.douteuses)


def _une_colonne(nom: str) -> FichierRefuse:
    return FichierRefuse(
        f"Le fichier « {nom} » n'a qu'une seule colonne : nous n'y avons reconnu ni point-virgule, ni tabulation, ni virgule entre les "
        "valeurs. Exportez-le de nouveau depuis votre logiciel, en Excel ou en CSV."
    )
