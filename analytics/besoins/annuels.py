"""Yearly needs of a membre, and of all of them together as far as the reader may know."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from analytics import diffusion
from analytics.entrepot import executer
from analytics.portee import Portee
from analytics.resultat import Effectif, Resultat
from ingest.erreurs import Refus

METHODE = "besoin_annuel"


@dataclass(frozen=True)
class Besoin:
    """What a membre needs in a year of one article, or of the lines of a famille that have no article (`article_id` None).

    Quantities are in `unite` (None when the lines have no common unit), amounts in € HT. The range is over its fully covered civil years.
    """

    famille: str
    famille_libelle: str
    article_id: str | None
    article: str | None
    unite: str | None
    quantite_annuelle: Decimal | None
    montant_annuel_ht: Decimal
    mois_couverts: int
    quantite_min_an: Decimal | None
    quantite_max_an: Decimal | None
    montant_min_an: Decimal | None
    montant_max_an: Decimal | None
    nb_lignes: int


@dataclass(frozen=True)
class BesoinConsolide:
    """What all members need in a year of one famille (`article_id` None) or of one article, as this reader may see it."""

    famille: str
    famille_libelle: str
    article_id: str | None
    article: str | None
    unite: str | None
    quantite_annuelle: Resultat
    montant_annuel_ht: Resultat
    nb_membres: int


def besoins_membre(curseur: duckdb.DuckDBPyConnection, portee: Portee, membre: str) -> tuple[Besoin, ...]:
    """The yearly needs of one membre, exact. Raises Refus when the reader may not read this membre."""
    if not portee.peut_lire(membre):
        raise Refus("Les besoins de ce membre ne vous sont pas ouverts : demandez-lui de partager ses lignes avec l'animatrice.")
    return tuple(
        Besoin(unite=ligne.pop("unite_reference"), **ligne) for ligne in executer(curseur, "besoins/membre.sql", membre=membre).to_dicts()
    )


def besoins_consolides(
    curseur: duckdb.DuckDBPyConnection, portee: Portee, *, famille: str | None = None, par: str = "famille"
) -> tuple[BesoinConsolide, ...]:
    """The yearly needs of all members, by famille or (`par="article"`) by article of the familles, through the rules of diffusion."""
    regle = diffusion.regles_en_vigueur(curseur)
    cadres = executer(curseur, "besoins/cadres.sql", famille=famille, par=par, lisibles=sorted(portee.membres_lisibles)).to_dicts()
    return tuple(_montrer(regle, portee, cadre) for cadre in cadres)


def _montrer(regle: diffusion.Regles, portee: Portee, cadre: dict[str, Any]) -> BesoinConsolide:
    effectif = Effectif(cadre["nb_membres"], cadre["nb_lignes"], cadre["nb_fournisseurs"] or 0)
    motif = None if portee.tout else diffusion.motif_somme(regle, effectif, cadre["nb_inconnus"], cadre["part_inconnue"])

    def somme(nom: str, unite: str) -> Resultat:
        if cadre[nom] is None:
            return Resultat(None, unite, effectif, diffusion.ENSEMBLE, METHODE, "ces achats n'ont pas d'unité commune")
        valeur = None if motif else (cadre[nom] if portee.tout else diffusion.arrondir(cadre[nom], regle.chiffres_totaux))
        return Resultat(valeur, unite, effectif, diffusion.ENSEMBLE, METHODE, motif)

    unite = cadre["unite_reference"]
    return BesoinConsolide(
        famille=cadre["famille"],
        famille_libelle=cadre["famille_libelle"],
        article_id=cadre["article_id"],
        article=cadre["article"],
        unite=unite,
        quantite_annuelle=somme("quantite_annuelle", f"{unite or 'unité'} / an"),
        montant_annuel_ht=somme("montant_annuel_ht", "€ HT / an"),
        nb_membres=cadre["nb_membres"],
    )
