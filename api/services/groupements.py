"""A groupement, from its formation to its end: its data are frozen once per version, its steps are dated."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analytics.groupement import donnees as fige
from analytics.groupement.donnees import Calendrier, DonneesGroupement, RegimeCao, Variante
from analytics.groupement.figement import Choix, figer
from analytics.groupement.repartition import Cle
from api.club.magasin import maintenant
from api.club.modeles import Adhesion, Club, EtapeGroupement, EtatGroupement, Groupement, Membre, VersionGroupement
from api.maison import Maison
from api.services import observatoire
from api.services.journal import noter
from api.services.membres import exiger_membre
from api.visiteur import Introuvable, Permission, Visiteur
from ingest.erreurs import Refus
from ingest.vocabulaire import NatureMembre

ETATS = tuple(EtatGroupement)


@dataclass(frozen=True)
class Projet:
    """What people chose to form a groupement: amounts in EUR HT, durations in months. Membres and coordonnateur are SIREN."""

    objet: str
    familles: tuple[str, ...]
    membres: tuple[str, ...]
    coordonnateur: str
    date_droit: date
    variante: Variante = Variante.B
    cao: RegimeCao = RegimeCao.COORDONNATEUR
    cle: Cle = Cle.GRATUITE
    frais_annuels_ht: Decimal = Decimal(0)
    duree_marche_mois: int = 48
    calendrier: Calendrier = field(default_factory=Calendrier)
    tribunal: str | None = None


def former(maison: Maison, visiteur: Visiteur, projet: Projet) -> Groupement:
    """Freeze the besoins of these membres for these familles, and open the groupement in state PROJET.

    Raises `Refus`, citing the article, when the law forbids the combination; `Introuvable` for a membre that is not in the club.
    """
    visiteur.verifie(Permission.FORMER_GROUPEMENT)
    donnees = _figer(maison, projet)
    with maison.club.ecriture() as session:
        numero = 1 + (session.scalar(select(func.max(Groupement.numero))) or 0)
        donnees = replace(donnees, identifiant=f"G{numero}")
        groupement = Groupement(
            id=donnees.identifiant,
            numero=numero,
            objet=projet.objet,
            etat=EtatGroupement.PROJET,
            coordonnateur=projet.coordonnateur,
            familles={"codes": list(projet.familles)},
            version=0,
            cree_par=visiteur.email,
            cree_le=maintenant(),
        )
        session.add(groupement)
        session.flush()
        session.add_all(Adhesion(groupement=groupement.id, membre=siren) for siren in projet.membres)
        _garder_version(session, visiteur, groupement, donnees, None)
        _passer(session, visiteur, groupement, EtatGroupement.PROJET, "Besoins figés depuis l'observatoire.")
        noter(session, visiteur.email, "groupement formé", groupement.id, familles=list(projet.familles))
    return groupement


def refiger(maison: Maison, visiteur: Visiteur, identifiant: str, changer: Callable[[DonneesGroupement], DonneesGroupement]) -> Groupement:
    """A new version of the frozen data, from the last one changed by `changer`; the former version and its documents stay.

    Raises `Refus` once the consultation is published: membres and maxima are then frozen (CCP L2113-7, R2162-4).
    """
    visiteur.verifie(Permission.FORMER_GROUPEMENT)
    ancienne = donnees_de(maison, visiteur, identifiant)
    nouvelle = replace(changer(ancienne), version=ancienne.version + 1)
    with maison.club.ecriture() as session:
        groupement = session.get_one(Groupement, identifiant)
        if ETATS.index(EtatGroupement(groupement.etat)) >= ETATS.index(EtatGroupement.EN_CONSULTATION):
            raise Refus(f"Le groupement {identifiant} est en consultation : ses membres et ses maxima ne changent plus.")
        if groupement.version != ancienne.version:
            raise Refus("Une autre version vient d'être figée. Relisez-la, puis recommencez.")
        _garder_version(session, visiteur, groupement, nouvelle, None)
        noter(session, visiteur.email, "groupement figé de nouveau", identifiant, version=nouvelle.version)
    return groupement


def lister(maison: Maison, visiteur: Visiteur) -> Sequence[Groupement]:
    """The groupements she may see: all for the club, those of her membre for a membre's account."""
    visiteur.verifie(Permission.LIRE_GROUPEMENTS)
    with maison.club.lecture() as session:
        demande = select(Groupement).order_by(Groupement.numero)
        if not visiteur.peut(Permission.FORMER_GROUPEMENT):
            demande = demande.where(Groupement.id.in_(select(Adhesion.groupement).where(Adhesion.membre == visiteur.membre)))
        return session.scalars(demande).all()


def groupement(maison: Maison, visiteur: Visiteur, identifiant: str) -> Groupement:
    """One groupement she may see. Raises `Introuvable` otherwise."""
    with maison.club.lecture() as session:
        return exiger_groupement(session, visiteur, identifiant)


def adhesions(maison: Maison, visiteur: Visiteur, identifiant: str) -> Sequence[tuple[Adhesion, Membre]]:
    """Where each membre of the groupement stands."""
    with maison.club.lecture() as session:
        exiger_groupement(session, visiteur, identifiant)
        demande = select(Adhesion, Membre).join(Membre, Membre.siren == Adhesion.membre).where(Adhesion.groupement == identifiant)
        return [(adhesion, membre) for adhesion, membre in session.execute(demande.order_by(Membre.nom))]


def etapes(maison: Maison, visiteur: Visiteur, identifiant: str) -> Sequence[EtapeGroupement]:
    """The dated steps of the groupement, oldest first."""
    with maison.club.lecture() as session:
        exiger_groupement(session, visiteur, identifiant)
        return session.scalars(select(EtapeGroupement).where(EtapeGroupement.groupement == identifiant).order_by(EtapeGroupement.id)).all()


def donnees_de(maison: Maison, visiteur: Visiteur, identifiant: str) -> DonneesGroupement:
    """The frozen data in force."""
    with maison.club.lecture() as session:
        version = exiger_groupement(session, visiteur, identifiant).version
        retenue = session.get_one(VersionGroupement, (identifiant, version))
        return DonneesGroupement.from_json(json.dumps(retenue.donnees))


def changer_etat(maison: Maison, visiteur: Visiteur, identifiant: str, etat: EtatGroupement, remarque: str = "") -> Groupement:
    """Pass to the next state, or back to a former one with a reason. Raises `Refus` when a state is skipped."""
    visiteur.verifie(Permission.FORMER_GROUPEMENT)
    with maison.club.ecriture() as session:
        groupement = exiger_groupement(session, visiteur, identifiant)
        pas = ETATS.index(etat) - ETATS.index(EtatGroupement(groupement.etat))
        if pas > 1 or pas == 0:
            raise Refus(f"Le groupement {identifiant} ne peut pas passer directement à cet état : suivez les étapes dans l'ordre.")
        if pas < 0 and not remarque.strip():
            raise Refus("Revenir à un état antérieur demande d'en dire la raison.")
        groupement.etat = etat
        _passer(session, visiteur, groupement, etat, remarque)
        noter(session, visiteur.email, "groupement avancé", identifiant, etat=etat.value)
    return groupement


def noter_adhesion(maison: Maison, visiteur: Visiteur, identifiant: str, membre: str, **dates: date | None) -> Adhesion:
    """Write down when a membre was convened, voted, its vote enforceable, signed.

    `dates`: `convoquee_le`, `deliberee_le`, `executoire_le`, `signee_le`; None takes one back. By the membre itself or the club.
    """
    if not visiteur.peut(Permission.FORMER_GROUPEMENT):
        visiteur.verifie(Permission.MODIFIER_BESOINS)
        visiteur.verifie_membre(membre)
    inconnues = set(dates) - {"convoquee_le", "deliberee_le", "executoire_le", "signee_le"}
    if inconnues:
        raise TypeError(f"unknown dates: {sorted(inconnues)}")
    with maison.club.ecriture() as session:
        exiger_groupement(session, visiteur, identifiant)
        adhesion = session.get(Adhesion, (identifiant, membre))
        if adhesion is None:
            raise Introuvable("Ce membre n'est pas dans ce groupement.")
        for nom, valeur in dates.items():
            setattr(adhesion, nom, valeur)
        suite = [jour for jour in (adhesion.convoquee_le, adhesion.deliberee_le, adhesion.executoire_le) if jour is not None]
        if suite != sorted(suite):
            raise Refus("Les dates doivent se suivre : convocation, délibération, caractère exécutoire. Vérifiez-les.")
        noter(session, visiteur.email, "adhésion notée", identifiant, membre=membre)
    return adhesion


def _figer(maison: Maison, projet: Projet) -> DonneesGroupement:
    with maison.club.lecture() as session:
        club = session.get(Club, 1)
        choix = Choix(
            identifiant="G0",
            objet=projet.objet,
            familles=projet.familles,
            membres=tuple(partie(exiger_membre(session, siren)) for siren in projet.membres),
            coordonnateur=exiger_membre(session, projet.coordonnateur).siren,
            date_droit=projet.date_droit,
            fige_le=maintenant().date(),
            territoire=club.nom if club else "",
            variante=projet.variante,
            cao=projet.cao,
            cle=projet.cle,
            frais_annuels_ht=projet.frais_annuels_ht,
            duree_marche_mois=projet.duree_marche_mois,
            reconductions=dire_reconductions(projet.duree_marche_mois),
            calendrier=projet.calendrier,
            tribunal=projet.tribunal,
        )
    with observatoire.lecture(maison) as curseur:
        return figer(curseur, choix)


def dire_reconductions(duree_mois: int) -> str:
    """How a duration is cut: whole years are one first year, then renewals (CCP R2112-4); anything else runs without renewal."""
    annees, reste = divmod(duree_mois, 12)
    if reste or annees < 2:
        return "sans reconduction"
    fois = {2: "une fois", 3: "deux fois", 4: "trois fois"}.get(annees, f"{annees - 1} fois")
    return f"une première période de douze mois, reconductible {fois} pour la même durée"


def partie(membre: Membre) -> fige.Membre:
    """A membre of the club as a party of the acts; what is not known stays blank there."""
    departement = membre.code_insee[: 3 if membre.code_insee.startswith("97") else 2] if membre.code_insee else None
    return fige.Membre(
        siren=membre.siren,
        nom=membre.nom,
        nature=NatureMembre(membre.nature),
        population=membre.population,
        adresse=membre.adresse,
        representant=membre.representant,
        qualite=membre.qualite_representant,
        siret_facturation=membre.siret,
        departement=departement,
    )


def exiger_groupement(session: Session, visiteur: Visiteur, identifiant: str) -> Groupement:
    """The groupement, within a transaction. Raises `Introuvable` when it is not hers to see."""
    visiteur.verifie(Permission.LIRE_GROUPEMENTS)
    trouve = session.get(Groupement, identifiant)
    sien = visiteur.peut(Permission.FORMER_GROUPEMENT) or (
        visiteur.membre is not None and session.get(Adhesion, (identifiant, visiteur.membre)) is not None
    )
    if trouve is None or not sien:
        raise Introuvable(f"Le groupement « {identifiant} » n'existe pas, ou votre commune n'en fait pas partie.")
    return trouve


def _garder_version(
    session: Session, visiteur: Visiteur, groupement: Groupement, donnees: DonneesGroupement, observatoire_lu: str | None
) -> None:
    groupement.version = donnees.version
    session.add(
        VersionGroupement(
            groupement=groupement.id,
            version=donnees.version,
            donnees=json.loads(donnees.to_json()),
            empreinte=donnees.empreinte,
            observatoire=observatoire_lu,
            par=visiteur.email,
            le=maintenant(),
        )
    )


def _passer(session: Session, visiteur: Visiteur, groupement: Groupement, etat: EtatGroupement, remarque: str) -> None:
    session.add(EtapeGroupement(groupement=groupement.id, etat=etat, par=visiteur.email, le=maintenant(), remarque=remarque or None))
