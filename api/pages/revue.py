"""The review queue: one question at a time, the most valuable first, one keystroke per answer, nothing asked twice, every answer undone."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from analytics import diffusion
from analytics.decisions import Sujet
from analytics.entrepot import executer
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
AUTRES = 3


@dataclass(frozen=True)
class Cote:
    """One side of the question: a label as written, cut in words, each with whether the other side lacks it; other labels of its article,
    its page (None when only its membre may read it), and what is known of its price.
    """

    mots: tuple[tuple[str, bool], ...]
    autres: tuple[str, ...]
    article: Lien | None
    prix: str
    lignes: str


@dataclass(frozen=True)
class Question:
    """« Est-ce la même chose ? » `cle` and `avec` come back with the answer."""

    cle: str
    avec: str
    gauche: Cote
    droite: Cote
    differences: tuple[str, ...]


@dataclass(frozen=True)
class PageRevue(Page):
    """`question` is None when all are answered or put off; `reprendre` then leads to those put off, `apres` is the last one put off."""

    gabarit: ClassVar[str] = "pages/revue.html"
    phrase: str
    question: Question | None
    prises: tuple[Prise, ...]
    reprendre: bool
    apres: str


@router.get("/revue", include_in_schema=False)
def show(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.ARBITRER)],
    apres: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """The next question: the most valuable of those that nobody answered, after the last one put off."""
    maison = maison_de(request)
    titre = "Est-ce la même chose ?"
    if vide := rien_encore(request, maison, visiteur, titre):
        return vide
    prises = service.lister(maison, visiteur)
    with lire_observatoire(maison, visiteur) as lecteur:
        restantes = attendre(lecteur, prises)
        suivantes = suivre(restantes, apres)
        question = _question(lecteur, suivantes[0]) if suivantes else None
    return rendre(
        request,
        PageRevue(
            titre=titre,
            phrase=annoncer(restantes, sum(1 for prise in prises if Sujet(prise.sujet) in SUJETS.values())),
            question=question,
            prises=ecrire_prises(maison, prises[:RECENTES]),
            reprendre=question is None and bool(restantes),
            apres=apres,
        ),
    )


@router.post("/revue", include_in_schema=False)
def answer(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.ARBITRER)],
    reponse: Annotated[str, Form(max_length=20)],
    cle: Annotated[str, Form(max_length=500)],
    avec: Annotated[str, Form(max_length=500)],
    apres: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Same, different, or later."""
    maison = maison_de(request)
    if reponse == "plus-tard":
        return RedirectResponse(f"/revue?{urlencode({'apres': reperer(cle, avec), 'fait': 'passee'})}", status_code=303)
    with lire_observatoire(maison, visiteur) as lecteur:
        posees = {(question["cle"], question["avec"]): question for question in _questions(lecteur)}
        libelles = [_ecritures(lecteur, posees[cle, avec], bout)[0] for bout in ("", "avec_")] if (cle, avec) in posees else []
    if reponse not in SUJETS or not libelles:
        raise Introuvable("Cette question n’est plus posée : l’observatoire a été mis à jour entre-temps. Reprenez la revue.")
    service.decider(maison, visiteur, SUJETS[reponse], cle, {"avec": avec, "libelles": libelles})
    return RedirectResponse(f"/revue?{urlencode({'apres': apres, 'fait': 'decision-prise'})}", status_code=303)


def attendre(lecteur: Lecteur, prises: Sequence[DecisionRetenue]) -> list[dict[str, Any]]:
    """The questions of the last build that nobody has answered since, in order."""
    repondues = {
        frozenset((decision.cle, str(decision.valeur.get("avec", "")))) for decision in prises if Sujet(decision.sujet) in SUJETS.values()
    }
    return [question for question in _questions(lecteur) if frozenset((question["cle"], question["avec"])) not in repondues]


def suivre(restantes: Sequence[dict[str, Any]], apres: str) -> Sequence[dict[str, Any]]:
    """Those that come after the one put off; all of them when it is asked no more (ranks change with each build, questions do not)."""
    reperes = [reperer(question["cle"], question["avec"]) for question in restantes]
    return restantes[reperes.index(apres) + 1 :] if apres in reperes else restantes


def reperer(cle: str, avec: str) -> str:
    """A short name of a question, the same at each build and in either order."""
    return blake2b("\x1f".join(sorted((cle, avec))).encode(), digest_size=8).hexdigest()


def annoncer(restantes: Sequence[dict[str, Any]], tranchees: int = 0) -> str:
    """« 38 questions, environ 9 minutes ; 71 000 € d'achats en dépendent. Le club en a déjà tranché 12. »"""
    deja = f" Le club en a déjà tranché {formats.entier(tranchees)}." if tranchees else ""
    if not restantes:
        return f"Plus aucune question : tous les rapprochements douteux sont tranchés.{deja}"
    enjeu = sum(question["montant_ht"] or 0 for question in restantes)
    duree = formats.temps_restant(len(restantes) * SECONDES_PAR_QUESTION)
    return f"{formats.pluriel(len(restantes), 'question')}, {duree} ; {formats.environ(enjeu)} d’achats en dépendent.{deja}"


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
    gauche, droite = (_ecritures(lecteur, posee, bout) for bout in ("", "avec_"))
    return Question(
        cle=posee["cle"],
        avec=posee["avec"],
        gauche=_cote(lecteur, gauche, droite[0], posee["article_id"]),
        droite=_cote(lecteur, droite, gauche[0], posee["avec_article_id"]),
        differences=tuple(posee["differences"]),
    )


def _ecritures(lecteur: Lecteur, posee: dict[str, Any], bout: str) -> list[str]:
    """The label in doubt as it is written, then other labels of its article; its name when only its membre may read the label."""
    lues = executer(
        lecteur.curseur, "prix/ecritures.sql", article=posee[f"{bout}article_id"], **diffusion.visibilite(lecteur.curseur, lecteur.portee)
    ).to_dicts()
    douteuse = posee["avec" if bout else "cle"]
    textes = [texte for lue in sorted(lues, key=lambda lue: lue["cle_libelle"] != douteuse) for texte in lue["textes"]]
    est_lisible = any(lue["textes"] for lue in lues if lue["cle_libelle"] == douteuse)
    suite = textes if est_lisible else [posee[f"{bout}libelle"], *textes]
    return list({_plier(" ".join(texte.split())): texte for texte in reversed(suite)}.values())[::-1]


def _cote(lecteur: Lecteur, ecritures: Sequence[str], autre: str, article_id: str) -> Cote:
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
    visible = executer(lecteur.curseur, "prix/article.sql", article=article_id, **diffusion.visibilite(lecteur.curseur, lecteur.portee))
    lien = Lien("Voir l’article", f"/observatoire/articles/{article_id}") if visible.height else None
    return Cote(couper(ecritures[0], autre), tuple(ecritures[1 : 1 + AUTRES]), lien, prix, lignes)
