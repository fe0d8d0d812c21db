"""One article: what the reader pays among the others, said in words first, then drawn, then line by line."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from markupsafe import Markup

from analytics import diffusion, prix
from analytics.carnet import Carnet
from analytics.diffusion import PHRASE_FIGEE, Distribution
from analytics.indices import PointIndice, indice_famille
from analytics.portee import Portee
from analytics.prix import FicheArticle, Position, Situation
from api import formats, graphiques
from api.pages.lecteur import Lecteur, choisir_parmi, ecrire_effectif, origine_de
from api.pages.memoire import montrer_du_carnet
from api.porte import Permission, Visiteur, exiger
from api.presentation import Lien, Origine, Page, TexteSitue, environnement, tracer_courbe
from api.unites import dire_prix, dire_prix_seul, dire_quantite, unite_affichee
from api.visiteur import ArticleInconnu
from ingest.erreurs import Refus

router = APIRouter()


@dataclass(frozen=True)
class LigneAchat:
    """One of the reader's own lines (or of a membre who opened its lines to her), and why it makes no price when it makes none."""

    explication: str
    membre: str
    date: str
    fournisseur: str
    libelle: str
    achete: str
    prix: str
    prix_reference: str
    motif: str | None


@dataclass(frozen=True)
class PrixMembre:
    """The price of a membre the reader may read by name."""

    nom: str
    prix: str
    quantite: str
    nb_lignes: int
    motif: str | None


@dataclass(frozen=True)
class FaitsCommuns:
    """What the page of an article says of a period to all those who may see the same of the others; `visible`: the median is shown.

    `evolution_tracee`, `indice_trace`: the drawings as the macro `courbe_tracee` takes them.
    """

    titre: str
    famille: Lien
    periodes: tuple[Lien, ...]
    visible: bool
    moyenne: str | None
    origine: Origine | None
    totaux: tuple[tuple[str, str], ...]
    precisions: tuple[str, ...]
    evolution: graphiques.Courbe | None
    evolution_tracee: Markup | None
    indice: graphiques.Courbe | None
    indice_trace: Markup | None
    effet_volume: str | None
    attributs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PartieCommune:
    """The same, written: the macros of `composants/_article.html`; the drawings are there to leave as pictures."""

    tete: Markup
    periodes: Markup
    suite: TexteSitue
    attributs: Markup
    evolution: graphiques.Courbe | None
    indice: graphiques.Courbe | None


@dataclass(frozen=True)
class PageArticle(Page):
    """`phrases`: the answer in words, first line first; they say why when a drawing is None (below the floors)."""

    gabarit: ClassVar[str] = "pages/article.html"
    phrases: tuple[str, ...]
    commune: PartieCommune
    bande: graphiques.BandePrix | None
    evolution: graphiques.Courbe | None
    indice: graphiques.Courbe | None
    lignes: tuple[LigneAchat, ...]
    lignes_titre: str
    membres: tuple[PrixMembre, ...]
    corriger: str | None


@router.get("/observatoire/articles/{article_id}", include_in_schema=False)
async def show(
    request: Request,
    article_id: str,
    visiteur: Annotated[Visiteur, exiger(Permission.LIRE_OBSERVATOIRE)],
    periode: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The page of an article."""
    return await montrer_du_carnet(
        request,
        visiteur,
        lambda carnet, portee: _page(carnet, portee, article_id, periode, peut_arbitrer=visiteur.peut(Permission.ARBITRER)),
        lambda carnet, portee: carnet.compter_lignes(portee, article_id),
    )


def _page(carnet: Carnet, portee: Portee, article_id: str, periode: str, *, peut_arbitrer: bool) -> PageArticle:
    choisie, _ = choisir_parmi(carnet.periodes, carnet.date_reference, periode)
    fiche = _fiche(carnet, portee, article_id, choisie)
    # the only two things on which the common part depends but for the article and the period
    selon = fiche.commun, bool(fiche.lignes)
    commune = carnet.retenir(("page d'article", choisie, selon), lambda: _ecrire_commune(_rassembler(carnet, portee, fiche)))
    visible = _visible(fiche)
    return PageArticle(
        titre=_titre(fiche),
        phrases=tuple(phrases(fiche, a_un_membre=portee.membre is not None)),
        commune=commune,
        bande=_bande(fiche, visible) if visible else None,
        evolution=commune.evolution,
        indice=commune.indice,
        lignes=tuple(_ligne(ligne, carnet.noms) for ligne in fiche.lignes),
        lignes_titre="Vos lignes" if portee.membre else "Les lignes qui vous sont ouvertes",
        membres=_membres(fiche, portee.membre),
        corriger=f"/observatoire/articles/{article_id}/corriger" if peut_arbitrer else None,
    )


def _titre(fiche: FicheArticle) -> str:
    return fiche.libelle[:1].upper() + fiche.libelle[1:]


def _visible(fiche: FicheArticle) -> Distribution | None:
    return fiche.distribution if fiche.distribution is not None and fiche.distribution.publiable else None


def _ecrire_commune(faits: FaitsCommuns) -> PartieCommune:
    macros: Any = environnement().get_template("composants/_article.html").module
    return PartieCommune(
        tete=macros.tete(faits),
        periodes=macros.periodes(faits),
        suite=TexteSitue.de(partial(macros.suite, faits)),
        attributs=macros.attributs(faits),
        evolution=faits.evolution,
        indice=faits.indice,
    )


def _rassembler(carnet: Carnet, portee: Portee, fiche: FicheArticle) -> FaitsCommuns:
    """Made for the first who asks: nothing here may depend on the reader but through `fiche.commun` and whether she has lines to see."""
    repartition, visible = fiche.distribution, _visible(fiche)
    effet = carnet.effet_volume(portee, fiche.famille)
    evolution = _evolution(fiche)
    indice, trace = _indice(carnet, portee, fiche)
    return FaitsCommuns(
        titre=_titre(fiche),
        famille=Lien(fiche.famille_libelle, f"/observatoire/familles/{fiche.famille}"),
        periodes=tuple(
            Lien(formats.periode(code), f"/observatoire/articles/{fiche.article_id}?periode={code}", code == fiche.periode)
            for code in fiche.periodes
        ),
        visible=visible is not None,
        moyenne=_moyenne(visible) if visible else None,
        origine=origine_de(repartition.mediane, lien_lignes="#vos-lignes" if fiche.lignes else None, remarque=_remarque_exclus(repartition))
        if repartition
        else None,
        totaux=_totaux(repartition) if repartition else (),
        precisions=(f"{PHRASE_FIGEE} (Chiffres du {formats.date_longue(visible.arretee_le)}.)",) if visible and visible.est_figee else (),
        evolution=evolution,
        evolution_tracee=tracer_courbe(evolution) if evolution else None,
        indice=indice,
        indice_trace=trace,
        effet_volume=effet.phrase if effet else None,
        attributs=_attributs(fiche.attributs),
    )


def lire_fiche(lecteur: Lecteur, article_id: str, periode: str) -> FicheArticle:
    """The article as this reader may see it, whole. Raises `ArticleInconnu` when there is none."""
    try:
        return prix.fiche_article(lecteur.curseur, lecteur.portee, article_id, periode)
    except Refus as refus:
        raise ArticleInconnu(str(refus), article_id) from refus


def _fiche(carnet: Carnet, portee: Portee, article_id: str, periode: str) -> FicheArticle:
    try:
        return carnet.fiche_article(portee, article_id, periode)
    except Refus as refus:
        raise ArticleInconnu(str(refus), article_id) from refus


def phrases(fiche: FicheArticle, *, a_un_membre: bool) -> Iterator[str]:
    """What the figures say, the answer first; each sentence stands on a figure of the page."""
    repartition = fiche.distribution
    mediane = repartition.mediane.valeur if repartition else None
    position = fiche.position
    if position is not None and position.prix_unitaire_ht.valeur is not None:
        payez = f"Vous payez {dire_prix(position.prix_unitaire_ht.valeur, fiche.unite, fiche.famille)}"
        if repartition is None or mediane is None:
            yield f"{payez}. Les prix des autres membres ne sont pas affichés : {_absence(fiche)}."
            return
        milieu = dire_prix_seul(mediane, fiche.unite, fiche.famille)
        yield f"{payez} ; la moitié des {repartition.effectif.nb_membres} membres paie moins de {milieu}."
        yield from _dire_ecart(position, fiche)
    elif repartition is not None and mediane is not None:
        debut = "Vous n’en avez pas acheté sur cette période. " if a_un_membre else ""
        combien = f"la moitié des {repartition.effectif.nb_membres} membres paie moins de {dire_prix(mediane, fiche.unite, fiche.famille)}."
        yield debut + combien[0].upper() + combien[1:]
    elif (
        len(
            lisibles := [paye["prix_unitaire_ht"] for paye in fiche.prix_lisibles if paye["periode"] == fiche.periode and not paye["exclu"]]
        )
        > 1
    ):
        bas, haut = (dire_prix_seul(Decimal(str(valeur)), fiche.unite, fiche.famille) for valeur in (min(lisibles), max(lisibles)))
        unite = unite_affichee(fiche.unite, fiche.famille).nom
        yield f"Les {len(lisibles)} membres qui vous ouvrent leurs prix paient de {bas} à {haut} HT par {unite}."
        yield f"Les chiffres de l’ensemble ne sont pas affichés : {_absence(fiche)}."
    else:
        yield f"Les prix de cet article ne sont pas affichés : {_absence(fiche)}." + (
            " Vos lignes restent visibles." if fiche.lignes else ""
        )


def _dire_ecart(position: Position, fiche: FicheArticle) -> Iterator[str]:
    if position.motif_hors_prix:
        yield f"Votre prix n’est pas compté avec les autres : {prix.MOTIFS.get(position.motif_hors_prix, position.motif_hors_prix)}."
    quantite = position.quantite_annuelle.valeur
    premier_quartile = position.distribution.q1 if position.distribution else None
    achats = f" sur vos {dire_quantite(quantite, fiche.unite, fiche.famille)} par an" if quantite else ""
    if position.situation is Situation.AU_MIEUX:
        yield "Vous êtes dans le meilleur quart : il n’y a rien à gagner pour vous à s’aligner sur un autre prix."
    elif position.ecart_q1_an.valeur and premier_quartile is not None and premier_quartile.valeur is not None:
        gain = formats.environ(position.ecart_q1_an.valeur)
        reference = dire_prix_seul(premier_quartile.valeur, fiche.unite, fiche.famille)
        yield f"Aligner votre prix sur le premier quartile ({reference}) : {gain} par an{achats}."
    elif position.ecart_mediane_an.valeur:
        yield f"Aligner votre prix sur la médiane : {formats.environ(position.ecart_mediane_an.valeur)} par an{achats}."


def _absence(fiche: FicheArticle) -> str:
    repartition = fiche.distribution
    return (repartition.motif_absence if repartition else None) or "aucun achat comparable sur cette période"


def _bande(fiche: FicheArticle, repartition: Distribution) -> graphiques.BandePrix | None:
    unite = unite_affichee(fiche.unite, fiche.famille)

    def lu(nom: str) -> Decimal | None:
        valeur: Decimal | None = getattr(repartition, nom).valeur
        return None if valeur is None else valeur * unite.facteur

    mediane = lu("mediane")
    if mediane is None:
        return None
    chiffres = graphiques.Chiffres(lu("minimum"), lu("p10"), lu("q1"), mediane, lu("q3"), lu("p90"), lu("maximum"))
    mien = fiche.position.prix_unitaire_ht.valeur if fiche.position else None
    effectif = f"{ecrire_effectif(repartition.effectif)}, {formats.periode(repartition.periode)}"
    return graphiques.bande_prix("repartition", fiche.libelle, unite.nom, chiffres, effectif, mien * unite.facteur if mien else None)


def _moyenne(repartition: Distribution) -> str:
    moyenne = repartition.moyenne_ponderee
    if moyenne.valeur is None:
        return f"Moyenne pondérée par les quantités : non affichée, {moyenne.motif_absence}."
    return f"Moyenne pondérée par les quantités : {dire_prix(moyenne.valeur, repartition.unite, repartition.famille)}."


def _totaux(repartition: Distribution) -> tuple[tuple[str, str], ...]:
    """The statistics as a list of texts, each with its reason when it is not shown."""
    noms = (
        ("Minimum", "minimum"), ("Premier décile", "p10"), ("Premier quartile", "q1"), ("Médiane", "mediane"), ("Troisième quartile", "q3"),
        ("Neuvième décile", "p90"), ("Maximum", "maximum"),
    )  # fmt: skip
    montres = []
    unite = repartition.unite, repartition.famille
    for nom, champ in noms:
        resultat = getattr(repartition, champ)
        montres.append((nom, f"non affiché : {resultat.motif_absence}" if resultat.valeur is None else dire_prix(resultat.valeur, *unite)))
    quantite, montant = repartition.quantite_reference, repartition.montant_ht
    absent = f"non affiché : {quantite.motif_absence}"
    montres.append(("Quantité achetée", absent if quantite.valeur is None else dire_quantite(quantite.valeur, *unite)))
    absent = f"non affiché : {montant.motif_absence}"
    montres.append(("Montant HT", absent if montant.valeur is None else formats.environ(montant.valeur, chiffres=3)))
    return tuple(montres)


def _remarque_exclus(repartition: Distribution) -> str | None:
    if not repartition.nb_exclus:
        return None
    est = "membre n’est pas compté" if repartition.nb_exclus < 2 else "membres ne sont pas comptés"
    return f"{repartition.nb_exclus} {est} : prix trop éloigné des autres, conversion approchée ou décision du club."


def _evolution(fiche: FicheArticle) -> graphiques.Courbe | None:
    """Median of each year in which it may be shown, from two years on."""
    annees = sorted(code for code in fiche.periodes if code != diffusion.ENSEMBLE)
    points = [
        (annee, fiche.distributions[annee].mediane.valeur)
        for annee in annees
        if annee in fiche.distributions and fiche.distributions[annee].publiable
    ]
    connus = [(annee, valeur) for annee, valeur in points if valeur is not None]
    if len(connus) < 2:
        return None
    unite = unite_affichee(fiche.unite, fiche.famille)
    return graphiques.courbe(
        "evolution",
        f"Médiane des prix de l’article, par année (€ HT / {unite.nom})",
        [(annee, valeur * unite.facteur) for annee, valeur in connus],
        ecrire=formats.prix,
        colonnes=("Année", "Médiane HT"),
        effectif=dire_effectifs([fiche.distributions[annee].effectif.nb_membres for annee, _ in connus], "années"),
    )


def _indice(carnet: Carnet, portee: Portee, fiche: FicheArticle) -> tuple[graphiques.Courbe | None, Markup | None]:
    """The index of its famille and the text of its drawing: the same for all its articles and all readers, but for the lock."""

    def dessiner() -> tuple[graphiques.Courbe | None, Markup | None]:
        points = carnet.indice_famille(portee, fiche.famille)
        courbe = dessiner_indice(points, f"Indice des prix de la famille « {fiche.famille_libelle} »")
        return courbe, tracer_courbe(courbe) if courbe else None

    return carnet.retenir(("indice", fiche.famille, fiche.famille in portee.familles_verrouillees), dessiner)


def courbe_indice(lecteur: Lecteur, famille: str, titre: str) -> graphiques.Courbe | None:
    """The quarterly index of a famille, drawn from two quarters on; None below the floors."""
    return dessiner_indice(indice_famille(lecteur.curseur, lecteur.portee, famille), titre)


def dessiner_indice(suite: Sequence[PointIndice], titre: str) -> graphiques.Courbe | None:
    """The same from its points."""
    lus = [point for point in suite if point.indice.valeur is not None]
    points = [(f"T{point.trimestre[-1]} {point.trimestre[:4]}", point.indice.valeur) for point in lus if point.indice.valeur is not None]
    if len(points) < 2:
        return None
    return graphiques.courbe(
        "indice",
        f"{titre}, base 100 la première année",
        points,
        ecrire=lambda valeur: formats.nombre(valeur, 1),
        colonnes=("Trimestre", "Indice"),
        reference=Decimal(100),
        effectif=dire_effectifs([point.indice.effectif.nb_membres for point in lus], "trimestres"),
    )


def dire_effectifs(nombres: Sequence[int], selon: str) -> str:
    """« 6 membres. » or « De 4 à 6 membres selon les années. », on how much a curve stands."""
    bas, haut = min(nombres), max(nombres)
    return f"{formats.pluriel(haut, 'membre')}." if bas == haut else f"De {bas} à {formats.pluriel(haut, 'membre')} selon les {selon}."


def _attributs(texte: str | None) -> tuple[tuple[str, str], ...]:
    lus = json.loads(texte) if texte else {}
    return tuple((str(nom).replace("_", " "), str(valeur)) for nom, valeur in lus.items())


def _ligne(ligne: dict[str, Any], noms: Mapping[str, str]) -> LigneAchat:
    unite = ligne["unite_reference"]
    reference = ligne["prix_unitaire_reference_ht"]
    motif = ligne["motif_hors_prix"]
    return LigneAchat(
        explication=f"/lignes/{ligne['depot']}/{ligne['ligne']}" + (f"?origine={ligne['origine']}" if ligne["origine"] else ""),
        membre=noms.get(ligne["membre"], ligne["membre"]),
        date=formats.date_courte(ligne["date"]) if ligne["date"] else "date inconnue",
        fournisseur=ligne["fournisseur"] or "non indiqué",
        libelle=ligne["libelle"] or "",
        achete="" if ligne["quantite"] is None else f"{formats.nombre(ligne['quantite'])} {ligne['unite'] or ''}".strip(),
        prix="" if ligne["prix_unitaire_ht"] is None else formats.prix(ligne["prix_unitaire_ht"]),
        prix_reference="" if reference is None else _prix_compare(reference, unite, ligne["famille"]),
        motif=prix.MOTIFS.get(motif, motif) if motif else None,
    )


def _prix_compare(valeur: Decimal, unite: str | None, famille: str) -> str:
    return f"{dire_prix_seul(valeur, unite, famille)} / {unite_affichee(unite, famille).nom}"


def _membres(fiche: FicheArticle, membre: str | None) -> tuple[PrixMembre, ...]:
    """The prices she reads by name over the period, unless they are only her own, which the page already says."""
    payes = [paye for paye in fiche.prix_lisibles if paye["periode"] == fiche.periode]
    if {paye["membre"] for paye in payes} <= {membre}:
        return ()
    return tuple(_prix_membre(paye, fiche.unite, fiche.famille) for paye in payes)


def _prix_membre(paye: dict[str, Any], unite: str, famille: str) -> PrixMembre:
    valeur = paye["prix_unitaire_ht"]
    motif = paye["motif_exclusion"]
    return PrixMembre(
        nom=paye["nom"] or paye["membre"],
        prix="" if valeur is None else _prix_compare(Decimal(str(valeur)), unite, famille),
        quantite=dire_quantite(Decimal(str(paye["quantite_reference"])), unite, famille) if paye["quantite_reference"] is not None else "",
        nb_lignes=paye["nb_lignes"],
        motif=prix.MOTIFS.get(motif, motif) if motif else None,
    )
