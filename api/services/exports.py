"""Take data out in a file, with the visitor's scope: lines of whom she may read, statistics above the floors."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from analytics import exports
from analytics.opportunites.classement import classer
from analytics.opportunites.modele import Opportunite
from api.club.magasin import maintenant
from api.club.modeles import Adhesion
from api.maison import Maison
from api.services import groupements, observatoire
from api.services.portees import portee_de
from api.visiteur import Permission, Visiteur
from ingest.erreurs import Refus


def exporter(maison: Maison, visiteur: Visiteur, quoi: str, forme: str, chemin: Path, *, au: date | None = None) -> int:
    """Write `quoi` at `chemin` in this form and return the number of rows. `au`: date of the law for the opportunités, today if absent.

    Raises `Refus` when nothing was built yet, or when the place cannot be written.
    """
    visiteur.verifie(Permission.EXPORTER)
    try:
        portee = portee_de(maison, visiteur)
        with observatoire.lecture(maison) as curseur:
            rangees: list[dict[str, Any]] | None = None
            if quoi == "opportunites":
                classees = classer(curseur, au or maintenant().date(), portee=portee)
                rangees = [_aplatir(rang, opportunite) for rang, opportunite in enumerate(classees, start=1)]
            elif quoi == "groupements":
                rangees = _groupements(maison, visiteur)
            return exports.exporter(curseur, quoi, forme, chemin, portee, rangees)
    except OSError as erreur:
        raise Refus(f"« {chemin} » ne peut pas être écrit ({erreur.strerror}). Choisissez un autre endroit.") from erreur


def ecrire_classeur(maison: Maison, visiteur: Visiteur, chemin: Path, periode: str) -> None:
    """Write the workbook of the observatoire over this period, as this reader may see it. Raises `Refus` when nothing was built yet."""
    visiteur.verifie(Permission.EXPORTER)
    with observatoire.lecture(maison) as curseur:
        exports.classeur_observatoire(curseur, portee_de(maison, visiteur), chemin, periode)


def ecrire_fiche(maison: Maison, visiteur: Visiteur, chemin: Path, periode: str) -> None:
    """Write the one-page PDF of the reader's membre. Raises `Refus` when she speaks for none, or when nothing was built yet."""
    visiteur.verifie(Permission.EXPORTER)
    with observatoire.lecture(maison) as curseur:
        exports.fiche_commune(curseur, portee_de(maison, visiteur), chemin, periode)


def _aplatir(rang: int, opportunite: Opportunite) -> dict[str, Any]:
    procedure = opportunite.procedure
    return {
        "rang": rang,
        "code": opportunite.code,
        "libelle": opportunite.libelle,
        "familles": ", ".join(opportunite.familles),
        "potentiel": opportunite.potentiel.valeur,
        "potentiel_raison": opportunite.potentiel.phrase,
        "enjeu": opportunite.enjeu.valeur,
        "enjeu_raison": opportunite.enjeu.phrase,
        "faisabilite": opportunite.faisabilite.valeur,
        "faisabilite_raison": opportunite.faisabilite.phrase,
        "nb_membres": opportunite.nb_membres,
        "nb_fournisseurs": opportunite.nb_fournisseurs,
        "depense_annuelle_ht": _centimes(opportunite.depense_annuelle_ht),
        "gain_net_bas_ht": _centimes(opportunite.gain.net_bas),
        "gain_net_central_ht": _centimes(opportunite.gain.net_central),
        "gain_net_haut_ht": _centimes(opportunite.gain.net_haut),
        "gain_hypothese": opportunite.gain.hypothese,
        "montant_estime_ht": _centimes(opportunite.montant_estime_ht),
        "maximum_ht": _centimes(opportunite.maximum_ht),
        "duree_mois": opportunite.duree_mois,
        "procedure": None if procedure is None else str(getattr(procedure, "genre", procedure)),
        "ecartee": opportunite.ecartee,
    }


def _groupements(maison: Maison, visiteur: Visiteur) -> list[dict[str, Any]]:
    rangees = []
    for groupement in groupements.lister(maison, visiteur):
        donnees = groupements.donnees_de(maison, visiteur, groupement.id)
        with maison.club.lecture() as session:
            suivies = {
                adhesion.membre: adhesion for adhesion in session.scalars(select(Adhesion).where(Adhesion.groupement == groupement.id))
            }
        rangees += [
            {
                "groupement": groupement.id,
                "objet": groupement.objet,
                "etat": groupement.etat,
                "version": groupement.version,
                "coordonnateur": donnees.coordonnateur,
                "membre": membre.siren,
                "nom": membre.nom,
                "familles": ", ".join(code for code, _ in donnees.familles),
                "montant_annuel_estime_ht": _centimes(donnees.montant_annuel(membre=membre.siren)),
                "maximum_ht": _centimes(donnees.maximum(membre=membre.siren)),
                "deliberee_le": suivies[membre.siren].deliberee_le,
                "executoire_le": suivies[membre.siren].executoire_le,
                "signee_le": suivies[membre.siren].signee_le,
            }
            for membre in donnees.membres
        ]
    return rangees


def _centimes(montant: Decimal) -> Decimal:
    return montant.quantize(Decimal("0.01"))
