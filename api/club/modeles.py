"""The tables of the club store: who, which dépôts are published, what was decided, which groupements.

Instances travel outside their session as plain records: nothing here loads lazily.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Common ancestor of the tables."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute
        dict[str, Any]: JSON,
        datetime: DateTime(timezone=False),
        date: Date,
        str: String,
        int: Integer,
        bool: Boolean,
    }


class EtatDepot(StrEnum):
    """Where a dépôt stands; only PUBLIE feeds the observatoire. A refused file leaves no dépôt, only a line of journal."""

    RECU = "recu"
    EN_LECTURE = "en_lecture"
    A_CONFIRMER = "a_confirmer"
    PUBLIE = "publie"
    RETIRE = "retire"


class EtatGroupement(StrEnum):
    """States of a groupement, in the order of the territories' protocol (produit.md §8)."""

    IDEE = "idee"
    ETUDE = "etude"
    PROJET = "projet"
    EN_DELIBERATION = "en_deliberation"
    CONSTITUE = "constitue"
    EN_CONSULTATION = "en_consultation"
    NOTIFIE = "notifie"
    EN_EXECUTION = "en_execution"
    CLOS = "clos"


class EtatTache(StrEnum):
    """Where a long work stands."""

    EN_ATTENTE = "en_attente"
    EN_COURS = "en_cours"
    TERMINEE = "terminee"
    ECHOUEE = "echouee"
    ANNULEE = "annulee"


class Club(Base):
    """The club itself: one row."""

    __tablename__ = "club"
    id: Mapped[int] = mapped_column(primary_key=True)
    nom: Mapped[str]
    siren_epci: Mapped[str | None]
    demo: Mapped[bool] = mapped_column(default=False)
    cree_le: Mapped[datetime]
    __table_args__ = (CheckConstraint("id = 1", name="un_seul_club"),)


class Membre(Base):
    """One legal person, known by its SIREN.

    `lignes_partagees`: it agreed that the animatrice sees its lines. `version_publiee` counts the changes of its published set, so that
    a confirmation knows whether what was previewed is still true.
    """

    __tablename__ = "membres"
    siren: Mapped[str] = mapped_column(String(9), primary_key=True)
    nom: Mapped[str]
    nature: Mapped[str]
    code_insee: Mapped[str | None] = mapped_column(String(5))
    population: Mapped[int | None]
    siret: Mapped[str | None] = mapped_column(String(14))
    adresse: Mapped[str | None]
    representant: Mapped[str | None]
    qualite_representant: Mapped[str | None]
    lignes_partagees: Mapped[bool] = mapped_column(default=False)
    version_publiee: Mapped[int] = mapped_column(default=0)
    cree_le: Mapped[datetime]
    parti_le: Mapped[datetime | None]


class Compte(Base):
    """Somebody who signs in. SECRETAIRE and ELU speak for one membre; ANIMATRICE and ADMINISTRATEUR for the club."""

    __tablename__ = "comptes"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    nom: Mapped[str]
    role: Mapped[str]
    membre: Mapped[str | None] = mapped_column(ForeignKey("membres.siren"))
    mot_de_passe: Mapped[str | None]
    """argon2id hash; null until the person chose her password."""
    actif: Mapped[bool] = mapped_column(default=True)
    cree_le: Mapped[datetime]


class SessionOuverte(Base):
    """A signed-in browser. Only the hash of its token is kept, so that a stolen copy of the store opens nothing."""

    __tablename__ = "sessions"
    jeton: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the token in the cookie."""
    compte: Mapped[int] = mapped_column(ForeignKey("comptes.id"))
    ouverte_le: Mapped[datetime]
    vue_le: Mapped[datetime]
    expire_le: Mapped[datetime]
    revoquee_le: Mapped[datetime | None]


class Invitation(Base):
    """A link by which somebody chooses the password of her account, once and before a date. Only the hash of its code is kept."""

    __tablename__ = "invitations"
    id: Mapped[int] = mapped_column(primary_key=True)
    compte: Mapped[int] = mapped_column(ForeignKey("comptes.id"))
    jeton: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the code in the link."""
    par: Mapped[str]
    le: Mapped[datetime]
    expire_le: Mapped[datetime]
    utilisee_le: Mapped[datetime | None]
    annulee_le: Mapped[datetime | None]
    """When another invitation took its place, or its account was closed."""


class EssaiConnexion(Base):
    """A failed sign-in, kept for the length of the window that slows guessing down."""

    __tablename__ = "essais_connexion"
    id: Mapped[int] = mapped_column(primary_key=True)
    cle: Mapped[str] = mapped_column(index=True)
    """`compte:<email>` or `adresse:<address>`."""
    le: Mapped[datetime]


class Depot(Base):
    """One received file of one membre. Its bytes and its lines never change; its state does."""

    __tablename__ = "depots"
    id: Mapped[str] = mapped_column(primary_key=True)
    numero: Mapped[int] = mapped_column(unique=True)
    membre: Mapped[str] = mapped_column(ForeignKey("membres.siren"), index=True)
    nom_fichier: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    taille: Mapped[int]
    etat: Mapped[str] = mapped_column(index=True)
    lecture: Mapped[int] = mapped_column(default=0)
    """Number of the reading in force: each reading writes a new file of lines."""
    rang: Mapped[int | None] = mapped_column(unique=True)
    """Order of publication among the published dépôts."""
    doublons: Mapped[str] = mapped_column(default="ignorer")
    reglages: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Answers of the person: columns, HT or TTC, corrections."""
    comptes: Mapped[dict[str, Any] | None]
    """lues, retenues, a_corriger, ecartees, identiques, as published or previewed."""
    verdict: Mapped[dict[str, Any] | None]
    """What the page shows of the reading: anomalies, columns, questions, remarks."""
    recu_par: Mapped[str]
    recu_le: Mapped[datetime]
    publie_le: Mapped[datetime | None]
    retire_le: Mapped[datetime | None]
    regles: Mapped[str | None]
    """Fingerprint of the rules of reading that made the reading in force; null when it was read before they were noted."""


class LecturePassee(Base):
    """A reading of a published dépôt that newer rules replaced: what going back to it needs besides its file of lines."""

    __tablename__ = "lectures_passees"
    depot: Mapped[str] = mapped_column(ForeignKey("depots.id"), primary_key=True)
    numero: Mapped[int] = mapped_column(primary_key=True)
    comptes: Mapped[dict[str, Any] | None]
    verdict: Mapped[dict[str, Any] | None]
    regles: Mapped[str | None]
    reprise_par: Mapped[int]
    """Number of the reading that took its place."""
    par: Mapped[str]
    le: Mapped[datetime]


class CorrespondanceRetenue(Base):
    """Which column is which, confirmed by a person for this membre and these headers."""

    __tablename__ = "correspondances"
    id: Mapped[int] = mapped_column(primary_key=True)
    membre: Mapped[str] = mapped_column(ForeignKey("membres.siren"))
    signature: Mapped[str]
    champs: Mapped[dict[str, Any]]
    """header → field, or "" for a column left aside."""
    base_taxe: Mapped[str | None]
    logiciel: Mapped[str | None]
    par: Mapped[str]
    le: Mapped[datetime]
    __table_args__ = (UniqueConstraint("membre", "signature"),)


class ValeurRetenue(Base):
    """What a value of a field means for a membre, in all its next files: `lu` is read as `remplacement`."""

    __tablename__ = "valeurs_retenues"
    id: Mapped[int] = mapped_column(primary_key=True)
    membre: Mapped[str] = mapped_column(ForeignKey("membres.siren"))
    champ: Mapped[str]
    lu: Mapped[str]
    remplacement: Mapped[str]
    par: Mapped[str]
    le: Mapped[datetime]
    __table_args__ = (UniqueConstraint("membre", "champ", "lu"),)


class DecisionRetenue(Base):
    """What a person decided about articles, familles, fournisseurs or prices; replayed at every build, undone by a date."""

    __tablename__ = "decisions"
    id: Mapped[int] = mapped_column(primary_key=True)
    sujet: Mapped[str]
    cle: Mapped[str]
    valeur: Mapped[dict[str, Any]]
    par: Mapped[str]
    le: Mapped[datetime]
    motif: Mapped[str]
    annulee_le: Mapped[datetime | None]
    annulee_par: Mapped[str | None]
    __table_args__ = (Index("ix_decisions_sujet_cle", "sujet", "cle"),)


class Groupement(Base):
    """A groupement de commandes, from the idea to its end."""

    __tablename__ = "groupements"
    id: Mapped[str] = mapped_column(primary_key=True)
    numero: Mapped[int] = mapped_column(unique=True)
    objet: Mapped[str]
    etat: Mapped[str]
    coordonnateur: Mapped[str] = mapped_column(ForeignKey("membres.siren"))
    familles: Mapped[dict[str, Any]]
    """`{"codes": [...]}`."""
    version: Mapped[int] = mapped_column(default=0)
    """Number of the frozen data in force."""
    cree_par: Mapped[str]
    cree_le: Mapped[datetime]


class Adhesion(Base):
    """Where one membre stands in one groupement: convened, voted, signed."""

    __tablename__ = "adhesions"
    groupement: Mapped[str] = mapped_column(ForeignKey("groupements.id"), primary_key=True)
    membre: Mapped[str] = mapped_column(ForeignKey("membres.siren"), primary_key=True)
    convoquee_le: Mapped[date | None]
    deliberee_le: Mapped[date | None]
    executoire_le: Mapped[date | None]
    signee_le: Mapped[date | None]


class EtapeGroupement(Base):
    """One dated step of a groupement: who passed it to which state, with which document."""

    __tablename__ = "etapes_groupement"
    id: Mapped[int] = mapped_column(primary_key=True)
    groupement: Mapped[str] = mapped_column(ForeignKey("groupements.id"), index=True)
    etat: Mapped[str]
    par: Mapped[str]
    le: Mapped[datetime]
    remarque: Mapped[str | None]


class VersionGroupement(Base):
    """The frozen data from which all the acts of one version are drafted. Never updated: a change is a new version."""

    __tablename__ = "versions_groupement"
    groupement: Mapped[str] = mapped_column(ForeignKey("groupements.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    donnees: Mapped[dict[str, Any]]
    empreinte: Mapped[str] = mapped_column(String(64))
    observatoire: Mapped[str | None]
    """Version of the observatoire the figures come from."""
    par: Mapped[str]
    le: Mapped[datetime]


class DocumentGroupement(Base):
    """A drafted document of one version; `chemin` is relative to the data directory."""

    __tablename__ = "documents_groupement"
    id: Mapped[int] = mapped_column(primary_key=True)
    groupement: Mapped[str] = mapped_column(ForeignKey("groupements.id"), index=True)
    version: Mapped[int]
    genre: Mapped[str]
    nom: Mapped[str]
    chemin: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    taille: Mapped[int]
    membre: Mapped[str | None]
    """The membre whose délibération it is."""
    __table_args__ = (UniqueConstraint("groupement", "version", "nom"),)


class Tache(Base):
    """A long work done outside the page. Whoever works on it holds a lease; a lease that ran out means the worker died."""

    __tablename__ = "taches"
    id: Mapped[int] = mapped_column(primary_key=True)
    genre: Mapped[str]
    parametres: Mapped[dict[str, Any]]
    etat: Mapped[str] = mapped_column(index=True)
    fait: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    message: Mapped[str | None]
    resultat: Mapped[dict[str, Any] | None]
    par: Mapped[str]
    membre: Mapped[str | None]
    cree_le: Mapped[datetime]
    commencee_le: Mapped[datetime | None]
    finie_le: Mapped[datetime | None]
    travailleur: Mapped[str | None]
    bail_jusqu_a: Mapped[datetime | None]
    essais: Mapped[int] = mapped_column(default=0)
    annulation_demandee: Mapped[bool] = mapped_column(default=False)


class EntreeJournal(Base):
    """Who did what, when. The store itself refuses to change or remove an entry."""

    __tablename__ = "journal"
    id: Mapped[int] = mapped_column(primary_key=True)
    le: Mapped[datetime]
    par: Mapped[str]
    action: Mapped[str]
    objet: Mapped[str]
    membre: Mapped[str | None]
    details: Mapped[dict[str, Any]]
