"""What the templates of acts may say: plain strings and lists, already in French form, computed once from the frozen data.

A missing fact is already a visible blank here; templates only choose, loop and include.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analytics.actes.rendu import a_completer
from analytics.groupement.donnees import DonneesGroupement, Membre
from analytics.parametres import table
from analytics.typographie import FINE, date_longue, de, euros
from ingest.vocabulaire import NatureMembre

ORGANES = {
    NatureMembre.COMMUNE: "conseil municipal",
    NatureMembre.EPCI: "conseil communautaire",
    NatureMembre.CCAS: "conseil d’administration",
    NatureMembre.SYNDICAT: "comité syndical",
    NatureMembre.AUTRE: "organe délibérant",
}
QUALITES = {
    NatureMembre.COMMUNE: "maire",
    NatureMembre.EPCI: "président ou présidente",
    NatureMembre.CCAS: "président ou présidente",
    NatureMembre.SYNDICAT: "président ou présidente",
    NatureMembre.AUTRE: "représentant légal",
}
SIGLES = {"CA": "communauté d’agglomération", "CC": "communauté de communes", "CU": "communauté urbaine"}
UNITES = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")


@dataclass(frozen=True)
class Partie:
    """One party, as an act names it."""

    siren: str  # « 211 603 857 »
    nom: str  # « Touvre »
    designation: str  # « la commune de Touvre »
    designation_tete: str  # « La commune de Touvre », at the head of a sentence
    e: str  # « e » when the designation is feminine: « désigné{{ e }} »
    du: str  # « de la commune de Touvre »
    siege: str
    representant: str  # name, or a blank
    qualite: str
    organe: str  # « le conseil municipal »
    deliberation: str  # « n° 12 du 4 janvier 2027 »
    executoire: str
    nature: str
    siret_facturation: str
    code_service: str
    contact: str


@dataclass(frozen=True)
class LotActe:
    """One lot with its amounts, all in EUR HT."""

    numero: str
    intitule: str
    description: str
    annuel: str
    total: str
    maximum: str
    coordonnateur: str


def designer(membre: Membre) -> str:
    """`la commune de Touvre`, `le centre communal d'action sociale de Soyaux`, `la communauté d'agglomération X`."""
    if membre.nature is NatureMembre.COMMUNE:
        return f"la commune {de(membre.nom)}"
    if membre.nature is NatureMembre.CCAS:
        entier = membre.nom.replace("CCAS", "centre communal d’action sociale")
        return f"le {entier}" if "centre" in entier.lower() else f"le centre communal d’action sociale {de(membre.nom)}"
    if membre.nature is NatureMembre.SYNDICAT:
        return f"le {membre.nom[:1].lower()}{membre.nom[1:]}" if membre.nom.lower().startswith("syndicat") else f"le syndicat {membre.nom}"
    if membre.nature is NatureMembre.EPCI:
        return _designer_epci(membre.nom)
    return membre.nom


def _designer_epci(nom: str) -> str:
    """`la communauté d'agglomération du Grand Angoulême` for « CA du Grand Angoulême »: the directory abbreviates, an act does not."""
    sigle, _, suite = nom.partition(" ")
    if sigle in SIGLES and suite:
        return f"la {SIGLES[sigle]} {re.sub(r' ?[(][A-Z0-9 -]+[)]$', '', suite)}"
    if nom.lower().startswith(("communauté", "métropole")):
        return f"la {nom[:1].lower()}{nom[1:]}"
    return f"l’établissement public de coopération intercommunale {nom}"


def avec_de(designation: str) -> str:
    """`du centre…`, `de la commune…`, `de l'établissement…`."""
    if designation.startswith("le "):
        return f"du {designation[3:]}"
    return f"d’{designation}" if designation[:1] in "AEIOU" else f"de {designation}"


def presenter(membre: Membre) -> Partie:
    """A membre as a party; what is not known is a blank that names the membre."""
    designation = designer(membre)
    nom = membre.nom
    deliberation = (
        "du " + a_completer("date et numéro", f"délibération, {nom}")
        if membre.deliberation_le is None
        else f"n° {membre.deliberation_numero} du {date_longue(membre.deliberation_le)}"
        if membre.deliberation_numero
        else f"du {date_longue(membre.deliberation_le)}"
    )
    return Partie(
        siren=grouper_siren(membre.siren),
        nom=nom,
        designation=designation,
        designation_tete=designation[:1].upper() + designation[1:],
        e="e" if designation.startswith("la ") else "",
        du=avec_de(designation),
        siege=membre.adresse or a_completer("adresse du siège", nom),
        representant=membre.representant or a_completer("nom du signataire", nom),
        qualite=membre.qualite or QUALITES[membre.nature],
        organe=f"{'l’' if ORGANES[membre.nature][0] in 'aeiou' else 'le '}{ORGANES[membre.nature]}",
        deliberation=deliberation,
        executoire=date_ou_blanc(membre.executoire_le, "date", f"délibération exécutoire, {nom}"),
        nature=membre.nature.value,
        siret_facturation=grouper_siren(membre.siret_facturation) if membre.siret_facturation else a_completer("SIRET de facturation", nom),
        code_service=membre.code_service or a_completer("code service Chorus Pro", nom),
        contact=membre.contact or a_completer("contact", nom),
    )


def presenter_lots(donnees: DonneesGroupement) -> list[LotActe]:
    """Lots with their estimates and maxima."""
    return [
        LotActe(
            numero=str(lot.numero),
            intitule=lot.intitule,
            description=lot.description,
            annuel=euros(donnees.montant_annuel(lot.numero)),
            total=euros(donnees.montant_total(lot.numero)),
            maximum=euros(donnees.maximum(lot.numero)),
            coordonnateur=donnees.membre(lot.coordonnateur).nom if lot.coordonnateur else "",
        )
        for lot in donnees.lots
    ]


def date_ou_blanc(jour: date | None, libelle: str, precision: str = "") -> str:
    """A long date, or a blank."""
    return date_longue(jour) if jour else a_completer(libelle, precision)


def grouper_siren(identifiant: str) -> str:
    """`211 603 857`, and `211 603 857 00018` for a SIRET."""
    blocs = [identifiant[:3], identifiant[3:6], identifiant[6:9], identifiant[9:]]
    return FINE.join(bloc for bloc in blocs if bloc)


def composer_cao(membre: Membre, au: date) -> str:
    """`son président et cinq membres élus`: size of the commission of a membre (CGCT L1411-5, dated)."""
    regle = table("droit/cao", au)
    petite = membre.nature is NatureMembre.COMMUNE and (membre.population or 0) < regle["population_seuil"]
    nombre = int(regle["membres_sous_seuil"] if petite else regle["membres_au_dela"])
    return f"de son président et de {UNITES[nombre]} membres élus"


def euros_ou_tiret(montant: Decimal) -> str:
    """An amount, or a dash for nothing."""
    return euros(montant) if montant else "–"


def duree_en_mois(mois: int) -> str:
    """`48 mois, soit 4 ans`."""
    return f"{mois} mois, soit {mois // 12} an{'s' if mois >= 24 else ''}" if mois % 12 == 0 else f"{mois} mois"
