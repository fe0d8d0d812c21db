"""A small club through the production path: six communes, two years, one article all buy, one that two buy, one question of the review."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi.testclient import TestClient

from api import porte
from api.app import create_app
from api.maison import Maison, maison_ouverte
from api.services import comptes, connexion, imports, membres, observatoire
from api.services.membres import NouveauMembre
from api.settings import Settings
from ingest.vocabulaire import NatureMembre, Role
from tests.api.outils import ANGOULEME, CLAVIER, FLEAC, MORNAC, TOUVRE, ecrire, ligne, peupler

COURONNE, LINARS = "211601133", "211601877"
SIRENS = (ANGOULEME, COURONNE, FLEAC, LINARS, MORNAC, TOUVRE)
PRIX = ("3,00", "3,50", "4,00", "4,50", "5,00", "6,00")
"""Of the ream, in the order of SIRENS: the median is 4,25 €, the first quartile 3,625 €."""
FOURNISSEURS = ("PAPETERIE MARTIN", "COMPTOIR DUPONT", "LIBRAIRIE DES ARTS")
PAPIER = "PAPIER A4 80G BLANC RAMETTE 500 FEUILLES"
RARE = "CARTON A3 160G BLEU RAMETTE 250 FEUILLES"
MOT_DE_PASSE = "une phrase assez longue"
NOUS = {"sec-fetch-site": "same-origin", "accept": "text/html"}


@contextmanager
def monde(dossier: Path) -> Iterator[Maison]:
    """The open house of this club, observatoire built, one account per role: `role@essai.fr`, secrétaire and élu for Touvre."""
    with maison_ouverte(Settings(donnees=dossier / "donnees"), creer=True) as maison:
        peupler(maison)
        autres = [
            NouveauMembre(COURONNE, "La Couronne", NatureMembre.COMMUNE, None, 7759),
            NouveauMembre(LINARS, "Linars", NatureMembre.COMMUNE, None, 2115),
        ]
        membres.ajouter(maison, CLAVIER, autres)
        for rang, (siren, prix) in enumerate(zip(SIRENS, PRIX, strict=True)):
            imports.importer(maison, CLAVIER, siren, ecrire(dossier / f"achats_{rang}.csv", list(_lignes(rang, prix))))
        observatoire.construire(maison)
        for role in Role:
            membre = TOUVRE if role in (Role.SECRETAIRE, Role.ELU) else None
            comptes.creer_compte(maison, CLAVIER, email=f"{role}@essai.fr", nom=role, role=role, membre=membre, mot_de_passe=MOT_DE_PASSE)
        propre = f"{Role.SECRETAIRE}.angouleme@essai.fr"
        comptes.creer_compte(
            maison, CLAVIER, email=propre, nom="Angoulême", role=Role.SECRETAIRE, membre=ANGOULEME, mot_de_passe=MOT_DE_PASSE
        )
        yield maison


def _lignes(rang: int, prix: str) -> Iterator[str]:
    for annee in (2024, 2025):
        for mois in range(1, 13):
            yield ligne(f"15/{mois:02d}/{annee}", PAPIER, 10 * (rang + 1), prix, FOURNISSEURS[rang % 3])
    if rang < 2:
        yield ligne("20/03/2025", RARE, 4, "18,50", "BUREAU SERVICES")


def client(maison: Maison, role: Role, email: str | None = None) -> TestClient:
    """A browser in which this role (or this very account) is signed in."""
    entre = TestClient(create_app(maison.settings, maison), headers=NOUS, follow_redirects=True)
    entre.cookies.set(porte.COOKIE, connexion.connecter(maison, email or f"{role}@essai.fr", MOT_DE_PASSE, adresse="192.0.2.1"))
    return entre
