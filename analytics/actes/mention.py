"""What every produced document carries: template and its version, date of the law, fingerprint of the data."""

from dataclasses import dataclass
from datetime import date

from analytics.actes.rendu import Modele
from analytics.groupement.donnees import DonneesGroupement
from analytics.typographie import date_longue


@dataclass(frozen=True)
class Mention:
    """Identity card of a document."""

    titre: str  # « Convention constitutive du groupement de commandes G1 »
    courte: str  # running footer, left
    preuve: str  # running footer, second line: version of template, law, data
    date_document: date


def mentionner(titre: str, modele: Modele, donnees: DonneesGroupement, au: date) -> Mention:
    """The mention of one act drafted from these data with the law of `au`."""
    statut = f"Modèle {modele.nom} {modele.version} ({modele.statut})"
    return Mention(
        titre=titre,
        courte=titre,
        preuve=(
            f"{statut} · droit au {date_longue(au)} · données {donnees.identifiant} version {donnees.version} "
            f"du {date_longue(donnees.fige_le)}, empreinte {donnees.empreinte[:12]}"
        ),
        date_document=donnees.fige_le,
    )
