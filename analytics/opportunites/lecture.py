"""Read from the observatoire what an opportunité is computed on: purchases, familles, membres, number of fournisseurs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from analytics import diffusion
from analytics.opportunites.modele import Effet
from analytics.portee import Portee
from analytics.volume import effets_volume


@dataclass(frozen=True)
class LigneBesoin:
    """One besoin with the price paid and the spread of prices (None below the floors or when the price is excluded). EUR HT per year."""

    membre: str
    famille: str
    article: str | None
    montant: Decimal
    quantite: Decimal | None
    prix: Decimal | None
    q1: Decimal | None
    mediane: Decimal | None
    moyenne: Decimal | None
    nb_lignes: int

    @property
    def comparable(self) -> bool:
        """True when a gain can be computed on it."""
        return None not in (self.article, self.quantite, self.prix, self.q1, self.mediane)


@dataclass(frozen=True)
class Famille:
    """One famille of the nomenclature."""

    code: str
    libelle: str
    nature: str
    groupement: str
    remarque: str


@dataclass(frozen=True)
class Monde:
    """All that is read, once."""

    lignes: tuple[LigneBesoin, ...]
    familles: dict[str, Famille]
    membres: dict[str, str]  # SIREN → nom
    populations: dict[str, int | None]
    fournisseurs: dict[str, int]  # famille → number
    effets: dict[str, Effet]  # famille → measured volume effect


def lire(cursor: duckdb.DuckDBPyConnection, au: date, portee: Portee) -> Monde:
    """Read the tables of the observatoire; an empty observatoire gives an empty world."""
    requete = (Path(__file__).parent / "achats.sql").read_text(encoding="utf-8")
    regle = diffusion.regles(au)
    planchers = {
        "plancher_membres": regle.membres,
        "plancher_quartiles": regle.membres_quartiles,
        "plancher_fournisseurs": regle.fournisseurs,
    }
    lignes = tuple(
        LigneBesoin(
            membre=lue["membre"],
            famille=lue["famille"],
            article=lue["article_id"],
            montant=lue["montant_annuel_ht"],
            quantite=lue["quantite_annuelle"],
            prix=lue["prix_unitaire_ht"],
            q1=lue["q1"],
            mediane=lue["mediane"],
            moyenne=lue["moyenne_ponderee"],
            nb_lignes=lue["nb_lignes"],
        )
        for lue in cursor.sql(requete, params=planchers).pl().to_dicts()
    )
    membres = cursor.sql("select siren, nom, population from membres").fetchall()
    return Monde(
        lignes=lignes,
        familles={
            ligne[0]: Famille(*(texte or "" for texte in ligne))
            for ligne in cursor.sql("select code, libelle, nature, groupement, remarque from familles").fetchall()
        },
        membres={siren: nom for siren, nom, _ in membres},
        populations={siren: population for siren, _, population in membres},
        fournisseurs=dict(
            cursor.sql(
                "select famille, count(distinct fournisseur_id) from lignes where fournisseur_id is not null group by famille"
            ).fetchall()
        ),
        effets={
            famille: Effet(effet.elasticite, effet.bas, effet.haut)
            for famille, effet in effets_volume(cursor, portee).items()
            if effet.mesurable and effet.elasticite is not None and effet.bas is not None and effet.haut is not None
        },
    )
