"""What the club has decided, in words: who, when, why, on what; each one taken back by a click."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar
from urllib.parse import urlencode

import duckdb
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from analytics.decisions import Sujet
from analytics.nomenclature import SUJETS as SUJETS_NOMENCLATURE
from analytics.regles_familles import Regle
from api import formats
from api.club.modeles import DecisionRetenue
from api.maison import Maison
from api.porte import Permission, Visiteur, exiger, maison_de
from api.presentation import Page, Pagination, paginer, rendre
from api.services import decisions as service
from api.services import familles, observatoire
from ingest.erreurs import Refus
from ingest.familles import Nomenclature
from ingest.quantites.nomenclature import unites

router = APIRouter()

PAR_PAGE = 50
THEMES: Mapping[str, tuple[str, tuple[Sujet, ...]]] = {
    "articles": (
        "articles",
        (Sujet.ARTICLE_MEME, Sujet.ARTICLE_DIFFERENT, Sujet.ARTICLE_SCINDER, Sujet.ARTICLE_RENOMMER, Sujet.ARTICLE_UNITE, Sujet.CONTENU),
    ),
    "prix": ("prix comptés ou non", (Sujet.PRIX_EXCLURE, Sujet.PRIX_INCLURE)),
    "lignes": ("familles des lignes", (Sujet.FAMILLE_LIGNE, Sujet.FAMILLE_LIBELLE, Sujet.FAMILLE_REGLE)),
    "familles": ("liste des familles", SUJETS_NOMENCLATURE),
    "fournisseurs": ("fournisseurs", (Sujet.FOURNISSEUR_MEME, Sujet.FOURNISSEUR_DIFFERENT)),
}
RETOURS = ("/revue", "/decisions", "/familles", "/classer", "/observatoire/articles/", "/lignes/")
"""Where one may come back to after taking a decision back."""


@dataclass(frozen=True)
class Prise:
    """A decision of the club: in words, who and when, and its number to take it back (`annulee` says when that was done)."""

    identifiant: int
    phrase: str
    quand: str
    annulee: str | None


@dataclass(frozen=True)
class Noms:
    """What identifiers are called today: articles by their present or former identifier, familles by their code."""

    articles: Mapping[str, str]
    nomenclature: Nomenclature

    @classmethod
    def lus(cls, maison: Maison, prises: Sequence[DecisionRetenue]) -> "Noms":
        """The names that these decisions need; an article nobody knows any more is told by its identifier."""
        return cls(_noms_d_articles(maison, {prise.cle.partition("|")[0] for prise in prises}), familles.en_vigueur(maison))


@dataclass(frozen=True)
class PageDecisions(Page):
    """The decisions, newest first; `annulees` when those taken back are shown too."""

    gabarit: ClassVar[str] = "pages/decisions.html"
    phrase: str
    prises: tuple[Prise, ...]
    themes: tuple[tuple[str, str], ...]
    theme: str
    annulees: bool
    pagination: Pagination
    adresse: str


@router.get("/decisions", include_in_schema=False)
def show(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.ARBITRER)],
    theme: Annotated[str, Query(max_length=20)] = "",
    annulees: Annotated[bool, Query()] = False,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """The decisions of the club."""
    maison = maison_de(request)
    sujets = THEMES[theme][1] if theme in THEMES else ()
    total = service.compter(maison, visiteur, sujets=sujets, annulees=annulees)
    en_vigueur = service.compter(maison, visiteur, sujets=sujets)
    lues = service.lister(maison, visiteur, sujets=sujets, annulees=annulees, debut=(page - 1) * PAR_PAGE, limite=PAR_PAGE)
    return rendre(
        request,
        PageDecisions(
            titre="Les décisions du club",
            phrase=f"{formats.pluriel(en_vigueur, 'décision')} en vigueur, rejouée{'s' if en_vigueur > 1 else ''} à chaque mise à jour de "
            "l’observatoire. En annuler une remet tout comme si elle n’avait jamais été prise."
            if en_vigueur
            else "Aucune décision de ce genre n’est en vigueur.",
            prises=ecrire_prises(maison, lues),
            themes=(("", "toutes"), *((cle, nom) for cle, (nom, _) in THEMES.items())),
            theme=theme if theme in THEMES else "",
            annulees=annulees,
            pagination=paginer(request, page, PAR_PAGE, total),
            adresse=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        ),
    )


@router.post("/decisions/annuler", include_in_schema=False)
def undo(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.GERER_NOMENCLATURE)],
    identifiant: Annotated[int, Form(ge=1)],
    retour: Annotated[str, Form(max_length=300)] = "/decisions",
) -> Response:
    """Take a decision back: what it is about decides who may (`api.services.decisions`)."""
    service.annuler(maison_de(request), visiteur, identifiant)
    chemin, _, question = retour.partition("?")
    if not chemin.startswith(RETOURS) or "//" in chemin or "\\" in chemin:
        chemin, question = "/decisions", ""
    gardes = [morceau for morceau in question.split("&") if morceau and not morceau.startswith("fait=")]
    return RedirectResponse(f"{chemin}?{'&'.join([*gardes, urlencode({'fait': 'decision-annulee'})])}", status_code=303)


def ecrire_prises(maison: Maison, prises: Sequence[DecisionRetenue]) -> tuple[Prise, ...]:
    """These decisions in words."""
    noms = Noms.lus(maison, prises)
    return tuple(_prise(decision, noms) for decision in prises)


def _prise(decision: DecisionRetenue, noms: Noms) -> Prise:
    raison = f" : {decision.motif}" if decision.motif else ""
    annulee = None
    if decision.annulee_le is not None:
        annulee = f"annulée le {formats.instant(decision.annulee_le)} par {decision.annulee_par}"
    return Prise(decision.id, dire(decision, noms) + raison, f"{formats.instant(decision.le)}, {decision.par}", annulee)


def dire(decision: DecisionRetenue, noms: Noms) -> str:
    """What was decided, without the reason."""
    return _dire_article(decision, noms) or _dire_famille(decision, noms) or _dire_reste(decision, noms)


def _dire_article(decision: DecisionRetenue, noms: Noms) -> str:
    valeur, article = decision.valeur, f"« {noms.articles.get(decision.cle, decision.cle)} »"
    dits = [f"« {libelle} »" for libelle in valeur.get("libelles", ())]
    match Sujet(decision.sujet):
        case Sujet.ARTICLE_MEME | Sujet.ARTICLE_DIFFERENT:
            est = "est la même chose que" if decision.sujet == Sujet.ARTICLE_MEME else "est différent de"
            premier, second = dits if len(dits) == 2 else (f"« {dire_cle(str(cle))} »" for cle in (decision.cle, valeur.get("avec", "")))
            return f"{premier} {est} {second}"
        case Sujet.ARTICLE_SCINDER:
            sortis = formats.enumeration(dits or [f"« {dire_cle(str(cle))} »" for cle in valeur.get("cles", ())])
            ou = f"rangé avec « {valeur.get('vers_libelle') or dire_cle(str(valeur['vers']))} »" if valeur.get("vers") else "mis à part"
            return f"{sortis} n’est pas {article}, {ou}"
        case Sujet.ARTICLE_RENOMMER:
            return f"l’article {article} s’appelle « {valeur.get('libelle', '')} »"
        case Sujet.ARTICLE_UNITE:
            return f"l’article {article} se compare en {_unite(valeur.get('unite'))}"
    return ""


def _dire_famille(decision: DecisionRetenue, noms: Noms) -> str:
    valeur, famille = decision.valeur, f"« {familles.nommer(noms.nomenclature, decision.cle)} »"
    cible = f"« {familles.nommer(noms.nomenclature, str(valeur.get('famille') or valeur.get('dans') or ''))} »"
    match Sujet(decision.sujet):
        case Sujet.FAMILLE_LIGNE:
            return f"ligne rangée dans la famille {cible}"
        case Sujet.FAMILLE_LIBELLE:
            return f"les lignes « {decision.cle} » sont de la famille {cible}"
        case Sujet.FAMILLE_REGLE:
            return f"les lignes dont {Regle.lue(valeur).dire()} sont de la famille {cible}"
        case Sujet.FAMILLE_AJOUTER:
            return f"la famille {decision.cle} « {valeur.get('libelle', '')} » est ajoutée"
        case Sujet.FAMILLE_RENOMMER:
            return f"la famille {decision.cle} s’appelle « {valeur.get('libelle', '')} »"
        case Sujet.FAMILLE_MOTS:
            return f"les mots clés de la famille {famille} sont : {formats.enumeration([str(mot) for mot in valeur.get('mots_cles', ())])}"
        case Sujet.FAMILLE_UNITE:
            return f"la famille {famille} se compare en {_unite(valeur.get('unite'))}"
        case Sujet.FAMILLE_RETIRER:
            return f"la famille {decision.cle} {famille} est retirée, ses lignes vont dans {cible}"
    return ""


def _dire_reste(decision: DecisionRetenue, noms: Noms) -> str:
    article, _, reste = decision.cle.partition("|")
    de_qui = f"prix d’un membre pour « {noms.articles.get(article, article)} »" if reste else "prix d’une ligne"
    match Sujet(decision.sujet):
        case Sujet.PRIX_EXCLURE:
            return f"{de_qui} écarté"
        case Sujet.PRIX_INCLURE:
            return f"{de_qui} compté malgré tout"
        case Sujet.CONTENU:
            return f"« {article} » contient {decision.valeur.get('quantite', '')} {_unite(decision.valeur.get('unite'))}"
        case Sujet.FOURNISSEUR_MEME:
            return "deux noms de fournisseurs réunis"
        case Sujet.FOURNISSEUR_DIFFERENT:
            return "deux noms de fournisseurs séparés"
    return "autre décision du club"


def dire_cle(cle: str) -> str:
    """The words of a label's key, without the code of the famille in front, its features in words."""
    mots = cle.partition(" ")[2] or cle
    return mots.replace("=", " : ").replace("_", " ")


def _unite(code: object) -> str:
    connue = unites().get(str(code))
    return connue.nom if connue else str(code or "")


def _noms_d_articles(maison: Maison, cites: set[str]) -> dict[str, str]:
    if not cites or not maison.observatoire.exists():
        return {}
    try:
        with observatoire.lecture(maison) as curseur:
            return dict(
                curseur.sql(
                    "SELECT c.nom, a.libelle FROM (SELECT unnest($cites) AS nom) AS c LEFT JOIN alias_articles AS l ON c.nom = l.alias "
                    "INNER JOIN articles AS a ON a.article_id = coalesce(l.article_id, c.nom)",
                    params={"cites": sorted(cites)},
                ).fetchall()
            )
    except (Refus, duckdb.Error):  # an observatoire of another version is built again; names can wait
        return {}
