"""What an invoice line says of its article beyond the label, in both syntaxes: CPV (BT-158) and attributes (BT-160) of EN 16931."""

import re

from lxml import etree

from ingest.lecture.xml_sur import enfants, texte
from ingest.quantites.texte import fold

_CPV = re.compile(r"\d{8}(-\d)?")
_SCHEMAS_CPV = frozenset({"CPV", "STI"})  # UNTDID 7143 has no entry named CPV; STI is the one public buyers use for it

# Attributes that tell two articles apart, or say what one unit holds: what is added to a bare number so that it reads as in a label.
_GRAMMAGE = "{} g/m2"
_CARACTERES = {
    "format": "format {}", "grammage": _GRAMMAGE, "taille": "taille {}", "pointure": "pointure {}", "couleur": "{}", "coloris": "{}",
    "color": "{}", "colour": "{}", "size": "taille {}", "contenance": "{}", "capacite": "{}", "volume": "{}", "poids net": "{}",
    "conditionnement": "{}", "concentration": "{}", "norme": "{}", "label": "{}", "tension": "{}", "dimensions": "{}",
    "diametre": "diamètre {}",
}  # fmt: skip
_NOMBRE = re.compile(r"\d+(?:[.,]\d+)?")


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


def complete_designation(designation: str | None, attributs: tuple[tuple[str, str], ...]) -> str | None:
    """The name of the article (BT-153) with the attributes that make it another article and that it does not say already.

    « Papier blanc » with « Grammage : 80 » and « Format : A4 » is « Papier blanc, 80 g/m2, A4 »; an attribute whose name is not known, or
    a bare number under a name that says no unit, changes nothing.
    """
    if not designation:
        return designation
    dits = [designation]
    for nom, valeur in attributs:
        forme, est_nombre = _CARACTERES.get(fold(nom)), _NOMBRE.fullmatch(valeur) is not None
        if forme is None or (forme == "{}" and est_nombre) or _says(fold(" ".join(dits)), fold(valeur)):
            continue
        dits.append(valeur if forme == _GRAMMAGE and not est_nombre else forme.format(valeur))
    return ", ".join(dits)


def _says(dit: str, valeur: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(valeur)}(?!\w)", dit) is not None
