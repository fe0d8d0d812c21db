"""Lines classified by group: « all those whose label holds … », « this fournisseur », « this account »; counted before it is decided."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

import polars as pl
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from analytics import diffusion
from analytics.decisions import Sujet
from analytics.entrepot import version
from analytics.regles_familles import Regle, appliquer
from api import formats
from api.pages.decisions import Prise, ecrire_prises
from api.pages.lecteur import Lecteur, lire_observatoire, rien_encore
from api.porte import Permission, Visiteur, exiger, maison_de
from api.presentation import Message, Page, rendre
from api.services import decisions, familles
from ingest.erreurs import Refus
from ingest.quantites.texte import fold
from ingest.vocabulaire import FAMILLE_A_CLASSER

router = APIRouter()

GROUPES, EXEMPLES, LONGUEUR, MOTS_COMMUNS = 12, 10, 120, 4
FORMES_JURIDIQUES = frozenset({"sa", "sarl", "sas", "sasu", "eurl", "sci", "scop", "snc", "ste", "ets"})
_MOT = re.compile(r"[a-z0-9]+")
TOUTES = ""


@dataclass(frozen=True)
class Groupe:
    """Lines to classify that say the same thing; `adresse` prepares the rule that would name them all, `indice` what may help."""

    texte: str
    nb_lignes: int
    adresse: str
    indice: str


@dataclass(frozen=True)
class Apercu:
    """What the rule asked for would name: in words, and labels one may read, with how many lines of each."""

    phrase: str
    libelles: tuple[tuple[str, int, str], ...]
    nb_lignes: int


@dataclass(frozen=True)
class PageClasser(Page):
    """The rule being prepared, its count once asked, then the groups that wait."""

    gabarit: ClassVar[str] = "pages/classer.html"
    phrase: str
    libelle: str
    fournisseur: str
    compte: str
    de: str
    famille: str
    des: tuple[tuple[str, str], ...]
    familles: tuple[tuple[str, str], ...]
    apercu: Apercu | None
    groupes: tuple[tuple[str, tuple[Groupe, ...]], ...]
    prises: tuple[Prise, ...]


@router.get("/classer", include_in_schema=False)
def show(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.ARBITRER)],
    libelle: Annotated[str, Query(max_length=LONGUEUR)] = "",
    fournisseur: Annotated[str, Query(max_length=LONGUEUR)] = "",
    compte: Annotated[str, Query(max_length=20)] = "",
    de: Annotated[str, Query(max_length=40)] = FAMILLE_A_CLASSER,
    famille: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """The lines that wait for a famille, and what a rule would do."""
    maison = maison_de(request)
    if vide := rien_encore(request, maison, visiteur, "Classer les lignes"):
        return vide
    return rendre(request, _page(request, visiteur, Regle(famille, libelle, fournisseur, compte.strip(), de)))


@router.post("/classer", include_in_schema=False)
def decide(
    request: Request,
    visiteur: Annotated[Visiteur, exiger(Permission.ARBITRER)],
    famille: Annotated[str, Form(max_length=40)],
    libelle: Annotated[str, Form(max_length=LONGUEUR)] = "",
    fournisseur: Annotated[str, Form(max_length=LONGUEUR)] = "",
    compte: Annotated[str, Form(max_length=20)] = "",
    de: Annotated[str, Form(max_length=40)] = "",
    motif: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Keep the rule: it names the lines there are and those to come."""
    maison = maison_de(request)
    regle = Regle(famille, libelle.strip(), fournisseur.strip(), compte.strip(), de)
    try:
        familles.exiger(familles.en_vigueur(maison), famille)
        if regle.est_vide:
            raise Refus("Dites au moins ce que le libellé ou le fournisseur contient, ou par quoi commence le compte.")
        if not motif.strip():
            raise Refus("Dites pourquoi en quelques mots : la raison est gardée avec votre nom et la date.")
    except Refus as refus:
        return rendre(request, _page(request, visiteur, regle), statut=422, message=Message("erreur", (str(refus),)))
    decisions.decider(maison, visiteur, Sujet.FAMILLE_REGLE, regle.cle, vars(regle), motif=motif)
    return RedirectResponse("/classer?fait=decision-prise", status_code=303)


def compter(lecteur: Lecteur) -> tuple[int, int]:
    """How many lines have no famille, and how many of them are fees, which need none."""
    ((attente, frais),) = lecteur.curseur.sql(
        "SELECT count(*), count(*) FILTER (WHERE motif_hors_prix = 'frais_annexes') FROM lignes WHERE famille = $code",
        params={"code": FAMILLE_A_CLASSER},
    ).fetchall()
    return int(attente), int(frais)


def _page(request: Request, visiteur: Visiteur, regle: Regle) -> PageClasser:
    maison = maison_de(request)
    nomenclature = familles.en_vigueur(maison)
    options = tuple(
        (famille.code, f"{famille.libelle} ({famille.code})") for famille in sorted(nomenclature.familles, key=lambda f: f.libelle)
    )
    with lire_observatoire(maison, visiteur) as lecteur:
        (attente, frais), total = compter(lecteur), version(lecteur.curseur).nb_lignes
        apercu = None if regle.est_vide else _apercevoir(lecteur, regle, dict(options))
        groupes = (
            ("Par libellé", _groupes(lecteur, "libelle")),
            ("Par fournisseur", _groupes(lecteur, "fournisseur")),
            ("Par compte", _groupes(lecteur, "compte")),
        )
    return PageClasser(
        titre="Classer les lignes",
        phrase=_annoncer(attente, frais, total),
        libelle=regle.libelle,
        fournisseur=regle.fournisseur,
        compte=regle.compte,
        de=regle.de,
        famille=regle.famille,
        des=((FAMILLE_A_CLASSER, "seulement celles à classer"), (TOUTES, "toutes, même déjà classées"), *options),
        familles=options,
        apercu=apercu,
        groupes=tuple((titre, lus) for titre, lus in groupes if lus),
        prises=ecrire_prises(maison, decisions.lister(maison, visiteur, sujets=[Sujet.FAMILLE_REGLE], limite=8)),
    )


def _annoncer(attente: int, frais: int, total: int) -> str:
    if not attente:
        return f"Toutes les lignes ont une famille ({formats.entier(total)} lignes)."
    ont = "n’a pas de famille" if attente < 2 else "n’ont pas de famille"
    phrase = f"{formats.pluriel(attente, 'ligne')} sur {formats.entier(total)} {ont} ({formats.pct(attente / total)})"
    if frais:
        phrase += f", dont {formats.pluriel(frais, 'ligne')} de frais qui n’en {'demande' if frais < 2 else 'demandent'} pas"
    return f"{phrase}. Une règle en range beaucoup d’un coup."


def _apercevoir(lecteur: Lecteur, regle: Regle, noms: dict[str, str]) -> Apercu:
    """Count with the very function that builds use. The famille of a line is here the one it has now."""
    vus = diffusion.visibilite(lecteur.curseur, lecteur.portee)
    lues = lecteur.curseur.sql(
        "SELECT coalesce(libelle, '') AS libelle, coalesce(fournisseur, '') AS fournisseur, coalesce(compte, '') AS compte, "
        "coalesce(famille, '') AS famille, count(*) AS nb, count(DISTINCT membre) AS membres, "
        "count(*) FILTER (WHERE list_contains($lisibles, membre)) AS nb_lisibles FROM lignes GROUP BY ALL",
        params={"lisibles": vus["lisibles"]},
    ).pl()
    nommees = lues.join(appliquer(lues, [regle]), on=["libelle", "fournisseur", "compte", "famille"], how="semi")
    nombre = int(nommees["nb"].sum())
    par_libelle = (
        nommees.group_by("libelle")
        .agg(pl.col("nb", "nb_lisibles").sum(), pl.col("membres").max(), pl.col("famille").unique().sort())
        .sort(["nb", "libelle"], descending=[True, False])
    )
    visibles = par_libelle.filter(
        (pl.col("nb_lisibles") > 0) | (pl.col("membres") >= pl.lit(vus["plancher_membres"])) | pl.lit(vus["tout"])
    )
    caches = par_libelle.height - visibles.height
    phrase = f"Cette règle range {formats.pluriel(nombre, 'ligne')} de {formats.pluriel(par_libelle.height, 'libellé')}"
    if not nombre:
        phrase = "Aucune ligne ne dit cela aujourd’hui. La règle vaudrait pour les prochains dépôts"
    elif caches:
        phrase += f", dont {caches} que seuls leurs membres peuvent lire"
    return Apercu(
        f"{phrase}.",
        tuple(
            (libelle, nb, formats.enumeration([noms.get(code, "à classer") for code in codes]))
            for libelle, nb, codes in visibles.head(EXEMPLES).select("libelle", "nb", "famille").iter_rows()
        ),
        nombre,
    )


def _groupes(lecteur: Lecteur, colonne: str) -> tuple[Groupe, ...]:
    """What most lines to classify share; what one membre alone says is shown to who may read its lines. Fees need no famille."""
    lus = lecteur.curseur.sql(
        f"SELECT {colonne}, count(*) FROM lignes WHERE famille = $code AND coalesce({colonne}, '') <> '' "  # noqa: S608 — names are ours
        f"AND motif_hors_prix IS DISTINCT FROM 'frais_annexes' GROUP BY {colonne} "
        "HAVING count(DISTINCT membre) >= $plancher_membres OR $tout OR bool_or(list_contains($lisibles, membre))",
        params={"code": FAMILLE_A_CLASSER, **diffusion.visibilite(lecteur.curseur, lecteur.portee)},
    ).fetchall()
    reunis: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for texte, nb in lus:
        reunis[texte if colonne == "compte" else _debut(texte)].append((nb, texte))
    grands = sorted(reunis.items(), key=lambda reuni: (-sum(nb for nb, _ in reuni[1]), reuni[0]))[:GROUPES]
    indices = _habitudes(lecteur, [texte for _, dits in grands for _, texte in dits]) if colonne == "fournisseur" else {}
    return tuple(_groupe(colonne, debut, dits, indices) for debut, dits in grands)


def _groupe(colonne: str, debut: str, dits: Sequence[tuple[int, str]], indices: Mapping[str, tuple[str, str]]) -> Groupe:
    _, texte = max(dits, key=lambda dit: (dit[0], dit[1]))
    autres = f" ({formats.pluriel(len(dits), 'écriture')})" if len(dits) > 1 else ""
    famille = next((indices[dit] for _, dit in sorted(dits, reverse=True) if dit in indices), None)
    return Groupe(
        f"{texte}{autres}",
        sum(nb for nb, _ in dits),
        f"/classer?{urlencode({colonne: debut[:LONGUEUR], **({'famille': famille[0]} if famille else {})})}#regle",
        f"vend surtout : {famille[1]}" if famille else "",
    )


def _debut(texte: str) -> str:
    """The first words, up to a number: what « FOURNITURES FACT F-8257/23 » and « Fournitures, fact. F-1086/23 » both begin with."""
    mots = _MOT.findall(fold(texte))
    debut = list(takewhile(lambda mot: not any(signe.isdigit() for signe in mot), mots))[:MOTS_COMMUNS]
    while debut and len(debut[-1]) < 2:  # a letter alone belongs to what follows
        debut.pop()
    sans_forme = [mot for mot in debut if mot not in FORMES_JURIDIQUES]
    return " ".join(sans_forme or debut or mots)


def _habitudes(lecteur: Lecteur, fournisseurs: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The famille in which most classified lines of each of these fournisseurs are: code and name."""
    lues: list[Any] = lecteur.curseur.sql(
        "SELECT fournisseur, arg_max(code, nb), arg_max(nom, nb) FROM ("
        "SELECT l.fournisseur, f.code, f.libelle AS nom, count(*) AS nb FROM lignes AS l INNER JOIN familles AS f ON l.famille = f.code "
        "WHERE list_contains($noms, l.fournisseur) GROUP BY l.fournisseur, f.code, f.libelle) GROUP BY fournisseur",
        params={"noms": list(fournisseurs)},
    ).fetchall()
    return {fournisseur: (code, nom) for fournisseur, code, nom in lues}
