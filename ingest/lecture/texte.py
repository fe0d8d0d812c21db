"""A text file is cut in cells by the separator that makes its lines alike; one column or no line is refused, never accepted."""

import csv
import io
from collections.abc import Collection, Iterator
from pathlib import Path

from ingest.erreurs import FichierRefuse
from ingest.lecture.cadre import cadre_de_lignes, tables_du_cadre
from ingest.lecture.encodage import choisir_encodage, longueur_bom, passages_accentues
from ingest.lecture.entete import MOTS_ENTETE, est_connu, est_valeur
from ingest.lecture.table import TableBrute

SEPARATEURS = (";", ",", "\t", "|")


def lire_texte(chemin: Path, nom: str, mots: Collection[str] = MOTS_ENTETE) -> list[TableBrute]:
    """Read a text file whatever its letters, line ends and separator. Raises `FichierRefuse` when it is not a table."""
    octets = chemin.read_bytes()
    extraits = octets[:65536] + b"\n" + b"".join(passages_accentues(octets[65536:]))
    encodage = choisir_encodage(extraits)
    texte = octets[longueur_bom(octets) :].decode(encodage, errors="replace")
    separateur = choisir_separateur(texte[:65536], mots)
    if separateur is None:
        raise FichierRefuse(
            f"Le fichier « {nom} » n'a qu'une seule colonne : nous n'y avons reconnu ni point-virgule, ni tabulation, ni virgule entre les "
            "valeurs. Exportez-le de nouveau depuis votre logiciel, en Excel ou en CSV."
        )
    tables = tables_du_cadre(cadre_de_lignes(list(lignes_csv(texte, separateur)), compter=True), "", mots)
    if not tables or not any(bloc.height for table in tables for bloc in table.blocs()):
        raise FichierRefuse(
            f"Le fichier « {nom} » ne contient aucune ligne d'achat : nous n'y avons trouvé qu'un en-tête ou des lignes vides."
        )
    return tables


def choisir_separateur(texte: str, mots: Collection[str] = MOTS_ENTETE) -> str | None:
    """Choose the separator under which most lines have the same number of cells, more than one; None when there is none."""
    notes = {separateur: _noter(texte, separateur, mots) for separateur in SEPARATEURS}
    meilleur = max(notes, key=lambda separateur: notes[separateur])
    return meilleur if notes[meilleur] > 0 else None


def _noter(texte: str, separateur: str, mots: Collection[str]) -> float:
    lignes = [cellules for _, cellules in lignes_csv(texte, separateur) if any(c.strip() for c in cellules)][:300]
    largeurs = [len(cellules) for cellules in lignes]
    if not largeurs or max(largeurs) < 2:
        return 0.0
    motifs = {largeur: largeurs.count(largeur) for largeur in set(largeurs)}
    forme = sum(nombre * (largeur - 1) / largeur for largeur, nombre in motifs.items()) / len(motifs) / len(largeurs)
    cellules = [c for ligne in lignes for c in ligne if c.strip()]
    lisibles = sum(est_valeur(c) or est_connu(c, mots) for c in cellules) / max(len(cellules), 1)
    return forme * (0.2 + lisibles)


def lignes_csv(texte: str, separateur: str) -> Iterator[tuple[int, list[str]]]:
    """Cut a text in rows of cells, each with the number of the physical line it starts on."""
    csv.field_size_limit(1 << 27)
    lecteur = csv.reader(io.StringIO(texte.replace("\x00", ""), newline=""), delimiter=separateur)
    debut = 1
    try:
        for cellules in lecteur:
            yield debut, cellules
            debut = lecteur.line_num + 1
    except csv.Error:
        return
