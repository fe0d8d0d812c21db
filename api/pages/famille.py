"""One famille: how its prices move, what volume does to them, what is needed of it, and its articles."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from analytics import prix
from analytics.besoins import besoins_consolides, prevoir_besoin
from analytics.indices import indice_famille
from analytics.indices.suite import inflation
from analytics.parangonnage import depenses_par_habitant, proliferations
from analytics.prix import Tri
from analytics.remarques import dire_remarque
from analytics.volume import effet_volume
from api import formats, graphiques
from api.pages.article import courbe_indice
from api.pages.lecteur import Lecteur, choisir_periode, ecrire_effectif
from api.pages.memoire import montrer
from api.pages.observatoire import RangArticle, ecrire_rang
from api.porte import Introuvable, Permission, Visiteur, exiger
from api.presentation import Page, Pagination, paginer
from ingest.vocabulaire import FAMILLE_A_CLASSER

router = APIRouter()


@dataclass(frozen=True)
class PageFamille(Page):
    """`phrases` answer first; `faits` are the other figures in words, each with its reason when absent."""

    gabarit: ClassVar[str] = "pages/famille.html"
    code: str
    a_classer: bool
    phrases: tuple[str, ...]
    faits: tuple[tuple[str, str], ...]
    niveaux: graphiques.BandePrix | None
    phrase_niveau: str | None
    indice: graphiques.Courbe | None
    rangs: tuple[RangArticle, ...]
    pagination: Pagination
    periode: str
    periodes: tuple[tuple[str, str], ...]
    avec_position: bool


@router.get("/observatoire/familles/{code}", include_in_schema=False)
def show(
    request: Request,
    code: str,
    visiteur: Annotated[Visiteur, exiger(Permission.LIRE_OBSERVATOIRE)],
    periode: Annotated[str, Query(max_length=20)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """The page of a famille."""

    def calculer(lecteur: Lecteur) -> PageFamille:
        libelle, remarque = _famille(lecteur, code)
        choisie, options = choisir_periode(lecteur, periode)
        propre = lecteur.portee.membre is not None
        tri = Tri.DEPENSE if propre else Tri.MEMBRES
        liste = prix.lister_articles(lecteur.curseur, lecteur.portee, famille=code, tri=tri, page=page, periode=choisie)
        niveau = None if code == FAMILLE_A_CLASSER else prix.niveau_famille(lecteur.curseur, lecteur.portee, code, choisie)
        return PageFamille(
            titre=libelle,
            code=code,
            a_classer=code == FAMILLE_A_CLASSER,
            phrases=tuple(_phrases(lecteur, code)),
            faits=(*_faits(lecteur, code), *((("À savoir", remarque),) if remarque else ())),
            niveaux=_bande_niveaux(niveau, libelle) if niveau else None,
            phrase_niveau=_dire_niveau(niveau) if niveau else None,
            indice=courbe_indice(lecteur, code, "Indice des prix"),
            rangs=tuple(ecrire_rang(article, choisie) for article in liste.articles),
            pagination=paginer(request, liste.page, prix.liste.PAR_PAGE, liste.nb_articles),
            periode=choisie,
            periodes=options,
            avec_position=propre,
        )

    return montrer(request, visiteur, calculer)


def _famille(lecteur: Lecteur, code: str) -> tuple[str, str]:
    if code == FAMILLE_A_CLASSER:
        return "À classer", "ces lignes n’ont pas encore de famille : leurs articles n’ont en commun que cela."
    lues = lecteur.curseur.sql("SELECT libelle, remarque FROM familles WHERE code = $code", params={"code": code}).fetchall()
    if not lues:
        raise Introuvable("Cette famille n’existe pas dans la nomenclature du club.")
    return str(lues[0][0]), dire_remarque(str(lues[0][1] or ""))


def _phrases(lecteur: Lecteur, code: str) -> list[str]:
    """What all buy, then how prices moved."""
    phrases = []
    for besoin in besoins_consolides(lecteur.curseur, lecteur.portee, famille=code):
        montant = besoin.montant_annuel_ht
        combien = (
            f"pour {formats.environ(montant.valeur)} HT par an"
            if montant.valeur is not None
            else f"(montant non affiché : {montant.motif_absence})"
        )
        achete = "membre en achète" if besoin.nb_membres < 2 else "membres en achètent"
        phrases.append(f"{besoin.nb_membres} {achete} {combien}.")
    points = indice_famille(lecteur.curseur, lecteur.portee, code)
    variation = inflation(points)
    if variation is not None:
        annees = sorted({point.trimestre[:4] for point in points if point.indice.valeur is not None})
        sens = "monté" if variation > 0 else "baissé"
        phrases.append(f"À achats égaux, les prix ont {sens} de {formats.taux(abs(variation))} entre {annees[0]} et {annees[-1]}.")
    return phrases or ["Personne n’a encore acheté dans cette famille."]


def _dire_comptes(compte: prix.Comptes) -> str:
    """« 1 204 de 17 membres : 1 090 font les prix ; les autres comptent dans la dépense, pas dans les prix (…). »"""
    de_qui = f"de {formats.pluriel(compte.nb_membres, 'membre')}" if compte.de_tous else "de vous"
    autres = [
        (compte.nb_approx, "de conversion approchée"),
        (compte.nb_aberrantes, "à un prix trop éloigné des autres"),
        (compte.nb_autres, "sans prix à comparer : conditionnement à préciser, avoir, mandat, port…"),
    ]
    dits = ", ".join(f"{formats.entier(nombre)} {mots}" for nombre, mots in autres if nombre)
    suite = f" ; les autres comptent dans la dépense seulement ({dits})" if dits else ""
    return f"{formats.entier(compte.nb_lignes)} {de_qui}, dont {formats.entier(compte.nb_prix)} font les prix{suite}"


def _dire_niveau(niveau: prix.NiveauFamille) -> str:
    """« Vos prix sont 6 % au-dessus du membre médian, sur 9 articles comparés. », or why nothing can be said."""
    mien = niveau.mien
    if niveau.mediane.valeur is None:
        return f"Le niveau des prix de la famille n’est pas affiché : {niveau.mediane.motif_absence}."
    compares = f"{formats.pluriel(niveau.nb_articles, 'article')} comparés"
    if mien is None:
        return f"Le niveau de chaque membre est mesuré sur {compares}."
    if mien.valeur is None:
        return f"Votre niveau n’est pas mesuré : {mien.motif_absence}."
    ecart = (mien.valeur - 100).quantize(Decimal(1))
    if ecart == 0:
        return f"Vos prix sont au niveau des médianes, sur {formats.pluriel(mien.effectif.nb_lignes, 'article')} que vous achetez."
    sens = "au-dessus" if ecart > 0 else "au-dessous"
    return (
        f"Vos prix sont en moyenne {formats.taux(abs(ecart))} {sens} des médianes, "
        f"sur {formats.pluriel(mien.effectif.nb_lignes, 'article')} que vous achetez."
    )


def _bande_niveaux(niveau: prix.NiveauFamille, libelle: str) -> graphiques.BandePrix | None:
    lus = {nom: resultat.valeur for nom, resultat in niveau.quantiles.items()}
    mediane = lus.pop("mediane")
    if mediane is None:
        return None
    effectif = f"{ecrire_effectif(niveau.effectif)}, {formats.pluriel(niveau.nb_articles, 'article')}, {formats.periode(niveau.periode)}"
    mien = niveau.mien.valeur if niveau.mien else None
    return graphiques.bande_niveaux("niveaux", libelle, graphiques.Chiffres(mediane=mediane, **lus), effectif, mien)


def _faits(lecteur: Lecteur, code: str) -> list[tuple[str, str]]:
    faits = [("Lignes d’achat", _dire_comptes(prix.comptes_famille(lecteur.curseur, lecteur.portee, code)))]
    effet = effet_volume(lecteur.curseur, lecteur.portee, code)
    faits.append(("Effet du volume", effet.phrase if effet else "pas de prix comparables dans cette famille"))
    for diversite in proliferations(lecteur.curseur, lecteur.portee):
        if diversite.famille == code:
            mediane = diversite.mediane_par_membre
            autres = f"{formats.nombre(mediane.valeur)} pour le membre médian" if mediane.valeur is not None else str(mediane.motif_absence)
            mien = f", {diversite.mien} chez vous" if diversite.mien is not None else ""
            faits.append(
                (
                    "Références différentes",
                    f"{diversite.nb_articles} en tout, dont {diversite.nb_articles_communs} communes à trois membres ; {autres}{mien}",
                )
            )
    membre = lecteur.portee.membre
    if membre is None:
        return faits
    for depense in depenses_par_habitant(lecteur.curseur, lecteur.portee, membre):
        if depense.famille == code and depense.mienne.valeur is not None:
            mediane = depense.mediane
            autres = (
                f"médiane {formats.euros(mediane.valeur)}"
                if mediane.valeur is not None
                else f"médiane non affichée, {mediane.motif_absence}"
            )
            faits.append(("Par habitant et par an", f"{formats.euros(depense.mienne.valeur)} ; {autres} ({depense.strate})"))
    annee = lecteur.date_reference.year + 1
    prevu = prevoir_besoin(lecteur.curseur, lecteur.portee, membre, code, date(annee, 1, 1), date(annee, 12, 1)).montant_ht
    if prevu is not None:
        marge = (
            f" (entre {formats.environ(prevu.bas)} et {formats.environ(prevu.haut)})"
            if prevu.bas is not None and prevu.haut is not None
            else ""
        )
        faits.append((f"Votre besoin en {annee}", f"{formats.environ(prevu.valeur)} HT{marge}, par {prevu.methode}"))
    return faits
