"""The context offered to the template of the convention constitutive."""

from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from analytics.actes.contexte import (
    LotActe,
    Partie,
    composer_cao,
    date_ou_blanc,
    duree_en_mois,
    euros_ou_tiret,
    presenter,
    presenter_lots,
)
from analytics.actes.rendu import a_completer
from analytics.groupement.donnees import DonneesGroupement, Duree, RegimeCao, Variante
from analytics.groupement.matrice import Tache, matrice
from analytics.groupement.repartition import LIBELLES, Cle, repartir_frais
from analytics.procedures import Genre, LotEstime, procedure
from analytics.typographie import date_longue, euros, nombre, pourcentage


@dataclass(frozen=True)
class BesoinMembre:
    """One row of annex 2: a membre in a lot."""

    nom: str
    lot: str
    annuel: str
    total: str
    minimum: str
    maximum: str


@dataclass(frozen=True)
class PosteActe:
    """One row of the postes of a lot; `repartition` says who needs how much."""

    code: str
    designation: str
    unite: str
    quantite: str
    repartition: str


@dataclass(frozen=True)
class LotAnnexe:
    """A lot in annex 2."""

    numero: str
    intitule: str
    postes: list[PosteActe]
    total: str


@dataclass(frozen=True)
class PartFrais:
    """One row of annex 4."""

    nom: str
    base: str
    part: str


@dataclass(frozen=True)
class ContexteConvention:
    """Every variable of `convention/acte.md.j2`. Amounts are texts, in EUR HT."""

    objet: str
    nature: str  # « fournitures », « services »
    familles: list[str]  # « Papier d'impression (AD01) »
    permanent: bool
    variante_a: bool  # passation only: each membre signs
    vie_du_contrat: bool  # B2 and C: avenants, reconduction, résiliation
    integral: bool  # C: orders and pays
    plusieurs_coordonnateurs: bool  # D
    epci_gratuit: bool  # E
    parties: list[Partie]
    membres: list[Partie]
    nb_membres: str
    coordonnateur: Partie
    coordonnateurs_des_lots: list[LotActe]
    lots: list[LotActe]
    un_seul_lot: bool
    duree_marche: str
    reconductions: str
    motif_duree_longue: str  # may be empty
    total_annuel: str
    total_duree: str
    maximum: str
    formalisee: bool
    procedure: str
    procedure_motifs: list[str]
    controle_legalite: bool
    cao_du_coordonnateur: bool
    cao_composition: str
    gratuite: bool
    cle: str
    frais_annuels: str  # empty when only real costs are shared
    parts_frais: list[PartFrais]
    base_frais: str
    exclusivite: bool
    preavis_jours: str
    tribunal: str
    fin_convention: str
    limite_deliberations: str
    publication: str
    debut_marche: str
    besoins: list[BesoinMembre]
    lots_annexe: list[LotAnnexe]
    taches: list[Tache] = field(default_factory=list)
    statuts_epci: str = ""
    date_droit: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Top-level names for the template; rows stay objects with attributes."""
        return {champ.name: getattr(self, champ.name) for champ in fields(self)}


def build_contexte(donnees: DonneesGroupement, au: date) -> ContexteConvention:
    """The context of the convention of `donnees` with the law of `au`."""
    coordonnateur = donnees.membre(donnees.coordonnateur)
    partie = presenter(coordonnateur)
    voie = procedure(
        donnees.montant_total(),
        donnees.nature,
        au,
        maximum_ht=donnees.maximum(),
        lots=[LotEstime(lot.intitule, donnees.maximum(lot.numero)) for lot in donnees.lots],
    )
    variante = donnees.variante
    return ContexteConvention(
        objet=donnees.objet,
        nature=donnees.nature,
        familles=[f"{libelle} ({code})" for code, libelle in donnees.familles],
        permanent=donnees.duree is Duree.PERMANENT,
        variante_a=variante is Variante.A,
        vie_du_contrat=variante in (Variante.B2, Variante.C),
        integral=variante is Variante.C,
        plusieurs_coordonnateurs=variante is Variante.D,
        epci_gratuit=variante is Variante.E,
        parties=[presenter(membre) for membre in donnees.parties],
        membres=[presenter(membre) for membre in donnees.membres],
        nb_membres=nombre(len(donnees.membres)),
        coordonnateur=partie,
        coordonnateurs_des_lots=presenter_lots(donnees),
        lots=presenter_lots(donnees),
        un_seul_lot=len(donnees.lots) == 1,
        duree_marche=duree_en_mois(donnees.duree_marche_mois),
        reconductions=donnees.reconductions,
        motif_duree_longue=donnees.motif_duree_longue or "",
        total_annuel=euros(donnees.montant_annuel()),
        total_duree=euros(donnees.montant_total()),
        maximum=euros(donnees.maximum()),
        formalisee=voie.genre is Genre.FORMALISEE,
        procedure=voie.libelle,
        procedure_motifs=[f"{motif.phrase.rstrip('.')} ({motif.article})." for motif in voie.motifs],
        controle_legalite=voie.controle_legalite,
        cao_du_coordonnateur=donnees.cao is RegimeCao.COORDONNATEUR,
        cao_composition=composer_cao(coordonnateur, au),
        gratuite=donnees.cle is Cle.GRATUITE,
        cle=_libelle_cle(donnees),
        frais_annuels=euros(donnees.frais_annuels_ht) if donnees.frais_annuels_ht else "",
        parts_frais=_parts_frais(donnees),
        base_frais=_BASES[donnees.cle],
        exclusivite=donnees.exclusivite,
        preavis_jours=nombre(donnees.preavis_retrait_jours),
        tribunal=donnees.tribunal or a_completer("tribunal administratif compétent"),
        fin_convention=date_longue(donnees.calendrier.fin_convention) if donnees.calendrier.fin_convention else "",
        limite_deliberations=date_ou_blanc(donnees.calendrier.limite_deliberations, "date limite des délibérations"),
        publication=date_ou_blanc(donnees.calendrier.publication, "date prévue de publication"),
        debut_marche=date_ou_blanc(donnees.calendrier.debut_marche, "date souhaitée de début du marché"),
        besoins=_besoins(donnees),
        lots_annexe=_lots_annexe(donnees),
        taches=matrice(variante),
        statuts_epci=date_ou_blanc(donnees.statuts_l5211_4_4_le, "date des statuts autorisant l’article L. 5211-4-4")
        if variante is Variante.E
        else "",
        date_droit=date_longue(au),
    )


_BASES = {
    Cle.GRATUITE: "",
    Cle.EGALITE: "un membre, une part",
    Cle.PRORATA_POP: "population municipale",
    Cle.PRORATA_MONTANT: "montant annuel estimé HT",
    Cle.MIXTE: "montant annuel estimé HT",
    Cle.UNITAIRE: "quantité annuelle estimée",
}


def _libelle_cle(donnees: DonneesGroupement) -> str:
    if donnees.cle is Cle.MIXTE:
        part = pourcentage(donnees.part_egalite)
        return f"pour {part} à parts égales et pour le reste au prorata des montants commandés"
    return LIBELLES[donnees.cle]


def _parts_frais(donnees: DonneesGroupement) -> list[PartFrais]:
    """A simulation on the estimates: each year the real one uses what was ordered."""
    if donnees.cle is Cle.GRATUITE or not donnees.frais_annuels_ht:
        return []
    bases = {
        membre.siren: {
            "population": Decimal(membre.population or 0),
            "montant": donnees.montant_annuel(membre=membre.siren),
            "quantite": sum((b.quantite_annuelle for b in donnees.besoins if b.membre == membre.siren), start=Decimal(0)),
        }
        for membre in donnees.membres
    }
    parts = repartir_frais(donnees.frais_annuels_ht, donnees.cle, bases, donnees.part_egalite)
    lignes = []
    for membre in donnees.membres:
        base = {
            Cle.EGALITE: "1",
            Cle.PRORATA_POP: f"{nombre(membre.population or 0)} habitants",
            Cle.UNITAIRE: nombre(bases[membre.siren]["quantite"]),
        }.get(donnees.cle, euros(bases[membre.siren]["montant"]))
        lignes.append(PartFrais(membre.nom, base, euros(parts[membre.siren])))
    lignes.append(PartFrais("Total", "", euros(donnees.frais_annuels_ht)))
    return lignes


def _besoins(donnees: DonneesGroupement) -> list[BesoinMembre]:
    annuels, totaux = donnees.montants(), donnees.montants_totaux()
    minima = {(p.membre, p.lot): p.minimum_ht for p in donnees.plafonds}
    lignes = []
    for membre in donnees.membres:
        for lot in donnees.lots:
            cle = (membre.siren, lot.numero)
            maximum = donnees.maximum(lot.numero, membre.siren)
            if annuels[cle] or maximum:
                minimum = minima.get(cle)
                lignes.append(
                    BesoinMembre(
                        membre.nom,
                        str(lot.numero),
                        euros(annuels[cle]),
                        euros(totaux[cle]),
                        "–" if minimum is None else euros(minimum),
                        euros(maximum),
                    )
                )
    return lignes


def _lots_annexe(donnees: DonneesGroupement) -> list[LotAnnexe]:
    lots = []
    for lot in donnees.lots:
        postes = []
        for poste in donnees.postes_du_lot(lot.numero):
            parts = [
                f"{donnees.membre(b.membre).nom} {nombre(b.quantite_annuelle)}"
                for b in donnees.besoins
                if b.poste == poste.code and b.quantite_annuelle
            ]
            postes.append(
                PosteActe(
                    poste.code,
                    poste.designation,
                    poste.unite,
                    nombre(donnees.quantite(poste.code)),
                    " ; ".join(parts),
                )
            )
        lots.append(LotAnnexe(str(lot.numero), lot.intitule, postes, euros_ou_tiret(donnees.montant_annuel(lot.numero))))
    return lots
