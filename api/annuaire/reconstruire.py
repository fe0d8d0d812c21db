"""Rebuild the embedded directory from the npm package `@etalab/decoupage-administratif`.

npm pack @etalab/decoupage-administratif
python -m api.annuaire.reconstruire etalab-decoupage-administratif-6.0.0.tgz
"""

import json
import sys
import tarfile
from pathlib import Path
from typing import Any

import polars as pl

DOSSIER = Path(__file__).parent


def reconstruire(paquet: Path, sortie: Path = DOSSIER) -> tuple[int, int]:
    """Write `communes.parquet` and `epci.parquet`; return how many rows each has.

    Raises `ValueError` when the package lacks a file, or when an EPCI has a member that is no present commune.
    """
    communes, epci = _charger(paquet, "communes"), _charger(paquet, "epci")
    membres = {membre["code"]: (groupe["code"], membre) for groupe in epci for membre in groupe["membres"]}
    actuelles = [commune for commune in communes if commune["type"] == "commune-actuelle"]
    inconnus = set(membres) - {commune["code"] for commune in actuelles}
    if inconnus:
        raise ValueError(f"members of an EPCI that are no present commune: {sorted(inconnus)[:5]}")
    table_communes = pl.DataFrame(
        [_commune(commune, membres) for commune in actuelles],
        schema={"code_insee": pl.String, "nom": pl.String, "siren": pl.String, "population": pl.Int32, "epci": pl.String},
    )
    # The source gives no SIREN to the communes of some overseas collectivities, which follow another law: they cannot be membres here.
    table_communes = table_communes.filter(pl.col("siren").is_not_null()).sort("code_insee")
    table_epci = pl.DataFrame(
        [{"siren": g["code"], "nom": g["nom"], "type": g["type"], "population": g["populationMunicipale"]} for g in epci],
        schema={"siren": pl.String, "nom": pl.String, "type": pl.String, "population": pl.Int32},
    ).sort("siren")
    table_communes.write_parquet(sortie / "communes.parquet", compression="zstd", compression_level=19, statistics=False)
    table_epci.write_parquet(sortie / "epci.parquet", compression="zstd", compression_level=19, statistics=False)
    return table_communes.height, table_epci.height


def _commune(commune: dict[str, Any], membres: dict[str, tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    epci, fiche = membres.get(commune["code"], (None, {}))
    return {
        "code_insee": commune["code"],
        "nom": commune["nom"],
        "siren": fiche.get("siren", commune.get("siren")),
        # The list of EPCI carries the population municipale of the year; a commune outside any EPCI keeps the one of the list of communes.
        "population": fiche.get("populationMunicipale", commune.get("population")),
        "epci": epci,
    }


def _charger(paquet: Path, nom: str) -> list[dict[str, Any]]:
    with tarfile.open(paquet) as archive:
        membre = archive.extractfile(f"package/data/{nom}.json")
        if membre is None:
            raise ValueError(f"no data/{nom}.json in {paquet}")
        contenu: list[dict[str, Any]] = json.load(membre)
        return contenu


if __name__ == "__main__":
    nb_communes, nb_epci = reconstruire(Path(sys.argv[1]))
    sys.stdout.write(f"{nb_communes} communes, {nb_epci} EPCI\n")
