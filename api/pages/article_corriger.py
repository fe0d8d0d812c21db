"""« Ce n'est pas le même article », « c'est le même », its name, its unit: what a person says of an article, kept, replayed and undone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from analytics import diffusion, prix
from analytics.decisions import Sujet
from analytics.entrepot import executer
from analytics.prix.fiche import ARTICLE_INCONNU
from analytics.recherche import plier
from api import formats
from api.pages.decisions import Prise, ecrire_prises
from api.pages.lecteur import Lecteur, lire_observatoire
from api.porte import Introuvable, Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Message, Page, rendre
from api.services import decisions
from api.unites import dire_prix_seul, unite_affichee
from api.visiteur import ArticleInconnu
from ingest.erreurs import Refus
from ingest.quantites.nomenclature import unites

router = APIRouter()

LIBELLES_MAX, RESULTATS, ARTICLES_MAX = 200, 20, 5_000
SUJETS = (Sujet.ARTICLE_MEME, Sujet.ARTICLE_DIFFERENT, Sujet.ARTICLE_SCINDER, Sujet.ARTICLE_RENOMMER, Sujet.ARTICLE_UNITE)
NOM_MAX = 160


@dataclass(frozen=True)
class Ecriture:
    """One way of saying the article: labels that say exactly the same (`textes`), which leave together. `prix` of the lines she reads."""

    cle: str
    textes: tuple[str, ...]
    nb_lignes: int
    prix: str
    cochee: bool


@dataclass(frozen=True)
class Candidat:
    """Another article of the same famille that the search found."""

    article_id: str
    libelle: str
    effectif: str


@dataclass(frozen=True)
class PageArticleCorriger(Page):
    """The writings of the article, the articles found, and what was decided of it. `reste` counts writings only their membres may read."""

    gabarit: ClassVar[str] = "pages/article_corriger.html"
    article: Lien
    famille: Lien
    adresse: str
    ecritures: tuple[Ecriture, ...]
    reste: int
    recherche: str
    candidats: tuple[Candidat, ...]
    libelle: str
    unite: str
    unites: tuple[tuple[str, str], ...]
    prises: tuple[Prise, ...]
    retour: str


@router.get("/observatoire/articles/{article_id}/corriger", include_in_schema=False)
def show(
    request: Request,
    article_id: str,
    visiteur: Annotated[Visiteur, exiger(Permission.ARBITRER)],
    recherche: Annotated[str, Query(max_length=120)] = "",
    cle: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """The article, to be corrected; `cle` is the writing one comes from."""
    return rendre(request, _page(request, visiteur, article_id, recherche, {cle}))


@router.post("/observatoire/articles/{article_id}/corriger", include_in_schema=False)
def decide(
    request: Request,
    article_id: str,
    visiteur: Annotated[Visiteur, exiger(Permission.ARBITRER)],
    geste: Annotated[str, Form(max_length=20)],
    motif: Annotated[str, Form(max_length=300)] = "",
    cles: Annotated[list[str] | None, Form()] = None,
    vers: Annotated[str, Form(max_length=60)] = "",
    libelle: Annotated[str, Form(max_length=300)] = "",
    unite: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Take writings out, say that it is another, rename it, compare it in another unit."""
    maison = maison_de(request)
    differents = [(d.cle, str(d.valeur.get("avec"))) for d in decisions.lister(maison, visiteur, sujets=[Sujet.ARTICLE_DIFFERENT])]
    gestes: dict[str, Callable[[Lecteur, dict[str, Any]], tuple[Sujet, str, dict[str, Any]]]] = {
        "scinder": lambda lecteur, article: _scinder(lecteur, article, cles or [], vers),
        "reunir": lambda lecteur, article: _reunir(lecteur, article, vers, differents),
        "renommer": lambda _, article: _renommer(article, libelle),
        "unite": lambda lecteur, article: _choisir_unite(lecteur, article, unite),
    }
    if geste not in gestes:
        raise Introuvable("Cette page ne sait pas faire cela. Revenez à l’article et choisissez l’un des boutons.")
    try:
        if not motif.strip():
            raise Refus("Dites pourquoi en quelques mots : la raison est gardée avec votre nom et la date.")
        with lire_observatoire(maison, visiteur) as lecteur:
            sujet, objet, valeur = gestes[geste](lecteur, _article(lecteur, article_id))
        decisions.decider(maison, visiteur, sujet, objet, valeur, motif=motif)
    except Introuvable:
        raise
    except Refus as refus:
        page = _page(request, visiteur, article_id, "", set(cles or ()))
        return rendre(request, page, statut=422, message=Message("erreur", (str(refus),)))
    return RedirectResponse(f"/observatoire/articles/{article_id}/corriger?fait=decision-prise", status_code=303)


def _scinder(lecteur: Lecteur, article: dict[str, Any], cles: Sequence[str], vers: str) -> tuple[Sujet, str, dict[str, Any]]:
    visibles = {ecriture.cle: ecriture.textes[0] for ecriture in _ecritures(lecteur, article, set())[0]}
    choisies = sorted(visibles.keys() & set(cles))
    if not choisies:
        raise Refus("Cochez au moins une façon d’écrire l’article.")
    toutes = set(_cles(lecteur, article["article_id"]))
    if not vers and toutes <= set(choisies):
        raise Refus("Vous les avez toutes cochées : il ne resterait rien de l’article. Laissez-en au moins une.")
    valeur: dict[str, Any] = {"cles": choisies, "libelles": [visibles[cle] for cle in choisies]}
    if vers:
        autre = _meme_famille(lecteur, article, vers)
        valeur |= {"vers": _cles(lecteur, str(autre["article_id"]))[0], "vers_libelle": autre["libelle"]}
    return Sujet.ARTICLE_SCINDER, article["article_id"], valeur


def _reunir(
    lecteur: Lecteur, article: dict[str, Any], vers: str, differents: Sequence[tuple[str, str]]
) -> tuple[Sujet, str, dict[str, Any]]:
    autre = _meme_famille(lecteur, article, vers)
    ici, la = (_cles(lecteur, str(lu["article_id"])) for lu in (article, autre))
    for a, b in differents:
        oppose = (a in ici and b in la) or (a in la and b in ici)
        if oppose and {a, b} != {ici[0], la[0]}:  # on that very pair, the later word wins
            raise Refus("Le club a déjà dit que ces deux articles sont différents. Annulez d’abord cette décision, plus bas.")
    return Sujet.ARTICLE_MEME, ici[0], {"avec": la[0], "libelles": [article["libelle"], autre["libelle"]]}


def _renommer(article: dict[str, Any], libelle: str) -> tuple[Sujet, str, dict[str, Any]]:
    net = " ".join(libelle.split())
    if not net or len(net) > NOM_MAX:
        raise Refus(f"Donnez à l’article un nom de {NOM_MAX} caractères au plus.")
    return Sujet.ARTICLE_RENOMMER, article["article_id"], {"libelle": net}


def _choisir_unite(lecteur: Lecteur, article: dict[str, Any], unite: str) -> tuple[Sujet, str, dict[str, Any]]:
    if unite not in {code for code, _ in _unites(lecteur, article)}:
        raise Refus("Aucune ligne de l’article ne se compte dans cette unité. Choisissez-en une de la liste.")
    return Sujet.ARTICLE_UNITE, article["article_id"], {"unite": unite}


def _meme_famille(lecteur: Lecteur, article: dict[str, Any], vers: str) -> dict[str, Any]:
    if vers == article["article_id"]:
        raise Refus("C’est déjà cet article. Choisissez-en un autre dans la liste.")
    autre = _article(lecteur, vers)
    if autre["famille"] != article["famille"]:
        raise Refus(
            f"« {autre['libelle']} » est de la famille « {autre['famille_libelle']} » : deux articles ne sont le même que dans une même "
            "famille. Changez d’abord la famille des lignes."
        )
    return autre


def _page(request: Request, visiteur: Visiteur, article_id: str, recherche: str, cochees: set[str]) -> PageArticleCorriger:
    maison = maison_de(request)
    with lire_observatoire(maison, visiteur) as lecteur:
        article = _article(lecteur, article_id)
        ecritures, reste = _ecritures(lecteur, article, cochees)
        candidats = _candidats(lecteur, article, recherche)
        possibles = _unites(lecteur, article)
        cles = set(_cles(lecteur, article_id))
    prises = [
        prise
        for prise in decisions.lister(maison, visiteur, sujets=SUJETS)
        if prise.cle == article_id or cles & {prise.cle, prise.valeur.get("avec"), *prise.valeur.get("cles", ())}
    ]
    adresse = f"/observatoire/articles/{article_id}"
    return PageArticleCorriger(
        titre=f"Corriger « {article['libelle']} »",
        article=Lien(article["libelle"], adresse),
        famille=Lien(article["famille_libelle"], f"/observatoire/familles/{article['famille']}"),
        adresse=f"{adresse}/corriger",
        ecritures=ecritures,
        reste=reste,
        recherche=recherche,
        candidats=candidats,
        libelle=article["libelle"],
        unite=article["unite_reference"] or "",
        unites=possibles,
        prises=ecrire_prises(maison, prises),
        retour=f"{adresse}/corriger" + (f"?{urlencode({'recherche': recherche})}" if recherche else ""),
    )


def _article(lecteur: Lecteur, article_id: str) -> dict[str, Any]:
    lus = executer(
        lecteur.curseur, "prix/article.sql", article=article_id, **diffusion.visibilite(lecteur.curseur, lecteur.portee)
    ).to_dicts()
    if not lus:
        raise ArticleInconnu(ARTICLE_INCONNU, article_id)
    trouve: dict[str, Any] = lus[0]
    return trouve


def _ecritures(lecteur: Lecteur, article: dict[str, Any], cochees: set[str]) -> tuple[tuple[Ecriture, ...], int]:
    """The writings she may read, most lines first, and how many others there are."""
    lues = executer(
        lecteur.curseur, "prix/ecritures.sql", article=article["article_id"], **diffusion.visibilite(lecteur.curseur, lecteur.portee)
    ).to_dicts()
    visibles = [lue for lue in lues if lue["textes"]][:LIBELLES_MAX]
    return tuple(
        Ecriture(
            cle=lue["cle_libelle"],
            textes=tuple(lue["textes"]),
            nb_lignes=lue["nb_lignes"],
            prix=_dire_prix(lue, article),
            cochee=lue["cle_libelle"] in cochees,
        )
        for lue in visibles
    ), len(lues) - len(visibles)


def _dire_prix(lue: dict[str, Any], article: dict[str, Any]) -> str:
    if lue["prix_bas"] is None:
        return "aucun prix que vous puissiez lire"
    unite, famille = article["unite_reference"], article["famille"]
    bas, haut = (dire_prix_seul(lue[nom], unite, famille) for nom in ("prix_bas", "prix_haut"))
    combien = bas if bas == haut else f"de {bas} à {haut}"
    return f"{combien} HT par {unite_affichee(unite, famille).nom}"


def _candidats(lecteur: Lecteur, article: dict[str, Any], recherche: str) -> tuple[Candidat, ...]:
    if not recherche.strip():
        return ()
    mots = plier(recherche).split()
    tous = prix.lister_articles(lecteur.curseur, lecteur.portee, famille=article["famille"], par_page=ARTICLES_MAX).articles
    trouves = [trouve for trouve in tous if all(mot in plier(trouve.libelle) for mot in mots)]  # key words of the famille name them all
    return tuple(
        Candidat(
            trouve.article_id,
            trouve.libelle,
            f"{formats.pluriel(trouve.nb_lignes, 'ligne')}, {formats.pluriel(trouve.nb_membres, 'membre')}",
        )
        for trouve in trouves
        if trouve.article_id != article["article_id"]
    )[:RESULTATS]


def _unites(lecteur: Lecteur, article: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    lues = lecteur.curseur.sql(
        "SELECT unite_reference, count(*) AS nb FROM lignes WHERE article_id = $article AND unite_reference IS NOT NULL "
        "AND quantite_reference IS NOT NULL GROUP BY unite_reference ORDER BY nb DESC, unite_reference",
        params={"article": article["article_id"]},
    ).fetchall()
    return tuple((code, f"{unites()[code].nom if code in unites() else code} ({formats.pluriel(nb, 'ligne')})") for code, nb in lues)


def _cles(lecteur: Lecteur, article_id: str) -> list[str]:
    """The keys of the article's labels, the one of most lines first."""
    lues = lecteur.curseur.sql(
        "SELECT cle_libelle FROM lignes WHERE article_id = $article AND cle_libelle IS NOT NULL GROUP BY cle_libelle "
        "ORDER BY count(*) DESC, cle_libelle",
        params={"article": article_id},
    ).fetchall()
    return [str(cle) for (cle,) in lues]
