"""Of the tables of one file, those that look like lines of purchase are kept; the others are named, never dropped in silence."""

from collections.abc import Sequence
from dataclasses import replace

from ingest.lecture.entete import plier
from ingest.lecture.table import TableBrute

_MONTANT = frozenset({"montant", "montants", "prix", "pu", "ttc", "ht", "puht", "total"})
_LIBELLE = frozenset({"libelle", "designation", "description", "objet", "article", "articles", "produit", "produits", "denomination"})
_FOURNISSEUR = frozenset({"fournisseur", "fournisseurs", "tiers", "creancier", "raison", "siret"})
_PIECE = frozenset({"date", "dates", "mandat", "facture", "factures", "piece", "bordereau"})


def choisir_tables(tables: Sequence[TableBrute], remarques: Sequence[str] = ()) -> list[TableBrute]:
    """Keep the tables with an amount and a label (or a supplier and a document); all of them when none has."""
    gardees = [table for table in tables if _ressemble_a_des_achats(table)] or list(tables)
    ecartees = [table for table in tables if table not in gardees]
    dites = [*remarques, *(_phrase(table) for table in ecartees)]
    return [replace(gardees[0], remarques=(*gardees[0].remarques, *dites)), *gardees[1:]] if dites else gardees


def _ressemble_a_des_achats(table: TableBrute) -> bool:
    mots = {mot for entete in table.entetes for mot in plier(entete).split()}
    return bool(mots & _MONTANT) and bool(mots & _LIBELLE or (mots & _FOURNISSEUR and mots & _PIECE))


def _phrase(table: TableBrute) -> str:
    premiers = ", ".join(f"« {entete} »" for entete in table.entetes[:3])
    lieu = f"La feuille « {table.origine} »" if table.origine else "Un autre tableau du fichier"
    return f"{lieu} n'a pas été retenu{'e' if table.origine else ''} : ses colonnes ({premiers}…) ne sont pas celles de lignes d'achat."
