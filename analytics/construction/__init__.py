"""Build the tables of the observatoire, one SQL file each, from the published lines and the decisions of people."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from analytics.construction import controle, editions, preparation, referentiels, statistiques
from analytics.decisions import Decision
from analytics.diffusion import regles
from ingest.publication import DepotPublie

MembreBrut = tuple[str, str, str, str | None, int | None]

ETAPES = (
    ("100_lignes_situees", "Rapprochement des lignes"),
    ("105_unites_articles", "Unités des articles"),
    ("108_lignes_jugees", "Lignes qui font un prix"),
    ("110_reperes_articles", "Repères de prix"),
    ("200_lignes", "Prix de chaque ligne"),
    ("210_achats_mois", "Achats mois par mois"),
    ("300_prix_membres", "Prix de chaque membre"),
    ("310_distributions", "Répartition des prix"),
    ("315_publications_membres", "Édition des chiffres publiés"),
    ("318_publications", "Chiffres publiés"),
    ("320_articles", "Articles"),
    ("330_fournisseurs", "Fournisseurs"),
    ("390_couvertures", "Mois couverts"),
    ("400_besoins", "Besoins"),
)


@dataclass(frozen=True)
class Entrees:
    """What a build is given, as plain data."""

    depots: Sequence[DepotPublie]
    membres: Sequence[MembreBrut]
    decisions: Sequence[Decision]
    date_reference: date
    construit_le: datetime
    precedent: Path | None


def construire(
    connexion: duckdb.DuckDBPyConnection, atelier: Path, entrees: Entrees, avancement: Callable[[str, int, int], None]
) -> dict[str, Any]:
    """Write every table in the database of `connexion`, check it, and give the account of what was read and written."""
    total = len(ETAPES) + 4
    construit_le = entrees.construit_le.astimezone(UTC).replace(tzinfo=None)  # kept in universal time
    avancement("Lecture des dépôts", 0, total)
    comptes = preparation.publier_lignes(connexion, entrees.depots, atelier)
    avancement("Fournisseurs et articles", 1, total)
    referentiels.ecrire(connexion, entrees.membres, entrees.decisions, entrees.date_reference)
    for rang, (fichier, titre) in enumerate(ETAPES, start=2):
        avancement(titre, rang, total)
        if fichier == "315_publications_membres":
            editions.preparer(connexion, entrees.precedent, regles(entrees.date_reference), construit_le)
        if fichier == "390_couvertures":
            preparation.ecrire_couverture(connexion)
        connexion.execute(_sql(fichier))
    avancement("Indices de prix et effets du volume", total - 2, total)
    statistiques.ecrire(connexion)
    avancement("Vérification", total - 1, total)
    version = version_de(entrees)
    nb_lignes = _nombre(connexion, "SELECT count(*) FROM lignes")
    connexion.execute(
        _sql("900_version"),
        {
            "version": version,
            "construit_le": construit_le,
            "date_reference": entrees.date_reference,
            "nb_depots": len(entrees.depots),
            "nb_lignes": nb_lignes,
        },
    )
    controle.verifier(connexion, comptes)
    avancement("Observatoire prêt", total, total)
    return {
        "version": version,
        "nb_depots": len(entrees.depots),
        "nb_lignes": nb_lignes,
        "nb_articles": _nombre(connexion, "SELECT count(*) FROM articles"),
        "nb_membres": _nombre(connexion, "SELECT count(*) FROM membres"),
        "comptes": comptes,
    }


def version_de(entrees: Entrees) -> str:
    """Give the fingerprint of the inputs: published files are immutable, so their name, rank and size say which they are."""
    condense = hashlib.sha256()
    for depot in sorted(entrees.depots, key=lambda d: (d.rang, d.depot)):
        fichier = (depot.chemin.name, depot.chemin.stat().st_size)
        condense.update(repr((depot.depot, depot.membre, depot.rang, str(depot.doublons), *fichier)).encode())
    condense.update(repr(sorted(entrees.membres, key=lambda m: m[0])).encode())
    condense.update(repr(sorted(repr(decision) for decision in entrees.decisions)).encode())
    condense.update(entrees.date_reference.isoformat().encode())
    for etape, _ in ETAPES:
        condense.update(_sql(etape).encode())
    return condense.hexdigest()[:16]


def _sql(fichier: str) -> str:
    return files(__package__).joinpath(f"{fichier}.sql").read_text(encoding="utf-8")


def _nombre(connexion: duckdb.DuckDBPyConnection, requete: str) -> int:
    ligne = connexion.execute(requete).fetchone()
    assert ligne is not None
    return int(ligne[0])
