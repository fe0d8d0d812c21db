"""Of the tables of one file, those that look like lines of purchase are kept; the others are named, and a person may still choose them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from ingest.lecture.entete import plier
from ingest.lecture.table import TableBrute

# Searched in headers without case, accents nor spaces, because many programs write « MtHTaxe » or « LibelleFacture ».
_MONTANT = re.compile(r"montant|prix|ttc|total|ht$|^mt|^pu")
_LIBELLE = re.compile(r"libel|design|descri|objet|article|produit|denomin|intitul")
_FOURNISSEUR = re.compile(r"fournisseur|tiers|creancier|raisonsociale|siret")
_PIECE = re.compile(r"^dat|mandat|facture|piece|bordereau")


def choisir_tables(tables: Sequence[TableBrute], remarques: Sequence[str] = ()) -> list[TableBrute]:
    """Keep the tables with an amount and a label (or a supplier and a document); all of them when none has.

    The first one carries the others (`autres`), and the sentences about them.
    """
    gardees = [table for table in tables if _ressemble_a_des_achats(table)] or list(tables)
    ecartees = tuple(table for table in tables if table not in gardees)
    dites = (*remarques, *map(dire_ecartee, ecartees))
    return [replace(gardees[0], remarques=(*gardees[0].remarques, *dites), autres=ecartees), *gardees[1:]] if dites else gardees


def retenir_origines(tables: Sequence[TableBrute], origines: Collection[str]) -> list[TableBrute]:
    """Keep what a person chose among all the tables of a file, those left out by themselves included.

    A sheet that was kept is read as it was: the small table beside its purchases stays out.
    """
    prises = {table.origine for table in tables}
    autres = [autre for table in tables for autre in table.autres if autre.origine not in prises]
    dites = {dire_ecartee(autre) for autre in autres if autre.origine in origines}
    return [
        replace(table, remarques=tuple(phrase for phrase in table.remarques if phrase not in dites), autres=())
        for table in (*tables, *autres)
        if table.origine in origines
    ]


def _ressemble_a_des_achats(table: TableBrute) -> bool:
    noms = [plier(entete).replace(" ", "") for entete in table.entetes]

    def a(motif: re.Pattern[str]) -> bool:
        return any(motif.search(nom) for nom in noms)

    return a(_MONTANT) and (a(_LIBELLE) or (a(_FOURNISSEUR) and a(_PIECE)))


def dire_ecartee(table: TableBrute) -> str:
    """Say that this table was left out, and why."""
    premiers = ", ".join(f"« {entete} »" for entete in table.entetes[:3])
    lieu = f"La feuille « {table.origine} »" if table.origine else "Un autre tableau du fichier"
    return f"{lieu} n'a pas été retenu{'e' if table.origine else ''} : ses colonnes ({premiers}…) ne sont pas celles de lignes d'achat."
