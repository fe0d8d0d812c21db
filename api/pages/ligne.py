"""Explain a line: from what was read in the file to the price that is compared, and its neighbours; correct it if it is wrong."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from analytics import diffusion
from analytics.decisions import Sujet
from analytics.entrepot import executer
from analytics.resultat import Resultat
from api.pages.etapes_ligne import annoncer, expliquer
from api.pages.lecteur import Lecteur, lire_observatoire
from api.porte import Introuvable, Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Page, rendre
from api.services.decisions import decider
from ingest.erreurs import Refus
from ingest.quantites.nomenclature import unite_reference, unites
from ingest.quantites.texte import fold

router = APIRouter()

VOISINES = 12
A_PRECISER = frozenset({"conditionnement_a_preciser", "conversion_approchee", "prix_aberrant"})
"""Reasons that knowing what one unit holds may lift."""
CONTENU_MAX = 1_000_000_000


@dataclass(frozen=True)
class PageLigne(Page):
    """`etapes`: (what is decided, how), from the file to the price. `proches`: articles that resemble its own and were not joined to it.

    `famille` to `unites` are for who may arbitrate; `unites` is empty when the packaging needs no word of hers.
    """

    gabarit: ClassVar[str] = "pages/ligne.html"
    phrase: str
    etapes: tuple[tuple[str, str], ...]
    article: Lien | None
    corriger: str | None
    voisines: tuple[tuple[str, int], ...]
    proches: tuple[Lien, ...]
    adresse: str
    peut_arbitrer: bool
    comptee: bool
    reprenable: bool
    famille: str
    par_groupe: str
    familles: tuple[tuple[str, str], ...]
    unite_lue: str
    unites: tuple[tuple[str, str], ...]


@router.get("/lignes/{depot}/{ligne}", include_in_schema=False)
def show(
    request: Request,
    depot: str,
    ligne: int,
    visiteur: Annotated[Visiteur, exiger(Permission.LIRE_LIGNES)],
    origine: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """How the price of this line came to be."""
    with lire_observatoire(maison_de(request), visiteur) as lecteur:
        lue = _lire(lecteur, visiteur, depot, ligne, origine)
        noms = dict(lecteur.curseur.sql("SELECT siren, nom FROM membres").fetchall())
        familles = lecteur.curseur.sql("SELECT code, libelle FROM familles ORDER BY libelle").fetchall()
        voisines, proches = _voisines(lecteur, lue), _proches(lecteur, lue)
        mediane = _mediane(lecteur, lue)
    motif, article = lue["motif_hors_prix"], lue["article_id"]
    peut_arbitrer, adresse_article = visiteur.peut(Permission.ARBITRER), f"/observatoire/articles/{article}"
    return rendre(
        request,
        PageLigne(
            titre=lue["libelle"] or f"Ligne {ligne} du dépôt {depot}",
            phrase=annoncer(lue),
            etapes=tuple(expliquer(lue, noms, dict(familles), mediane)),
            article=Lien(lue["article"], adresse_article) if article else None,
            corriger=f"{adresse_article}/corriger?{urlencode({'cle': lue['cle_libelle']})}" if article and peut_arbitrer else None,
            voisines=voisines,
            proches=proches,
            adresse=f"/lignes/{depot}/{ligne}" + (f"?{urlencode({'origine': origine})}" if origine else ""),
            peut_arbitrer=peut_arbitrer,
            comptee=motif is None,
            reprenable=motif in ("prix_aberrant", "exclue_par_decision"),
            famille=lue["famille"],
            par_groupe=f"/classer?{urlencode({'libelle': (lue['libelle'] or '')[:120], 'de': lue['famille']})}#regle",
            familles=tuple((str(code), str(libelle)) for code, libelle in familles),
            unite_lue=lue["unite"] or "unité",
            unites=_unites(lue["famille"]) if motif in A_PRECISER else (),
        ),
    )


@router.post("/lignes/{depot}/{ligne}", include_in_schema=False)
def decide(
    request: Request,
    depot: str,
    ligne: int,
    visiteur: Annotated[Visiteur, exiger(Permission.ARBITRER)],
    origine: Annotated[str, Query(max_length=200)] = "",
    compter: Annotated[bool | None, Form()] = None,
    famille: Annotated[str, Form(max_length=40)] = "",
    contenu: Annotated[str, Form(max_length=40)] = "",
    unite: Annotated[str, Form(max_length=40)] = "",
    motif: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Count this price or not, say what one unit holds, or put the line in another famille; kept with who, when and why."""
    maison = maison_de(request)
    with lire_observatoire(maison, visiteur) as lecteur:
        lue = _lire(lecteur, visiteur, depot, ligne, origine)
        connues = {code for (code,) in lecteur.curseur.sql("SELECT code FROM familles").fetchall()}
    if compter is not None:
        decider(maison, visiteur, Sujet.PRIX_INCLURE if compter else Sujet.PRIX_EXCLURE, lue["empreinte"], motif=motif)
    elif contenu.strip():
        objet = "|".join(fold(lue[nom] or "") for nom in ("libelle", "unite", "famille"))
        decider(maison, visiteur, Sujet.CONTENU, objet, _contenu(lue["famille"], contenu, unite), motif=motif)
    elif famille in connues:
        decider(maison, visiteur, Sujet.FAMILLE_LIGNE, lue["empreinte"], {"famille": famille}, motif=motif)
    else:
        raise Introuvable("Cette famille n’existe pas dans la nomenclature du club.")
    suite = urlencode({**({"origine": origine} if origine else {}), "fait": "decision-prise"})
    return RedirectResponse(f"/lignes/{depot}/{ligne}?{suite}", status_code=303)


def _contenu(famille: str, texte: str, unite: str) -> dict[str, str]:
    """What one unit holds, in the base unit of the one chosen. Raises `Refus` for what is no positive number."""
    if unite not in dict(_unites(famille)):
        raise Refus("Les articles de cette famille ne se comptent pas dans cette unité. Choisissez-en une de la liste.")
    try:
        nombre = Decimal("".join(texte.split()).replace(",", "."))
    except InvalidOperation:
        nombre = Decimal(0)
    quantite = nombre * unites()[unite].facteur if nombre.is_finite() else Decimal(0)
    if not 0 < quantite <= CONTENU_MAX:
        raise Refus(f"« {texte} » n’est pas une quantité : écrivez un nombre plus grand que zéro, par exemple 2,5.")
    return {"quantite": f"{quantite.normalize():f}", "unite": unites()[unite].base}


def _unites(famille: str) -> tuple[tuple[str, str], ...]:
    """The units in which what one unit holds may be said, the one of the famille first."""
    reference = unite_reference(famille)
    bases = reference.unites_base if reference else tuple(sorted({unite.base for unite in unites().values()}))
    possibles = [unite for unite in unites().values() if unite.base in bases]
    possibles.sort(key=lambda unite: (bases.index(unite.base), unite.code != unite.base))
    return tuple((unite.code, unite.pluriel) for unite in possibles)


def _lire(lecteur: Lecteur, visiteur: Visiteur, depot: str, ligne: int, origine: str) -> dict[str, Any]:
    lues = lecteur.curseur.sql(
        "SELECT * FROM lignes WHERE depot = $depot AND ligne = $ligne AND origine = $origine",
        params={"depot": depot, "ligne": ligne, "origine": origine},
    ).pl()
    if lues.height == 0:
        raise Introuvable(
            "Cette ligne n’est pas dans l’observatoire : elle est écartée, à corriger ou retirée, ou elle est à un autre membre."
        )
    lue: dict[str, Any] = lues.to_dicts()[0]
    visiteur.verifie_membre(lue["membre"])
    return lue


def _mediane(lecteur: Lecteur, lue: dict[str, Any]) -> Resultat | None:
    """Of the article, when this line is in the unit it is compared in."""
    if lue["article_id"] is None:
        return None
    repartition = diffusion.distributions(lecteur.curseur, lecteur.portee, [lue["article_id"]]).get((lue["article_id"], diffusion.ENSEMBLE))
    return repartition.mediane if repartition and repartition.unite == lue["unite_reference"] else None


def _voisines(lecteur: Lecteur, lue: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    """Other wordings of the same article, among the lines she may read."""
    if lue["article_id"] is None:
        return ()
    lues = lecteur.curseur.sql(
        "SELECT libelle, count(*) AS nb FROM lignes WHERE article_id = $article AND libelle <> $libelle "
        "AND list_contains($lisibles, membre) GROUP BY libelle ORDER BY nb DESC, libelle LIMIT $limite",
        params={
            "article": lue["article_id"],
            "libelle": lue["libelle"] or "",
            "lisibles": sorted(lecteur.portee.membres_lisibles),
            "limite": VOISINES,
        },
    ).fetchall()
    return tuple((str(libelle), int(nombre)) for libelle, nombre in lues)


def _proches(lecteur: Lecteur, lue: dict[str, Any]) -> tuple[Lien, ...]:
    """The articles that resemble this one, about which the review queue asks; those she may see."""
    if lue["article_id"] is None:
        return ()
    voisins = lecteur.curseur.sql(
        "SELECT CASE WHEN article_id = $article THEN avec_article_id ELSE article_id END FROM questions_articles "
        "WHERE $article IN (article_id, avec_article_id) ORDER BY score DESC, rang LIMIT $limite",
        params={"article": lue["article_id"], "limite": VOISINES},
    ).fetchall()
    vus = diffusion.visibilite(lecteur.curseur, lecteur.portee)
    lus = [executer(lecteur.curseur, "prix/article.sql", article=voisin, **vus).to_dicts() for (voisin,) in voisins]
    return tuple(Lien(article["libelle"], f"/observatoire/articles/{article['article_id']}") for (article,) in filter(None, lus))
