"""The header is the row whose cells are names, above rows whose cells are values; its words decide when the shape does not."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from ingest.lecture.table import RESERVES

Cellules = Sequence[str | None]

# Words met in headers of French finance software and suppliers' statements (domaine.md §4.4). Only used to *find* the header row;
# what each column means is decided by `ingest.correspondance`.
MOTS_ENTETE = frozenset(
    """
    exercice annee mois date dates mandat mandats bordereau piece pieces facture factures emission tiers fournisseur fournisseurs creancier
    raison sociale siret siren compte nature imputation article articles fonction service gestionnaire objet libelle designation description
    produit produits reference ref code quantite quantites qte qtte unite uv cond conditionnement colisage pu prix unitaire ht ttc tva taux
    remise montant montants total net brut marche engagement bc commande commandes cpv famille gtin ean lot budget chapitre operation
    collectivite commune acheteur membre numero num no n ligne origine observation observations
    """.split()  # noqa: SIM905 - sixty words read better as a text
)

_NOMBRE = re.compile(r"^[-+(]?\s*(?:€\s*)?\d[\d\s.,'\u00a0\u202f]*(?:E[+-]?\d+)?\s*(?:€|EUR|%|HT|TTC|F)?\s*\)?-?$", re.IGNORECASE)
_DATE = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].*)?$")
_PROFONDEUR = 60  # rows of title above a header: more was never met


@dataclass(frozen=True)
class Entete:
    """Where the header stands (`debut`, `fin`: positions of its first row and of the first row of data) and its texts, "" when blank."""

    debut: int
    fin: int
    noms: tuple[str, ...]


@lru_cache(maxsize=4096)
def plier(texte: str) -> str:
    """Fold case, accents, punctuation and spaces, so that « Qté  (U.V.) » and « qte u v » are the same header."""
    sans_accent = "".join(c for c in unicodedata.normalize("NFKD", texte) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", sans_accent.casefold()))


def est_valeur(texte: str) -> bool:
    """Say whether a cell is a value (number, amount, date) rather than a name."""
    propre = texte.strip()
    return bool(_NOMBRE.match(propre) or _DATE.match(propre))


def est_connu(texte: str, mots: Collection[str] = MOTS_ENTETE) -> bool:
    """Say whether a cell reads like a header: short, not a value, with a known word, or known as a whole (« mthtaxe »)."""
    if len(texte) > 60 or est_valeur(texte):
        return False
    lus = plier(texte).split()
    entier = "".join(lus)
    return any(mot in mots for mot in lus) or (len(entier) > 2 and entier in mots)


def trouver_entete(lignes: Sequence[Cellules], mots: Collection[str] = MOTS_ENTETE) -> Entete | None:
    """Find the header among the first rows; None when every row looks like data.

    A row of names is preferred when it has more known words and is filled as widely as the rows below it. Two rows that complete
    each other (« Prix » above « HT | TTC ») make one header, the upper one being filled rightwards.
    """
    notes = [(_noter(lignes, i, mots), -i) for i in range(min(len(lignes), _PROFONDEUR))]
    if not notes:
        return None
    note, rang = max(notes)
    if note <= 0:
        return None
    position = -rang
    if position and _se_completent(lignes[position - 1], lignes[position], mots):
        return Entete(position - 1, position + 1, _fondre(lignes[position - 1], lignes[position]))
    if position + 1 < len(lignes) and _se_completent(lignes[position], lignes[position + 1], mots):
        return Entete(position, position + 2, _fondre(lignes[position], lignes[position + 1]))
    return Entete(position, position + 1, tuple(_propre(c) for c in lignes[position]))


def nommer(noms: Sequence[str]) -> tuple[str, ...]:
    """Make headers unique and never blank: « Montant », « Montant (2) », « Colonne D ».

    A header that has the name of one of our own columns (« ligne ») takes a capital.
    """
    pris: set[str] = set(RESERVES)
    uniques = []
    for rang, nom in enumerate(noms):
        base = nom or f"Colonne {lettre(rang)}"
        base = base.capitalize() if base in RESERVES else base
        essai, numero = base, 1
        while essai in pris:
            numero += 1
            essai = f"{base} ({numero})"
        pris.add(essai)
        uniques.append(essai)
    return tuple(uniques)


def lettre(rang: int) -> str:
    """Name a column as a spreadsheet does: 0 is A, 26 is AA."""
    texte = ""
    rang += 1
    while rang:
        rang, reste = divmod(rang - 1, 26)
        texte = chr(ord("A") + reste) + texte
    return texte


def _noter(lignes: Sequence[Cellules], position: int, mots: Collection[str]) -> float:
    remplies = [c for c in lignes[position] if c and c.strip()]
    if len(remplies) < 2:
        return 0.0
    valeurs = sum(map(est_valeur, remplies))
    if valeurs * 4 > len(remplies):
        return 0.0
    connus = sum(est_connu(c, mots) for c in remplies)
    dessous = [sum(1 for c in ligne if c and c.strip()) for ligne in lignes[position + 1 : position + 21]]
    largeur = sorted(dessous)[len(dessous) // 2] if dessous else len(remplies)
    couverture = min(1.0, len(remplies) / max(largeur, 1))
    if connus == 0:
        # No known word: only a full row of distinct short names right above values can be a header.
        suite = [c for ligne in lignes[position + 1 : position + 6] for c in ligne if c and c.strip()]
        nomme = len(set(remplies)) == len(remplies) and valeurs == 0 and all(len(c) <= 60 for c in remplies)
        return 0.5 * couverture if nomme and couverture >= 0.8 and any(map(est_valeur, suite)) else 0.0
    return (connus - valeurs) * (0.25 + couverture) * (connus / len(remplies) + 0.5)


def _se_completent(haut: Cellules, bas: Cellules, mots: Collection[str]) -> bool:
    remplies_haut = {i for i, c in enumerate(haut) if c and c.strip()}
    remplies_bas = {i for i, c in enumerate(bas) if c and c.strip()}
    if len(remplies_haut) < 2 or len(remplies_bas) < 2:
        return False
    textes = [str(haut[i]) for i in remplies_haut] + [str(bas[i]) for i in remplies_bas]
    if any(map(est_valeur, textes)):
        return False
    connus_bas = sum(est_connu(str(bas[i]), mots) for i in remplies_bas)
    return bool(remplies_bas - remplies_haut) and connus_bas * 2 >= len(remplies_bas)


def _fondre(haut: Cellules, bas: Cellules) -> tuple[str, ...]:
    noms = []
    groupe = ""
    for dessus, dessous in zip_longest(map(_propre, haut), map(_propre, bas), fillvalue=""):
        if dessus:
            # Only a name with a sub-name right under it is a merged cell that goes on to the right.
            groupe = dessus if dessous else ""
        noms.append(f"{groupe} {dessous}".strip() if dessous and dessous != groupe else dessus or dessous)
    return tuple(noms)


def _propre(texte: str | None) -> str:
    propre = " ".join((texte or "").split())
    return propre[2:-1] if propre.startswith('="') and propre.endswith('"') else propre
