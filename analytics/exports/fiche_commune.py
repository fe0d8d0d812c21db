"""The « fiche de la commune »: one accessible page for a mayor, what we buy, where our prices stand, what it would change for us."""

from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from analytics import diffusion
from analytics.besoins import besoins_membre
from analytics.entrepot import version
from analytics.exports.formats import nom_unite
from analytics.indices import indice_famille, inflation
from analytics.mise_en_pdf import composer
from analytics.parangonnage import depenses_par_habitant
from analytics.portee import Portee
from analytics.prix import Positions, positions
from analytics.typographie import date_longue, euros_estimes, euros_ronds, nombre
from ingest.erreurs import Refus

ECARTS_MONTRES = 12
FAMILLES_MONTREES = 8
METHODES = (
    (
        "Ma position",
        "écart entre notre prix et le premier quartile des membres, sur nos quantités d'une année ; zéro quand nous payons moins.",
    ),
    ("Prix", "montant hors taxes divisé par la quantité, avoirs déduits ; un membre compte pour une voix."),
    ("Dépense par habitant", "comparée aux communes de la même strate de population."),
    ("Évolution", "indice trimestriel à achats égaux (même article, même membre, même fournisseur)."),
)


def fiche_commune(curseur: duckdb.DuckDBPyConnection, portee: Portee, chemin: Path, periode: str = diffusion.ENSEMBLE) -> None:
    """Write the PDF (PDF/UA-1, one A4 page) of the reader's membre at `chemin`, whole or not at all. Raises Refus without a membre."""
    if portee.membre is None:
        raise Refus("La fiche est celle d'un membre : choisissez d'abord un membre.")
    donnees = _donnees(curseur, portee, portee.membre, periode)
    octets = composer((files("analytics.exports") / "fiche_commune.typ").read_bytes(), donnees, version(curseur).date_reference)
    chemin.parent.mkdir(parents=True, exist_ok=True)
    provisoire = chemin.with_name(f"{chemin.name}.{uuid4().hex}.part")
    try:
        provisoire.write_bytes(octets)
        provisoire.replace(chemin)
    finally:
        provisoire.unlink(missing_ok=True)


def _donnees(curseur: duckdb.DuckDBPyConnection, portee: Portee, membre: str, periode: str) -> dict[str, Any]:
    ((nom, population),) = curseur.sql("SELECT nom, population FROM membres WHERE siren = $m", params={"m": membre}).fetchall() or [
        (membre, None)
    ]
    toutes = positions(curseur, periode, portee)
    besoins = besoins_membre(curseur, portee, membre)
    depense = sum((besoin.montant_annuel_ht for besoin in besoins), Decimal(0))
    habitants = f"{nombre(population)} habitants · " if population else ""
    quand = "toutes les années reçues" if periode == diffusion.ENSEMBLE else f"année {periode}"
    au = date_longue(version(curseur).date_reference)
    return {
        "titre": f"{nom} : nos achats et nos prix",
        "sous_titre": f"{habitants}prix : {quand} · observatoire arrêté au {au}",
        "phrases": [*_phrases(toutes, depense), *_evolution(curseur, portee)],
        "tableaux": [_ecarts(toutes), _familles(curseur, portee, membre)],
        "methodes": [{"titre": titre, "phrase": phrase} for titre, phrase in METHODES],
        "pied": "Document confidentiel du club d'acheteurs : les prix sont couverts par le secret des affaires. Estimations hors taxes.",
    }


def _phrases(toutes: Positions, depense: Decimal) -> list[str]:
    phrases = [f"Nous achetons pour {euros_estimes(depense)} hors taxes par an."]
    if toutes.nb_comparables == 0:
        phrases.append("Aucun de nos prix ne peut encore être comparé : il faut que d'autres membres achètent les mêmes articles.")
    elif toutes.total_q1_an == 0:
        phrases.append(
            f"Sur {nombre(toutes.nb_comparables)} articles comparables, nous payons partout aussi bien que le quart le mieux placé."
        )
    else:
        phrases.append(
            f"Sur {nombre(toutes.nb_comparables)} articles comparables, {nombre(toutes.nb_au_dessus_q1)} nous coûtent plus cher "
            f"qu'au quart des membres le mieux placé : {euros_estimes(toutes.total_q1_an)} par an d'écart, "
            "qui ne sont pas tous une économie à portée."
        )
    return phrases


def _evolution(curseur: duckdb.DuckDBPyConnection, portee: Portee) -> list[str]:
    points = [point for point in indice_famille(curseur, portee) if point.indice.valeur is not None]
    variation = inflation(points)
    if variation is None:
        return []
    sens = "augmenté" if variation > 0 else "baissé"
    debut, fin = points[0].trimestre[:4], points[-1].trimestre[:4]
    return [f"À achats égaux, les prix des membres ont {sens} de {nombre(abs(variation), 1)} % entre {debut} et {fin}."]


def _ecarts(toutes: Positions) -> dict[str, Any]:
    comptes = sorted(
        (ligne for ligne in toutes.lignes if (ligne.ecart_q1_an.valeur or 0) > 0),
        key=lambda ligne: (-(ligne.ecart_q1_an.valeur or 0), ligne.libelle),
    )
    lignes = [
        [
            ligne.libelle[:58],
            f"{_prix(ligne.prix_unitaire_ht.valeur)} / {nom_unite(ligne.unite)}",
            _prix(ligne.distribution.q1.valeur if ligne.distribution else None),
            euros_ronds(ligne.ecart_q1_an.valeur or Decimal(0)),
        ]
        for ligne in comptes[:ECARTS_MONTRES]
    ]
    reste = len(comptes) - len(lignes)
    return {
        "titre": "Où nos prix s'écartent le plus",
        "entete": ["Article", "Notre prix HT", "Premier quartile HT", "Écart par an"],
        "largeurs": [5, 2, 2, 1.4],
        "a_droite": [1, 2, 3],
        "lignes": lignes,
        "note": f"Et {reste} autres articles, dans l'observatoire." if reste > 1 else "",
        "vide": "Aucun écart au premier quartile : rien à gagner de ce côté.",
    }


def _familles(curseur: duckdb.DuckDBPyConnection, portee: Portee, membre: str) -> dict[str, Any]:
    depenses = sorted(depenses_par_habitant(curseur, portee, membre), key=lambda d: (-(d.mienne.valeur or 0), d.famille))
    lignes = [
        [
            d.famille_libelle,
            _par_habitant(d.mienne.valeur),
            _par_habitant(d.mediane.valeur) if d.mediane.valeur is not None else "non montrée",
        ]
        for d in depenses[:FAMILLES_MONTREES]
    ]
    strate = depenses[0].strate if depenses else ""
    return {
        "titre": "Ce que nous achetons le plus, par habitant et par an",
        "entete": ["Famille", "Nous", "Médiane de la strate"],
        "largeurs": [5, 2, 2],
        "a_droite": [1, 2],
        "lignes": lignes,
        "note": f"Communes de la même strate : {strate}. « Non montrée » : trop peu de communes pour le dire sans les révéler.",
        "vide": "La dépense par habitant ne se compare que pour une commune de population connue.",
    }


def _prix(valeur: Decimal | None) -> str:
    if valeur is None:
        return "non montré"
    arrondie = diffusion.arrondir(valeur, 4)
    exposant = arrondie.normalize().as_tuple().exponent
    return f"{nombre(arrondie, max(2, -int(exposant)))}\N{NO-BREAK SPACE}€"


def _par_habitant(valeur: Decimal | None) -> str:
    return "" if valeur is None else f"{nombre(valeur, 2)}\N{NO-BREAK SPACE}€"
