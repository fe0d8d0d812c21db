"""How figures are computed: generated from the definitions and the dated parameters themselves, so that it cannot say something else."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import Response

from analytics import parametres
from analytics.indicateurs import Indicateur, indicateurs
from analytics.parametres import COTES, Parametre, ParametreAbsent, Valeur
from api import formats
from api.club.magasin import maintenant
from api.porte import Permission, Visiteur, exiger
from api.presentation import Page, rendre

router = APIRouter()

SANS_UNITE = frozenset({"divers", "sans unité"})


@dataclass(frozen=True)
class Regle:
    """One dated value in force: law or policy, with its text and the day it was last checked."""

    titre: str
    valeur: str
    depuis: str
    source: str
    verifiee: str


@dataclass(frozen=True)
class PageMethode(Page):
    """`indicateurs` are shown whole; `droit` and `politique` with the value in force on `au`."""

    gabarit: ClassVar[str] = "pages/methode.html"
    indicateurs: tuple[Indicateur, ...]
    droit: tuple[Regle, ...]
    politique: tuple[Regle, ...]
    au: date


@router.get("/methode", include_in_schema=False)
def show(request: Request, _visiteur: Annotated[Visiteur | None, exiger(Permission.PUBLIC)]) -> Response:
    """The method page."""
    jour = maintenant().date()
    lus = parametres.tous()
    return rendre(
        request,
        PageMethode(
            titre="Comment les chiffres sont calculés",
            indicateurs=tuple(indicateurs().values()),
            droit=tuple(regle for nom, lu in lus.items() if not nom.startswith("politique/") and (regle := _regle(lu, jour))),
            politique=tuple(regle for nom, lu in lus.items() if nom.startswith("politique/") and (regle := _regle(lu, jour))),
            au=jour,
        ),
    )


def _regle(lu: Parametre, jour: date) -> Regle | None:
    try:
        debut, valeur = lu.entree(jour)
    except ParametreAbsent:
        return None
    return Regle(
        titre=lu.titre,
        valeur=_ecrire(valeur, lu.unite),
        depuis=formats.date_longue(debut),
        source=lu.source(jour),
        verifiee=f"le {formats.date_longue(lu.verifie_le)} : {COTES[lu.cote]}",
    )


def _ecrire(valeur: Valeur, unite: str) -> str:
    if isinstance(valeur, Decimal):
        if unite.startswith("EUR"):
            return f"{formats.euros_entiers(valeur)} {unite.removeprefix('EUR').replace('_', ' ').strip()}".strip()
        if unite == "part":
            return formats.pct(valeur)
        if unite == "oui_non":
            return "oui" if valeur else "non"
        return formats.nombre(valeur) + ("" if unite in SANS_UNITE else f" {unite.replace('_', ' ')}")
    return " ; ".join(f"{nom.replace('_', ' ')} : {formats.nombre(nombre)}" for nom, nombre in (valeur or {}).items())
