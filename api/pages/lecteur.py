"""How a page reads the observatoire: one cursor and one scope for the whole page, and a sentence when nothing was built yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import duckdb
from fastapi import Request
from fastapi.responses import Response

from analytics import diffusion, indicateurs, prix
from analytics.entrepot import version
from analytics.portee import Portee
from analytics.resultat import Effectif, Resultat
from api import formats
from api.maison import Maison
from api.porte import Permission, Visiteur
from api.presentation import Lien, Origine, Page, rendre
from api.services import observatoire
from api.services.portees import portee_de


@dataclass(frozen=True)
class Lecteur:
    """An open observatoire, the scope of who reads it, and the day it looks back from."""

    curseur: duckdb.DuckDBPyConnection
    portee: Portee
    date_reference: date


@dataclass(frozen=True)
class PageVide(Page):
    """Nothing to show yet: the sentence and the next step."""

    gabarit: ClassVar[str] = "pages/vide.html"
    phrase: str
    suite: Lien | None


@contextmanager
def lire_observatoire(maison: Maison, visiteur: Visiteur) -> Iterator[Lecteur]:
    """Open the observatoire for one page. Raises `Refus` when nothing was built yet."""
    with observatoire.lecture(maison) as curseur:
        yield Lecteur(curseur, portee_de(maison, visiteur), version(curseur).date_reference)


def rien_encore(request: Request, maison: Maison, visiteur: Visiteur, titre: str) -> Response | None:
    """The page that says what to do first, or None when there is an observatoire to show."""
    if maison.observatoire.exists():
        return None
    suite = Lien("Déposer mes achats", "/depots") if visiteur.peut(Permission.DEPOSER) else None
    phrase = "Aucun achat n’est encore enregistré. Dès le premier fichier, cette page se remplit toute seule."
    return rendre(request, PageVide(titre=titre, phrase=phrase, suite=suite))


def choisir_periode(lecteur: Lecteur, demandee: str | None) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The period to show and those one may choose: the last whole civil year unless another is asked for."""
    return choisir_parmi(prix.periodes(lecteur.curseur), lecteur.date_reference, demandee)


def choisir_parmi(presentes: tuple[str, ...], date_reference: date, demandee: str | None) -> tuple[str, tuple[tuple[str, str], ...]]:
    """`choisir_periode` among these periods."""
    options = tuple((code, formats.periode(code)) for code in presentes)
    if demandee in presentes:
        return str(demandee), options
    entieres = [code for code in presentes if code != diffusion.ENSEMBLE and int(code) < date_reference.year]
    return (entieres[0] if entieres else presentes[0]), options


def familles_de(lecteur: Lecteur) -> tuple[tuple[str, str], ...]:
    """Code and name of the familles that hold at least one article, in the order of their names."""
    lues = lecteur.curseur.sql(
        "SELECT f.code, f.libelle FROM familles AS f WHERE f.code IN (SELECT famille FROM articles) ORDER BY f.libelle, f.code"
    ).fetchall()
    return tuple((str(code), str(libelle)) for code, libelle in lues)


def ecrire_effectif(effectif: Effectif) -> str:
    """« 16 membres, 212 lignes, 4 fournisseurs »; what does not apply is left out."""
    morceaux = [(effectif.nb_membres, "membre"), (effectif.nb_lignes, "ligne"), (effectif.nb_fournisseurs, "fournisseur")]
    return ", ".join(formats.pluriel(nombre, nom) for nombre, nom in morceaux if nombre)


def origine_de(resultat: Resultat, *, lien_lignes: str | None = None, remarque: str | None = None) -> Origine:
    """« D'où vient ce chiffre ? » of one figure."""
    definition = indicateurs.indicateurs().get(resultat.methode)
    return Origine(
        periode=formats.periode(resultat.periode),
        effectif=ecrire_effectif(resultat.effectif) or "aucune ligne",
        methode=definition.titre if definition else resultat.methode,
        lien_methode=f"/methode#{resultat.methode}",
        lien_lignes=lien_lignes,
        remarque=remarque,
    )
