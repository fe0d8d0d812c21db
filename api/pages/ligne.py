"""Explain a line: from what was read in the file to the price that is compared, one step per sentence; and correct it if it is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from analytics.decisions import Sujet
from analytics.prix import MOTIFS
from api import formats
from api.pages.lecteur import Lecteur, lire_observatoire
from api.porte import Introuvable, Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Page, rendre
from api.services.decisions import decider
from api.unites import dire_prix

router = APIRouter()

BANDES = {
    "automatique": "rapproché automatiquement",
    "proposee": "proposé, à confirmer",
    "a_part": "laissé à part",
    "decision": "décidé par une personne",
}
VOISINES = 12


@dataclass(frozen=True)
class PageLigne(Page):
    """`etapes`: (what is decided, how), from the file to the price. `famille_choisie` and `familles` are for who may arbitrate."""

    gabarit: ClassVar[str] = "pages/ligne.html"
    phrase: str
    etapes: tuple[tuple[str, str], ...]
    article: Lien | None
    voisines: tuple[tuple[str, int], ...]
    adresse: str
    peut_arbitrer: bool
    comptee: bool
    reprenable: bool
    famille: str
    familles: tuple[tuple[str, str], ...]


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
        voisines = _voisines(lecteur, lue)
    motif = lue["motif_hors_prix"]
    return rendre(
        request,
        PageLigne(
            titre=lue["libelle"] or f"Ligne {ligne} du dépôt {depot}",
            phrase=annoncer(lue),
            etapes=tuple(expliquer(lue, noms, dict(familles))),
            article=Lien(lue["article"], f"/observatoire/articles/{lue['article_id']}") if lue["article_id"] else None,
            voisines=voisines,
            adresse=f"/lignes/{depot}/{ligne}" + (f"?{urlencode({'origine': origine})}" if origine else ""),
            peut_arbitrer=visiteur.peut(Permission.ARBITRER),
            comptee=motif is None,
            reprenable=motif in ("prix_aberrant", "exclue_par_decision"),
            famille=lue["famille"],
            familles=tuple((str(code), str(libelle)) for code, libelle in familles),
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
    motif: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Count this price or not, or put the line in another famille; kept with who, when and why."""
    maison = maison_de(request)
    with lire_observatoire(maison, visiteur) as lecteur:
        lue = _lire(lecteur, visiteur, depot, ligne, origine)
        connues = {code for (code,) in lecteur.curseur.sql("SELECT code FROM familles").fetchall()}
    if compter is not None:
        decider(maison, visiteur, Sujet.PRIX_INCLURE if compter else Sujet.PRIX_EXCLURE, lue["empreinte"], motif=motif)
    elif famille in connues:
        decider(maison, visiteur, Sujet.FAMILLE_LIGNE, lue["empreinte"], {"famille": famille}, motif=motif)
    else:
        raise Introuvable("Cette famille n’existe pas dans la nomenclature du club.")
    suite = urlencode({**({"origine": origine} if origine else {}), "fait": "decision-prise"})
    return RedirectResponse(f"/lignes/{depot}/{ligne}?{suite}", status_code=303)


def annoncer(lue: dict[str, Any]) -> str:
    """The first line: the price compared, or why there is none."""
    reference = lue["prix_unitaire_reference_ht"]
    if lue["motif_hors_prix"]:
        return f"Cette ligne ne fait pas de prix : {MOTIFS.get(lue['motif_hors_prix'], lue['motif_hors_prix'])}."
    return f"Cette ligne compte pour {dire_prix(reference, lue['unite_reference'], lue['famille'])}."


def expliquer(lue: dict[str, Any], noms: dict[str, str], familles: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each step with its reason, in the order in which the machine takes them."""
    origine = f", feuille ou fichier « {lue['origine']} »" if lue["origine"] else ""
    yield "Lue dans", f"dépôt {lue['depot']}{origine}, ligne {lue['ligne']} ; {noms.get(lue['membre'], lue['membre'])}"
    if lue["date"]:
        yield "Date", formats.date_longue(lue["date"])
    yield "Fournisseur", lue["fournisseur"] or "non indiqué dans le fichier"
    yield "Achat", _achat(lue)
    confiance = f" (confiance {formats.pct(lue['famille_confiance'])})" if lue["famille_confiance"] is not None else ""
    yield "Famille", f"{familles.get(lue['famille'], 'à classer')}{confiance}, d’après : {lue['famille_motif'] or 'aucun indice'}"
    yield "Conditionnement", _conditionnement(lue)
    bande = BANDES.get(lue["article_bande"] or "", "")
    yield (
        "Article",
        f"{lue['article'] or 'aucun'}" + (f", {bande}" if bande else "") + (f" : {lue['article_motif']}" if lue["article_motif"] else ""),
    )


def _achat(lue: dict[str, Any]) -> str:
    morceaux = []
    if lue["quantite"] is not None:
        morceaux.append(f"{formats.nombre(lue['quantite'])} {lue['unite'] or 'unités du fichier'}")
    if lue["prix_unitaire_ht"] is not None:
        morceaux.append(f"à {formats.prix(lue['prix_unitaire_ht'])} HT")
    if lue["montant_ht"] is not None:
        morceaux.append(f"soit {formats.euros(lue['montant_ht'])} HT")
    return " ".join(morceaux) or "ni quantité ni montant"


def _conditionnement(lue: dict[str, Any]) -> str:
    if lue["derivation"] is None:
        return lue["contenu_motif"] or "à préciser"
    phrase = str(lue["derivation"])
    if lue["quantite_reference"] is not None and lue["unite_reference"]:
        phrase += f" ; en tout {formats.quantite(lue['quantite_reference'], lue['unite_reference'])}"
    return phrase + (" (conversion approchée : elle n’entre pas dans les prix)" if lue["approx"] else "")


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
