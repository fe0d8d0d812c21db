"""The list of articles: what each membre pays, searched, filtered and sorted by the address of the page."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from analytics import diffusion, prix
from analytics.prix import ArticleListe, Positions, Tri
from analytics.resultat import Resultat
from api import formats
from api.pages.lecteur import Lecteur, choisir_periode, ecrire_effectif, familles_de, rien_encore
from api.pages.memoire import montrer
from api.porte import Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Origine, Page, Pagination, paginer
from api.unites import PrixMontre, montrer_prix

router = APIRouter()

TRIS: dict[Tri, str] = {
    Tri.ECART: "ce que je pourrais économiser",
    Tri.DEPENSE: "ce que je dépense",
    Tri.MEMBRES: "nombre de membres",
    Tri.LIBELLE: "nom de l’article",
    Tri.FAMILLE: "famille",
}
TRIS_PROPRES = frozenset({Tri.ECART, Tri.DEPENSE})
"""Orders that mean something only for who speaks for a membre."""


@dataclass(frozen=True)
class RangArticle:
    """One article: `mediane` of the membres, `mon_prix` and `ecart` (saving in € a year at the first quartile) of the reader's own."""

    lien: Lien
    famille: Lien
    effectif: str
    mediane: PrixMontre
    mon_prix: PrixMontre
    ecart: Resultat | None


@dataclass(frozen=True)
class PageObservatoire(Page):
    """The list; `chapeau` answers in words first, `filtres` gives back what was asked."""

    gabarit: ClassVar[str] = "pages/observatoire.html"
    chapeau: str
    origine: Origine | None
    rangs: tuple[RangArticle, ...]
    pagination: Pagination
    avec_position: bool
    recherche: str
    famille: str
    periode: str
    tri: str
    familles: tuple[tuple[str, str], ...]
    periodes: tuple[tuple[str, str], ...]
    tris: tuple[tuple[str, str], ...]
    exports: tuple[Lien, ...]


@router.get("/observatoire", include_in_schema=False)
def show(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.LIRE_OBSERVATOIRE)],
    recherche: Annotated[str, Query(max_length=120)] = "",
    famille: Annotated[str, Query(max_length=40)] = "",
    periode: Annotated[str, Query(max_length=20)] = "",
    tri: Tri | None = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """The list of articles."""
    maison = maison_de(request)
    titre = "Observatoire des prix"
    if vide := rien_encore(request, maison, visiteur, titre):
        return vide

    def calculer(lecteur: Lecteur) -> PageObservatoire:
        choisie, options = choisir_periode(lecteur, periode)
        propre = lecteur.portee.membre is not None
        range_par = tri if tri and (propre or tri not in TRIS_PROPRES) else (Tri.ECART if propre else Tri.MEMBRES)
        liste = prix.lister_articles(
            lecteur.curseur, lecteur.portee, recherche=recherche, famille=famille or None, tri=range_par, page=page, periode=choisie
        )
        chapeau, origine = annoncer(lecteur, choisie, liste.nb_articles, filtree=bool(recherche or famille))
        return PageObservatoire(
            titre=titre,
            chapeau=chapeau,
            origine=origine,
            rangs=tuple(ecrire_rang(article, choisie) for article in liste.articles),
            pagination=paginer(request, liste.page, prix.liste.PAR_PAGE, liste.nb_articles),
            avec_position=propre,
            recherche=recherche,
            famille=famille,
            periode=choisie,
            tri=range_par.value,
            familles=(("", "toutes les familles"), *familles_de(lecteur)),
            periodes=options,
            tris=tuple((valeur.value, mots) for valeur, mots in TRIS.items() if propre or valeur not in TRIS_PROPRES),
            exports=(*documents_de(visiteur, choisie), *exports_de("observatoire")[1:]) if visiteur.peut(Permission.EXPORTER) else (),
        )

    return montrer(request, visiteur, calculer)


def annoncer(lecteur: Lecteur, periode: str, nb_articles: int, *, filtree: bool) -> tuple[str, Origine | None]:
    """The first line of the page, and where its figure comes from."""
    mots = formats.periode(periode)
    if lecteur.portee.membre is None:
        quoi = "répond à votre recherche" if nb_articles < 2 else "répondent à votre recherche"
        suite = quoi if filtree else ("est suivi" if nb_articles < 2 else "sont suivis")
        return f"{formats.pluriel(nb_articles, 'article')} {suite} ({mots}).", None
    miennes = prix.positions(lecteur.curseur, periode, lecteur.portee)
    return resumer(miennes), _origine(miennes)


def resumer(miennes: Positions) -> str:
    """« Vous payez plus que le premier quartile pour 4 articles sur 18 comparables (année 2025). S'y aligner vaudrait 620 € par an. »"""
    mots = formats.periode(miennes.periode)
    if not miennes.lignes:
        return f"Vous n’avez rien acheté sur cette période ({mots}), ou rien que l’on puisse comparer."
    if not miennes.nb_comparables:
        quoi = "Votre seul article ne peut" if len(miennes.lignes) == 1 else f"Aucun de vos {len(miennes.lignes)} articles ne peut"
        return f"{quoi} encore être comparé à d’autres communes ({mots})."
    comparables = f"{miennes.nb_comparables} comparable{'s' if miennes.nb_comparables > 1 else ''} à d’autres membres"
    if not miennes.nb_au_dessus_q1:
        return f"Vous êtes au meilleur quart des prix pour vos {comparables} ({mots}) : rien à gagner ici."
    articles = formats.pluriel(miennes.nb_au_dessus_q1, "article")
    gain = formats.environ(miennes.total_q1_an)
    return f"Vous payez plus que le premier quartile pour {articles} sur {comparables} ({mots}). S’y aligner vaudrait {gain} par an."


def documents_de(visiteur: Visiteur, periode: str) -> tuple[Lien, ...]:
    """The documents made to be read: the workbook with its charts, and the page of the reader's membre."""
    fiche = (Lien("Notre fiche d’une page (PDF)", f"/observatoire/fiche.pdf?periode={periode}"),)
    return (*(fiche if visiteur.membre else ()), Lien("Classeur Excel, avec graphiques", f"/observatoire/classeur.xlsx?periode={periode}"))


def exports_de(quoi: str) -> tuple[Lien, ...]:
    """The files in which these figures leave."""
    formes = (("Classeur Excel", "xlsx"), ("CSV", "csv"), ("Parquet", "parquet"))
    return tuple(Lien(texte, f"/exports/{quoi}.{forme}") for texte, forme in formes)


def _origine(miennes: Positions) -> Origine:
    lignes = sum(ligne.prix_unitaire_ht.effectif.nb_lignes for ligne in miennes.lignes)
    return Origine(
        periode=formats.periode(miennes.periode),
        effectif=f"{formats.pluriel(len(miennes.lignes), 'article')} que vous achetez, {formats.pluriel(lignes, 'ligne')} ; "
        f"{formats.pluriel(miennes.nb_comparables, 'article')} comparables",
        methode="Ma position",
        lien_methode="/methode#ma_position",
        remarque="Le total est la somme des écarts montrés dans la liste, chacun arrondi à deux chiffres significatifs.",
    )


def ecrire_rang(article: ArticleListe, periode: str) -> RangArticle:
    """One row of a table of articles, its link keeping the period."""
    position = article.position
    repartition = article.distribution
    suffixe = "" if periode == diffusion.ENSEMBLE else f"?periode={periode}"
    return RangArticle(
        lien=Lien(
            article.libelle[:1].upper() + article.libelle[1:],
            f"/observatoire/articles/{article.article_id}{suffixe or '?periode=ensemble'}",
        ),
        famille=Lien(article.famille_libelle, f"/observatoire/familles/{article.famille}"),
        effectif=ecrire_effectif(repartition.effectif) if repartition else "aucun achat sur cette période",
        mediane=montrer_prix(repartition.mediane if repartition else None, article.unite, article.famille),
        mon_prix=montrer_prix(position.prix_unitaire_ht if position else None, article.unite, article.famille, absence="pas acheté"),
        ecart=position.ecart_q1_an if position else None,
    )
