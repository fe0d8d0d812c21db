"""The review queue: one question at a time, the most valuable first, one keystroke per answer, nothing asked twice, every answer undone."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from analytics import diffusion
from analytics.decisions import Sujet
from api import formats
from api.club.modeles import DecisionRetenue
from api.pages.decisions import Prise, ecrire_prises
from api.pages.lecteur import Lecteur, lire_observatoire, rien_encore
from api.porte import Introuvable, Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Page, rendre
from api.services import decisions as service
from api.unites import dire_prix

router = APIRouter()

SUJETS = {"meme": Sujet.ARTICLE_MEME, "different": Sujet.ARTICLE_DIFFERENT}
RECENTES = 8
SECONDES_PAR_QUESTION = 15


@dataclass(frozen=True)
class Cote:
    """One side of the question: the label cut in words, each with whether the other side lacks it, and what is known of its price."""

    mots: tuple[tuple[str, bool], ...]
    article: Lien
    prix: str
    lignes: str


@dataclass(frozen=True)
class Question:
    """« Est-ce la même chose ? » `cle` and `avec` come back with the answer; `rang` is where the queue stands."""

    cle: str
    avec: str
    rang: int
    gauche: Cote
    droite: Cote
    differences: tuple[str, ...]


@dataclass(frozen=True)
class PageRevue(Page):
    """`question` is None when all are answered or put off; `reprendre` then leads to those put off."""

    gabarit: ClassVar[str] = "pages/revue.html"
    phrase: str
    question: Question | None
    prises: tuple[Prise, ...]
    reprendre: bool


@router.get("/revue", include_in_schema=False)
def show(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.ARBITRER)],
    apres: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """The next question."""
    maison = maison_de(request)
    titre = "Est-ce la même chose ?"
    if vide := rien_encore(request, maison, visiteur, titre):
        return vide
    prises = service.lister(maison, visiteur)
    with lire_observatoire(maison, visiteur) as lecteur:
        restantes = attendre(lecteur, prises)
        suivantes = [question for question in restantes if question["rang"] > apres]
        question = _question(lecteur, suivantes[0]) if suivantes else None
    return rendre(
        request,
        PageRevue(
            titre=titre,
            phrase=annoncer(restantes),
            question=question,
            prises=ecrire_prises(maison, prises[:RECENTES]),
            reprendre=question is None and bool(restantes),
        ),
    )


@router.post("/revue", include_in_schema=False)
def answer(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.ARBITRER)],
    reponse: Annotated[str, Form(max_length=20)],
    cle: Annotated[str, Form(max_length=500)],
    avec: Annotated[str, Form(max_length=500)],
    rang: Annotated[int, Form(ge=0, le=10_000_000)],
) -> Response:
    """Same, different, or later."""
    maison = maison_de(request)
    if reponse == "plus-tard":
        return RedirectResponse(f"/revue?apres={rang}&fait=passee", status_code=303)
    with lire_observatoire(maison, visiteur) as lecteur:
        posees = {(question["cle"], question["avec"]) for question in _questions(lecteur)}
    if reponse not in SUJETS or (cle, avec) not in posees:
        raise Introuvable("Cette question n’est plus posée : l’observatoire a été mis à jour entre-temps. Reprenez la revue.")
    service.decider(maison, visiteur, SUJETS[reponse], cle, {"avec": avec})
    return RedirectResponse(f"/revue?apres={max(rang - 1, 0)}&fait=decision-prise", status_code=303)


def attendre(lecteur: Lecteur, prises: Sequence[DecisionRetenue]) -> list[dict[str, Any]]:
    """The questions of the last build that nobody has answered since, in order."""
    repondues = {
        frozenset((decision.cle, str(decision.valeur.get("avec", "")))) for decision in prises if Sujet(decision.sujet) in SUJETS.values()
    }
    return [question for question in _questions(lecteur) if frozenset((question["cle"], question["avec"])) not in repondues]


def annoncer(restantes: Sequence[dict[str, Any]]) -> str:
    """« 38 questions, environ 9 minutes ; 71 000 € d'achats en dépendent. »"""
    if not restantes:
        return "Plus aucune question : tous les rapprochements douteux sont tranchés."
    enjeu = sum(question["montant_ht"] or 0 for question in restantes)
    duree = formats.temps_restant(len(restantes) * SECONDES_PAR_QUESTION)
    return f"{formats.pluriel(len(restantes), 'question')}, {duree} ; {formats.environ(enjeu)} d’achats en dépendent."


def couper(libelle: str, autre: str) -> tuple[tuple[str, bool], ...]:
    """The words of a label, each with whether the other label lacks it (accents and capitals do not matter)."""
    presents = {_plier(mot) for mot in re.findall(r"\w+", autre)}
    return tuple((mot, any(_plier(partie) not in presents for partie in re.findall(r"\w+", mot))) for mot in libelle.split())


def _plier(mot: str) -> str:
    return "".join(signe for signe in unicodedata.normalize("NFD", mot.casefold()) if not unicodedata.combining(signe))


def _questions(lecteur: Lecteur) -> list[dict[str, Any]]:
    lues: list[dict[str, Any]] = lecteur.curseur.sql("SELECT * FROM questions_articles ORDER BY rang").pl().to_dicts()
    return lues


def _question(lecteur: Lecteur, posee: dict[str, Any]) -> Question:
    return Question(
        cle=posee["cle"],
        avec=posee["avec"],
        rang=posee["rang"],
        gauche=_cote(lecteur, posee["libelle"], posee["avec_libelle"], posee["article_id"]),
        droite=_cote(lecteur, posee["avec_libelle"], posee["libelle"], posee["avec_article_id"]),
        differences=tuple(trait for trait in posee["differences"] if " : " in trait),  # words are marked in the labels
    )


def _cote(lecteur: Lecteur, libelle: str, autre: str, article_id: str) -> Cote:
    repartition = diffusion.distributions(lecteur.curseur, lecteur.portee, [article_id]).get((article_id, diffusion.ENSEMBLE))
    article = lecteur.curseur.sql(
        "SELECT nb_lignes, nb_membres FROM articles WHERE article_id = $article", params={"article": article_id}
    ).fetchall()
    if repartition is None:
        prix = "aucun prix comparable"
    elif repartition.mediane.valeur is None:
        prix = f"prix non affiché : {repartition.mediane.motif_absence}"
    else:
        prix = f"médiane : {dire_prix(repartition.mediane.valeur, repartition.unite, repartition.famille)}"
    lignes = ", ".join(
        formats.pluriel(nombre, nom) for nombre, nom in zip(article[0] if article else (0, 0), ("ligne", "membre"), strict=True)
    )
    return Cote(couper(libelle, autre), Lien("Voir l’article", f"/observatoire/articles/{article_id}"), prix, lignes)
