"""A famille says how its labels are read: in which units, what is a thing and what holds it."""

from functools import lru_cache
from typing import NamedTuple

from ingest.quantites.chaine import OPAQUES
from ingest.quantites.nomenclature import UniteReference, unite_reference
from ingest.quantites.texte import fold

# Containers that hold one piece of the thing when nothing else is said (a tube of glue); a rouleau or a boîte may hold many.
_UNE_PIECE = frozenset(
    {
        "cartouche",
        "bloc",
        "tube",
        "pot",
        "flacon",
        "bidon",
        "bouteille",
        "pulverisateur",
        "aerosol",
        "seau",
        "brique",
        "bocal",
        "canette",
        "plaque",
    }
)
_UNE_PIECE_OU_ROULEAU = _UNE_PIECE | {"rouleau", "bobine"}
# Sacs are sold in rolls of many, plants in plaques of many; a botte of radis is one piece, a game is its boîte.
_UNE_PIECE_FAMILLES = {
    "EN03": _UNE_PIECE,
    "EV01": _UNE_PIECE - {"plaque"},
    "RE03": _UNE_PIECE_OU_ROULEAU | {"botte"},
    "SC03": _UNE_PIECE | {"boite"},
}
_EN_PIECES = frozenset({"SC03", "SG09"})
_INCONNU_ADMIS = ("unite",)


class Usage(NamedTuple):
    """What a famille says of the reading of its labels.

    `est_sac`: the sac is the thing sold, not what holds it; `est_primeur`: fruits and vegetables, of which a colis is weighed;
    `est_en_pieces`: « 24 pièces » says what one thing is made of (a puzzle, a cocktail); `noms`: what the unit of reference is called,
    folded; `une_piece`: containers that hold one piece of the thing when nothing else is said.
    """

    reference: UniteReference | None
    admises: tuple[str, ...]
    opaques: frozenset[str]
    est_au_mille: bool
    est_sac: bool
    est_primeur: bool
    est_en_pieces: bool
    noms: frozenset[str]
    une_piece: frozenset[str]


@lru_cache(maxsize=1024)
def read_usage(famille: str | None) -> Usage:
    """How labels of this famille are read; None and « à classer » are read as things that are counted."""
    reference = unite_reference(famille)
    admises = reference.unites_base if reference else _INCONNU_ADMIS
    est_sac = famille == "EN03"
    nom = fold(reference.libelle) if reference else ""
    noms = frozenset({nom, nom.removesuffix(" par an"), nom.partition(" par ")[0]}) if reference else frozenset[str]()
    return Usage(
        reference,
        admises,
        OPAQUES | {"rouleau"} if est_sac else OPAQUES,
        est_au_mille=reference is not None and reference.unite == "mille",
        est_sac=est_sac,
        est_primeur=famille == "RE03",
        est_en_pieces=famille in _EN_PIECES,
        noms=noms,
        une_piece=_UNE_PIECE_FAMILLES.get(famille or "", _UNE_PIECE_OU_ROULEAU),
    )
