"""A reference joins labels only when it can be trusted: a valid GTIN, or a supplier's own code that a spreadsheet did not mangle."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from analytics.articles.similarite import Desaccord, Trait, disagree, forbid, score

_MANGLEE = re.compile(r"e\+|^\d{1,2}/\d{1,2}/\d{2,4}$|^0+$|[#?]", re.IGNORECASE)
_TROP_DE_LIBELLES = 12
# One reference under two labels that have nothing in common was typed wrong, or given twice.
_RESSEMBLANCE_MIN = 0.5


def join_by_reference(
    traits: Mapping[str, Trait], reperes: Iterable[tuple[str, str | None, str | None, str | None]]
) -> list[tuple[str, str]]:
    """Pairs of keys that bear the same trustworthy reference. `reperes` are (key, gtin, fournisseur_id, reference).

    A reference is distrusted when it is too short, mangled by a spreadsheet (2,10E+13, a date), borne by too many labels (« DIVERS »),
    or by two labels that a feature forbids to match or that have nothing in common.
    """
    porteurs: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for cle, gtin, fournisseur, reference in reperes:
        if gtin:
            porteurs[("gtin", gtin)].add(cle)
        if fournisseur and reference and is_trustworthy(reference):
            porteurs[("reference", fournisseur, reference.strip().casefold())].add(cle)
    paires = set()
    for cles in porteurs.values():
        ordre = sorted(cle for cle in cles if cle in traits)
        if not 2 <= len(ordre) <= _TROP_DE_LIBELLES:
            continue
        if any(forbid(traits[a], traits[b]) for rang, a in enumerate(ordre) for b in ordre[rang + 1 :]):
            continue
        paires |= {(ordre[0], autre) for autre in ordre[1:] if _are_alike(traits[ordre[0]], traits[autre])}
    return sorted(paires)


def _are_alike(a: Trait, b: Trait) -> bool:
    return disagree(a, b) < Desaccord.DE_CHOSES and score(a, b) >= _RESSEMBLANCE_MIN


def is_trustworthy(reference: str) -> bool:
    """At least four characters with two digits, not mangled."""
    texte = reference.strip()
    return len(texte) >= 4 and sum(signe.isdigit() for signe in texte) >= 2 and not _MANGLEE.search(texte)
