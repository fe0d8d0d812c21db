"""A mapping confirmed once for a software serves every town hall that has it: it can be written to a file and read back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.correspondance import signer
from ingest.erreurs import Refus
from ingest.schema import load_champs
from ingest.vocabulaire import BaseTaxe

VERSION: Final = 1
TAILLE_MAX: Final = 1_000_000
"""Characters: hundreds of mappings; a larger file is not one of ours."""


@dataclass(frozen=True)
class CorrespondancePartagee:
    """How the exports of one software are read: `champs` is header → field ("" = ignored), `base_taxe` None when the headers say it."""

    logiciel: str
    champs: Mapping[str, str]
    base_taxe: BaseTaxe | None = None

    @property
    def signature(self) -> str:
        """What the mapping is found by (`ingest.correspondance.signer`)."""
        return signer(tuple(self.champs))


def write_correspondances(correspondances: Sequence[CorrespondancePartagee]) -> str:
    """Write mappings as a JSON text, without anything of the purchases nor of the membre."""
    contenu = {
        "mercuriale": "correspondances",
        "version": VERSION,
        "correspondances": [
            {"logiciel": une.logiciel, "champs": dict(une.champs), "base_taxe": None if une.base_taxe is None else str(une.base_taxe)}
            for une in correspondances
        ],
    }
    return json.dumps(contenu, ensure_ascii=False, indent=2) + "\n"


def read_correspondances(texte: str) -> tuple[CorrespondancePartagee, ...]:
    """Read mappings back. Raises `Refus` with a French sentence when the text is not such a file, or names a field we do not have."""
    try:
        contenu = json.loads(texte) if len(texte) <= TAILLE_MAX else None
    except (json.JSONDecodeError, RecursionError):
        contenu = None
    if (
        not isinstance(contenu, dict)
        or contenu.get("mercuriale") != "correspondances"
        or not isinstance(contenu.get("correspondances"), list)
    ):
        raise Refus(
            "Ce fichier n'est pas un fichier de correspondances de colonnes. Choisissez un fichier exporté depuis cette application."
        )
    if contenu.get("version") != VERSION:
        raise Refus(
            "Ce fichier de correspondances vient d'une version plus récente de l'application. Mettez la vôtre à jour, puis recommencez."
        )
    return tuple(_lire_une(une, rang) for rang, une in enumerate(contenu["correspondances"], start=1))


def _lire_une(une: object, rang: int) -> CorrespondancePartagee:
    connus = {champ.nom for champ in load_champs()} | {""}
    champs = une.get("champs") if isinstance(une, dict) else None
    if not isinstance(une, dict) or not isinstance(champs, dict) or not champs:
        raise Refus(f"La correspondance n° {rang} de ce fichier ne nomme aucune colonne. Exportez-la de nouveau.")
    inconnus = sorted({str(champ) for champ in champs.values()} - connus)
    if inconnus:
        raise Refus(f"La correspondance n° {rang} de ce fichier emploie un champ que nous ne connaissons pas : « {inconnus[0]} ».")
    doubles = sorted({champ for champ in champs.values() if champ and list(champs.values()).count(champ) > 1})
    if doubles:
        raise Refus(f"La correspondance n° {rang} de ce fichier donne deux colonnes au champ « {doubles[0]} ». Gardez-en une.")
    base = une.get("base_taxe")
    if base not in (None, *BaseTaxe):
        raise Refus(f"La correspondance n° {rang} de ce fichier ne dit pas si ses prix sont HT ou TTC. Exportez-la de nouveau.")
    return CorrespondancePartagee(str(une.get("logiciel", ""))[:100], dict(champs), None if base is None else BaseTaxe(base))
