"""Every line of a famille accounted for: how many make its prices, how many do not, and why."""

from dataclasses import dataclass

import duckdb

from analytics import diffusion
from analytics.entrepot import executer
from analytics.portee import Portee
from analytics.resultat import Effectif


@dataclass(frozen=True)
class Comptes:
    """`nb_lignes` = `nb_prix` + `nb_approx` + `nb_aberrantes` + `nb_autres`, of all the membres or of those the reader may read.

    `nb_autres` are credit notes (which correct prices without being one), mandats, carriage, lines whose packaging is « à préciser » or
    that lack an amount, a quantity, an article.
    """

    nb_membres: int
    nb_lignes: int
    nb_prix: int
    nb_approx: int
    nb_aberrantes: int
    nb_autres: int
    de_tous: bool


def comptes_famille(curseur: duckdb.DuckDBPyConnection, portee: Portee, famille: str) -> Comptes:
    """The lines of all the membres when enough of them have some for the reader not to count one's, else those she may read."""
    regle = diffusion.regles_en_vigueur(curseur)
    tous = _compter(curseur, portee, famille, de_tous=True)
    inconnus = max(0, tous.nb_membres - _compter(curseur, portee, famille, de_tous=False).nb_membres)
    effectif = Effectif(tous.nb_membres, tous.nb_lignes, regle.fournisseurs)
    if portee.tout or not (diffusion.motif_plancher(regle, effectif) or diffusion.motif_inconnus(regle, inconnus)):
        return tous
    return _compter(curseur, portee, famille, de_tous=False)


def _compter(curseur: duckdb.DuckDBPyConnection, portee: Portee, famille: str, *, de_tous: bool) -> Comptes:
    (compte,) = executer(
        curseur, "prix/comptes_famille.sql", famille=famille, tout=de_tous, membres=sorted(portee.membres_lisibles)
    ).to_dicts()
    return Comptes(**compte, de_tous=de_tous)
