"""Derivations are said the French way: « carton de 5 ramettes de 500 feuilles = 2 500 feuilles »."""

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from ingest.quantites.nomenclature import conditionnements, unites

if TYPE_CHECKING:
    from ingest.quantites.chaine import Etape

_SYMBOLES = {"kg", "l", "m", "m2", "kWh", "g", "cl", "ml", "t", "m3", "mg", "dl", "hl", "km"}
_AFFICHES = {"m2": "m²", "m3": "m³"}


@lru_cache(maxsize=16_384)
def say_nombre(valeur: Decimal) -> str:
    """`2500` is « 2 500 », `1.500` is « 1,5 »."""
    entier, _, decimales = f"{valeur:f}".partition(".")
    decimales = decimales.rstrip("0")
    groupes = f"{int(entier):,}".replace(",", "\u202f")
    return f"{groupes},{decimales}" if decimales else groupes


@lru_cache(maxsize=16_384)
def say_unite(valeur: Decimal, code: str) -> str:
    """« 9 l », « 2 500 feuilles », « 1 unité »."""
    unite = unites()[code]
    nom = _AFFICHES.get(code, code) if code in _SYMBOLES else unite.pluriel if abs(valeur) >= 2 else unite.nom
    return f"{say_nombre(valeur)} {nom}"


@lru_cache(maxsize=16_384)
def say_contenant(code: str, nombre: Decimal) -> str:
    """« 5 ramettes »."""
    conditionnement = conditionnements()[code]
    return f"{say_nombre(nombre)} {conditionnement.pluriel if nombre >= 2 else conditionnement.nom}"


def say_etape(etape: "Etape", base: str) -> str:
    """The sentence kept with the line."""
    total = say_unite(etape.quantite, base)
    if not etape.mots:
        return f"à l'unité = {total}" if base != "unite" or etape.quantite != 1 else "à l'unité"
    signe = "≈" if etape.approx else "="
    return (
        etape.mots if etape.mots.endswith(total) and " " not in etape.mots.removesuffix(total).strip() else f"{etape.mots} {signe} {total}"
    )
