"""The documents of a groupement: drafted from one version of its frozen data, kept with their fingerprint, given to its membres."""

import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from analytics import actes as redaction
from analytics.groupement.donnees import DonneesGroupement
from api.club.modeles import DocumentGroupement
from api.maison import Maison
from api.services.groupements import donnees_de, exiger_groupement
from api.services.journal import noter
from api.visiteur import Introuvable, Permission, Visiteur
from ingest.erreurs import Refus

CONVENTION, DELIBERATIONS, BPU_DQE = "convention", "deliberations", "bpu-dqe"


def documents(maison: Maison, visiteur: Visiteur, identifiant: str) -> Sequence[DocumentGroupement]:
    """The documents drafted from the frozen data in force."""
    with maison.club.lecture() as session:
        version = exiger_groupement(session, visiteur, identifiant).version
        return session.scalars(
            select(DocumentGroupement)
            .where(DocumentGroupement.groupement == identifiant, DocumentGroupement.version == version)
            .order_by(DocumentGroupement.id)
        ).all()


def chemin_document(maison: Maison, visiteur: Visiteur, identifiant: str, nom: str) -> Path:
    """The file of one document of the version in force, known by the store (a name never becomes a path by itself)."""
    for document in documents(maison, visiteur, identifiant):
        if document.nom == nom:
            return maison.donnees / document.chemin
    raise Introuvable(f"Le groupement {identifiant} n'a pas de document « {nom} ». Rédigez ses actes d'abord.")


def rediger(maison: Maison, visiteur: Visiteur, identifiant: str, acte: str) -> Sequence[DocumentGroupement]:
    """Draft one kind of acts (`convention`, `deliberations`, `bpu-dqe`) from the frozen data in force; replaces former drafts of it."""
    visiteur.verifie(Permission.FORMER_GROUPEMENT)
    donnees = donnees_de(maison, visiteur, identifiant)
    destination = maison.actes(identifiant, donnees.version)
    destination.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=destination, prefix="redaction.", suffix=".part") as atelier:
        produits = REDACTEURS[acte](donnees, Path(atelier))
        finals = [chemin.replace(destination / chemin.name) for chemin in produits]
    with maison.club.ecriture() as session:
        for ancien in session.scalars(
            select(DocumentGroupement).where(
                DocumentGroupement.groupement == identifiant,
                DocumentGroupement.version == donnees.version,
                DocumentGroupement.genre == acte,
            )
        ):
            session.delete(ancien)
        session.flush()
        nouveaux = [_document(maison, donnees, acte, chemin) for chemin in finals]
        session.add_all(nouveaux)
        noter(session, visiteur.email, "actes rédigés", identifiant, acte=acte, version=donnees.version)
    return nouveaux


def rediger_dans(maison: Maison, visiteur: Visiteur, identifiant: str, acte: str, sortie: Path) -> list[Path]:
    """`rediger`, then a copy of the documents in the folder `sortie`, made when absent."""
    produits = rediger(maison, visiteur, identifiant, acte)
    try:
        sortie.mkdir(parents=True, exist_ok=True)
        return [Path(shutil.copy2(maison.donnees / produit.chemin, sortie / produit.nom)) for produit in produits]
    except OSError as erreur:
        raise Refus(f"Le dossier « {sortie} » ne peut pas recevoir les documents ({erreur.strerror}). Choisissez-en un autre.") from erreur


def _document(maison: Maison, donnees: DonneesGroupement, acte: str, chemin: Path) -> DocumentGroupement:
    octets = chemin.read_bytes()
    return DocumentGroupement(
        groupement=donnees.identifiant,
        version=donnees.version,
        genre=acte,
        nom=chemin.name,
        chemin=str(chemin.relative_to(maison.donnees)),
        sha256=hashlib.sha256(octets).hexdigest(),
        taille=len(octets),
        membre=next((membre.siren for membre in donnees.parties if membre.siren in chemin.name), None),
    )


REDACTEURS: Mapping[str, Callable[[DonneesGroupement, Path], list[Path]]] = {
    CONVENTION: lambda donnees, dossier: redaction.rediger_convention(donnees, dossier, donnees.date_droit),
    DELIBERATIONS: lambda donnees, dossier: redaction.rediger_deliberations(donnees, dossier, donnees.date_droit),
    BPU_DQE: lambda donnees, dossier: redaction.rediger_bpu_dqe(donnees, dossier),
}
