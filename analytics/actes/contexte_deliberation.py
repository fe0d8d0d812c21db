"""The context offered to the template of a délibération: one membre, its organ, its needs, its five authorisations."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from analytics.actes.contexte import (
    ORGANES,
    UNITES,
    LotActe,
    Partie,
    composer_cao,
    date_ou_blanc,
    duree_en_mois,
    presenter,
)
from analytics.actes.rendu import a_completer
from analytics.groupement.donnees import DonneesGroupement, Duree, Membre, RegimeCao, Variante
from analytics.groupement.repartition import Cle
from analytics.parametres import parametre, table, valeur
from analytics.typographie import MOIS, date_longue, euros, nombre
from ingest.vocabulaire import NatureMembre

# « le maire », « la présidente »: who signs, with its article.
SIGNATAIRES = {
    NatureMembre.COMMUNE: "le maire",
    NatureMembre.EPCI: "le président ou la présidente",
    NatureMembre.CCAS: "le président ou la présidente",
    NatureMembre.SYNDICAT: "le président ou la présidente",
    NatureMembre.AUTRE: "le représentant légal",
}


@dataclass(frozen=True)
class ContexteDeliberation:
    """Every variable of `deliberation/acte.md.j2`. Amounts are texts, in EUR HT."""

    membre: Partie
    l_organe: str  # « Le conseil municipal », at the head of a sentence
    est_commune: bool
    est_epci: bool
    est_ccas: bool
    est_coordonnateur: bool
    signataire: str  # « le maire »
    numero: str
    seance: str
    convocation: str
    en_exercice: str
    presents: str
    representes: str
    votants: str
    secretaire: str
    rapporteur: str
    delegation: str  # date of the delegation to sign marchés, or a blank that says what to check
    objet: str
    familles: list[str]
    permanent: bool
    nb_membres: str
    coordonnateur: Partie
    epci_gratuit: bool
    statuts_epci: str
    coordonnateur_signe: bool
    integral: bool
    plusieurs_coordonnateurs: bool
    lots: list[LotActe]  # those where this membre has a need
    a_un_besoin: bool
    annuel: str
    total: str
    maximum: str
    maximum_groupement: str
    duree_marche: str
    gratuite: bool
    frais_annuels: str
    cao_du_coordonnateur: bool
    a_une_cao: bool
    cao_composition: str
    titulaire: str
    suppleant: str
    recours_mois: str
    renouvellement: str  # « mars 2026 »

    def as_dict(self) -> dict[str, Any]:
        """Top-level names for the template."""
        return {champ.name: getattr(self, champ.name) for champ in fields(self)}


def build_contexte_deliberation(donnees: DonneesGroupement, membre: Membre, au: date) -> ContexteDeliberation:
    """The context of the délibération of one party with the law of `au`."""
    organe = ORGANES[membre.nature]
    siren = membre.siren
    variante = donnees.variante
    annuel = donnees.montant_annuel(membre=siren)
    return ContexteDeliberation(
        membre=presenter(membre),
        l_organe=f"{'L’' if organe[0] in 'aeiou' else 'Le '}{organe}",
        est_commune=membre.nature is NatureMembre.COMMUNE,
        est_epci=membre.nature is NatureMembre.EPCI,
        est_ccas=membre.nature is NatureMembre.CCAS,
        est_coordonnateur=siren in _coordonnateurs(donnees),
        signataire=_signataire(membre),
        numero=membre.deliberation_numero or a_completer("numéro"),
        seance=date_ou_blanc(membre.deliberation_le, "date de la séance"),
        convocation=a_completer(_label_convocation(membre, au)),
        en_exercice=a_completer("nombre", "conseillers en exercice"),
        presents=a_completer("nombre", "présents"),
        representes=a_completer("nombre", "représentés"),
        votants=a_completer("nombre", "votants"),
        secretaire=a_completer("nom du ou de la secrétaire de séance"),
        rapporteur=a_completer("nom du rapporteur"),
        delegation=_delegation(membre, au),
        objet=donnees.objet,
        familles=[libelle for _, libelle in donnees.familles],
        permanent=donnees.duree is Duree.PERMANENT,
        nb_membres=nombre(len(donnees.membres)),
        coordonnateur=presenter(donnees.membre(donnees.coordonnateur)),
        epci_gratuit=variante is Variante.E,
        statuts_epci=date_ou_blanc(donnees.statuts_l5211_4_4_le, "date des statuts autorisant l’article L. 5211-4-4"),
        coordonnateur_signe=variante is not Variante.A,
        integral=variante is Variante.C,
        plusieurs_coordonnateurs=variante is Variante.D,
        lots=_lots(donnees, siren),
        a_un_besoin=annuel > 0,
        annuel=euros(annuel),
        total=euros(donnees.montant_total(membre=siren)),
        maximum=euros(donnees.maximum(membre=siren)),
        maximum_groupement=euros(donnees.maximum()),
        duree_marche=duree_en_mois(donnees.duree_marche_mois),
        gratuite=donnees.cle is Cle.GRATUITE,
        frais_annuels=euros(donnees.frais_annuels_ht) if donnees.frais_annuels_ht else "",
        cao_du_coordonnateur=donnees.cao is RegimeCao.COORDONNATEUR,
        a_une_cao=membre.nature in (NatureMembre.COMMUNE, NatureMembre.EPCI, NatureMembre.SYNDICAT),
        cao_composition=composer_cao(membre, au),
        titulaire=a_completer("nom du titulaire"),
        suppleant=a_completer("nom du suppléant"),
        recours_mois=UNITES[int(valeur("droit/recours", au))],
        renouvellement=_renouvellement(au),
    )


def _coordonnateurs(donnees: DonneesGroupement) -> set[str]:
    return {donnees.coordonnateur, *(lot.coordonnateur for lot in donnees.lots if lot.coordonnateur)}


def _signataire(membre: Membre) -> str:
    if membre.qualite is None:
        return SIGNATAIRES[membre.nature]
    qualite = membre.qualite.lower()
    return f"la {qualite}" if qualite.startswith(("présidente", "vice-présidente", "directrice")) else f"le {qualite}"


def _label_convocation(membre: Membre, au: date) -> str:
    if membre.nature is not NatureMembre.COMMUNE:
        return "date de la convocation"
    regle = table("droit/convocation", au)
    grande = (membre.population or 0) >= regle["population_seuil"]
    jours = UNITES[int(regle["jours_au_dela"] if grande else regle["jours_sous_seuil"])]
    return f"date de la convocation, {jours} jours francs au moins avant la séance" + (", avec note de synthèse" if grande else "")


def _delegation(membre: Membre, au: date) -> str:
    """The date of the delegation; one voted before the last renewal of the councils is no longer worth anything and becomes a blank."""
    renouvellement, _ = parametre("droit/renouvellement_conseils").entree(au)
    if membre.delegation_le is not None and membre.delegation_le >= renouvellement:
        return date_longue(membre.delegation_le)
    return a_completer(f"date de la délégation votée depuis le renouvellement de {_renouvellement(au)}, ou ligne à retirer")


def _renouvellement(au: date) -> str:
    debut, _ = parametre("droit/renouvellement_conseils").entree(au)
    return f"{MOIS[debut.month - 1]} {debut.year}"


def _lots(donnees: DonneesGroupement, siren: str) -> list[LotActe]:
    return [
        LotActe(
            numero=str(lot.numero),
            intitule=lot.intitule,
            description=lot.description,
            annuel=euros(donnees.montant_annuel(lot.numero, siren)),
            total=euros(donnees.montant_total(lot.numero, siren)),
            maximum=euros(donnees.maximum(lot.numero, siren)),
            coordonnateur=donnees.membre(lot.coordonnateur).nom if lot.coordonnateur else "",
        )
        for lot in donnees.lots
        if donnees.montant_annuel(lot.numero, siren) or donnees.maximum(lot.numero, siren)
    ]
