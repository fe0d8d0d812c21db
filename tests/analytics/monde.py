"""A small world of purchases, written as dictionaries and fed to the production build."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from analytics import construction
from analytics.decisions import Decision
from ingest.publication import DepotPublie
from ingest.schema import SCHEMA_LIGNES

PAR_DEFAUT: dict[str, Any] = {
    "origine": "",
    "statut": "retenue",
    "nature": "achat",
    "date": date(2025, 3, 1),
    "fournisseur": "PAPETERIE DU CENTRE",
    "libelle": "RAMETTE PAPIER A4 80G BLANC",
    "quantite": Decimal(1),
    "unite": "ramette",
    "taux_tva": Decimal(20),
    "famille": "AD01",
    "famille_confiance": 0.9,
    "contenu_quantite": Decimal(500),
    "contenu_unite": "feuille",
    "contenu_derivation": "ramette de 500 feuilles",
    "contenu_approx": False,
    "attributs": "{}",
}


def construire(
    lignes: Iterable[Mapping[str, Any]],
    dossier: Path,
    *,
    membres: Sequence[construction.Membre] | None = None,
    decisions: Sequence[Decision] = (),
    date_reference: date = date(2025, 12, 31),
) -> Path:
    """Build an observatoire from lines that say only what matters (`membre`, `prix` of one unit or `montant_ht`, `quantite`…).

    One dépôt per membre unless `depot` is given. Lines are numbered from 2, as under the header of a sheet.
    """
    completes = [completer(ligne) for ligne in lignes]
    depots: dict[str, list[dict[str, Any]]] = {}
    for ligne in completes:
        depots.setdefault(ligne["depot"], []).append(ligne)
    publies = []
    for rang, (depot, contenu) in enumerate(depots.items(), start=1):
        for numero, ligne in enumerate(contenu, start=2):
            ligne.setdefault("ligne", numero)
            ligne.setdefault("empreinte", f"{depot}/{numero}")
            ligne.setdefault("cle", f"{depot}/{numero}")
        fichier = dossier / f"{depot}.parquet"
        pl.DataFrame(contenu, schema=SCHEMA_LIGNES).write_parquet(fichier)
        publies.append(DepotPublie(depot, contenu[0]["membre"], rang, fichier))
    sirens = sorted({ligne["membre"] for ligne in completes})
    chemin = dossier / "observatoire.duckdb"
    sources = construction.Sources(
        depots=publies,
        membres=membres if membres is not None else [construction.Membre(s, f"Commune {s}", "commune", None, 1000) for s in sirens],
        date_reference=date_reference,
        decisions=decisions,
    )
    construction.build(sources, chemin)
    return chemin


def completer(ligne: Mapping[str, Any]) -> dict[str, Any]:
    complete = {**dict.fromkeys(SCHEMA_LIGNES), **PAR_DEFAUT, **ligne}
    if "prix" in complete:
        prix = Decimal(str(complete.pop("prix")))
        complete["quantite"] = Decimal(str(complete["quantite"]))
        complete["prix_unitaire_ht"] = prix
        complete["montant_ht"] = (prix * complete["quantite"]).quantize(Decimal("0.01"))
    complete["depot"] = complete["depot"] or f"D{complete['membre']}"
    for vide in ("ligne", "empreinte", "cle"):
        if complete[vide] is None:
            del complete[vide]
    return complete
