"""Freeze a groupement from the observatoire and the choices of the club: needs become postes, quantities and maxima, once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb

from analytics.groupement.coherence import verifier
from analytics.groupement.donnees import (
    Besoin,
    Calendrier,
    DonneesGroupement,
    Duree,
    Lot,
    Membre,
    Plafond,
    Poste,
    RegimeCao,
    Variante,
    arrondir,
)
from analytics.groupement.repartition import Cle
from analytics.parametres import valeur
from ingest.erreurs import Refus

# What a buyer orders, when the reference unit is too small to be priced to the cent.
UNITES_DE_COMMANDE = {"feuille": ("ramette de 500 feuilles", 500), "page": ("millier de pages", 1000), "kWh": ("MWh", 1000)}
# How a town hall reads the base units of `ingest` and of the nomenclature.
UNITES_LISIBLES = {
    "unite": "unité",
    "l": "litre",
    "kg": "kilogramme",
    "g": "gramme",
    "m": "mètre",
    "m2": "m²",
    "m3": "m³",
    "h": "heure",
    "t": "tonne",
}
PRIX_MINIMAL_LISIBLE = Decimal("0.20")  # below, a price to the cent would be wrong by more than a few per cent


@dataclass(frozen=True)
class Choix:
    """What people decided; everything else comes from the observatoire. Amounts in EUR HT, durations in months."""

    identifiant: str
    objet: str
    familles: tuple[str, ...]  # one lot each, in this order
    membres: tuple[Membre, ...]
    coordonnateur: str
    date_droit: date  # of the consultation
    fige_le: date
    version: int = 1
    territoire: str = ""
    variante: Variante = Variante.B
    duree: Duree = Duree.PONCTUEL
    cao: RegimeCao = RegimeCao.COORDONNATEUR
    cle: Cle = Cle.GRATUITE
    frais_annuels_ht: Decimal = Decimal(0)
    duree_marche_mois: int = 48
    reconductions: str = "une première période de douze mois, reconductible trois fois pour la même durée"
    marge_maximum: Decimal | None = None  # None: politique/marge_maximum
    postes_par_lot: int = 25
    calendrier: Calendrier = field(default_factory=Calendrier)
    coordonnateur_tiers: Membre | None = None
    besoins_confirmes: Mapping[tuple[str, str], Decimal] = field(
        default_factory=dict
    )  # (SIREN, article_id) → yearly quantity, reference unit
    exclusivite: bool = True
    tribunal: str | None = None
    observations: str = ""


def figer(cursor: duckdb.DuckDBPyConnection, choix: Choix) -> DonneesGroupement:
    """The frozen set for these choices, checked; raises Refus when the law forbids them or nothing is needed.

    A poste is an article whose price may be shown (floors of `politique/plancher_*`): its estimated price is the quantity-weighted mean
    of all membres. What has no such article goes to the catalogue line of the lot, in EUR HT, so that the needs of every membre
    are whole. Maxima are the estimate over the duration plus the margin, rounded up to ten euros.
    """
    lignes = _read_besoins(cursor, choix)
    familles = _read_familles(cursor, choix)
    lots: list[Lot] = []
    postes: list[Poste] = []
    besoins: list[Besoin] = []
    for numero, (code, libelle) in enumerate(familles.items(), start=1):
        lots.append(Lot(numero, libelle, (code,)))
        du_lot = [ligne for ligne in lignes if ligne["famille"] == code]
        nouveaux, quantites = _build_lot(numero, du_lot, choix)
        postes += nouveaux
        besoins += quantites
    natures = {ligne["nature"] for ligne in lignes}
    donnees = DonneesGroupement(
        identifiant=choix.identifiant,
        version=choix.version,
        fige_le=choix.fige_le,
        objet=choix.objet,
        nature="travaux" if "travaux" in natures else "services" if natures == {"services"} else "fournitures",
        territoire=choix.territoire,
        familles=tuple(familles.items()),
        variante=choix.variante,
        duree=choix.duree,
        cao=choix.cao,
        coordonnateur=choix.coordonnateur,
        membres=choix.membres,
        lots=tuple(lots),
        postes=tuple(postes),
        besoins=tuple(besoins),
        plafonds=(),
        duree_marche_mois=choix.duree_marche_mois,
        reconductions=choix.reconductions,
        cle=choix.cle,
        frais_annuels_ht=choix.frais_annuels_ht,
        calendrier=choix.calendrier,
        date_droit=choix.date_droit,
        exclusivite=choix.exclusivite,
        preavis_retrait_jours=int(valeur("politique/preavis_retrait", choix.date_droit)),
        tribunal=choix.tribunal,
        coordonnateur_tiers=choix.coordonnateur_tiers,
        observations=choix.observations,
    )
    marge = valeur("politique/marge_maximum", choix.date_droit) if choix.marge_maximum is None else choix.marge_maximum
    donnees = plafonner(donnees, marge)
    verifier(donnees)
    return donnees


def plafonner(donnees: DonneesGroupement, marge: Decimal) -> DonneesGroupement:
    """The same set with one maximum per membre and lot: estimate over the duration × (1 + marge), rounded up to ten euros."""
    plafonds = []
    for (siren, lot), annuel in donnees.montants().items():
        if annuel:
            sur_duree = annuel * donnees.duree_marche_mois / 12 * (1 + marge)
            plafonds.append(Plafond(siren, lot, (sur_duree / 10).quantize(Decimal(1), rounding=ROUND_CEILING) * 10))
    return replace(donnees, plafonds=tuple(plafonds))


def _read_besoins(cursor: duckdb.DuckDBPyConnection, choix: Choix) -> list[dict[str, Any]]:
    requete = (Path(__file__).parent / "besoins_a_figer.sql").read_text(encoding="utf-8")
    parametres = {
        "familles": list(choix.familles),
        "membres": [membre.siren for membre in choix.membres],
        "plancher_membres": int(valeur("politique/plancher_membres", choix.date_droit)),
        "plancher_fournisseurs": int(valeur("politique/plancher_fournisseurs", choix.date_droit)),
    }
    lignes: list[dict[str, Any]] = cursor.sql(requete, params=parametres).pl().to_dicts()
    if not lignes:
        raise Refus("Aucun besoin n’est connu pour ces familles et ces membres. Déposez des achats, ou changez de familles ou de membres.")
    return lignes


def _read_familles(cursor: duckdb.DuckDBPyConnection, choix: Choix) -> dict[str, str]:
    lus = dict(cursor.sql("select code, libelle from familles").fetchall())
    inconnues = [code for code in choix.familles if code not in lus]
    if inconnues:
        raise Refus(f"La famille « {inconnues[0]} » n’existe pas dans la nomenclature du club.")
    return {code: lus[code] for code in choix.familles}


def _build_lot(numero: int, lignes: list[dict[str, Any]], choix: Choix) -> tuple[list[Poste], list[Besoin]]:
    """Postes of one lot, the most expensive articles first, then one catalogue line for all the rest."""
    retenus: dict[str, list[dict[str, Any]]] = {}
    reste: dict[str, Decimal] = {}
    articles = _rank_articles(lignes)[: choix.postes_par_lot]
    for ligne in lignes:
        # without a yearly quantity (packaging not understood) the need is known in euros only: catalogue
        if ligne["article_id"] in articles and ligne["quantite_annuelle"] is not None:
            retenus.setdefault(ligne["article_id"], []).append(ligne)
        else:
            reste[ligne["membre"]] = reste.get(ligne["membre"], Decimal(0)) + Decimal(ligne["montant_annuel_ht"])
    postes: list[Poste] = []
    besoins: list[Besoin] = []
    for rang, article in enumerate(articles, start=1):
        premiere = retenus[article][0]
        unite, facteur = _unite_de_commande(premiere)
        prix = arrondir(Decimal(premiere["prix_moyen_ht"]) * facteur)
        code = f"{numero}.{rang:02d}"
        postes.append(Poste(code, numero, _capitalise(premiere["libelle"]), unite, prix, article_id=article))
        for ligne in retenus[article]:
            quantite = choix.besoins_confirmes.get((ligne["membre"], article), Decimal(ligne["quantite_annuelle"]))
            if quantite > 0:
                besoins.append(Besoin(ligne["membre"], code, _quantite_de_commande(quantite, facteur)))
    catalogue = {siren: montant.quantize(Decimal(1), rounding=ROUND_HALF_UP) for siren, montant in reste.items()}
    if any(montant > 0 for montant in catalogue.values()):
        code = f"{numero}.{len(articles) + 1:02d}"
        postes.append(
            Poste(code, numero, "Autres articles de la famille, au catalogue du titulaire", "euro HT de catalogue", Decimal(1), True)
        )
        besoins += [Besoin(siren, code, montant) for siren, montant in catalogue.items() if montant > 0]
    return postes, besoins


def _rank_articles(lignes: list[dict[str, Any]]) -> list[str]:
    montants: dict[str, Decimal] = {}
    for ligne in lignes:
        if ligne["article_id"] is not None and ligne["prix_moyen_ht"] is not None and ligne["quantite_annuelle"]:
            montants[ligne["article_id"]] = montants.get(ligne["article_id"], Decimal(0)) + Decimal(ligne["montant_annuel_ht"])
    return [article for article, montant in sorted(montants.items(), key=lambda paire: (-paire[1], paire[0])) if montant > 0]


def _unite_de_commande(ligne: dict[str, Any]) -> tuple[str, int]:
    unite = ligne["unite_reference"]
    if unite in UNITES_DE_COMMANDE:
        return UNITES_DE_COMMANDE[unite]
    lisible = UNITES_LISIBLES.get(unite, unite)
    if Decimal(ligne["prix_moyen_ht"]) < PRIX_MINIMAL_LISIBLE:
        return (f"cent {lisible}s" if lisible.isalpha() else f"cent ({lisible})", 100)
    return (lisible, 1)


def _quantite_de_commande(quantite: Decimal, facteur: int) -> Decimal:
    """Whole units, at least one; hundreds keep two decimals, or the need of a small commune would be counted for a whole hundred."""
    if facteur == 100:
        return max((quantite / facteur).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP), Decimal("0.01"))
    return max((quantite / facteur).quantize(Decimal(1), rounding=ROUND_HALF_UP), Decimal(1))


def _capitalise(libelle: str) -> str:
    return libelle[:1].upper() + libelle[1:]
