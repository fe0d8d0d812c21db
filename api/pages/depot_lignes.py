"""Where each line of a dépôt went: retained, set aside by which rule, already known; every line is shown, none disappears."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from api import formats
from api.pages import verdict as vues
from api.pages.exports import remettre
from api.porte import Introuvable, Permission, Visiteur, exiger, maison_de
from api.presentation import Lien, Page, Pagination, paginer, rendre
from api.services import depots
from api.services.lignes_depot import lire_lignes
from api.services.lignes_ecrites import LIGNES_MAX_CLASSEUR, MOTIFS, ecrire_lignes
from ingest.vocabulaire import Statut

router = APIRouter()

PAR_PAGE = 100
STATUTS: Mapping[Statut, tuple[str, str, str]] = {
    Statut.RETENUE: ("Retenues", "ligne retenue", "."),
    Statut.IDENTIQUE: ("Identiques", "ligne", " déjà dans un dépôt précédent : rien n’est compté deux fois."),
    Statut.ECARTEE: ("Écartées", "ligne écartée", " : la règle est dite en face."),
}
"""Name of the list, and the two ends of the sentence that says how many."""


@dataclass(frozen=True)
class LigneVue:
    """One line as it was read; an empty text is a cell that holds nothing."""

    ligne: int
    origine: str
    date: str
    fournisseur: str
    libelle: str
    quantite: str
    prix: str
    montant: str
    motif: str


@dataclass(frozen=True)
class PageLignes(Page):
    """The lines of one statut of one dépôt; `onglets` lead to the others."""

    gabarit: ClassVar[str] = "pages/depot_lignes.html"
    identifiant: str
    chapeau: str
    onglets: tuple[Lien, ...]
    lignes: tuple[LigneVue, ...]
    avec_motif: bool
    avec_origine: bool
    pagination: Pagination
    telechargements: tuple[Lien, ...]


@router.get("/depots/{identifiant}/lignes", include_in_schema=False)
def show(
    request: Request,
    identifiant: str,
    visiteur: Annotated[Visiteur, exiger(Permission.LIRE_LIGNES)],
    statut: Annotated[Statut, Query()] = Statut.RETENUE,
    page: Annotated[int, Query(ge=1)] = 1,
) -> Response:
    """The lines of one statut."""
    maison = maison_de(request)
    depot = depots.depot(maison, visiteur, identifiant)
    if statut is Statut.A_CORRIGER:
        return RedirectResponse(f"/depots/{identifiant}/a-corriger", status_code=303)
    total, lues = lire_lignes(maison, visiteur, identifiant, statut, debut=(page - 1) * PAR_PAGE, nombre=PAR_PAGE)
    chemin = f"/depots/{identifiant}/lignes"
    _, quoi, suite = STATUTS[statut]
    return rendre(
        request,
        PageLignes(
            titre=f"Lignes de « {depot.nom_fichier} »",
            identifiant=identifiant,
            chapeau=f"{formats.pluriel(total, quoi)}{suite}" if total else "Aucune ligne dans ce cas.",
            onglets=tuple(Lien(nom, f"{chemin}?statut={cle}", cle is statut) for cle, (nom, _, _) in STATUTS.items()),
            lignes=tuple(_ligne(ligne) for ligne in lues),
            avec_motif=statut is Statut.ECARTEE,
            avec_origine=len(vues.tables(depot.verdict or {})) > 1 or any(ligne["origine"] for ligne in lues),
            pagination=paginer(request, page, PAR_PAGE, total),
            telechargements=_telechargements(chemin, statut, total),
        ),
    )


@router.get("/depots/{identifiant}/lignes.{forme}", include_in_schema=False)
def download(
    request: Request,
    identifiant: str,
    forme: str,
    visiteur: Annotated[Visiteur, exiger(Permission.LIRE_LIGNES)],
    statut: Annotated[Statut, Query()] = Statut.RETENUE,
) -> Response:
    """All the lines of one statut, as a file."""
    maison = maison_de(request)
    depot = depots.depot(maison, visiteur, identifiant)
    if forme not in ("csv", "xlsx"):
        raise Introuvable("Ce fichier n’existe pas. Choisissez-le depuis la page du dépôt.")
    if statut is Statut.A_CORRIGER:
        return RedirectResponse(f"/depots/{identifiant}/a-corriger.{forme}", status_code=303)
    nom = f"{Path(depot.nom_fichier).stem} - lignes {STATUTS[statut][0].lower()}.{forme}"
    return remettre(nom, lambda fichier: ecrire_lignes(maison, visiteur, identifiant, statut, fichier, forme))


def _telechargements(chemin: str, statut: Statut, total: int) -> tuple[Lien, ...]:
    if not total:
        return ()
    classeur = (Lien("Télécharger en Excel", f"{chemin}.xlsx?statut={statut}"),) if total <= LIGNES_MAX_CLASSEUR else ()
    return (*classeur, Lien("Télécharger en CSV", f"{chemin}.csv?statut={statut}"))


def _ligne(ligne: Mapping[str, Any]) -> LigneVue:
    return LigneVue(
        ligne=ligne["ligne"],
        origine=ligne["origine"] or "",
        date=formats.date_courte(ligne["date"]) if ligne["date"] else "",
        fournisseur=ligne["fournisseur"] or "",
        libelle=ligne["libelle"] or "",
        quantite=_quantite(ligne["quantite"], ligne["unite"]),
        prix=formats.prix(ligne["prix_unitaire_ht"]) if ligne["prix_unitaire_ht"] is not None else "",
        montant=formats.euros(ligne["montant_ht"]) if ligne["montant_ht"] is not None else "",
        motif=MOTIFS.get(ligne["motif"] or "", ""),
    )


def _quantite(quantite: Decimal | None, unite: str | None) -> str:
    # The unit as it stands in the file: it is the person's own word.
    return "" if quantite is None else f"{formats.nombre(quantite)}{formats.INSECABLE}{unite or ''}".strip()
