"""Build the tables of the observatoire, one SQL file each, from the published lines and the decisions of people."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from analytics.construction import controle, corrections, editions, perimetre, preparation, referentiels, reprise, statistiques
from analytics.construction.controle import Inexact
from analytics.construction.reprise import TOUT, AElargir, Plan
from analytics.decisions import Decision
from analytics.diffusion import regles
from analytics.nomenclature import effective, follow
from ingest.publication import DepotPublie

Avancement = Callable[[str, int, int], None]
MembreBrut = tuple[str, str, str, str | None, int | None]

MEMBRE = "membre IN (SELECT membre FROM membres_repris)"
PAIRE = "(coalesce(article_id, ''), membre) IN (SELECT article_id, membre FROM paires_touchees)"
ARTICLE = "article_id IN (SELECT article_id FROM articles_touches)"
BESOIN = "membre IN (SELECT membre FROM membres_touches)"
LIGNES = (
    ("020_identites", "reprise.identites", MEMBRE, ""),
    ("030_tiers", "reprise.tiers", MEMBRE, ""),
    ("040_lectures", "reprise.lectures", MEMBRE, ""),
)
"""Files read before anything is brought together: SQL, table, rows replaced when not everything is computed again, title."""
PRIX = (
    ("210_achats_mois", "achats_mois", PAIRE, "Achats mois par mois"),
    ("220_achats_annuels", "reprise.achats_annuels", PAIRE, "Achats de chaque année"),
    ("300_prix_membres", "prix_membres", ARTICLE, "Prix de chaque membre"),
    ("310_distributions", "distributions", ARTICLE, "Répartition des prix"),
)
PUBLICATIONS = (
    ("315_publications_membres", "publications_membres", "*", "Édition des chiffres publiés"),
    ("318_publications", "publications", "*", "Chiffres publiés"),
    ("320_articles", "articles", "*", "Articles"),
    ("330_fournisseurs", "fournisseurs", "*", "Fournisseurs"),
)
BESOINS = (
    ("390_couvertures", "couvertures", "*", "Mois couverts"),
    ("400_besoins", "besoins", BESOIN, "Besoins"),
    ("410_releves", "reprise.releves", PAIRE, "Relevés de prix"),
)
ETAPES = (*LIGNES, ("100_lignes", "lignes", MEMBRE, "Lignes"), *PRIX, *PUBLICATIONS, *BESOINS)


@dataclass(frozen=True)
class Entrees:
    """What a build is given, as plain data."""

    depots: Sequence[DepotPublie]
    membres: Sequence[MembreBrut]
    decisions: Sequence[Decision]
    date_reference: date
    construit_le: datetime
    precedent: Path | None


def prevoir(entrees: Entrees) -> Plan:
    """Say how much of the former observatoire is kept."""
    return reprise.prevoir(entrees.precedent, entrees.depots, _code(entrees))


def construire(connexion: duckdb.DuckDBPyConnection, atelier: Path, entrees: Entrees, plan: Plan, avancement: Avancement) -> dict[str, Any]:
    """Write every table in the database of `connexion`, check it, and give the account of what was read and written.

    The database is empty, or a copy of the former observatoire when `plan` keeps some of it. Raises AElargir when it keeps too much.
    """
    chantier = _Chantier(connexion, plan, avancement)
    construit_le = entrees.construit_le.astimezone(UTC).replace(tzinfo=None)  # kept in universal time
    perimetre.ouvrir(connexion, plan)
    chantier.dire("Lecture des dépôts")
    repris = [depot for depot in entrees.depots if plan.membres is None or depot.membre in plan.membres]
    comptes = preparation.publier_lignes(connexion, repris, atelier)
    if not plan.entier:
        comptes |= reprise.comptes_gardes(connexion)
    nomenclature = effective(entrees.decisions)
    decisions = follow(entrees.decisions, nomenclature)
    corrections.appliquer_decisions(connexion, decisions, nomenclature)
    chantier.ecrire(LIGNES)
    chantier.dire("Fournisseurs et articles")
    referentiels.ecrire(connexion, plan, entrees.membres, decisions, nomenclature, entrees.date_reference)
    _placer_lignes(chantier)
    chantier.ecrire(PRIX)
    editions.preparer(connexion, entrees.precedent, regles(entrees.date_reference), construit_le)
    if not plan.entier:
        perimetre.toucher_familles(connexion)
    chantier.ecrire(PUBLICATIONS)
    preparation.ecrire_couverture(connexion)
    chantier.ecrire(BESOINS)
    chantier.dire("Indices de prix et effets du volume")
    if not plan.entier:
        perimetre.toucher_familles(connexion)
    statistiques.ecrire(connexion, plan)
    chantier.dire("Vérification")
    version = version_de(entrees)
    nb_lignes = _nombre(connexion, "SELECT count(*) FROM lignes")
    if not plan.entier:
        connexion.execute("DROP TABLE version")
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
    reprise.retenir(connexion, plan, _code(entrees), entrees.depots, comptes)
    chantier.dire("Observatoire prêt")
    return {
        "version": version,
        "nb_depots": len(entrees.depots),
        "nb_lignes": nb_lignes,
        "nb_articles": _nombre(connexion, "SELECT count(*) FROM articles"),
        "nb_membres": _nombre(connexion, "SELECT count(*) FROM membres"),
        "comptes": comptes,
    }


@dataclass
class _Chantier:
    """A build under way: where it writes, what it keeps, whom it tells."""

    connexion: duckdb.DuckDBPyConnection
    plan: Plan
    avancement: Avancement
    faites: int = 0

    def dire(self, quoi: str) -> None:
        self.avancement(quoi, min(self.faites, NB_ETAPES), NB_ETAPES)
        self.faites += 1

    def ecrire(self, etapes: Sequence[tuple[str, str, str, str]]) -> None:
        for fichier, table, cle, titre in etapes:
            if titre:
                self.dire(titre)
            perimetre.ecrire(self.connexion, self.plan, _sql(fichier), table, cle)
            perimetre.montrer(self.connexion, self.plan, *VUES_APRES.get(table, ()))


VUES_APRES = {
    "achats_mois": ("achats_repris", "achats_des_membres"),
    "reprise.achats_annuels": ("annuels_repris",),
    "prix_membres": ("prix_repris",),
}
"""What is shown to the following files once a table is written."""
NB_ETAPES = 7 + sum(1 for *_, titre in (*PRIX, *PUBLICATIONS, *BESOINS) if titre)


def _placer_lignes(chantier: _Chantier) -> None:
    """Write the lines, then the reason why those that make no price do not: it depends on the other lines of the article."""
    connexion, plan = chantier.connexion, chantier.plan
    chantier.dire("Rapprochement des lignes")
    if not plan.entier:
        perimetre.toucher_paires(connexion, perimetre.PAIRES_DES_MEMBRES)
        perimetre.toucher_membres(connexion, "SELECT membre FROM membres_repris")
    chantier.ecrire([("100_lignes", "lignes", MEMBRE, "")])
    if not plan.entier:
        perimetre.toucher_paires(connexion, perimetre.PAIRES_DES_MEMBRES)
    chantier.dire("Lignes qui font un prix")
    perimetre.montrer(connexion, plan, "lignes_a_juger")
    if not plan.entier:
        connexion.execute("CREATE TEMPORARY TABLE unites_avant AS SELECT * FROM reprise.unites_articles")
    chantier.ecrire([("110_unites_articles", "reprise.unites_articles", ARTICLE, "")])
    connexion.execute(_sql("jugees"))
    chantier.ecrire([("120_reperes_articles", "reprise.reperes_articles", ARTICLE, "")])
    connexion.execute(_sql("motifs"))
    connexion.execute("UPDATE lignes SET motif_hors_prix = m.motif FROM motifs AS m WHERE lignes.rowid = m.rang")
    if not plan.entier:
        perimetre.toucher_paires(connexion, "SELECT coalesce(article_id, ''), membre FROM motifs")
        perimetre.toucher_membres(connexion, perimetre.MEMBRES_D_UNE_AUTRE_UNITE)
    perimetre.montrer(connexion, plan, "lignes_reprises")


def _code(entrees: Entrees) -> str:
    """All that makes an observatoire beside the lines: when it changes nothing of the former one is kept."""
    decisions = repr(sorted(repr(decision) for decision in entrees.decisions))
    return reprise.empreinte_du_code(decisions, repr(referentiels.regles(entrees.date_reference).to_dicts()))


def version_de(entrees: Entrees) -> str:
    """Give the fingerprint of the inputs: published files are immutable, so their name, rank and size say which they are."""
    condense = hashlib.sha256()
    for depot in sorted(entrees.depots, key=lambda d: (d.rang, d.depot)):
        fichier = (depot.chemin.name, depot.chemin.stat().st_size)
        condense.update(repr((depot.depot, depot.membre, depot.rang, str(depot.doublons), *fichier)).encode())
    condense.update(repr(sorted(entrees.membres, key=lambda m: m[0])).encode())
    condense.update(repr(sorted(repr(decision) for decision in entrees.decisions)).encode())
    condense.update(entrees.date_reference.isoformat().encode())
    for etape, *_ in ETAPES:
        condense.update(_sql(etape).encode())
    return condense.hexdigest()[:16]


def _sql(fichier: str) -> str:
    return files(__package__).joinpath(f"{fichier}.sql").read_text(encoding="utf-8")


def _nombre(connexion: duckdb.DuckDBPyConnection, requete: str) -> int:
    ligne = connexion.execute(requete).fetchone()
    assert ligne is not None
    return int(ligne[0])


__all__ = ["TOUT", "AElargir", "Entrees", "Inexact", "Plan", "construire", "prevoir", "version_de"]
