"""« Ce qui a changé »: what the reader's membre pays more or less for than the year before, and how each famille moved meanwhile."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import Response

from analytics.indices import indice_famille
from analytics.indices.suite import TOUTES, inflation
from analytics.prix import Changement, Changements, changements
from api import formats, graphiques
from api.pages.article import courbe_indice
from api.pages.lecteur import Lecteur, familles_de, rien_encore
from api.pages.memoire import montrer
from api.porte import Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Page
from api.unites import dire_prix_seul, unite_affichee

router = APIRouter()


@dataclass(frozen=True)
class RangChangement:
    """One article: price before and after, what it changes in a year, and how the famille moved meanwhile."""

    lien: Lien
    avant: str
    apres: str
    variation: str
    effet: str
    famille: str


@dataclass(frozen=True)
class RangFamille:
    """How prices of a famille moved between the first and the last year, at equal purchases."""

    lien: Lien
    variation: str


@dataclass(frozen=True)
class PageChangements(Page):
    """`rangs` for who speaks for a membre, largest effect first; `familles` for everybody, largest move first."""

    gabarit: ClassVar[str] = "pages/changements.html"
    chapeau: str
    avant: str
    apres: str
    rangs: tuple[RangChangement, ...]
    total: str
    indice: graphiques.Courbe | None
    familles: tuple[RangFamille, ...]


@router.get("/observatoire/changements", include_in_schema=False)
def show(request: Request, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_OBSERVATOIRE)]) -> Response:
    """What changed."""
    maison = maison_de(request)
    if vide := rien_encore(request, maison, visiteur, "Ce qui a changé"):
        return vide
    return montrer(request, visiteur, _page)


def _page(lecteur: Lecteur) -> PageChangements:
    miens = changements(lecteur.curseur, lecteur.portee) if lecteur.portee.membre else None
    ensemble = inflation(indice_famille(lecteur.curseur, lecteur.portee, TOUTES))
    return PageChangements(
        titre="Ce qui a changé",
        chapeau=annoncer(miens, ensemble, a_un_membre=lecteur.portee.membre is not None),
        avant=miens.avant if miens else "",
        apres=miens.apres if miens else "",
        rangs=tuple(_rang(changement, miens.apres) for changement in miens.lignes) if miens else (),
        total=formats.euros(miens.total_an, signe=True) if miens else "",
        indice=courbe_indice(lecteur, TOUTES, "Indice des prix de tous les achats comparables"),
        familles=_familles(lecteur),
    )


def annoncer(miens: Changements | None, ensemble: Decimal | None, *, a_un_membre: bool) -> str:
    """The first line: what the changes of price weigh in a year."""
    if miens is not None and miens.lignes:
        sens = "plus" if miens.total_an > 0 else "moins"
        combien = formats.environ(abs(miens.total_an))
        articles = formats.pluriel(len(miens.lignes), "article")
        return f"Entre {miens.avant} et {miens.apres}, vos prix ont changé pour {articles} : {combien} de {sens} par an, à vos quantités."
    if a_un_membre:
        return "Il faut deux années d’achats pour dire ce qui a changé. Déposez l’année précédente."
    if ensemble is None:
        return "Il faut deux années d’achats pour dire ce qui a changé."
    return (
        f"À achats égaux, les prix ont {'monté' if ensemble > 0 else 'baissé'} de {formats.taux(abs(ensemble))} depuis la première année."
    )


def _rang(changement: Changement, apres: str) -> RangChangement:
    unite, famille = changement.unite, changement.famille
    meme = changement.famille_pct
    assert changement.prix_avant.valeur is not None
    assert changement.prix_apres.valeur is not None
    return RangChangement(
        lien=Lien(
            changement.libelle[:1].upper() + changement.libelle[1:], f"/observatoire/articles/{changement.article_id}?periode={apres}"
        ),
        avant=dire_prix_seul(changement.prix_avant.valeur, unite, famille),
        apres=f"{dire_prix_seul(changement.prix_apres.valeur, unite, famille)} / {unite_affichee(unite, famille).nom}",
        variation=_variation(changement.variation_pct),
        effet=formats.euros(changement.effet_an, signe=True),
        famille=_variation(meme.valeur) if meme.valeur is not None else "",
    )


def _familles(lecteur: Lecteur) -> tuple[RangFamille, ...]:
    mouvements = []
    for code, libelle in familles_de(lecteur):
        variation = inflation(indice_famille(lecteur.curseur, lecteur.portee, code))
        if variation is not None:
            mouvements.append((variation, RangFamille(Lien(libelle, f"/observatoire/familles/{code}"), _variation(variation))))
    return tuple(rang for _, rang in sorted(mouvements, key=lambda paire: (-abs(paire[0]), paire[1].lien.texte)))


def _variation(pour_cent: Decimal) -> str:
    return formats.nombre(pour_cent, 1, signe=True) + formats.INSECABLE + "%"
