"""Who does what in each variante: the matrix of tasks annexed to the convention."""

from dataclasses import dataclass

from analytics.groupement.donnees import Variante


@dataclass(frozen=True)
class Tache:
    """One task, and what each side does of it, in words."""

    libelle: str
    coordonnateur: str
    membre: str


# (task, what the coordonnateur does when it is his, what the membre then does)
_PASSATION = (
    ("Recensement des besoins", "consolide", "transmet ses besoins dans les délais"),
    ("Dossier de consultation", "rédige", "relit, donne son avis"),
    ("Publicité et dématérialisation", "publie", "–"),
    ("Réception et ouverture des plis", "reçoit et ouvre", "–"),
    ("Analyse des candidatures et des offres", "analyse", "peut participer à l’analyse"),
    ("Négociation, s’il y a lieu", "conduit", "–"),
    ("Commission d’appel d’offres, si elle est requise", "convoque et tient le secrétariat", "siège si la convention le prévoit"),
    ("Décision d’attribution", "prend ou fait prendre", "est informé"),
    ("Information des candidats évincés", "informe", "–"),
)
_SIGNATURE = (
    ("Signature du marché", "signe au nom des membres", "–"),
    ("Transmission au contrôle de légalité, si elle est requise", "transmet", "–"),
    ("Notification", "notifie et remet une copie à chaque membre", "reçoit sa copie"),
    ("Avis d’attribution", "publie", "–"),
    ("Données essentielles de la commande publique", "publie au nom du groupement", "–"),
)
_SIGNATURE_PAR_MEMBRE = (
    ("Signature du marché", "prépare les pièces", "signe son marché"),
    ("Transmission au contrôle de légalité, si elle est requise", "–", "transmet son marché"),
    ("Notification", "–", "notifie"),
    ("Avis d’attribution", "publie un avis commun", "–"),
    ("Données essentielles de la commande publique", "–", "publie"),
)
_EXECUTION_PAR_MEMBRE = (
    ("Bons de commande", "–", "émet les siens"),
    ("Réception et vérification du service fait", "–", "vérifie"),
    ("Facture et paiement", "–", "reçoit et paie"),
    ("Pénalités", "harmonise, conseille", "applique"),
)
_EXECUTION_INTEGRALE = (
    ("Bons de commande", "émet pour tous", "transmet ses demandes"),
    ("Réception et vérification du service fait", "constate", "atteste la livraison sur place"),
    ("Facture et paiement", "reçoit et paie", "rembourse au vu d’un état"),
    ("Pénalités", "applique", "signale les manquements"),
)
_VIE_AU_COORDONNATEUR = (
    ("Révision des prix", "contrôle et notifie", "applique"),
    ("Avenants et modifications", "signe après avis des membres", "donne son avis"),
    ("Reconduction", "décide après avis des membres", "donne son avis"),
    ("Résiliation", "décide après avis des membres", "donne son avis"),
)
_VIE_AUX_MEMBRES = (
    ("Révision des prix", "contrôle et informe", "applique"),
    ("Avenants et modifications", "prépare et coordonne", "signe pour ce qui le concerne"),
    ("Reconduction", "propose", "décide pour ce qui le concerne"),
    ("Résiliation", "coordonne", "décide pour ce qui le concerne"),
)
_FIN = (
    ("Contentieux de la passation", "représente le groupement", "est informé"),
    ("Contentieux de l’exécution", "assiste", "agit pour ce qui le concerne"),
    ("Archivage", "archive les pièces de la passation", "archive celles de l’exécution"),
)


def matrice(variante: Variante) -> list[Tache]:
    """The tasks of a groupement, in chronological order."""
    signature = _SIGNATURE_PAR_MEMBRE if variante is Variante.A else _SIGNATURE
    execution = _EXECUTION_INTEGRALE if variante is Variante.C else _EXECUTION_PAR_MEMBRE
    vie = _VIE_AU_COORDONNATEUR if variante in (Variante.B2, Variante.C) else _VIE_AUX_MEMBRES
    fin = tuple(
        ("Contentieux de l’exécution", "agit au nom des membres", "est informé")
        if ligne[0].startswith("Contentieux de l’exécution") and variante is Variante.C
        else ligne
        for ligne in _FIN
    )
    return [Tache(*ligne) for ligne in (*_PASSATION, *signature, *execution, *vie, *fin)]
