"""Build the tables of the observatoire, one SQL file each, from the published lines and the decisions of people, in this order."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from analytics import socle
from analytics.construction import (
    controle,
    corrections,
    editions,
    memoire,
    perimetre,
    preparation,
    rapprochement,
    referentiels,
    reprise,
    statistiques,
    tables,
)
from analytics.construction.perimetre import ARTICLE, BESOIN, PAIRE, PAIRE_OU_RIEN
from analytics.construction.reprise import Plan
from analytics.construction.sources import Avancement, Entrees
from analytics.diffusion import regles
from analytics.nomenclature import effective, follow

Etape = tuple[str, str, str, str]
"""A file of SQL, its table, the rows replaced when not everything is computed again (see `perimetre.ecrire`), and what it is in French."""

ACHATS: tuple[Etape, ...] = (
    ("020_achats_combinaisons", "reprise.achats_combinaisons", "membre IN (SELECT membre FROM membres_repris)", ""),
    ("030_prix_lus", "reprise.prix_lus", "+", ""),
)
PRIX: tuple[Etape, ...] = (
    ("300_prix_membres", "prix_membres", ARTICLE, "Prix de chaque membre"),
    ("310_distributions", "distributions", ARTICLE, "Répartition des prix"),
)
PUBLICATIONS: tuple[Etape, ...] = (
    ("315_publications_membres", "publications_membres", "*", "Édition des chiffres publiés"),
    ("318_publications", "publications", "*", "Chiffres publiés"),
    ("320_articles", "articles", "*", "Articles"),
    ("330_fournisseurs", "fournisseurs", "*", "Fournisseurs"),
)
BESOINS: tuple[Etape, ...] = (
    ("390_couvertures", "couvertures", "*", "Mois couverts"),
    ("400_besoins", "besoins", BESOIN, "Besoins"),
)


def prevoir(entrees: Entrees) -> Plan:
    """Say how much of the former observatoire is kept."""
    return reprise.prevoir(entrees.precedent, entrees.depots, rapprochement.decisions_de_lignes(entrees.decisions), _code(entrees))


def construire(
    connexion: duckdb.DuckDBPyConnection, atelier: Path, entrees: Entrees, plan: Plan, base: str, avancement: Avancement
) -> dict[str, Any]:
    """Write every table in the database in use, check it, and give the account of what was read and written.

    That database is empty, and `socle` with it, or a copy of the former observatoire when `plan` keeps some of it. `base` is the name of
    the file attached as `socle`.
    """
    chantier = _Chantier(connexion, plan, avancement)
    code = _code(entrees)
    construit_le = entrees.construit_le.astimezone(UTC).replace(tzinfo=None)  # kept in universal time
    nomenclature = effective(entrees.decisions)
    decisions = follow(entrees.decisions, nomenclature)
    chantier.dire("Lecture des dépôts")
    _ouvrir(connexion, plan, entrees.precedent, code)
    tables.creer(connexion, "reprise.decisions_de_lignes", rapprochement.decisions_de_lignes(entrees.decisions))
    preparation.lire(connexion, plan, atelier)
    perimetre.compter(connexion, plan)
    perimetre.montrer(connexion, plan, "lignes_des_membres")
    chantier.ecrire(ACHATS)
    if not plan.entier:
        perimetre.oublier_combinaisons(connexion)
    chantier.dire("Fournisseurs et articles")
    corrections.appliquer_decisions(connexion, decisions, nomenclature)
    referentiels.ecrire(connexion, entrees.membres, decisions, nomenclature, entrees.date_reference)
    _calculer_achats(chantier)
    chantier.ecrire(PRIX)
    editions.preparer(connexion, entrees.precedent, regles(entrees.date_reference), construit_le)
    chantier.ecrire(PUBLICATIONS)
    preparation.ecrire_couverture(connexion)
    _compter_mois(chantier)
    chantier.ecrire(BESOINS)
    chantier.dire("Indices de prix et effets du volume")
    if not plan.entier:
        perimetre.toucher_familles(connexion)
    statistiques.ecrire(connexion, plan)
    chantier.dire("Vérification")
    nb_lignes = _nombre(connexion, "SELECT coalesce(sum(nb_retenues), 0) FROM reprise.depots")
    version = version_de(entrees)
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
    comptes = preparation.comptes(connexion, entrees.depots)
    perimetre.montrer(connexion, plan, "lignes_a_verifier")
    controle.verifier(connexion, {depot.depot: comptes[depot.depot] for depot in plan.a_lire})
    reprise.retenir(connexion, base, plan.nb_reprises, code)
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

    def ecrire(self, etapes: Sequence[Etape], *, vide: bool = False) -> None:
        """Write these tables; with `vide` it is known beforehand that nothing is found, and lines are not looked through."""
        for fichier, table, cle, titre in etapes:
            if titre:
                self.dire(titre)
            perimetre.ecrire(self.connexion, self.plan, _sql(fichier) + ("LIMIT 0" if vide else ""), table, cle)
            perimetre.montrer(self.connexion, self.plan, *VUES_APRES.get(table, ()))

    def voir_lignes(self, fichier: str, vue: str) -> None:
        """Create this view of lines, and `vue`, those of them that are computed again."""
        self.executer(fichier)
        if not self.plan.entier:
            perimetre.restreindre(self.connexion, fichier, _sql(fichier))
        perimetre.montrer(self.connexion, self.plan, vue)

    def executer(self, *fichiers: str) -> None:
        for fichier in fichiers:
            self.connexion.execute(_sql(fichier))


VUES_APRES = {"prix_membres": ("prix_repris",)}
"""What is shown to the following files once a table is written."""
NB_ETAPES = 8 + sum(1 for *_, titre in (*PRIX, *PUBLICATIONS, *BESOINS) if titre)


def _ouvrir(connexion: duckdb.DuckDBPyConnection, plan: Plan, precedent: Path | None, code: str) -> None:
    """Empty tables in a new observatoire; in a copy of the former one, what stands no more out of the way."""
    if not plan.entier:
        perimetre.masquer(connexion, plan)
        return
    connexion.execute("CREATE SCHEMA reprise")
    connexion.execute(_sql("000_tables"))
    connexion.execute(_sql("015_lignes_en_vigueur"))
    if precedent is not None:
        memoire.reprendre(connexion, socle.quote(precedent), code)


def _calculer_achats(chantier: _Chantier) -> None:
    """From the lines, each at its place, to what makes the price of each membre, lines too far from the others taken away."""
    connexion, plan = chantier.connexion, chantier.plan
    chantier.dire("Rapprochement des lignes")
    if not plan.entier:
        perimetre.toucher_lignes(connexion)
        perimetre.toucher_decisions(connexion)
        perimetre.toucher_familles(connexion)
        perimetre.isoler(connexion)
    chantier.voir_lignes("110_lignes_situees", "lignes_annuelles")
    chantier.ecrire([("120_achats_annuels", "reprise.achats_annuels", PAIRE, "")])
    chantier.dire("Lignes qui font un prix")
    chantier.executer("130_unites_articles")
    if not plan.entier:
        perimetre.toucher_unites(connexion)
    perimetre.montrer(connexion, plan, "annuels_repris")
    chantier.ecrire([("140_reperes_articles", "reprise.reperes_articles", ARTICLE, "")])
    if not plan.entier:
        perimetre.toucher_suspectes(connexion)
        perimetre.isoler(connexion)
    chantier.voir_lignes("150_lignes_jugees", "lignes_a_juger")
    chantier.executer("155_lignes")
    perimetre.montrer(connexion, plan, "annuels_a_juger")
    chantier.executer("158_suspectes")
    chantier.ecrire([("160_aberrantes", "reprise.aberrantes", PAIRE, "")], vide=_nombre(connexion, "SELECT count(*) FROM suspectes") == 0)
    chantier.executer("170_achats_exacts")


def _compter_mois(chantier: _Chantier) -> None:
    """What each membre bought month by month: in the base, or beside it where it was touched since."""
    connexion, plan = chantier.connexion, chantier.plan
    chantier.dire("Achats mois par mois")
    perimetre.montrer(connexion, plan, "lignes_mensuelles")
    texte = _sql("210_achats_mois")
    if plan.entier:
        connexion.execute(texte)
        connexion.execute("CREATE TABLE reprise.achats_mois AS SELECT * FROM socle.achats_mois LIMIT 0")
    else:
        perimetre.masquer_paires(connexion)
        reprise_seule = texte.replace("CREATE TABLE socle.", "CREATE TABLE reprise.", 1)
        perimetre.ecrire(connexion, plan, reprise_seule, "reprise.achats_mois", PAIRE_OU_RIEN)
    chantier.executer("215_achats_mois")
    perimetre.montrer(connexion, plan, "achats_des_membres")


def _code(entrees: Entrees) -> str:
    """All that makes an observatoire beside lines and decisions: when it changes nothing of the former one is kept."""
    return reprise.empreinte_du_code(repr(referentiels.regles(entrees.date_reference).to_dicts()))


def version_de(entrees: Entrees) -> str:
    """Give the fingerprint of the inputs: published files are immutable, so their name, rank and size say which they are."""
    condense = hashlib.sha256()
    for depot in sorted(entrees.depots, key=lambda d: (d.rang, d.depot)):
        fichier = (depot.chemin.name, depot.chemin.stat().st_size)
        condense.update(repr((depot.depot, depot.membre, depot.rang, str(depot.doublons), *fichier)).encode())
    condense.update(repr(sorted(entrees.membres, key=lambda m: m[0])).encode())
    condense.update(repr(sorted(repr(decision) for decision in entrees.decisions)).encode())
    condense.update(entrees.date_reference.isoformat().encode())
    for texte in sorted(files(__package__).iterdir(), key=lambda f: f.name):
        if texte.name.endswith(".sql"):
            condense.update(texte.read_bytes())
    return condense.hexdigest()[:16]


def _sql(fichier: str) -> str:
    return files(__package__).joinpath(f"{fichier}.sql").read_text(encoding="utf-8")


def _nombre(connexion: duckdb.DuckDBPyConnection, requete: str) -> int:
    ligne = connexion.execute(requete).fetchone()
    assert ligne is not None
    return int(ligne[0])
