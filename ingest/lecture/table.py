"""What every reader returns: text as it was written, and where each line stands in the person's own software."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

LIGNE = "ligne"
ECART = "ecart"
ALERTE = "alerte"
ORIGINE_LIGNE = "_origine"  # only when one table gathers several files: the file of each line, instead of `TableBrute.origine`

RESERVES = frozenset({LIGNE, ECART, ALERTE, ORIGINE_LIGNE})  # names of our own columns: a header never bears one


class Genre(StrEnum):
    """What kind of document a table comes from: decides whether its columns must be mapped."""

    TABLEUR = "tableur"
    FACTURE = "facture"
    PES = "pes"


class Ecart(StrEnum):
    """Rules by which a line is set aside while reading. The line is counted, shown and exportable; it makes no purchase."""

    TOTAL = "total"
    ENTETE_REPETEE = "entete_repetee"
    TITRE = "titre"  # a title or a note standing alone among the lines (section of a price list, page number…)
    PAIE = "paie"  # PES: staff costs (chapter 012, accounts 64): not a purchase, personal data
    AIDE = "aide"  # PES: aids and subsidies (accounts 65x) paid to a natural person: not a purchase, personal data
    AUTRE_TABLE = "autre_table"  # a text too large to be held whole holds a second table, under other headers
    HORS_ACHAT = "hors_achat"  # PES: book entries, loans, bad debts, cancelled revenue: money moved, nothing bought


LIBELLES_ECART: Mapping[Ecart, str] = {
    Ecart.TOTAL: "Ligne de total, de sous-total ou de report",
    Ecart.ENTETE_REPETEE: "En-tête répété",
    Ecart.TITRE: "Titre ou mention au milieu des lignes",
    Ecart.AUTRE_TABLE: "Ligne d'un second tableau du même fichier, sous un autre en-tête : déposez ce tableau à part",
    Ecart.PAIE: "Paie : ce n'est pas un achat, le nom a été retiré",
    Ecart.AIDE: "Aide à une personne : ce n'est pas un achat, le nom a été retiré",
    Ecart.HORS_ACHAT: "Écriture d'ordre, emprunt ou annulation de recette : ce n'est pas un achat",
}


class Alerte(StrEnum):
    """Doubts met while reading one line: the value says what happened, `MESSAGES_ALERTE` what to tell the person."""

    CELLULES_EN_TROP = "cellules_en_trop"  # more cells than headers: columns may be shifted, blocking
    CELLULES_MANQUANTES = "cellules_manquantes"  # fewer cells than headers: the last ones are read as empty, not blocking
    TEXTE_DOUTEUX = "texte_douteux"  # some letters of this line could not be read for sure, not blocking


ALERTES_BLOQUANTES = frozenset({Alerte.CELLULES_EN_TROP})

MESSAGES_ALERTE: Mapping[Alerte, str] = {
    Alerte.CELLULES_EN_TROP: (
        "Cette ligne a plus de cellules que l'en-tête n'a de colonnes : une valeur contient sans doute le caractère qui sépare les "
        "colonnes. Vérifiez ses valeurs et corrigez-les."
    ),
    Alerte.CELLULES_MANQUANTES: "Cette ligne a moins de cellules que l'en-tête : les dernières colonnes ont été lues comme vides.",
    Alerte.TEXTE_DOUTEUX: "Des lettres accentuées de cette ligne n'ont pas pu être lues avec certitude. Vérifiez son libellé.",
}


@dataclass(frozen=True)
class TableBrute:
    """One table of a received file, as text.

    `origine` names the sheet, or the file inside an archive ("" when there is only one table). `entetes` are the headers as the
    person sees them, made unique. `champs` maps headers to fields when the format itself says so (invoice, PES); empty otherwise.
    `remarques` are French sentences for the verdict. `fichier` is the file of an archive this table comes from, "" outside archives.
    `autres`, on the first table of a file: those that do not look like purchases, left out unless a person asks for them.

    Each frame of `blocs()` has these columns, in this order; blank lines and lines above the header are not in it:

    * `ligne` Int64, the number the person sees (row of the sheet, line of the text file, BT-126 of an invoice);
    * `ecart` String, an `Ecart` when a named rule sets this line aside, else null;
    * `alerte` String, an `Alerte` when the reading of this line is doubtful, else null;
    * `_origine` String, only when one table gathers several files (the invoices of an archive): the file of each line;
    * one String column per header, named by it; an empty cell is null.

    `blocs()` may be called several times; each call reads again from the start.
    """

    origine: str
    genre: Genre
    entetes: tuple[str, ...]
    blocs: Callable[[], Iterator[pl.DataFrame]]
    champs: Mapping[str, str] = field(default_factory=dict)
    remarques: tuple[str, ...] = ()
    fichier: str = ""
    autres: tuple["TableBrute", ...] = ()
