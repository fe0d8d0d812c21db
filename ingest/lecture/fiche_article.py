"""What an invoice line says of its article beyond the label, in both syntaxes: CPV (BT-158) and attributes (BT-160) of EN 16931."""

import re

from lxml import etree

from ingest.lecture.xml_sur import enfants, texte

_CPV = re.compile(r"\d{8}(-\d)?")
_SCHEMAS_CPV = frozenset({"CPV", "STI"})  # UNTDID 7143 has no entry named CPV; STI is the one public buyers use for it


def read_cpv(article: etree._Element | None, *chemin: str) -> str | None:
    """The first CPV code among the classifications found at `chemin`, or None."""
    if article is None:
        return None
    for code in enfants(article, *chemin):
        valeur = texte(code)
        if valeur and code.get("listID") in _SCHEMAS_CPV and _CPV.fullmatch(valeur):
            return valeur
    return None


def read_attributs(article: etree._Element | None, propriete: str, nom: str) -> tuple[tuple[str, str], ...]:
    """The (name, value) pairs of the elements `propriete`, whose name stands in their child `nom`; incomplete ones are left out."""
    if article is None:
        return ()
    paires = ((texte(p, nom), texte(p, "Value")) for p in enfants(article, propriete))
    return tuple((cle, valeur) for cle, valeur in paires if cle and valeur)
