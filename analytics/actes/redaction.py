"""Write the acts of a groupement into a folder, all from the same frozen data, each carrying its template, its law and its data."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from analytics.actes.blocs import lire_blocs
from analytics.actes.classeur import ecrire_bpu, ecrire_estimatif
from analytics.actes.contexte_convention import build_contexte
from analytics.actes.contexte_deliberation import build_contexte_deliberation
from analytics.actes.contexte_note import build_contexte_note
from analytics.actes.mention import Mention, mentionner
from analytics.actes.rendu import Texte, rediger
from analytics.actes.sortie_docx import ecrire_docx
from analytics.actes.sortie_html import ecrire_html
from analytics.actes.sortie_pdf import ecrire_pdf
from analytics.coordonnateur import Candidature
from analytics.groupement.calendrier import Etape
from analytics.groupement.coherence import verifier
from analytics.groupement.donnees import DonneesGroupement, Membre
from analytics.opportunites.modele import Opportunite
from analytics.opportunites.voies import Voie
from analytics.typographie import date_longue
from ingest.erreurs import Refus

CONVENTION = "convention"
DELIBERATION = "deliberation"
NOTE = "note"


def rediger_convention(donnees: DonneesGroupement, dossier: Path, au: date) -> list[Path]:
    """Write the convention constitutive as DOCX (to edit) and PDF (to sign); raises Refus on an impossible combination."""
    verifier(donnees)
    texte, mention = _convention(donnees, au)
    return _write(texte, mention, dossier, f"convention_{donnees.identifiant}")


def rediger_deliberations(donnees: DonneesGroupement, dossier: Path, au: date) -> list[Path]:
    """Write one délibération per party as DOCX and PDF; raises Refus on an impossible combination."""
    verifier(donnees)
    ecrits: list[Path] = []
    for membre in donnees.parties:
        texte, mention = _deliberation(donnees, membre, au)
        ecrits += _write(texte, mention, dossier, f"deliberation_{nom_de_fichier(membre.nom)}_{membre.siren}")
    return ecrits


def rediger_bpu_dqe(donnees: DonneesGroupement, dossier: Path) -> list[Path]:
    """Write two workbooks: the BPU and DQE to be sent to the candidates (prices empty), and the estimate kept by the buyer."""
    verifier(donnees)
    dossier.mkdir(parents=True, exist_ok=True)
    return [
        ecrire_bpu(donnees, dossier / f"bpu_dqe_{donnees.identifiant}.xlsx"),
        ecrire_estimatif(donnees, dossier / f"dqe_estimatif_{donnees.identifiant}.xlsx"),
    ]


def rediger_note(
    opportunite: Opportunite,
    dossier: Path,
    au: date,
    *,
    voies: Sequence[Voie] = (),
    candidatures: Sequence[Candidature] = (),
    etapes: Sequence[Etape] = (),
) -> list[Path]:
    """Write the note d'opportunité as DOCX and PDF, with the figures this reader may see (`classer` has hidden the others)."""
    contexte = build_contexte_note(opportunite, au, voies=voies, candidatures=candidatures, etapes=etapes)
    texte = rediger(NOTE, contexte.as_dict())
    empreinte = hashlib.sha256(texte.markdown.encode()).hexdigest()
    mention = Mention(
        titre=f"Note d’opportunité – {opportunite.libelle}",
        courte=f"Note d’opportunité – {opportunite.libelle}",
        preuve=f"Modèle {NOTE} {texte.modele.version} ({texte.modele.statut}) · droit au {date_longue(au)} · empreinte {empreinte[:12]}",
        date_document=au,
    )
    return _write(texte, mention, dossier, f"note_{nom_de_fichier(opportunite.code)}")


def apercu_html(donnees: DonneesGroupement, au: date, acte: str = CONVENTION, siren: str | None = None) -> str:
    """The text of an act as an HTML `<article>` for the screen; `siren` names the party of a délibération."""
    verifier(donnees)
    texte, mention = _draft(donnees, au, acte, siren)
    return ecrire_html(lire_blocs(texte.markdown), mention)


def blancs(donnees: DonneesGroupement, au: date, acte: str = CONVENTION, siren: str | None = None) -> tuple[str, ...]:
    """The facts still to be completed in an act, in order of appearance."""
    return _draft(donnees, au, acte, siren)[0].blancs


def texte_markdown(donnees: DonneesGroupement, au: date, acte: str = CONVENTION, siren: str | None = None) -> str:
    """The drafted act as restricted Markdown: what a review reads."""
    return _draft(donnees, au, acte, siren)[0].markdown


def nom_de_fichier(nom: str) -> str:
    """`saint_yrieix_sur_charente`: a name any system accepts."""
    ascii_seul = unicodedata.normalize("NFKD", nom.replace("œ", "oe")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", ascii_seul.lower()).strip("_")


def _draft(donnees: DonneesGroupement, au: date, acte: str, siren: str | None) -> tuple[Texte, Mention]:
    if acte == CONVENTION:
        return _convention(donnees, au)
    if acte == DELIBERATION:
        if siren is None:
            raise Refus("Indiquez le membre dont vous voulez lire la délibération.")
        return _deliberation(donnees, donnees.membre(siren), au)
    raise Refus(f"L’acte « {acte} » n’existe pas : choisissez la convention ou une délibération.")


def _convention(donnees: DonneesGroupement, au: date) -> tuple[Texte, Mention]:
    texte = rediger(CONVENTION, build_contexte(donnees, au).as_dict())
    titre = f"Convention constitutive du groupement de commandes {donnees.identifiant}"
    return texte, mentionner(titre, texte.modele, donnees, au)


def _deliberation(donnees: DonneesGroupement, membre: Membre, au: date) -> tuple[Texte, Mention]:
    texte = rediger(DELIBERATION, build_contexte_deliberation(donnees, membre, au).as_dict())
    titre = f"Délibération – {membre.nom} – groupement de commandes {donnees.identifiant}"
    return texte, mentionner(titre, texte.modele, donnees, au)


def _write(texte: Texte, mention: Mention, dossier: Path, nom: str) -> list[Path]:
    dossier.mkdir(parents=True, exist_ok=True)
    blocs = lire_blocs(texte.markdown)
    return [ecrire_docx(blocs, mention, dossier / f"{nom}.docx"), ecrire_pdf(blocs, mention, dossier / f"{nom}.pdf")]
