"""The demonstration: the sample data taken in through the same use cases as anybody's files, one groupement, its acts.

Doing it again does only what is missing: a file is known by its bytes, the groupement by being there, an act by its documents.
"""

import csv
import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

from sqlalchemy import select

from analytics import coordonnateur
from analytics.groupement.calendrier import planifier
from analytics.groupement.donnees import Calendrier
from analytics.opportunites.classement import classer
from analytics.opportunites.modele import Opportunite
from analytics.parametres import ParametreAbsent, valeur
from api.club.magasin import maintenant
from api.club.modeles import Compte, Depot, EtatDepot, Groupement
from api.maison import Maison
from api.services import actes, comptes, depots, groupements, imports, lecture, membres, observatoire
from api.services.connexion import COMPTE_DEMO
from api.services.groupements import Projet
from api.services.initialiser import fonder
from api.services.membres import NouveauMembre
from api.services.observatoire import Etapes
from api.visiteur import Visiteur
from ingest.erreurs import Refus
from ingest.vocabulaire import NatureMembre, Role

NOM, SIREN_EPCI = "GrandAngoulême (démonstration)", "200071827"
FAMILLES = ("AD01", "AD02")
OBJET = "l’achat de papier et de fournitures de bureau"
TRIBUNAL = "tribunal administratif de Poitiers"
"""Of the Charente: CJA, article R. 221-3."""
COMPTES = (
    (COMPTE_DEMO, "Animatrice du club", Role.ANIMATRICE, None),
    ("secretaire.fleac@demo.invalid", "Secrétaire de mairie de Fléac", Role.SECRETAIRE, "211601380"),
    ("secretaire.touvre@demo.invalid", "Secrétaire de mairie de Touvre", Role.SECRETAIRE, "211603857"),
    ("elu.angouleme@demo.invalid", "Adjoint aux finances d'Angoulême", Role.ELU, "211600150"),
    ("administrateur@demo.invalid", "Administrateur du service", Role.ADMINISTRATEUR, None),
)


@dataclass(frozen=True)
class Exemple:
    """One sample file and the membre it comes from."""

    membre: str
    chemin: Path


@dataclass(frozen=True)
class Preparation:
    """What stands ready, in figures read from the stores."""

    nb_membres: int
    nb_depots: int
    lues: int
    retenues: int
    a_corriger: int
    ecartees: int
    identiques: int
    refus: tuple[str, ...]
    premiere: Opportunite | None
    groupement: str | None
    nb_documents: int

    def phrases(self) -> list[str]:
        """The same for a person."""
        compte = (
            f"{self.nb_membres} membres, {self.nb_depots} dépôts, {self.lues} lignes lues : {self.retenues} retenues, "
            f"{self.a_corriger} à corriger, {self.ecartees} écartées, {self.identiques} identiques."
        )
        lignes = ["Démonstration : communes réelles, achats inventés.", compte]
        lignes += [f"Refusé : {refus}" for refus in self.refus]
        if self.premiere:
            lignes.append(f"À acheter ensemble d'abord : {self.premiere.libelle}. {self.premiere.gain.phrase}")
        if self.groupement:
            lignes.append(f"Groupement {self.groupement} : {OBJET}, {self.nb_documents} documents rédigés.")
        return lignes


def preparer(maison: Maison, etape: Etapes) -> Preparation:
    """Bring the data directory to the state of the demonstration. Raises `Refus` when it holds a real club."""
    clavier = Visiteur.au_clavier()
    with ExitStack() as pile:
        dossier = pile.enter_context(resources.as_file(resources.files("sample_data")))
        etape("Membres et comptes", 1, 6)
        _inscrire(maison, clavier, dossier)
        refus = _importer(maison, clavier, list(_exemples(dossier)), etape)
    etape("Observatoire", 3, 6)
    observatoire.mettre_a_jour(maison)
    etape("Opportunités", 4, 6)
    with observatoire.lecture(maison) as curseur:
        classees = classer(curseur, maintenant().date(), portee=clavier.portee())
    premiere = next((opportunite for opportunite in classees if opportunite.ecartee is None), None)
    etape("Groupement", 5, 6)
    groupement = _grouper(maison, clavier)
    etape("Actes", 6, 6)
    nb_documents = _rediger(maison, clavier, groupement)
    return _compter(maison, clavier, refus, premiere, groupement, nb_documents)


def _inscrire(maison: Maison, clavier: Visiteur, dossier: Path) -> None:
    with (dossier / "membres.csv").open(encoding="utf-8", newline="") as fichier:
        nouveaux = [
            NouveauMembre(
                siren=rangee["siren"],
                nom=rangee["nom"],
                nature=NatureMembre(rangee["nature"]),
                code_insee=rangee["code_insee"] or None,
                # A CCAS has no population of its own: the one of its commune would be counted twice.
                population=int(rangee["population"]) if rangee["population"] and rangee["nature"] != NatureMembre.CCAS else None,
                adresse=f"Mairie, {rangee['code_postal']} {rangee['nom']}" if rangee["code_postal"] else None,
                # All agree: were one or two left out, the statistics would have to be hidden from the animatrice for their sake.
                lignes_partagees=True,
            )
            for rangee in csv.DictReader(fichier, delimiter=";")
        ]
    with maison.club.ecriture() as session:
        fonder(session, clavier, nom=NOM, siren_epci=SIREN_EPCI, demo=True)
        membres.inscrire(session, clavier, nouveaux)
        presents = set(session.scalars(select(Compte.email)))
    for email, nom, role, membre in COMPTES:
        if email not in presents:
            comptes.creer_compte(maison, clavier, email=email, nom=nom, role=role, membre=membre, mot_de_passe=None)


def _exemples(dossier: Path) -> Iterator[Exemple]:
    with (dossier / "membres.csv").open(encoding="utf-8", newline="") as fichier:
        siren_de = {rangee["slug"]: rangee["siren"] for rangee in csv.DictReader(fichier, delimiter=";")}
    for chemin in sorted((dossier / "communes").glob("*/*")):
        yield Exemple(siren_de[chemin.parent.name], chemin)


def _importer(maison: Maison, clavier: Visiteur, exemples: list[Exemple], etape: Etapes) -> tuple[str, ...]:
    with maison.club.lecture() as session:
        connus = set(session.execute(select(Depot.membre, Depot.sha256).where(Depot.etat.in_([EtatDepot.PUBLIE, EtatDepot.RETIRE]))))
        inacheves = session.scalars(
            select(Depot.id).where(Depot.recu_par == clavier.email, Depot.etat.not_in([EtatDepot.PUBLIE, EtatDepot.RETIRE]))
        ).all()
    for inacheve in inacheves:  # a former run was cut
        depots.abandonner(maison, clavier, inacheve, motif="préparation interrompue")
    nouveaux = [exemple for exemple in exemples if (exemple.membre, _empreinte(exemple.chemin)) not in connus]
    if not nouveaux:
        return ()
    recus = [imports.recevoir(maison, clavier, exemple.membre, exemple.chemin).id for exemple in nouveaux]
    lus = lecture.lire_ensemble(maison, clavier, recus, lambda fait, total: etape(f"Lecture des fichiers ({fait} sur {total})", 2, 6))
    refus = []
    for identifiant, lu in lus.items():
        try:
            if isinstance(lu, Refus):
                raise lu
            depots.enregistrer(maison, clavier, identifiant)
        except Refus as motif:
            refus.append(str(motif))
    return tuple(refus)


def _grouper(maison: Maison, clavier: Visiteur) -> str:
    with maison.club.lecture() as session:
        deja = session.scalar(select(Groupement.id).order_by(Groupement.numero).limit(1))
    if deja:
        return deja
    with observatoire.lecture(maison) as curseur:
        depenses = dict(
            curseur.execute(
                "SELECT membre, sum(montant_annuel_ht) FROM besoins WHERE famille IN (SELECT unnest($familles)) GROUP BY membre",
                {"familles": list(FAMILLES)},
            ).fetchall()
        )
    jour = maintenant().date()
    candidats = [groupements.partie(membre) for membre in membres.lister(maison, clavier) if membre.siren in depenses]
    # Nobody is designated by the machine: the demonstration plays the person who follows the grid.
    choisi = coordonnateur.comparer(candidats, depenses, jour)[0]
    calendrier = _calendrier(jour)
    projet = Projet(
        objet=OBJET,
        familles=FAMILLES,
        membres=tuple(candidat.siren for candidat in candidats),
        coordonnateur=choisi.siren,
        date_droit=_date_du_droit(calendrier, jour),
        calendrier=calendrier,
        tribunal=TRIBUNAL,
    )
    return groupements.former(maison, clavier, projet).id


def _calendrier(jour: date) -> Calendrier:
    """The earliest marché that begins on the first of a month and leaves every step its time."""
    debut = jour
    while True:
        debut = (debut.replace(day=1) + timedelta(days=31)).replace(day=1)
        etapes = {etape.code: etape for etape in planifier(debut, jour)}
        if etapes["recensement"].debut >= jour:
            return Calendrier(limite_deliberations=etapes["deliberations"].fin, publication=etapes["publicite"].debut, debut_marche=debut)


def _date_du_droit(calendrier: Calendrier, jour: date) -> date:
    """The day of publication, or today while the thresholds of that day are not known."""
    try:
        valeur("seuils/formalisee_fournitures_services", calendrier.publication or jour)
    except ParametreAbsent:
        return jour
    return calendrier.publication or jour


def _rediger(maison: Maison, clavier: Visiteur, groupement: str) -> int:
    presents = {document.genre for document in actes.documents(maison, clavier, groupement)}
    for genre in actes.REDACTEURS:
        if genre not in presents:
            actes.rediger(maison, clavier, groupement, genre)
    return len(actes.documents(maison, clavier, groupement))


def _compter(
    maison: Maison, clavier: Visiteur, refus: tuple[str, ...], premiere: Opportunite | None, groupement: str, nb_documents: int
) -> Preparation:
    publies = [depot for depot in depots.lister(maison, clavier) if depot.etat == EtatDepot.PUBLIE]
    totaux = {
        cle: sum((depot.comptes or {}).get(cle, 0) for depot in publies)
        for cle in ("lues", "retenues", "a_corriger", "ecartees", "identiques")
    }
    return Preparation(
        nb_membres=len(membres.lister(maison, clavier)),
        nb_depots=len(publies),
        refus=refus,
        premiere=premiere,
        groupement=groupement,
        nb_documents=nb_documents,
        **totaux,
    )


def _empreinte(chemin: Path) -> str:
    return hashlib.sha256(chemin.read_bytes()).hexdigest()
