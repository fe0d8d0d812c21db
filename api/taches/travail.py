"""What each genre of long work does. Every one may be started again from nothing: it writes beside, then moves."""

from collections.abc import Callable, Mapping
from typing import Any

from api.club.modeles import Depot, EtatDepot, Tache
from api.maison import Maison
from api.services import corrections, depots, lecture, observatoire, relectures
from api.services.corrections import Geste
from api.taches import CONSTRUIRE, CORRIGER, LIRE, RELIRE, creer, en_cours
from api.visiteur import Permission, Visiteur
from ingest.vocabulaire import Role

Suivi = Callable[[int, int | None, str | None], None]
"""Progress: done, total if known, what is being done in French."""


def executer(maison: Maison, tache: Tache, suivi: Suivi) -> dict[str, Any]:
    """Do the work and return what its page shows. Raises `Refus` with the sentence to show."""
    return GENRES[tache.genre](maison, tache, suivi)


def _lire(maison: Maison, tache: Tache, suivi: Suivi) -> dict[str, Any]:
    depot = str(tache.parametres["depot"])
    lu = lecture.lire(maison, _au_nom_de(tache), depot, lambda fait, total: suivi(fait, total, "lignes lues"))
    return {"depot": lu.id, "comptes": lu.comptes}


def _corriger(maison: Maison, tache: Tache, suivi: Suivi) -> dict[str, Any]:
    demande = tache.parametres
    lignes = demande.get("lignes")
    corrige = corrections.executer_geste(
        maison,
        _au_nom_de(tache),
        str(demande["depot"]),
        Geste.de_json(demande["geste"]),
        lecture=int(demande["lecture"]),
        reprise=tache.essais > 1,
        avancement=lambda fait, _total: suivi(fait, lignes, "lignes relues"),
    )
    return {"depot": corrige.id, "comptes": corrige.comptes}


def _relire(maison: Maison, tache: Tache, suivi: Suivi) -> dict[str, Any]:
    elle, essai = _au_nom_de(tache), bool(tache.parametres["essai"])
    faire = relectures.essayer if essai else relectures.appliquer
    faites = faire(maison, elle, relectures.a_relire(maison, elle), lambda fait, total: suivi(fait, total, "dépôts relus"))
    return {"essai": essai, "relectures": relectures.en_json(faites)}


def _construire(maison: Maison, tache: Tache, suivi: Suivi) -> dict[str, Any]:
    bilan = observatoire.construire(maison, lambda quoi, fait, total: suivi(fait, total, quoi))
    return {"version": bilan.version, "nb_lignes": bilan.nb_lignes, "nb_depots": bilan.nb_depots}


def _au_nom_de(tache: Tache) -> Visiteur:
    # What she may do was checked when she asked.
    return Visiteur(compte=None, email=tache.par, nom=tache.par, role=Role.ANIMATRICE, tout=True)


GENRES: Mapping[str, Callable[[Maison, Tache, Suivi], dict[str, Any]]] = {
    LIRE: _lire,
    CONSTRUIRE: _construire,
    CORRIGER: _corriger,
    RELIRE: _relire,
}


def demander_lecture(maison: Maison, visiteur: Visiteur, depot: str) -> Tache:
    """Ask for a dépôt to be read outside the request; the reading that waits or goes on is given back."""
    retenu = depots.depot(maison, visiteur, depot)
    # Answers given during a reading put the dépôt back in RECU: that reading does not know them, and another is needed.
    for tache in en_cours(maison, visiteur) if retenu.etat == EtatDepot.EN_LECTURE else ():
        if tache.genre == LIRE and tache.parametres == {"depot": retenu.id}:
            return tache
    return creer(maison, visiteur, LIRE, {"depot": retenu.id}, membre=retenu.membre)


def demander_correction(maison: Maison, visiteur: Visiteur, depot: Depot, geste: Geste) -> Tache:
    """Ask for what the person answered to be applied outside the request, to the reading she was looking at."""
    parametres = {"depot": depot.id, "lecture": depot.lecture, "lignes": (depot.comptes or {}).get("lues"), "geste": geste.en_json()}
    return creer(maison, visiteur, CORRIGER, parametres, membre=depot.membre)


def demander_relecture(maison: Maison, visiteur: Visiteur, *, essai: bool) -> Tache:
    """Ask for the dépôts of former rules to be read again outside the request, for a try or for good."""
    visiteur.verifie(Permission.GERER_MEMBRES)
    return creer(maison, visiteur, RELIRE, {"essai": essai})
