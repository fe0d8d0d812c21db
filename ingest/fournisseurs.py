"""A supplier's name is compared without legal form, accents, signs nor order: « PAPETERIE MARTIN SARL » is « Martin Papèterie »."""

import re
from functools import lru_cache

from ingest.quantites.texte import fold

_FORMES = frozenset(
    """sarl sas sasu sa snc eurl ei eirl earl gaec gie scop sca scs scea sci selarl selas gmbh spa ltd bv nv ste societe cie compagnie et
    de des du la le les l d au aux""".split()  # noqa: SIM905
)
_ABREGES = {
    "ets": "etablissements", "etab": "etablissements", "etbs": "etablissements", "etablissement": "etablissements", "cptoir": "comptoir",
    "distrib": "distribution", "dist": "distribution", "papet": "papeterie", "quinc": "quincaillerie", "qlerie": "quincaillerie",
    "impr": "imprimerie", "menuis": "menuiserie", "elec": "electricite", "sces": "services", "serv": "services", "fab": "fabrique",
    "assoc": "association", "asso": "association", "mat": "materiaux", "matx": "materiaux", "st": "saint", "ste ": "sainte",
    "transp": "transports", "transport": "transports", "boul": "boulangerie", "gar": "garage", "pharm": "pharmacie", "eqpt": "equipement",
}  # fmt: skip
_SIGNES = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=65_536)
def normalise_nom(nom: str) -> str:
    """Significant words of a name, folded, abbreviations opened, sorted, joined by a space; all its words when none is significant."""
    texte = fold(nom).replace(".", "").replace("'", " ")
    mots = _SIGNES.sub(" ", texte).split()
    utiles = sorted({_ABREGES.get(mot, mot) for mot in mots if mot not in _FORMES})
    return " ".join(utiles) or " ".join(mots)
