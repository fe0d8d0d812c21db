"""Besoins and opportunités in JSON: what membres need together and what it is worth."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from analytics.besoins import besoins_consolides, besoins_membre
from analytics.opportunites import Opportunite as Calculee
from api.donnees.modeles import BesoinEnsemble, BesoinMembre, Besoins, Chiffre, Note, Opportunite, Part
from api.pages.lecteur import lire_observatoire
from api.pages.opportunites import Demandee
from api.porte import Permission, Visiteur, exiger, maison_de
from api.services.opportunites import classees

router = APIRouter(tags=["ensemble"])


@router.get("/besoins", summary="Les besoins d'une année")
def get_besoins(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.LIRE_BESOINS)],
    membre: Annotated[str, Query(max_length=14, description="SIREN ; le sien par défaut.")] = "",
) -> Besoins:
    """The needs of one membre, exact, and of all, above the floors."""
    choisi = membre or visiteur.membre
    if choisi:
        visiteur.verifie_membre(choisi)
    with lire_observatoire(maison_de(request), visiteur) as lecteur:
        propres = besoins_membre(lecteur.curseur, lecteur.portee, choisi) if choisi else ()
        ensemble = besoins_consolides(lecteur.curseur, lecteur.portee)
    return Besoins(
        membre=choisi,
        propres=[BesoinMembre(**{champ: getattr(besoin, champ) for champ in BesoinMembre.model_fields}) for besoin in propres],
        ensemble=[
            BesoinEnsemble(
                famille=besoin.famille,
                famille_libelle=besoin.famille_libelle,
                nb_membres=besoin.nb_membres,
                quantite_annuelle=Chiffre.de(besoin.quantite_annuelle),
                montant_annuel_ht=Chiffre.de(besoin.montant_annuel_ht),
            )
            for besoin in ensemble
        ],
    )


@router.get("/opportunites", summary="Ce qui vaut la peine d'être acheté ensemble")
def list_opportunites(
    request: Request, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_OPPORTUNITES)], demandee: Demandee
) -> list[Opportunite]:
    """Every opportunité the visitor may see, best first; those set aside come last and say why."""
    return [_opportunite(rang, calculee) for rang, calculee in enumerate(classees(maison_de(request), visiteur, demandee), start=1)]


def _opportunite(rang: int, calculee: Calculee) -> Opportunite:
    gain = calculee.gain
    return Opportunite(
        rang=rang,
        code=calculee.code,
        libelle=calculee.libelle,
        familles=list(calculee.familles),
        potentiel=Note(valeur=calculee.potentiel.valeur, phrase=calculee.potentiel.phrase),
        enjeu=Note(valeur=calculee.enjeu.valeur, phrase=calculee.enjeu.phrase),
        faisabilite=Note(valeur=calculee.faisabilite.valeur, phrase=calculee.faisabilite.phrase),
        gain_net_bas_ht=gain.net_bas,
        gain_net_central_ht=gain.net_central,
        gain_net_haut_ht=gain.net_haut,
        gain_hypothese=gain.hypothese,
        gain_phrase=gain.phrase,
        nb_membres=calculee.nb_membres,
        nb_fournisseurs=calculee.nb_fournisseurs,
        depense_annuelle_ht=calculee.depense_annuelle_ht,
        montant_estime_ht=calculee.montant_estime_ht,
        duree_mois=calculee.duree_mois,
        procedure=calculee.procedure.resume if calculee.procedure else None,
        ecartee=calculee.ecartee,
        parts=[
            Part(
                siren=part.siren,
                nom=part.nom,
                gain_net_ht=part.gain_net,
                frais_ht=part.frais,
                phrase=part.phrase,
                motif_absence=part.motif_absence,
            )
            for part in calculee.membres
        ],
    )
